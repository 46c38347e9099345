#include "scanners/ciphers/derive.h"

#include <string.h>

#include "scanners/ciphers/hash_blocks.h"

enum { SPIN_TICK_ROUNDS = 1 << 12 };

/* Each round is one block: the number in little-endian, the value, padding. */
struct spin_short {
	_Alignas(64) uint32_t start[SHA256_WORDS * LANES_MAX];
	_Alignas(64) uint32_t block[LANES_BLOCK_WORDS * LANES_MAX];
};

/* The number takes half a word, so that the value is shifted in. */
struct spin_long {
	_Alignas(64) uint64_t start[SHA512_LONGS * LANES_MAX_LONG];
	_Alignas(64) uint64_t value[SHA512_LONGS * LANES_MAX_LONG];
	_Alignas(64) uint64_t block[LANES_BLOCK_WORDS * LANES_MAX_LONG];
};

static uint64_t
spin_word(const uint8_t *bytes, size_t len)
{
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++)
		word = word << 8 | bytes[i];
	return word;
}

static void
spin_unword(uint64_t word, uint8_t *bytes, size_t len)
{
	for (size_t i = len; i > 0; i--) {
		bytes[i - 1] = (uint8_t)word;
		word >>= 8;
	}
}

static enum status
spin_run_short(const struct lanes *lanes, const struct derive_spin *spin,
	       struct spin_short *batch, const struct lanes_watch *watch,
	       struct err *err)
{
	const size_t n = lanes->short_count;
	lanes_short *hash =
		spin->kind == HASH_SHA1 ? lanes->sha1 : lanes->sha256;
	enum status st = ST_OK;

	for (uint32_t round = 0; round < spin->rounds && st == ST_OK; round++) {
		for (size_t i = 0; i < n; i++)
			batch->block[i] = __builtin_bswap32(round);
		hash(batch->start, batch->block, batch->block + n);
		if ((round + 1) % SPIN_TICK_ROUNDS == 0)
			st = lanes_tick(watch, err);
	}
	return st;
}

static enum status
spin_shorts(const struct lanes *lanes, const struct derive_spin *spin,
	    size_t first, const struct lanes_watch *watch, struct err *err)
{
	const size_t n = lanes->short_count;
	const size_t words = hash_bytes(spin->kind) / 4;
	const uint32_t *start =
		spin->kind == HASH_SHA1 ? sha1_start : sha256_start;
	struct spin_short batch = { .start = { 0 } };

	for (size_t i = 0; i < n; i++) {
		/* Lanes beyond the last value repeat the first. */
		const size_t k = first + i < spin->count ? first + i : first;

		for (size_t w = 0; w < words; w++) {
			batch.start[w * n + i] = start[w];
			batch.block[(w + 1) * n + i] =
				(uint32_t)spin_word(spin->values[k] + 4 * w, 4);
		}
		batch.block[(words + 1) * n + i] = 0x80000000U;
		batch.block[15 * n + i] = (uint32_t)(4 + 4 * words) * 8;
	}
	const enum status st = spin_run_short(lanes, spin, &batch, watch, err);

	for (size_t i = 0; i < n && first + i < spin->count; i++)
		for (size_t w = 0; w < words; w++)
			spin_unword(batch.block[(w + 1) * n + i],
				    spin->values[first + i] + 4 * w, 4);
	explicit_bzero(&batch, sizeof(batch));
	return st;
}

static void
spin_round_long(const struct lanes *lanes, struct spin_long *batch,
		size_t words, uint32_t round)
{
	const size_t n = lanes->long_count;
	const uint64_t number = (uint64_t)__builtin_bswap32(round) << 32;

	for (size_t i = 0; i < n; i++)
		batch->block[i] = number | batch->value[i] >> 32;
	for (size_t i = n; i < words * n; i++)
		batch->block[i] =
			batch->value[i - n] << 32 | batch->value[i] >> 32;
	for (size_t i = words * n; i < (words + 1) * n; i++)
		batch->block[i] = batch->value[i - n] << 32 | 0x80000000U;
	lanes->sha512(batch->start, batch->block, batch->value);
}

static enum status
spin_longs(const struct lanes *lanes, const struct derive_spin *spin,
	   size_t first, const struct lanes_watch *watch, struct err *err)
{
	const size_t n = lanes->long_count;
	const size_t words = hash_bytes(spin->kind) / 8;
	const uint64_t *start =
		spin->kind == HASH_SHA384 ? sha384_start : sha512_start;
	struct spin_long batch = { .start = { 0 } };
	enum status st = ST_OK;

	for (size_t i = 0; i < n; i++) {
		const size_t k = first + i < spin->count ? first + i : first;

		for (size_t w = 0; w < SHA512_LONGS; w++)
			batch.start[w * n + i] = start[w];
		for (size_t w = 0; w < words; w++)
			batch.value[w * n + i] =
				spin_word(spin->values[k] + 8 * w, 8);
		batch.block[15 * n + i] = (4 + 8 * words) * 8;
	}
	for (uint32_t round = 0; round < spin->rounds && st == ST_OK; round++) {
		spin_round_long(lanes, &batch, words, round);
		if ((round + 1) % SPIN_TICK_ROUNDS == 0)
			st = lanes_tick(watch, err);
	}
	for (size_t i = 0; i < n && first + i < spin->count; i++)
		for (size_t w = 0; w < words; w++)
			spin_unword(batch.value[w * n + i],
				    spin->values[first + i] + 8 * w, 8);
	explicit_bzero(&batch, sizeof(batch));
	return st;
}

enum status
derive_spin(const struct lanes *lanes, const struct derive_spin *spin,
	    const struct lanes_watch *watch, struct err *err)
{
	const bool wide =
		spin->kind == HASH_SHA384 || spin->kind == HASH_SHA512;
	const size_t step = wide ? lanes->long_count : lanes->short_count;
	enum status st = ST_OK;

	for (size_t at = 0; at < spin->count && st == ST_OK; at += step) {
		st = wide ? spin_longs(lanes, spin, at, watch, err)
			  : spin_shorts(lanes, spin, at, watch, err);
		if (st == ST_OK)
			st = lanes_tick(watch, err);
	}
	return st;
}
