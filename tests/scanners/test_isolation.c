/* Tests of scanners/detect/isolation.h, through the detector: what may touch
 * a number. */
#include "scanners/detect/detect.h"

#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

/* NOTED: that, or nothing. */
static void
check_levels(const char *const *texts, size_t count, enum report_level want)
{
	for (size_t i = 0; i < count; i++) {
		struct scan scan;

		scan_one(&scan, texts[i]);
		if (want == REPORT_LEVEL_NOTED ? scan.report.level > want
					       : scan.report.level != want)
			fail_msg("level %d, want %d: %s",
				 (int)scan.report.level, (int)want, texts[i]);
		if (want >= REPORT_LEVEL_SUSPECT)
			assert_string_equal(scan.report.findings[0].number,
					    "123456789018");
		scan_end(&scan);
	}
}

static void
a_labelled_number_with_a_tail_is_suspect(void **state)
{
	static const char *const texts[] = {
		"個人番号 123456789018x",
		"個人番号：123456789018_yamada",
		"個人番号：123456789018_2026",
		"個人番号123456789018.pdf",
		"個人番号：123456789018/TEL 03-1234-5678",
		"個人番号：123456789018/0312345678",
		"マイナンバー 123456789018.5",
		"マイナンバー 123456789018.",
		"My Number: 123456789018and more",
		"my_number=1234-5678-9018/x",
		"個人番号 １２３４５６７８９０１８ｘ",
		"個人番号 1234 5678 9018_x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		/* A full stop that ends a sentence is no tail. */
		const bool sentence = texts[i][strlen(texts[i]) - 1] == '.';

		check_levels(&texts[i], 1,
			     sentence ? REPORT_LEVEL_SURE
				      : REPORT_LEVEL_SUSPECT);
	}
}

static void
a_tail_is_said_in_the_report(void **state)
{
	struct scan scan;
	bool said = false;

	(void)state;
	scan_one(&scan, "個人番号：123456789018_yamada");
	assert_int_equal(scan.report.finding_count, 1);
	for (size_t i = 0; i < scan.report.findings[0].term_count; i++)
		said |= strcmp(scan.report.findings[0].terms[i].name,
			       "grouping.glued") == 0;
	assert_true(said);
	assert_int_equal(scan.report.findings[0].score_db, 9);
	scan_end(&scan);
}

/* All of them pass the check. */
static void
rivals_with_a_tail_are_not_suspect(void **state)
{
	static const char *const texts[] = {
		"注文番号 202610160001_a",
		"注文番号：202610160001/2",
		"マイナンバーの件、注文番号 202610160001.5",
		"送り状番号 319721648466/1",
		"マイナンバー 収集のお願い：202610160001_v2.xlsx",
		"202610160001_invoice.pdf",
		"123456789018.5",
		"123456789018/x",
		"マイナンバー収集の書類です。資料は 202610160001_v2.xlsx",
		"個人番号は https://example.com/p/123456789018/x を参照",
		"個人番号は https://example.com/?q=123456789018_x を参照",
		"個人番号 123456789018_x@example.com",
		"個人番号 123456789018.yamada@example.com",
		"個人番号 123456789018x@example.com",
		"個人番号 123456789018abcdef",
		"個人番号 123456789018a1b2c3",
		"個人番号 123456789018/x%2F",
		"個人番号 123456789018-1",
		"個人番号 123456789018:8080",
		"個人番号 0.123456789018/x",
		"個人番号 a/123456789018/x",
		"123456789018.dkr.ecr.ap-northeast-1.example.com",
	};

	(void)state;
	check_levels(texts, ARRAY_LEN(texts), REPORT_LEVEL_NOTED);
}

/* By format=flowed, by a mailer that quotes, one digit a line. */
static void
a_number_broken_over_lines_is_found(void **state)
{
	static const char *const texts[] = {
		"個人番号 1234 5678 \r\n9018 です\r\n",
		"個人番号 1234 \r\n5678 9018\r\n",
		"個人番号 1234 5678\r\n9018\r\n",
		"> 個人番号 1234 5678 \r\n> 9018\r\n",
		"> 個人番号 1234\r\n> 5678 9018\r\n",
		">> 個人番号 1234 5678\n>> 9018\n",
		"> > 個人番号 1234-5678-\r\n> > 9018\r\n",
		"> 個人番号 1234-\n> 5678-9018\n",
		"個人番号 １２３４　５６７８\n９０１８",
		/* Other lines with groups around it. */
		"No. 0001 \n個人番号 1234 5678 9018 \n2026 年",
		"個人番号\n2025 \n1234 5678 9018 \n2026 0001",
		"個人番号\n1234 5678 9018\n2026 0001 0002",
		"個人番号\n0042 0043\n1234 5678 9018\n",
		"個人番号\n123456 789018 \n2026年",
		"個人番号\n1 2 3 4 5 6 7 8 9 0 1 8 \n1. 次に",
		"個\n人\n番\n号\n1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n8\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scan scan;
		bool found = false;

		scan_one(&scan, texts[i]);
		for (size_t k = 0; k < scan.report.finding_count; k++)
			found |= strcmp(scan.report.findings[k].number,
					"123456789018") == 0 &&
				 scan.report.findings[k].level >=
					 REPORT_LEVEL_SUSPECT;
		if (!found)
			fail_msg("not found: %s", texts[i]);
		scan_end(&scan);
	}
}

static void
lines_of_other_numbers_make_none(void **state)
{
	static const char *const texts[] = {
		"個人番号\n1234\n5678\n9018\n3456\n",
		"個人番号\n1234 \n5678 \n9018 \n3456 \n",
		"個人番号\n1234 5678\n\n9018\n",
		"個人番号を集めた件数\n山田12345678\n9018\n",
		"個人番号\n12 \n3456789018 7\n",
		"個人番号\n1234 5678\n9018 3456\n",
		"個人番号\n3456 1234 5678\n9018\n",
		"個人番号\n1234 5678.\n9018\n",
		"個人番号\n1234 5678\n| 9018\n",
	};

	(void)state;
	check_levels(texts, ARRAY_LEN(texts), REPORT_LEVEL_NOTED);
}

/* What ends a label, opens a bracket or begins a list item. */
static void
marks_before_a_labelled_number_let_it_stand(void **state)
{
	static const char *const texts[] = {
		"個人番号：123456789018",
		"個人番号:123456789018",
		"個人番号=123456789018",
		"個人番号＝123456789018",
		"個人番号(123456789018)",
		"個人番号（123456789018）",
		"個人番号「123456789018」",
		"個人番号【123456789018】",
		"個人番号[123456789018]",
		"個人番号<123456789018>",
		"個人番号#123456789018",
		"個人番号＃123456789018",
		"個人番号No.123456789018",
		"個人番号 No: 123456789018",
		"個人番号№123456789018",
		"個人番号→123456789018",
		"個人番号、123456789018、",
		"個人番号,123456789018,",
		"個人番号\"123456789018\"",
		"個人番号'123456789018",
		"個人番号*123456789018*",
		"個人番号~123456789018",
		"個人番号;123456789018;",
		"個人番号!123456789018!",
		"個人番号-123456789018",
		"個人番号_123456789018",
		"個人番号/123456789018",
		"個人番号ー123456789018",
		"- 個人番号 - 123456789018 -",
		"kojin_bango=123456789018&next=1",
		"{\"my_number\":123456789018}",
		"{\"my_number\":\"123456789018\",\"id\":1}",
		"個人番号\t123456789018\t",
		"個人番号\r\n123456789018\r\n",
		"個人番号は123456789018です",
		"個人番号が123456789018",
	};

	(void)state;
	check_levels(texts, ARRAY_LEN(texts), REPORT_LEVEL_SURE);
}

static void
pieces_of_addresses_and_tokens_are_dropped(void **state)
{
	static const char *const texts[] = {
		"個人番号 www.example.com/123456789018",
		"個人番号 example.jp/item/123456789018",
		"個人番号 example.jp/item?id=123456789018",
		"個人番号 example.jp/?a=1&id=123456789018",
		"個人番号 mailto:123456789018@example.com",
		"個人番号 <123456789018.abc@mail.example.com>",
		"個人番号 <20261016.123456789018@mail.example.com>",
		"個人番号 cid:123456789018",
		"個人番号 urn:isbn:123456789018",
		"個人番号 123456789018.s3.ap-northeast-1.example.com",
		"個人番号 0x123456789018",
		"個人番号 00112233-4455-6677-8899-123456789018",
		"個人番号 QUJD/123456789018/eHl6",
		"個人番号 QUJD+123456789018+eHl6",
		"個人番号 %20123456789018",
		"個人番号 sha1:abcdef_123456789018",
		"個人番号 1.123456789018",
		"個人番号 １．１２３４５６７８９０１８",
		"個人番号 123,456,789,018",
		"個人番号 １２３，４５６，７８９，０１８",
		"個人番号 +123456789018",
		"個人番号 ＋１２３４５６７８９０１８",
		"個人番号 123456789018:30",
		"個人番号 T123456789018",
		"個人番号 Ｔ１２３４５６７８９０１８",
		"個人番号 AB123456789018CD",
	};

	(void)state;
	check_levels(texts, ARRAY_LEN(texts), REPORT_LEVEL_NONE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_labelled_number_with_a_tail_is_suspect),
		cmocka_unit_test(a_tail_is_said_in_the_report),
		cmocka_unit_test(a_number_broken_over_lines_is_found),
		cmocka_unit_test(lines_of_other_numbers_make_none),
		cmocka_unit_test(rivals_with_a_tail_are_not_suspect),
		cmocka_unit_test(marks_before_a_labelled_number_let_it_stand),
		cmocka_unit_test(pieces_of_addresses_and_tokens_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
