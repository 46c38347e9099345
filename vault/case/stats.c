#include "vault/case/stats.h"

#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/companion.h"
#include "vault/store/store_stats.h"

/* Numbers of the rows; never to be given to something else. */
enum counter {
	COUNTER_NONE = 0,
	COUNTER_HELD = 1,
	COUNTER_APPROVED = 2,
	COUNTER_RETURNED = 3,
	COUNTER_EXPIRED = 4,
	COUNTER_CANCELLED = 5,
	COUNTER_PASSED = 6,
	COUNTER_WAITED = 10 /* to 17: the buckets */
};

enum { STATS_DAY_MS = 86400 * 1000, STATS_ZONE_MS = 9 * 3600 * 1000 };

uint32_t
stats_day(int64_t unix_ms)
{
	return unix_ms > 0
		       ? (uint32_t)((unix_ms + STATS_ZONE_MS) / STATS_DAY_MS)
		       : 0;
}

static enum counter
counter_of(enum case_event event)
{
	static const enum counter counters[CASE_EVENT_END] = {
		[CASE_EVENT_TAKE] = COUNTER_HELD,
		[CASE_EVENT_TAKE_UNCONFIRMED] = COUNTER_HELD,
		[CASE_EVENT_OPEN] = COUNTER_HELD,
		[CASE_EVENT_OPEN_UNCONFIRMED] = COUNTER_HELD,
		[CASE_EVENT_APPROVE] = COUNTER_APPROVED,
		[CASE_EVENT_RETURN] = COUNTER_RETURNED,
		[CASE_EVENT_EXPIRE] = COUNTER_EXPIRED,
		[CASE_EVENT_CANCEL] = COUNTER_CANCELLED,
		[CASE_EVENT_PASS] = COUNTER_PASSED,
	};

	return counters[event];
}

static uint32_t
bucket_of(int64_t waited_ms)
{
	static const int64_t most_s[VAULT_WAIT_BUCKETS - 1] = {
		60, 300, 900, 3600, 4 * 3600, 86400, 3 * 86400
	};
	uint32_t bucket = 0;

	while (bucket < VAULT_WAIT_BUCKETS - 1 &&
	       waited_ms > most_s[bucket] * 1000)
		bucket++;
	return bucket;
}

enum status
stats_note(struct vault *vault, const struct record *record,
	   enum case_event event, struct err *err)
{
	const enum counter counter = counter_of(event);
	const char *rule = record->summary.terms.rule;
	const int64_t taken = record->row.taken_unix_ms;
	/* A case that was sealed counts on the day it came. */
	struct store_stat row = {
		.day = stats_day(counter == COUNTER_HELD ? taken
							 : vault->now_unix_ms),
		.rule = rule != NULL ? rule : "",
		.counter = counter,
	};
	enum status st = ST_OK;

	if (counter == COUNTER_NONE || record->row.self_test ||
	    companion_is(&record->row))
		return ST_OK;
	st = store_stat_add(vault->store, &row, err);
	if (st != ST_OK ||
	    (counter != COUNTER_APPROVED && counter != COUNTER_RETURNED))
		return st;
	row.counter = COUNTER_WAITED + bucket_of(vault->now_unix_ms - taken);
	return store_stat_add(vault->store, &row, err);
}

/* --- reading ----------------------------------------------------------- */

struct stats_load {
	struct wire_arena *arena;
	struct vault_stats_line *lines;
	size_t count;
};

/* Where this counter stands in a line; NULL: from a newer version. */
static uint64_t *
place_of(struct vault_stats_line *line, uint32_t counter)
{
	switch (counter) {
	case COUNTER_HELD:
		return &line->held;
	case COUNTER_APPROVED:
		return &line->approved;
	case COUNTER_RETURNED:
		return &line->returned;
	case COUNTER_EXPIRED:
		return &line->expired;
	case COUNTER_CANCELLED:
		return &line->cancelled;
	case COUNTER_PASSED:
		return &line->passed;
	default:
		break;
	}
	if (counter >= COUNTER_WAITED &&
	    counter < COUNTER_WAITED + VAULT_WAIT_BUCKETS)
		return &line->waited[counter - COUNTER_WAITED];
	return NULL;
}

static bool
is_of_last_line(const struct stats_load *load, const struct store_stat *row)
{
	const struct vault_stats_line *last = NULL;

	if (load->count == 0)
		return false;
	last = &load->lines[load->count - 1];
	return last->day == row->day && strcmp(last->rule, row->rule) == 0;
}

static enum status
add_line(struct stats_load *load, const struct store_stat *row, struct err *err)
{
	struct vault_stats_line *line = &load->lines[load->count];

	if (load->count == STATS_MAX_LINES)
		return err_set(err, ST_FORMAT,
			       "too many days and rules; ask for fewer days");
	line->day = row->day;
	line->rule = wire_arena_text(load->arena, span_of(row->rule));
	if (line->rule == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	load->count++;
	return ST_OK;
}

static enum status
load_stat(void *context, const struct store_stat *row, struct err *err)
{
	struct stats_load *load = context;
	uint64_t *place = NULL;

	if (!is_of_last_line(load, row)) {
		const enum status st = add_line(load, row, err);

		if (st != ST_OK)
			return st;
	}
	place = place_of(&load->lines[load->count - 1], row->counter);
	if (place != NULL)
		*place = row->count;
	return ST_OK;
}

enum status
stats_read(struct vault *vault, const struct vault_stats *request,
	   struct vault_stats_answer *answer_out, struct wire_arena **arena_out,
	   struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct stats_load load = { .arena = arena };
	enum status st = ST_OK;

	if (request->to_day < request->from_day ||
	    request->to_day - request->from_day >= STATS_MAX_DAYS)
		return err_set(err, ST_FORMAT, "ask for 1 to %d days",
			       STATS_MAX_DAYS);
	if (arena != NULL)
		load.lines = wire_arena_alloc(
			arena, STATS_MAX_LINES * sizeof(*load.lines));
	if (load.lines == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = store_stat_each(vault->store, request->from_day, request->to_day,
			     load_stat, &load, err);
	if (st != ST_OK)
		return st;
	*answer_out = (struct vault_stats_answer){ load.lines, load.count };
	*arena_out = MOVE(arena);
	return ST_OK;
}
