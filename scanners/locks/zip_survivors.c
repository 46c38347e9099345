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

/*
 * Of 64 starts, bytes side by side, those that may be of deflate data by their
 * first five bytes (RFC 1951, 3.2.3 to 3.2.7): about half. What is left goes
 * to deflate_may_begin().
 */
static uint64_t
survivors_deflated(const uint8_t *plain)
{
	const uint8_t *const b[] = { plain, plain + ZIPCRYPTO_LANES,
				     plain + 2 * (size_t)ZIPCRYPTO_LANES,
				     plain + 3 * (size_t)ZIPCRYPTO_LANES,
				     plain + 4 * (size_t)ZIPCRYPTO_LANES };
	uint8_t may[ZIPCRYPTO_LANES];
	uint64_t lanes = 0;

	for (size_t i = 0; i < ZIPCRYPTO_LANES; i++) {
		const uint8_t type = b[0][i] & 6;
		const uint8_t stored = type == 0 &&
				       (uint8_t)(b[1][i] ^ b[3][i]) == 0xFF &&
				       (uint8_t)(b[2][i] ^ b[4][i]) == 0xFF;
		const uint8_t dynamic =
			type == 4 && (b[0][i] >> 3) < 30 && (b[1][i] & 31) < 30;

		may[i] = (uint8_t)(stored | dynamic | (type == 2));
	}
	for (size_t i = 0; i < ZIPCRYPTO_LANES; i++)
		lanes |= (uint64_t)may[i] << i;
	return lanes;
}

static bool
survivors_start_fits(struct zip_survivors *survivors, size_t i,
		     size_t len_bytes, struct sbuf *password_out)
{
	const uint8_t *place =
		survivors->plain +
		i / ZIPCRYPTO_LANES * len_bytes * ZIPCRYPTO_LANES +
		i % ZIPCRYPTO_LANES;
	uint8_t start[ZIP_LOCK_START_BYTES];

	for (size_t k = 0; k < len_bytes; k++)
		start[k] = place[k * ZIPCRYPTO_LANES];
	return zip_lock_may_begin(&survivors->lock->members[0],
				  (struct span){ start, len_bytes },
				  survivors->every) &&
	       survivors_fits(survivors, i, password_out);
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
	for (size_t at = 0; at < survivors->count && !found;
	     at += ZIPCRYPTO_LANES) {
		const size_t left = survivors->count - at;
		uint64_t lanes = UINT64_MAX;

		if (zip_lock_is_packed(member) &&
		    data.len_bytes == ZIP_LOCK_START_BYTES)
			lanes = survivors_deflated(survivors->plain +
						   at * data.len_bytes);
		if (left < ZIPCRYPTO_LANES)
			lanes &= (UINT64_C(1) << left) - 1;
		for (; lanes != 0 && !found; lanes &= lanes - 1)
			found = survivors_start_fits(
				survivors, at + (size_t)__builtin_ctzll(lanes),
				data.len_bytes, password_out);
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
