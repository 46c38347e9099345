#include "scanners/ciphers/hash.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/ciphers/hash_blocks.h"

enum { HMAC_INNER = 0x36, HMAC_OUTER = 0x5C, HASH_BIT = 0x80 };

static bool
hash_is_long(enum hash_kind kind)
{
	return kind == HASH_SHA384 || kind == HASH_SHA512;
}

static size_t
hash_block_bytes(enum hash_kind kind)
{
	return hash_is_long(kind) ? 128 : 64;
}

size_t
hash_bytes(enum hash_kind kind)
{
	static const uint8_t sizes[HASH_END] = {
		[HASH_MD5] = 16,    [HASH_SHA1] = 20,   [HASH_SHA256] = 32,
		[HASH_SHA384] = 48, [HASH_SHA512] = 64,
	};

	return kind < HASH_END ? sizes[kind] : 0;
}

void
hash_init(struct hash *hash, enum hash_kind kind)
{
	hash->kind = kind;
	hash->len_bytes = 0;
	if (kind == HASH_SHA384 || kind == HASH_SHA512)
		memcpy(hash->state.longs,
		       kind == HASH_SHA384 ? sha384_start : sha512_start,
		       sizeof(sha512_start));
	else if (kind == HASH_SHA256)
		memcpy(hash->state.words, sha256_start, sizeof(sha256_start));
	else if (kind == HASH_SHA1)
		memcpy(hash->state.words, sha1_start, sizeof(sha1_start));
	else
		memcpy(hash->state.words, md5_start, sizeof(md5_start));
}

static void
hash_take(struct hash *hash, const uint8_t *block)
{
	if (hash_is_long(hash->kind))
		sha512_block(hash->state.longs, block);
	else if (hash->kind == HASH_SHA256)
		sha256_block(hash->state.words, block);
	else if (hash->kind == HASH_SHA1)
		sha1_block(hash->state.words, block);
	else
		md5_block(hash->state.words, block);
}

void
hash_add(struct hash *hash, struct span bytes)
{
	const size_t whole = hash_block_bytes(hash->kind);

	while (bytes.len_bytes > 0) {
		const size_t used = (size_t)(hash->len_bytes % whole);
		size_t len = whole - used;

		if (len > bytes.len_bytes)
			len = bytes.len_bytes;
		if (len == whole) {
			hash_take(hash, bytes.ptr);
		} else {
			memcpy(hash->block + used, bytes.ptr, len);
			if (used + len == whole)
				hash_take(hash, hash->block);
		}
		hash->len_bytes += len;
		bytes.ptr += len;
		bytes.len_bytes -= len;
	}
}

/* The bytes of the state, in the order that the kind says. */
static void
hash_give(const struct hash *hash, uint8_t *out)
{
	const bool wide = hash_is_long(hash->kind);
	const size_t step = wide ? 8 : 4;

	for (size_t i = 0; i < hash_bytes(hash->kind); i++) {
		const size_t at = i % step;
		const uint64_t word = wide ? hash->state.longs[i / step]
					   : hash->state.words[i / step];
		const size_t shift =
			hash->kind == HASH_MD5 ? at : step - 1 - at;

		out[i] = (uint8_t)(word >> (8 * shift));
	}
}

void
hash_end(struct hash *hash, uint8_t *out)
{
	const size_t whole = hash_block_bytes(hash->kind);
	const size_t length_at = whole - (whole == 64 ? 8 : 16);
	const uint64_t bits = hash->len_bytes * 8;
	size_t used = (size_t)(hash->len_bytes % whole);

	hash->block[used++] = HASH_BIT;
	if (used > length_at) {
		memset(hash->block + used, 0, whole - used);
		hash_take(hash, hash->block);
		used = 0;
	}
	memset(hash->block + used, 0, whole - used);
	for (size_t i = 0; i < 8; i++)
		hash->block[whole - 1 - i] =
			(uint8_t)(bits >> (hash->kind == HASH_MD5 ? 56 - 8 * i
								  : 8 * i));
	hash_take(hash, hash->block);
	hash_give(hash, out);
	explicit_bzero(hash, sizeof(*hash));
}

void
hash_once(enum hash_kind kind, struct span bytes, uint8_t *out)
{
	struct hash hash;

	hash_init(&hash, kind);
	hash_add(&hash, bytes);
	hash_end(&hash, out);
}

void
hmac_init(struct hmac *hmac, enum hash_kind kind, struct span key)
{
	uint8_t pad[HASH_MAX_BLOCK_BYTES] = { 0 };
	const size_t whole = hash_block_bytes(kind);

	if (key.len_bytes > whole)
		hash_once(kind, key, pad);
	else if (key.len_bytes > 0)
		memcpy(pad, key.ptr, key.len_bytes);
	for (size_t i = 0; i < whole; i++)
		pad[i] ^= HMAC_INNER;
	hash_init(&hmac->inner, kind);
	hash_add(&hmac->inner, (struct span){ pad, whole });
	for (size_t i = 0; i < whole; i++)
		pad[i] ^= HMAC_INNER ^ HMAC_OUTER;
	hash_init(&hmac->outer, kind);
	hash_add(&hmac->outer, (struct span){ pad, whole });
	explicit_bzero(pad, sizeof(pad));
}

void
hmac_add(struct hmac *hmac, struct span bytes)
{
	hash_add(&hmac->inner, bytes);
}

void
hmac_end(struct hmac *hmac, uint8_t *out)
{
	uint8_t inner[HASH_MAX_BYTES];
	const size_t len = hash_bytes(hmac->inner.kind);

	hash_end(&hmac->inner, inner);
	hash_add(&hmac->outer, (struct span){ inner, len });
	hash_end(&hmac->outer, out);
	explicit_bzero(inner, sizeof(inner));
}

/* T_i of RFC 8018, section 5.2. */
static void
pbkdf2_block(const struct pbkdf2 *with, const struct hmac *keyed, uint32_t i,
	     uint8_t sum[HASH_MAX_BYTES])
{
	const size_t len = hash_bytes(with->kind);
	const uint8_t number[4] = { (uint8_t)(i >> 24), (uint8_t)(i >> 16),
				    (uint8_t)(i >> 8), (uint8_t)i };
	uint8_t u[HASH_MAX_BYTES];
	struct hmac hmac = *keyed;

	hmac_add(&hmac, with->salt);
	hmac_add(&hmac, (struct span){ number, sizeof(number) });
	hmac_end(&hmac, u);
	memcpy(sum, u, len);
	for (uint32_t round = 1; round < with->rounds; round++) {
		hmac = *keyed;
		hmac_add(&hmac, (struct span){ u, len });
		hmac_end(&hmac, u);
		for (size_t k = 0; k < len; k++)
			sum[k] ^= u[k];
	}
	explicit_bzero(u, sizeof(u));
}

void
pbkdf2_once(const struct pbkdf2 *with, uint8_t *out, size_t len_bytes)
{
	const size_t len = hash_bytes(with->kind);
	uint8_t sum[HASH_MAX_BYTES];
	struct hmac keyed;
	uint32_t block = 1;

	hmac_init(&keyed, with->kind, with->password);
	for (size_t at = 0; at < len_bytes; at += len) {
		pbkdf2_block(with, &keyed, block++, sum);
		memcpy(out + at, sum,
		       len_bytes - at < len ? len_bytes - at : len);
	}
	explicit_bzero(sum, sizeof(sum));
	explicit_bzero(&keyed, sizeof(keyed));
}
