/* Tests of scanners/detect through the detector: how people write a number
 * and its label, and what they write beside it. */
#include <stdio.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

static void
check_level(const char *text, enum report_profile profile,
	    enum report_level least, enum report_level most)
{
	struct scan scan;

	scan_start_in(&scan, profile);
	scan_text(&scan, text);
	scan_finish(&scan);
	if (scan.report.level < least || scan.report.level > most)
		fail_msg("%s: level %d, %lld dB", text, scan.report.level,
			 (long long)scan.report.score_db);
	scan_end(&scan);
}

static void
short_words_count_right_before_a_number(void **state)
{
	static const char *const found[] = {
		"MN=123456789018",
		"ＭＮ：１２３４５６７８９０１８",
		"マイナ：1234-5678-9018",
		"個番 123456789018",
		"番号（個人） 123456789018",
		"\"tax_id\": \"123456789018\"",
		"nationalId=123456789018",
		"kojin_num: 123456789018",
		"mynumber_card_no: 123456789018",
		"コジンバンゴウ 123456789018",
		"ｺｼﾞﾝﾊﾞﾝｺﾞｳ：123456789018",
		"個人番号［基礎年金番号］ 1|2|3|4|5|6|7|8|9|0|1|8",
		"個人番号／法人番号：123456789018",
		"社員コード：12／個人番号/kojin_no：123456789018／所属：総務",
	};
	static const char *const not_found[] = {
		"MN の件は 123456789018 です",
		"マイナス 123456789018",
		"マイナー版 123456789018",
		"tax id は後日。伝票番号 123456789018",
		"個番の件\n123456789018",
		"a/b/my_no/c:d=123456789018",
		"I changed my number last week.\nBuild 123456789018 failed.",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		check_level(found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_SURE, REPORT_LEVEL_SURE);
	for (size_t i = 0; i < ARRAY_LEN(not_found); i++)
		check_level(not_found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
}

static void
any_mark_parts_groups_behind_a_label(void **state)
{
	static const char *const found[] = {
		"個人番号 1234,5678,9018",
		"個人番号：1234、5678、9018 です",
		"個人番号 1234+5678+9018",
		"個人番号 1234 * 5678 * 9018",
		"個人番号は 1234:5678:9018",
		"個人番号 1234の5678の9018",
		"個人番号（１２３４，５６７８，９０１８）",
		"個人番号\n\n1234\n\n5678\n\n9018\n",
		("個人番号\n1\n\n2\n\n3\n\n4\n\n5\n\n6\n\n7\n\n8\n\n9\n\n0\n\n1"
		 "\n\n8\n"),
		"個人番号 1,2,3,4,5,6,7,8,9,0,1,8",
		/* Boxes of a form, set wide; line ends of other systems. */
		"個人番号：1234    5678    9018",
		"個人番号\r1234\r5678\r9018\r",
		"個人番号\f1234\f5678\f9018",
		"個人番号 1234\xC2\x85"
		"5678\xC2\x85"
		"9018",
		/* Far from any other number. */
		"番号法の利用目的を確認しました。個人番号 1234,5678,9018",
	};
	static const char *const not_found[] = {
		"1234,5678,9018",
		"数量 1234,5678,9018",
		"個人番号 1234,5678,9018,1111",
		"個人番号 1234,5678,90181",
		"個人番号 1234,5678;9018",
		"個人番号 1234    5678    9018    1111",
		"数量 1234    5678    9018",
		"個人番号 1234円,5678円,9018円",
		"個人番号 1234,5678,9012",
		"個人番号を含む 1234,5678,9018",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		check_level(found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_SURE, REPORT_LEVEL_SURE);
	for (size_t i = 0; i < ARRAY_LEN(not_found); i++)
		check_level(not_found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
}

/* There is no zero in parentheses. */
static void
a_usual_zero_stands_among_enclosed_digits(void **state)
{
	static const char *const found[] = {
		"個人番号 ⑴⑵⑶⑷⑸⑹⑺⑻⑼0⑴⑻",
		"個人番号：①②③④ ⑤⑥⑦⑧ ⑨０①⑧",
		"個人番号 ⑴⑵⑶⑷⑸⑹⑺⑻⑼⓪⑴⑻",
		/* A point, and a number. */
		"個人番号 ①012345678903",
	};
	static const char *const not_found[] = {
		"⑴⑵⑶⑷⑸⑹⑺⑻⑼1⑴⑻ 個人番号",
		"個人番号 ⑴⑵⑶⑷⑸⑹⑺⑻⑼0⑴⑵",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		check_level(found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_SURE, REPORT_LEVEL_SURE);
	for (size_t i = 0; i < ARRAY_LEN(not_found); i++)
		check_level(not_found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
}

static void
a_name_before_quoted_lines_cuts_no_number(void **state)
{
	static const char *const found[] = {
		"Taro> 個人番号 1\nTaro> 23456789018\n",
		"a\r\n太郎>個人番号：12345678901\r\n太郎>8\r\n",
		"Taro> マイナンバーは 1234-5678-\nTaro> 9018 です",
	};
	static const char *const not_found[] = {
		"Taro> 個人番号 1\nJiro> 23456789018\n",
		"Taro> 個人番号 1\nTaro> 234567890181\n",
		"Taro> 個人番号 1\nTaro> 23456789012\n",
		"Taro> 個人番号 1\nTaro> 2345\nTaro> 6789018\n",
		"Taro> 数量 1\nTaro> 23456789018\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		check_level(found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_SURE, REPORT_LEVEL_SURE);
	for (size_t i = 0; i < ARRAY_LEN(not_found); i++)
		check_level(not_found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
}

static void
who_wrote_it_and_when_leads_up_to_no_other_number(void **state)
{
	static const char *const found[] = {
		"[10:23] 山田: マイナンバー送ります\n[10:24] 山田: 123456789018",
		"10:23 山田太郎 マイナンバーお願いします\n10:24 鈴木花子 "
		"123456789018\n",
		"Q. マイナンバーは？\nA. 123456789018",
		"Q3. あなたのマイナンバーを入力してください\nA3. 123456789018",
		"マイナンバーの連絡です。\n\n山田太郎（営業部）\n"
		"1234-5678-9018\n",
		"お電話ありがとうございました。\n個人番号の連絡です。\n"
		"山田 123456789018",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		check_level(found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_SUSPECT, REPORT_LEVEL_SURE);
	check_level("マイナンバーの書類を郵送しました。\n123456789018",
		    REPORT_PROFILE_STANDARD, REPORT_LEVEL_NONE,
		    REPORT_LEVEL_NOTED);
	check_level("マイナンバーの提出期限は月末です。\n照会 123456789018",
		    REPORT_PROFILE_STANDARD, REPORT_LEVEL_NONE,
		    REPORT_LEVEL_NOTED);
}

/* A word for another number in a sentence that is over names no number, unless
 * that sentence sends something. */
static void
a_call_is_no_telephone_number(void **state)
{
	static const char *const found[] = {
		"お電話ありがとうございました。\n\n1234 5678 9018\n",
		"先ほどお電話でお伝えした番号は123456789018です。",
		"123456789018 でした。\n\niPhoneから送信",
	};
	static const char *const not_found[] = {
		"電話 123456789018",
		"送り状番号をお知らせします。\n123456789018",
		"宅急便で発送しました。\n123456789018",
		"受付番号は下記です。\n123456789018",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		check_level(found[i], REPORT_PROFILE_STRICT,
			    REPORT_LEVEL_SUSPECT, REPORT_LEVEL_SURE);
	for (size_t i = 0; i < ARRAY_LEN(not_found); i++)
		check_level(not_found[i], REPORT_PROFILE_STRICT,
			    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
}

/* 202610160001 looks like a date, 319721648466 is a parcel's number. */
static void
a_shape_alone_does_not_hide_a_number(void **state)
{
	(void)state;
	check_level("個人番号：202610160001", REPORT_PROFILE_STANDARD,
		    REPORT_LEVEL_SUSPECT, REPORT_LEVEL_SUSPECT);
	check_level("注文番号：202610160001", REPORT_PROFILE_STRICT,
		    REPORT_LEVEL_NONE, REPORT_LEVEL_NONE);
	check_level("マイナンバー制度の件、202610160001 を参照",
		    REPORT_PROFILE_STANDARD, REPORT_LEVEL_NONE,
		    REPORT_LEVEL_NOTED);
	check_level("個人番号：2020 2021 2022", REPORT_PROFILE_STANDARD,
		    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
	/* Only where something speaks of parcels. */
	check_level("319721648466", REPORT_PROFILE_STRICT, REPORT_LEVEL_SUSPECT,
		    REPORT_LEVEL_SUSPECT);
	check_level("319721648466\n不在票の番号です", REPORT_PROFILE_STRICT,
		    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
}

struct grid_row {
	const char *first; /* the cell before the others */
	const char *cells; /* one character each; or NULL: Q1, Q2 … */
	const char *last;  /* the cell behind, or NULL */
};

static void
scan_grid(const struct grid_row *rows, size_t count, enum report_level least,
	  enum report_level most)
{
	struct scan scan;

	scan_start(&scan);
	for (uint32_t row = 0; row < count; row++) {
		scan_cell(&scan, row + 1, 1, rows[row].first);
		for (uint32_t i = 0; i < 12; i++) {
			char text[8];

			if (rows[row].cells != NULL)
				(void)snprintf(text, sizeof(text), "%c",
					       rows[row].cells[i]);
			else
				(void)snprintf(text, sizeof(text), "Q%u",
					       i + 1);
			scan_cell(&scan, row + 1, i + 2, text);
		}
		if (rows[row].last != NULL)
			scan_cell(&scan, row + 1, 14, rows[row].last);
	}
	scan_finish(&scan);
	if (scan.report.level < least || scan.report.level > most)
		fail_msg("%s: level %d, %lld dB", rows[0].first,
			 scan.report.level, (long long)scan.report.score_db);
	scan_end(&scan);
}

#define GRID                                                                  \
	{ "a", "123456789018", NULL }, { "b", "621498320257", NULL },         \
		{ "c", "372967742338", NULL }, { "d", "292175895982", NULL }, \
	{                                                                     \
		"e", "873321641958", NULL                                     \
	}

/* Every row of a rating may pass by chance, or be made to. */
static void
digits_below_headings_of_their_own_are_answers(void **state)
{
	static const struct grid_row plain[] = { GRID };
	static const struct grid_row headed[] = { { "answers", NULL, NULL },
						  GRID };
	static const struct grid_row labelled[] = {
		{ "個人番号", NULL, NULL }, { "個人番号", "123456789018", NULL }
	};
	static const struct grid_row totals[] = {
		{ "a", "123456789018", "50" }, { "b", "621498320257", "49" },
		{ "c", "372967742338", "57" }, { "d", "292175895982", "67" },
		{ "e", "873321641958", "57" },
	};

	(void)state;
	scan_grid(plain, ARRAY_LEN(plain), REPORT_LEVEL_SUSPECT,
		  REPORT_LEVEL_SURE);
	scan_grid(headed, ARRAY_LEN(headed), REPORT_LEVEL_NONE,
		  REPORT_LEVEL_NOTED);
	scan_grid(totals, ARRAY_LEN(totals), REPORT_LEVEL_NONE,
		  REPORT_LEVEL_NOTED);
	scan_grid(labelled, ARRAY_LEN(labelled), REPORT_LEVEL_SURE,
		  REPORT_LEVEL_SURE);
}

static void
headings_may_count(void **state)
{
	static const char *const rows[] = { "123456789018", "621498320257",
					    "372967742338", "292175895982" };
	struct scan scan;

	(void)state;
	scan_start(&scan);
	for (uint32_t i = 1; i <= 12; i++) {
		char text[8];

		(void)snprintf(text, sizeof(text), "%u", i);
		scan_cell(&scan, 1, i, text);
	}
	for (uint32_t row = 0; row < ARRAY_LEN(rows); row++)
		for (uint32_t i = 0; i < 12; i++) {
			const char text[] = { rows[row][i], '\0' };

			scan_cell(&scan, row + 2, i + 1, text);
		}
	scan_finish(&scan);
	assert_int_equal(scan.report.level, REPORT_LEVEL_NONE);
	scan_end(&scan);
}

/* Four valid numbers alone are a little too few. */
static void
cells_of_a_person_speak_for_the_number_beside_them(void **state)
{
	static const char *const numbers[] = { "123456789018", "621498320257",
					       "372967742338", "292175895982" };
	static const struct {
		const char *cells[2];
		bool found;
	} cases[] = {
		{ { "在庫", "2" }, false },
		{ { "男", "長野県松本市深志5-1" }, true },
		{ { "ｸﾄﾞｳ ｼﾞｭﾝｲﾁ", "北海道旭川市四条通2-21" }, true },
		{ { "工藤 純一", "東京都千代田区1-1" }, true },
		{ { "部品 A1", "山梨県産ワイン 750" }, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_start(&scan);
		for (uint32_t row = 0; row < ARRAY_LEN(numbers); row++) {
			scan_cell(&scan, row + 1, 1, cases[i].cells[0]);
			scan_cell(&scan, row + 1, 2, cases[i].cells[1]);
			scan_cell(&scan, row + 1, 3, numbers[row]);
		}
		scan_finish(&scan);
		if ((scan.report.level >= REPORT_LEVEL_SUSPECT) !=
		    cases[i].found)
			fail_msg("%s: %lld dB", cases[i].cells[0],
				 (long long)scan.report.score_db);
		scan_end(&scan);
	}
}

/* Five numbers and the dates behind them, as the readers give such records:
 * of all windows of twelve digits only those at the edges count so soon. */
static void
few_records_do_when_the_number_is_at_an_edge(void **state)
{
	static const struct {
		const char *before;
		bool found;
	} cases[] = { { "", true }, { "12", false } };
	static const char *const numbers[] = { "123456789018", "621498320257",
					       "372967742338", "292175895982",
					       "873321641958" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_start(&scan);
		for (uint32_t row = 0; row < ARRAY_LEN(numbers); row++) {
			const struct cell cell = { "", row + 1, 9,
						   CELL_DIGITS };
			char text[32];

			(void)snprintf(text, sizeof(text), "%s%s%08u",
				       cases[i].before, numbers[row],
				       20260101 + row * 17);
			check_status(ST_OK,
				     detector_cell(scan.detector, &cell,
						   span_of(text), &scan.err),
				     &scan.err);
		}
		scan_finish(&scan);
		assert_int_equal(scan.report.level >= REPORT_LEVEL_SUSPECT,
				 cases[i].found);
		scan_end(&scan);
	}
}

/* JSON lines of one length are records of fixed length, too. */
static void
values_of_an_element_are_not_reported_as_records_again(void **state)
{
	static const struct place place = { PLACE_ELEMENT, 1, "個人番号" };
	static const char *const numbers[] = { "123456789018", "621498320257",
					       "372967742338", "292175895982",
					       "873321641958" };
	struct scan scan;

	(void)state;
	scan_start(&scan);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		check_status(ST_OK,
			     detector_text(scan.detector, &place,
					   span_of(numbers[i]), &scan.err),
			     &scan.err);
		check_status(ST_OK, detector_break(scan.detector, &scan.err),
			     &scan.err);
	}
	for (uint32_t row = 0; row < ARRAY_LEN(numbers); row++) {
		const struct cell cell = { "", row + 1, 9, CELL_DIGITS };

		check_status(ST_OK,
			     detector_cell(scan.detector, &cell,
					   span_of(numbers[row]), &scan.err),
			     &scan.err);
	}
	scan_finish(&scan);
	assert_int_equal(scan.report.finding_count, 1);
	assert_int_equal(scan.report.findings[0].count, 5);
	assert_string_equal(scan.report.findings[0].location,
			    "line 1, 個人番号");
	scan_end(&scan);
}

/* Two columns of a text. */
static void
the_second_number_of_a_line_is_another_field(void **state)
{
	check_level("123456789018 000000001234\n621498320257 000000001245\n"
		    "372967742338 000000001261\n292175895982 000000001280\n"
		    "873321641958 000000001297\n",
		    REPORT_PROFILE_STANDARD, REPORT_LEVEL_SUSPECT,
		    REPORT_LEVEL_SURE);
	(void)state;
}

/* What follows a number in another line speaks of it only when it says so. */
static void
a_label_below_points_back(void **state)
{
	static const char *const found[] = {
		"123456789018\n上記が私のマイナンバーです。",
		"123456789018\n↑マイナンバー",
		"123456789018\n以上、個人番号です。",
	};
	static const char *const not_found[] = {
		"123456789018 は対応不要です\n源泉徴収票は来月送付、個人番号は廃棄",
		"(exec 123456789018)\n\nＰＪ「個人番号管理台帳」の資料です",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(found); i++)
		check_level(found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_SURE, REPORT_LEVEL_SURE);
	for (size_t i = 0; i < ARRAY_LEN(not_found); i++)
		check_level(not_found[i], REPORT_PROFILE_STANDARD,
			    REPORT_LEVEL_NONE, REPORT_LEVEL_SUSPECT);
}

static void
words_before_a_number_in_a_name_of_a_file(void **state)
{
	(void)state;
	check_level("mynumber-123456789018.txt", REPORT_PROFILE_STANDARD,
		    REPORT_LEVEL_SUSPECT, REPORT_LEVEL_SURE);
	check_level("kojin_bango_123456789018.pdf", REPORT_PROFILE_STANDARD,
		    REPORT_LEVEL_SUSPECT, REPORT_LEVEL_SURE);
	check_level("scan-123456789018.pdf", REPORT_PROFILE_STRICT,
		    REPORT_LEVEL_NONE, REPORT_LEVEL_NOTED);
	check_level("my number 3f2b-77aa-123456789018", REPORT_PROFILE_STANDARD,
		    REPORT_LEVEL_NONE, REPORT_LEVEL_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_words_count_right_before_a_number),
		cmocka_unit_test(any_mark_parts_groups_behind_a_label),
		cmocka_unit_test(a_usual_zero_stands_among_enclosed_digits),
		cmocka_unit_test(a_name_before_quoted_lines_cuts_no_number),
		cmocka_unit_test(
			who_wrote_it_and_when_leads_up_to_no_other_number),
		cmocka_unit_test(a_call_is_no_telephone_number),
		cmocka_unit_test(a_shape_alone_does_not_hide_a_number),
		cmocka_unit_test(
			digits_below_headings_of_their_own_are_answers),
		cmocka_unit_test(headings_may_count),
		cmocka_unit_test(
			cells_of_a_person_speak_for_the_number_beside_them),
		cmocka_unit_test(few_records_do_when_the_number_is_at_an_edge),
		cmocka_unit_test(
			values_of_an_element_are_not_reported_as_records_again),
		cmocka_unit_test(the_second_number_of_a_line_is_another_field),
		cmocka_unit_test(a_label_below_points_back),
		cmocka_unit_test(words_before_a_number_in_a_name_of_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
