/* Tests of scanners/detect/check_digit.h with published numbers. */
#include "scanners/detect/check_digit.h"

#include <string.h>

#include "tests/harness/check.h"

static bool
is_valid(const char *text)
{
	uint8_t digits[CHECK_DIGIT_COUNT];

	assert_int_equal(strlen(text), CHECK_DIGIT_COUNT);
	for (size_t i = 0; i < CHECK_DIGIT_COUNT; i++)
		digits[i] = (uint8_t)(text[i] - '0');
	return check_digit_is_valid(digits);
}

static void
published_numbers_are_judged_right(void **state)
{
	static const char *const valid[] = {
		"123456789018", "621498320257", "372967742338", "292175895982",
		"873321641958", "263348291158", "491131223718", "185672239885",
		"176521275740", "654629853731", "465281266333", "983205673214",
		"876543210989", "987654321093", "923456789014", "803199283958",
		"000111111111", "111111111118", "000000000000",
	};
	static const char *const invalid[] = {
		"621498320258", "185672239886", "176521275741",
		"654629853732", "983205673210", "923456789018",
		"012345678901", "123456789010", "123456789012",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(valid); i++)
		if (!is_valid(valid[i]))
			fail_msg("%s is valid", valid[i]);
	for (size_t i = 0; i < ARRAY_LEN(invalid); i++)
		if (is_valid(invalid[i]))
			fail_msg("%s is not valid", invalid[i]);
}

static void
each_prefix_has_one_valid_last_digit(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 2000; seed++) {
		uint8_t digits[CHECK_DIGIT_COUNT];
		unsigned next = seed * 2654435761U;
		unsigned valid = 0;

		for (size_t i = 0; i + 1 < CHECK_DIGIT_COUNT; i++) {
			next = next * 1103515245U + 12345U;
			digits[i] = (uint8_t)(next >> 16) % 10;
		}
		for (uint8_t last = 0; last < 10; last++) {
			digits[CHECK_DIGIT_COUNT - 1] = last;
			valid += check_digit_is_valid(digits);
		}
		assert_int_equal(valid, 1);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_numbers_are_judged_right),
		cmocka_unit_test(each_prefix_has_one_valid_last_digit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
