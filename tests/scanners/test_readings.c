/* Tests of scanners/text/readings.h: in which sets bytes may be meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"
#include "scanners/text/utf8.h"
#include "tests/harness/check.h"

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

static bool
has_reading_of(struct span bytes, const char *declared, enum charset charset)
{
	struct text_readings readings;

	text_find_readings(bytes, span_of(declared), &readings);
	for (size_t i = 0; i < readings.count; i++)
		if (readings.charsets[i] == charset)
			return true;
	return false;
}

static void
a_set_that_reads_everything_is_not_believed_blindly(void **state)
{
	static const char names[] = "Yamada Taro 123456";

	(void)state;
	/* EUC-JP is half-width kana in CP932, ASCII is kanji in UTF-16. */
	assert_true(has_reading(euc, "Shift_JIS", CHARSET_EUCJP));
	assert_true(has_reading("\xa3\xb1\xa3\xb2\xa3\xb3\xa3\xb4", "cp932",
				CHARSET_EUCJP));
	assert_true(has_reading(names, "utf-16", CHARSET_ASCII));
	assert_true(has_reading(sjis, "utf-16le", CHARSET_CP932));
	assert_true(has_reading(sjis, "gb2312", CHARSET_CP932));
	assert_true(has_reading("\xa3\xb1\xa3\xb2", "gb2312", CHARSET_GB));
	assert_true(
		has_reading("caf\xe9 \x96 1", "iso-8859-1", CHARSET_LATIN1));
	/* But real ones are. */
	assert_false(has_reading(sjis, "Shift_JIS", CHARSET_EUCJP));
	assert_false(has_reading(euc, "EUC-JP", CHARSET_CP932));
}

static void
seven_bits_may_hide_japanese(void **state)
{
	(void)state;
	assert_true(
		has_reading("+UAtOunVqU/f/Gv8R/xL/E/8U-", "", CHARSET_UTF7));
	assert_true(has_reading("$B8D?MHV9f$rAw$j$^$9(B", "",
				CHARSET_ISO2022JP_LOST));
	assert_false(has_reading("1+1=2, a+b-c, C++, +81-90-1234-5678", "",
				 CHARSET_UTF7));
	assert_false(
		has_reading("US$BILLION (B) $B", "", CHARSET_ISO2022JP_LOST));
	/* ASCII stays a reading. */
	assert_true(
		has_reading("+UAtOunVqU/f/Gv8R/xL/E/8U-", "", CHARSET_ASCII));
}

static void
wide_units_are_guessed_without_a_mark(void **state)
{
	static const char le32[] = "\x0b\x50\0\0\xba\x4e\0\0001\0\0\0002\0\0";
	static const char le16[] = "1\0002\0003\0004\0";
	static const char be16[] = "\0001\0002\0003\0004";

	(void)state;
	assert_true(has_reading_of((struct span){ (const uint8_t *)le32, 16 },
				   "", CHARSET_UTF32LE));
	assert_true(
		has_reading_of((struct span){ (const uint8_t *)utf16le, 20 },
			       "utf-16", CHARSET_UTF16LE));
	assert_true(has_reading_of((struct span){ (const uint8_t *)le16, 8 },
				   "", CHARSET_UTF16LE));
	assert_true(has_reading_of((struct span){ (const uint8_t *)be16, 8 },
				   "", CHARSET_UTF16BE));
}

static void
another_set_behind_the_first_is_seen(void **state)
{
	struct sbuf text;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	for (int i = 0; i < 5000; i++)
		sbuf_add_text(&text, utf8);
	sbuf_add_text(&text, "\n");
	sbuf_add_text(&text, sjis);
	assert_true(has_reading_of(sbuf_span(&text), "", CHARSET_UTF8));
	assert_true(has_reading_of(sbuf_span(&text), "", CHARSET_CP932));
	assert_true(has_reading_of(sbuf_span(&text), "utf-8", CHARSET_CP932));
	sbuf_done(&text);
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

/* What a text begins with, then a line; that reads right in one of the sets. */
static void
check_line_behind(const char *head, const char *line, enum charset charset)
{
	struct sbuf text;

	sbuf_init(&text, SIZE_MAX / 2);
	for (int i = 0; i < 40; i++)
		sbuf_add_text(&text, head);
	sbuf_add_text(&text, line);
	for (int i = 0; i < 40; i++)
		sbuf_add_text(&text, "and so on\n");
	if (!has_reading_of(sbuf_span(&text), "", charset))
		fail_msg("%s: not read as %d", head, (int)charset);
	sbuf_done(&text);
}

static void
a_line_of_another_set_is_read_in_it(void **state)
{
	static const char label_utf8[] = "個人番号 1\n";
	static const char label_sjis[] = "\x8C\xC2\x90\x6C\x94\xD4\x8D\x86 1\n";
	static const char label_euc[] = "\xB8\xC4\xBF\xCD\xC8\xD6\xB9\xE6 1\n";

	(void)state;
	/* Plain English, but for a byte that is wrong in every set. */
	check_line_behind("some words\n\xFF\n", label_utf8, CHARSET_UTF8);
	check_line_behind("some words\n\xFF\n", label_sjis, CHARSET_CP932);
	check_line_behind("some words\n\xFF\n", label_euc, CHARSET_EUCJP);
	/* A word of Latin-1. */
	check_line_behind("caf\xE9 latte\n", label_utf8, CHARSET_UTF8);
	check_line_behind("caf\xE9 latte\n", label_sjis, CHARSET_CP932);
	/* Logs of several programs. */
	check_line_behind("\x93\xFA\x96\x7B\x8C\xEA\x82\xCC\x82\xE0\n",
			  label_utf8, CHARSET_UTF8);
	check_line_behind("日本語のもの\n", label_sjis, CHARSET_CP932);
	check_line_behind("日本語のもの\n", label_euc, CHARSET_EUCJP);
}

/* A field in one set, the next in another, or no text at all; and a mark that
 * is none. */
static void
a_word_of_another_set_is_read_in_it(void **state)
{
	static const struct {
		const char *label;
		enum charset charset;
	} labels[] = {
		{ "個人番号 1", CHARSET_UTF8 },
		{ "\x8C\xC2\x90\x6C\x94\xD4\x8D\x86 1", CHARSET_CP932 },
		{ "\xB8\xC4\xBF\xCD\xC8\xD6\xB9\xE6 1", CHARSET_EUCJP },
	};
	static const char *const others[] = {
		"\x81\xFF\xFC\x9F\xFF\x80\x9F\xFF",  /* no set */
		"\xFF\xFE\xFC\xFC\x9F\xE0\xFF\x80 ", /* nor UTF-16 */
		"日本語のものをここに書きます",      sjis, euc,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		for (size_t k = 0; k < 2 * ARRAY_LEN(others); k++) {
			const bool before = k % 2 != 0;
			const char *other = others[k / 2];
			char text[200];

			(void)snprintf(text, sizeof(text), "%s%s%s%s",
				       before ? other : "", before ? " " : "",
				       labels[i].label, before ? "" : other);
			if (!has_reading_of(span_of(text), "",
					    labels[i].charset))
				fail_msg("label %zu, other %zu", i, k);
		}
}

static void
a_label_in_english_text_that_is_cut_is_read(void **state)
{
	static const char label[] = "個人番号 123\n\xFF";
	struct sbuf text;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	for (int i = 0; i < 60; i++)
		sbuf_add_text(&text, "The quick brown fox jumps over it.\n");
	sbuf_add_text(&text, label);
	assert_true(has_reading_of(sbuf_span(&text), "", CHARSET_UTF8));
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

/* A line that was appended, a byte too many, a word of another language. */
static void
one_line_of_another_set_is_seen(void **state)
{
	static const struct {
		const char *line; /* many times */
		const char *odd;  /* once among them */
		enum charset charset;
	} cases[] = {
		{ "hello english text\n", "\x93x\x94 個人番号\n",
		  CHARSET_UTF8 },
		{ "caf\xe9 and r\xe9sum\xe9\n", "個人番号\n", CHARSET_UTF8 },
		{ "日本語の文章です。\n", "\x8c\xc2\x90l\x94\xd4\x8d\x86\n",
		  CHARSET_CP932 },
		{ "\x93\xfa\x96{\x8c\xea\x82\xcc\x95\xb6\n", "個人番号\n",
		  CHARSET_UTF8 },
		{ "\x93\xfa\x96{\x8c\xea\x82\xcc\x95\xb6\n",
		  "\xb8\xc4\xbf\xcd\xc8\xd6\xb9\xe6\xa4\xc7\xa4\xb9\n",
		  CHARSET_EUCJP },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct text_readings readings;
		AUTO(sbuf_done) struct sbuf text;
		bool found = false;

		sbuf_init(&text, 1000);
		for (size_t line = 0; line < 18; line++)
			sbuf_add_text(&text,
				      line == 9 ? cases[i].odd : cases[i].line);
		text_find_readings(sbuf_span(&text), (struct span){ 0 },
				   &readings);
		for (size_t r = 0; r < readings.count; r++)
			found |= readings.charsets[r] == cases[i].charset;
		if (!found)
			fail_msg("case %zu", i);
	}
}

/* Long enough for the readings of long texts as well. */
static void
check_kept(const char *line, size_t lines, const char *declared, bool wanted)
{
	struct text_readings readings;
	struct text_readings others;
	struct text_kept kept = { .charset = CHARSET_NONE };
	AUTO(sbuf_done) struct sbuf bytes;
	AUTO(sbuf_done) struct sbuf text;

	sbuf_init(&bytes, SIZE_MAX / 2);
	sbuf_init(&text, SIZE_MAX / 2);
	sbuf_init(&kept.text, SIZE_MAX / 2);
	for (size_t i = 0; i < lines; i++)
		sbuf_add_text(&bytes, line);
	text_find_readings(sbuf_span(&bytes), span_of(declared), &others);
	text_keep_readings(sbuf_span(&bytes), span_of(declared), &kept,
			   &readings);
	assert_int_equal(readings.count, others.count);
	assert_memory_equal(readings.charsets, others.charsets,
			    readings.count * sizeof(readings.charsets[0]));
	assert_int_equal(kept.charset != CHARSET_NONE, wanted);
	if (wanted) {
		assert_int_equal(kept.charset, readings.charsets[0]);
		charset_decode(kept.charset, sbuf_span(&bytes), &text);
		assert_true(
			span_equal(sbuf_span(&kept.text), sbuf_span(&text)));
	} else {
		assert_null(kept.text.bytes);
	}
	sbuf_done(&kept.text);
}

static void
what_is_kept_is_the_first_reading(void **state)
{
	static const char in_sjis[] = "\x93\xfa\x96{\x8c\xea\x82\xcc\x95\xb6\n";
	static const char in_euc[] =
		"\xb8\xc4\xbf\xcd\xc8\xd6\xb9\xe6\xa4\xc7\xa4\xb9\n";

	(void)state;
	check_kept(in_sjis, 10, "Shift_JIS", true);
	check_kept(in_sjis, 50000, "", true);
	check_kept(in_euc, 50000, "", true);
	check_kept(in_euc, 10, "EUC-JP", true);
	check_kept("\x1b$B8D?MHV9f\x1b(B\n", 10, "ISO-2022-JP", true);
	check_kept("日本語の文章です。\n", 50000, "", false);
	check_kept("plain\n", 10, "", false);
	/* What was tried, and is not the first reading or none at all. */
	check_kept("plain", 9, "UTF-16LE", false);
}

static void
two_kana_or_kanji_are_seen_at_any_offset(void **state)
{
	(void)state;
	for (size_t at = 0; at < 80; at++) {
		const struct span text = span_of("人番");
		const size_t len = at + text.len_bytes;
		uint8_t *bytes = malloc(len);

		assert_non_null(bytes);
		memset(bytes, 0xB1, len);
		assert_false(utf8_has_japanese((struct span){ bytes, len }));
		memcpy(bytes + at, text.ptr, text.len_bytes);
		assert_true(utf8_has_japanese((struct span){ bytes, len }));
		assert_false(
			utf8_has_japanese((struct span){ bytes, len - 1 }));
		free(bytes);
	}
}

/* What no text of eight bits has, and decides between sets. */
static void
controls_are_seen_at_any_offset(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum charset charset;
	} cases[] = {
		{ "\x1b$B8D?M\x1b(B", 10, CHARSET_ISO2022JP },
		{ "\x0e", 1, CHARSET_ISO2022JP },
		{ "\x1b.\x1b(B", 5, CHARSET_ISO2022JP },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t at = 0; at < 50; at++) {
			uint8_t bytes[80];
			struct text_readings readings;

			memset(bytes, 'a', sizeof(bytes));
			memcpy(bytes + at, cases[i].bytes, cases[i].len);
			text_find_readings(
				(struct span){ bytes, sizeof(bytes) },
				(struct span){ 0 }, &readings);
			assert_int_equal(readings.charsets[0],
					 cases[i].charset);
		}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_right_declaration_is_the_only_reading),
		cmocka_unit_test(without_a_declaration_the_set_is_guessed),
		cmocka_unit_test(
			a_wrong_declaration_does_not_hide_the_right_set),
		cmocka_unit_test(
			a_set_that_reads_everything_is_not_believed_blindly),
		cmocka_unit_test(seven_bits_may_hide_japanese),
		cmocka_unit_test(wide_units_are_guessed_without_a_mark),
		cmocka_unit_test(another_set_behind_the_first_is_seen),
		cmocka_unit_test(one_line_of_another_set_is_seen),
		cmocka_unit_test(one_wrong_byte_in_a_long_text_changes_nothing),
		cmocka_unit_test(a_line_of_another_set_is_read_in_it),
		cmocka_unit_test(a_word_of_another_set_is_read_in_it),
		cmocka_unit_test(a_label_in_english_text_that_is_cut_is_read),
		cmocka_unit_test(what_is_kept_is_the_first_reading),
		cmocka_unit_test(two_kana_or_kanji_are_seen_at_any_offset),
		cmocka_unit_test(controls_are_seen_at_any_offset),
		cmocka_unit_test(an_unknown_set_is_said_to_be_unknown),
		cmocka_unit_test(text_is_plausible_wherever_its_head_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
