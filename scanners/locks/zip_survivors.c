#include "scanners/locks/zip_survivors.h"

#include <string.h>

/* Its password, and whether it really fits. */
static bool
survivors_fits(struct zip_survivors *survivors, size_t i,
	       struct sbuf *password_out)
{
	const uint8_t *place = zip_survivors_place(survivors, i);
	uint8_t password[MASK_MAX_PLACES];

	for (size_t k = 0; k < survivors->bytes; k++)
		password[k] = place[k * ZIPCRYPTO_LANES];
	struct zipcrypto_keys keys =
		zipcrypto_of((struct span){ password, survivors->bytes });
	const bool fits = zip_lock_fits(survivors->lock, &keys);

	if (fits)
		sbuf_add(password_out, password, survivors->bytes);
	explicit_bzero(&keys, sizeof(keys));
	explicit_bzero(password, sizeof(password));
	return fits;
}

static void
survivors_round(const struct zip_survivors *survivors,
		const struct zip_lock_member *member,
		struct zipcrypto_round *round)
{
	*round = (struct zipcrypto_round){ .header = member->header,
					   .check = member->check,
					   .tail_bytes = survivors->bytes,
					   .groups = 1 };
	for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
		round->starts[n] = zipcrypto_none();
		round->tails[n] = survivors->planes +
				  n * survivors->bytes * ZIPCRYPTO_LANES;
	}
}

/* By the header of a second member. */
static bool
survivors_by_header(struct zip_survivors *survivors, struct sbuf *password_out)
{
	struct zipcrypto_round round;
	uint64_t hits[ZIPCRYPTO_SETS];

	survivors_round(survivors, &survivors->lock->members[1], &round);
	survivors->attempt(&round, hits);
	for (size_t i = 0; i < survivors->count; i++)
		if ((hits[i / ZIPCRYPTO_LANES] >> i % ZIPCRYPTO_LANES & 1) !=
			    0 &&
		    survivors_fits(survivors, i, password_out))
			return true;
	return false;
}

/* By what the only member begins with. */
static bool
survivors_by_start(struct zip_survivors *survivors, struct sbuf *password_out)
{
	const struct zip_lock_member *member = &survivors->lock->members[0];
	struct zipcrypto_round round;
	struct span data = member->data;
	bool found = false;

	if (data.len_bytes > ZIP_LOCK_START_BYTES)
		data.len_bytes = ZIP_LOCK_START_BYTES;
	survivors_round(survivors, member, &round);
	survivors->peek(&round, data, survivors->plain);
	for (size_t i = 0; i < survivors->count && !found; i++) {
		const uint8_t *place =
			survivors->plain +
			i / ZIPCRYPTO_LANES * data.len_bytes * ZIPCRYPTO_LANES +
			i % ZIPCRYPTO_LANES;
		uint8_t start[ZIP_LOCK_START_BYTES];

		for (size_t k = 0; k < data.len_bytes; k++)
			start[k] = place[k * ZIPCRYPTO_LANES];
		found = zip_lock_may_begin(
				member, (struct span){ start, data.len_bytes },
				survivors->every) &&
			survivors_fits(survivors, i, password_out);
	}
	return found;
}

bool
zip_survivors_look(struct zip_survivors *survivors, struct sbuf *password_out)
{
	bool found = false;

	if (survivors->count > 0)
		found = survivors->lock->count > 1
				? survivors_by_header(survivors, password_out)
				: survivors_by_start(survivors, password_out);
	survivors->count = 0;
	return found;
}
