/* Tests of scanners/text/charset.h: decoding. */
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/charset.h"
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
decodes_bytes(enum charset charset, const void *bytes, size_t len_bytes,
	      const char *want)
{
	struct sbuf out;

	sbuf_init(&out, 10000);
	charset_decode(charset, (struct span){ bytes, len_bytes }, &out);
	assert_string_equal(sbuf_text(&out), want);
	sbuf_done(&out);
}

static void
jis_x_0212_and_0213_are_read(void **state)
{
	(void)state;
	decodes(CHARSET_ISO2022JP, "\x1b$(D0!m9\x1b(B.", "丂鼷.");
	decodes(CHARSET_ISO2022JP, "\x1b$(O.!O~\x1b(B.", "俱吞.");
	decodes(CHARSET_ISO2022JP, "\x1b$(Q#1$w-!\x1b(B", "１か゚①");
	decodes(CHARSET_ISO2022JP, "\x1b$(P!!~v\x1b(B", "𠂉𪚲");
	decodes(CHARSET_EUCJP, "\x8f\xb0\xa1\xa4\xf7\x8f\xa1\xa1", "丂か゚𠂉");
	/* IBM's rows and the user-defined ones of eucJP-ms. */
	decodes(CHARSET_EUCJP, "\x8f\xf3\xf3\xf5\xa1\x8f\xf5\xa1",
		"ⅰ\xee\x80\x80\xee\x8e\xac");
	decodes(CHARSET_EUCJP, "\xf9\xa1\xfc\xfe", "纊＂");
	decodes(CHARSET_ISO2022JP, "\x1b$(?!!~~\x1b(B",
		"\xee\x80\x80\xef\xbf\xbd");
}

static void
what_other_sets_share_is_read(void **state)
{
	(void)state;
	/* One character from the upper half: ISO-2022-JP-2. */
	decodes(CHARSET_ISO2022JP, "\x1b.AcafN \x1bNi\x1b.F\x1bNa", "cafN éα");
	decodes(CHARSET_ISO2022JP, "\x1bNi", "\x1bNi");
	decodes(CHARSET_GB,
		"\x82\x80\xc8\xcb\xb7\xac\xba\xc5\xa3\xb1"
		"\xa9\x5c\x81\x36\xd3\x31",
		"個人番号１‐−");
	decodes(CHARSET_GB, "\x90\x30\x81\x30\xfe\x39\xfe\x39 1",
		"𐀀\xef\xbf\xbd 1");
	decodes(CHARSET_LATIN1,
		"1234\x96"
		"5678\x97 \x80",
		"1234–5678— €");
}

static void
broken_text_does_not_hide_what_follows(void **state)
{
	static const char bad[] = "\xef\xbf\xbd";
	char want[100];

	(void)state;
	decodes(CHARSET_ISO2022JP, "a\x1b$", "a\x1b$");
	decodes(CHARSET_ISO2022JP, "a\x1b", "a\x1b");
	decodes(CHARSET_ISO2022JP, "\x1b$B8D?M\r\n123", "個人\r\n123");
	(void)snprintf(want, sizeof(want), "個%s\n12", bad);
	decodes(CHARSET_ISO2022JP, "\x1b$B8D?\n12", want);
	(void)snprintf(want, sizeof(want), "%s1234", bad);
	decodes(CHARSET_CP932,
		"\x82"
		"1234",
		want);
	decodes(CHARSET_EUCJP,
		"\xa3"
		"1234",
		want);
	decodes(CHARSET_EUCJP,
		"\x8f"
		"1234",
		want);
	decodes(CHARSET_GB,
		"\x80"
		"1234",
		want);
	decodes(CHARSET_BIG5,
		"\xa2"
		"1234",
		want);
	decodes(CHARSET_UTF8,
		"\xe5"
		"1234",
		want);
	/* Nothing known: no error, but nothing that could be read as digits. */
	decodes(CHARSET_ISO2022JP, "\x1b$(D!!\x1b(B1234", want);
	/* Every ESC lost, but "$B" and "(B" are also what they are. */
	decodes(CHARSET_ISO2022JP_LOST, "US$B 5 $B8D?M#1#2(B (B) $@#3(J.",
		"US$B 5 個人１２ (B) ３.");
	decodes(CHARSET_UTF7, "+2DXf2A-+2DU-x+39g-y",
		"𝟘\xef\xbf\xbdx\xef\xbf\xbdy");
	decodes_bytes(CHARSET_UTF16LE,
		      "1\0\x35\xd8"
		      "2\0\xce\xdf"
		      "3\0",
		      10,
		      "1\xef\xbf\xbd"
		      "2\xef\xbf\xbd"
		      "3");
	decodes_bytes(CHARSET_UTF32BE, "\0\0\0001\0\x11\0\0\0\0\xd8\0\0\0\0002",
		      16,
		      "1\xef\xbf\xbd\xef\xbf\xbd"
		      "2");
}

static void
runs_of_ascii_end_where_they_end(void **state)
{
	char text[400];
	char want[800];

	(void)state;
	/* Wherever a wide digit stands among the blocks. */
	for (size_t at = 0; at + 2 < 200; at++) {
		memset(text, '7', 200);
		text[200] = '\0';
		memcpy(text + at, "\x82\x50", 2);
		memset(want, '7', at);
		(void)snprintf(want + at, sizeof(want) - at, "１%s",
			       text + at + 2);
		decodes(CHARSET_CP932, text, want);
		memcpy(text + at, "\xa3\xb1", 2);
		decodes(CHARSET_EUCJP, text, want);
		decodes(CHARSET_GB, text, want);
		(void)snprintf(text + at, sizeof(text) - at, "\x1b$B#1\x1b(B%s",
			       want + at + 3);
		decodes(CHARSET_ISO2022JP, text, want);
	}
}

static void
a_look_says_what_is_wrong_and_where(void **state)
{
	struct charset_stats stats = { 0 };

	(void)state;
	charset_look_at(CHARSET_CP932, span_of("ab\x82\x50\x82 \xff"),
			CHARSET_LOOK_ERRORS, &stats);
	assert_int_equal(stats.errors, 2);
	assert_int_equal(stats.first_error_at, 4);
	charset_look_at(CHARSET_UTF8, span_of("あ個龔ｱ１é1\xff"),
			CHARSET_LOOK_KINDS, &stats);
	assert_int_equal(stats.kana, 1);
	assert_int_equal(stats.kanji, 2);
	assert_int_equal(stats.common, 1);
	assert_int_equal(stats.half_kana, 1);
	assert_int_equal(stats.wide, 1);
	assert_int_equal(stats.other, 1);
	assert_int_equal(stats.errors, 1);
	charset_look_at(CHARSET_ISO2022JP, span_of("\x1b$B8D\n"),
			CHARSET_LOOK_ERRORS, &stats);
	assert_true(stats.line_switch);
}

static void
utf8_as_it_stands_is_not_copied(void **state)
{
	static const char text[] = "\xef\xbb\xbf個人";
	struct span plain = { 0 };

	(void)state;
	assert_true(charset_is_plain(CHARSET_UTF8, span_of(text), &plain));
	assert_ptr_equal(plain.ptr, text + 3);
	assert_true(charset_is_plain(CHARSET_NONE, span_of("a"), &plain));
	assert_false(charset_is_plain(CHARSET_CP932, span_of("a"), &plain));
	assert_false(charset_is_plain(CHARSET_UTF8, span_of("\xff"), &plain));
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
			assert_true(out.len_bytes <=
				    sizeof(bytes) * CHARSET_GROWTH);
			sbuf_done(&out);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_charset_is_decoded),
		cmocka_unit_test(units_of_two_and_four_bytes_are_decoded),
		cmocka_unit_test(jis_x_0212_and_0213_are_read),
		cmocka_unit_test(what_other_sets_share_is_read),
		cmocka_unit_test(broken_text_does_not_hide_what_follows),
		cmocka_unit_test(runs_of_ascii_end_where_they_end),
		cmocka_unit_test(a_look_says_what_is_wrong_and_where),
		cmocka_unit_test(utf8_as_it_stands_is_not_copied),
		cmocka_unit_test(names_are_known_however_they_are_spelt),
		cmocka_unit_test(any_bytes_become_valid_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
