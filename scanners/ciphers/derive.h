/*
 * derive.h - keys from passwords, those of many passwords side by side.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  no shared state
 * Input:    passwords and keys are secrets: what is kept here is wiped
 *
 * Each takes any number of works; a batch of lanes->short_count (or
 * long_count) of them costs as much as one.
 */
#ifndef SCANNERS_CIPHERS_DERIVE_H
#define SCANNERS_CIPHERS_DERIVE_H

#include "scanners/ciphers/hash.h"
#include "scanners/ciphers/lanes.h"

enum { DERIVE_PBKDF2_BYTES = 20, DERIVE_7Z_BYTES = 32 };

/* One block of PBKDF2 with HMAC-SHA-1: bytes (block - 1) * 20 and on. */
struct derive_pbkdf2 {
	struct span password;
	struct span salt;
	uint32_t block; /* from 1 */
	uint8_t *out;   /* DERIVE_PBKDF2_BYTES */
};

/* Returns: ST_OK; what watch said, and then not all are there */
MUST_CHECK enum status
derive_pbkdf2(const struct lanes *lanes, const struct derive_pbkdf2 *works,
	      size_t count, uint32_t rounds, const struct lanes_watch *watch,
	      struct err *err);

/* Many rounds of value = hash(number of the round || value), as in
 * [MS-OFFCRYPTO] 2.3.4.11. kind: any but MD5. Returns as above. */
struct derive_spin {
	enum hash_kind kind;
	uint32_t rounds;
	uint8_t (*values)[HASH_MAX_BYTES];
	size_t count;
};
MUST_CHECK enum status
derive_spin(const struct lanes *lanes, const struct derive_spin *spin,
	    const struct lanes_watch *watch, struct err *err);

/* SHA-256 over 2^power times (salt, password, number as 8 bytes). */
struct derive_7z {
	struct span password; /* UTF-16LE */
	uint8_t out[DERIVE_7Z_BYTES];
};
struct derive_7z_with {
	const struct lanes *lanes;
	struct span salt; /* at most DERIVE_7Z_SALT_BYTES */
	unsigned power;
};
enum { DERIVE_7Z_SALT_BYTES = 16, DERIVE_7Z_PASSWORD_BYTES = 512 };

/* Returns: as above; ST_LIMIT a password or the salt is too long;
 * ST_NO_MEMORY */
MUST_CHECK enum status
derive_7z(const struct derive_7z_with *with, struct derive_7z *works,
	  size_t count, const struct lanes_watch *watch, struct err *err);

#endif
