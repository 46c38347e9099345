/* Own ids, samples and patterns in a scan, and what they may not do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

/* All pass the check, but for the last one. */
#define SOME_NUMBER   "621498320257"
#define SAMPLE_NUMBER "123456789018"
#define ORDER_NUMBER  "202610160001"
#define WRONG_NUMBER  "621498320258"

static struct words *
make_words(const struct words_added *added)
{
	struct words *words = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, words_make(added, &words, &err), &err);
	return words;
}

static struct words *
words_with_pattern(const char *match, int64_t weight_db)
{
	const struct words_pattern item = { "test", match, false, weight_db };
	const struct words_added added = { .patterns = &item,
					   .pattern_count = 1 };

	return make_words(&added);
}

/* The weight of a term of the first finding; 0: it has none. */
static int64_t
term_db(const struct scan *scan, const char *name)
{
	if (scan->report.finding_count == 0)
		return 0;
	for (size_t i = 0; i < scan->report.findings[0].term_count; i++)
		if (strcmp(scan->report.findings[0].terms[i].name, name) == 0)
			return scan->report.findings[0].terms[i].weight_db;
	return 0;
}

/* Is the term of the first finding there, without a weight? */
static bool
has_empty_term(const struct scan *scan, const char *name)
{
	const struct report_finding *first = scan->report.findings;

	for (size_t i = 0;
	     scan->report.finding_count > 0 && i < first->term_count; i++)
		if (strcmp(first->terms[i].name, name) == 0)
			return first->terms[i].weight_db == 0;
	return false;
}

static void
scan_with(struct scan *scan, const struct words *words, const char *text)
{
	scan_start_with(scan, words);
	scan_text(scan, text);
	scan_finish(scan);
}

static enum report_level
level_of(const struct words *words, const char *text)
{
	struct scan scan;

	scan_with(&scan, words, text);
	const enum report_level level = scan.report.level;

	scan_end(&scan);
	return level;
}

static void
an_own_id_is_left_alone_even_beside_a_label(void **state)
{
	const struct words_id id = { "2026 10## ####" };
	const struct words_added added = { .own_ids = &id, .own_id_count = 1 };
	AUTO(words_free) struct words *words = make_words(&added);
	struct scan scan;

	(void)state;
	assert_int_equal(REPORT_LEVEL_SURE,
			 level_of(words, "個人番号：" SOME_NUMBER));
	scan_with(&scan, words,
		  "従業員の個人番号\n生年月日 氏名 個人番号："
		  "202610150006 2026-1015-0006 " ORDER_NUMBER);
	assert_true(scan.report.level < REPORT_LEVEL_SUSPECT);
	assert_int_equal(0, scan.report.number_count);
	scan_end(&scan);
}

static void
an_own_id_is_named_where_it_is_noted(void **state)
{
	const struct words_id id = { "6214########" };
	const struct words_file file = { "weights.add.conf", "own.id -25\n" };
	const struct words_added added = { .own_ids = &id,
					   .own_id_count = 1,
					   .files = &file,
					   .file_count = 1 };
	AUTO(words_free) struct words *words = make_words(&added);
	struct scan scan;

	(void)state;
	scan_with(&scan, words, "個人番号：" SOME_NUMBER);
	assert_int_equal(-25, term_db(&scan, "own.id"));
	scan_end(&scan);
}

static void
a_sample_counts_until_it_is_named(void **state)
{
	const struct words_id sample = { SAMPLE_NUMBER };
	const struct words_added added = { .samples = &sample,
					   .sample_count = 1 };
	AUTO(words_free) struct words *words = make_words(&added);

	(void)state;
	assert_int_equal(REPORT_LEVEL_SURE,
			 level_of(NULL, "個人番号：" SAMPLE_NUMBER));
	assert_int_equal(REPORT_LEVEL_NONE,
			 level_of(words, "個人番号：" SAMPLE_NUMBER));
	assert_int_equal(REPORT_LEVEL_SURE,
			 level_of(words, "個人番号：" SOME_NUMBER));
}

static void
a_pattern_sees_the_number_as_twelve_digits(void **state)
{
	AUTO(words_free)
	struct words *words =
		words_with_pattern("^CD\\[[0-9]{12}\\]円?x$", -25);
	static const char *const texts[] = {
		"前の行 個人番号\nCD[621498320257]x\n次の行",
		"個人番号\nCD[6214-9832-0257]x",
		"個人番号\nＣＤ［６２１４９８３２０２５７］ｘ",
	};
	struct scan scan;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		scan_with(&scan, words, texts[i]);
		if (term_db(&scan, "pattern.test") != -25)
			fail_msg("%s", texts[i]);
		scan_end(&scan);
	}
	scan_with(&scan, words, "個人番号\nCD[621498320257]xy");
	assert_int_equal(0, term_db(&scan, "pattern.test"));
	assert_true(scan.report.finding_count > 0);
	scan_end(&scan);
}

static void
a_pattern_sees_no_farther_than_its_sides(void **state)
{
	AUTO(words_free)
	struct words *words = words_with_pattern("遠い", -25);
	char text[1200];
	struct scan scan;

	(void)state;
	for (int blanks = 100; blanks <= 300; blanks += 200) {
		(void)snprintf(text, sizeof(text), "遠い%*s個人番号 %s", blanks,
			       "", SOME_NUMBER);
		scan_with(&scan, words, text);
		assert_int_equal(blanks < 200 ? -25 : 0,
				 term_db(&scan, "pattern.test"));
		scan_end(&scan);
	}
}

static void
a_pattern_can_speak_for_a_number(void **state)
{
	AUTO(words_free)
	struct words *words = words_with_pattern("人事台帳", 40);

	(void)state;
	assert_int_equal(REPORT_LEVEL_NONE,
			 level_of(NULL, "人事台帳 " SOME_NUMBER));
	assert_int_equal(REPORT_LEVEL_SURE,
			 level_of(words, "人事台帳 " SOME_NUMBER));
	assert_int_equal(REPORT_LEVEL_NONE, level_of(words, SOME_NUMBER));
}

static void
no_pattern_lifts_a_number_with_a_wrong_check_digit(void **state)
{
	AUTO(words_free) struct words *words = words_with_pattern(".", 60);
	struct scan scan;

	(void)state;
	scan_with(&scan, words, "個人番号：" WRONG_NUMBER);
	assert_true(scan.report.level <= REPORT_LEVEL_NOTED);
	assert_int_equal(0, term_db(&scan, "pattern.test"));
	scan_end(&scan);
}

static void
a_pattern_sees_the_heading_of_a_column(void **state)
{
	AUTO(words_free)
	struct words *words = words_with_pattern("^社員CD\t[0-9]{12}$", -25);
	struct scan scan;

	(void)state;
	scan_start_with(&scan, words);
	scan_cell(&scan, 1, 1, "個人番号");
	scan_cell(&scan, 1, 2, "社員ＣＤ");
	scan_cell(&scan, 2, 1, "372967742338");
	scan_cell(&scan, 2, 2, SOME_NUMBER);
	scan_finish(&scan);
	for (size_t i = 0; i < scan.report.finding_count; i++) {
		const struct report_finding *finding = &scan.report.findings[i];
		bool has = false;

		for (size_t k = 0; k < finding->term_count; k++)
			has |= strcmp(finding->terms[k].name, "pattern.test") ==
			       0;
		assert_int_equal(strcmp(finding->number, SOME_NUMBER) == 0,
				 has);
	}
	assert_int_equal(1, scan.report.number_count);
	scan_end(&scan);
}

static void
a_pattern_without_end_holds_up_no_scan(void **state)
{
	AUTO(words_free)
	struct words *words = words_with_pattern("^(.+)+#$", 5);
	const clock_t start = clock();
	struct scan scan;

	(void)state;
	scan_start_with(&scan, words);
	for (int i = 0; i < 2000; i++)
		scan_text(&scan, "個人番号を書く欄 " SOME_NUMBER
				 " この行には # 続きがある\n");
	scan_finish(&scan);
	assert_int_equal(5, term_db(&scan, "pattern.test.limit"));
	assert_int_equal(REPORT_LEVEL_SURE, scan.report.level);
	scan_end(&scan);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
}

static void
a_pattern_that_could_not_be_finished_is_told(void **state)
{
	/* It would let the number pass. */
	AUTO(words_free)
	struct words *words = words_with_pattern("^(.+)+#$", -60);
	struct scan scan;

	(void)state;
	scan_start_with(&scan, words);
	scan_text(&scan,
		  "個人番号を書く欄 " SOME_NUMBER " この行には # 続きがある\n");
	scan_finish(&scan);
	assert_true(has_empty_term(&scan, "pattern.test.limit"));
	assert_int_equal(REPORT_LEVEL_SURE, scan.report.level);
	scan_end(&scan);
	/* In a column, too. */
	scan_start_with(&scan, words);
	scan_cell(&scan, 1, 1, "個人番号");
	scan_cell(&scan, 2, 1, SOME_NUMBER " この行には # 続きがある");
	scan_finish(&scan);
	assert_true(has_empty_term(&scan, "pattern.test.limit"));
	scan_end(&scan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_own_id_is_left_alone_even_beside_a_label),
		cmocka_unit_test(an_own_id_is_named_where_it_is_noted),
		cmocka_unit_test(a_sample_counts_until_it_is_named),
		cmocka_unit_test(a_pattern_sees_the_number_as_twelve_digits),
		cmocka_unit_test(a_pattern_sees_no_farther_than_its_sides),
		cmocka_unit_test(a_pattern_can_speak_for_a_number),
		cmocka_unit_test(
			no_pattern_lifts_a_number_with_a_wrong_check_digit),
		cmocka_unit_test(a_pattern_sees_the_heading_of_a_column),
		cmocka_unit_test(a_pattern_without_end_holds_up_no_scan),
		cmocka_unit_test(a_pattern_that_could_not_be_finished_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
