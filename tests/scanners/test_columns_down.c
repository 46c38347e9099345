/* One digit in each cell, downwards below a header. */
#include "scanners/detect/columns_down.h"

#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

static void
one_digit_in_each_cell_downwards_is_a_number(void **state)
{
	static const struct {
		const char *header;
		size_t digits;
		size_t findings;
	} cases[] = {
		{ "個人番号", 12, 1 },
		{ "個人番号", 13, 0 }, /* marks of a survey */
		{ "個人番号", 11, 0 },
		{ "評価", 12, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_start(&scan);
		scan_cell(&scan, 1, 1, "項目");
		scan_cell(&scan, 1, 2, cases[i].header);
		for (uint32_t k = 0; k < cases[i].digits; k++) {
			const char digit[] = { "6214983202571"[k], '\0' };

			scan_cell(&scan, k + 2, 1, "桁");
			scan_cell(&scan, k + 2, 2, digit);
		}
		scan_cell(&scan, 30, 1, "以上");
		scan_finish(&scan);
		assert_int_equal(scan.report.finding_count, cases[i].findings);
		if (cases[i].findings > 0) {
			assert_string_equal(scan.report.findings[0].number,
					    "621498320257");
			assert_string_equal(scan.report.findings[0].location,
					    "Sheet1!B2");
		}
		scan_end(&scan);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_digit_in_each_cell_downwards_is_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
