/* Do all ways to try passwords find the same ones as the algorithm itself? */
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/zipcrypto_round.h"
#include "tests/harness/check.h"

enum {
	ROUND_CASES = 40,
	ROUND_MAX_GROUPS = 5,
	ROUND_MAX_TAIL = 5,
	ROUND_PEEK_BYTES = 40
};

static const enum cpu_way ways[] = { CPU_WAY_PORTABLE, CPU_WAY_AVX2,
				     CPU_WAY_AVX512 };

/* xorshift: the same cases in every run. */
static uint64_t random_state = 0x9E3779B97F4A7C15;

static uint32_t
random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 32) % limit);
}

static void
random_bytes(uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)random_below(256);
}

struct trial {
	uint8_t header[ZIPCRYPTO_HEADER_BYTES];
	uint8_t tails[ZIPCRYPTO_SETS]
		     [ROUND_MAX_GROUPS * ROUND_MAX_TAIL * ZIPCRYPTO_LANES];
	struct zipcrypto_round round;
};

static void
make_trial(struct trial *trial)
{
	struct zipcrypto_round *round = &trial->round;

	random_bytes(trial->header, sizeof(trial->header));
	round->header = trial->header;
	round->check = (uint8_t)random_below(256);
	round->before_mask = (uint8_t)(random_below(3) * 3);
	round->before = (uint8_t)random_below(256);
	round->tail_bytes = random_below(ROUND_MAX_TAIL + 1);
	round->groups = 1 + random_below(ROUND_MAX_GROUPS);
	for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
		uint8_t start[8];

		random_bytes(start, sizeof(start));
		round->starts[n] = zipcrypto_of(
			(struct span){ start, random_below(sizeof(start)) });
		random_bytes(trial->tails[n], sizeof(trial->tails[n]));
		round->tails[n] = trial->tails[n];
	}
}

/* The keys of one password of the trial. */
static struct zipcrypto_keys
keys_of(const struct zipcrypto_round *round, size_t group, size_t set,
	size_t lane)
{
	struct zipcrypto_keys keys = round->starts[set];

	for (size_t k = 0; k < round->tail_bytes; k++)
		zipcrypto_update(zipcrypto_tables(), &keys,
				 round->tails[set][(group * round->tail_bytes +
						    k) * ZIPCRYPTO_LANES +
						   lane]);
	return keys;
}

static bool
passes(const struct zipcrypto_round *round, struct zipcrypto_keys keys)
{
	uint8_t before = 0;
	uint8_t last = 0;

	for (size_t i = 0; i < ZIPCRYPTO_HEADER_BYTES; i++) {
		before = last;
		last = zipcrypto_next(zipcrypto_tables(), &keys,
				      round->header[i]);
	}
	return last == round->check &&
	       ((before ^ round->before) & round->before_mask) == 0;
}

static uint64_t
expected_hits(const struct zipcrypto_round *round, size_t at)
{
	uint64_t hits = 0;

	for (size_t lane = 0; lane < ZIPCRYPTO_LANES; lane++)
		if (passes(round, keys_of(round, at / ZIPCRYPTO_SETS,
					  at % ZIPCRYPTO_SETS, lane)))
			hits |= (uint64_t)1 << lane;
	return hits;
}

static void
every_way_passes_the_same_passwords(void **state)
{
	(void)state;
	static struct trial trial;
	uint64_t hits[ROUND_MAX_GROUPS * ZIPCRYPTO_SETS];
	size_t passed = 0;

	for (size_t i = 0; i < ROUND_CASES; i++) {
		make_trial(&trial);
		for (size_t w = 0; w < ARRAY_LEN(ways); w++) {
			memset(hits, 0xAA, sizeof(hits));
			zipcrypto_try_of(ways[w])(&trial.round, hits);
			for (size_t k = 0;
			     k < trial.round.groups * ZIPCRYPTO_SETS; k++) {
				assert_int_equal(
					hits[k],
					expected_hits(&trial.round, k));
				passed += hits[k] != 0;
			}
		}
	}
	assert_true(passed > 0);
}

/* What two encryptions make of the second random byte. */
static bool
passes_seeded(const struct zipcrypto_round *round, struct zipcrypto_keys keys)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();
	struct zipcrypto_keys twice = keys;

	zipcrypto_update(tables, &twice,
			 round->random[0] ^ zipcrypto_stream(&keys));
	zipcrypto_update(tables, &keys, round->random[0]);
	return (round->random[1] ^ zipcrypto_stream(&keys) ^
		zipcrypto_stream(&twice)) == round->header[1];
}

static void
every_way_passes_the_same_passwords_by_random_bytes(void **state)
{
	(void)state;
	static struct trial trial;
	uint64_t hits[ROUND_MAX_GROUPS * ZIPCRYPTO_SETS];
	size_t passed = 0;

	for (size_t i = 0; i < ROUND_CASES; i++) {
		make_trial(&trial);
		random_bytes(trial.round.random, sizeof(trial.round.random));
		for (size_t w = 0; w < ARRAY_LEN(ways); w++) {
			zipcrypto_try *way = zipcrypto_seeded_of(ways[w]);

			if (way == NULL)
				continue;
			way(&trial.round, hits);
			for (size_t k = 0;
			     k < trial.round.groups * ZIPCRYPTO_SETS *
					 ZIPCRYPTO_LANES;
			     k++) {
				const size_t at = k / ZIPCRYPTO_LANES;
				const size_t lane = k % ZIPCRYPTO_LANES;
				const bool hit = (hits[at] >> lane & 1) != 0;

				assert_int_equal(
					hit,
					passes_seeded(
						&trial.round,
						keys_of(&trial.round,
							at / ZIPCRYPTO_SETS,
							at % ZIPCRYPTO_SETS,
							lane)));
				passed += hit;
			}
		}
	}
	assert_true(passed > 0);
}

static void
every_way_decrypts_the_same_start(void **state)
{
	(void)state;
	static struct trial trial;
	static uint8_t
		plain[ZIPCRYPTO_SETS * ROUND_PEEK_BYTES * ZIPCRYPTO_LANES];
	uint8_t data[ROUND_PEEK_BYTES];

	for (size_t i = 0; i < ROUND_CASES; i++) {
		const size_t len = random_below(ROUND_PEEK_BYTES + 1);

		make_trial(&trial);
		random_bytes(data, sizeof(data));
		for (size_t w = 0; w < ARRAY_LEN(ways); w++) {
			const size_t set = random_below(ZIPCRYPTO_SETS);
			const size_t lane = random_below(ZIPCRYPTO_LANES);
			struct zipcrypto_keys keys =
				keys_of(&trial.round, 0, set, lane);

			zipcrypto_peek_of(ways[w])(&trial.round,
						   (struct span){ data, len },
						   plain);
			for (size_t k = 0; k < ZIPCRYPTO_HEADER_BYTES; k++)
				(void)zipcrypto_next(zipcrypto_tables(), &keys,
						     trial.header[k]);
			for (size_t k = 0; k < len; k++)
				assert_int_equal(
					plain[(set * len + k) *
						      ZIPCRYPTO_LANES +
					      lane],
					zipcrypto_next(zipcrypto_tables(),
						       &keys, data[k]));
		}
	}
}

static void
ways_are_told_apart_by_name(void **state)
{
	(void)state;
	assert_string_equal(zipcrypto_try_name(zipcrypto_try_portable),
			    "portable");
	assert_string_equal(
		zipcrypto_try_name(zipcrypto_try_of(CPU_WAY_PORTABLE)),
		"portable");
	if (cpu_can(CPU_WAY_AVX2))
		assert_string_equal(
			zipcrypto_try_name(zipcrypto_try_of(CPU_WAY_AVX2)),
			"avx2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_passes_the_same_passwords),
		cmocka_unit_test(
			every_way_passes_the_same_passwords_by_random_bytes),
		cmocka_unit_test(every_way_decrypts_the_same_start),
		cmocka_unit_test(ways_are_told_apart_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
