/*
 * zip_survivors.h - passwords that passed the first look, a batch at a time.
 *
 * Layer:    scanners/locks
 * Threads:  one search is one thread
 * Input:    passwords are secrets: wiped with the batch
 *
 * One of 256 wrong passwords passes. What tells the rest apart costs too much
 * for one at a time: so they are gathered, and go through the headers of the
 * other members, or a look at the first bytes of the only one, side by side.
 */
#ifndef SCANNERS_LOCKS_ZIP_SURVIVORS_H
#define SCANNERS_LOCKS_ZIP_SURVIVORS_H

#include "lib/base/sbuf.h"
#include "scanners/locks/mask.h"
#include "scanners/locks/zip_lock.h"
#include "scanners/locks/zipcrypto_round.h"

enum { SURVIVORS_ROOM = ZIPCRYPTO_SETS * ZIPCRYPTO_LANES };

struct zip_survivors {
	const struct zip_lock *lock;
	zipcrypto_try *attempt;
	zipcrypto_peek *peek;
	bool every;   /* also those that do not begin as files mostly do */
	size_t bytes; /* of a password, all alike; at most MASK_MAX_PLACES */
	size_t count;
	/* Set by set, character by character. */
	uint8_t planes[SURVIVORS_ROOM * MASK_MAX_PLACES];
	uint8_t plain[SURVIVORS_ROOM * ZIP_LOCK_START_BYTES];
};

/* How far apart the characters of a password in planes are. */
static inline uint8_t *
zip_survivors_place(struct zip_survivors *survivors, size_t i)
{
	return survivors->planes +
	       i / ZIPCRYPTO_LANES * survivors->bytes * ZIPCRYPTO_LANES +
	       i % ZIPCRYPTO_LANES;
}

/* Look at all of them, and begin anew. True: *password_out is the one. */
bool
zip_survivors_look(struct zip_survivors *survivors, struct sbuf *password_out);

#endif
