/*
 * lock_guess.h - numbers and days as passwords of locks that are slow.
 *
 * Layer:    scanners/locks; private to lock_search.c
 * Threads:  one
 * Input:    untrusted object; what is found is a secret
 *
 * What derives a key with many rounds can be asked hundreds of passwords a
 * second, or some ten thousand: numbers of four digits, the days of the last
 * hundred years, those near the mail first, then longer numbers. As in
 * lock_search.h the order is the same always.
 */
#ifndef SCANNERS_LOCKS_LOCK_GUESS_H
#define SCANNERS_LOCKS_LOCK_GUESS_H

#include "lib/base/sbuf.h"
#include "scanners/locks/lock.h"

struct lock_guess;

/*
 * Takes:    object is borrowed until lock_guess_free(); day: of the mail,
 *           since 1970
 * Returns:  ST_OK; ST_UNSUPPORTED nothing in it can be tried; ST_NO_MEMORY
 */
MUST_CHECK enum status
lock_guess_new(struct span object, int64_t day, struct lock_guess **guess_out,
	       struct err *err);
void lock_guess_free(struct lock_guess **guess);

/* How many there are: as many as half an hour may be enough for. */
uint64_t lock_guess_total(const struct lock_guess *guess);

/* As lock_search_run(). */
MUST_CHECK enum status
lock_guess_run(struct lock_guess *guess, uint64_t *at,
	       const struct lock_watch *watch, struct sbuf *password_out,
	       struct err *err);

#endif
