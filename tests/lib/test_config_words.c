/* Own ids, samples and patterns of a configuration file. */
#include "lib/config/config.h"

#include <stdio.h>
#include <string.h>

#include "lib/words/words.h"
#include "tests/harness/check.h"
#include "tests/lib/config_harness.h"

static void
ids_samples_and_patterns_reach_the_scanner(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	AUTO(sbuf_done) struct sbuf dump;
	struct err err = { .st = ST_OK };

	(void)state;
	sbuf_init(&dump, 1024 * 1024);
	check_status(ST_OK,
		     load_text(HEAD POLICY
			       "scanner { own_ids = { \"2026-####-####\" }\n"
			       " samples = { 123456789018 } }\n"
			       "pattern code { match = '社員(コード|CD)' "
			       "weight = -25 }\n"
			       "pattern other { match = \"b\\\"\" weight = 7\n"
			       " any_case = yes }\n",
			       &config, &err),
		     &err);
	assert_int_equal(1, config->words.own_id_count);
	assert_string_equal("2026-####-####", config->words.own_ids[0].text);
	assert_int_equal(1, config->words.sample_count);
	assert_int_equal(2, config->words.pattern_count);
	assert_string_equal("code", config->words.patterns[0].name);
	assert_string_equal("社員(コード|CD)", config->words.patterns[0].match);
	assert_int_equal(-25, config->words.patterns[0].weight_db);
	assert_false(config->words.patterns[0].any_case);
	assert_true(config->words.patterns[1].any_case);
	config_dump(config, &dump);
	assert_non_null(
		strstr(sbuf_text(&dump),
		       "pattern[0] = \"code\" -25 "
		       "\"社員(コード|CD)\"\n"
		       "pattern[1] = \"other\" +7 \"b\\\"\" any_case\n"));
}

static void
without_them_there_is_nothing_to_add(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, config_defaults(&config, &err), &err);
	assert_int_equal(0, config->words.own_id_count);
	assert_int_equal(0, config->words.sample_count);
	assert_int_equal(0, config->words.pattern_count);
	assert_int_equal(0, config->words.file_count);
	assert_string_equal("", config->scanner.words);
}

static void
wrong_ones_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "scanner {\nown_ids = { \"2026########\", 123456789018 } }",
		  "F:8: scanner.own_ids: item 2: no number of a person belongs "
		  "into a configuration file; write # for at least 4 digits" },
		{ "scanner { own_ids = { \"20##########\" } }",
		  "F:7: scanner.own_ids: item 1: covers too many numbers; "
		  "write at least 3 digits" },
		{ "scanner { samples = { 202610160001 } }",
		  "F:7: scanner.samples: item 1: is none of the published "
		  "sample numbers of conf/words/samples.conf; no number of a "
		  "person belongs into a configuration file" },
		{ "pattern code {\nweight = 1\nmatch = '(a' }",
		  "F:9: pattern \"code\": match: missing closing parenthesis, "
		  "at character 2" },
		{ "pattern code {\nmatch = a\nweight = 61 }",
		  "F:9: pattern[0].weight: \"61\" is out of range; allowed: -60 "
		  "to 60" },
		{ "pattern code {\nmatch = a\nweight = 0 }",
		  "F:9: pattern \"code\": weight: write -60 to +60, and not 0" },
		{ "pattern code {\nmatch = a }",
		  "F:7: pattern[0].weight: is required and missing" },
		{ "pattern code { weight = 5 }",
		  "F:7: pattern[0].match: is empty" },
		{ "pattern \"Our Code\" { match = a weight = 5 }",
		  "F:7: pattern \"Our Code\": its name: write 1 to 40 of a-z, "
		  "0-9 and -" },
		{ "pattern { match = a weight = 5 }",
		  "F:7: a pattern needs a name: pattern \"name\" {" },
		{ "pattern code { match = a weight = 5 }\n"
		  "pattern code { match = b weight = 5 }",
		  "F:8: \"pattern\" of the same name stands already in line 7" },
		{ "pattern code { colour = red }",
		  "F:7: there is no setting \"colour\" in \"pattern\"" },
		{ "scanner { words = words }",
		  "F:7: scanner.words: write the whole path, from /" },
	};
	char text[2000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		(void)snprintf(text, sizeof(text), "%s%s", HEAD POLICY,
			       cases[i].text);
		check_refused(text, cases[i].want);
	}
}

static void
more_than_sixteen_patterns_are_refused(void **state)
{
	AUTO(sbuf_done) struct sbuf text;

	(void)state;
	sbuf_init(&text, 10000);
	sbuf_add_text(&text, HEAD POLICY);
	for (int i = 0; i < 17; i++)
		sbuf_addf(&text, "pattern p%d { match = a weight = 1 }\n", i);
	check_refused(sbuf_text(&text),
		      "F:23: more than 16 patterns; write one with | for "
		      "several");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_samples_and_patterns_reach_the_scanner),
		cmocka_unit_test(without_them_there_is_nothing_to_add),
		cmocka_unit_test(wrong_ones_are_refused_with_their_line),
		cmocka_unit_test(more_than_sixteen_patterns_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
