/* Tests of the reader of files in printable letters. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/encoded_file.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/sample.h"

#define UU_ABC "begin 644 a b.txt\n#86)C\n`\nend\n"

static const char *const samples[] = {
	"encoded/uuencode.txt",      "encoded/uuencode_base64.txt",
	"encoded/uuenview_uu.txt",   "encoded/uuenview_xx.txt",
	"encoded/uuenview_yenc.txt", "encoded/binhex.hqx",
};

static void
files_of_other_programs_are_read_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct real_scan scan;
		struct sbuf file;

		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(samples[i], &file);
		real_scan_file(&scan, "a.txt", sbuf_span(&file));
		if (scan.report.opaque_count > 0 ||
		    !real_scan_found(&scan, "a.txt/list.csv")) {
			real_scan_print(&scan);
			fail_msg("%s", samples[i]);
		}
		real_scan_done(&scan);
		sbuf_done(&file);
	}
}

/* Every prefix: before the last line of the file damage is said as soon as
 * the file has begun; the number is found as soon as its bytes are there. */
static void
every_prefix_is_whole_or_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct sbuf file;
		size_t begun = 0;

		sbuf_init(&file, SIZE_MAX / 2);
		sample_read(samples[i], &file);
		while (file.len_bytes > 0 &&
		       (file.bytes[file.len_bytes - 1] == '\n' ||
			file.bytes[file.len_bytes - 1] == '\r'))
			file.len_bytes--;
		for (size_t len = 0; len < file.len_bytes; len += 19) {
			const struct span prefix = { file.bytes, len };
			struct real_scan scan;

			real_scan_file(&scan, "a.txt", prefix);
			begun += scan.report.part_count > 1;
			/* Without its CRC the file is whole all the same. */
			if (scan.report.part_count > 1 &&
			    memmem(prefix.ptr, len, "=yend size=638", 14) ==
				    NULL &&
			    !real_scan_opaque(&scan, REPORT_REASON_DAMAGED, ""))
				fail_msg("%s: %zu bytes", samples[i], len);
			if (len > file.len_bytes * 3 / 4)
				assert_true(real_scan_found(&scan, NULL));
			real_scan_done(&scan);
		}
		assert_true(begun > file.len_bytes / 60);
		sbuf_done(&file);
	}
}

struct damage_case {
	const char *text;
	const char *detail; /* NULL: nothing is wrong */
};

static void
damage_is_said_and_the_rest_is_read(void **state)
{
	static const struct damage_case cases[] = {
		{ UU_ABC, NULL },
		{ "x\rbegin 644 a\r#86)C\r`\rend\ry", NULL },
		{ "begin 644 a\n#86)C\n", "uuencode: no end" },
		{ "begin 644 a\n#86)C\n`\nbegin 644 b\n#86)C\n`\nend\n",
		  "uuencode: no end" },
		{ "begin 644 a\n#86)C\nnot of it~\n`\nend\n",
		  "uuencode: a line does not fit" },
		{ "begin-base64 644 a\nYWJj\n", "base64: no end" },
		{ "begin-base64 644 a\nYWJj\n====\n", NULL },
		{ "begin-base64 644 a\nYW!Jj\n====\n",
		  "base64: a line does not fit" },
		{ "=ybegin line=128 size=3 name=a\n\x8b\x8c\x8d\n=yend size=3\n",
		  NULL },
		{ "=ybegin line=128 size=3 name=a\n\x8b\x8c\x8d\n"
		  "=yend size=3 crc32=352441c2\n",
		  NULL },
		{ "=ybegin line=128 size=3 name=a\n\x8b\x8c\x8d\n"
		  "=yend size=3 crc32=352441c3\n",
		  "yEnc: another CRC" },
		{ "=ybegin line=128 size=3 name=a\n\x8b\x8c\x8d\n"
		  "=yend size=3 crc32=x\n",
		  "yEnc: a CRC that is none" },
		{ "=ybegin line=128 size=4 name=a\n\x8b\x8c\x8d\n=yend size=3\n",
		  "yEnc: another size" },
		{ "=ybegin line=128 size=3 name=a\n\x8b\x8c\x8d\n",
		  "yEnc: no end" },
		{ "=ybegin part=1 line=128 size=3 name=a\n\x8b\x8c\x8d\n"
		  "=yend size=3 part=1\n",
		  "yEnc: a part without its place" },
		{ "(This file must be converted with BinHex 4.0)\n\n:\"3d\n",
		  "BinHex: no end" },
		{ "(This file must be converted with BinHex 4.0)\n\n:\"3d:\n",
		  "BinHex: cut off" },
		{ "(This file must be converted with BinHex 4.0)\n\n:\"3d{:\n",
		  "BinHex: a letter does not fit" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct real_scan scan;

		real_scan_file(&scan, "m.txt", span_of(cases[i].text));
		if (scan.report.part_count < 2 ||
		    (cases[i].detail == NULL) !=
			    (scan.report.opaque_count == 0) ||
		    (cases[i].detail != NULL &&
		     !real_scan_opaque(&scan, REPORT_REASON_DAMAGED,
				       cases[i].detail))) {
			real_scan_print(&scan);
			fail_msg("%s", cases[i].text);
		}
		real_scan_done(&scan);
	}
}

static void
words_of_a_letter_begin_no_file(void **state)
{
	static const char *const texts[] = {
		"begin 100 days before\nand so on\n",
		"say begin 644 a\n#86)C\n`\nend\n",
		"begin\nend\n",
		"begin 644\n",
		"begin me\n#86)C\n",
		"=ybegin\n",
		"=ybegin line=128 name=a\n",
		"(This file must be converted with BinHex 4.0)\nit says\n",
		"> begin 644 a\n> #86)C\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct real_scan scan;

		real_scan_file(&scan, "m.txt", span_of(texts[i]));
		if (scan.report.part_count != 1 ||
		    scan.report.opaque_count != 0) {
			real_scan_print(&scan);
			fail_msg("%s", texts[i]);
		}
		real_scan_done(&scan);
	}
}

/* Bytes as yEnc writes them. */
static void
add_yenc(struct sbuf *text, struct span bytes)
{
	for (size_t i = 0; i < bytes.len_bytes; i++) {
		const uint8_t c = (uint8_t)(bytes.ptr[i] + 42);

		if (i > 0 && i % 100 == 0)
			sbuf_add_text(text, "\r\n");
		if (c != 0 && c != '\n' && c != '\r' && c != '=') {
			sbuf_add_byte(text, c);
			continue;
		}
		sbuf_add_byte(text, '=');
		sbuf_add_byte(text, (uint8_t)(c + 64));
	}
	sbuf_add_text(text, "\r\n");
}

/* One part of file, bytes from at on. */
static void
add_yenc_part(struct sbuf *text, struct span file, size_t at, size_t len_bytes)
{
	struct span part = { 0 };

	assert_true(span_cut(file, at, len_bytes, &part));
	sbuf_addf(text,
		  "=ybegin part=1 total=3 line=100 size=%zu name=list.csv\r\n"
		  "=ypart begin=%zu end=%zu\r\n",
		  file.len_bytes, at + 1, at + len_bytes);
	add_yenc(text, part);
	sbuf_addf(text, "=yend size=%zu part=1\r\nbetween\r\n", len_bytes);
}

static const char list[] =
	"name,\xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5\x8f\xb7\r\n"
	"x,123456789018\r\ny,\r\n";

static void
parts_in_one_text_are_joined(void **state)
{
	const struct span file = span_of(list);
	struct real_scan scan;
	struct sbuf text;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	add_yenc_part(&text, file, 0, 10);
	add_yenc_part(&text, file, 10, 17);
	add_yenc_part(&text, file, 27, file.len_bytes - 27);
	real_scan_file(&scan, "m.txt", sbuf_span(&text));
	assert_true(real_scan_found(&scan, "m.txt/list.csv"));
	assert_int_equal(scan.report.opaque_count, 0);
	assert_int_equal(scan.report.part_count, 2);
	real_scan_done(&scan);
	sbuf_done(&text);
}

static void
a_part_whose_rest_is_elsewhere_is_said(void **state)
{
	const struct span file = span_of(list);
	struct real_scan scan;
	struct sbuf text;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	add_yenc_part(&text, file, 5, file.len_bytes - 5);
	add_yenc_part(&text, file, 0, 5);
	real_scan_file(&scan, "m.txt", sbuf_span(&text));
	assert_true(real_scan_found(&scan, NULL));
	assert_true(real_scan_opaque(&scan, REPORT_REASON_EXTERNAL,
				     "yEnc: a part of a file"));
	assert_int_equal(scan.report.part_count, 3);
	real_scan_done(&scan);
	sbuf_done(&text);
}

/* In a mail: in a body, in quoted-printable, and as a file of no type. */
static void
files_are_found_wherever_a_mail_has_them(void **state)
{
	struct real_scan scan;
	struct sbuf mail;
	struct sbuf file;

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("encoded/uuenview_xx.txt", &file);
	sbuf_init(&mail, SIZE_MAX / 2);
	sbuf_addf(&mail, "Subject: x\nContent-Type: text/plain\n\nhello\n%s\n",
		  sbuf_text(&file));
	real_scan_mail(&scan, sbuf_span(&mail));
	assert_true(real_scan_found(&scan, "1/list.csv"));
	assert_int_equal(scan.report.opaque_count, 0);
	real_scan_done(&scan);
	sbuf_clear(&mail);
	sbuf_addf(&mail,
		  "Content-Type: image/png\n"
		  "Content-Transfer-Encoding: x-xxencode\n\n%s\n",
		  sbuf_text(&file));
	real_scan_mail(&scan, sbuf_span(&mail));
	assert_true(real_scan_found(&scan, "1/list.csv"));
	real_scan_done(&scan);
	sbuf_clear(&file);
	sample_read("encoded/uuenview_yenc.txt", &file);
	sbuf_clear(&mail);
	sbuf_add_text(&mail, "Content-Type: application/octet-stream\n"
			     "Content-Transfer-Encoding: binary\n\n");
	sbuf_add_span(&mail, sbuf_span(&file));
	real_scan_mail(&scan, sbuf_span(&mail));
	assert_true(real_scan_found(&scan, "1/list.csv"));
	real_scan_done(&scan);
	sbuf_done(&mail);
	sbuf_done(&file);
}

/* Noise around a yEnc file that nobody else reads is named. */
static void
noise_beside_a_file_does_not_pass(void **state)
{
	struct real_scan scan;
	struct sbuf body;
	uint32_t noise = 1;

	(void)state;
	sbuf_init(&body, SIZE_MAX / 2);
	for (size_t i = 0; i < 20000; i++) {
		if (i == 9000)
			sbuf_add_text(&body, "\n=ybegin line=9 size=1 name=a\n"
					     "\x8b\n=yend size=1\n");
		noise = noise * 1664525 + 1013904223;
		sbuf_add_byte(&body, (uint8_t)(noise >> 24));
	}
	real_scan_file(&scan, "a.bin", sbuf_span(&body));
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	real_scan_done(&scan);
	sbuf_done(&body);
}

/* Runs of BinHex: 255 bytes for three. */
static void
runs_are_spent(void **state)
{
	struct real_scan scan;
	struct sbuf text;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	sbuf_add_text(&text,
		      "(This file must be converted with BinHex 4.0)\n:");
	/* 0x00 0x90 0xff, over and over. */
	for (size_t i = 0; i < 2200000; i++)
		sbuf_add_text(&text, "!*$r");
	sbuf_add_text(&text, ":\n");
	real_scan_file(&scan, "a.hqx", sbuf_span(&text));
	assert_true(real_scan_opaque(&scan, REPORT_REASON_LIMIT, ""));
	real_scan_done(&scan);
	sbuf_done(&text);
}

static void
many_beginnings_take_linear_time(void **state)
{
	static const char *const units[] = {
		"begin 644 a\n",
		"begin 644 a\n#86)C\nx\n",
		"=ybegin size=1 name=a\n",
		"(This file must be converted with BinHex 4.0)\n",
		"(This file must be converted with BinHex 4.0)\n\n:!!\n",
		"begin-base64 644 a\n",
		"\r",
		"\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct real_scan scan;
		struct sbuf text;

		sbuf_init(&text, SIZE_MAX / 2);
		while (text.len_bytes < 500000)
			sbuf_add_text(&text, units[i]);
		real_scan_file(&scan, "a.txt", sbuf_span(&text));
		if (scan.report.elapsed_ms > 5000)
			fail_msg("unit %zu: %u ms", i, scan.report.elapsed_ms);
		real_scan_done(&scan);
		sbuf_done(&text);
	}
}

/* "My Number: 123456789018\r\n" in base64. */
#define SHORT_BLOCK "TXkgTnVtYmVyOiAxMjM0NTY3ODkwMTgNCg=="

static const char *const blocks[] = {
	SHORT_BLOCK,
	"copy this:\n\n" SHORT_BLOCK "\n\nand that\n",
	"{\"file\":\"" SHORT_BLOCK "\"}",
	"> TXkgTnVtYmVyIGlzIG5vdCBpbiB0aGlz\n> "
	"IGxpbmUsIGJ1dCBpbiB0aGUgbmV4dCBv\n> "
	"bmU6IE15IE51bWJlcjogMTIzNDU2Nzg5\n> MDE4DQo=\n",
};

static void
base64_that_nothing_names_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		struct real_scan scan;

		real_scan_file(&scan, "a.txt", span_of(blocks[i]));
		if (!real_scan_found(&scan, NULL)) {
			real_scan_print(&scan);
			fail_msg("block %zu", i);
		}
		real_scan_done(&scan);
	}
}

/* Keys, check sums and certificates are no files, and words are no base64. */
static void
letters_that_are_no_file_are_text_only(void **state)
{
	static const char *const others[] = {
		"d41d8cd98f00b204e9800998ecf8427e  a.txt\n"
		"9e107d9d372bb6826bd81d3542a419d6e4d909c290d0fb1ca068ffaddf22cb"
		"d0\n",
		"-----BEGIN CERTIFICATE-----\n"
		"MIIDazCCAlOgAwIBAgIUJHnPLkEGmuG0KfX4Qb5SPB4bV3cwDQYJKoZIhvcNAQEL"
		"\nBQAwRTELMAkGA1UEBhMCQVUxEzARBgNVBAgMClNvbWUtU3RhdGUxITAfBgNVB"
		"AoM\n-----END CERTIFICATE-----\n",
		"AVeryLongNameOfAFunctionThatDoesManyThingsAtOnce();\n",
		"/usr/lib/python3/distpackages/email/mime/multipart/related\n",
		("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		 "AAAA\n"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct real_scan scan;

		real_scan_file(&scan, "a.txt", span_of(others[i]));
		if (scan.report.verdict != REPORT_VERDICT_CLEAN ||
		    scan.report.part_count != 1) {
			real_scan_print(&scan);
			fail_msg("text %zu", i);
		}
		real_scan_done(&scan);
	}
}

/* A part that lost its delimiter, or its place. */
static void
a_part_beside_the_parts_is_read(void **state)
{
	static const char *const places[][2] = {
		{ "", "--b\r\n\r\nhello\r\n--b--\r\n" },
		{ "--b\r\n\r\nhello\r\n--b--\r\n", "" },
		{ "--bjunk\r\n", "--b--\r\n" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct real_scan scan;
		struct sbuf mail;

		sbuf_init(&mail, SIZE_MAX / 2);
		sbuf_add_text(&mail, "From: a@example.co.jp\r\nContent-Type: "
				     "multipart/mixed; boundary=b\r\n\r\n");
		sbuf_add_text(&mail, places[i][0]);
		sbuf_add_text(
			&mail,
			"Content-Type: application/octet-stream\r\n"
			"Content-Transfer-Encoding: base64\r\n\r\n" SHORT_BLOCK
			"\r\n");
		sbuf_add_text(&mail, places[i][1]);
		real_scan_mail(&scan, sbuf_span(&mail));
		if (!real_scan_found(&scan, NULL)) {
			real_scan_print(&scan);
			fail_msg("place %zu", i);
		}
		real_scan_done(&scan);
		sbuf_done(&mail);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_other_programs_are_read_whole),
		cmocka_unit_test(every_prefix_is_whole_or_damaged),
		cmocka_unit_test(damage_is_said_and_the_rest_is_read),
		cmocka_unit_test(words_of_a_letter_begin_no_file),
		cmocka_unit_test(parts_in_one_text_are_joined),
		cmocka_unit_test(a_part_whose_rest_is_elsewhere_is_said),
		cmocka_unit_test(files_are_found_wherever_a_mail_has_them),
		cmocka_unit_test(noise_beside_a_file_does_not_pass),
		cmocka_unit_test(runs_are_spent),
		cmocka_unit_test(many_beginnings_take_linear_time),
		cmocka_unit_test(base64_that_nothing_names_is_read),
		cmocka_unit_test(letters_that_are_no_file_are_text_only),
		cmocka_unit_test(a_part_beside_the_parts_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
