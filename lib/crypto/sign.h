/*
 * sign.h - Ed25519 (RFC 8032): certificates that something was destroyed.
 *
 * Layer:    lib/crypto
 * Threads:  no shared state
 *
 * Signed is the text itself, no prefix, so that "openssl pkeyutl -verify
 * -rawin" can check it as well.
 */
#ifndef LIB_CRYPTO_SIGN_H
#define LIB_CRYPTO_SIGN_H

#include "lib/base/sbuf.h"

enum { SIGN_SEED_BYTES = 32, SIGN_PUBLIC_BYTES = 32, SIGNATURE_BYTES = 64 };

/* The public key that belongs to a secret seed (32 random bytes). */
MUST_CHECK enum status
sign_public(const uint8_t seed[SIGN_SEED_BYTES],
	    uint8_t public_out[SIGN_PUBLIC_BYTES], struct err *err);
MUST_CHECK enum status
sign(const uint8_t seed[SIGN_SEED_BYTES], struct span text,
     uint8_t signature_out[SIGNATURE_BYTES], struct err *err);
/* Returns: ST_OK; ST_DENIED it does not fit; ST_FORMAT no key; ST_IO */
MUST_CHECK enum status
sign_verify(const uint8_t public_key[SIGN_PUBLIC_BYTES], struct span text,
	    const uint8_t signature[SIGNATURE_BYTES], struct err *err);

/* The public key as PEM (SubjectPublicKeyInfo), and back. */
MUST_CHECK enum status
sign_write_pem(const uint8_t public_key[SIGN_PUBLIC_BYTES],
	       struct sbuf *pem_out, struct err *err);
MUST_CHECK enum status
sign_read_pem(struct span pem, uint8_t public_out[SIGN_PUBLIC_BYTES],
	      struct err *err);

#endif
