/*
 * certificate.h - a self-signed TLS certificate to begin with; what one says.
 *
 * Layer:    lib/crypto
 * Threads:  no shared state
 */
#ifndef LIB_CRYPTO_CERTIFICATE_H
#define LIB_CRYPTO_CERTIFICATE_H

#include "lib/base/sbuf.h"

enum { CERTIFICATE_MAX_NAMES = 8 };

/*
 * Append a new P-256 key and a certificate for it, both PEM. names are DNS
 * names or IP addresses; the first is also the common name.
 * Returns: ST_OK; ST_LIMIT no names or too many; ST_FORMAT a name that cannot
 *          stand in a certificate; ST_IO OpenSSL failed; ST_NO_MEMORY
 */
MUST_CHECK enum status
certificate_make(const char *const *names, size_t name_count,
		 int64_t now_unix_ms, struct sbuf *certificate_out,
		 struct sbuf *key_out, struct err *err);

struct certificate_facts {
	int64_t from_unix_ms;
	int64_t to_unix_ms; /* from then on it is not valid */
	bool fits_key;
	bool fits_host; /* DNS name (also *.) or address */
};

/*
 * Look at a PEM certificate (the first of a chain) and its PEM key.
 * Returns: ST_OK; ST_FORMAT one of the two is not what it should be;
 *          ST_NO_MEMORY
 */
MUST_CHECK enum status
certificate_look(struct span certificate, struct span key, const char *host,
		 struct certificate_facts *facts_out, struct err *err);

#endif
