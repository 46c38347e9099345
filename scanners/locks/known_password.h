/*
 * known_password.h - the password whose keys are known.
 *
 * Layer:    scanners/locks
 * Threads:  no shared state
 * Input:    keys and password are secrets
 *
 * Of the last seven characters each follows from the keys and those in front
 * of it; only the ones before are tried. Other passwords may have the same
 * keys: they open the archive as well, and the shortest one is what anybody
 * would have typed.
 */
#ifndef SCANNERS_LOCKS_KNOWN_PASSWORD_H
#define SCANNERS_LOCKS_KNOWN_PASSWORD_H

#include "lib/base/sbuf.h"
#include "scanners/ciphers/zipcrypto.h"
#include "scanners/locks/lock.h"

enum {
	KNOWN_PASSWORD_FREE = 7,  /* characters that need not be tried */
	KNOWN_PASSWORD_BYTES = 11 /* seconds; each more takes 95 times as long
				   */
};

/*
 * Passwords of printable ASCII, shorter ones first, up to max_bytes.
 * Gives:    password_out
 * Returns:  ST_OK; ST_NOT_FOUND there is none; what watch's tick said
 */
MUST_CHECK enum status
known_password(const struct zipcrypto_keys *keys, size_t max_bytes,
	       const struct lock_watch *watch, struct sbuf *password_out,
	       struct err *err);

#endif
