/* Tests of scanners/detect/columns_header.h through the detector: which header
 * holds for which cells, and numbers in several cells. */
#include "scanners/detect/columns.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"
#include "tests/scanners/numbers_made.h"

enum { MOST_CELLS = 48 };

struct sheet_cell {
	uint32_t row;
	uint32_t column;
	const char *text; /* NULL: the last one */
};

struct sheet {
	const char *name;
	struct sheet_cell cells[MOST_CELLS];
	const char *locations[4]; /* of level sure; NULL: the last one */
};

static void
check_sheet(const struct sheet *sheet)
{
	struct scan scan;
	size_t found = 0;

	scan_start(&scan);
	for (size_t i = 0; sheet->cells[i].text != NULL; i++)
		scan_cell(&scan, sheet->cells[i].row, sheet->cells[i].column,
			  sheet->cells[i].text);
	scan_finish(&scan);
	for (size_t i = 0; i < scan.report.finding_count; i++)
		found += scan.report.findings[i].level == REPORT_LEVEL_SURE;
	for (size_t i = 0; i < ARRAY_LEN(sheet->locations); i++) {
		const char *want = sheet->locations[i];
		bool seen = false;

		if (want == NULL) {
			if (found != i)
				fail_msg("%s: %zu found, want %zu", sheet->name,
					 found, i);
			break;
		}
		for (size_t k = 0; k < found; k++)
			seen |= strcmp(scan.report.findings[k].location + 7,
				       want) == 0;
		if (!seen)
			fail_msg("%s: nothing at %s, but %zu elsewhere",
				 sheet->name, want, found);
	}
	scan_end(&scan);
}

#define A "123456789018"
#define B "621498320257"
#define C "372967742338"

static void
a_header_holds_for_its_columns(void **state)
{
	static const struct sheet sheets[] = {
		{ "far below",
		  { { 1, 2, "個人番号" }, { 2, 2, A }, { 9000, 2, B } },
		  { "B2:B9000" } },
		{ "fifteen rows above its data",
		  { { 1, 2, "個人番号" }, { 16, 2, A } },
		  { "B16" } },
		{ "too far above its data",
		  { { 1, 2, "個人番号" }, { 17, 2, A } },
		  { NULL } },
		{ "rows without a number between",
		  { { 1, 1, "氏名" },
		    { 1, 2, "個人番号" },
		    { 2, 1, "山田" },
		    { 10, 1, "山田" },
		    { 20, 1, "山田" },
		    { 30, 1, "山田" },
		    { 30, 2, A } },
		  { "B30" } },
		{ "again after a page break",
		  { { 1, 2, "個人番号" },
		    { 2, 2, A },
		    { 50, 2, "個人番号" },
		    { 51, 2, B } },
		  { "B2:B51" } },
		{ "another table below",
		  { { 1, 1, "氏名" },
		    { 1, 2, "個人番号" },
		    { 2, 1, "山田太郎" },
		    { 2, 2, A },
		    { 9, 1, "整理番号" },
		    { 9, 2, "承認番号" },
		    { 10, 1, "1-1" },
		    { 10, 2, B } },
		  { "B2" } },
		{ "a group header over three columns",
		  { { 1, 1, "氏名" },
		    { 1, 2, "個人番号" },
		    { 1, 5, "住所" },
		    { 2, 2, "本人" },
		    { 2, 3, "配偶者" },
		    { 2, 4, "扶養" },
		    { 3, 1, "山田" },
		    { 3, 2, A },
		    { 3, 3, B },
		    { 3, 4, C },
		    { 3, 5, "東京都" } },
		  { "B3", "C3", "D3" } },
		{ "a group header at the right end",
		  { { 1, 1, "氏名" },
		    { 1, 2, "マイナンバー" },
		    { 2, 2, "本人" },
		    { 2, 3, "配偶者" },
		    { 3, 1, "山田" },
		    { 3, 2, A },
		    { 3, 3, B } },
		  { "B3", "C3" } },
		{ "a column without a header beside it",
		  { { 1, 1, "個人番号" }, { 2, 1, A }, { 2, 2, B } },
		  { "A2" } },
		{ "a rival below a group header",
		  { { 1, 1, "個人番号" },
		    { 2, 1, "本人" },
		    { 2, 2, "整理番号" },
		    { 3, 1, A },
		    { 3, 2, B } },
		  { "A3" } },
		{ "a title is no header",
		  { { 1, 1, "マイナンバー収集の状況" },
		    { 2, 1, "番号" },
		    { 2, 2, "氏名" },
		    { 3, 1, A },
		    { 3, 2, "山田太郎" } },
		  { NULL } },
		{ "unless there is but one column",
		  { { 1, 1, "社員のマイナンバー一覧" },
		    { 2, 1, A },
		    { 3, 1, B } },
		  { "A2:A3" } },
		{ "a remark that names an order",
		  { { 1, 1, "個人番号" },
		    { 2, 1, "注文番号とは別です" },
		    { 3, 1, A } },
		  { "A3" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sheets); i++)
		check_sheet(&sheets[i]);
}

static void
a_label_at_the_start_of_a_row_holds_for_the_row(void **state)
{
	static const struct sheet sheets[] = {
		{ "one number",
		  { { 1, 1, "氏名" },
		    { 1, 2, "山田" },
		    { 2, 1, "個人番号" },
		    { 2, 2, A } },
		  { "B2" } },
		{ "several persons side by side",
		  { { 1, 1, "区分" },
		    { 1, 2, "本人" },
		    { 1, 3, "配偶者" },
		    { 2, 1, "個人番号" },
		    { 2, 2, A },
		    { 2, 3, B } },
		  { "B2", "C2" } },
		{ "not behind another word",
		  { { 2, 1, "個人番号" },
		    { 2, 2, A },
		    { 2, 3, "受付" },
		    { 2, 4, B } },
		  { "B2" } },
		{ "a label in the middle: one number",
		  { { 1, 1, "山田太郎" },
		    { 1, 2, "個人番号" },
		    { 1, 3, A },
		    { 1, 4, B } },
		  { "C1" } },
		{ "the rival of the row is nearer than nothing",
		  { { 1, 1, "電話番号" },
		    { 1, 2, "319721648466" },
		    { 2, 1, "個人番号" },
		    { 2, 2, A } },
		  { "B2" } },
		{ "lost zeros",
		  { { 1, 1, "個人番号" }, { 1, 2, "9876543211" } },
		  { "B1" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sheets); i++)
		check_sheet(&sheets[i]);
}

#define DIGITS(row, from)                                           \
	{ row, from, "1" }, { row, (from) + 1, "2" },               \
		{ row, (from) + 2, "3" }, { row, (from) + 3, "4" }, \
		{ row, (from) + 4, "5" }, { row, (from) + 5, "6" }, \
		{ row, (from) + 6, "7" }, { row, (from) + 7, "8" }, \
		{ row, (from) + 8, "9" }, { row, (from) + 9, "0" }, \
		{ row, (from) + 10, "1" },                          \
	{                                                           \
		row, (from) + 11, "8"                               \
	}

static void
one_digit_in_each_cell_is_a_number(void **state)
{
	static const struct sheet sheets[] = {
		{ "below a merged header",
		  { { 1, 2, "氏名" },
		    { 1, 3, "個人番号" },
		    { 2, 2, "山田" },
		    DIGITS(2, 3) },
		  { "C2:N2" } },
		{ "behind a label",
		  { { 7, 2, "個人番号" }, DIGITS(7, 3), { 8, 1, "住所" } },
		  { "C7:N7" } },
		{ "full-width, with a gap after each four",
		  { { 1, 1, "個人番号" },
		    { 1, 2, "１" },
		    { 1, 3, "２" },
		    { 1, 4, "３" },
		    { 1, 5, "４" },
		    { 1, 7, "５" },
		    { 1, 8, "６" },
		    { 1, 9, "７" },
		    { 1, 10, "８" },
		    { 1, 12, "９" },
		    { 1, 13, "０" },
		    { 1, 14, "１" },
		    { 1, 15, "８" } },
		  { "B1:O1" } },
		{ "with hyphens between the fours",
		  { { 1, 1, "個人番号" },
		    { 1, 2, "1" },
		    { 1, 3, "2" },
		    { 1, 4, "3" },
		    { 1, 5, "4" },
		    { 1, 6, "-" },
		    { 1, 7, "5" },
		    { 1, 8, "6" },
		    { 1, 9, "7" },
		    { 1, 10, "8" },
		    { 1, 11, "－" },
		    { 1, 12, "9" },
		    { 1, 13, "0" },
		    { 1, 14, "1" },
		    { 1, 15, "8" } },
		  { "B1:O1" } },
		{ "three cells of four",
		  { { 1, 1, "個人番号" },
		    { 1, 2, "1234" },
		    { 1, 3, "5678" },
		    { 1, 4, "9018" } },
		  { "B1:D1" } },
		{ "three years in three cells",
		  { { 1, 1, "年度" },
		    { 1, 2, "2015" },
		    { 1, 3, "2016" },
		    { 1, 4, "2017" } },
		  { NULL } },
		{ "thirteen digits",
		  { { 1, 1, "個人番号" }, DIGITS(1, 2), { 1, 14, "3" } },
		  { NULL } },
		{ "a gap elsewhere",
		  { { 1, 1, "個人番号" },
		    { 1, 2, "1" },
		    { 1, 3, "2" },
		    { 1, 5, "3" },
		    { 1, 6, "4" },
		    { 1, 7, "5" },
		    { 1, 8, "6" },
		    { 1, 9, "7" },
		    { 1, 10, "8" },
		    { 1, 11, "9" },
		    { 1, 12, "0" },
		    { 1, 13, "1" },
		    { 1, 14, "8" } },
		  { NULL } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sheets); i++)
		check_sheet(&sheets[i]);
}

/* Forms on squared paper: a digit stands in two or three merged columns. */
static void
one_digit_may_stand_in_merged_cells(void **state)
{
	static const struct {
		const char *label;
		uint32_t lead;  /* column of a figure before it, or 0 */
		uint32_t first; /* column of the first digit */
		uint32_t step;
		uint32_t gap; /* columns more behind each group of four */
		size_t digits;
		const char *location; /* or NULL: not found */
	} cases[] = {
		{ "個人番号", 0, 3, 2, 0, 12, "Sheet1!C1:Y1" },
		{ "個人番号", 0, 3, 3, 0, 12, "Sheet1!C1:AJ1" },
		{ "個人番号", 0, 3, 2, 1, 12, "Sheet1!C1:AA1" },
		{ "個人番号", 0, 3, 2, 4, 12, "Sheet1!C1:AG1" },
		{ "個人番号", 3, 6, 1, 0, 12, "Sheet1!F1:Q1" },
		{ "個人番号", 3, 6, 2, 0, 12, "Sheet1!F1:AB1" },
		{ "個人番号", 0, 3, 2, 0, 13, NULL },
		{ "個人番号", 0, 3, 5, 0, 12, NULL },
		{ "評価", 0, 3, 2, 0, 12, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;
		uint32_t column = cases[i].first;

		scan_start(&scan);
		scan_cell(&scan, 1, 1, cases[i].label);
		if (cases[i].lead > 0)
			scan_cell(&scan, 1, cases[i].lead, "4");
		for (size_t k = 0; k < cases[i].digits; k++) {
			const char digit[] = { "6214983202571"[k], '\0' };

			scan_cell(&scan, 1, column, digit);
			column += cases[i].step;
			column += k % 4 == 3 ? cases[i].gap : 0;
		}
		scan_cell(&scan, 2, 1, "以上");
		scan_finish(&scan);
		if (cases[i].location == NULL) {
			assert_int_equal(scan.report.finding_count, 0);
		} else {
			assert_int_equal(scan.report.finding_count, 1);
			assert_string_equal(scan.report.findings[0].number,
					    "621498320257");
			assert_string_equal(scan.report.findings[0].location,
					    cases[i].location);
		}
		scan_end(&scan);
	}
}

static void
a_grid_of_answers_is_no_number(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_text(&scan, "マイナンバーの研修についてのアンケートです。\n");
	for (uint32_t row = 1; row <= 40; row++)
		for (uint32_t column = 1; column <= 12; column++) {
			const char text[] = {
				(char)('1' +
				       (row * 31 + column * column * 7) % 5),
				'\0'
			};

			scan_cell(&scan, row, column, text);
		}
	scan_finish(&scan);
	assert_int_equal(scan.report.number_count, 0);
	scan_end(&scan);
}

static void
scan_named_cell(struct scan *scan, const char *sheet, uint32_t row,
		const char *text)
{
	const struct cell cell = { sheet, row, 2, CELL_TEXT };

	check_status(
		ST_OK,
		detector_cell(scan->detector, &cell, span_of(text), &scan->err),
		&scan->err);
}

static void
the_name_of_a_sheet_is_a_label_on_its_page(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_named_cell(&scan, "Sheet1", 1, A);
	scan_named_cell(&scan, "マイナンバー", 1, B);
	scan_named_cell(&scan, "Sheet2", 1, C);
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	assert_string_equal(scan.report.findings[0].number, B);
	assert_int_equal(scan.report.findings[0].score_db, 2);
	scan_end(&scan);
}

static void
rows_of_csv_that_do_not_come_are_not_empty(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_named_cell(&scan, "", 1, "個人番号");
	scan_named_cell(&scan, "", 500, A);
	scan_finish(&scan);
	assert_int_equal(scan.report.level, REPORT_LEVEL_SURE);
	scan_end(&scan);
}

static void
digits_without_a_label_need_three_rows(void **state)
{
	static const char *const numbers[] = { "621498320257", "372967742338",
					       "292175895982", "873321641958",
					       "654629853731" };

	(void)state;
	for (uint32_t rows = 1; rows <= ARRAY_LEN(numbers); rows++) {
		struct scan scan;

		scan_start(&scan);
		scan_text(&scan, "マイナンバーについてのアンケートです。\n");
		for (uint32_t row = 0; row < rows; row++)
			for (uint32_t i = 0; i < 12; i++) {
				const char text[] = { numbers[row][i], '\0' };

				scan_cell(&scan, row + 1, i + 1, text);
			}
		scan_finish(&scan);
		assert_int_equal(scan.report.number_count, rows < 3 ? 0 : rows);
		if (rows == 5)
			assert_string_equal(scan.report.findings[0].location,
					    "Sheet1!A1:L5");
		scan_end(&scan);
	}
}

/* A table in a text file is read as lines as well. */
static void
the_lines_of_a_column_are_no_findings_of_their_own(void **state)
{
	struct scan scan;
	char number[NUMBER_MADE_BYTES];

	(void)state;
	scan_start(&scan);
	for (uint32_t i = 0; i < 6; i++) {
		number_made(number_scattered(i, 100000000000), true, number);
		scan_cell(&scan, i + 1, 1, "山田太郎");
		scan_cell(&scan, i + 1, 2, "1990/1/1");
		scan_cell(&scan, i + 1, 3, number);
	}
	for (uint32_t i = 0; i < 6; i++) {
		number_made(number_scattered(i, 100000000000), true, number);
		scan_text(&scan, "山田太郎|1990/1/1|");
		scan_text(&scan, number);
		scan_text(&scan, "\n");
	}
	/* This one is in no column. */
	scan_text(&scan, "\n\n個人番号は123456789018です。\n");
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 2);
	assert_int_equal(scan.report.number_count, 7);
	assert_int_equal(scan.report.findings[0].count +
				 scan.report.findings[1].count,
			 7);
	scan_end(&scan);
}

/* One number per line is a column of cells, of bytes, and lines. */
static void
a_column_that_is_read_in_three_ways_is_one_finding(void **state)
{
	struct scan scan;
	char number[NUMBER_MADE_BYTES];

	(void)state;
	scan_start(&scan);
	for (uint32_t i = 0; i < 8; i++) {
		number_made(number_scattered(i, 100000000000), true, number);
		scan_cell(&scan, i + 1, 1, number);
	}
	for (uint32_t i = 0; i < 8; i++) {
		const struct cell cell = { "", i + 1, 1, CELL_DIGITS };

		number_made(number_scattered(i, 100000000000), true, number);
		check_status(ST_OK,
			     detector_cell(scan.detector, &cell,
					   span_of(number), &scan.err),
			     &scan.err);
	}
	for (uint32_t i = 0; i < 8; i++) {
		number_made(number_scattered(i, 100000000000), true, number);
		scan_text(&scan, number);
		scan_text(&scan, "\n");
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	assert_int_equal(scan.report.findings[0].count, 8);
	assert_string_equal(scan.report.findings[0].location, "Sheet1!A1:A8");
	scan_end(&scan);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_holds_for_its_columns),
		cmocka_unit_test(
			a_label_at_the_start_of_a_row_holds_for_the_row),
		cmocka_unit_test(one_digit_in_each_cell_is_a_number),
		cmocka_unit_test(one_digit_may_stand_in_merged_cells),
		cmocka_unit_test(a_grid_of_answers_is_no_number),
		cmocka_unit_test(the_name_of_a_sheet_is_a_label_on_its_page),
		cmocka_unit_test(rows_of_csv_that_do_not_come_are_not_empty),
		cmocka_unit_test(digits_without_a_label_need_three_rows),
		cmocka_unit_test(
			the_lines_of_a_column_are_no_findings_of_their_own),
		cmocka_unit_test(
			a_column_that_is_read_in_three_ways_is_one_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
