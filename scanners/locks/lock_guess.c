#include "scanners/locks/lock_guess.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/words_dates.h"

enum {
	GUESS_CHUNK = 512, /* of quick ones; of slow ones a batch */
	GUESS_SLOW_NS = 100000,
	GUESS_BYTES = 12,
	GUESS_AHEAD_DAYS = 366,
	GUESS_BACK_DAYS = 36525,
	/* What comes behind numbers of four digits and days is left out where
	 * it would take longer. */
	GUESS_FIRST_STAGES = 2
};

static const uint64_t guess_most_ns = UINT64_C(1800000000000);

/* Numbers of so many digits; 0: days, as YYYYMMDD. */
static const struct guess_stage {
	unsigned digits;
	uint32_t count;
} guess_stages[] = {
	{ 4, 10000 },     { 0, GUESS_BACK_DAYS + GUESS_AHEAD_DAYS + 1 },
	{ 3, 1000 },      { 5, 100000 },
	{ 6, 1000000 },   { 7, 10000000 },
	{ 8, 100000000 },
};

struct lock_guess {
	struct lock *lock;
	int64_t day;
	uint64_t total;
	struct sbuf texts[GUESS_CHUNK];
};

static void
guess_measure(struct lock_guess *guess)
{
	const uint64_t cost_ns = lock_kind(guess->lock)->cost_ns;
	const uint64_t most = guess_most_ns / (cost_ns > 0 ? cost_ns : 1);

	for (size_t i = 0; i < ARRAY_LEN(guess_stages); i++) {
		const uint64_t total = guess->total + guess_stages[i].count;

		if (i >= GUESS_FIRST_STAGES && total > most)
			return;
		guess->total = total;
	}
}

enum status
lock_guess_new(struct span object, int64_t day, struct lock_guess **guess_out,
	       struct err *err)
{
	AUTO(lock_guess_free)
	struct lock_guess *guess = calloc(1, sizeof(*guess));
	struct err why = { .st = ST_OK };

	if (guess == NULL)
		return err_set(err, ST_NO_MEMORY, "locks: no memory");
	for (size_t i = 0; i < GUESS_CHUNK; i++)
		sbuf_init_secret(&guess->texts[i], GUESS_BYTES);
	const enum status st = lock_find(object, &guess->lock, &why);

	if (st != ST_OK)
		return err_set(err, st == ST_NO_MEMORY ? st : ST_UNSUPPORTED,
			       "%s", why.text);
	guess->day = day;
	guess_measure(guess);
	*guess_out = MOVE(guess);
	return ST_OK;
}

void
lock_guess_free(struct lock_guess **guess)
{
	if (*guess == NULL)
		return;
	for (size_t i = 0; i < GUESS_CHUNK; i++)
		sbuf_done(&(*guess)->texts[i]);
	if ((*guess)->lock != NULL)
		lock_free(&(*guess)->lock);
	free(*guess);
	*guess = NULL;
}

uint64_t
lock_guess_total(const struct lock_guess *guess)
{
	return guess->total;
}

/* 0, 1, -1, 2, … as far ahead as it goes, then only back. */
static int
guess_days(uint64_t i)
{
	if (i >= 2 * (uint64_t)GUESS_AHEAD_DAYS)
		return GUESS_AHEAD_DAYS - (int)i;
	return i % 2 == 1 ? (int)(i + 1) / 2 : -(int)(i / 2);
}

/* Number i of all. */
static void
guess_write(const struct lock_guess *guess, uint64_t i, struct sbuf *text)
{
	const struct words_date date = { .day = guess->day };
	size_t stage = 0;

	for (; i >= guess_stages[stage].count; stage++)
		i -= guess_stages[stage].count;
	sbuf_clear(text);
	if (guess_stages[stage].digits == 0)
		words_date_add(&date, guess_days(i), 0, text);
	else
		sbuf_addf(text, "%0*" PRIu64, (int)guess_stages[stage].digits,
			  i);
}

static size_t
guess_chunk(const struct lock_guess *guess, uint64_t left)
{
	const struct lock_kind *kind = lock_kind(guess->lock);
	size_t chunk = GUESS_CHUNK;

	if (kind->cost_ns > GUESS_SLOW_NS && kind->batch < chunk)
		chunk = kind->batch > 0 ? kind->batch : 1;
	return left < chunk ? (size_t)left : chunk;
}

/* One chunk; *at is behind it, or behind what fits. */
static enum status
guess_try(struct lock_guess *guess, uint64_t *at,
	  const struct lock_watch *watch, struct sbuf *password_out,
	  struct err *err)
{
	const size_t count = guess_chunk(guess, guess->total - *at);
	struct span spans[GUESS_CHUNK];
	size_t index = 0;

	for (size_t i = 0; i < count; i++) {
		guess_write(guess, *at + i, &guess->texts[i]);
		spans[i] = sbuf_span(&guess->texts[i]);
		if (guess->texts[i].st != ST_OK)
			return sbuf_status(&guess->texts[i], "locks", err);
	}
	const enum status st =
		lock_try(guess->lock, spans, count, watch, &index, err);

	if (st == ST_NOT_FOUND)
		*at += count;
	if (st != ST_OK)
		return st;
	sbuf_add(password_out, spans[index].ptr, spans[index].len_bytes);
	*at += index + 1;
	return ST_OK;
}

enum status
lock_guess_run(struct lock_guess *guess, uint64_t *at,
	       const struct lock_watch *watch, struct sbuf *password_out,
	       struct err *err)
{
	enum status st = ST_NOT_FOUND;

	while (st == ST_NOT_FOUND && *at < guess->total) {
		st = watch->tick(watch->context, err);
		if (st == ST_OK)
			st = guess_try(guess, at, watch, password_out, err);
	}
	return st;
}
