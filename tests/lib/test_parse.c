/* Tests of lib/base/parse.h. */
#include "lib/base/parse.h"

#include <string.h>

#include "tests/harness/check.h"

static void
numbers_are_digits_only_and_bounded(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		bool want;
		uint64_t value;
	} cases[] = {
		{ "0", 0, true, 0 },
		{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, false, 7 },
		{ "00012", 12, true, 12 },
		{ "13", 12, false, 7 },
		{ "", 12, false, 7 },
		{ "-1", 12, false, 7 },
		{ " 1", 12, false, 7 },
		{ "1x", 12, false, 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t value = 7;

		assert_int_equal(
			parse_u64(span_of(cases[i].text), cases[i].max, &value),
			cases[i].want);
		assert_true(value == cases[i].value);
	}
}

static void
base64url_has_one_text_per_value(void **state)
{
	uint8_t bytes[32];
	uint8_t back[32];

	(void)state;
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		struct sbuf text;

		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)(0xfb - i * 37);
		sbuf_init(&text, 100);
		format_base64url(&text, (struct span){ bytes, len });
		assert_true(parse_base64url(sbuf_span(&text), back, len));
		assert_memory_equal(bytes, back, len);
		sbuf_add_byte(&text, '=');
		assert_false(parse_base64url(sbuf_span(&text), back, len));
		sbuf_done(&text);
	}
	assert_true(parse_base64url(span_of("_w"), back, 1));
	assert_int_equal(back[0], 0xff);
	assert_false(parse_base64url(span_of("_x"), back, 1));
	assert_false(parse_base64url(span_of("/w"), back, 1));
}

static void
base64_and_hex_match_rfc_4648(void **state)
{
	struct sbuf text;
	uint8_t back[6];

	(void)state;
	sbuf_init(&text, 100);
	format_base64(&text, span_of("fooba"));
	sbuf_add_byte(&text, ' ');
	format_base64(&text, span_of("foob"));
	sbuf_add_byte(&text, ' ');
	format_hex(&text, span_of("foobar"));
	assert_string_equal(sbuf_text(&text), "Zm9vYmE= Zm9vYg== 666f6f626172");
	assert_true(parse_hex(span_of("666F6f626172"), back, 6));
	assert_memory_equal(back, "foobar", 6);
	assert_false(parse_hex(span_of("666f6f62617"), back, 6));
	assert_false(parse_hex(span_of("666f6f62617g"), back, 6));
	sbuf_done(&text);
}

static void
utf8_knows_its_edges(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "個人番号", true },
		{ "\xf4\x8f\xbf\xbf", true },
		{ "\xf4\x90\x80\x80", false },
		{ "\xed\xa0\x80", false },
		{ "\xc0\x80", false },
		{ "\xe0\x9f\xbf", false },
		{ "\xf0\x8f\xbf\xbf", false },
		{ "\xe5\x80", false },
		{ "\x80", false },
		{ "a\xff", false },
		{ "", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(parse_is_utf8(span_of(cases[i].text)),
				 cases[i].want);
}

static void
ascii_ends_at_the_first_high_byte_wherever_it_is(void **state)
{
	uint8_t text[40];

	(void)state;
	for (size_t high = 0; high <= sizeof(text); high++) {
		memset(text, 'x', sizeof(text));
		if (high < sizeof(text))
			text[high] = 0x80;
		for (size_t at = 0; at <= high; at++)
			assert_int_equal(
				parse_ascii_end(
					(struct span){ text, sizeof(text) },
					at),
				high);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_only_and_bounded),
		cmocka_unit_test(base64url_has_one_text_per_value),
		cmocka_unit_test(base64_and_hex_match_rfc_4648),
		cmocka_unit_test(utf8_knows_its_edges),
		cmocka_unit_test(
			ascii_ends_at_the_first_high_byte_wherever_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
