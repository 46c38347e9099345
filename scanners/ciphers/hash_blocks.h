/*
 * hash_blocks.h - the compression functions behind hash.h and lanes.h.
 *
 * Layer:    scanners/ciphers; private to hash*.c and lanes*.c
 * Threads:  no shared state
 */
#ifndef SCANNERS_CIPHERS_HASH_BLOCKS_H
#define SCANNERS_CIPHERS_HASH_BLOCKS_H

#include <stdint.h>

enum {
	MD5_WORDS = 4,
	MD5_ROUNDS = 64,
	SHA1_WORDS = 5,
	SHA256_WORDS = 8,
	SHA512_LONGS = 8,
	SHA256_ROUNDS = 64,
	SHA512_ROUNDS = 80
};

extern const uint32_t md5_start[MD5_WORDS];
extern const uint32_t sha1_start[SHA1_WORDS];
extern const uint32_t sha256_start[SHA256_WORDS];
extern const uint64_t sha384_start[SHA512_LONGS];
extern const uint64_t sha512_start[SHA512_LONGS];
extern const uint32_t md5_constants[MD5_ROUNDS];
extern const uint32_t sha256_constants[SHA256_ROUNDS];
extern const uint64_t sha512_constants[SHA512_ROUNDS];

/* One block each: 64 bytes, SHA-512 128. */
void md5_block(uint32_t state[4], const uint8_t *block);
void sha1_block(uint32_t state[SHA1_WORDS], const uint8_t *block);
void sha256_block(uint32_t state[SHA256_WORDS], const uint8_t *block);
void sha512_block(uint64_t state[SHA512_LONGS], const uint8_t *block);

#endif
