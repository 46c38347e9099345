/*
 * x25519.h - keys and their agreement (RFC 7748), for seal.c.
 *
 * Layer:    lib/crypto; not for other folders
 * Threads:  no shared state
 */
#ifndef LIB_CRYPTO_X25519_H
#define LIB_CRYPTO_X25519_H

#include <stdint.h>

#include "lib/base/status.h"

enum { X25519_BYTES = 32 };

/* A new random private key. ST_OK, ST_IO */
MUST_CHECK enum status
x25519_make(uint8_t private_out[X25519_BYTES], struct err *err);

/* ST_OK, ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status
x25519_public(const uint8_t private_key[X25519_BYTES],
	      uint8_t public_out[X25519_BYTES], struct err *err);

/*
 * The secret that both sides compute; wipe it.
 * Returns: ST_OK; ST_FORMAT public_key is a point of low order; ST_IO;
 *          ST_NO_MEMORY
 */
MUST_CHECK enum status
x25519_agree(const uint8_t private_key[X25519_BYTES],
	     const uint8_t public_key[X25519_BYTES],
	     uint8_t secret_out[X25519_BYTES], struct err *err);

#endif
