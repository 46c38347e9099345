#include "scanners/locks/known_search.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"

enum { SEARCH_LAST = KNOWN_ROW_BYTES - 1 };

/* A row of Key(2), which grows from its end. */
struct search {
	const struct known_search *with;
	const struct known_tables *tables;
	const uint8_t *cipher; /* of the row */
	const uint8_t *plain;
	struct known_lows lows;
	struct known_room room;
	struct known_fit fits[KNOWN_ROOM + KNOWN_LANES];
	uint32_t high[KNOWN_ROW_BYTES];
	uint32_t top[KNOWN_ROW_BYTES]; /* of Key(1), as known_row */
	size_t next[KNOWN_ROW_BYTES];  /* way to fill the open bits of high */
	struct zipcrypto_keys keys;
};

/* The keys of a fit, in front of the last byte of the row; do they give all
 * that is known? */
static bool
search_try(struct search *search, const struct known_fit *fit)
{
	uint32_t sum = fit->sum;

	for (size_t i = 4; i <= SEARCH_LAST; i++) {
		const uint8_t low = (uint8_t)(fit->lows >> 8 * (i - 4));

		sum = (sum + low) * KNOWN_FACTOR + 1;
	}
	search->keys = (struct zipcrypto_keys){
		.low = known_lows_join(search->plain, fit->lows),
		.sum = sum,
		.high = search->high[SEARCH_LAST],
	};
	return known_run_proves(search->with->run, search->with->starts->at,
				&search->keys);
}

/* The row of Key(2) is whole. */
static bool
search_row(struct search *search)
{
	struct known_row row = { .lows = &search->lows };

	for (size_t i = 0; i < KNOWN_ROW_BYTES; i++)
		row.top[i] = search->top[i];
	for (uint32_t block = 0; block < KNOWN_BLOCKS; block++) {
		const size_t count = search->with->round(
			&row, block, &search->room, search->fits);

		for (size_t i = 0; i < count; i++) {
			if (search_try(search, &search->fits[i]))
				return true;
		}
	}
	return false;
}

/*
 * Key(2) in front of byte i - 1, but for two bits, from that of i: way says
 * which of those that give the byte of the stream. What was open of high[i]
 * closes, and with it the highest byte of Key(1) of i + 1; of 1 only six bits
 * are known, as nothing is in front of 0.
 */
static bool
search_back(struct search *search, size_t i, size_t way)
{
	const struct known_tables *tables = search->tables;
	/* Without what an earlier way has closed. */
	const uint32_t open = search->high[i] & ~UINT32_C(3);
	const uint32_t back = known_crc_back(tables, open, 0);
	const uint8_t byte = search->cipher[i - 1] ^ search->plain[i - 1];
	const size_t high = back >> 10 & (KNOWN_STREAM_VALUES - 1);
	const size_t at = tables->from[byte][high] + way;

	if (at >= tables->from[byte][high + 1])
		return false;
	search->high[i - 1] =
		(back & ~UINT32_C(0x3FF)) | tables->stream[byte][at];
	/* Bits 8 and 9 of back are those of open. */
	search->high[i] = open | (((back ^ search->high[i - 1]) >> 8) & 3);
	return true;
}

/* The highest bytes of Key(1), from a whole row of Key(2). */
static void
search_tops(struct search *search)
{
	search->top[0] = 0;
	for (size_t i = 1; i <= SEARCH_LAST; i++) {
		const uint32_t back =
			known_crc_back(search->tables, search->high[i], 0);

		search->top[i] = (back ^ search->high[i - 1]) << 24;
	}
	search->top[1] &= UINT32_C(0xFC000000);
}

/* All rows that end in a start. */
static bool
search_start(struct search *search, uint32_t start)
{
	size_t i = SEARCH_LAST;

	search->high[i] = start;
	search->next[i] = 0;
	while (i <= SEARCH_LAST) {
		if (!search_back(search, i, search->next[i]++)) {
			i++;
			continue;
		}
		if (i > 1) {
			search->next[--i] = 0;
			continue;
		}
		search_tops(search);
		if (search_row(search))
			return true;
	}
	return false;
}

enum status
known_search_keys(struct known_search *search, struct zipcrypto_keys *keys_out,
		  struct err *err)
{
	const struct known_run *run = search->run;
	const size_t first = search->starts->at - SEARCH_LAST;
	struct search *state = calloc(1, sizeof(*state));
	enum status st = ST_NOT_FOUND;

	if (state == NULL)
		return err_set(err, ST_NO_MEMORY, "known: no memory");
	state->with = search;
	state->tables = known_tables();
	state->cipher = run->cipher.ptr + first;
	state->plain = run->plain + (first - run->at);
	known_lows_make(state->plain, &state->lows);
	while (st == ST_NOT_FOUND && search->next < search->end) {
		if (search_start(state, search->starts->high[search->next]))
			st = ST_OK;
		search->next += search->step;
		if (st == ST_NOT_FOUND && search->watch != NULL) {
			const enum status told = search->watch->tick(
				search->watch->context, err);

			st = told == ST_OK ? ST_NOT_FOUND : told;
		}
	}
	if (st == ST_OK)
		*keys_out = state->keys;
	explicit_bzero(state, sizeof(*state));
	free(state);
	return st;
}
