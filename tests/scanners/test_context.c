/* Tests of scanners/detect/context.h: the words around a number. */
#include "scanners/detect/context.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static void
words_around_stand_on_one_line_without_digits(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "個人番号：123456789018", "個人番号：************" },
		{ "個人番号\n123456789018\n山田太郎様",
		  "個人番号 ************ 山田太郎様" },
		{ "お世話になっております。山田太郎の個人番号は123456789018です。よろしく",
		  "山田太郎の個人番号は************です。よろしく" },
		{ "2026年10月16日 個人番号 123456789018 (1985/01/02)",
		  "****年**月**日 個人番号 ************ (****/**/**)" },
		{ "ここは長い前置きの文です\nここは番号の前の行です\n123456789018\nここは番号の次の行です\nここは後の行です",
		  "ここは番号の前の行です ************ ここは番号の次の行です" },
		{ "個人番号\t\t\r\n  １２３４ 123456789018 一二三四",
		  "個人番号 **** ************ ****" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const size_t at =
			(size_t)(strstr(cases[i].text, "123456789018") -
				 cases[i].text);
		struct sbuf out;

		sbuf_init(&out, 1000);
		context_add(span_of(cases[i].text), at, at + 12, &out);
		assert_string_equal(sbuf_text(&out), cases[i].want);
		sbuf_done(&out);
	}
}

static void
a_context_is_short_whatever_is_around(void **state)
{
	static const char *const fills[] = { "個", " ", "　", "a",
					     "\xe2\x80\x8b" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fills); i++) {
		struct sbuf text;
		struct sbuf out;

		sbuf_init(&text, 100000);
		sbuf_init(&out, 400);
		for (size_t k = 0; k < 1000; k++)
			sbuf_add_text(&text, fills[i]);
		const size_t at = text.len_bytes;

		sbuf_add_text(&text, "123456789018");
		for (size_t k = 0; k < 1000; k++)
			sbuf_add_text(&text, fills[i]);
		context_add(sbuf_span(&text), at, at + 12, &out);
		assert_int_equal(out.st, ST_OK);
		assert_non_null(strstr(sbuf_text(&out), "************"));
		sbuf_done(&text);
		sbuf_done(&out);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_around_stand_on_one_line_without_digits),
		cmocka_unit_test(a_context_is_short_whatever_is_around),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
