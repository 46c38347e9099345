/* The folding table against lists made from other sources: the decimal digits
 * of the Unicode database (category Nd, version 14.0.0, as python3 has it),
 * kanji digits, and the separators that documents show. */
#include "scanners/detect/fold.h"

#include "lib/base/attr.h"
#include "tests/harness/check.h"

static void
check_digit_of(uint32_t cp, unsigned value)
{
	uint8_t got = 99;

	if (fold_digit(cp, &got) == FOLD_DIGIT_NONE || got != value)
		fail_msg("U+%04X is %u, wanted %u", (unsigned)cp, got, value);
}

static void
every_decimal_digit_of_unicode_is_one(void **state)
{
	static const uint32_t zeros[] = {
		0x0030,  0x0660,  0x06F0,  0x07C0,  0x0966,  0x09E6,  0x0A66,
		0x0AE6,  0x0B66,  0x0BE6,  0x0C66,  0x0CE6,  0x0D66,  0x0DE6,
		0x0E50,  0x0ED0,  0x0F20,  0x1040,  0x1090,  0x17E0,  0x1810,
		0x1946,  0x19D0,  0x1A80,  0x1A90,  0x1B50,  0x1BB0,  0x1C40,
		0x1C50,  0xA620,  0xA8D0,  0xA900,  0xA9D0,  0xA9F0,  0xAA50,
		0xABF0,  0xFF10,  0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136,
		0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730,
		0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0,
		0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140,
		0x1E2F0, 0x1E950, 0x1FBF0,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(zeros); i++)
		for (unsigned k = 0; k < 10; k++)
			check_digit_of(zeros[i] + k, k);
}

static void
kanji_and_deeds_digits_are_positional(void **state)
{
	static const struct {
		uint32_t cp;
		unsigned value;
	} digits[] = {
		{ 0x3007, 0 }, { 0x96F6, 0 }, { 0x4E00, 1 }, { 0x58F1, 1 },
		{ 0x58F9, 1 }, { 0x4E8C, 2 }, { 0x5F10, 2 }, { 0x8CB3, 2 },
		{ 0x4E09, 3 }, { 0x53C2, 3 }, { 0x53C3, 3 }, { 0x56DB, 4 },
		{ 0x8086, 4 }, { 0x4E94, 5 }, { 0x4F0D, 5 }, { 0x516D, 6 },
		{ 0x9678, 6 }, { 0x4E03, 7 }, { 0x6F06, 7 }, { 0x516B, 8 },
		{ 0x634C, 8 }, { 0x4E5D, 9 }, { 0x7396, 9 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(digits); i++)
		check_digit_of(digits[i].cp, digits[i].value);
}

/* A circled ten and what is above count points: no digits. */
static void
circled_digits_end_at_nine(void **state)
{
	uint8_t value = 0;

	(void)state;
	for (unsigned k = 1; k < 10; k++) {
		check_digit_of(0x2460 + k - 1, k);
		check_digit_of(0x2776 + k - 1, k);
		check_digit_of(0x2474 + k - 1, k);
	}
	check_digit_of(0x24EA, 0);
	for (uint32_t cp = 0x2469; cp <= 0x2473; cp++)
		assert_int_equal(fold_digit(cp, &value), FOLD_DIGIT_NONE);
}

static void
separators_of_documents_are_marks(void **state)
{
	static const uint32_t marks[] = {
		0x002D, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015,
		0x2212, 0xFF0D, 0xFE63, 0xFE58, 0x2043, 0x30FC, 0xFF70,
		0x2500, 0x2501, 0x30FB, 0xFF65, 0x00B7, 0x002E, 0xFF0E,
		0x005F, 0x002F, 0x007C, 0xFF5C, 0x2502,
	};
	static const uint32_t spaces[] = {
		0x0020, 0x00A0, 0x2000, 0x2001, 0x2002, 0x2003,
		0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009,
		0x200A, 0x202F, 0x205F, 0x3000, 0x0009,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (fold_mark(marks[i]) == FOLD_MARK_NONE ||
		    fold_mark(marks[i]) == FOLD_MARK_SPACE)
			fail_msg("U+%04X", (unsigned)marks[i]);
	for (size_t i = 0; i < ARRAY_LEN(spaces); i++)
		if (fold_mark(spaces[i]) != FOLD_MARK_SPACE)
			fail_msg("U+%04X", (unsigned)spaces[i]);
}

static void
what_nobody_sees_is_left_out(void **state)
{
	static const uint32_t unseen[] = {
		0x200B,
		0x200C,
		0x200D,
		0x2060,
		0xFEFF,
		0x00AD,
		/* Hangul fillers. */
		0x115F,
		0x1160,
		0x3164,
		0xFFA0,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unseen); i++)
		if (!fold_is_invisible(unseen[i]))
			fail_msg("U+%04X", (unsigned)unseen[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_decimal_digit_of_unicode_is_one),
		cmocka_unit_test(kanji_and_deeds_digits_are_positional),
		cmocka_unit_test(circled_digits_end_at_nine),
		cmocka_unit_test(separators_of_documents_are_marks),
		cmocka_unit_test(what_nobody_sees_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
