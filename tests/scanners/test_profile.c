/* Tests of the profiles of scanners/detect/detect.h: the same text in both. */
#include <string.h>

#include "scanners/detect/evidence.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"
#include "tests/scanners/numbers_made.h"

enum { NOTHING = -999 };

static int64_t
score_in(enum report_profile profile, const char *text)
{
	struct scan scan;
	int64_t score_db = NOTHING;

	scan_start_in(&scan, profile);
	scan_text(&scan, text);
	scan_finish(&scan);
	if (scan.report.finding_count > 0)
		score_db = scan.report.findings[0].score_db;
	scan_end(&scan);
	return score_db;
}

static void
strict_holds_what_only_its_check_digit_speaks_for(void **state)
{
	static const struct {
		const char *text;
		int64_t standard_db, strict_db;
	} cases[] = {
		{ "123456789018", NOTHING, 2 },
		{ "1234 5678 9018", NOTHING, 10 },
		{ "1234-5678-9018", NOTHING, 3 },
		{ "個人番号：123456789018", 22, 42 },
		/* A form word is a label: the prior alone moves. */
		{ "年末調整の書類 123456789018", -8, 12 },
		/* What speaks for something else still does. */
		{ "123456789012", NOTHING, NOTHING },
		{ "送り状番号 319721648466", NOTHING, NOTHING },
		{ "会議ID: 123456789018", NOTHING, NOTHING },
		{ "123456789018円", NOTHING, NOTHING },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(
			score_in(REPORT_PROFILE_STANDARD, cases[i].text),
			cases[i].standard_db);
		assert_int_equal(score_in(REPORT_PROFILE_STRICT, cases[i].text),
				 cases[i].strict_db);
	}
}

/* The weight of a term in the first finding; 0: it has none of that name. */
static int64_t
term_db(const struct scan_report *report, const char *name)
{
	const struct report_finding *finding = &report->findings[0];

	for (size_t i = 0; i < finding->term_count; i++) {
		if (strcmp(finding->terms[i].name, name) == 0)
			return finding->terms[i].weight_db;
	}
	return 0;
}

static void
check_profile_terms(enum report_profile profile, const char *text,
		    int64_t strict_db, int64_t unlabelled_db)
{
	struct scan scan;
	int64_t sum_db = 0;

	scan_start_in(&scan, profile);
	scan_text(&scan, text);
	scan_finish(&scan);
	assert_true(scan.report.finding_count > 0);
	assert_int_equal(term_db(&scan.report, "profile.strict"), strict_db);
	assert_int_equal(term_db(&scan.report, "profile.strict-unlabelled"),
			 unlabelled_db);
	for (size_t i = 0; i < scan.report.findings[0].term_count; i++)
		sum_db += scan.report.findings[0].terms[i].weight_db;
	assert_int_equal(sum_db, scan.report.findings[0].score_db);
	scan_end(&scan);
}

static void
one_row_of_the_report_says_which_profile_it_was(void **state)
{
	(void)state;
	check_profile_terms(REPORT_PROFILE_STANDARD, "個人番号：123456789018",
			    0, 0);
	check_profile_terms(REPORT_PROFILE_STRICT, "個人番号：123456789018", 20,
			    0);
	check_profile_terms(REPORT_PROFILE_STRICT, "123456789018", 0, 27);
}

static void
unlabelled_numbers_are_counted_in_strict(void **state)
{
	static const char text[] = "123456789018\n\n\n621498320257\n";
	struct scan scan;

	(void)state;
	scan_start_in(&scan, REPORT_PROFILE_STRICT);
	scan_text(&scan, text);
	scan_finish(&scan);
	assert_int_equal(scan.report.number_count, 2);
	assert_int_equal(scan.report.finding_count, 2);
	assert_int_equal(scan.report.level, REPORT_LEVEL_SUSPECT);
	scan_end(&scan);
}

static void
a_label_elsewhere_leaves_the_prior_of_the_profile(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err;

	(void)state;
	check_status(ST_OK, words_new(&words, &err), &err);
	assert_int_equal(evidence_label_db(words, REPORT_PROFILE_STANDARD,
					   EVIDENCE_LABEL_ABSENT),
			 -12);
	assert_int_equal(evidence_label_db(words, REPORT_PROFILE_STRICT,
					   EVIDENCE_LABEL_ABSENT),
			 -5);
	assert_int_equal(evidence_label_db(words, REPORT_PROFILE_STRICT,
					   EVIDENCE_LABEL_MESSAGE),
			 10);
}

/* The best score of a column of valid numbers without a heading. */
static int64_t
score_of_column(enum report_profile profile, uint32_t rows)
{
	struct scan scan;
	int64_t score_db = NOTHING;

	scan_start_in(&scan, profile);
	for (uint32_t row = 1; row <= rows; row++) {
		char text[NUMBER_MADE_BYTES];

		number_made(number_scattered(row, 100000000000), true, text);
		scan_cell(&scan, row, 1, text);
	}
	scan_finish(&scan);
	if (scan.report.finding_count > 0)
		score_db = scan.report.findings[0].score_db;
	scan_end(&scan);
	return score_db;
}

static void
a_short_column_without_a_heading_is_held_in_strict(void **state)
{
	static const struct {
		uint32_t rows;
		int64_t standard_db, strict_db;
	} cases[] = {
		{ 2, NOTHING, 11 },
		{ 3, -9, 18 },
		{ 4, -6, 21 },
		{ 5, 4, 31 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(
			score_of_column(REPORT_PROFILE_STANDARD, cases[i].rows),
			cases[i].standard_db);
		assert_int_equal(
			score_of_column(REPORT_PROFILE_STRICT, cases[i].rows),
			cases[i].strict_db);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			strict_holds_what_only_its_check_digit_speaks_for),
		cmocka_unit_test(
			one_row_of_the_report_says_which_profile_it_was),
		cmocka_unit_test(unlabelled_numbers_are_counted_in_strict),
		cmocka_unit_test(
			a_short_column_without_a_heading_is_held_in_strict),
		cmocka_unit_test(
			a_label_elsewhere_leaves_the_prior_of_the_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
