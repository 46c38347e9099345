/*
 * zip_search.h - try all passwords of a shape, or of a list, on a zip archive.
 *
 * Layer:    scanners/locks
 * Threads:  one search is one thread; several share a lock and take a slice
 *           of the passwords each
 * Input:    passwords are secrets: what is found is wiped by the caller
 */
#ifndef SCANNERS_LOCKS_ZIP_SEARCH_H
#define SCANNERS_LOCKS_ZIP_SEARCH_H

#include "lib/base/sbuf.h"
#include "scanners/locks/mask.h"
#include "scanners/locks/zip_lock.h"
#include "scanners/locks/zip_seed.h"
#include "scanners/locks/zipcrypto_round.h"

struct zip_search {
	const struct zip_lock *lock;
	zipcrypto_try *attempt;
	zipcrypto_peek *peek;
	/* With what zip_seed_find() found, and zipcrypto_seeded_of(); NULL: by
	 * attempt alone. */
	zipcrypto_try *seeded;
	struct zip_seed seed;
	bool every;      /* zip_lock_may_begin() */
	uint32_t slice;  /* which, from 0 */
	uint32_t slices; /* of how many */
	uint64_t tried;  /* passwords so far; the search adds to it */
	/* Called every few milliseconds; anything but ST_OK ends the search. */
	enum status (*tick)(void *context, uint64_t tried, struct err *err);
	void *context;
};

/*
 * All passwords of a shape.
 * Gives:    password_out when one fits
 * Returns:  ST_OK found; ST_NOT_FOUND none of them fits; what tick said;
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status
zip_search_shape(struct zip_search *search, const struct mask_shape *shape,
		 struct sbuf *password_out, struct err *err);

#endif
