/*
 * hash.h - MD5, SHA-1 and SHA-2 of one run of bytes, and HMAC with them.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    what goes in may be a password: ends wipe what they are done with
 *
 * Of our own, so that a worker starts without a library for everything else.
 * Many passwords at once: lanes.h.
 */
#ifndef SCANNERS_CIPHERS_HASH_H
#define SCANNERS_CIPHERS_HASH_H

#include "lib/base/span.h"

enum hash_kind {
	HASH_NONE = 0,
	HASH_MD5,
	HASH_SHA1,
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
	HASH_END
};

enum { HASH_MAX_BYTES = 64, HASH_MAX_BLOCK_BYTES = 128 };

struct hash {
	enum hash_kind kind;
	uint64_t len_bytes;
	union {
		uint32_t words[8];
		uint64_t longs[8];
	} state;
	uint8_t block[HASH_MAX_BLOCK_BYTES];
};

size_t hash_bytes(enum hash_kind kind);

void hash_init(struct hash *hash, enum hash_kind kind);
void hash_add(struct hash *hash, struct span bytes);
/* Gives hash_bytes(); hash is wiped. */
void hash_end(struct hash *hash, uint8_t *out);

void hash_once(enum hash_kind kind, struct span bytes, uint8_t *out);

struct hmac {
	struct hash inner;
	struct hash outer;
};

void hmac_init(struct hmac *hmac, enum hash_kind kind, struct span key);
void hmac_add(struct hmac *hmac, struct span bytes);
/* Gives hash_bytes() of its kind; hmac is wiped. */
void hmac_end(struct hmac *hmac, uint8_t *out);

/* PBKDF2 (RFC 8018): len_bytes of a key. One password, not fast. */
struct pbkdf2 {
	enum hash_kind kind;
	struct span password;
	struct span salt;
	uint32_t rounds;
};
void pbkdf2_once(const struct pbkdf2 *with, uint8_t *out, size_t len_bytes);

#endif
