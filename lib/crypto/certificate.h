/*
 * certificate.h - a self-signed TLS certificate to begin with.
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

#endif
