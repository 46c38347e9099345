/*
 * tls.h - TLS over a connected socket, as client.
 *
 * Layer:    courier/smtp; tls.c is the only file outside lib/crypto/ with
 *           OpenSSL
 * Threads:  one connection belongs to one thread
 *
 * The socket must be non-blocking and stays the caller's. TLS 1.2 or later.
 */
#ifndef COURIER_SMTP_TLS_H
#define COURIER_SMTP_TLS_H

#include <stdint.h>

#include "lib/base/span.h"
#include "lib/base/status.h"

enum tls_check {
	TLS_CHECK_NONE = 0, /* encrypt for whoever answers (RFC 7435) */
	TLS_CHECK_PEER      /* the certificate is valid for host */
};

/* Whom we want to talk to. */
struct tls_target {
	enum tls_check check;
	const char *host; /* a name or an address */
	const char
		*ca; /* file or directory of certificates; "": the system's */
};

struct tls;

/*
 * Take the connection over.
 *
 * Gives:    *tls_out, release with tls_free()
 * Returns:  ST_OK; ST_DENIED the certificate is not valid for host, or the
 *           handshake failed; ST_LIMIT deadline; ST_IO; ST_NO_MEMORY
 */
MUST_CHECK enum status
tls_start(int fd, const struct tls_target *target, int64_t deadline_mono_ms,
	  struct tls **tls_out, struct err *err);

/* Say good-bye when that needs no waiting, and release. */
void tls_free(struct tls **tls);

/* At least one byte into place. Returns: ST_OK; ST_END closed; ST_LIMIT
 * deadline; ST_IO */
MUST_CHECK enum status
tls_read(struct tls *tls, void *place, size_t room_bytes, size_t *got_bytes_out,
	 int64_t deadline_mono_ms, struct err *err);

/* At least one byte of bytes. Returns: ST_OK; ST_LIMIT deadline; ST_IO */
MUST_CHECK enum status
tls_write(struct tls *tls, struct span bytes, size_t *written_bytes_out,
	  int64_t deadline_mono_ms, struct err *err);

/* Until when the certificate of the other end is valid; 0: nobody knows. */
int64_t tls_peer_until(const struct tls *tls);

/* "TLSv1.3", for the log. */
const char *tls_version(const struct tls *tls);

#endif
