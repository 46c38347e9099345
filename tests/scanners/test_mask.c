/* Masks: what they stand for, and what is refused. */
#include <string.h>

#include "lib/base/attr.h"
#include "scanners/locks/mask.h"
#include "scanners/locks/word_forms.h"
#include "tests/harness/check.h"

static struct mask *
parsed(const char *text)
{
	struct mask *mask = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, mask_parse(text, &mask, &err), &err);
	return mask;
}

static void
a_mask_has_as_many_passwords_as_it_says(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t size;
	} cases[] = {
		{ "abc", 1 },           { "?d", 10 },
		{ "?l?u", 676 },        { "?a", 95 },
		{ "?s", 33 },           { "??", 1 },
		{ "?d{8}", 100000000 }, { "?d{1,8}", 111111110 },
		{ "A?d{0,2}", 111 },    { "?[a-f0-9]{2}", 256 },
		{ "?[]-]", 2 },         { "?[aab-b]", 2 },
		{ "?[0-9]?[xyz]", 30 }, { "?a{30}", UINT64_MAX },
		{ "パス?d", 10 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(mask_free) struct mask *mask = parsed(cases[i].text);

		if (mask_size(mask) != cases[i].size)
			fail_msg("%s: %llu", cases[i].text,
				 (unsigned long long)mask_size(mask));
	}
}

static void
what_is_no_mask_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",       "?",
		"?x",     "?d{",
		"?d{2",   "?d{3,2}",
		"?d{0}",  "?d{1,}",
		"?d{,3}", "?[",
		"?[a",    "?[z-a]",
		"?d{65}", "?d{99999999999999999999}",
		"?[]",    "a{",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		AUTO(mask_free) struct mask *mask = NULL;
		struct err err = { .st = ST_OK };

		if (mask_parse(texts[i], &mask, &err) == ST_OK)
			fail_msg("\"%s\" is taken for a mask", texts[i]);
		assert_null(mask);
		assert_true(err.text[0] != '\0');
	}
}

static void
shapes_come_shortest_first_and_each_once(void **state)
{
	(void)state;
	AUTO(mask_free) struct mask *mask = parsed("x?d{1,2}?l{0,1}");
	static const size_t counts[] = { 2, 3, 3, 4 };
	static const uint64_t sizes[] = { 10, 260, 100, 2600 };
	struct mask_shape shape;

	mask_first(mask, &shape);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		assert_int_equal(shape.count, counts[i]);
		assert_int_equal(mask_shape_size(&shape), sizes[i]);
		assert_int_equal(mask_next(mask, &shape),
				 i + 1 < ARRAY_LEN(counts));
	}
}

static void
a_word_has_the_forms_that_people_use_each_once(void **state)
{
	(void)state;
	static const char *const wanted[] = {
		"tokyo", "tokyo1",    "tokyo2026",
		"Tokyo", "Tokyo123!", "TOKYO2025"
	};
	bool seen[ARRAY_LEN(wanted)] = { false };
	size_t capitals = 0;
	AUTO(sbuf_done) struct sbuf out;

	sbuf_init(&out, 100);
	for (size_t i = 0; i < word_forms_count(); i++) {
		sbuf_clear(&out);
		if (!word_form((struct span){ (const uint8_t *)"tokyo", 5 }, i,
			       &out))
			continue;
		capitals += strcmp(sbuf_text(&out), "Tokyo") == 0;
		for (size_t k = 0; k < ARRAY_LEN(wanted); k++)
			seen[k] |= strcmp(sbuf_text(&out), wanted[k]) == 0;
	}
	for (size_t k = 0; k < ARRAY_LEN(wanted); k++)
		assert_true(seen[k]);
	assert_int_equal(capitals, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mask_has_as_many_passwords_as_it_says),
		cmocka_unit_test(what_is_no_mask_is_refused),
		cmocka_unit_test(shapes_come_shortest_first_and_each_once),
		cmocka_unit_test(
			a_word_has_the_forms_that_people_use_each_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
