/*
 * lock_formats.h - what the formats behind lock.h have in common.
 *
 * Layer:    scanners/locks; private to lock*.c
 * Threads:  a lock belongs to one thread
 * Input:    untrusted objects; passwords are secrets
 */
#ifndef SCANNERS_LOCKS_LOCK_FORMATS_H
#define SCANNERS_LOCKS_LOCK_FORMATS_H

#include "scanners/ciphers/hash.h"
#include "scanners/ciphers/lanes.h"
#include "scanners/locks/lock.h"

enum {
	LOCK_PASSWORD_BYTES = 256, /* longer ones fit nothing */
	/* Rounds that a file may ask for: twice what programs write by far.
	 * The documents that ask for more are ST_LIMIT, "limit rounds". */
	LOCK_MAX_ROUNDS_PBKDF2 = 2000000,
	LOCK_MAX_ROUNDS_OFFICE = 1000000,
	LOCK_MAX_POWER_7Z = 24
};

struct lock_format {
	/* May object be of this format? */
	bool (*is)(struct span object);
	/* As lock_find(); sets kind, state and is_open of lock. */
	enum status (*find)(struct lock *lock, struct span object,
			    struct err *err);
	/* As lock_try(). */
	enum status (*attempt)(struct lock *lock, const struct span *passwords,
			       size_t count, size_t *index_out,
			       struct err *err);
	void (*done)(void *state);
};

struct lock {
	const struct lock_format *format;
	const struct lanes *lanes;
	struct lock_kind kind;
	bool is_open;
	bool unsure;      /* other passwords do what the last one did */
	bool passed_over; /* an attempt set it: something was not tried */
	void *state;      /* of the format */
	const struct lanes_watch *watch; /* of the call, or NULL */
};

extern const struct lock_format lock_7z;
extern const struct lock_format lock_odf;
extern const struct lock_format lock_office;
extern const struct lock_format lock_pdf;
extern const struct lock_format lock_rar;
extern const struct lock_format lock_zip;

/* About how long so many blocks of a hash take, of one of a full batch. */
uint64_t
lock_cost_ns(const struct lock *lock, enum hash_kind kind, uint64_t blocks);

#endif
