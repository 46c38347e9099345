/*
 * totp.h - one-time codes by time (RFC 6238, SHA-1, 30 s, 6 digits).
 *
 * Layer:    lib/crypto
 * Threads:  no shared state
 *
 * These are the parameters that every authenticator program knows; the secret
 * has the length that RFC 4226 section 4 recommends.
 */
#ifndef LIB_CRYPTO_TOTP_H
#define LIB_CRYPTO_TOTP_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	TOTP_SECRET_BYTES = 20,
	TOTP_DIGITS = 6,
	TOTP_STEP_S = 30,
	TOTP_WINDOW_STEPS = 1 /* clocks differ; before and after */
};

/* The code of one step, as text with its NUL. */
MUST_CHECK enum status
totp_code(struct span secret, uint64_t step, char code_out[TOTP_DIGITS + 1],
	  struct err *err);

/*
 * Is code good at now? Each works once: only steps after last_step count.
 * Blanks in code do not count. Takes the same time for every code.
 * Returns: ST_OK, *step_out is to be kept as last_step; ST_DENIED; ST_IO
 */
MUST_CHECK enum status
totp_check(struct span secret, const char *code, int64_t now_unix_ms,
	   uint64_t last_step, uint64_t *step_out, struct err *err);

#endif
