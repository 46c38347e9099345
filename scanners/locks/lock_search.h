/*
 * lock_search.h - passwords that nothing names, tried shape by shape.
 *
 * Layer:    scanners/locks
 * Threads:  one
 * Input:    untrusted archive; what is found is a secret
 *
 * The order (search_masks.def) is the same always, so that a search that was
 * ended goes on where it was, in another process too. Only ZipCrypto is quick
 * enough for shapes; what is slower has numbers and days (lock_guess.h).
 */
#ifndef SCANNERS_LOCKS_LOCK_SEARCH_H
#define SCANNERS_LOCKS_LOCK_SEARCH_H

#include "lib/base/sbuf.h"
#include "scanners/locks/lock.h"

struct lock_search;

/*
 * Takes:    object is borrowed until lock_search_free(); day: of the mail,
 *           since 1970
 * Returns:  ST_OK; ST_UNSUPPORTED nothing in it can be searched; ST_NO_MEMORY
 */
MUST_CHECK enum status
lock_search_new(struct span object, int64_t day,
		struct lock_search **search_out, struct err *err);
void lock_search_free(struct lock_search **search);

/* How many passwords there are; UINT64_MAX: that many or more. */
uint64_t lock_search_total(const struct lock_search *search);

/*
 * Go on at *at, which is moved: to where the next call goes on, or to the
 * total. Some may be tried twice then, none is left out.
 * Gives:    password_out, when one fits
 * Returns:  ST_OK; ST_NOT_FOUND there are no more; ST_NO_MEMORY; what tick
 *           said
 */
MUST_CHECK enum status
lock_search_run(struct lock_search *search, uint64_t *at,
		const struct lock_watch *watch, struct sbuf *password_out,
		struct err *err);

#endif
