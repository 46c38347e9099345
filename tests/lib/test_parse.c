/* Tests of lib/base/parse.h. */
#include "lib/base/parse.h"

#include <stdlib.h>
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

/* Every way must name the same end, wherever the fault is. */
static void
check_utf8_end(struct sbuf *text)
{
	uint8_t *copy = malloc(text->len_bytes > 0 ? text->len_bytes : 1);

	assert_non_null(copy);
	memcpy(copy, sbuf_text(text), text->len_bytes);
	const struct span bytes = { copy, text->len_bytes };

	for (size_t from = 0; from <= bytes.len_bytes && from < 3; from++) {
		const size_t end =
			parse_utf8_end_by(CPU_WAY_PORTABLE, bytes, from);

		if (cpu_can(CPU_WAY_AVX2))
			assert_int_equal(
				parse_utf8_end_by(CPU_WAY_AVX2, bytes, from),
				end);
		assert_int_equal(parse_utf8_end(bytes, from), end);
	}
	free(copy);
}

static void
utf8_ends_at_the_same_place_in_every_way(void **state)
{
	static const char *const pieces[] = {
		"個", "人", "a",    "1234567890123456",
		"é",  "𝟙",  "\x7f", "\xef\xbf\xbd",
	};
	static const char *const faults[] = {
		"\x80",
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"\xe5\x80",
		"\xe5",
		"\xf0\x9d\x9f",
		"\xe5\x80\x8b\x80",
		"\xc3",
		"\xf8\x88\x80\x80\x80",
	};
	struct sbuf text;
	uint32_t seed = 1;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	for (size_t round = 0; round < 6000; round++) {
		const size_t pieces_before = round % 97;

		sbuf_clear(&text);
		for (size_t i = 0; i < pieces_before + 40; i++) {
			seed = seed * 1664525U + 1013904223U;
			if (i == pieces_before && round % 16 != 15)
				sbuf_add_text(
					&text,
					faults[round % 16 % ARRAY_LEN(faults)]);
			sbuf_add_text(&text,
				      pieces[(seed >> 8) % ARRAY_LEN(pieces)]);
		}
		/* Also cut off within a character. */
		sbuf_truncate(&text, text.len_bytes - (seed >> 20) % 4);
		check_utf8_end(&text);
	}
	sbuf_done(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_only_and_bounded),
		cmocka_unit_test(base64url_has_one_text_per_value),
		cmocka_unit_test(base64_and_hex_match_rfc_4648),
		cmocka_unit_test(utf8_knows_its_edges),
		cmocka_unit_test(utf8_ends_at_the_same_place_in_every_way),
		cmocka_unit_test(
			ascii_ends_at_the_first_high_byte_wherever_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
