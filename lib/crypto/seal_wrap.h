/*
 * seal_wrap.h - the wrapped data key of a sealed blob, for seal.c.
 *
 * Layer:    lib/crypto; not for other folders. Shape: see seal.h
 * Threads:  no shared state
 */
#ifndef LIB_CRYPTO_SEAL_WRAP_H
#define LIB_CRYPTO_SEAL_WRAP_H

#include "lib/crypto/seal.h"

/* Returns: ST_OK, ST_FORMAT (no usable public key), ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status
seal_wrap(const struct seal_public *recipient, const char *context,
	  const uint8_t data_key[SEAL_KEY_BYTES],
	  uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err);

/* Returns: as seal_open_fd(). Wipe the key. */
MUST_CHECK enum status
seal_unwrap(const struct seal_private *private_key, const char *context,
	    struct span wrapped, uint8_t data_key_out[SEAL_KEY_BYTES],
	    struct err *err);

#endif
