/*
 * gcm.h - AES-256-GCM over one run of bytes, for seal.c and box.c.
 *
 * Layer:    lib/crypto; not for other folders
 * Threads:  no shared state
 */
#ifndef LIB_CRYPTO_GCM_H
#define LIB_CRYPTO_GCM_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum { GCM_KEY_BYTES = 32, GCM_NONCE_BYTES = 12, GCM_TAG_BYTES = 16 };

/* A key at work; one key schedule for all chunks of a blob. */
struct gcm;

/* Returns: ST_OK, ST_NO_MEMORY, ST_IO (the library refuses) */
MUST_CHECK enum status gcm_new(const uint8_t key[GCM_KEY_BYTES],
			       struct gcm **gcm_out, struct err *err);
/* Wipes the key. Accepts NULL; fits AUTO(). */
void gcm_free(struct gcm **gcm);

/*
 * Write plain.len_bytes + GCM_TAG_BYTES bytes to out. The caller never uses
 * a nonce twice with the same key.
 * Returns: ST_OK, ST_IO
 */
MUST_CHECK enum status
gcm_close(struct gcm *gcm, const uint8_t nonce[GCM_NONCE_BYTES],
	  struct span aad, struct span plain, uint8_t *out, struct err *err);

/*
 * Write closed.len_bytes - GCM_TAG_BYTES bytes to out, which may be where
 * closed lies.
 * Returns: ST_OK; ST_FORMAT changed or too short (out is then wiped); ST_IO
 */
MUST_CHECK enum status
gcm_open(struct gcm *gcm, const uint8_t nonce[GCM_NONCE_BYTES], struct span aad,
	 struct span closed, uint8_t *out, struct err *err);

#endif
