#include "scanners/locks/zip_search.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/zip_survivors.h"

enum {
	/* Tails of so many passwords are laid out once and tried behind every
	 * prefix. */
	SEARCH_MAX_TAILS = 4096,
	SEARCH_MAX_GROUPS = SEARCH_MAX_TAILS / ZIPCRYPTO_LANES,
	SEARCH_MAX_TAIL_BYTES = 8,
	SEARCH_TICK_TRIES = 1 << 22
};

/* The last places of a shape, all their combinations. */
struct search_tails {
	uint8_t planes[SEARCH_MAX_GROUPS * SEARCH_MAX_TAIL_BYTES *
		       ZIPCRYPTO_LANES];
	size_t bytes; /* of a tail */
	size_t count;
	size_t groups;
};

/* The places before, one combination of them. */
struct search_prefix {
	const struct mask_shape *shape;
	size_t bytes;
	uint16_t digits[MASK_MAX_PLACES]; /* which character of each set */
	struct zipcrypto_keys keys[MASK_MAX_PLACES + 1];
};

static void
tails_character(const struct mask_shape *shape,
		const struct search_tails *tails, size_t index, uint8_t *out,
		size_t step)
{
	for (size_t k = tails->bytes; k > 0; k--) {
		const struct mask_set *set =
			shape->places[shape->count - tails->bytes + k - 1];

		out[(k - 1) * step] = set->characters[index % set->count];
		index /= set->count;
	}
}

static void
tails_make(const struct mask_shape *shape, struct search_tails *tails)
{
	tails->bytes = 0;
	tails->count = 1;
	while (tails->bytes < shape->count &&
	       tails->bytes < SEARCH_MAX_TAIL_BYTES) {
		const size_t more =
			tails->count *
			shape->places[shape->count - tails->bytes - 1]->count;

		if (more > SEARCH_MAX_TAILS)
			break;
		tails->count = more;
		tails->bytes++;
	}
	tails->groups = (tails->count + ZIPCRYPTO_LANES - 1) / ZIPCRYPTO_LANES;
	for (size_t i = 0; i < tails->groups * ZIPCRYPTO_LANES; i++)
		/* Lanes beyond the last one repeat it. */
		tails_character(shape, tails,
				i < tails->count ? i : tails->count - 1,
				tails->planes +
					i / ZIPCRYPTO_LANES * tails->bytes *
						ZIPCRYPTO_LANES +
					i % ZIPCRYPTO_LANES,
				ZIPCRYPTO_LANES);
}

/* Keys from place at on, which has changed. */
static void
prefix_update(struct search_prefix *prefix, size_t at)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();

	for (size_t i = at; i < prefix->bytes; i++) {
		prefix->keys[i + 1] = prefix->keys[i];
		zipcrypto_update(tables, &prefix->keys[i + 1],
				 prefix->shape->places[i]
					 ->characters[prefix->digits[i]]);
	}
}

/* What is asked of a copy: its characters, and the keys behind all of them. A
 * few hundred passwords stand behind a prefix, so each byte of it counts. */
static void
prefix_copy(const struct search_prefix *from, struct search_prefix *to)
{
	to->shape = from->shape;
	to->bytes = from->bytes;
	memcpy(to->digits, from->digits, from->bytes * sizeof(from->digits[0]));
	to->keys[to->bytes] = from->keys[from->bytes];
}

/* step combinations on; false when there are no more. */
static bool
prefix_step(struct search_prefix *prefix, uint64_t step)
{
	size_t i = prefix->bytes;

	while (step > 0) {
		if (i == 0)
			return false;
		i--;
		const uint64_t sum = prefix->digits[i] + step;
		const uint16_t count = prefix->shape->places[i]->count;

		prefix->digits[i] = (uint16_t)(sum % count);
		step = sum / count;
	}
	prefix_update(prefix, i);
	return true;
}

/* The password of a hit, for a closer look at many. */
static void
search_survives(struct zip_survivors *survivors,
		const struct search_prefix *prefix,
		const struct search_tails *tails, size_t tail)
{
	uint8_t *place = zip_survivors_place(survivors, survivors->count++);

	for (size_t i = 0; i < prefix->bytes; i++)
		place[i * ZIPCRYPTO_LANES] =
			prefix->shape->places[i]->characters[prefix->digits[i]];
	tails_character(prefix->shape, tails, tail,
			place + prefix->bytes * ZIPCRYPTO_LANES,
			ZIPCRYPTO_LANES);
}

/* The prefixes of one round, side by side. */
struct search_round {
	struct search_prefix prefixes[ZIPCRYPTO_SETS];
	uint64_t hits[SEARCH_MAX_GROUPS * ZIPCRYPTO_SETS];
	size_t sets; /* that are used */
	struct zip_survivors survivors;
};

static bool
round_look(struct search_round *round, const struct search_tails *tails,
	   struct sbuf *password_out)
{
	for (size_t i = 0; i < tails->groups * ZIPCRYPTO_SETS; i++) {
		uint64_t hits = round->hits[i];
		const size_t set = i % ZIPCRYPTO_SETS;

		while (hits != 0 && set < round->sets) {
			const size_t tail =
				i / ZIPCRYPTO_SETS * ZIPCRYPTO_LANES +
				(size_t)__builtin_ctzll(hits);

			hits &= hits - 1;
			if (tail >= tails->count)
				continue;
			search_survives(&round->survivors,
					&round->prefixes[set], tails, tail);
			if (round->survivors.count == SURVIVORS_ROOM &&
			    zip_survivors_look(&round->survivors, password_out))
				return true;
		}
	}
	return false;
}

static bool
round_run(struct zip_search *search, struct search_round *round,
	  const struct search_tails *tails, struct sbuf *password_out)
{
	const struct zip_lock_member *member = &search->lock->members[0];
	struct zipcrypto_round with = { .header = member->header,
					.check = member->check,
					.before_mask = member->before_mask,
					.before = member->before,
					.tail_bytes = tails->bytes,
					.groups = tails->groups };

	for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
		const struct search_prefix *prefix =
			&round->prefixes[n < round->sets ? n : 0];

		with.starts[n] = prefix->keys[prefix->bytes];
		with.tails[n] = tails->planes;
	}
	memcpy(with.random, search->seed.bytes, sizeof(with.random));
	if (search->seeded != NULL)
		search->seeded(&with, round->hits);
	else
		search->attempt(&with, round->hits);
	search->tried += round->sets * tails->count;
	explicit_bzero(with.starts, sizeof(with.starts));
	return round_look(round, tails, password_out);
}

/* Fill the sets with the next prefixes of this slice. */
static bool
round_fill(struct zip_search *search, struct search_round *round,
	   struct search_prefix *next, bool *more)
{
	round->sets = 0;
	while (*more && round->sets < ZIPCRYPTO_SETS) {
		prefix_copy(next, &round->prefixes[round->sets++]);
		*more = prefix_step(next, search->slices);
	}
	return round->sets > 0;
}

/* All that a search works on: too much for a stack. */
struct search_work {
	struct search_tails tails;
	struct search_round round;
	struct search_prefix next;
	bool more; /* next is one to be tried */
};

static void
search_start(const struct zip_search *search, const struct mask_shape *shape,
	     struct search_work *work)
{
	struct zip_survivors *survivors = &work->round.survivors;

	tails_make(shape, &work->tails);
	work->next.shape = shape;
	work->next.bytes = shape->count - work->tails.bytes;
	work->next.keys[0] = zipcrypto_none();
	prefix_update(&work->next, 0);
	work->more = prefix_step(&work->next, search->slice);
	survivors->lock = search->lock;
	survivors->attempt = search->attempt;
	survivors->peek = search->peek;
	survivors->every = search->every;
	survivors->bytes = shape->count;
}

static enum status
search_run(struct zip_search *search, struct search_work *work,
	   struct sbuf *password_out, struct err *err)
{
	uint64_t tick_at = search->tried + SEARCH_TICK_TRIES;

	while (round_fill(search, &work->round, &work->next, &work->more)) {
		if (round_run(search, &work->round, &work->tails, password_out))
			return ST_OK;
		if (search->tried < tick_at)
			continue;
		tick_at = search->tried + SEARCH_TICK_TRIES;
		const enum status st =
			search->tick(search->context, search->tried, err);

		if (st != ST_OK)
			return st;
	}
	return zip_survivors_look(&work->round.survivors, password_out)
		       ? ST_OK
		       : ST_NOT_FOUND;
}

enum status
zip_search_shape(struct zip_search *search, const struct mask_shape *shape,
		 struct sbuf *password_out, struct err *err)
{
	struct search_work *work = calloc(1, sizeof(*work));

	if (work == NULL)
		return err_set(err, ST_NO_MEMORY, "unlock: no memory");
	search_start(search, shape, work);
	const enum status st = search_run(search, work, password_out, err);

	explicit_bzero(work, sizeof(*work));
	free(work);
	return st;
}
