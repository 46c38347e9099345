/*
 * unlock_run.h - all passwords of an order, tried on an archive.
 *
 * Layer:    scanners/locks
 * Threads:  one
 * Input:    untrusted archive; passwords are secrets
 */
#ifndef SCANNERS_LOCKS_UNLOCK_RUN_H
#define SCANNERS_LOCKS_UNLOCK_RUN_H

#include "lib/base/sbuf.h"
#include "lib/base/status.h"
#include "scanners/client/unlock_messages.h"

struct unlock_job {
	const struct unlock_order *order;
	struct span archive;
	struct span words; /* lines; empty: none */
	struct span known; /* a file that is a member, in clear; empty: none */
	/* What has been tried so far; else than ST_OK ends the search. */
	enum status (*tell)(void *context,
			    const struct unlock_progress *progress,
			    struct err *err);
	void *context;
};

/* How it ended, with memory of its own. */
struct unlock_ending {
	struct unlock_result result; /* borrows from the rest */
	struct sbuf kind;
	struct sbuf source;
	struct sbuf password; /* wiped */
};

/* Release with unlock_ending_done().
 * Returns: ST_OK; ST_NO_MEMORY; what tell returned */
MUST_CHECK enum status
unlock_run(const struct unlock_job *job, struct unlock_ending *ending,
	   struct err *err);
void unlock_ending_done(struct unlock_ending *ending);

#endif
