#include "scanners/worker/engine_search.h"

#include <time.h>

#include "lib/base/clock.h"
#include "scanners/locks/words_items.h"
#include "scanners/worker/engine_state.h"

enum {
	SEARCH_US_PER_S = 1000000,
	SEARCH_NS_PER_US = 1000,
	SEARCH_US_PER_MS = 1000,
	/* Of the scan's own time, for reading what is opened. */
	SEARCH_RESERVE_MS = 1000,
	SEARCH_DAY_MS = 86400000
};

static int64_t
search_cpu_us(void)
{
	struct timespec used = { 0, 0 };

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * SEARCH_US_PER_S +
	       used.tv_nsec / SEARCH_NS_PER_US;
}

struct engine_turn
engine_turn_begin(struct sink *sink, uint32_t most_ms)
{
	return (struct engine_turn){ sink, search_cpu_us(), clock_mono_ms(),
				     (int64_t)most_ms * SEARCH_US_PER_MS };
}

enum status
engine_turn_tick(void *context, struct err *err)
{
	const struct engine_turn *turn = context;
	struct sink *sink = turn->sink;
	const int64_t used_us =
		sink->locks.used_us + search_cpu_us() - turn->start_us;

	/* What a search has found is tried, however long that search took. */
	if ((used_us >= turn->most_us && sink->locks.found == NULL) ||
	    engine_budget_left_ms(&sink->budget) < SEARCH_RESERVE_MS ||
	    engine_budget_left_cpu_ms(&sink->budget) < SEARCH_RESERVE_MS)
		return err_set(err, ST_LIMIT, "unlock: no time is left");
	return ST_OK;
}

int64_t
engine_turn_end(const struct engine_turn *turn, enum status st)
{
	struct engine_locks *locks = &turn->sink->locks;
	const int64_t used_us = search_cpu_us() - turn->start_us;

	locks->used_us += used_us;
	engine_budget_apart(&turn->sink->budget, used_us / SEARCH_US_PER_MS,
			    clock_mono_ms() - turn->start_mono_ms);
	locks->over = locks->over || st == ST_LIMIT;
	return used_us;
}

/* Days near that of the mail come first; scans of a mail without one may begin
 * at another day than those before, and leave a day out. */
static int64_t
search_day(const struct sink *sink)
{
	struct words_date date = { .day = 0 };

	return words_items_date(&sink->locks.mail, &date)
		       ? date.day
		       : clock_unix_ms() / SEARCH_DAY_MS;
}

/* Where the search for lock begins. False: there is nothing to search. */
static bool
search_begin(struct sink *sink, struct engine_lock *lock)
{
	const uint64_t from = sink->request->search_from;
	struct err why = { .st = ST_OK };

	if (lock->search != NULL || lock->searched)
		return !lock->searched;
	if (!lock->is_new && from == REPORT_SEARCH_OVER) {
		lock->searched = true;
		return false;
	}
	lock->searched = lock_search_new(lock->object->bytes, search_day(sink),
					 &lock->search, &why) != ST_OK;
	if (!lock->is_new && from > ENGINE_SEARCH_MASKS_AT)
		lock->next_mask = from - ENGINE_SEARCH_MASKS_AT;
	return !lock->searched;
}

static bool
search_may(struct sink *sink, struct engine_lock *lock)
{
	return !lock_is_open(lock->lock) &&
	       lock->password_count < ENGINE_LOCK_PASSWORDS &&
	       search_begin(sink, lock);
}

/* The time that is left is shared with the locks behind this one. */
static struct engine_turn
search_turn(struct sink *sink, struct engine_lock *lock, bool *shared_out)
{
	const struct engine_request *request = sink->request;
	struct engine_turn turn = engine_turn_begin(
		sink,
		request->mask_ms > 0 ? request->mask_ms : request->search_ms);
	const int64_t used_us = sink->locks.used_us;
	int64_t shares = 1;

	for (struct engine_lock *next = lock->next; next != NULL;
	     next = next->next)
		shares += search_may(sink, next);
	if (turn.most_us > used_us)
		turn.most_us = used_us + (turn.most_us - used_us) / shares;
	*shared_out = shares > 1;
	return turn;
}

static enum status
search_one(struct sink *sink, struct engine_lock *lock, bool *found_out,
	   struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	bool shared = false;
	struct engine_turn turn = search_turn(sink, lock, &shared);
	const struct lock_watch watch = { engine_turn_tick, &turn };
	const uint64_t before = lock->next_mask;
	struct err why = { .st = ST_OK };
	struct sbuf password;
	enum status st = ST_OK;

	sbuf_init_secret(&password, REPORT_SECRET_BYTES);
	st = lock_search_run(lock->search, &lock->next_mask, &watch, &password,
			     &why);
	locks->search_us += engine_turn_end(&turn, shared ? ST_NOT_FOUND : st);
	locks->search_count += lock->next_mask - before;
	lock->searched = st == ST_NOT_FOUND;
	if (st == ST_OK) {
		*found_out = true;
		locks->found = lock;
		st = words_list_add(locks->words, sbuf_span(&password),
				    REPORT_WORD_SOURCE_SEARCH, err);
	} else if (st == ST_NOT_FOUND || st == ST_LIMIT) {
		st = ST_OK;
	} else {
		*err = why;
	}
	sbuf_done(&password);
	return st;
}

enum status
engine_search(struct sink *sink, bool *found_out, struct err *err)
{
	struct engine_locks *locks = &sink->locks;
	enum status st = ST_OK;

	for (struct engine_lock *lock = locks->first;
	     lock != NULL && st == ST_OK && !locks->over && !*found_out;
	     lock = lock->next)
		if (search_may(sink, lock))
			st = search_one(sink, lock, found_out, err);
	return st;
}

/* Where the next scan goes on with lock, and where its order ends. */
static void
search_place(const struct sink *sink, const struct engine_lock *lock,
	     uint64_t *at, uint64_t *total)
{
	const struct engine_locks *locks = &sink->locks;
	const uint64_t from = sink->request->search_from;
	const size_t words = words_list_count(locks->words) - locks->given;
	const size_t tried = lock->next_word > locks->given
				     ? lock->next_word - locks->given
				     : 0;

	*total = words;
	*at = tried;
	if (lock->search != NULL)
		*total = ENGINE_SEARCH_MASKS_AT +
			 lock_search_total(lock->search);
	if (lock->search != NULL && tried == words)
		*at = ENGINE_SEARCH_MASKS_AT + lock->next_mask;
	if (lock->known_next > 0 && !lock->known_done)
		*at = ENGINE_SEARCH_KNOWN_AT + lock->known_next;
	/* Not begun, since there was no time: nobody knows how far it goes. */
	if (!lock->searched && lock->search == NULL)
		*total = UINT64_MAX;
	/* What scans before this one have tried stays tried, when the time was
	 * too short to come back to where they ended. */
	if (!lock->is_new && *at < from)
		*at = from;
}

/* One that is closed still. */
static void
search_say_one(struct sink *sink, const struct engine_lock *lock)
{
	struct report_search *search = &sink->locks.search;
	uint64_t at = 0;
	uint64_t total = 0;

	search_place(sink, lock, &at, &total);
	if (search->total == 0)
		search->finished = true;
	if (at < total)
		search->finished = false;
	/* 0 would say that there was no search. */
	if (at < total && (search->tried == 0 || at < search->tried))
		search->tried = at > 0 ? at : 1;
	if (total > search->total)
		search->total = total;
}

void
engine_search_say(struct sink *sink)
{
	struct engine_locks *locks = &sink->locks;
	struct report_search *search = &locks->search;

	for (const struct engine_lock *lock = locks->first;
	     lock != NULL && locks->words != NULL; lock = lock->next)
		if (!lock_is_open(lock->lock))
			search_say_one(sink, lock);
	if (search->finished)
		search->tried = search->total;
	if (locks->search_us > 0)
		search->rate_per_s = locks->search_count * SEARCH_US_PER_S /
				     (uint64_t)locks->search_us;
}
