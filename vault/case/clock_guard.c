#include "vault/case/clock_guard.h"

#include <stdbool.h>

#include "lib/wire/table.h"
#include "vault/store/store.h"

enum { GUARD_ROW_BYTES = 200 };

static const char row_name[] = "clock";

/* The year 9999, by far; what is beyond was not written by us. */
#define GUARD_MOST_MS (INT64_C(1) << 52)

static bool
is_within(int64_t ms, int64_t from_ms, int64_t to_ms)
{
	return ms >= from_ms && ms <= to_ms;
}

static bool
is_step(int64_t ms)
{
	return is_within(ms, -CLOCK_GUARD_STEP_MS, CLOCK_GUARD_STEP_MS);
}

static enum clock_news
doubt(struct clock_guard *guard, int64_t off_ms)
{
	guard->off_ms = off_ms;
	guard->stood_ms = 0;
	return off_ms > 0 ? CLOCK_NEWS_AHEAD : CLOCK_NEWS_BACK;
}

static enum clock_news
believe(struct clock_guard *guard, int64_t unix_ms, enum clock_news news)
{
	guard->sure_unix_ms = unix_ms;
	guard->off_ms = 0;
	guard->stood_ms = 0;
	return news;
}

enum clock_news
clock_guard_start(struct clock_guard *guard, const struct clock_guard *saved,
		  int64_t unix_ms, int64_t boot_ms)
{
	const int64_t gap_ms = unix_ms - saved->sure_unix_ms;
	const int64_t down_ms = gap_ms - saved->off_ms;

	*guard = *saved;
	guard->boot_ms = boot_ms;
	if (saved->sure_unix_ms == 0 ||
	    is_within(gap_ms, -CLOCK_GUARD_STEP_MS, CLOCK_GUARD_STOOD_MS))
		return believe(guard, unix_ms,
			       saved->off_ms != 0 ? CLOCK_NEWS_RIGHT
						  : CLOCK_NEWS_NONE);
	if (saved->off_ms == 0 ||
	    !is_within(down_ms, -CLOCK_GUARD_STEP_MS, CLOCK_GUARD_STOOD_MS))
		return doubt(guard, gap_ms);
	/* The same doubt goes on; so long nothing ran. */
	if (down_ms > 0)
		guard->sure_unix_ms += down_ms;
	guard->off_ms = unix_ms - guard->sure_unix_ms;
	return guard->off_ms > 0 ? CLOCK_NEWS_AHEAD : CLOCK_NEWS_BACK;
}

enum clock_news
clock_guard_look(struct clock_guard *guard, int64_t unix_ms, int64_t boot_ms)
{
	const int64_t ran_ms = boot_ms - guard->boot_ms;
	const int64_t off_ms = unix_ms - (guard->sure_unix_ms + ran_ms);
	const bool doubted = guard->off_ms != 0;

	guard->boot_ms = boot_ms;
	if (guard->sure_unix_ms == 0 || is_step(off_ms))
		return believe(guard, unix_ms,
			       doubted ? CLOCK_NEWS_RIGHT : CLOCK_NEWS_NONE);
	guard->sure_unix_ms += ran_ms;
	if (!doubted || !is_step(off_ms - guard->off_ms))
		return doubt(guard, off_ms);
	guard->stood_ms += ran_ms;
	guard->off_ms = off_ms;
	return guard->stood_ms < CLOCK_GUARD_BELIEF_MS
		       ? CLOCK_NEWS_NONE
		       : believe(guard, unix_ms, CLOCK_NEWS_BELIEVED);
}

/* --- the row ----------------------------------------------------------- */

/* In clear: times. */
static const struct wire_field guard_fields[] = {
	WIRE_I64_F(struct clock_guard, sure_unix_ms),
	WIRE_I64_F(struct clock_guard, off_ms),
	WIRE_I64_F(struct clock_guard, stood_ms),
};
static WIRE_TABLE(clock_guard_table, 0x0334, 1, clock_guard, guard_fields);

enum status
clock_guard_put(struct store *store, const struct clock_guard *guard,
		struct err *err)
{
	AUTO(sbuf_done) struct sbuf bytes;
	enum status st = ST_OK;

	sbuf_init(&bytes, GUARD_ROW_BYTES);
	st = wire_encode(&clock_guard_table, guard, &bytes, err);
	return st == ST_OK
		       ? store_meta_put(store, row_name, sbuf_span(&bytes), err)
		       : st;
}

static bool
is_ours(const struct clock_guard *guard)
{
	return is_within(guard->sure_unix_ms, 0, GUARD_MOST_MS) &&
	       is_within(guard->off_ms, -GUARD_MOST_MS, GUARD_MOST_MS) &&
	       is_within(guard->stood_ms, 0, CLOCK_GUARD_BELIEF_MS);
}

enum status
clock_guard_find(struct store *store, struct clock_guard *guard_out,
		 struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf bytes;
	enum status st = ST_OK;

	*guard_out = (struct clock_guard){ .off_ms = 0 };
	sbuf_init(&bytes, GUARD_ROW_BYTES);
	st = store_meta_find(store, row_name, &bytes, err);
	if (st == ST_OK)
		st = wire_decode(&clock_guard_table, sbuf_span(&bytes),
				 guard_out, &arena, err);
	if (st == ST_FORMAT || st == ST_LIMIT || st == ST_NOT_FOUND ||
	    (st == ST_OK && !is_ours(guard_out))) {
		*guard_out = (struct clock_guard){ .off_ms = 0 };
		return ST_OK;
	}
	return st;
}
