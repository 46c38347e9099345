/* The worked cases of the model (doc/accuracy.md): texts and their scores. */
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "scanners/detect/evidence.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

/* A number that nothing is known of; filled in by each case. */
static int64_t
score_of(struct evidence_set set)
{
	struct words *words = NULL;
	struct err err = { 0 };
	int64_t score_db = 0;

	set.profile = REPORT_PROFILE_STANDARD;
	check_status(ST_OK, words_new(&words, &err), &err);
	score_db = evidence_score(words, &set);
	words_free(&words);
	return score_db;
}

/* Also those that no report carries. */
static const struct {
	struct evidence_set set;
	int64_t score_db;
} sums[] = {
	/* Labelled, the check digit wrong. */
	{ { .check = EVIDENCE_CHECK_INVALID,
	    .label = EVIDENCE_LABEL_ADJACENT,
	    .rival = EVIDENCE_RIVAL_ABSENT,
	    .grouping = EVIDENCE_GROUPING_BARE,
	    .shape = EVIDENCE_SHAPE_NONE },
	  -11 },
	/* No label, valid by luck. */
	{ { .check = EVIDENCE_CHECK_VALID,
	    .label = EVIDENCE_LABEL_ABSENT,
	    .rival = EVIDENCE_RIVAL_ABSENT,
	    .grouping = EVIDENCE_GROUPING_BARE,
	    .shape = EVIDENCE_SHAPE_NONE },
	  -25 },
	/* A parcel number under 送り状番号, valid by luck. */
	{ { .check = EVIDENCE_CHECK_VALID,
	    .label = EVIDENCE_LABEL_ABSENT,
	    .rival = EVIDENCE_RIVAL_GOVERNS,
	    .grouping = EVIDENCE_GROUPING_HYPHENS,
	    .shape = EVIDENCE_SHAPE_PARCEL },
	  -57 },
	/* 免許証番号 where マイナンバーカード is on the page. */
	{ { .check = EVIDENCE_CHECK_VALID,
	    .label = EVIDENCE_LABEL_PAGE,
	    .rival = EVIDENCE_RIVAL_GOVERNS,
	    .grouping = EVIDENCE_GROUPING_BARE,
	    .shape = EVIDENCE_SHAPE_LICENCE },
	  -34 },
	/* A meeting's number, 3-3-3-3 under 会議ID. */
	{ { .check = EVIDENCE_CHECK_VALID,
	    .label = EVIDENCE_LABEL_ABSENT,
	    .rival = EVIDENCE_RIVAL_GOVERNS,
	    .grouping = EVIDENCE_GROUPING_UNUSUAL,
	    .shape = EVIDENCE_SHAPE_NONE },
	  -63 },
	/* Order 202610160001, alone and in a mail about My Number. */
	{ { .check = EVIDENCE_CHECK_VALID,
	    .label = EVIDENCE_LABEL_ABSENT,
	    .rival = EVIDENCE_RIVAL_ABSENT,
	    .grouping = EVIDENCE_GROUPING_BARE,
	    .shape = EVIDENCE_SHAPE_DATE_SERIAL },
	  -53 },
	{ { .check = EVIDENCE_CHECK_VALID,
	    .label = EVIDENCE_LABEL_PAGE,
	    .rival = EVIDENCE_RIVAL_ABSENT,
	    .grouping = EVIDENCE_GROUPING_BARE,
	    .shape = EVIDENCE_SHAPE_DATE_SERIAL },
	  -26 },
	/* 2020 2021 2022 in a mail about My Number. */
	{ { .check = EVIDENCE_CHECK_VALID,
	    .label = EVIDENCE_LABEL_PAGE,
	    .rival = EVIDENCE_RIVAL_ABSENT,
	    .grouping = EVIDENCE_GROUPING_SPACES,
	    .shape = EVIDENCE_SHAPE_YEARS },
	  -27 },
};

static void
sums_are_those_of_the_model(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		assert_int_equal(score_of(sums[i].set), sums[i].score_db);
}

static void
texts_score_as_the_model_says(void **state)
{
	static const struct {
		const char *text;
		int64_t score_db;
	} cases[] = {
		{ "個人番号：123456789018", 22 },
		{ "個人番号：1234 5678 9018", 30 },
		{ "個人番号\n1 2 3 4 5 6 7 8 9 0 1 8", 33 },
		{ "マイナンバーは次のとおりでございます、よろしく 123456789018",
		  12 },
		/* On the page, with a name and a date of birth. */
		{ "マイナンバーをお送りします。\n\n"
		  "いつもお世話になっております。先日ご依頼のありました件につきまして、"
		  "下記のとおりご連絡いたします。ご確認をお願いいたします。\n\n"
		  "氏名：山田太郎 生年月日：1985/01/02\n123456789018\n",
		  13 },
		/* A word of a form, and a record. */
		{ "年末調整の件\n\n氏名：山田太郎\n生年月日：1985/01/02\n"
		  "続柄：本人\n123456789018\n",
		  7 },
		/* A record, and no label. */
		{ "氏名：山田太郎\n生年月日：1985/01/02\n1234 5678 9018\n",
		  -6 },
		/* 12 digits: the person's. */
		{ "個人番号又は法人番号：123456789018", 22 },
		{ "個人番号（12桁）：123456789018", 22 },
		{ "123456789018（マイナンバー）", 22 },
		{ "お疲れ様です。\n\n123456789018が私のマイナンバーです。",
		  22 },
		{ "お疲れ様です。\n\n123456789018 ←マイナンバー", 22 },
		{ "マイナンバー（個人番号）\n123456789018", 22 },
		/* A list under its heading: all valid, one below the other. */
		{ "個人番号一覧\n621498320257\n372967742338\n123456789018\n",
		  28 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_one(&scan, cases[i].text);
		if (scan.report.finding_count == 0 ||
		    scan.report.findings[0].score_db != cases[i].score_db)
			fail_msg("%s: %lld dB, want %lld", cases[i].text,
				 (long long)scan.report.score_db,
				 (long long)cases[i].score_db);
		scan_end(&scan);
	}
}

/* Whoever was asked sends nothing but the number. */
static void
an_answer_is_known_by_what_it_quotes(void **state)
{
	static const char far[] =
		"いつもお世話になっております。先日ご依頼のありました件につきまして、"
		"ご連絡いたします。ご確認をお願いいたします。今後ともよろしくお願い申し"
		"上げます。\n";
	struct scan scan;
	struct sbuf text;

	(void)state;
	sbuf_init(&text, 10000);
	sbuf_add_text(&text, "123456789018\n\nよろしく\n\n> お疲れ様\n");
	for (size_t i = 0; i < 8; i++)
		sbuf_addf(&text, "> %s", far);
	sbuf_add_text(&text, "> マイナンバーを教えてください\n");
	scan_one(&scan, sbuf_text(&text));
	assert_int_equal(scan.report.finding_count, 1);
	assert_int_equal(scan.report.findings[0].score_db, 9);
	assert_string_equal(scan.report.findings[0].terms[2].name,
			    "label.answer");
	scan_end(&scan);
	sbuf_done(&text);
}

/* A mail with this subject and nothing but a number. */
static void
scan_subject(struct scan *scan, const char *subject)
{
	const struct place place = { PLACE_HEADER, 0, "Subject" };

	scan_start(scan);
	check_status(ST_OK,
		     detector_text(scan->detector, &place, span_of(subject),
				   &scan->err),
		     &scan->err);
	check_status(ST_OK, detector_part(scan->detector, "2", &scan->err),
		     &scan->err);
	scan_text(scan, "1234 5678 9018");
	scan_finish(scan);
}

static void
an_answer_is_known_by_its_subject(void **state)
{
	static const struct {
		const char *subject;
		const char *row;
	} cases[] = {
		{ "Re: マイナンバーの件", "label.answer" },
		{ "RE：マイナンバーの件", "label.answer" },
		{ "返信：マイナンバーの件", "label.answer" },
		{ "Ｒｅ: マイナンバーの件", "label.answer" },
		/* Else it is a heading. */
		{ "マイナンバーの件", "label.page" },
		{ "Renewal: マイナンバー", "label.page" },
		{ "Fwd: マイナンバーの件", "label.page" },
		{ "【マイナンバー提出】", "label.page" },
		{ "マイナンバー制度の件", "label.none" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scan scan;

		scan_subject(&scan, cases[i].subject);
		if (scan.report.finding_count == 0)
			assert_string_equal("label.none", cases[i].row);
		else
			assert_string_equal(
				scan.report.findings[0].terms[2].name,
				cases[i].row);
		scan_end(&scan);
	}
}

/* They talk about My Number, and have another number. */
static void
notices_hold_no_number(void **state)
{
	static const char *const texts[] = {
		"マイナンバーのご提出ありがとうございます。受付番号は 319721648466 です。",
		"マイナンバーカードと免許証番号 309212345690 をご確認ください。",
		"マイナンバーの件、注文番号 202610160001 でお送りしました。",
		"マイナンバーは不要です。照会番号：319721648466",
		"マイナンバー制度の資料（注文番号319721648466）です。",
		"マイナンバー関連書類の管理番号 319721648466",
		"マイナンバーの書類は 319721648466（送り状番号）で発送しました。",
		"マイナンバーの推移 2020 2021 2022",
		"個人番号は https://example.co.jp/a?id=319721648466 へ",
		"マイナンバーのお問い合わせ 03-1234-5678 受付番号 319721648466",
		"会議ID: 123 456 789 018 議題：マイナンバー",
		"マイナンバー収集費用 123456789018円",
		"マイナンバーを確認します。\n払込票 123456789018",
		"対象は123456789018、お支払い済みです。マイナンバーは不要です。",
		"整理の結果です 123456789018\nです。マイナンバーは当日に確認します",
		/* Counts. */
		"個人番号カード申請件数（月別）\n4月 5月 6月\n1234 5678 9018",
		"マイナンバーカードの交付枚数は次のとおりです。\n東京 1234 5678 9018\n大阪 2345 3456 4567",
		"マイナンバーの提出件数 123456789018",
		/* Logs and programs. */
		"INFO my_number check ok id=123456789018 req=3f2a",
		"Error(\"invalid my number\"); }\nconst TS = 123456789018;",
		"my_number = \"<invalid>\"\n+id = 123456789018",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scan scan;

		scan_one(&scan, texts[i]);
		if (scan.report.level >= REPORT_LEVEL_SUSPECT)
			fail_msg("%s: %lld dB", texts[i],
				 (long long)scan.report.score_db);
		scan_end(&scan);
	}
}

static void
words_like_those_of_notices_hide_no_label(void **state)
{
	static const char *const texts[] = {
		"マイナンバーカードの交付を受けた者の個人番号：123456789018",
		"個人番号カード：123456789018",
		"個人番号（申請者）123456789018",
		"INFO id=42 my_number=123456789018 ts=1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct scan scan;

		scan_one(&scan, texts[i]);
		if (scan.report.level < REPORT_LEVEL_SURE)
			fail_msg("%s: %lld dB", texts[i],
				 (long long)scan.report.score_db);
		scan_end(&scan);
	}
}

/* The same number twice: of the two that is reported which says more in the
 * end, so that the report agrees with itself. */
static void
a_label_is_not_lost_by_a_second_sighting(void **state)
{
	static const char *const texts[] = {
		"個人番号 12345678 123456789018\n",
		"123456789018\n",
	};

	(void)state;
	for (size_t first = 0; first < ARRAY_LEN(texts); first++) {
		struct scan scan;

		scan_start(&scan);
		scan_text(&scan, texts[first]);
		check_status(ST_OK, detector_break(scan.detector, &scan.err),
			     &scan.err);
		scan_text(&scan, texts[1 - first]);
		scan_finish(&scan);
		assert_int_equal(scan.report.level, REPORT_LEVEL_SUSPECT);
		assert_int_equal(scan.report.number_count, 1);
		scan_end(&scan);
	}
}

static void
every_number_of_a_list_is_found(void **state)
{
	struct scan scan;

	(void)state;
	scan_one(&scan, "個人番号一覧\n"
			"山田太郎 123456789018\n鈴木花子 621498320257\n"
			"佐藤一郎 372967742338\n高橋二郎 292175895982\n"
			"伊藤三郎 873321641958\n渡辺四郎 263348291158\n");
	assert_int_equal(scan.report.number_count, 6);
	for (size_t i = 0; i < scan.report.finding_count; i++)
		assert_int_equal(scan.report.findings[i].level,
				 REPORT_LEVEL_SURE);
	scan_end(&scan);
	/* A telephone number is no part of it. */
	scan_one(&scan, "電話 090-1234-5678 個人番号 1234 5678 9018\n"
			"電話 090-1234-5678　621498320257");
	assert_int_equal(scan.report.number_count, 2);
	scan_end(&scan);
	scan_one(&scan, "個人番号\n090-1234-5678 1234 5678 9018\n");
	assert_int_equal(scan.report.number_count, 1);
	scan_end(&scan);
	/* Another number ends it: the label is on the page, no more. */
	scan_one(&scan, "個人番号：123456789018\n電話：0312345678\n"
			"621498320257\n");
	assert_int_equal(scan.report.finding_count, 2);
	assert_int_equal(scan.report.findings[0].score_db, 22);
	assert_int_equal(scan.report.findings[1].score_db, 2);
	scan_end(&scan);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_of_the_model),
		cmocka_unit_test(texts_score_as_the_model_says),
		cmocka_unit_test(an_answer_is_known_by_what_it_quotes),
		cmocka_unit_test(an_answer_is_known_by_its_subject),
		cmocka_unit_test(notices_hold_no_number),
		cmocka_unit_test(words_like_those_of_notices_hide_no_label),
		cmocka_unit_test(a_label_is_not_lost_by_a_second_sighting),
		cmocka_unit_test(every_number_of_a_list_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
