/* Tests of scanners/detect/record.h and of what fields and records say. */
#include "scanners/detect/record.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

static void
old_dates_are_birthdays(void **state)
{
	static const char *const texts[] = {
		"昭和60年1月2日",
		"昭和 60 年 1 月 2 日",
		"昭和６０年１月２日",
		"昭和元年12月25日",
		"大正14年3月3日",
		"平成元年1月8日",
		"平成12年10月16日",
		"S60.1.2",
		"Ｓ６０．１．２",
		"s60/01/02",
		"H12-3-4",
		"T5.6.7",
		"生S60.1.2",
		"1985/01/02",
		"1985-1-2",
		"1985.01.02",
		"1985年1月2日",
		"１９８５年１月２日",
		"生年月日1985/01/02生",
		"19850102",
		"2012/12/31",
		"\xC3\xA9"
		"1985/01/02",
		"いS60.1.2",
		"\xF0\x9F\x98\x80"
		"S60.1.2",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!record_has_birthday(span_of(texts[i])))
			fail_msg("no birthday: %s", texts[i]);
}

static void
other_dates_and_numbers_are_none(void **state)
{
	static const char *const texts[] = {
		"2026年10月16日",
		"令和8年10月16日",
		"R8.10.16",
		"平成30年1月2日",
		"2026/10/16",
		"1985/13/02",
		"1985/01/32",
		"1985-01.02",
		"19851302",
		"119850102",
		"198501021",
		"XS60.1.2",
		"ＸS60.1.2",
		"Ｘ1985/01/02",
		"９Ｓ60.1.2",
		"IPS60.1.2",
		"S65.1.2",
		"S60.1",
		"S60",
		"昭和60年度",
		"昭和通り1-2-3",
		"平成",
		"東京都千代田区1-2-3",
		"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (record_has_birthday(span_of(texts[i])))
			fail_msg("a birthday: %s", texts[i]);
}

static void
a_record_ends_at_blank_lines(void **state)
{
	static const char *const texts[] = {
		"no\n\nyes\nyes 1 yes\nyes\n\nno",
		"no\r\n\r\nyes\r\nyes 1 yes\r\nyes\r\n\r\nno",
		"> no\n> \n> yes\n> yes 1 yes\n>\n> no",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct span text = span_of(texts[i]);
		const size_t at = (size_t)(strchr(texts[i], '1') - texts[i]);
		const struct span record = record_around(text, at, at + 1);

		assert_null(memmem(record.ptr, record.len_bytes, "no", 2));
		assert_non_null(memmem(record.ptr, record.len_bytes, "yes", 3));
	}
}

/* The weight of the row name in the first finding; 0: there is none. */
static int64_t
weight_of(const struct scan *scan, const char *name)
{
	const struct report_finding *finding = &scan->report.findings[0];

	assert_true(scan->report.finding_count > 0);
	for (size_t i = 0; i < finding->term_count; i++)
		if (strcmp(finding->terms[i].name, name) == 0)
			return finding->terms[i].weight_db;
	return 0;
}

static void
words_of_the_paragraph_count(void **state)
{
	struct scan scan;

	(void)state;
	scan_one(&scan,
		 "氏名：山田太郎\n生年月日：昭和60年1月2日\n"
		 "個人番号：123456789018\n続柄：本人\n\n住所はお送りします");
	/* All of them together count no more than this. */
	assert_int_equal(weight_of(&scan, "person.birth"), 8);
	assert_int_equal(weight_of(&scan, "person.family"), 7);
	assert_int_equal(scan.report.findings[0].score_db, 37);
	scan_end(&scan);
	scan_one(&scan, "個人番号：123456789018\n\n氏名 住所 続柄 生年月日");
	assert_int_equal(weight_of(&scan, "person.name"), 0);
	assert_int_equal(scan.report.findings[0].score_db, 22);
	scan_end(&scan);
	/* A sentence that asks for them is no record. */
	scan_one(
		&scan,
		"個人番号：123456789018\n氏名、住所と生年月日をご記入ください");
	assert_int_equal(scan.report.findings[0].score_db, 22);
	scan_end(&scan);
	/* A date will do. */
	scan_one(&scan, "個人番号：123456789018 (S60.1.2)");
	assert_int_equal(weight_of(&scan, "person.birth"), 8);
	scan_end(&scan);
}

static void
headers_of_the_table_count(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_cell(&scan, 1, 1, "氏名");
	scan_cell(&scan, 1, 2, "生年月日");
	scan_cell(&scan, 1, 3, "番号");
	scan_cell(&scan, 2, 1, "山田太郎");
	scan_cell(&scan, 2, 2, "1985/01/02");
	scan_cell(&scan, 2, 3, "1234 5678 9018");
	scan_finish(&scan);
	assert_int_equal(weight_of(&scan, "person.name"), 3);
	assert_int_equal(weight_of(&scan, "person.birth"), 8);
	scan_end(&scan);
}

static void
scan_field(struct scan *scan, enum place_kind kind, const char *name,
	   const char *value)
{
	const struct place place = { kind, 1, name };

	check_status(ST_OK,
		     detector_text(scan->detector, &place, span_of(value),
				   &scan->err),
		     &scan->err);
}

static void
names_of_fields_are_labels(void **state)
{
	static const struct {
		enum place_kind kind;
		const char *name;
		int64_t score_db;
	} cases[] = {
		{ PLACE_ELEMENT, "myNumber", 22 },
		{ PLACE_ELEMENT, "employeeMyNumber", 22 },
		{ PLACE_ELEMENT, "kojinbango", 22 },
		{ PLACE_ELEMENT, "individual_number", 22 },
		{ PLACE_ELEMENT, "個人番号", 22 },
		{ PLACE_HEADER, "X-MyNumber", 22 },
		{ PLACE_HEADER, "X-My-Number", 22 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_start(&scan);
		scan_field(&scan, cases[i].kind, cases[i].name,
			   "123456789018\n");
		scan_finish(&scan);
		if (scan.report.finding_count != 1 ||
		    scan.report.findings[0].score_db != cases[i].score_db)
			fail_msg("%s: not found", cases[i].name);
		assert_int_equal(weight_of(&scan, "label.field"), 35);
		scan_end(&scan);
	}
}

static void
names_of_fields_are_rivals(void **state)
{
	static const char *const names[] = { "orderNumber",       "tel",
					     "伝票番号",          "X-Tracking",
					     "X-Organization-Id", "照会番号" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct scan scan;

		scan_start(&scan);
		scan_field(&scan, PLACE_ELEMENT, "myNumber", "\n");
		scan_field(&scan, PLACE_ELEMENT, names[i], "123456789018\n");
		scan_finish(&scan);
		assert_int_equal(scan.report.finding_count, 0);
		scan_end(&scan);
	}
}

static void
names_of_fields_beside_make_a_record(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_field(&scan, PLACE_ELEMENT, "氏名", "山田太郎\n");
	scan_field(&scan, PLACE_ELEMENT, "個人番号", "123456789018\n");
	scan_field(&scan, PLACE_ELEMENT, "生年月日", "19850102\n");
	scan_finish(&scan);
	assert_int_equal(weight_of(&scan, "label.field"), 35);
	assert_int_equal(weight_of(&scan, "person.name"), 3);
	assert_int_equal(weight_of(&scan, "person.birth"), 8);
	scan_end(&scan);
}

static void
a_code_that_is_nothing_but_the_number_is_suspect(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_field(&scan, PLACE_CODE, NULL, "123456789018");
	scan_finish(&scan);
	assert_int_equal(weight_of(&scan, "code.payload"), 30);
	assert_int_equal(scan.report.findings[0].score_db, 5);
	assert_string_equal(scan.report.findings[0].location, "code on page 1");
	scan_end(&scan);
	/* Two codes are two payloads; with more in it, it is text. */
	scan_start(&scan);
	scan_field(&scan, PLACE_CODE, NULL, "123456789018");
	scan_field(&scan, PLACE_CODE, NULL, "372967742338");
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 2);
	scan_end(&scan);
	scan_start(&scan);
	scan_field(&scan, PLACE_CODE, NULL, "ID 123456789018");
	scan_field(&scan, PLACE_CODE, NULL, "123456789012");
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 0);
	scan_end(&scan);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_dates_are_birthdays),
		cmocka_unit_test(other_dates_and_numbers_are_none),
		cmocka_unit_test(a_record_ends_at_blank_lines),
		cmocka_unit_test(words_of_the_paragraph_count),
		cmocka_unit_test(headers_of_the_table_count),
		cmocka_unit_test(names_of_fields_are_labels),
		cmocka_unit_test(names_of_fields_are_rivals),
		cmocka_unit_test(names_of_fields_beside_make_a_record),
		cmocka_unit_test(
			a_code_that_is_nothing_but_the_number_is_suspect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
