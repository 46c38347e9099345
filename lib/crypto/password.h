/*
 * password.h - passwords as Argon2id hashes (RFC 9106).
 *
 * Layer:    lib/crypto
 * Threads:  no shared state; each call takes PASSWORD_MEMORY_KIB of memory
 */
#ifndef LIB_CRYPTO_PASSWORD_H
#define LIB_CRYPTO_PASSWORD_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	PASSWORD_MEMORY_KIB = 19 * 1024,
	PASSWORD_PASSES = 2,
	PASSWORD_HASH_BYTES = 160, /* encoded text with NUL */
	PASSWORD_MIN_BYTES = 12,
	PASSWORD_MAX_BYTES = 1024
};

/* Returns: ST_OK; ST_LIMIT too short or too long; ST_NO_MEMORY, ST_IO */
MUST_CHECK enum status
password_hash(const char *password, char hash_out[PASSWORD_HASH_BYTES],
	      struct err *err);

/* Returns: ST_OK it fits; ST_DENIED it does not; ST_NO_MEMORY */
MUST_CHECK enum status
password_verify(const char *password, const char *hash, struct err *err);

/* Takes as long as a real verification; for unknown logins. */
void password_waste_time(const char *password);

/* Derive a key from a passphrase (escrow copies; 64 MiB, three passes).
 * Returns: as password_hash(). Wipe the key. */
MUST_CHECK enum status
password_derive(const char *passphrase, const uint8_t salt[16],
		uint8_t key_out[32], struct err *err);
/* The same for a password that somebody chose for another: it may be short,
 * not empty; salt has 8 to 64 bytes. Wipe the key. */
MUST_CHECK enum status password_stretch(const char *password, struct span salt,
					uint8_t key_out[32], struct err *err);

#endif
