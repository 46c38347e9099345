/*
 * zip_seed.h - the random bytes of archives that Info-ZIP has encrypted.
 *
 * Layer:    scanners/locks
 * Threads:  no shared state
 * Input:    untrusted archive
 *
 * Info-ZIP's zip for Unix makes the ten random bytes of each header with
 * rand(), seeded by time ^ process id, and encrypts them twice from the same
 * keys (crypthead() in its crypt.c): the first byte comes out in clear. A few
 * headers tell the seed, and the seed all random bytes; a password is then
 * known for wrong after two bytes of the header instead of twelve.
 */
#ifndef SCANNERS_LOCKS_ZIP_SEED_H
#define SCANNERS_LOCKS_ZIP_SEED_H

#include "scanners/locks/lock.h"
#include "scanners/locks/zip_lock.h"

enum {
	ZIP_SEED_LEAST_MEMBERS = 4, /* fewer tell too little */
	ZIP_SEED_RANDOM_BYTES = 10
};

/* The random bytes of lock->members[0], before either encryption. */
struct zip_seed {
	uint8_t bytes[ZIP_SEED_RANDOM_BYTES];
};

/*
 * Seeds of two months from the time of the youngest member on are looked at,
 * which takes about a second.
 * Returns:  ST_OK; ST_NOT_FOUND another program wrote the archive, or it is
 *           too small, or younger; ST_NO_MEMORY; what watch's tick said
 */
MUST_CHECK enum status
zip_seed_find(struct span archive, const struct zip_lock *lock,
	      const struct lock_watch *watch, struct zip_seed *seed_out,
	      struct err *err);

#endif
