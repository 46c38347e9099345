/*
 * known_reduce.h - where a search by known bytes starts.
 *
 * Layer:    scanners/locks
 * Threads:  no shared state
 *
 * A byte of the key stream leaves 2^22 values for the higher bits of Key(2).
 * Going back byte by byte thins them out; the search starts where fewest are
 * left.
 */
#ifndef SCANNERS_LOCKS_KNOWN_REDUCE_H
#define SCANNERS_LOCKS_KNOWN_REDUCE_H

#include "lib/base/status.h"
#include "scanners/locks/known_run.h"
#include "scanners/locks/lock.h"

struct known_starts {
	uint32_t *high; /* Key(2) without its two lowest bits */
	size_t count;
	size_t at; /* in front of which byte; at least KNOWN_ROW_BYTES - 1
		    * behind the first one of the row */
};

/*
 * Takes:    run with KNOWN_ROW_BYTES in a row
 * Gives:    *starts, release with known_starts_done()
 * Returns:  ST_OK, ST_NOT_FOUND nothing is possible: the bytes are not those
 *           of the run; ST_NO_MEMORY; what watch's tick said
 */
MUST_CHECK enum status
known_reduce(const struct known_run *run, const struct lock_watch *watch,
	     struct known_starts *starts, struct err *err);
void known_starts_done(struct known_starts *starts);

#endif
