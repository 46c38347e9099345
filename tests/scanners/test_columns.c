/* Tests of scanners/detect/columns.h through the detector: tables. */
#include "scanners/detect/columns.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"
#include "tests/scanners/numbers_made.h"

static void
a_column_header_labels_all_its_cells(void **state)
{
	static const char *const numbers[] = { "123456789018", "621498320257",
					       "372967742338", "292175895982",
					       "123456789012" };
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_cell(&scan, 1, 1, "氏名");
	scan_cell(&scan, 1, 2, "個人番号");
	scan_cell(&scan, 1, 3, "電話番号");
	for (uint32_t i = 0; i < 200; i++) {
		scan_cell(&scan, i + 2, 1, "山田太郎");
		scan_cell(&scan, i + 2, 2, numbers[i % ARRAY_LEN(numbers)]);
		scan_cell(&scan, i + 2, 3, "319721648466");
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	const struct report_finding *finding = &scan.report.findings[0];

	assert_string_equal(finding->location, "Sheet1!B2:B200");
	assert_int_equal(finding->count, 4); /* distinct ones */
	assert_int_equal(scan.report.number_count, 4);
	assert_int_equal(finding->level, REPORT_LEVEL_SURE);
	assert_string_equal(finding->terms[2].name, "label.header");
	assert_string_equal(finding->context, "個人番号 / 山田太郎");
	scan_end(&scan);
}

static void
a_row_label_holds_for_its_number(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_cell(&scan, 1, 1, "電話番号");
	scan_cell(&scan, 1, 2, "319721648466");
	scan_cell(&scan, 2, 1, "個人番号");
	scan_cell(&scan, 2, 2, "123456789018");
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	assert_string_equal(scan.report.findings[0].location, "Sheet1!B2");
	assert_int_equal(scan.report.level, REPORT_LEVEL_SURE);
	scan_end(&scan);
}

static void
numeric_cells_are_read_as_numbers(void **state)
{
	static const struct {
		const char *text;
		const char *number; /* or NULL */
	} cases[] = {
		{ "1.23456789018E11", "123456789018" },
		{ "1.23456789018e+11", "123456789018" },
		{ "123456789018.0", "123456789018" },
		{ "123456789018", "123456789018" },
		/* Leading zeros lost: under a label only. */
		{ "111111111", "000111111111" },
		{ "1.23457E+11", NULL },
		{ "123456789018.5", NULL },
		{ "1E999999999999999999999", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct cell cell = { "", 2, 1, CELL_NUMBER };
		struct scan scan;

		scan_start(&scan);
		const struct cell head = { "", 1, 1, CELL_TEXT };
		check_status(ST_OK,
			     detector_cell(scan.detector, &head,
					   span_of("個人番号"), &scan.err),
			     &scan.err);
		check_status(ST_OK,
			     detector_cell(scan.detector, &cell,
					   span_of(cases[i].text), &scan.err),
			     &scan.err);
		scan_finish(&scan);
		if (cases[i].number == NULL)
			assert_int_equal(scan.report.finding_count, 0);
		else
			assert_string_equal(scan.report.findings[0].number,
					    cases[i].number);
		scan_end(&scan);
	}
}

/* A table of one column: how its numbers are made, and what it scores. */
struct column_case {
	const char *name;
	const char *header; /* or NULL */
	size_t distinct;
	size_t valid;
	uint64_t first; /* number i is first + i * step, or at random */
	uint64_t step;
	uint64_t spread; /* below this, when it is not 0 */
	int64_t want_db; /* NOTHING: no finding */
	uint64_t want_count;
};
enum { NOTHING = -999 };
static const uint64_t anything = 100000000000;

static uint64_t
case_prefix(const struct column_case *one, uint64_t i)
{
	return one->first + i * one->step +
	       (one->spread > 0 ? number_scattered(i, one->spread) : 0);
}

static void
check_column(const struct column_case *one)
{
	struct scan scan;

	scan_start(&scan);
	scan_cell(&scan, 1, 1, "商品");
	if (one->header != NULL)
		scan_cell(&scan, 1, 2, one->header);
	for (uint32_t i = 0; i < one->distinct; i++) {
		char number[NUMBER_MADE_BYTES];

		/* The valid ones are spread over the column. */
		number_made(case_prefix(one, i),
			    i * one->valid / one->distinct !=
				    (i + 1) * one->valid / one->distinct,
			    number);
		scan_cell(&scan, i + 2, 1, "品物");
		scan_cell(&scan, i + 2, 2, number);
	}
	scan_finish(&scan);
	const struct report_finding *finding = scan.report.findings;
	const int64_t got =
		scan.report.finding_count > 0 ? finding->score_db : NOTHING;

	if (got != one->want_db)
		fail_msg("%s: %lld dB, want %lld", one->name, (long long)got,
			 (long long)one->want_db);
	assert_int_equal(scan.report.finding_count, one->want_db != NOTHING);
	if (one->want_db != NOTHING)
		assert_int_equal(finding->count, one->want_count);
	assert_int_equal(scan.report.number_count,
			 one->want_db >= 0 ? one->want_count : 0);
	scan_end(&scan);
}

static void
a_column_says_more_than_its_numbers(void **state)
{
	static const struct column_case cases[] = {
		{ "3 valid under a header", "個人番号", 3, 3, 0, 0, anything,
		  38, 3 },
		{ "10 valid", NULL, 10, 10, 10000000000, 0, 10000000000, -6,
		  10 },
		{ "10 valid at random", NULL, 10, 10, 0, 0, anything, 4, 10 },
		{ "10 valid with a common prefix", NULL, 10, 10, 12340000000, 0,
		  10000000, NOTHING, 0 },
		{ "10 of which 6 are valid, at random", NULL, 10, 6, 0, 0,
		  anything, -7, 6 },
		{ "50 of which 5 are valid", NULL, 50, 5, 0, 0, anything,
		  NOTHING, 0 },
		{ "50 under a header, 5 of them valid", "個人番号", 50, 5, 0, 0,
		  anything, 2, 5 },
		{ "50 under another header", "伝票番号", 50, 50, 0, 0, anything,
		  NOTHING, 0 },
		{ "100 valid at random", NULL, 100, 100, 0, 0, anything, 4,
		  100 },
		{ "one by chance", NULL, 1, 1, 0, 0, anything, NOTHING, 0 },
		/* Member ids with the same check digit. */
		{ "ids in sequence", NULL, 500, 500, 30000000000, 1, 0, NOTHING,
		  0 },
		{ "ids in steps", NULL, 500, 500, 30000000000, 99999, 0,
		  NOTHING, 0 },
		{ "ids of one office", NULL, 500, 500, 31200000000, 0,
		  100000000, NOTHING, 0 },
		{ "ids in sequence, labelled", "マイナンバー", 500, 500,
		  30000000000, 1, 0, 1, 500 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_column(&cases[i]);
}

static void
columns_of_persons_speak_for_their_numbers(void **state)
{
	static const struct {
		uint32_t valid; /* of ten */
		int64_t want_db;
	} cases[] = { { 10, 15 }, { 6, 4 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_start(&scan);
		scan_cell(&scan, 1, 1, "氏名");
		scan_cell(&scan, 1, 2, "生年月日");
		for (uint32_t row = 0; row < 10; row++) {
			char number[NUMBER_MADE_BYTES];

			number_made(number_scattered(row, anything),
				    row < cases[i].valid, number);
			scan_cell(&scan, row + 2, 1, "山田太郎");
			scan_cell(&scan, row + 2, 2, "1980/1/2");
			scan_cell(&scan, row + 2, 3, number);
		}
		scan_finish(&scan);
		assert_int_equal(scan.report.finding_count, 1);
		assert_int_equal(scan.report.findings[0].score_db,
				 cases[i].want_db);
		assert_int_equal(scan.report.findings[0].count, cases[i].valid);
		scan_end(&scan);
	}
}

static void
a_column_is_explained(void **state)
{
	static const char *const names[] = { "prior",         "check.column",
					     "spread.random", "label.header",
					     "rival.none",    "grouping.bare",
					     "shape.none" };
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_cell(&scan, 1, 1, "個人番号");
	for (uint32_t i = 0; i < 20; i++) {
		char number[NUMBER_MADE_BYTES];

		number_made(number_scattered(i, anything), i < 14, number);
		scan_cell(&scan, i + 2, 1, number);
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	const struct report_finding *finding = &scan.report.findings[0];
	int64_t sum_db = 0;

	assert_int_equal(finding->term_count, ARRAY_LEN(names));
	for (size_t i = 0; i < finding->term_count; i++) {
		assert_string_equal(finding->terms[i].name, names[i]);
		sum_db += finding->terms[i].weight_db;
	}
	assert_int_equal(finding->terms[1].weight_db, 28);
	assert_int_equal(sum_db, finding->score_db);
	assert_string_equal(finding->location, "Sheet1!A2:A15");
	assert_int_equal(finding->count, 14);
	assert_int_equal(scan.report.number_count, 14);
	scan_end(&scan);
}

static void
numbers_behind_many_others_still_count(void **state)
{
	enum { OTHERS = 4000, OURS = 6000 };
	struct scan scan;

	(void)state;
	scan_start(&scan);
	for (uint32_t i = 0; i < OTHERS + OURS; i++) {
		char number[NUMBER_MADE_BYTES];

		number_made(number_scattered(i, anything), i >= OTHERS, number);
		scan_cell(&scan, i + 1, 1, number);
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	assert_int_equal(scan.report.level, REPORT_LEVEL_SUSPECT);
	assert_true(scan.report.findings[0].count > OURS / 2);
	assert_int_equal(scan.report.number_count,
			 scan.report.findings[0].count);
	scan_end(&scan);
}

static void
a_number_counts_once_however_often_it_stands_there(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	for (uint32_t i = 0; i < 50; i++) {
		scan_cell(&scan, i + 1, 1, "621498320257");
		scan_cell(&scan, i + 1, 2, "621498320257");
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 0);
	scan_end(&scan);
}

/* Lost zeros: numbers of the column with as many zeros in front as said. */
static void
add_column_with_lost_zeros(struct scan *scan, uint32_t whole, uint32_t lost,
			   bool valid)
{
	for (uint32_t i = 0; i < whole + lost; i++) {
		char number[NUMBER_MADE_BYTES];
		const bool is_lost = i >= whole;

		number_made(is_lost ? 1000000000 +
					      number_scattered(i, 9000000000)
				    : 10000000000 +
					      number_scattered(i, 90000000000),
			    valid || !is_lost, number);
		scan_cell(scan, i + 2, 1, is_lost ? number + 1 : number);
	}
	scan_finish(scan);
}

static void
lost_zeros_are_put_back_in_a_column_of_numbers(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	add_column_with_lost_zeros(&scan, 9, 3, true);
	assert_int_equal(scan.report.finding_count, 1);
	assert_int_equal(scan.report.findings[0].count, 12);
	assert_string_equal(scan.report.findings[0].location, "Sheet1!A2:A13");
	assert_int_equal(scan.report.number_count, 12);
	scan_end(&scan);
	/* Eleven digits of something else. */
	scan_start(&scan);
	add_column_with_lost_zeros(&scan, 9, 3, false);
	assert_int_equal(scan.report.findings[0].count, 9);
	assert_int_equal(scan.report.number_count, 9);
	scan_end(&scan);
	/* Nothing but numbers of eleven digits. */
	scan_start(&scan);
	add_column_with_lost_zeros(&scan, 0, 50, true);
	assert_int_equal(scan.report.finding_count, 0);
	scan_end(&scan);
	/* The same below a header. */
	scan_start(&scan);
	scan_cell(&scan, 1, 1, "個人番号");
	add_column_with_lost_zeros(&scan, 0, 50, true);
	assert_int_equal(scan.report.findings[0].count, 50);
	assert_int_equal(scan.report.level, REPORT_LEVEL_SURE);
	scan_end(&scan);
	/* Staff numbers that are called so. */
	scan_start(&scan);
	scan_cell(&scan, 1, 1, "個人番号");
	add_column_with_lost_zeros(&scan, 0, 50, false);
	assert_int_equal(scan.report.finding_count, 0);
	scan_end(&scan);
}

static void
scan_list(struct scan *scan, const char *head, const char *mark, bool valid)
{
	scan_start(scan);
	scan_text(scan, head);
	for (uint32_t i = 0; i < 12; i++) {
		char number[NUMBER_MADE_BYTES];

		number_made(number_scattered(i, anything), valid || i % 10 == 0,
			    number);
		scan_text(scan, mark);
		scan_text(scan, number);
		scan_text(scan, "\n");
	}
	scan_finish(scan);
}

static void
a_list_in_text_is_a_column(void **state)
{
	struct scan scan;

	(void)state;
	scan_list(&scan, "一覧です。\n\n", "・山田太郎 ", true);
	assert_int_equal(scan.report.finding_count, 12);
	assert_int_equal(scan.report.number_count, 12);
	assert_int_equal(scan.report.findings[0].score_db, 4);
	assert_string_equal(scan.report.findings[0].location, "line 3");
	scan_end(&scan);
	/* One in ten is valid, as by chance: the word above says nothing. */
	scan_list(&scan,
		  "マイナンバーの提出がまだの方がいらっしゃいます。"
		  "下記の管理表の番号を確認して、総務まで提出してください。"
		  "なお、期限を過ぎた方には個別に連絡しますのでご注意ください。"
		  "よろしくお願いいたします。\n\n",
		  "", false);
	assert_int_equal(scan.report.level, REPORT_LEVEL_NONE);
	assert_int_equal(scan.report.number_count, 0);
	scan_end(&scan);
	/* Paragraphs between: no list. */
	scan_list(&scan, "",
		  "この段落は番号の一覧ではなく、いくつもの文からなる普通の"
		  "文章であり、そのひとつひとつに番号がひとつだけ書いてある。"
		  "どの段落もこのくらいの長さがある。",
		  true);
	assert_int_equal(scan.report.finding_count, 0);
	scan_end(&scan);
}

static void
values_of_an_element_are_a_column(void **state)
{
	const struct place place = { PLACE_ELEMENT, 1, "shain_data" };
	const struct place other = { PLACE_ELEMENT, 1, "shimei" };
	struct scan scan;

	(void)state;
	scan_start(&scan);
	for (uint32_t i = 0; i < 10; i++) {
		char line[NUMBER_MADE_BYTES + 1];

		number_made(number_scattered(i, anything), true, line);
		line[12] = '\n';
		line[13] = '\0';
		check_status(ST_OK,
			     detector_text(scan.detector, &other,
					   span_of("山田太郎\n"), &scan.err),
			     &scan.err);
		check_status(ST_OK,
			     detector_text(scan.detector, &place, span_of(line),
					   &scan.err),
			     &scan.err);
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	assert_int_equal(scan.report.findings[0].count, 10);
	assert_string_equal(scan.report.findings[0].location,
			    "line 1, shain_data");
	assert_int_equal(scan.report.number_count, 10);
	scan_end(&scan);
}

static void
scan_record(struct scan *scan, uint32_t row, const char *before,
	    const char *number, const char *behind)
{
	const struct cell cell = { "", row, 1, CELL_DIGITS };
	char line[200];

	(void)snprintf(line, sizeof(line), "%s%s%s", before, number, behind);
	check_status(
		ST_OK,
		detector_cell(scan->detector, &cell, span_of(line), &scan->err),
		&scan->err);
}

static void
numbers_in_records_of_fixed_length_are_found_at_their_offset(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	for (uint32_t i = 0; i < 30; i++) {
		char number[NUMBER_MADE_BYTES];
		char before[16];
		char behind[24];

		number_made(number_scattered(i, anything), i != 7, number);
		(void)snprintf(before, sizeof(before), "2%07u", 1000 + i);
		(void)snprintf(behind, sizeof(behind), "%015llu",
			       (unsigned long long)number_scattered(
				       i + 99, 1000000000000000));
		scan_record(&scan, i + 1, before, number, behind);
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	assert_string_equal(scan.report.findings[0].location,
			    "line 1:30, 9-20");
	assert_int_equal(scan.report.findings[0].count, 29);
	assert_int_equal(scan.report.findings[0].score_db, 4);
	scan_end(&scan);
	/* Seven records are too few to tell. */
	scan_start_in(&scan, REPORT_PROFILE_STRICT);
	for (uint32_t i = 0; i < 7; i++) {
		char number[NUMBER_MADE_BYTES];

		number_made(number_scattered(i, anything), true, number);
		scan_record(&scan, i + 1, "2", number, "0");
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 0);
	scan_end(&scan);
}

static void
scan_pension_cell(struct scan *scan, const char *type, uint32_t row,
		  uint32_t column, const char *text)
{
	const struct cell cell = { type, row, column, CELL_TEXT };

	check_status(
		ST_OK,
		detector_cell(scan->detector, &cell, span_of(text), &scan->err),
		&scan->err);
}

static void
the_columns_of_the_pension_office_are_known(void **state)
{
	static const struct {
		const char *type;
		uint32_t column;
		bool found;
	} cases[] = {
		{ "2221700", 40, true },  { "2225700", 40, true },
		{ "2265700", 15, true },  { "2265700", 40, false },
		{ "2221700", 15, false }, { "22187041", 40, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_start(&scan);
		scan_pension_cell(&scan, cases[i].type, 6, 1, cases[i].type);
		scan_pension_cell(&scan, cases[i].type, 6, 7, "山田　太郎");
		scan_pension_cell(&scan, cases[i].type, 6, cases[i].column,
				  "123456789018");
		scan_finish(&scan);
		assert_int_equal(scan.report.level,
				 cases[i].found ? REPORT_LEVEL_SURE
						: REPORT_LEVEL_NONE);
		assert_true(!cases[i].found ||
			    scan.report.findings[0].location[0] == '2');
		scan_end(&scan);
	}
}

static void
columns_without_end_stay_bounded(void **state)
{
	struct scan scan;
	char number[NUMBER_MADE_BYTES];

	(void)state;
	scan_start(&scan);
	for (uint32_t sheet = 0; sheet < 3; sheet++) {
		for (uint32_t column = 1; column <= 16384; column++) {
			const char *const names[] = { "a", "b", "c" };
			const struct cell cell = { names[sheet], 1, column,
						   CELL_TEXT };

			number_made(number_scattered(column, anything), true,
				    number);
			check_status(ST_OK,
				     detector_cell(scan.detector, &cell,
						   span_of(number), &scan.err),
				     &scan.err);
		}
	}
	/* What a header says is seen beyond all of them. */
	scan_cell(&scan, 1, 1, "個人番号");
	scan_cell(&scan, 2, 1, "123456789018");
	scan_finish(&scan);
	assert_string_equal(scan.report.findings[0].location, "Sheet1!A2");
	assert_int_equal(scan.report.level, REPORT_LEVEL_SURE);
	scan_end(&scan);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_column_header_labels_all_its_cells),
		cmocka_unit_test(a_row_label_holds_for_its_number),
		cmocka_unit_test(numeric_cells_are_read_as_numbers),
		cmocka_unit_test(a_column_says_more_than_its_numbers),
		cmocka_unit_test(columns_of_persons_speak_for_their_numbers),
		cmocka_unit_test(a_column_is_explained),
		cmocka_unit_test(numbers_behind_many_others_still_count),
		cmocka_unit_test(
			a_number_counts_once_however_often_it_stands_there),
		cmocka_unit_test(
			lost_zeros_are_put_back_in_a_column_of_numbers),
		cmocka_unit_test(a_list_in_text_is_a_column),
		cmocka_unit_test(values_of_an_element_are_a_column),
		cmocka_unit_test(
			numbers_in_records_of_fixed_length_are_found_at_their_offset),
		cmocka_unit_test(the_columns_of_the_pension_office_are_known),
		cmocka_unit_test(columns_without_end_stay_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
