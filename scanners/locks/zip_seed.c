#include "scanners/locks/zip_seed.h"

#include <stdlib.h>
#include <string.h>

#include "scanners/readers/zip_walk.h"

enum {
	SEED_UNIX = 3,
	SEED_VERSION = 30, /* 3.0 */
	SEED_MAX_MEMBERS = 12,
	SEED_TIME_ID = 0x5455, /* extra field "UT" */
	SEED_TIME_MODIFIED = 1,
	SEED_LANES = 16,
	/* rand() of glibc: a state of 31 words, of which 310 steps are thrown
	 * away; the words of the start count. */
	SEED_STATE = 31,
	SEED_TAP = 3,
	SEED_FIRST = 344,
	SEED_WORDS = SEED_FIRST + ZIP_SEED_RANDOM_BYTES * SEED_MAX_MEMBERS,
	SEED_FACTOR = 16807,
	SEED_SHIFT = 8, /* rand() >> 7, and its own shift by one */
	/* Process ids have 22 bits at most: times that differ in fewer lie in
	 * the same block of seeds. */
	SEED_BLOCK = 1 << 22,
	SEED_WINDOW_S = 60 * 24 * 3600,
	SEED_TICK = 1 << 18
};
static const uint64_t seed_modulus = 0x7FFFFFFF;

/* What the archive shows. */
struct seed_archive {
	uint8_t starts[SEED_MAX_MEMBERS]; /* first bytes, in order */
	size_t count;
	size_t wanted; /* which of them is the lock's first member */
	bool has_wanted;
	uint32_t newest_s; /* since 1970, in UTC */
};

/* Sixteen seeds side by side. */
struct seed_words {
	uint32_t words[SEED_WORDS][SEED_LANES];
};

/* The time of an entry, in the extra field that Info-ZIP writes; 0: none. */
static uint32_t
seed_time(const struct zip_entry *entry)
{
	size_t at = 0;
	uint32_t id = 0;
	uint32_t len = 0;

	while (span_read_le(entry->extra, at, 2, &id) &&
	       span_read_le(entry->extra, at + 2, 2, &len)) {
		uint32_t time_s = 0;

		if (id == SEED_TIME_ID && len >= 5 &&
		    at + 5 < entry->extra.len_bytes &&
		    (entry->extra.ptr[at + 4] & SEED_TIME_MODIFIED) != 0 &&
		    span_read_le(entry->extra, at + 5, 4, &time_s))
			return time_s;
		at += 4 + (size_t)len;
	}
	return 0;
}

/* False: no entry of that program. */
static bool
seed_take(struct seed_archive *seed, struct span archive,
	  const struct zip_entry *entry, uint64_t shift,
	  const struct zip_lock *lock)
{
	const uint32_t time_s = seed_time(entry);
	struct zip_entry local;
	struct span header = { NULL, 0 };

	if (time_s > seed->newest_s)
		seed->newest_s = time_s;
	if ((entry->flags & ZIP_FLAG_ENCRYPTED) == 0)
		return true;
	if (entry->made_by != SEED_UNIX ||
	    entry->made_version != SEED_VERSION || time_s == 0 ||
	    (entry->flags & ZIP_FLAG_DESCRIPTOR) == 0 ||
	    entry->local_at + shift > archive.len_bytes ||
	    !zip_local_read(archive, (size_t)(entry->local_at + shift),
			    &local) ||
	    !span_cut(archive, local.data_at, ZIPCRYPTO_HEADER_BYTES, &header))
		return false;
	if (header.ptr == lock->members[0].header) {
		seed->wanted = seed->count;
		seed->has_wanted = true;
	}
	seed->starts[seed->count++] = header.ptr[0];
	return true;
}

static bool
seed_look(struct seed_archive *seed, struct span archive,
	  const struct zip_lock *lock)
{
	struct zip_entry entry;
	struct zip_end end;

	if (!zip_find_end(archive, &end))
		return false;
	size_t at = (size_t)end.directory_at;

	while (seed->count < SEED_MAX_MEMBERS &&
	       zip_central_next(archive, &at, &entry)) {
		if (!seed_take(seed, archive, &entry, end.shift, lock))
			return false;
	}
	return seed->has_wanted && seed->count >= ZIP_SEED_LEAST_MEMBERS;
}

/* srandom() and what follows, as far as word end. */
static void
seed_start(struct seed_words *state, uint32_t seed)
{
	for (uint32_t lane = 0; lane < SEED_LANES; lane++)
		state->words[0][lane] = seed + lane == 0 ? 1 : seed + lane;
	for (size_t i = 1; i < SEED_STATE; i++) {
		for (size_t lane = 0; lane < SEED_LANES; lane++) {
			/* The C library takes it as a number with a sign, and
			 * the remainder for one of the modulus. */
			const int64_t product =
				(int64_t)(int32_t)state->words[i - 1][lane] *
				SEED_FACTOR;
			const int64_t rest = product % (int64_t)seed_modulus;

			state->words[i][lane] =
				(uint32_t)(rest < 0
						   ? rest + (int64_t)seed_modulus
						   : rest);
		}
	}
	for (size_t i = SEED_STATE; i < SEED_STATE + SEED_TAP; i++)
		memcpy(state->words[i], state->words[i - SEED_STATE],
		       sizeof(state->words[i]));
}

static void
seed_go_on(struct seed_words *state, size_t from, size_t end)
{
	for (size_t i = from; i < end; i++) {
		for (size_t lane = 0; lane < SEED_LANES; lane++)
			state->words[i][lane] =
				state->words[i - SEED_STATE][lane] +
				state->words[i - SEED_TAP][lane];
	}
}

static uint8_t
seed_byte(const struct seed_words *state, size_t index, size_t lane)
{
	return (uint8_t)(state->words[SEED_FIRST + index][lane] >> SEED_SHIFT);
}

static bool
seed_fits(const struct seed_archive *seed, const struct seed_words *state,
	  size_t lane)
{
	for (size_t i = 1; i < seed->count; i++) {
		if (seed_byte(state, ZIP_SEED_RANDOM_BYTES * i, lane) !=
		    seed->starts[i])
			return false;
	}
	return true;
}

/* Seeds from first on, one for each lane. False: two that differ fit. */
static bool
seed_try(const struct seed_archive *seed, uint32_t first,
	 struct seed_words *state, struct zip_seed *out, size_t *found)
{
	uint32_t may = 0;

	seed_start(state, first);
	seed_go_on(state, SEED_STATE + SEED_TAP, SEED_FIRST + 1);
	for (size_t lane = 0; lane < SEED_LANES; lane++)
		may |= (uint32_t)(seed_byte(state, 0, lane) == seed->starts[0])
		       << lane;
	if (may == 0)
		return true;
	seed_go_on(state, SEED_FIRST + 1,
		   SEED_FIRST + ZIP_SEED_RANDOM_BYTES * seed->count);
	for (size_t lane = 0; lane < SEED_LANES; lane++) {
		struct zip_seed one = { { 0 } };

		if ((may >> lane & 1) == 0 || !seed_fits(seed, state, lane))
			continue;
		for (size_t i = 0; i < ZIP_SEED_RANDOM_BYTES; i++)
			one.bytes[i] = seed_byte(
				state, ZIP_SEED_RANDOM_BYTES * seed->wanted + i,
				lane);
		if ((*found)++ > 0 && memcmp(&one, out, sizeof(one)) != 0)
			return false;
		*out = one;
	}
	return true;
}

enum status
zip_seed_find(struct span archive, const struct zip_lock *lock,
	      const struct lock_watch *watch, struct zip_seed *seed_out,
	      struct err *err)
{
	struct seed_archive seed = { .count = 0 };
	struct seed_words *state = NULL;
	size_t found = 0;
	enum status st = ST_OK;

	if (!seed_look(&seed, archive, lock))
		return err_set(err, ST_NOT_FOUND, "written otherwise");
	state = malloc(sizeof(*state));
	if (state == NULL)
		return err_set(err, ST_NO_MEMORY, "unlock: no memory");
	const uint64_t from = seed.newest_s & ~(uint64_t)(SEED_BLOCK - 1);
	const uint64_t to = (uint64_t)seed.newest_s + SEED_WINDOW_S;

	for (uint64_t at = from; at < to && st == ST_OK; at += SEED_LANES) {
		if (!seed_try(&seed, (uint32_t)at, state, seed_out, &found))
			st = err_set(err, ST_NOT_FOUND, "several seeds");
		else if (at % SEED_TICK == 0 && watch != NULL)
			st = watch->tick(watch->context, err);
	}
	free(state);
	if (st == ST_OK && found == 0)
		return err_set(err, ST_NOT_FOUND, "no such seed");
	return st;
}
