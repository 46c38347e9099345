#include "scanners/ciphers/derive.h"

#include <stdlib.h>
#include <string.h>

#include "scanners/ciphers/hash_blocks.h"

enum {
	SEVEN_UNITS = 64, /* so many units are whole blocks */
	SEVEN_POWER = 6,  /* of two */
	SEVEN_NUMBER_BYTES = 8,
	SEVEN_BLOCK_BYTES = 64,
	SEVEN_TICK_UNITS = 64 * SEVEN_UNITS,
	SEVEN_MAX_POWER = 62
};

/*
 * The passwords of a batch have one length. A unit is salt, password and
 * number; 64 units take as many blocks as a unit has bytes, and those are laid
 * out once. Then only the numbers change, which are the same in all lanes.
 */
struct seven_batch {
	_Alignas(64) uint32_t state[SHA256_WORDS * LANES_MAX];
	uint32_t *blocks; /* [unit][16][lanes] */
	size_t lanes;
	size_t unit;
};

static void
seven_set_byte(struct seven_batch *batch, size_t at, size_t lane, uint8_t byte)
{
	batch->blocks[at / 4 * batch->lanes + lane] |= (uint32_t)byte
						       << (24 - 8 * (at % 4));
}

static void
seven_put(struct seven_batch *batch, size_t lane, struct span salt,
	  struct span password)
{
	for (size_t k = 0; k < SEVEN_UNITS; k++) {
		size_t at = k * batch->unit;

		for (size_t i = 0; i < salt.len_bytes; i++)
			seven_set_byte(batch, at++, lane, salt.ptr[i]);
		for (size_t i = 0; i < password.len_bytes; i++)
			seven_set_byte(batch, at++, lane, password.ptr[i]);
		seven_set_byte(batch, at, lane, (uint8_t)k);
	}
}

/* The numbers of the next 64 units, where before is that of the first now. */
static void
seven_count_on(struct seven_batch *batch, uint64_t before)
{
	const uint64_t delta = before ^ (before + SEVEN_UNITS);

	for (size_t k = 0; k < SEVEN_UNITS; k++) {
		const size_t at = (k + 1) * batch->unit - SEVEN_NUMBER_BYTES;

		for (size_t i = 0; i < SEVEN_NUMBER_BYTES; i++) {
			const uint32_t change =
				(uint32_t)(uint8_t)(delta >> 8 * i)
				<< (24 - 8 * ((at + i) % 4));
			uint32_t *word =
				batch->blocks + (at + i) / 4 * batch->lanes;

			for (size_t n = 0; change != 0 && n < batch->lanes; n++)
				word[n] ^= change;
		}
	}
}

static enum status
seven_run(const struct lanes *lanes, struct seven_batch *batch, unsigned power,
	  const struct lanes_watch *watch, struct err *err)
{
	const size_t step = LANES_BLOCK_WORDS * batch->lanes;
	const uint64_t units = (uint64_t)1 << power;
	enum status st = ST_OK;

	for (uint64_t at = 0; at < units && st == ST_OK; at += SEVEN_UNITS) {
		for (size_t i = 0; i < batch->unit; i++)
			lanes->sha256(batch->state, batch->blocks + i * step,
				      batch->state);
		seven_count_on(batch, at);
		if (at % SEVEN_TICK_UNITS == 0)
			st = lanes_tick(watch, err);
	}
	return st;
}

/* The padding, which is a block of its own, and the results. */
static void
seven_end(const struct lanes *lanes, struct seven_batch *batch, unsigned power)
{
	const size_t n = batch->lanes;
	const uint64_t bits = (uint64_t)batch->unit * 8 << power;

	memset(batch->blocks, 0, LANES_BLOCK_WORDS * n * sizeof(uint32_t));
	for (size_t i = 0; i < n; i++) {
		batch->blocks[i] = 0x80000000U;
		batch->blocks[14 * n + i] = (uint32_t)(bits >> 32);
		batch->blocks[15 * n + i] = (uint32_t)bits;
	}
	lanes->sha256(batch->state, batch->blocks, batch->state);
}

static enum status
seven_batch_run(const struct derive_7z_with *with,
		struct derive_7z *const *works, size_t count,
		const struct lanes_watch *watch, struct err *err)
{
	const struct lanes *lanes = with->lanes;
	struct seven_batch batch = { .lanes = lanes->short_count };

	batch.unit = with->salt.len_bytes + works[0]->password.len_bytes +
		     SEVEN_NUMBER_BYTES;
	const size_t bytes = batch.unit * SEVEN_BLOCK_BYTES * batch.lanes;

	batch.blocks = calloc(1, bytes);
	if (batch.blocks == NULL)
		return err_set(err, ST_NO_MEMORY, "7z: no memory");
	for (size_t i = 0; i < batch.lanes; i++) {
		seven_put(&batch, i, with->salt,
			  works[i < count ? i : 0]->password);
		for (size_t w = 0; w < SHA256_WORDS; w++)
			batch.state[w * batch.lanes + i] = sha256_start[w];
	}
	const enum status st =
		seven_run(lanes, &batch, with->power, watch, err);

	seven_end(lanes, &batch, with->power);
	for (size_t i = 0; i < batch.lanes && i < count; i++)
		for (size_t b = 0; b < DERIVE_7Z_BYTES; b++)
			works[i]->out[b] =
				(uint8_t)(batch.state[b / 4 * batch.lanes +
						      i] >>
					  (24 - 8 * (b % 4)));
	explicit_bzero(batch.blocks, bytes);
	free(batch.blocks);
	explicit_bzero(&batch, sizeof(batch));
	return st;
}

/* So few units that they are no whole blocks. */
static void
seven_few(struct span salt, unsigned power, struct derive_7z *work)
{
	struct hash hash;

	hash_init(&hash, HASH_SHA256);
	for (uint8_t i = 0; i < 1U << power; i++) {
		const uint8_t number[SEVEN_NUMBER_BYTES] = { i };

		hash_add(&hash, salt);
		hash_add(&hash, work->password);
		hash_add(&hash, (struct span){ number, sizeof(number) });
	}
	hash_end(&hash, work->out);
}

static int
seven_compare(const void *a, const void *b)
{
	const struct derive_7z *const *left = a;
	const struct derive_7z *const *right = b;
	const size_t x = (*left)->password.len_bytes;
	const size_t y = (*right)->password.len_bytes;

	return x < y ? -1 : x > y;
}

/* In batches of passwords of one length. */
static enum status
seven_groups(const struct derive_7z_with *with, struct derive_7z **order,
	     size_t count, const struct lanes_watch *watch, struct err *err)
{
	enum status st = ST_OK;
	size_t at = 0;

	qsort(order, count, sizeof(*order), seven_compare);
	while (at < count && st == ST_OK) {
		size_t n = 1;

		while (n < with->lanes->short_count && at + n < count &&
		       order[at + n]->password.len_bytes ==
			       order[at]->password.len_bytes)
			n++;
		st = seven_batch_run(with, order + at, n, watch, err);
		at += n;
	}
	return st;
}

enum status
derive_7z(const struct derive_7z_with *with, struct derive_7z *works,
	  size_t count, const struct lanes_watch *watch, struct err *err)
{
	struct derive_7z **order = NULL;
	enum status st = ST_OK;

	if (with->salt.len_bytes > DERIVE_7Z_SALT_BYTES ||
	    with->power > SEVEN_MAX_POWER)
		return err_set(err, ST_LIMIT, "7z: salt or rounds too large");
	for (size_t i = 0; i < count; i++)
		if (works[i].password.len_bytes > DERIVE_7Z_PASSWORD_BYTES)
			return err_set(err, ST_LIMIT, "7z: password too long");
	if (with->power < SEVEN_POWER) {
		for (size_t i = 0; i < count; i++)
			seven_few(with->salt, with->power, &works[i]);
		return ST_OK;
	}
	order = calloc(count + 1, sizeof(struct derive_7z *));
	if (order == NULL)
		return err_set(err, ST_NO_MEMORY, "7z: no memory");
	for (size_t i = 0; i < count; i++)
		order[i] = &works[i];
	st = seven_groups(with, order, count, watch, err);
	free(order);
	return st;
}
