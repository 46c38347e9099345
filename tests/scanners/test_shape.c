/* Tests of scanners/detect/shape.h: what a number looks like. */
#include "scanners/detect/shape.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

struct shaped {
	const char *written;
	enum evidence row;
};

static enum evidence
shape_of_text(const char *written)
{
	uint8_t digits[CHECK_DIGIT_COUNT] = { 0 };
	size_t count = 0;

	for (const char *at = written; *at != '\0'; at++)
		if (*at >= '0' && *at <= '9' && count < CHECK_DIGIT_COUNT)
			digits[count++] = (uint8_t)(*at - '0');
	assert_int_equal(count, CHECK_DIGIT_COUNT);
	return shape_of(digits, span_of(written));
}

static void
check_shapes(const struct shaped *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const enum evidence row = shape_of_text(cases[i].written);

		if (row != cases[i].row)
			fail_msg("%s: %s, want %s", cases[i].written,
				 evidence_name(row),
				 evidence_name(cases[i].row));
	}
}

static void
dates_are_days_of_the_calendar(void **state)
{
	static const struct shaped cases[] = {
		{ "202610161530", EVIDENCE_SHAPE_DATE_TIME },
		{ "199001010000", EVIDENCE_SHAPE_DATE_TIME },
		{ "203912312359", EVIDENCE_SHAPE_DATE_TIME },
		{ "202402291200", EVIDENCE_SHAPE_DATE_TIME },
		{ "200002291159", EVIDENCE_SHAPE_DATE_TIME },
		{ "202302291257", EVIDENCE_SHAPE_NONE },
		{ "202604311258", EVIDENCE_SHAPE_NONE },
		{ "202600151257", EVIDENCE_SHAPE_NONE },
		{ "202613151256", EVIDENCE_SHAPE_NONE },
		{ "202610001259", EVIDENCE_SHAPE_NONE },
		{ "198912311259", EVIDENCE_SHAPE_NONE },
		{ "204001011256", EVIDENCE_SHAPE_NONE },
		/* No such time of the day: an order of that day. */
		{ "202610162400", EVIDENCE_SHAPE_DATE_SERIAL },
		{ "202610161560", EVIDENCE_SHAPE_DATE_SERIAL },
		{ "202610163847", EVIDENCE_SHAPE_DATE_SERIAL },
		{ "20261016-3847", EVIDENCE_SHAPE_DATE_SERIAL },
		{ "261016153059", EVIDENCE_SHAPE_SHORT_DATE_TIME },
		{ "391231235959", EVIDENCE_SHAPE_SHORT_DATE_TIME },
		{ "401231235956", EVIDENCE_SHAPE_NONE },
		{ "261016156059", EVIDENCE_SHAPE_NONE },
		{ "261016153067", EVIDENCE_SHAPE_NONE },
	};

	(void)state;
	check_shapes(cases, ARRAY_LEN(cases));
}

static void
rows_of_years_and_prices_are_told(void **state)
{
	static const struct shaped cases[] = {
		{ "2024 2025 2026", EVIDENCE_SHAPE_YEARS },
		{ "1900 2100 2026", EVIDENCE_SHAPE_YEARS },
		{ "202020212022", EVIDENCE_SHAPE_YEARS },
		{ "2024 2025 2103", EVIDENCE_SHAPE_NONE },
		{ "1899 2025 2026", EVIDENCE_SHAPE_NONE },
		{ "1000 2000 3000", EVIDENCE_SHAPE_ROW },
		{ "3147 3150 3153", EVIDENCE_SHAPE_ROW },
		{ "9876 5432 0988", EVIDENCE_SHAPE_ROW },
		{ "1200 9800 4500", EVIDENCE_SHAPE_ROW },
		/* The same digits written as one number are no row. */
		{ "314731503153", EVIDENCE_SHAPE_NONE },
		{ "1280 3980 4530", EVIDENCE_SHAPE_ROUND },
		{ "123456780000", EVIDENCE_SHAPE_ROUND },
		{ "128039804530", EVIDENCE_SHAPE_NONE },
		{ "1280 3980 4536", EVIDENCE_SHAPE_NONE },
		{ "123456781001", EVIDENCE_SHAPE_NONE },
	};

	(void)state;
	check_shapes(cases, ARRAY_LEN(cases));
}

static void
few_different_digits_are_a_shape(void **state)
{
	static const struct shaped cases[] = {
		{ "000012010001", EVIDENCE_SHAPE_FEW_DIGITS },
		{ "111111111118", EVIDENCE_SHAPE_FEW_DIGITS },
		{ "000111111111", EVIDENCE_SHAPE_FEW_DIGITS },
		{ "565657757566", EVIDENCE_SHAPE_FEW_DIGITS },
		{ "565657757586", EVIDENCE_SHAPE_NONE },
	};

	(void)state;
	check_shapes(cases, ARRAY_LEN(cases));
}

static void
numbers_of_other_registers_are_told(void **state)
{
	static const struct shaped cases[] = {
		{ "819012345671", EVIDENCE_SHAPE_PHONE },
		{ "81 90 1234 5671", EVIDENCE_SHAPE_PHONE },
		{ "817012345671", EVIDENCE_SHAPE_PHONE },
		{ "816012345671", EVIDENCE_SHAPE_NONE },
		/* Companies: a main office, or any when it is written so. */
		{ "010001192707", EVIDENCE_SHAPE_REGISTRY },
		{ "0100-01-192707", EVIDENCE_SHAPE_REGISTRY },
		{ "0104-05-992708", EVIDENCE_SHAPE_REGISTRY },
		{ "010405992708", EVIDENCE_SHAPE_NONE },
		{ "010006192708", EVIDENCE_SHAPE_NONE },
		{ "510001192707", EVIDENCE_SHAPE_NONE },
		{ "9100-01-192709", EVIDENCE_SHAPE_NONE },
		/* Licences: the area, the check digit, never issued again. */
		{ "309212345690", EVIDENCE_SHAPE_LICENCE },
		{ "309212345692", EVIDENCE_SHAPE_NONE },
		{ "309212345670", EVIDENCE_SHAPE_NONE },
		{ "319212345640", EVIDENCE_SHAPE_NONE },
		/* Parcels: seven divides what is left. */
		{ "444413758703", EVIDENCE_SHAPE_PARCEL },
		{ "405548424886", EVIDENCE_SHAPE_PARCEL },
		{ "512547514334", EVIDENCE_SHAPE_PARCEL },
		{ "319721648466", EVIDENCE_SHAPE_PARCEL },
		{ "319721648465", EVIDENCE_SHAPE_NONE },
	};

	(void)state;
	check_shapes(cases, ARRAY_LEN(cases));
}

/* The check digit that makes digits valid. */
static void
make_valid(uint8_t digits[CHECK_DIGIT_COUNT])
{
	digits[CHECK_DIGIT_COUNT - 1] = 0;
	while (!check_digit_is_valid(digits))
		digits[CHECK_DIGIT_COUNT - 1]++;
}

/* Shares as the comments of conf/words/weights.conf give them, counted over
 * valid numbers that are spread evenly. */
static void
shapes_are_as_rare_as_their_weights_say(void **state)
{
	enum { DRAWS = 400000 };
	static const struct {
		enum evidence row;
		double share;
	} wants[] = {
		{ EVIDENCE_SHAPE_PARCEL, .102 },
		{ EVIDENCE_SHAPE_LICENCE, .0091 },
		{ EVIDENCE_SHAPE_SHORT_DATE_TIME, .0013 },
	};
	unsigned counts[EVIDENCE_END] = { 0 };
	uint64_t x = 88172645463325252U;

	(void)state;
	for (unsigned i = 0; i < DRAWS; i++) {
		uint8_t digits[CHECK_DIGIT_COUNT];

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		uint64_t left = x >> 11;

		for (unsigned k = 0; k < CHECK_DIGIT_COUNT; k++, left /= 10)
			digits[k] = (uint8_t)(left % 10);
		make_valid(digits);
		counts[shape_of(digits, span_of("123456789018"))]++;
	}
	for (size_t i = 0; i < ARRAY_LEN(wants); i++) {
		const double share = (double)counts[wants[i].row] / DRAWS;

		if (share < wants[i].share * .85 ||
		    share > wants[i].share * 1.15)
			fail_msg("%s: %f, want %f", evidence_name(wants[i].row),
				 share, wants[i].share);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_days_of_the_calendar),
		cmocka_unit_test(rows_of_years_and_prices_are_told),
		cmocka_unit_test(few_different_digits_are_a_shape),
		cmocka_unit_test(numbers_of_other_registers_are_told),
		cmocka_unit_test(shapes_are_as_rare_as_their_weights_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
