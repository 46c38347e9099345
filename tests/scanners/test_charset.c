/* Tests of scanners/text: decoding, and which readings are plausible. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"
#include "tests/harness/check.h"

static void
decodes(enum charset charset, const char *bytes, const char *want)
{
	struct sbuf out;

	sbuf_init(&out, 10000);
	charset_decode(charset, span_of(bytes), &out);
	assert_string_equal(sbuf_text(&out), want);
	sbuf_done(&out);
}

static void
every_charset_is_decoded(void **state)
{
	(void)state;
	decodes(CHARSET_UTF8, "\xef\xbb\xbf個人", "個人");
	decodes(CHARSET_CP932, "\x8c\xc2\x90\x6c\x94\xd4\x8d\x86", "個人番号");
	decodes(CHARSET_CP932, "\x82\x50\x82\x51\x81\x7c\x82\x52", "１２－３");
	/* NEC row 13, IBM extensions, 0x5c as a second byte, half kana. */
	decodes(CHARSET_CP932, "\x87\x40\x87\x8a\xfb\xfc\x95\x5c\xcf\xb2",
		"①㈱髙表ﾏｲ");
	decodes(CHARSET_CP932, "\xed\x40\xf0\x40\x81",
		"纊\xee\x80\x80\xef\xbf\xbd");
	decodes(CHARSET_EUCJP, "\xb8\xc4\xbf\xcd\xa3\xb1\xa3\xb2", "個人１２");
	decodes(CHARSET_EUCJP, "\xad\xa1\x8e\xcf\x8e\xb2\x8f\xb0\xa1", "①ﾏｲ丂");
	decodes(CHARSET_ISO2022JP, "\x1b$B8D?M\x1b(B a", "個人 a");
	decodes(CHARSET_ISO2022JP, "\x1b$@#1#2!]#3\x1b(J", "１２－３");
	decodes(CHARSET_ISO2022JP, "\x1b$B-!-j|b\x1b(B", "①㈱髙");
	decodes(CHARSET_ISO2022JP, "\x1b(IO2E]\x1b(B", "ﾏｲﾅﾝ");
	decodes(CHARSET_ISO2022JP, "\x0eO2E]\x0f.", "ﾏｲﾅﾝ.");
	/* Six kanji whose bytes are digits. */
	decodes(CHARSET_ISO2022JP, "\x1b$B000102030405\x1b(B", "旭葦芦鯵梓圧");
	/* Other two-byte sets: their digits are in the same row. */
	decodes(CHARSET_ISO2022JP, "\x1b$A#1#2\x1b(B", "１２");
	decodes(CHARSET_ISO2022JP, "\x1b$B8D\n?M", "個\n?M");
	decodes(CHARSET_ISO2022JP_KEEP, "\x1b$B8D\n?M", "個\n人");
	decodes(CHARSET_UTF7, "+UAtOunVqU/f/Gv8R- a+-b", "個人番号：１ a+b");
	decodes(CHARSET_LATIN1, "caf\xe9", "café");
	decodes(CHARSET_GB, "\xa3\xb1\xa3\xb2 12", "１２ 12");
	decodes(CHARSET_BIG5, "\xa2\xb0\xa2\xb1", "１２");
}

static void
units_of_two_and_four_bytes_are_decoded(void **state)
{
	static const uint8_t le[] = { 0xFF, 0xFE, 'a',  0,    0x0B,
				      0x50, 0x35, 0xD8, 0xCE, 0xDF };
	static const uint8_t be[] = { 0, 'a', 0x50, 0x0B, 0xD8, 0x35 };
	static const uint8_t utf32[] = { 'a', 0, 0, 0, 0x0B, 0x50, 0, 0 };
	struct sbuf out;

	(void)state;
	sbuf_init(&out, 100);
	charset_decode(CHARSET_UTF16LE, (struct span){ le, sizeof(le) }, &out);
	assert_string_equal(sbuf_text(&out), "a個𝟎");
	sbuf_clear(&out);
	charset_decode(CHARSET_UTF16, (struct span){ le, sizeof(le) }, &out);
	assert_string_equal(sbuf_text(&out), "a個𝟎");
	sbuf_clear(&out);
	charset_decode(CHARSET_UTF16BE, (struct span){ be, sizeof(be) }, &out);
	assert_string_equal(sbuf_text(&out), "a個\xef\xbf\xbd");
	sbuf_clear(&out);
	charset_decode(CHARSET_UTF32LE, (struct span){ utf32, sizeof(utf32) },
		       &out);
	assert_string_equal(sbuf_text(&out), "a個");
	sbuf_done(&out);
}

static void
names_are_known_however_they_are_spelt(void **state)
{
	static const struct {
		const char *name;
		enum charset charset;
	} cases[] = {
		{ "UTF-8", CHARSET_UTF8 },
		{ "utf8", CHARSET_UTF8 },
		{ "Shift_JIS", CHARSET_CP932 },
		{ "windows-31J", CHARSET_CP932 },
		{ "x-sjis", CHARSET_CP932 },
		{ "EUC-JP", CHARSET_EUCJP },
		{ "eucJP-ms", CHARSET_EUCJP },
		{ "ISO-2022-JP", CHARSET_ISO2022JP },
		{ "iso-2022-jp-ms", CHARSET_ISO2022JP },
		{ "us-ascii", CHARSET_ASCII },
		{ "ISO-8859-15", CHARSET_LATIN1 },
		{ "windows-1252", CHARSET_LATIN1 },
		{ "utf-16le", CHARSET_UTF16LE },
		{ "no such set", CHARSET_NONE },
		{ "", CHARSET_NONE },
		{ "a-very-long-name-that-is-no-name-of-a-character-set-at-all",
		  CHARSET_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(charset_find(span_of(cases[i].name)),
				 cases[i].charset);
}

static const char sjis[] = "\x8c\xc2\x90\x6c\x94\xd4\x8d\x86\x82\xf0"
			   "\x91\x97\x82\xe8\x82\xdc\x82\xb7";
static const char euc[] = "\xb8\xc4\xbf\xcd\xc8\xd6\xb9\xe6\xa4\xf2"
			  "\xc1\xf7\xa4\xea\xa4\xde\xa4\xb9";
static const char jis[] = "\x1b$B8D?MHV9f$rAw$j$^$9\x1b(B";
static const char utf8[] = "個人番号を送ります";
static const char utf16le[] = "\x0b\x50\xba\x4e\x6a\x75\xf7\x53\x92\x30"
			      "\x01\x90\x8a\x30\x7e\x30\x59\x30\x31\x00";

struct guess {
	const char *bytes;
	size_t len_bytes; /* 0: a text */
	const char *declared;
	enum charset first;
	size_t count; /* 0: any */
};

static void
check_guesses(const struct guess *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct span bytes = span_of(cases[i].bytes);
		struct text_readings readings;

		if (cases[i].len_bytes > 0)
			bytes.len_bytes = cases[i].len_bytes;
		text_find_readings(bytes, span_of(cases[i].declared),
				   &readings);
		if (readings.charsets[0] != cases[i].first ||
		    (cases[i].count > 0 && readings.count != cases[i].count))
			fail_msg("case %zu: first %d, want %d; %zu readings, "
				 "second %d",
				 i, (int)readings.charsets[0],
				 (int)cases[i].first, readings.count,
				 (int)readings.charsets[1]);
	}
}

static void
a_right_declaration_is_the_only_reading(void **state)
{
	static const struct guess cases[] = {
		{ utf8, 0, "utf-8", CHARSET_UTF8, 1 },
		{ sjis, 0, "Shift_JIS", CHARSET_CP932, 1 },
		{ euc, 0, "EUC-JP", CHARSET_EUCJP, 1 },
		{ jis, 0, "ISO-2022-JP", CHARSET_ISO2022JP, 0 },
		{ "plain", 0, "us-ascii", CHARSET_ASCII, 1 },
		{ "plain", 0, "iso-2022-jp", CHARSET_ISO2022JP, 1 },
		{ "plain", 0, "", CHARSET_ASCII, 1 },
		{ utf16le, 20, "utf-16le", CHARSET_UTF16LE, 1 },
	};

	(void)state;
	check_guesses(cases, ARRAY_LEN(cases));
}

static void
without_a_declaration_the_set_is_guessed(void **state)
{
	static const struct guess cases[] = {
		{ utf8, 0, "", CHARSET_UTF8, 1 },
		{ sjis, 0, "", CHARSET_CP932, 1 },
		{ euc, 0, "", CHARSET_EUCJP, 1 },
		{ jis, 0, "", CHARSET_ISO2022JP, 0 },
		{ utf16le, 20, "", CHARSET_UTF16LE, 0 },
		{ sjis, 0, "us-ascii", CHARSET_CP932, 0 },
		{ sjis, 0, "iso-8859-1", CHARSET_CP932, 0 },
		/* Short names. */
		{ "\x8c\xc2\x90\x6c", 0, "", CHARSET_CP932, 1 },
		{ "\xb8\xc4\xbf\xcd\xc8\xd6\xb9\xe6", 0, "", CHARSET_EUCJP, 0 },
		{ "\x8e\x81\x96\xbc,\x8c\xc2\x90\x6c\x94\xd4\x8d\x86\r\n", 0,
		  "", CHARSET_CP932, 1 },
		/* Half-width kana only, as in files for the pension office. */
		{ "\xcf\xb2\xc5\xdd\xca\xde\xb0,1", 0, "", CHARSET_CP932, 0 },
		{ "\xff\xfe"
		  "1\0",
		  4, "", CHARSET_UTF16LE, 1 },
	};

	(void)state;
	check_guesses(cases, ARRAY_LEN(cases));
}

static bool
has_reading(const char *bytes, const char *declared, enum charset charset)
{
	struct text_readings readings;

	text_find_readings(span_of(bytes), span_of(declared), &readings);
	for (size_t i = 0; i < readings.count; i++)
		if (readings.charsets[i] == charset)
			return true;
	return false;
}

static void
a_wrong_declaration_does_not_hide_the_right_set(void **state)
{
	(void)state;
	assert_true(has_reading(utf8, "Shift_JIS", CHARSET_UTF8));
	assert_true(has_reading(sjis, "utf-8", CHARSET_CP932));
	assert_true(has_reading(euc, "utf-8", CHARSET_EUCJP));
	assert_true(has_reading(jis, "utf-8", CHARSET_ISO2022JP));
	assert_true(has_reading(jis, "us-ascii", CHARSET_ISO2022JP));
	assert_true(has_reading(euc, "iso-2022-jp", CHARSET_EUCJP));
	assert_true(has_reading(sjis, "nonsense", CHARSET_CP932));
	assert_true(has_reading("\x1b$B8D\n?M", "", CHARSET_ISO2022JP_KEEP));
}

static void
one_wrong_byte_in_a_long_text_changes_nothing(void **state)
{
	struct sbuf text;
	struct text_readings readings;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	for (int i = 0; i < 10000; i++)
		sbuf_add_text(&text, "個人番号を送ります。");
	for (size_t at = 0; at < 2; at++) {
		text_find_readings(sbuf_span(&text), span_of(""), &readings);
		assert_int_equal(readings.count, 1);
		assert_int_equal(readings.charsets[0], CHARSET_UTF8);
		text.bytes[at == 0 ? 500 : 0] = 0xFF;
	}
	sbuf_done(&text);
}

static void
an_unknown_set_is_said_to_be_unknown(void **state)
{
	struct text_readings readings;

	(void)state;
	text_find_readings(span_of(sjis), span_of("ebcdic-jp"), &readings);
	assert_true(readings.unknown);
	text_find_readings(span_of("ascii"), span_of("ebcdic-jp"), &readings);
	assert_false(readings.unknown);
	text_find_readings(span_of(sjis), span_of(""), &readings);
	assert_false(readings.unknown);
}

static void
any_bytes_become_valid_utf8(void **state)
{
	uint8_t bytes[600];
	uint32_t next = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			next = next * 1103515245U + 12345U;
			bytes[i] = (uint8_t)(next >> 16);
			if (round % 3 == 1 && (next >> 8) % 4 == 0)
				bytes[i] = 0x1B;
		}
		for (int c = CHARSET_ASCII; c < CHARSET_END; c++) {
			struct sbuf out;

			sbuf_init(&out, 10000);
			charset_decode((enum charset)c,
				       (struct span){ bytes, sizeof(bytes) },
				       &out);
			assert_true(parse_is_utf8(sbuf_span(&out)));
			assert_int_equal(out.st, ST_OK);
			sbuf_done(&out);
		}
	}
}

static void
text_is_plausible_wherever_its_head_is_cut(void **state)
{
	uint8_t text[5000];

	(void)state;
	/* The look ends at byte 4096: behind each byte of a character. */
	for (size_t shift = 0; shift < 3; shift++) {
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] =
				(uint8_t)(i < shift
						  ? 'x'
						  : "\xE5\x80\x8B"[(i - shift) %
								   3]);
		assert_true(text_is_plausible((struct span){
			text, sizeof(text) - (sizeof(text) - shift) % 3 }));
	}
	/* UTF-16 is text for all its control bytes, a program is not. */
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 == 0 ? 0x42 : 0x30;
	assert_true(text_is_plausible((struct span){ text, sizeof(text) }));
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i % 7);
	assert_false(text_is_plausible((struct span){ text, sizeof(text) }));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_charset_is_decoded),
		cmocka_unit_test(units_of_two_and_four_bytes_are_decoded),
		cmocka_unit_test(names_are_known_however_they_are_spelt),
		cmocka_unit_test(a_right_declaration_is_the_only_reading),
		cmocka_unit_test(without_a_declaration_the_set_is_guessed),
		cmocka_unit_test(
			a_wrong_declaration_does_not_hide_the_right_set),
		cmocka_unit_test(one_wrong_byte_in_a_long_text_changes_nothing),
		cmocka_unit_test(an_unknown_set_is_said_to_be_unknown),
		cmocka_unit_test(any_bytes_become_valid_utf8),
		cmocka_unit_test(text_is_plausible_wherever_its_head_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
