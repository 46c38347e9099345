/* Tests of scanners/detect/detect.h: text and cells in, findings out. */
#include "scanners/detect/detect.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/parse.h"
#include "scanners/text/utf8.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

struct scored {
	const char *text;
	int64_t score_db; /* of the highest finding; NONE: no finding */
};
enum { NOTHING = -999 };

static void
check_scores(const struct scored *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scan scan;

		scan_one(&scan, cases[i].text);
		const int64_t got = scan.report.finding_count > 0
					    ? scan.report.findings[0].score_db
					    : NOTHING;

		if (got != cases[i].score_db)
			fail_msg("%s: %lld dB, want %lld", cases[i].text,
				 (long long)got, (long long)cases[i].score_db);
		scan_end(&scan);
	}
}

static void
labels_weigh_by_their_distance(void **state)
{
	static const struct scored cases[] = {
		{ "個人番号：123456789018", 22 },
		{ "個人番号：1234 5678 9018", 30 },
		{ "個人番号：1234-5678-9018", 23 },
		{ "マイナンバーは次のとおりでございます、よろしく 123456789018",
		  12 },
		{ "マイナンバーをお送りします。\n\n"
		  "いつもお世話になっております。先日ご依頼のありました件につきまして、"
		  "下記のとおりご連絡いたします。ご確認をお願いいたします。\n"
		  "123456789018\n",
		  2 },
		{ "123456789018 (個人番号)", 22 },
		{ "my_number=123456789018", 22 },
		{ "\"mynumber\":\"123456789018\"", 22 },
		{ "My Number: 123456789018", 22 },
		{ "<kojinbango>123456789018</kojinbango>", 22 },
		{ "ﾏｲﾅﾝﾊﾞｰ 123456789018", 22 },
		{ "マイナンバ－：１２３４５６７８９０１８", 29 },
		{ "個 人 番 号\n1 2 3 4 5 6 7 8 9 0 1 8", 33 },
		/* The check digit is wrong. */
		{ "個人番号：123456789012", NOTHING },
		{ "個人番号：1234 5678 9012", -3 },
		/* No label: nobody can tell. */
		{ "123456789018", NOTHING },
		{ "年末調整の書類 123456789018", -8 },
	};

	(void)state;
	check_scores(cases, ARRAY_LEN(cases));
}

static void
rivals_take_the_number(void **state)
{
	static const struct scored cases[] = {
		{ "送り状番号 319721648466", NOTHING },
		{ "個人番号をお知らせください。送り状番号 319721648466",
		  NOTHING },
		{ "個人番号 123456789018 電話 0312345678", 22 },
		{ "電話 0312345678 個人番号 123456789018", 22 },
		{ "会議ID: 123456789018", NOTHING },
		{ "マイナンバー制度のお知らせ 123456789018", NOTHING },
		{ "123456789018円", NOTHING },
		/* "border" is no order, "personal" no label. */
		{ "個人番号 border 123456789018", 22 },
	};

	(void)state;
	check_scores(cases, ARRAY_LEN(cases));
}

static void
numbers_are_found_however_they_are_written(void **state)
{
	static const char *const texts[] = {
		"個人番号 123456789018",
		"個人番号123456789018です",
		"個人番号１２３４５６７８９０１８",
		"個人番号 １２３４－５６７８－９０１８",
		"個人番号 1234‐5678‐9018",
		"個人番号 1234−5678−9018",
		"個人番号 1234ー5678ー9018",
		"個人番号 1234　5678　9018",
		"個人番号 1234 - 5678 - 9018",
		"個人番号 1234-5678-\r\n9018",
		"個人番号 1234.5678.9018",
		"個人番号 1234/5678/9018",
		"個人番号 1234・5678・9018",
		"個人番号 1234|5678|9018",
		("個人番号 1\xe2\x80\x8b"
		 "2345\xc2\xad"
		 "6789018"),
		"個人番号 ①②③④⑤⑥⑦⑧⑨⓪①⑧",
		"個人番号 ①②③④-⑤⑥⑦⑧-⑨⓪①⑧",
		"個人番号 ❶❷❸❹❺❻❼❽❾⓿❶❽",
		"個人番号 ⑴⑵⑶⑷⑸⑹⑺⑻⑼⓪⑴⑻",
		"個人番号 ⒈⒉⒊⒋⒌⒍⒎⒏⒐🄀⒈⒏",
		"個人番号 ¹²³⁴⁵⁶⁷⁸⁹⁰¹⁸",
		"個人番号 ₁₂₃₄₅₆₇₈₉₀₁₈",
		"個人番号 一二三四五六七八九〇一八",
		"個人番号 一二三四－五六七八－九〇一八",
		"個人番号 一二三四　五六七八　九〇一八",
		"個人番号 一二三四 － 五六七八 － 九〇一八",
		"個人番号 壱弐参四五六七八九零壱八",
		"個人番号 壹貳參肆伍陸柒捌玖零壹捌",
		"個人番号 ١٢٣٤٥٦٧٨٩٠١٨",
		"個人番号 ۱۲۳۴ ۵۶۷۸ ۹۰۱۸",
		"個人番号 १२३४५६७८९०१८",
		"個人番号 ๑๒๓๔๕๖๗๘๙๐๑๘",
		"個人番号 ꩑꩒꩓꩔꩕꩖꩗꩘꩙꩐꩑꩘",
		"個人番号 🯱🯲🯳🯴🯵🯶🯷🯸🯹🯰🯱🯸",
		/* Beside digits of another kind, a point or a note. */
		"個人番号 ①123456789018",
		"個人番号 ⑴1234-5678-9018",
		"個人番号 123456789018²",
		"個人番号 123456789018①",
		"個人番号 𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟖",
		"個人番号 123456 789018",
		"個人番号No.123456789018",
		"個人番号は123456789018。",
		"個人番号:123456789018,5",
		"個人番号 123456789018. 2 枚",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scan scan;

		scan_one(&scan, texts[i]);
		if (scan.report.finding_count != 1 ||
		    strcmp(scan.report.findings[0].number, "123456789018") != 0)
			fail_msg("not found: %s", texts[i]);
		assert_int_equal(scan.report.number_count, 1);
		scan_end(&scan);
	}
}

static void
pieces_of_something_else_are_dropped(void **state)
{
	static const char *const texts[] = {
		"個人番号 1123456789018",
		"個人番号 1234567890181",
		"個人番号 1234 5678 9018 3456",
		"個人番号 3456-1234-5678-9018",
		"個人番号 x123456789018",
		"個人番号 T123456789018",
		"個人番号 123456789018@example.com",
		"個人番号 https://example.com/123456789018",
		"個人番号 https://example.com/?id=123456789018",
		"個人番号 arn:aws:iam::123456789018:root",
		"個人番号 0.123456789018",
		"個人番号 +123456789018",
		"個人番号 a_123456789018",
		"個人番号 1a2b-123456789018",
		"個人番号 123456789018-1",
		"個人番号 123,456,789,018",
		"個人番号 000000000000",
		"個人番号 111111111111",
		"個人番号 ⑫345678901812345",
		"個人番号 ①②③④⑤⑥⑦⑧⑨⓪①⑧①",
		"個人番号 ①23456789018",
		"個人番号 12345678901⁸",
		"個人番号 一二三四五六七八九〇一八一",
		"個人番号 一二三四年五六七八月九〇一八日",
		"個人番号 １２３４５６７８９０一八",
		"個人番号 %123456789018",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scan scan;

		scan_one(&scan, texts[i]);
		if (scan.report.finding_count != 0)
			fail_msg("found in: %s", texts[i]);
		scan_end(&scan);
	}
}

/* Section by section of the characters that may stand between groups, and of
 * those that nobody sees. */
static void
marks_and_unseen_characters_lose_no_number(void **state)
{
	static const uint32_t marks[] = {
		'-',    0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212,
		0xFF0D, 0xFE63, 0xFE58, 0x2043, 0x30FC, 0xFF70, 0x2500, 0x2501,
		0x02D7, 0x207B, 0x2E3A, 0xFE31, 0x2796, 0x30FB, 0xFF65, 0xB7,
		'.',    0xFF0E, 0x2022, 0x2027, 0x22C5, 0xFE52, '_',    0xFF3F,
		'/',    0xFF0F, 0x2044, 0x2215, '|',    0xFF5C, 0x2502, 0x2503,
		0xA6,   0xFFE8, ' ',    '\t',   0xA0,   0x2000, 0x2003, 0x2009,
		0x200A, 0x202F, 0x205F, 0x3000, 0x1680, 0x2800,
	};
	static const uint32_t unseen[] = {
		0xAD,   0x034F, 0x200B, 0x200C,  0x200D,  0x200E,  0x2060,
		0x2066, 0x2069, 0x206A, 0xFEFF,  0xFE00,  0xFE0E,  0xFE0F,
		0x180B, 0xFFF9, 0x061C, 0xE0100, 0xE01EF, 0xE0020,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks) + ARRAY_LEN(unseen); i++) {
		const bool between = i < ARRAY_LEN(marks);
		const uint32_t cp =
			between ? marks[i] : unseen[i - ARRAY_LEN(marks)];
		struct sbuf text;
		struct scan scan;

		sbuf_init(&text, 1000);
		sbuf_add_text(&text, "個人番号：");
		for (size_t k = 0; k < 12; k++) {
			if (k > 0 && (!between || k % 4 == 0))
				utf8_put(&text, cp);
			sbuf_add_byte(&text, (uint8_t) "123456789018"[k]);
		}
		scan_one(&scan, sbuf_text(&text));
		if (scan.report.finding_count != 1 ||
		    strcmp(scan.report.findings[0].number, "123456789018") != 0)
			fail_msg("not found with U+%04X", (unsigned)cp);
		scan_end(&scan);
		sbuf_done(&text);
	}
}

static void
several_numbers_in_a_row_are_told_apart(void **state)
{
	struct scan scan;

	(void)state;
	scan_one(&scan, "個人番号 123456789018 621498320257\n"
			"1234 5678 9018 3729 6774 2338");
	assert_int_equal(scan.report.finding_count, 3);
	assert_int_equal(scan.report.number_count, 3);
	scan_end(&scan);
	/* The same again is one. */
	scan_one(&scan, "個人番号 123456789018\nもう一度 123456789018\n");
	assert_int_equal(scan.report.finding_count, 1);
	assert_int_equal(scan.report.number_count, 1);
	scan_end(&scan);
}

static void
a_finding_says_where_and_why_without_the_number(void **state)
{
	static const char *const want[] = { "prior",          "check.valid",
					    "label.adjacent", "rival.none",
					    "grouping.bare",  "shape.none" };
	struct scan scan;

	(void)state;
	scan_one(&scan,
		 "一行目\n二行目\n山田太郎 個人番号 123456789018 (2026年)");
	assert_int_equal(scan.report.finding_count, 1);
	const struct report_finding *finding = &scan.report.findings[0];

	assert_string_equal(finding->part, "1");
	assert_string_equal(finding->location, "line 3");
	assert_string_equal(finding->masked, "********9018");
	assert_string_equal(finding->number, "123456789018");
	assert_non_null(
		strstr(finding->context, "個人番号 ************ (****年)"));
	assert_null(strpbrk(finding->context, "0123456789"));
	assert_int_equal(finding->subject, 1);
	assert_int_equal(finding->count, 1);
	assert_int_equal(finding->term_count, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		assert_string_equal(finding->terms[i].name, want[i]);
	assert_int_equal(scan.report.level, REPORT_LEVEL_SURE);
	scan_end(&scan);
}

static void
the_number_is_revealed_only_on_request(void **state)
{
	const struct detect_options hidden = {
		NULL, NULL, REPORT_PROFILE_STANDARD, false, 10, false
	};
	struct detector *detector = NULL;
	struct scan_report report = { 0 };
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, detector_new(&hidden, &detector, &err), &err);
	check_status(ST_OK, detector_part(detector, "1", &err), &err);
	check_status(ST_OK,
		     detector_text(detector, &scan_body,
				   span_of("個人番号 123456789018"), &err),
		     &err);
	check_status(ST_OK, detector_finish(detector, &report, &err), &err);
	assert_string_equal(report.findings[0].number, "");
	detector_free(&detector);
}

static void
a_label_elsewhere_in_the_mail_counts(void **state)
{
	const struct place header = { PLACE_HEADER, 0, "Comments" };
	struct scan scan;

	(void)state;
	scan_start(&scan);
	check_status(ST_OK,
		     detector_text(scan.detector, &header,
				   span_of("個人番号の件"), &scan.err),
		     &scan.err);
	check_status(ST_OK, detector_part(scan.detector, "2", &scan.err),
		     &scan.err);
	scan_text(&scan, "1234 5678 9018");
	scan_finish(&scan);
	assert_int_equal(scan.report.findings[0].score_db, 5);
	assert_int_equal(scan.report.level, REPORT_LEVEL_SUSPECT);
	assert_string_equal(scan.report.findings[0].terms[2].name,
			    "label.message");
	scan_end(&scan);
}

static void
a_break_is_crossed_by_neither_label_nor_number(void **state)
{
	struct scan scan;

	(void)state;
	scan_start(&scan);
	scan_text(&scan, "個人番号 12345678");
	check_status(ST_OK, detector_break(scan.detector, &scan.err),
		     &scan.err);
	scan_text(&scan, "9018 123456789018");
	scan_finish(&scan);
	assert_int_equal(scan.report.findings[0].score_db, -3);
	assert_int_equal(scan.report.finding_count, 1);
	scan_end(&scan);
}

static void
text_in_pieces_is_one_text(void **state)
{
	static const char text[] =
		"マイナンバー\n個人番号： 1234-5678-9018 です";

	(void)state;
	for (size_t cut = 0; cut <= sizeof(text) - 1; cut++) {
		struct scan scan;
		const struct span whole = span_of(text);
		struct span head = { 0 };
		struct span tail = { 0 };

		scan_start(&scan);
		assert_true(span_cut(whole, 0, cut, &head));
		assert_true(span_cut(whole, cut, whole.len_bytes - cut, &tail));
		check_status(ST_OK,
			     detector_text(scan.detector, &scan_body, head,
					   &scan.err),
			     &scan.err);
		check_status(ST_OK,
			     detector_text(scan.detector, &scan_body, tail,
					   &scan.err),
			     &scan.err);
		scan_finish(&scan);
		assert_int_equal(scan.report.finding_count, 1);
		assert_int_equal(scan.report.findings[0].score_db, 23);
		assert_string_equal(scan.report.findings[0].location, "line 2");
		scan_end(&scan);
	}
}

static void
a_number_at_any_offset_of_a_long_text_is_found(void **state)
{
	enum { AROUND = 262144 };

	(void)state;
	for (size_t lead = AROUND - 40; lead < AROUND + 20; lead += 7) {
		struct scan scan;
		struct sbuf text;

		sbuf_init(&text, SIZE_MAX / 2);
		for (size_t i = 0; i < lead; i++)
			sbuf_add_byte(&text, i % 70 == 69 ? '\n' : 'a');
		sbuf_add_text(&text, "個人番号 1234 5678 9018\n");
		for (size_t i = 0; i < 10000; i++)
			sbuf_add_text(&text, "text ");
		scan_start(&scan);
		check_status(ST_OK,
			     detector_text(scan.detector, &scan_body,
					   sbuf_span(&text), &scan.err),
			     &scan.err);
		scan_finish(&scan);
		assert_int_equal(scan.report.finding_count, 1);
		assert_int_equal(scan.report.findings[0].score_db, 30);
		scan_end(&scan);
		sbuf_done(&text);
	}
}

static void
golden_negatives_need_a_label(void **state)
{
	static const char *const texts[] = {
		"202610160001",   "319721648466",   "309212345610",
		"010001192707",   "000012010001",   "2015 2016 2017",
		"2020 2021 2022", "2036 2037 2038", "2024 2023 2022",
		"2019 2018 2017", "2003 2002 2001", "000000000000",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scan scan;

		scan_one(&scan, texts[i]);
		assert_int_equal(scan.report.level, REPORT_LEVEL_NONE);
		assert_int_equal(scan.report.number_count, 0);
		scan_end(&scan);
	}
}

static void
more_findings_than_asked_for_are_counted(void **state)
{
	const struct detect_options few = {
		NULL, NULL, REPORT_PROFILE_STANDARD, false, 3, false
	};
	struct detector *detector = NULL;
	struct scan_report report = { 0 };
	struct err err = { 0 };
	struct sbuf text;
	size_t valid = 0;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	sbuf_add_text(&text, "個人番号\n");
	for (uint64_t n = 534567892345; valid < 6000; n += 1000010) {
		char line[40];
		uint8_t digits[12];

		(void)snprintf(line, sizeof(line), "%llu\n",
			       (unsigned long long)n);
		for (size_t i = 0; i < 12; i++)
			digits[i] = (uint8_t)(line[i] - '0');
		unsigned sum = 0;
		for (size_t i = 0; i < 11; i++)
			sum += digits[i] *
			       (i < 5 ? 6U - (unsigned)i : 12U - (unsigned)i);
		const unsigned check = sum % 11 <= 1 ? 0 : 11 - sum % 11;

		if (digits[11] != check)
			continue;
		valid++;
		sbuf_add_text(&text, line);
	}
	check_status(ST_OK, detector_new(&few, &detector, &err), &err);
	check_status(ST_OK, detector_part(detector, "1", &err), &err);
	check_status(
		ST_OK,
		detector_text(detector, &scan_body, sbuf_span(&text), &err),
		&err);
	check_status(ST_OK, detector_finish(detector, &report, &err), &err);
	assert_int_equal(report.finding_count, 3);
	assert_int_equal(report.findings_left_out, 5997);
	assert_int_equal(report.number_count, 6000);
	assert_int_equal(report.level, REPORT_LEVEL_SURE);
	sbuf_done(&text);
	detector_free(&detector);
}

static void
masking_leaves_no_run_of_digits(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "a 123 b", "a 123 b" },
		{ "a1234b", "a****b" },
		{ "1234-5678-9018.xlsx", "****-****-****.xlsx" },
		{ "123 456 789 018", "*** *** *** ***" },
		{ "１２３４", "****" },
		{ "一般", "一般" },
		{ "一二三四五", "*****" },
		{ "第2回 10名", "第2回 10名" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sbuf out;

		sbuf_init(&out, 1000);
		detect_mask(span_of(cases[i].text), &out);
		assert_string_equal(sbuf_text(&out), cases[i].want);
		sbuf_done(&out);
	}
}

/* Far above what a MB takes, far below what a square takes; sanitizers look at
 * every byte. */
#ifdef SEKIMORI_SANITIZED
#	define SLOW_MS 10000
#else
#	define SLOW_MS 2000
#endif

/* 1 MB of unit; a factor of ten more takes ten times as long. */
static void
digits_without_end_take_linear_time(void **state)
{
	static const char *const units[] = {
		"1",
		"1234 ",
		"123456789018 ",
		"12 ",
		"個人番号 ",
		"1234-5678-9018-",
		"一",
		"123456789012\n",
		"\xe2\x80\x8b",
		"マ　　　　　",
		"個人番号 123456789018 円 ",
		"a:123456789018 ",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct scan scan;
		struct sbuf text;
		struct timespec from;
		struct timespec to;

		sbuf_init(&text, SIZE_MAX / 2);
		while (text.len_bytes < 1000000)
			sbuf_add_text(&text, units[i]);
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		scan_start(&scan);
		check_status(ST_OK,
			     detector_text(scan.detector, &scan_body,
					   sbuf_span(&text), &scan.err),
			     &scan.err);
		scan_finish(&scan);
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		const double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 +
				  (double)(to.tv_nsec - from.tv_nsec) / 1e6;

		if (getenv("SHOW_TIMES") != NULL)
			print_message("%s: %.1f ms a MB\n", units[i], ms);
		if (ms > SLOW_MS)
			fail_msg("%s: %.0f ms for a MB", units[i], ms);
		scan_end(&scan);
		sbuf_done(&text);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_weigh_by_their_distance),
		cmocka_unit_test(rivals_take_the_number),
		cmocka_unit_test(numbers_are_found_however_they_are_written),
		cmocka_unit_test(pieces_of_something_else_are_dropped),
		cmocka_unit_test(marks_and_unseen_characters_lose_no_number),
		cmocka_unit_test(several_numbers_in_a_row_are_told_apart),
		cmocka_unit_test(
			a_finding_says_where_and_why_without_the_number),
		cmocka_unit_test(the_number_is_revealed_only_on_request),
		cmocka_unit_test(a_label_elsewhere_in_the_mail_counts),
		cmocka_unit_test(
			a_break_is_crossed_by_neither_label_nor_number),
		cmocka_unit_test(text_in_pieces_is_one_text),
		cmocka_unit_test(
			a_number_at_any_offset_of_a_long_text_is_found),
		cmocka_unit_test(golden_negatives_need_a_label),
		cmocka_unit_test(more_findings_than_asked_for_are_counted),
		cmocka_unit_test(masking_leaves_no_run_of_digits),
		cmocka_unit_test(digits_without_end_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
