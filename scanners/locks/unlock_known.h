/*
 * unlock_known.h - open a zip archive by what is known of it in clear.
 *
 * Layer:    scanners/locks
 * Threads:  one; several share the work, a slice each
 * Input:    untrusted archive; keys and passwords are secrets
 */
#ifndef SCANNERS_LOCKS_UNLOCK_KNOWN_H
#define SCANNERS_LOCKS_UNLOCK_KNOWN_H

#include "lib/base/sbuf.h"
#include "scanners/locks/zip_lock.h"

struct unlock_known {
	struct span archive;
	const struct zip_lock *lock; /* what is found is proved on it */
	uint32_t slice;              /* which, from 0 */
	uint32_t slices;             /* of how many */
	/* Called every few milliseconds; else than ST_OK ends the search. done
	 * of total starts were tried, all slices together. */
	enum status (*tick)(void *context, uint64_t done, uint64_t total,
			    struct err *err);
	void *context;
};

/*
 * file: known in clear, and member of the archive; empty: what the first
 * bytes of members are guessed to be.
 * Gives:    password_out: of up to KNOWN_PASSWORD_BYTES, else
 *           zipcrypto_keys_text()
 * Returns:  ST_OK; ST_NOT_FOUND; ST_NO_MEMORY; what tick said
 */
MUST_CHECK enum status
unlock_known(const struct unlock_known *known, struct span file,
	     struct sbuf *password_out, struct err *err);

#endif
