/*
 * digest.h - SHA-256, HMAC, HKDF, random bytes, constant-time comparison.
 *
 * Layer:    lib/crypto; the only folder that includes OpenSSL and libargon2
 * Threads:  no shared state
 */
#ifndef LIB_CRYPTO_DIGEST_H
#define LIB_CRYPTO_DIGEST_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum { DIGEST_BYTES = 32, RANDOM_MAX_BYTES = 1 << 20 };

/* Incremental SHA-256. */
struct digest;
MUST_CHECK enum status digest_new(struct digest **digest_out, struct err *err);
/* Bytes count as they come; framing is the caller's business. */
MUST_CHECK enum status
digest_add(struct digest *digest, struct span bytes, struct err *err);
MUST_CHECK enum status
digest_end(struct digest *digest, uint8_t out[DIGEST_BYTES], struct err *err);
void digest_free(struct digest **digest);

MUST_CHECK enum status
digest_once(struct span bytes, uint8_t out[DIGEST_BYTES], struct err *err);

/* HMAC-SHA-256 (RFC 2104). */
MUST_CHECK enum status hmac_once(struct span key, struct span bytes,
				 uint8_t out[DIGEST_BYTES], struct err *err);

/* HKDF-SHA-256 (RFC 5869) with info label; len_bytes at most 64. */
MUST_CHECK enum status
hkdf(struct span secret, struct span salt, const char *label, uint8_t *out,
     size_t len_bytes, struct err *err);

/* len_bytes bytes of the kernel's CSPRNG. */
MUST_CHECK enum status
random_fill(void *place, size_t len_bytes, struct err *err);

/* Constant time in the contents; false at once when lengths differ. */
bool secret_equal(struct span a, struct span b);

#endif
