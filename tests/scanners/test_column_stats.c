/* Tests of scanners/detect/column_stats.h: what numbers say together. */
#include "scanners/detect/column_stats.h"

#include "lib/base/attr.h"
#include "tests/harness/check.h"
#include "tests/scanners/numbers_made.h"

static void
the_factor_of_a_column_is_the_published_one(void **state)
{
	static const struct {
		uint32_t distinct;
		uint32_t valid;
		int64_t want_db;
	} cases[] = {
		{ 1, 0, -9 },    { 1, 1, 9 },      { 2, 0, -12 },
		{ 2, 1, -1 },    { 2, 2, 19 },     { 3, 0, -14 },
		{ 3, 1, -6 },    { 3, 2, 7 },      { 3, 3, 26 },
		{ 5, 0, -16 },   { 5, 1, -11 },    { 5, 2, -3 },
		{ 5, 4, 23 },    { 5, 5, 29 },     { 10, 0, -18 },
		{ 10, 1, -16 },  { 10, 2, -11 },   { 10, 3, -5 },
		{ 10, 4, 2 },    { 10, 5, 10 },    { 10, 7, 25 },
		{ 10, 9, 29 },   { 10, 10, 29 },   { 20, 2, -18 },
		{ 20, 4, -11 },  { 20, 6, -1 },    { 20, 8, 10 },
		{ 20, 10, 17 },  { 20, 14, 28 },   { 20, 20, 29 },
		{ 50, 5, -20 },  { 50, 10, -7 },   { 50, 15, 8 },
		{ 50, 20, 13 },  { 50, 25, 19 },   { 50, 35, 32 },
		{ 50, 50, 29 },  { 100, 10, -22 }, { 100, 20, -1 },
		{ 100, 30, 8 },  { 100, 40, 14 },  { 100, 50, 20 },
		{ 100, 90, 29 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const int64_t got = column_stats_check_db(cases[i].distinct,
							  cases[i].valid);

		if (got != cases[i].want_db)
			fail_msg("%u of %u: %lld dB, want %lld", cases[i].valid,
				 cases[i].distinct, (long long)got,
				 (long long)cases[i].want_db);
	}
}

static void
more_numbers_count_as_a_hundred(void **state)
{
	(void)state;
	assert_int_equal(column_stats_check_db(1000, 100), -22);
	assert_int_equal(column_stats_check_db(1000000, 500000), 20);
	assert_int_equal(column_stats_check_db(UINT32_MAX, UINT32_MAX),
			 column_stats_check_db(100, 100));
}

static void
no_factor_is_beyond_its_bounds(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= 120; n++)
		for (uint32_t k = 0; k <= n; k++) {
			const int64_t db = column_stats_check_db(n, k);

			assert_true(db <= COLUMN_STATS_MOST_DB && db >= -40);
		}
}

static enum evidence
spread_of(const uint64_t *values, size_t count)
{
	struct column_stats stats = { 0 };

	for (size_t i = 0; i < count; i++)
		column_stats_add(&stats, values[i], true, EVIDENCE_SHAPE_NONE);
	return column_stats_spread(&stats);
}

static void
numbers_that_were_issued_in_order_are_known_by_it(void **state)
{
	static const struct {
		uint64_t values[6];
		size_t count;
		enum evidence want;
	} cases[] = {
		/* Two say nothing. */
		{ { 123456789018, 123456789019 }, 2, EVIDENCE_NONE },
		/* A prefix of three digits, and of two. */
		{ { 123956789018, 123456789018, 123656789018 },
		  3,
		  EVIDENCE_SPREAD_SEQUENCE },
		{ { 129456789018, 121456789018, 126656789018 },
		  3,
		  EVIDENCE_SPREAD_PREFIX },
		{ { 199456789018, 121456789018, 166656789018 },
		  3,
		  EVIDENCE_NONE },
		/* Steps, up and down, across a change of the first digits. */
		{ { 199999999018, 200000199018, 200000299018 },
		  3,
		  EVIDENCE_SPREAD_SEQUENCE },
		{ { 200000299018, 200000199018, 199999999018 },
		  3,
		  EVIDENCE_SPREAD_SEQUENCE },
		{ { 199993459018, 200000167018, 199996799018 },
		  3,
		  EVIDENCE_NONE },
		/* Scores from 1 to 5, and with 6 and 7. */
		{ { 451234512345, 123451234512, 254321543215 },
		  3,
		  EVIDENCE_SPREAD_FEW_VALUES },
		{ { 451234512345, 123451234512 }, 2, EVIDENCE_NONE },
		{ { 451234512345, 123471234512, 254321643215 },
		  3,
		  EVIDENCE_NONE },
		/* Random ones, five at least. */
		{ { 123456789018, 621498320257, 372967742338, 292175895982 },
		  4,
		  EVIDENCE_NONE },
		{ { 123456789018, 621498320257, 372967742338, 292175895982,
		    873321641958 },
		  5,
		  EVIDENCE_SPREAD_RANDOM },
		{ { 123456789018, 621498320257, 372967742338, 292175895982,
		    123321641958 },
		  5,
		  EVIDENCE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(spread_of(cases[i].values, cases[i].count),
				 cases[i].want);
}

static void
many_random_numbers_are_still_random(void **state)
{
	struct column_stats stats = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 20000; i++) {
		column_stats_add(&stats, number_scattered(i, 1000000000000),
				 true, EVIDENCE_SHAPE_NONE);
		if (i >= 9)
			assert_int_equal(column_stats_spread(&stats),
					 EVIDENCE_SPREAD_RANDOM);
	}
}

static void
numbers_that_all_fit_another_kind_are_of_that_kind(void **state)
{
	static const uint64_t codes[] = { 36000291452, 612345678907,
					  975312468056, 204060801014 };
	struct column_stats products = { 0 };
	struct column_stats parcels = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		assert_int_equal(column_stats_spread(&products), EVIDENCE_NONE);
		column_stats_add(&products, codes[i], true,
				 EVIDENCE_SHAPE_NONE);
	}
	assert_int_equal(products.products, 4);
	assert_int_equal(column_stats_spread(&products),
			 EVIDENCE_SPREAD_OTHER_KIND);
	for (uint64_t i = 0; i < 40; i++)
		column_stats_add(&parcels, number_scattered(i, 1000000000000),
				 true,
				 i % 10 == 3 ? EVIDENCE_SHAPE_NONE
					     : EVIDENCE_SHAPE_PARCEL);
	assert_int_equal(column_stats_spread(&parcels),
			 EVIDENCE_SPREAD_OTHER_KIND);
	column_stats_add(&parcels, 987654321093, true, EVIDENCE_SHAPE_NONE);
	assert_int_equal(column_stats_spread(&parcels), EVIDENCE_SPREAD_RANDOM);
}

static void
under_the_name_of_another_id_a_column_says_less(void **state)
{
	(void)state;
	assert_int_equal(column_stats_rival_db(10, 10), 19);
	assert_int_equal(column_stats_rival_db(10, 1),
			 column_stats_check_db(10, 1));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_factor_of_a_column_is_the_published_one),
		cmocka_unit_test(more_numbers_count_as_a_hundred),
		cmocka_unit_test(no_factor_is_beyond_its_bounds),
		cmocka_unit_test(
			numbers_that_were_issued_in_order_are_known_by_it),
		cmocka_unit_test(
			numbers_that_all_fit_another_kind_are_of_that_kind),
		cmocka_unit_test(
			under_the_name_of_another_id_a_column_says_less),
		cmocka_unit_test(many_random_numbers_are_still_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
