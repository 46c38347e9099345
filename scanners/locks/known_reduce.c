#include "scanners/locks/known_reduce.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"

enum {
	REDUCE_SHIFT = 10, /* bits of Key(2) that a step back leaves open */
	REDUCE_VALUES = 1 << 22,
	REDUCE_WORDS = REDUCE_VALUES / 64
};

struct reduce {
	const struct known_run *run;
	const struct known_tables *tables;
	uint64_t *seen;   /* a bit for each value */
	uint32_t *values; /* in front of the current byte */
	size_t count;
	uint32_t *before; /* in front of the byte before it */
	uint32_t *best;
	size_t best_count; /* with all bits but two */
	size_t best_kept;
	size_t best_at;
};

static void
reduce_done(struct reduce *reduce)
{
	free(reduce->seen);
	free(reduce->values);
	free(reduce->before);
	free(reduce->best);
}

static enum status
reduce_init(struct reduce *reduce, const struct known_run *run, struct err *err)
{
	const size_t bytes = REDUCE_VALUES * sizeof(uint32_t);

	*reduce = (struct reduce){ .run = run,
				   .tables = known_tables(),
				   .seen = calloc(REDUCE_WORDS, 8),
				   .values = malloc(bytes),
				   .before = malloc(bytes),
				   .best = malloc(bytes) };
	if (reduce->seen == NULL || reduce->values == NULL ||
	    reduce->before == NULL || reduce->best == NULL)
		return err_set(err, ST_NO_MEMORY, "known: no memory");
	return ST_OK;
}

static uint8_t
reduce_stream(const struct reduce *reduce, size_t at)
{
	const struct known_run *run = reduce->run;

	return run->cipher.ptr[at] ^ run->plain[at - run->at];
}

/* How many ways there are to fill the bits that are open. */
static size_t
reduce_ways(const struct reduce *reduce, uint8_t byte, uint32_t value)
{
	const size_t high = value >> REDUCE_SHIFT & (KNOWN_STREAM_VALUES - 1);

	return (size_t)reduce->tables->from[byte][high + 1] -
	       reduce->tables->from[byte][high];
}

/* In front of the last byte of the row everything is possible that its byte
 * of the stream allows. */
static void
reduce_begin(struct reduce *reduce, uint8_t byte)
{
	reduce->count = 0;
	for (uint32_t i = 0; i < REDUCE_VALUES; i++) {
		const uint32_t value = i << REDUCE_SHIFT;

		if (reduce_ways(reduce, byte, value) > 0)
			reduce->values[reduce->count++] = value;
	}
}

/* The values in front of the byte before; here: that of value's stream. */
static size_t
reduce_value(struct reduce *reduce, uint32_t value, uint8_t here,
	     uint8_t before, size_t count)
{
	const struct known_tables *tables = reduce->tables;
	const size_t high = value >> REDUCE_SHIFT & (KNOWN_STREAM_VALUES - 1);

	for (size_t i = tables->from[here][high];
	     i < tables->from[here][high + 1]; i++) {
		const uint32_t full = value | tables->stream[here][i];
		const uint32_t back =
			known_crc_back(tables, full, 0) >> REDUCE_SHIFT;
		uint64_t *word = &reduce->seen[back / 64];
		const uint64_t bit = UINT64_C(1) << back % 64;

		if ((*word & bit) != 0 ||
		    reduce_ways(reduce, before, back << REDUCE_SHIFT) == 0)
			continue;
		*word |= bit;
		reduce->before[count++] = back << REDUCE_SHIFT;
	}
	return count;
}

static void
reduce_swap(struct reduce *reduce, size_t count)
{
	uint32_t *old = reduce->values;

	/* Few bits are cheaper to clear one by one. */
	if (count < REDUCE_WORDS / 8)
		for (size_t i = 0; i < count; i++)
			reduce->seen[reduce->before[i] >> REDUCE_SHIFT >> 6] =
				0;
	else
		memset(reduce->seen, 0, REDUCE_WORDS * sizeof(uint64_t));
	reduce->values = reduce->before;
	reduce->before = old;
	reduce->count = count;
}

/* Keep what is there when fewest are left. */
static void
reduce_keep(struct reduce *reduce, size_t at)
{
	const uint8_t byte = reduce_stream(reduce, at);
	size_t count = 0;

	for (size_t i = 0; i < reduce->count; i++)
		count += reduce_ways(reduce, byte, reduce->values[i]);
	if (reduce->best_at != 0 && count >= reduce->best_count)
		return;
	reduce->best_at = at;
	reduce->best_count = count;
	reduce->best_kept = reduce->count;
	memcpy(reduce->best, reduce->values,
	       reduce->count * sizeof(reduce->values[0]));
}

static enum status
reduce_all(struct reduce *reduce, const struct lock_watch *watch,
	   struct err *err)
{
	const struct known_run *run = reduce->run;
	const size_t first = run->at + KNOWN_ROW_BYTES - 1;
	size_t at = run->at + run->count - 1;
	enum status st = ST_OK;

	reduce_begin(reduce, reduce_stream(reduce, at));
	reduce_keep(reduce, at);
	for (; st == ST_OK && at > first && reduce->count > 0; at--) {
		const uint8_t here = reduce_stream(reduce, at);
		const uint8_t before = reduce_stream(reduce, at - 1);
		size_t count = 0;

		for (size_t i = 0; i < reduce->count; i++)
			count = reduce_value(reduce, reduce->values[i], here,
					     before, count);
		reduce_swap(reduce, count);
		reduce_keep(reduce, at - 1);
		if (watch != NULL)
			st = watch->tick(watch->context, err);
	}
	return st;
}

/* Fill the open bits of what was kept in. */
static enum status
reduce_give(const struct reduce *reduce, struct known_starts *starts,
	    struct err *err)
{
	const uint8_t byte = reduce_stream(reduce, reduce->best_at);
	const struct known_tables *tables = reduce->tables;

	if (reduce->best_count == 0)
		return err_set(err, ST_NOT_FOUND,
			       "known: these are not its bytes");
	starts->high = malloc(reduce->best_count * sizeof(uint32_t));
	if (starts->high == NULL)
		return err_set(err, ST_NO_MEMORY, "known: no memory");
	starts->at = reduce->best_at;
	for (size_t i = 0; i < reduce->best_kept; i++) {
		const uint32_t value = reduce->best[i];
		const size_t high =
			value >> REDUCE_SHIFT & (KNOWN_STREAM_VALUES - 1);

		for (size_t k = tables->from[byte][high];
		     k < tables->from[byte][high + 1]; k++)
			starts->high[starts->count++] =
				value | tables->stream[byte][k];
	}
	return ST_OK;
}

enum status
known_reduce(const struct known_run *run, const struct lock_watch *watch,
	     struct known_starts *starts, struct err *err)
{
	AUTO(reduce_done) struct reduce reduce;
	enum status st = reduce_init(&reduce, run, err);

	*starts = (struct known_starts){ .high = NULL };
	if (st == ST_OK)
		st = reduce_all(&reduce, watch, err);
	return st == ST_OK ? reduce_give(&reduce, starts, err) : st;
}

void
known_starts_done(struct known_starts *starts)
{
	free(starts->high);
	*starts = (struct known_starts){ .high = NULL };
}
