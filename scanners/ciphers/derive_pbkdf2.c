#include "scanners/ciphers/derive.h"

#include <string.h>

#include "scanners/ciphers/hash_blocks.h"

enum {
	PBKDF2_TICK_ROUNDS = 4096,
	PBKDF2_END = 5,     /* the word behind the hash, where padding starts */
	PBKDF2_LENGTH = 15, /* and the last one, with the length */
	PBKDF2_BITS = (64 + DERIVE_PBKDF2_BYTES) * 8
};

/* HMAC of a block of 20 bytes is two compressions, from what the key leaves
 * behind in both hashes; all of it but the first five words is constant. */
struct pbkdf2_batch {
	_Alignas(64) uint32_t inner[SHA1_WORDS * LANES_MAX];
	_Alignas(64) uint32_t outer[SHA1_WORDS * LANES_MAX];
	_Alignas(64) uint32_t block[LANES_BLOCK_WORDS * LANES_MAX];
	_Alignas(64) uint32_t sum[SHA1_WORDS * LANES_MAX];
	size_t lanes;
};

static void
pbkdf2_put(struct pbkdf2_batch *batch, size_t lane,
	   const struct derive_pbkdf2 *work)
{
	const uint8_t number[4] = { (uint8_t)(work->block >> 24),
				    (uint8_t)(work->block >> 16),
				    (uint8_t)(work->block >> 8),
				    (uint8_t)work->block };
	uint8_t first[HASH_MAX_BYTES];
	struct hmac hmac;

	hmac_init(&hmac, HASH_SHA1, work->password);
	for (size_t i = 0; i < SHA1_WORDS; i++) {
		const size_t at = i * batch->lanes + lane;

		batch->inner[at] = hmac.inner.state.words[i];
		batch->outer[at] = hmac.outer.state.words[i];
	}
	hmac_add(&hmac, work->salt);
	hmac_add(&hmac, (struct span){ number, sizeof(number) });
	hmac_end(&hmac, first);
	for (size_t i = 0; i < SHA1_WORDS; i++) {
		const uint8_t *at = first + 4 * i;

		batch->block[i * batch->lanes + lane] =
			(uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
			(uint32_t)at[2] << 8 | at[3];
	}
	explicit_bzero(first, sizeof(first));
}

static void
pbkdf2_start(struct pbkdf2_batch *batch, const struct derive_pbkdf2 *works,
	     size_t count)
{
	memset(batch->block, 0, sizeof(batch->block));
	for (size_t i = 0; i < batch->lanes; i++) {
		/* Lanes beyond the last work repeat it. */
		if (i < count)
			pbkdf2_put(batch, i, &works[i]);
		else
			for (size_t k = 0; k < SHA1_WORDS; k++) {
				const size_t at = k * batch->lanes;

				batch->inner[at + i] = batch->inner[at];
				batch->outer[at + i] = batch->outer[at];
				batch->block[at + i] = batch->block[at];
			}
		batch->block[PBKDF2_END * batch->lanes + i] = 0x80000000U;
		batch->block[PBKDF2_LENGTH * batch->lanes + i] = PBKDF2_BITS;
	}
	memcpy(batch->sum, batch->block,
	       SHA1_WORDS * batch->lanes * sizeof(batch->sum[0]));
}

static enum status
pbkdf2_run(const struct lanes *lanes, struct pbkdf2_batch *batch,
	   uint32_t rounds, const struct lanes_watch *watch, struct err *err)
{
	const size_t words = SHA1_WORDS * batch->lanes;
	enum status st = ST_OK;

	for (uint32_t round = 1; round < rounds && st == ST_OK; round++) {
		lanes->sha1(batch->inner, batch->block, batch->block);
		lanes->sha1(batch->outer, batch->block, batch->block);
		for (size_t i = 0; i < words; i++)
			batch->sum[i] ^= batch->block[i];
		if (round % PBKDF2_TICK_ROUNDS == 0)
			st = lanes_tick(watch, err);
	}
	return st;
}

static void
pbkdf2_give(const struct pbkdf2_batch *batch, size_t lane, uint8_t *out)
{
	for (size_t i = 0; i < DERIVE_PBKDF2_BYTES; i++)
		out[i] = (uint8_t)(batch->sum[i / 4 * batch->lanes + lane] >>
				   (24 - 8 * (i % 4)));
}

enum status
derive_pbkdf2(const struct lanes *lanes, const struct derive_pbkdf2 *works,
	      size_t count, uint32_t rounds, const struct lanes_watch *watch,
	      struct err *err)
{
	struct pbkdf2_batch batch;
	enum status st = ST_OK;

	batch.lanes = lanes->short_count;
	for (size_t at = 0; at < count && st == ST_OK; at += batch.lanes) {
		pbkdf2_start(&batch, works + at, count - at);
		st = pbkdf2_run(lanes, &batch, rounds, watch, err);
		for (size_t i = 0; i < batch.lanes && at + i < count; i++)
			pbkdf2_give(&batch, i, works[at + i].out);
		if (st == ST_OK)
			st = lanes_tick(watch, err);
	}
	explicit_bzero(&batch, sizeof(batch));
	return st;
}
