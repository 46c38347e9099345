/* Tests of scanners/detect/columns.h through the detector: tables. */
#include "scanners/detect/columns.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

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
	assert_int_equal(finding->count, 160);
	assert_int_equal(scan.report.number_count, 4);
	assert_int_equal(finding->level, REPORT_LEVEL_SURE);
	assert_string_equal(finding->terms[2].name, "label.header");
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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_column_header_labels_all_its_cells),
		cmocka_unit_test(a_row_label_holds_for_its_number),
		cmocka_unit_test(numeric_cells_are_read_as_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
