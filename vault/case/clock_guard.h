/*
 * clock_guard.h - does the clock of this machine run as time does?
 *
 * Layer:    vault/case
 * Threads:  a struct clock_guard has one user at a time
 *
 * A clock that jumps makes everything due at once, and what is destroyed then
 * stays destroyed. So a jump is doubted: until the clock has stood by it for a
 * day of running, what was due before it is due, and no more. While in doubt,
 * nothing opens that is over by either reckoning, and nothing is destroyed
 * that is not over by both (vault_passed(), vault_latest()).
 *
 * More than CLOCK_GUARD_STEP_MS is a jump; ahead, over a restart, more than
 * CLOCK_GUARD_STOOD_MS: how long nothing ran cannot be known.
 */
#ifndef VAULT_CASE_CLOCK_GUARD_H
#define VAULT_CASE_CLOCK_GUARD_H

#include <stdint.h>

#include "lib/base/status.h"

#define CLOCK_GUARD_STEP_MS   INT64_C(3600000)   /* an hour */
#define CLOCK_GUARD_STOOD_MS  INT64_C(345600000) /* four days */
#define CLOCK_GUARD_BELIEF_MS INT64_C(86400000)  /* a day */

/* Zeroed: nothing is known yet, the clock is believed. */
struct clock_guard {
	int64_t sure_unix_ms; /* the time without the jump in doubt */
	int64_t boot_ms;      /* of clock_boot_ms(), when that was */
	/* What the clock is off by, while that is in doubt; < 0: it was set
	 * back. 0: no doubt. */
	int64_t off_ms;
	int64_t stood_ms; /* for so long, running */
};

enum clock_news {
	CLOCK_NEWS_NONE = 0,
	CLOCK_NEWS_AHEAD,   /* a jump ahead; off_ms says how far */
	CLOCK_NEWS_BACK,    /* it was set back by -off_ms */
	CLOCK_NEWS_RIGHT,   /* it came back to where it was expected */
	CLOCK_NEWS_BELIEVED /* the jump stood for a day: the doubt is over */
};

/* Once, before the first look: what an earlier process knew; zeroed: none. */
enum clock_news
clock_guard_start(struct clock_guard *guard, const struct clock_guard *saved,
		  int64_t unix_ms, int64_t boot_ms);
/* What clocks say now. */
enum clock_news
clock_guard_look(struct clock_guard *guard, int64_t unix_ms, int64_t boot_ms);

struct store;
/* What is known, for the next process; in the store. A row that cannot be read
 * is none. Finding: as store.h, ST_OK also when there is none. */
MUST_CHECK enum status
clock_guard_put(struct store *store, const struct clock_guard *guard,
		struct err *err);
MUST_CHECK enum status
clock_guard_find(struct store *store, struct clock_guard *guard_out,
		 struct err *err);

#endif
