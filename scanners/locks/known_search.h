/*
 * known_search.h - the keys of a zip member of which some bytes are known.
 *
 * Layer:    scanners/locks
 * Threads:  one search is one thread; several share run and starts and take a
 *           slice of the starts each
 * Input:    keys are secrets: callers wipe what they keep
 */
#ifndef SCANNERS_LOCKS_KNOWN_SEARCH_H
#define SCANNERS_LOCKS_KNOWN_SEARCH_H

#include "scanners/locks/known_reduce.h"
#include "scanners/locks/known_round.h"

struct known_search {
	const struct known_run *run;
	const struct known_starts *starts;
	known_round *round;
	size_t next; /* start that comes next; the search moves it */
	size_t end;  /* behind the last one */
	size_t step; /* from one to the next: how many slices there are */
	const struct lock_watch *watch; /* or NULL */
};

/*
 * Gives:    *keys_out: in front of the first byte of the run; every byte that
 *           is known has been checked
 * Returns:  ST_OK found; ST_NOT_FOUND none of the starts leads to any;
 *           ST_NO_MEMORY; what the watch's tick said (next says where to go
 *           on)
 */
MUST_CHECK enum status
known_search_keys(struct known_search *search, struct zipcrypto_keys *keys_out,
		  struct err *err);

#endif
