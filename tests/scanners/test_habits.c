/* Tests of scanners/detect through the detector: how people write a number
 * and its label, and what they write beside it. */
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
		"個人番号\n1\n\n2\n\n3\n\n4\n\n5\n\n6\n\n7\n\n8\n\n9\n\n0\n\n1"
		"\n\n8\n",
		"個人番号 1,2,3,4,5,6,7,8,9,0,1,8",
		/* Far from any other number. */
		"番号法の利用目的を確認しました。個人番号 1234,5678,9018",
	};
	static const char *const not_found[] = {
		"1234,5678,9018",
		"数量 1234,5678,9018",
		"個人番号 1234,5678,9018,1111",
		"個人番号 1234,5678,90181",
		"個人番号 1234,5678;9018",
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_words_count_right_before_a_number),
		cmocka_unit_test(any_mark_parts_groups_behind_a_label),
		cmocka_unit_test(
			who_wrote_it_and_when_leads_up_to_no_other_number),
		cmocka_unit_test(a_call_is_no_telephone_number),
		cmocka_unit_test(a_shape_alone_does_not_hide_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
