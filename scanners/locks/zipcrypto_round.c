#include "scanners/locks/zipcrypto_round.h"

#include <string.h>

enum { ROUND_LANES = 16 }; /* so many chains hide what one waits for */

/* Keys of several passwords, side by side. */
struct round_keys {
	uint32_t low[ROUND_LANES];
	uint32_t sum[ROUND_LANES];
	uint32_t high[ROUND_LANES];
};

static inline void
round_update(const uint32_t *crc, struct round_keys *keys,
	     const uint8_t plain[ROUND_LANES])
{
	for (size_t i = 0; i < ROUND_LANES; i++) {
		keys->low[i] = keys->low[i] >> 8 ^
			       crc[(uint8_t)(keys->low[i] ^ plain[i])];
		keys->sum[i] =
			(keys->sum[i] + (uint8_t)keys->low[i]) * 134775813U + 1;
		keys->high[i] =
			keys->high[i] >> 8 ^
			crc[(uint8_t)(keys->high[i] ^ keys->sum[i] >> 24)];
	}
}

static inline void
round_stream(const struct round_keys *keys, uint8_t stream[ROUND_LANES])
{
	for (size_t i = 0; i < ROUND_LANES; i++) {
		const uint32_t t = (keys->high[i] & 0xFFFF) | 2;

		stream[i] = (uint8_t)(t * (t ^ 1) >> 8);
	}
}

/* The keys behind the first len bytes of data, which begins with the header;
 * what they decrypt to is put to plain, a step apart, when that is not NULL. */
static void
round_take(const uint32_t *crc, struct round_keys *keys, struct span data,
	   uint8_t *plain)
{
	uint8_t stream[ROUND_LANES];

	for (size_t k = 0; k < data.len_bytes; k++) {
		round_stream(keys, stream);
		for (size_t i = 0; i < ROUND_LANES; i++)
			stream[i] ^= data.ptr[k];
		if (plain != NULL)
			memcpy(plain + k * ZIPCRYPTO_LANES, stream,
			       sizeof(stream));
		round_update(crc, keys, stream);
	}
}

/* The keys of passwords: a start, and tails of which the first is at tails. */
static void
round_start(const struct zipcrypto_round *round,
	    const struct zipcrypto_keys *start, const uint8_t *tails,
	    struct round_keys *keys)
{
	for (size_t i = 0; i < ROUND_LANES; i++) {
		keys->low[i] = start->low;
		keys->sum[i] = start->sum;
		keys->high[i] = start->high;
	}
	for (size_t k = 0; k < round->tail_bytes; k++)
		round_update(zipcrypto_tables()->crc, keys,
			     tails + k * ZIPCRYPTO_LANES);
}

/* The lanes whose header fits. */
static uint64_t
round_lanes(const struct zipcrypto_round *round,
	    const struct zipcrypto_keys *start, const uint8_t *tails)
{
	const struct span first = { round->header, ZIPCRYPTO_HEADER_BYTES - 2 };
	const uint8_t *end = round->header + first.len_bytes;
	struct round_keys keys;
	uint8_t before[ROUND_LANES];
	uint8_t stream[ROUND_LANES];
	uint64_t hits = 0;

	round_start(round, start, tails, &keys);
	round_take(zipcrypto_tables()->crc, &keys, first, NULL);
	round_stream(&keys, before);
	for (size_t i = 0; i < ROUND_LANES; i++)
		before[i] ^= end[0];
	round_update(zipcrypto_tables()->crc, &keys, before);
	round_stream(&keys, stream);
	for (size_t i = 0; i < ROUND_LANES; i++) {
		const bool fits =
			(stream[i] ^ end[1]) == round->check &&
			((before[i] ^ round->before) & round->before_mask) == 0;

		hits |= (uint64_t)(fits ? 1 : 0) << i;
	}
	explicit_bzero(&keys, sizeof(keys));
	return hits;
}

/* The lanes that fit the second byte of a header that was encrypted twice. */
static uint64_t
round_lanes_seeded(const struct zipcrypto_round *round,
		   const struct zipcrypto_keys *start, const uint8_t *tails)
{
	const uint32_t *crc = zipcrypto_tables()->crc;
	struct round_keys once;
	struct round_keys twice;
	uint8_t stream[ROUND_LANES];
	uint8_t first[ROUND_LANES];
	uint64_t hits = 0;

	round_start(round, start, tails, &once);
	twice = once;
	memset(first, round->random[0], sizeof(first));
	round_stream(&once, stream);
	round_update(crc, &once, first);
	for (size_t i = 0; i < ROUND_LANES; i++)
		first[i] ^= stream[i];
	round_update(crc, &twice, first);
	round_stream(&once, stream);
	round_stream(&twice, first);
	for (size_t i = 0; i < ROUND_LANES; i++) {
		const uint8_t byte = stream[i] ^ first[i] ^ round->random[1];

		hits |= (uint64_t)(byte == round->header[1] ? 1 : 0) << i;
	}
	explicit_bzero(&once, sizeof(once));
	explicit_bzero(&twice, sizeof(twice));
	return hits;
}

void
zipcrypto_peek_portable(const struct zipcrypto_round *round, struct span data,
			uint8_t *plain)
{
	const struct span header = { round->header, ZIPCRYPTO_HEADER_BYTES };
	const uint32_t *crc = zipcrypto_tables()->crc;
	const size_t set_bytes = data.len_bytes * ZIPCRYPTO_LANES;
	struct round_keys keys;

	for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
		for (size_t i = 0; i < ZIPCRYPTO_LANES; i += ROUND_LANES) {
			round_start(round, &round->starts[n],
				    round->tails[n] + i, &keys);
			round_take(crc, &keys, header, NULL);
			round_take(crc, &keys, data, plain + n * set_bytes + i);
		}
	}
	explicit_bzero(&keys, sizeof(keys));
}

typedef uint64_t
round_lanes_try(const struct zipcrypto_round *round,
		const struct zipcrypto_keys *start, const uint8_t *tails);

static inline void
round_all(const struct zipcrypto_round *round, round_lanes_try *lanes,
	  uint64_t *hits)
{
	const size_t group_bytes = round->tail_bytes * ZIPCRYPTO_LANES;

	for (size_t g = 0; g < round->groups; g++) {
		for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
			const uint8_t *tails =
				round->tails[n] + g * group_bytes;
			uint64_t found = 0;

			for (size_t i = 0; i < ZIPCRYPTO_LANES;
			     i += ROUND_LANES)
				found |= lanes(round, &round->starts[n],
					       tails + i)
					 << i;
			hits[g * ZIPCRYPTO_SETS + n] = found;
		}
	}
}

void
zipcrypto_try_portable(const struct zipcrypto_round *round, uint64_t *hits)
{
	round_all(round, round_lanes, hits);
}

void
zipcrypto_seeded_portable(const struct zipcrypto_round *round, uint64_t *hits)
{
	round_all(round, round_lanes_seeded, hits);
}

#if defined(__x86_64__)
static bool
round_can_gfni(enum cpu_way way)
{
	return way == CPU_WAY_AVX512 && cpu_can(way) &&
	       __builtin_cpu_supports("avx512vnni") != 0 &&
	       __builtin_cpu_supports("gfni") != 0;
}
#endif

zipcrypto_try *
zipcrypto_try_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (round_can_gfni(way))
		return zipcrypto_try_gfni;
	if (way >= CPU_WAY_AVX2 && cpu_can(CPU_WAY_AVX2))
		return zipcrypto_try_avx2;
#endif
	(void)way;
	return zipcrypto_try_portable;
}

zipcrypto_peek *
zipcrypto_peek_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (round_can_gfni(way))
		return zipcrypto_peek_gfni;
#endif
	(void)way;
	return zipcrypto_peek_portable;
}

zipcrypto_try *
zipcrypto_seeded_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (round_can_gfni(way))
		return zipcrypto_seeded_gfni;
	/* Sixteen passwords one by one are slower than 32 at once. */
	if (way >= CPU_WAY_AVX2 && cpu_can(CPU_WAY_AVX2))
		return NULL;
#endif
	(void)way;
	return zipcrypto_seeded_portable;
}

const char *
zipcrypto_try_name(zipcrypto_try *function)
{
#if defined(__x86_64__)
	if (function == zipcrypto_try_gfni)
		return "avx512";
	if (function == zipcrypto_try_avx2)
		return "avx2";
#endif
	(void)function;
	return "portable";
}
