/* Tests of scanners/detect/lead.h: what leads up to a number. */
#include "scanners/detect/lead.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

/* The lead of the first digit; the label is 個人番号 when it is there. */
static struct lead
lead_of_text(const char *text)
{
	const char *number = strpbrk(text, "0123456789");
	const char *label = strstr(text, "個人番号");
	uint64_t distance = UINT64_MAX;

	assert_non_null(number);
	if (label != NULL && label < number) {
		distance = 0;
		for (const char *at = label + strlen("個人番号"); at < number;
		     at++)
			distance += (uint8_t)*at > ' ' &&
				    ((uint8_t)*at & 0xC0) != 0x80;
	}
	return lead_of(span_of(text), (size_t)(number - text), distance);
}

static void
compounds_name_a_number(void **state)
{
	static const char *const texts[] = {
		"照会番号1",
		"照会番号：1",
		"照会番号は1",
		"照会番号　1",
		"お申込み番号: 1",
		"取扱い番号 1",
		"ご契約者番号（1",
		"請求No.1",
		"請求№1",
		"製品コード:1",
		"トラックナンバー：1",
		"顧客ID=1",
		"顧客ＩＤ：1",
		"Order No. 1",
		"Customer ID: 1",
		"order_no=1",
		"customerId: 1",
		"Invoice Number 1",
		"zip code: 1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!lead_of_text(texts[i]).noun)
			fail_msg("no compound: %s", texts[i]);
	assert_true(lead_is_noun(span_of("照会番号")));
	assert_false(lead_is_noun(span_of("照会先")));
}

static void
other_words_do_not(void **state)
{
	static const char *const texts[] = {
		"1",
		"番号1",
		"番号：1",
		"私の番号は1",
		"下記の番号 1",
		"正しい番号：1",
		"この番号 1",
		"No. 1",
		"No.1",
		"山田太郎：1",
		"照会番号と本日 1",
		"照会番号です。1",
		"piano 1",
		"the number 1",
		"there is no 1",
		"valid 1",
		"id: 1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (lead_of_text(texts[i]).noun)
			fail_msg("a compound: %s", texts[i]);
}

static void
a_sentence_that_is_over_names_no_number(void **state)
{
	static const char *const texts[] = {
		"個人番号は当日に確認します。\nUPC: 1",
		"個人番号は当日に確認します。払込票 1",
		"個人番号は不要です。\n本日は休みです。\n1",
		"個人番号を確認します！\n会議に参加する\n1",
		"個人番号をお送りください。\n払込票 1",
		"個人番号は当日に確認します\n払込票 1",
		"個人番号は確認済みです \r\n\r\n払込票 1",
		"個人番号をご提出いただきました。\n払込票 1",
		"個人番号は別途お送りします。\n払込票 1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (!lead_of_text(texts[i]).detached)
			fail_msg("not detached: %s", texts[i]);
}

static void
other_sentences_do(void **state)
{
	static const char *const texts[] = {
		"個人番号：1",
		"個人番号\n山田太郎 1",
		"個人番号をお送りします。\n1",
		"個人番号をお送りします。\n\n・ 1",
		"個人番号は下記をご覧ください。\n山田太郎 1",
		"個人番号は以下のとおりです。よろしくお願いします。\n1",
		"個人番号は次のとおりです。\n山田太郎：1",
		"個人番号です。\n山田太郎：1",
		"個人番号になります。\n本人 1",
		"個人番号の一部が誤っていました。新しい番号は1",
		"個人番号の書き間違いです。正は 1",
		"個人番号を間違えました。正しくは1",
		"個人番号をお知らせします。\n\n山田太郎\n1",
		"個人番号をご連絡いたします。ご確認ください。\n山田太郎 1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (lead_of_text(texts[i]).detached)
			fail_msg("detached: %s", texts[i]);
}

static void
a_number_right_behind_a_label_is_its_own(void **state)
{
	static const struct {
		const char *text;
		enum lead_value value;
	} cases[] = {
		{ ": 52", LEAD_VALUE_SHORT },
		{ "52)", LEAD_VALUE_SHORT },
		{ "（５２３１）", LEAD_VALUE_SHORT },
		{ " 0312345678", LEAD_VALUE_LONG },
		{ ": 03-1234-5678", LEAD_VALUE_LONG },
		{ ": 1234 5678 9018", LEAD_VALUE_LONG },
		{ "", LEAD_VALUE_NONE },
		{ "）", LEAD_VALUE_NONE },
		{ ": ABC1", LEAD_VALUE_NONE },
		{ "の件です 1", LEAD_VALUE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (lead_value_behind(span_of(cases[i].text), 0) !=
		    cases[i].value)
			fail_msg("wrong: %s", cases[i].text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(compounds_name_a_number),
		cmocka_unit_test(other_words_do_not),
		cmocka_unit_test(a_sentence_that_is_over_names_no_number),
		cmocka_unit_test(other_sentences_do),
		cmocka_unit_test(a_number_right_behind_a_label_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
