/*
 * lock.h - whatever is locked by a password: which lock, and what opens it.
 *
 * Layer:    scanners/locks; includes scanners/readers and scanners/ciphers
 * Threads:  a lock belongs to one thread
 * Input:    untrusted object; passwords are secrets
 *
 * A password fits only when the lock's own check says so without doubt: a
 * check sum or an authentication code over what was decrypted, never a byte
 * or two of a header.
 */
#ifndef SCANNERS_LOCKS_LOCK_H
#define SCANNERS_LOCKS_LOCK_H

#include "lib/base/span.h"
#include "lib/base/status.h"

struct lock;

struct lock_kind {
	const char *name; /* static, as in reports: "zip: ZipCrypto" */
	uint64_t cost_ns; /* about, of one password on one core in a full
			   * batch, with the rounds that the file asks for */
	uint32_t batch;   /* passwords that cost as much as one */
};

/*
 * Find the lock of an object: a zip archive with locked members, a 7z archive,
 * an Office document (a compound file), a PDF or an OpenDocument file.
 *
 * Takes:    object is borrowed until lock_free()
 * Returns:  ST_OK           it is locked; *lock_out
 *           ST_NOT_FOUND    nothing in it is, or it is no such object
 *           ST_UNSUPPORTED  locked in a way that is not tried (RAR, a
 *                           certificate, strange algorithms); err names it
 *           ST_LIMIT        it asks for more rounds than are granted
 *           ST_FORMAT       damaged; ST_NO_MEMORY
 */
MUST_CHECK enum status
lock_find(struct span object, struct lock **lock_out, struct err *err);
void lock_free(struct lock **lock);

/* Is it an object that could be locked, whether it is or not? */
bool lock_is_known(struct span object);

const struct lock_kind *lock_kind(const struct lock *lock);

/* Called every few milliseconds; else than ST_OK ends the call. */
struct lock_watch {
	enum status (*tick)(void *context, struct err *err);
	void *context;
};

/*
 * Try passwords (UTF-8), the first ones first, in every encoding in which
 * programs use them (zip: UTF-8 and CP932). What a password opened stays open:
 * members may have passwords of their own.
 *
 * Gives:    *index_out: one that opened something that was still closed
 * Returns:  ST_OK; ST_NOT_FOUND none of them; ST_NO_MEMORY; what tick said
 */
MUST_CHECK enum status
lock_try(struct lock *lock, const struct span *passwords, size_t count,
	 const struct lock_watch *watch, size_t *index_out, struct err *err);

/*
 * A password that opened nothing was tried on a part of what is closed only:
 * after one that opens something those before it may open more. Asked once, it
 * is so of later attempts.
 */
bool lock_passed_over(struct lock *lock);

/* What the last password opened is so little that others open it as well: it
 * is read, but nobody knows that this is the password. */
bool lock_is_unsure(const struct lock *lock);

/* Nothing is closed any more. */
bool lock_is_open(const struct lock *lock);

#endif
