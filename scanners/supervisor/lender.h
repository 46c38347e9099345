/*
 * lender.h - readers in programs of their own, for workers that ask.
 *
 * Layer:    scanners/supervisor
 * Threads:  one
 *
 * Who asks gets one end of a socket at once, the other end goes to the next
 * free worker of the program; what goes through it is none of our business.
 * When either of them ends, the other one sees it.
 */
#ifndef SCANNERS_SUPERVISOR_LENDER_H
#define SCANNERS_SUPERVISOR_LENDER_H

#include "scanners/supervisor/pool.h"

struct lender {
	const char *kind;  /* "pdf" */
	bool there;        /* the program is installed, and wanted */
	struct pool *pool; /* of its workers */
};

/*
 * Answer a worker_ask frame on the channel of who sent it; lender may be NULL
 * or not there.
 * Returns: ST_OK; ST_FORMAT not a worker_ask; what channel_send() says
 */
MUST_CHECK enum status
lender_answer(struct lender *lender, struct channel *asker,
	      const struct frame *frame, int64_t deadline_mono_ms,
	      struct err *err);

/* End all that is lent; before pool_close() of its pool. */
void lender_close(struct lender *lender);

#endif
