/* Tests of scanners/detect/candidate.h, through the detector: the forms in
 * which one number may be written, and what looks like them. */
#include "scanners/detect/detect.h"

#include <string.h>

#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

#define NARROW_LINE "\n先日お話しした入社手続きの件ですが長め\n"
#define LONG_ROW    "\n20261016 ここに商品の名前が入ります。長い行です 12345678\n"

/* Each stands under a label and must be found as that number. */
static void
check_found(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scan scan;

		scan_start(&scan);
		scan_text(&scan, "個人番号：");
		scan_text(&scan, texts[i]);
		scan_finish(&scan);
		if (scan.report.finding_count == 0 ||
		    strcmp(scan.report.findings[0].number, "123456789018") != 0)
			fail_msg("not found: %s", texts[i]);
		if (scan.report.level < REPORT_LEVEL_SUSPECT)
			fail_msg("level %d, %d dB: %s", (int)scan.report.level,
				 (int)scan.report.score_db, texts[i]);
		scan_end(&scan);
	}
}

/* Even under a label none of these is one number of twelve digits. */
static void
check_none(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct scan scan;

		scan_start(&scan);
		scan_text(&scan, "個人番号：");
		scan_text(&scan, texts[i]);
		scan_finish(&scan);
		if (scan.report.finding_count > 0)
			fail_msg("found %s in: %s",
				 scan.report.findings[0].number, texts[i]);
		scan_end(&scan);
	}
}

static void
every_mark_parts_groups_of_four(void **state)
{
	static const char *const marks[] = {
		"-",  "‐",  "‑",  "‒",  "–",   "—",    "―",  "−",  "－",
		"﹣", "﹘", "⁃",  "ー", "ｰ",   "─",    "━",  "・", "･",
		"·",  ".",  "．", "_",  "＿",  "/",    "／", "|",  "｜",
		"│",  "┃",  " ",  "\t", "　",  " ",    " ",  " ",  " ",
		"~",  "〜", "～", "--", " - ", " ・ ", "――"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		char text[100];
		const char *const texts[] = { text };

		(void)snprintf(text, sizeof(text), "1234%s5678%s9018。",
			       marks[i], marks[i]);
		check_found(texts, 1);
		(void)snprintf(text, sizeof(text),
			       "１２３４%s５６７８%s９０１８\n", marks[i],
			       marks[i]);
		check_found(texts, 1);
		/* Another at one of the two places. */
		(void)snprintf(text, sizeof(text), "1234 5678%s9018 ",
			       marks[i]);
		check_found(texts, 1);
		(void)snprintf(text, sizeof(text), "1234%s5678-9018\n",
			       marks[i]);
		check_found(texts, 1);
		/* Between all digits. */
		(void)snprintf(text, sizeof(text),
			       "1%s2%s3%s4%s5%s6%s7%s8%s9%s0%s1%s8\n", marks[i],
			       marks[i], marks[i], marks[i], marks[i], marks[i],
			       marks[i], marks[i], marks[i], marks[i],
			       marks[i]);
		check_found(texts, 1);
	}
}

static void
digits_of_every_kind_are_read(void **state)
{
	static const char *const texts[] = {
		"123456789018",
		"１２３４５６７８９０１８",
		"１２３４−５６７８−９０１８",
		"①②③④⑤⑥⑦⑧⑨⓪①⑧",
		"一二三四五六七八九〇一八",
		"一二三四五六七八九零一八",
		"一二三四五六七八九○一八",
		"一二三四五六七八九◯一八",
		"一二三四　五六七八　九〇一八",
		"壱弐参四五六七八九零壱八",
		"𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏𝟖",
		"1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣0️⃣1️⃣8️⃣",
		"1⃣2⃣3⃣4⃣5⃣6⃣7⃣8⃣9⃣0⃣1⃣8⃣",
		"1\314\2622\314\26234 5678 9018",
		"1234\342\200\2135678\302\2559018",
	};

	(void)state;
	check_found(texts, ARRAY_LEN(texts));
}

static void
brackets_may_stand_around_groups(void **state)
{
	static const char *const texts[] = {
		"[1234][5678][9018]",
		"(1234)(5678)(9018)",
		"（1234）（5678）（9018）",
		"【1234】【5678】【9018】",
		"[1234] [5678] [9018]",
		"(1234)-(5678)-(9018)",
		"(1234)-5678-9018",
		"[1234]-[5678]-[9018]",
		"[123456789018]",
		"(1234 5678 9018)",
		"(12桁) 1234-5678-9018",
		"(1) 123456789018",
		"(1)123456789018",
		"(1) 1 2 3 4 5 6 7 8 9 0 1 8",
		"[1][2][3][4][5][6][7][8][9][0][1][8]",
	};

	(void)state;
	check_found(texts, ARRAY_LEN(texts));
}

static void
one_digit_by_one_is_a_number(void **state)
{
	static const char *const texts[] = {
		"|1|2|3|4|5|6|7|8|9|0|1|8|",
		"| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 0 | 1 | 8 |",
		"┃1┃2┃3┃4┃5┃6┃7┃8┃9┃0┃1┃8┃",
		"┌─┬─┐\n│1│2│3│4│ │5│6│7│8│ │9│0│1│8│\n└─┴─┘",
		"|1|2|3|4||5|6|7|8||9|0|1|8|",
		"1 2 3 4  5 6 7 8  9 0 1 8",
		"1 2 3 4 - 5 6 7 8 - 9 0 1 8",
		"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n8\n",
		"1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\r\n0\r\n1\r\n8",
		"１　２　３　４　５　６　７　８　９　０　１　８",
	};

	(void)state;
	check_found(texts, ARRAY_LEN(texts));
}

static void
a_line_end_of_a_mailer_joins(void **state)
{
	static const char *const texts[] = {
		"1234-5678-\n9018",
		"1234 5678\n9018",
		"1234\r\n5678 9018",
		"> 1234 5678\n> 9018",
		"\n| 1234 5678\n| 9018",
		"7月11日付で入社した山田太郎さんの個人番号についてですが1234 5678 9\n018",
		/* As long as the line before. */
		(NARROW_LINE "、山本花子さんの個人番号は1234 5678 9\n018です"),
		(NARROW_LINE "、山本花子さんの個人番号は123456789018\nです"),
		(NARROW_LINE "、山本花子さんの個人番号は12345678901\n8です"),
		">> 1234-\n>> 5678-9018",
		/* In the middle of a full line. */
		"これは長い行で、折り返しの位置にちょうど番号が来たものです12345678\n9018 です",
		"これは長い行で、折り返しの位置にちょうど番号が来たものです1\n23456789018",
		"これは長い行で、折り返しの位置にちょうど番号が来たものです1234-56\n78-9018",
		"これは長い行で、折り返しの位置にちょうど番号が来たものです1234 5678 9\r\n018",
		"> これは長い行で、折り返しの位置にちょうど番号が来たものです1234567\n> 89018",
		/* Set in, all lines alike. */
		"\n      1234 5678\n      9018",
		"\n        これは長い行で、折り返しの位置にちょうど番号が来たものです123\n"
		"        456789018",
	};

	(void)state;
	check_found(texts, ARRAY_LEN(texts));
}

static void
short_lines_are_one_number_right_behind_a_label(void **state)
{
	static const char *const texts[] = {
		"1234\n5678\n9018\n",
		"\n1234\r\n5678\r\n9018\r\n氏名",
		"\n\n１２３４\n５６７８\n９０１８\n氏名",
		"1\n23456789018",
		"123\n456789018\n",
		"> 123456\n> 789018です。",
		"12345678\n9018\n1990",
		"12345678901\n8",
		"1234 56\n78 9018",
		"1234-5\n678-9018\n",
	};

	(void)state;
	check_found(texts, ARRAY_LEN(texts));
}

static void
short_lines_elsewhere_are_figures(void **state)
{
	static const char *const texts[] = {
		"1234\n5678\n9018\n",
		"123456\n789018\n",
		"個人番号を集めた件数を部署ごとに\n1234\n5678\n9018\n",
		"個人番号のお話でした。受付番号\n123456\n789018\n",
		"個人番号 1 2\n1234\n5678\n9018\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scan scan;

		scan_one(&scan, texts[i]);
		if (scan.report.finding_count > 0)
			fail_msg("found in: %s", texts[i]);
		scan_end(&scan);
	}
}

static void
what_is_no_single_number_is_dropped(void **state)
{
	static const char *const texts[] = {
		"1234567890180",
		"0123456789018",
		"1234-5678-9018-1234",
		"1234 5678 9018 1234",
		"1234-5678-9018-1234-5678",
		"123,456,789,018",
		"1,234,567,890,18",
		"0.123456789018",
		"12.3456789018",
		"123456789018.ab@example.com",
		"short\nこの行は少し長いですが短い番号12345678\n9018",
		/* Rows of a table that happen to be long. */
		(LONG_ROW
		 "9018 商品の名前がここに入りますこの行は十分に長いです 12345678\n"),
		"2026\n12345678",
		/* More of the kind: a column of figures. */
		"1234\n5678\n9018\n1234\n",
		"123\n456\n789\n018\n",
		/* The check digit does not fit. */
		"1234\n5678\n9019\n",
		"123456\n789019",
		/* Lists of digits. */
		"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n8\n5\n",
		"1 2 3 4 5 6 7 8 9 0 1 8 5",
		"12 3 4 5 6 7 8 9 0 1 8",
		"[1][2][3][4][5][6][7][8][9][0][1][8][3]",
		/* Of different kinds. */
		"12345678901八",
		"1234五六七八9018",
		"1①3456789018",
		"1234)))(((5678 9018",
		"f47ac10b-58cc-4372-a567-123456789018",
	};

	(void)state;
	check_none(texts, ARRAY_LEN(texts));
}

static void
no_number_is_lost_in_a_long_run_of_them(void **state)
{
	struct scan scan;

	(void)state;
	/* More groups than are looked at in one go, at every offset. */
	for (int lead = 0; lead < 60; lead++) {
		scan_start(&scan);
		for (int i = 0; i < lead; i++)
			scan_text(&scan, "77\n");
		scan_text(&scan, "\n個人番号\n");
		for (int i = 0; i < lead; i++)
			scan_text(&scan, "77\n");
		scan_text(&scan, "1234 5678 9018\n");
		for (int i = 0; i < lead; i++)
			scan_text(&scan, "77\n");
		scan_finish(&scan);
		assert_int_equal(scan.report.finding_count, 1);
		scan_end(&scan);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mark_parts_groups_of_four),
		cmocka_unit_test(digits_of_every_kind_are_read),
		cmocka_unit_test(brackets_may_stand_around_groups),
		cmocka_unit_test(one_digit_by_one_is_a_number),
		cmocka_unit_test(a_line_end_of_a_mailer_joins),
		cmocka_unit_test(
			short_lines_are_one_number_right_behind_a_label),
		cmocka_unit_test(short_lines_elsewhere_are_figures),
		cmocka_unit_test(what_is_no_single_number_is_dropped),
		cmocka_unit_test(no_number_is_lost_in_a_long_run_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
