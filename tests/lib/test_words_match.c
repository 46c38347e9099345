/* Patterns of an admin, and what a match may cost. */
#include "lib/words/words_match.h"

#include <string.h>

#include "lib/base/parse.h"
#include "lib/words/words.h"
#include "tests/harness/check.h"

/* What a pattern of this weight says about text. */
static struct words_matched
match(const char *regex, int64_t weight_db, const char *text, int64_t *sum_out)
{
	const struct words_pattern item = { "some-code", regex, true,
					    weight_db };
	AUTO(words_patterns_free) struct words_patterns *patterns = NULL;
	AUTO(words_matcher_free) struct words_matcher *matcher = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, words_patterns_new(&item, 1, &patterns, &err),
		     &err);
	check_status(ST_OK, words_matcher_new(patterns, &matcher, &err), &err);
	const struct words_matched result =
		words_matcher_run(matcher, span_of(text));

	*sum_out = words_patterns_db(patterns, &result);
	return result;
}

static void
a_pattern_adds_its_weight_where_it_matches(void **state)
{
	int64_t sum_db = 0;

	(void)state;
	assert_int_equal(
		1, match("社員(コード|CD)", -25, "社員cd 1", &sum_db).matched);
	assert_int_equal(-25, sum_db);
	assert_int_equal(
		0,
		match("社員(コード|CD)", -25, "社員番号 1", &sum_db).matched);
	assert_int_equal(0, sum_db);
}

static void
a_match_without_end_stops_and_fails_closed(void **state)
{
	static const char text[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
	int64_t sum_db = 0;
	struct words_matched result = match("^(a+)+$", -25, text, &sum_db);

	(void)state;
	assert_int_equal(1, result.limited);
	assert_int_equal(0, result.matched);
	assert_int_equal(0, sum_db);
	result = match("^(a+)+$", 25, text, &sum_db);
	assert_int_equal(1, result.limited);
	assert_int_equal(1, result.matched);
	assert_int_equal(25, sum_db);
}

static void
a_pattern_that_keeps_running_into_limits_is_given_up(void **state)
{
	const struct words_pattern item = { "slow", "^(a+)+$", false, -5 };
	struct words_matched result = { 0, 0 };
	AUTO(words_patterns_free) struct words_patterns *patterns = NULL;
	AUTO(words_matcher_free) struct words_matcher *matcher = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, words_patterns_new(&item, 1, &patterns, &err),
		     &err);
	check_status(ST_OK, words_matcher_new(patterns, &matcher, &err), &err);
	for (int i = 0; i < WORDS_MATCH_MOST_LIMITS; i++)
		assert_int_equal(
			1, words_matcher_run(
				   matcher,
				   span_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
					   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"))
				   .limited);
	result = words_matcher_unfinished(matcher);
	assert_int_equal(1, result.limited);
	assert_int_equal(0, result.matched);
	/* A text that would match is not even looked at. */
	assert_int_equal(1, words_matcher_run(matcher, span_of("aaa")).limited);
	assert_int_equal(0, words_matcher_run(matcher, span_of("aaa")).matched);
}

static void
rows_of_patterns_have_their_name(void **state)
{
	const struct words_pattern items[] = {
		{ "first", "A", false, 5 },
		{ "second", "B", false, -7 },
	};
	const struct words_matched matched = { 1, 2 };
	AUTO(words_patterns_free) struct words_patterns *patterns = NULL;
	struct err err = { .st = ST_OK };
	const char *name = NULL;
	int64_t weight_db = 1;

	(void)state;
	check_status(ST_OK, words_patterns_new(items, 2, &patterns, &err),
		     &err);
	assert_int_equal(2, words_patterns_count(patterns));
	assert_true(
		words_patterns_row(patterns, &matched, 0, &name, &weight_db));
	assert_string_equal("pattern.first", name);
	assert_int_equal(5, weight_db);
	assert_true(
		words_patterns_row(patterns, &matched, 1, &name, &weight_db));
	assert_string_equal("pattern.second.limit", name);
	assert_int_equal(0, weight_db);
	assert_false(
		words_patterns_row(patterns, &matched, 2, &name, &weight_db));
	assert_int_equal(5, words_patterns_db(patterns, &matched));
	assert_int_equal(0, words_patterns_count(NULL));
}

static void
wrong_patterns_are_refused_by_name(void **state)
{
	static const struct {
		struct words_pattern item;
		const char *says;
	} cases[] = {
		{ { "a", "(b", false, 5 },
		  "pattern \"a\": match: missing closing parenthesis, at "
		  "character 2" },
		{ { "a", "", false, 5 }, "match: is missing" },
		{ { "a", "\\C", false, 5 }, "match: " },
		{ { "a", "b", false, 0 }, "weight: write -60 to +60" },
		{ { "a", "b", false, 61 }, "weight: write -60 to +60" },
		{ { "a", "b", false, -61 }, "weight: write -60 to +60" },
		{ { "A b", "b", false, 5 }, "its name: write 1 to 40" },
		{ { "", "b", false, 5 }, "its name: write 1 to 40" },
		{ { "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddd", "b", false,
		    5 },
		  "its name: write 1 to 40" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct words_added added = { .patterns = &cases[i].item,
						   .pattern_count = 1 };
		AUTO(words_free) struct words *words = NULL;
		struct err err = { .st = ST_OK };

		check_status(ST_FORMAT, words_make(&added, &words, &err), &err);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s, not %s", err.text, cases[i].says);
		check_status(ST_FORMAT,
			     words_pattern_check(&cases[i].item, &err), &err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_adds_its_weight_where_it_matches),
		cmocka_unit_test(a_match_without_end_stops_and_fails_closed),
		cmocka_unit_test(
			a_pattern_that_keeps_running_into_limits_is_given_up),
		cmocka_unit_test(rows_of_patterns_have_their_name),
		cmocka_unit_test(wrong_patterns_are_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
