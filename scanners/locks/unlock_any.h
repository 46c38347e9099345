/*
 * unlock_any.h - words and masks, tried on a lock of any kind.
 *
 * Layer:    scanners/locks
 * Threads:  one
 * Input:    passwords are secrets: what is kept here is wiped
 *
 * Passwords go to the lock in batches, as locks like them. Slices take turns
 * by batches. zip_search.h is the quick way for ZipCrypto.
 */
#ifndef SCANNERS_LOCKS_UNLOCK_ANY_H
#define SCANNERS_LOCKS_UNLOCK_ANY_H

#include "lib/base/sbuf.h"
#include "scanners/locks/lock.h"

struct unlock_any;

struct unlock_any_job {
	struct lock *lock; /* borrowed, as the rest */
	const struct lock_watch *watch;
	uint32_t slice; /* which, from 0 */
	uint32_t slices;
	uint64_t *tried;       /* is added to */
	struct sbuf *password; /* that fits */
};

/* Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
unlock_any_new(const struct unlock_any_job *job, struct unlock_any **any_out,
	       struct err *err);
void unlock_any_free(struct unlock_any **any);

/*
 * All forms of all words (lines); all that a mask stands for; one password.
 * Returns: ST_OK found; ST_NOT_FOUND; ST_FORMAT no mask; ST_NO_MEMORY; what
 *          the watch said
 */
MUST_CHECK enum status
unlock_any_words(struct unlock_any *any, struct span words, struct err *err);
MUST_CHECK enum status
unlock_any_mask(struct unlock_any *any, const char *mask, struct err *err);
MUST_CHECK enum status
unlock_any_one(struct unlock_any *any, const char *password, struct err *err);

#endif
