#include "scanners/locks/lock.h"

#include <stdlib.h>

#include "lib/base/attr.h"
#include "scanners/locks/lock_formats.h"

/* In this order: an OpenDocument file is also a zip archive. */
static const struct lock_format *const lock_all[] = {
	&lock_odf, &lock_zip, &lock_office, &lock_7z, &lock_pdf, &lock_rar,
};

/* Measured once; what counts is the order of locks, and how many passwords
 * are affordable. */
uint64_t
lock_cost_ns(const struct lock *lock, enum hash_kind kind, uint64_t blocks)
{
	/* Picoseconds of a block in a lane: portable, AVX2, AVX-512. */
	static const uint32_t costs[HASH_END][3] = {
		[HASH_SHA1] = { 30000, 13000, 5200 },
		[HASH_SHA256] = { 160000, 60000, 10500 },
		[HASH_SHA384] = { 300000, 115000, 23000 },
		[HASH_SHA512] = { 300000, 115000, 23000 },
	};
	size_t way = 0;

	if (lock->lanes->short_count > 8)
		way = lock->lanes->short_count > 16 ? 2 : 1;
	return blocks * costs[kind][way] / 1000 + 1;
}

bool
lock_is_known(struct span object)
{
	for (size_t i = 0; i < ARRAY_LEN(lock_all); i++)
		if (lock_all[i]->is(object))
			return true;
	return false;
}

enum status
lock_find(struct span object, struct lock **lock_out, struct err *err)
{
	struct lock *lock = calloc(1, sizeof(*lock));
	enum status st = ST_NOT_FOUND;

	if (lock == NULL)
		return err_set(err, ST_NO_MEMORY, "lock: no memory");
	lock->lanes = lanes_get();
	for (size_t i = 0; i < ARRAY_LEN(lock_all) && st == ST_NOT_FOUND; i++) {
		if (!lock_all[i]->is(object))
			continue;
		lock->format = lock_all[i];
		st = lock->format->find(lock, object, err);
		if (st != ST_OK)
			lock->format->done(lock->state);
		if (st != ST_OK)
			lock->state = NULL;
	}
	if (st == ST_OK) {
		*lock_out = lock;
		return ST_OK;
	}
	free(lock);
	return st == ST_NOT_FOUND ? err_set(err, st, "nothing in it is locked")
				  : st;
}

void
lock_free(struct lock **lock)
{
	if (*lock == NULL)
		return;
	(*lock)->format->done((*lock)->state);
	free(*lock);
	*lock = NULL;
}

const struct lock_kind *
lock_kind(const struct lock *lock)
{
	return &lock->kind;
}

bool
lock_is_open(const struct lock *lock)
{
	return lock->is_open;
}

bool
lock_is_unsure(const struct lock *lock)
{
	return lock->unsure;
}

bool
lock_passed_over(struct lock *lock)
{
	const bool passed_over = lock->passed_over;

	lock->passed_over = false;
	return passed_over;
}

enum status
lock_try(struct lock *lock, const struct span *passwords, size_t count,
	 const struct lock_watch *watch, size_t *index_out, struct err *err)
{
	struct lanes_watch lanes_watch = { NULL, NULL };

	if (lock->is_open)
		return err_set(err, ST_NOT_FOUND, "nothing is closed any more");
	if (watch != NULL) {
		lanes_watch =
			(struct lanes_watch){ watch->tick, watch->context };
		lock->watch = &lanes_watch;
	}
	const enum status st =
		lock->format->attempt(lock, passwords, count, index_out, err);

	lock->watch = NULL;
	/* What came out is damaged, or nothing that we know: as with a wrong
	 * password it stays closed. */
	if (st == ST_NOT_FOUND || st == ST_FORMAT || st == ST_UNSUPPORTED)
		return err_set(err, ST_NOT_FOUND, "no password fits");
	return st;
}
