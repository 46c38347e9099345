#include "scanners/locks/lock_search.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/lock_guess.h"
#include "scanners/locks/mask.h"
#include "scanners/locks/zip_search.h"

enum {
	/* What is tried between two looks at the time: a few milliseconds at
	 * best, a fifth of a second where there are no vectors. */
	SEARCH_CHUNK = 1 << 22,
	/* As in unlock_run.c. */
	SEARCH_MAX_EVERY_BYTES = 64 * 1024,
	SEARCH_PASSES = 2
};

static const char *const search_masks[] = {
#define SEARCH_MASK(text) (text),
#include "scanners/locks/search_masks.def"
#undef SEARCH_MASK
};

struct lock_search {
	struct lock_guess *guess; /* NULL: it is ZipCrypto */
	struct zip_lock lock;
	struct mask *masks[ARRAY_LEN(search_masks)];
	uint64_t pass_size; /* of all masks */
	unsigned passes;    /* what is stored is searched twice */
};

/* Where in the order a chunk is. */
struct search_place {
	struct mask_shape shape;
	uint64_t shape_at; /* of its first password, in the whole order */
	uint64_t shape_size;
	bool every;
};

void
lock_search_free(struct lock_search **search)
{
	if (*search == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(search_masks); i++)
		mask_free(&(*search)->masks[i]);
	lock_guess_free(&(*search)->guess);
	free(*search);
	*search = NULL;
}

static enum status
search_prepare(struct lock_search *search, struct err *err)
{
	const struct zip_lock_member *member = &search->lock.members[0];
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(search_masks); i++) {
		st = mask_parse(search_masks[i], &search->masks[i], err);
		if (st == ST_OK)
			search->pass_size += mask_size(search->masks[i]);
	}
	search->passes =
		search->lock.count == 1 && !zip_lock_is_packed(member) &&
				member->size_bytes <= SEARCH_MAX_EVERY_BYTES
			? SEARCH_PASSES
			: 1;
	return st;
}

enum status
lock_search_new(struct span object, int64_t day,
		struct lock_search **search_out, struct err *err)
{
	AUTO(lock_search_free)
	struct lock_search *search = calloc(1, sizeof(*search));
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	if (search == NULL)
		return err_set(err, ST_NO_MEMORY, "locks: no memory");
	st = zip_lock_find(object, &search->lock, &why) == ST_OK
		     ? search_prepare(search, err)
		     : lock_guess_new(object, day, &search->guess, err);
	if (st == ST_OK)
		*search_out = MOVE(search);
	return st;
}

uint64_t
lock_search_total(const struct lock_search *search)
{
	return search->guess != NULL ? lock_guess_total(search->guess)
				     : search->pass_size * search->passes;
}

/* Is it a shape of this mask? *begin is moved behind those that it is not. */
static bool
search_find_shape(const struct mask *mask, uint64_t at, uint64_t *begin,
		  struct search_place *place)
{
	mask_first(mask, &place->shape);
	do {
		place->shape_at = *begin;
		place->shape_size = mask_shape_size(&place->shape);
		*begin += place->shape_size;
		if (at < *begin)
			return true;
	} while (mask_next(mask, &place->shape));
	return false;
}

/* False: at is behind the last one. */
static bool
search_find(const struct lock_search *search, uint64_t at,
	    struct search_place *place)
{
	uint64_t begin = 0;

	for (unsigned pass = 0; pass < search->passes; pass++) {
		place->every = pass > 0;
		for (size_t i = 0; i < ARRAY_LEN(search_masks); i++)
			if (search_find_shape(search->masks[i], at, &begin,
					      place))
				return true;
	}
	return false;
}

/* A chunk that was begun is tried to its end: half of one would count for
 * nothing, and where time is short the next call would come no further. */
static enum status
search_tick(void *context, uint64_t tried, struct err *err)
{
	(void)context;
	(void)tried;
	(void)err;
	return ST_OK;
}

/* A chunk takes every so-manieth prefix of a shape: that is the same number
 * of passwords, and their order does not matter. */
static enum status
search_chunk(struct lock_search *search, const struct search_place *place,
	     uint64_t chunk, struct sbuf *password_out, struct err *err)
{
	const enum cpu_way way = cpu_best();
	struct zip_search one = {
		.lock = &search->lock,
		.attempt = zipcrypto_try_of(way),
		.peek = zipcrypto_peek_of(way),
		.every = place->every,
		.slice = (uint32_t)chunk,
		.slices = (uint32_t)((place->shape_size + SEARCH_CHUNK - 1) /
				     SEARCH_CHUNK),
		.tick = search_tick,
	};

	return zip_search_shape(&one, &place->shape, password_out, err);
}

enum status
lock_search_run(struct lock_search *search, uint64_t *at,
		const struct lock_watch *watch, struct sbuf *password_out,
		struct err *err)
{
	struct search_place place = { .shape_size = 0 };
	enum status st = ST_NOT_FOUND;

	if (search->guess != NULL)
		return lock_guess_run(search->guess, at, watch, password_out,
				      err);
	while (st == ST_NOT_FOUND && search_find(search, *at, &place)) {
		const uint64_t chunk = (*at - place.shape_at) / SEARCH_CHUNK;
		const uint64_t behind = (chunk + 1) * SEARCH_CHUNK;

		st = watch->tick(watch->context, err);
		if (st == ST_OK)
			st = search_chunk(search, &place, chunk, password_out,
					  err);
		if (st == ST_OK || st == ST_NOT_FOUND)
			*at = place.shape_at + (behind < place.shape_size
							? behind
							: place.shape_size);
	}
	return st;
}
