/* Tests of the mail reader, with a sink that records. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/recording_sink.h"

static const struct child as_mail = { .name = "",
				      .content_type = "message/rfc822",
				      .charset = "",
				      .mail = true };

static void
read_mail(struct sink *sink, const char *mail)
{
	struct err err = { 0 };

	recording_sink_init(sink);
	check_status(ST_OK,
		     recording_sink_read(sink, &reader_mime, span_of(mail),
					 &as_mail, &err),
		     &err);
}

static void
has(const struct sink *sink, const char *part)
{
	if (!recording_sink_has(sink, part))
		fail_msg("not in the record: %s\n---\n%s", part,
			 sbuf_text(&sink->record));
}

static void
has_not(const struct sink *sink, const char *part)
{
	if (recording_sink_has(sink, part))
		fail_msg("in the record: %s\n---\n%s", part,
			 sbuf_text(&sink->record));
}

static const char simple_mail[] =
	"From: a@example.co.jp\r\n"
	"Subject: =?ISO-2022-JP?B?GyRCOEQ/TRsoQg==?=\r\n"
	" =?ISO-2022-JP?B?GyRCSFY5ZhsoQg==?=\r\n"
	"Message-Id: <123456789018@example.co.jp>\r\n"
	"MIME-Version: 1.0\r\n"
	"Content-Type: multipart/mixed; boundary=\"b1\"\r\n"
	"\r\n"
	"preamble\r\n"
	"--b1\r\n"
	"Content-Type: text/plain; charset=iso-2022-jp\r\n"
	"\r\n"
	"hello\r\n"
	"--b1\r\n"
	"Content-Type: text/csv; name=\"a.csv\"\r\n"
	"Content-Transfer-Encoding: base64\r\n"
	"Content-Disposition: attachment; filename=\"a.csv\"\r\n"
	"\r\n"
	"YSxiLGMK\r\n"
	"--b1--\r\n"
	"epilogue\r\n";

static void
parts_fields_and_gaps_are_given(void **state)
{
	struct sink sink;

	(void)state;
	read_mail(&sink, simple_mail);
	has(&sink, "text header Subject:  個人番号");
	has(&sink, "text header From:  a@example.co.jp");
	has(&sink, "gap: preamble\n");
	has(&sink, "gap: epilogue\r\n");
	has(&sink, "child text/plain \"\" iso-2022-jp 5 bytes: hello\n");
	has(&sink, "child text/csv \"a.csv\"  attachment 6 bytes: a,b,c\n");
	has_not(&sink, "header Message-Id");
	assert_int_equal(sink.children, 2);
	assert_int_equal(sink.ambiguities, 0);
	assert_int_equal(sink.opaques, 0);
	recording_sink_done(&sink);
}

static void
every_prefix_ends_properly(void **state)
{
	struct sink sink;
	struct err err = { 0 };
	const size_t whole = strlen(simple_mail);

	(void)state;
	for (size_t len = 0; len <= whole; len++) {
		const struct span prefix = { (const uint8_t *)simple_mail,
					     len };

		recording_sink_init(&sink);
		check_status(ST_OK,
			     recording_sink_read(&sink, &reader_mime, prefix,
						 &as_mail, &err),
			     &err);
		/* From the first boundary line up to the last one the end is
		 * missing, and that is said. */
		const char *first = strstr(simple_mail, "--b1\r\n");
		const char *last = strstr(simple_mail, "--b1--");
		const size_t from = (size_t)(first - simple_mail) + 6;
		const size_t to = (size_t)(last - simple_mail) + 6;

		if (len >= from && len < to)
			has(&sink, "opaque damaged: multipart without its end");
		if (len >= to)
			assert_int_equal(sink.opaques, 0);
		recording_sink_done(&sink);
	}
}

struct reading {
	const char *mail;
	const char *want;
	const char *want_too; /* or NULL */
};

static void
check_readings(const struct reading *readings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct sink sink;

		read_mail(&sink, readings[i].mail);
		has(&sink, readings[i].want);
		if (readings[i].want_too != NULL)
			has(&sink, readings[i].want_too);
		recording_sink_done(&sink);
	}
}

static void
encodings_are_decoded_tolerantly(void **state)
{
	static const struct reading readings[] = {
		/* Text after the padding counts. */
		{ "Content-Transfer-Encoding: base64\n\nc2VjcmV0IA==MTIzNDU=\n",
		  "secret 12345", NULL },
		{ "Content-Transfer-Encoding: (x) \"base64\"; y\n\nYWJj\n",
		  ": abc\n", NULL },
		{ "Content-Transfer-Encoding: BASE64 (comment (nested))\n\nYWJj",
		  ": abc\n", NULL },
		/* Junk in it is skipped, and swept as it stands. */
		{ "Content-Transfer-Encoding: base64\n\nYW!Jj\n", ": abc\n",
		  "gap: YW!Jj" },
		{ "Content-Transfer-Encoding: quoted-printable\n\n"
		  "12=\n34=35=e5=80=8b=ZZ= \n6",
		  ": 12345個=ZZ6\n", NULL },
		/* The reader of such files sees them in the body. */
		{ "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n"
		  "#86)C\n`\nend\n",
		  "24 bytes: begin 644 a\n", NULL },
		{ "Content-Transfer-Encoding: rot13\n\nabc",
		  "ambiguous: unknown content-transfer-encoding", ": abc\n" },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
names_are_decoded_in_every_form(void **state)
{
	static const struct reading readings[] = {
		{ "Content-Disposition: attachment;\n"
		  " filename*=utf-8'ja'%E5%80%8B%E4%BA%BA.txt\n\nx",
		  "\"個人.txt\"", NULL },
		{ "Content-Disposition: attachment; filename*0*=utf-8''%E5%80;\n"
		  " filename*1*=%8B; filename*2=\".csv\"\n\nx",
		  "\"個.csv\"", NULL },
		{ "Content-Disposition: attachment;\n filename*="
		  "iso-2022-jp''%1B%24B%38%44%3F%4D%1B%28B.txt\n\nx",
		  "\"個人.txt\"", NULL },
		{ "Content-Type: application/x; name=\"=?Shift_JIS?B?jMKQbA==?=\""
		  "\n\nx",
		  "\"個人\"", NULL },
		{ "Content-Type: application/x; name=\"\x8c\xc2\x90\x6c.txt\"\n\nx",
		  "\"個人.txt\"", NULL },
		{ "Content-Type: application/x; name=\"\x1b$B8D?M\x1b(B.txt\"\n\nx",
		  "\"個人.txt\"", NULL },
		{ "Content-Type: application/x; name=b.txt\n"
		  "Content-Disposition: attachment; filename=a.txt\n\nx",
		  "\"a.txt\"", "text name: b.txt" },
		{ "Content-Disposition: attachment; "
		  "filename=\"%E5%80%8B%20%31.txt\"\n\nx",
		  "\"%E5%80%8B%20%31.txt\"", "text name: 個 1\n" },
		{ "Content-Disposition: attachment; filename=my file.txt\n\nx",
		  "\"my file.txt\"", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
words_are_joined_before_decoding(void **state)
{
	static const struct reading readings[] = {
		/* One character split over two words. */
		{ "Subject: =?utf-8?B?5YA=?= =?UTF-8?Q?=8B?=\n\nx",
		  "Subject:  個\n", NULL },
		/* NEC row 13 and IBM extensions. */
		{ "Subject: =?ISO-2022-JP?B?GyRCLSEtahsoQg==?=\n\nx",
		  "Subject:  ①㈱\n", NULL },
		{ "Subject: a =?us-ascii?Q?b_c?= d\n\nx", "a b c d\n", NULL },
		{ "Subject: =?utf-8*ja?Q?=E5=80=8B?=\n\nx", "個\n", NULL },
		{ "Subject: =?nonsense =?= ?\n\nx", "=?nonsense =?= ?\n",
		  NULL },
		{ "Subject: \x8c\xc2\x90\x6c\x94\xd4\x8d\x86\n\nx", "個人番号",
		  NULL },
		{ "X-Any: =?utf-8?B?5YCL?=\n =?iso-2022-jp?B?GyRCP00bKEI=?=\n\nx",
		  "X-Any:  個人\n", NULL },
		{ "X-Any: 1\r\n\t23456789018 2\n 3\n\nx",
		  "X-Any:  1\n23456789018 2 3\n", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
ambiguous_mails_are_read_in_every_way(void **state)
{
	static const struct reading readings[] = {
		{ "Content-Type: text/plain\nContent-Type: text/html\n\nx",
		  "ambiguous: several content-type", "child text/html" },
		{ "Content-Transfer-Encoding: 7bit\n"
		  "Content-Transfer-Encoding: base64\n\nYWJj",
		  "ambiguous: several content-transfer-encoding", ": abc\n" },
		{ "Content-Type: multipart/mixed; boundary=a; boundary=b\n\n"
		  "--a\n\none\n--a--\n--b\n\ntwo\n--b--\n",
		  "ambiguous: several boundaries", ": two\n" },
		{ "Content-Type: multipart/mixed; boundary=a;\n"
		  " boundary*0=b; boundary*1=c\n\n"
		  "--a\n\none\n--a--\n--bc\n\ntwo\n--bc--\n",
		  "ambiguous: several boundaries", ": two\n" },
		{ "Content-Type: multipart/mixed;\n boundary=\"=?us-ascii?Q?q?=\"\n"
		  "\n--=?us-ascii?Q?q?=\n\none\n--=?us-ascii?Q?q?=--\n"
		  "--q\n\ntwo\n--q--\n",
		  "ambiguous: several boundaries", ": two\n" },
		{ "Content-Type: multipart/mixed (boundary=a); boundary=b\n\n"
		  "--b\n\ntwo\n--b--\n",
		  ": two\n", NULL },
		{ "Content-Type: multipart/mixed (((; boundary=b\n\n"
		  "--b\n\ntwo\n--b--\n",
		  ": two\n", NULL },
		{ "Content-Type: multipart/mixed\n\n--x\n\none\n--x--\n",
		  "ambiguous: multipart without its boundary", ": one\n" },
		{ "Content-Type: multipart/mixed boundary=x\n\n--x\n\none\n--x--\n",
		  ": one\n", NULL },
		{ "Content-Type: multipart/mixed; boundary=x\n"
		  "Content-Transfer-Encoding: base64\n\n"
		  "LS14CgpvbmUKLS14LS0K",
		  "ambiguous: multipart in base64", "child multipart/mixed" },
		{ "Subject: x\nno field\nContent-Type: text/html\n\ny",
		  "ambiguous: a line in the header", "child text/html" },
		{ "Subject: x\rContent-Type: text/html\n\ny",
		  "ambiguous: a line end of CR alone", "child text/html" },
		{ "Subject: x\r\r\nContent-Type: text/html\r\r\n\r\r\ny",
		  "ambiguous: a line end of CR alone", "child text/html" },
		{ "Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\r"
		  "--x\n\ntwo\n--x--\n",
		  "ambiguous: boundary at a line end of CR", ": two\n" },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
the_reader_of_text_hears_how_lines_were_made(void **state)
{
	static const struct reading readings[] = {
		{ "Content-Type: text/plain; format=flowed\n\ny\n",
		  "child text/plain \"\"  flowed 2 bytes", NULL },
		{ "Content-Type: text/plain; Format=Flowed; DelSp=Yes\n\ny\n",
		  "child text/plain \"\"  delsp 2 bytes", NULL },
		{ "Content-Type: text/plain; format=fixed; delsp=yes\n\ny\n",
		  "child text/plain \"\"  2 bytes", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
ids_in_the_header_are_no_text(void **state)
{
	struct sink sink;

	(void)state;
	read_mail(&sink,
		  "Message-Id: <1@x>\nReferences: <2@x>\nIn-Reply-To: <3@x>\n"
		  "Received: by x with id 4\nDKIM-Signature: b=5\n"
		  "ARC-Seal: 6\nContent-Id: <7@x>\nX-Any: 8\n"
		  "Content-Type: x/y; boundary=\"9\"; a=\"0\"\n\ny\n");
	/* That it is an answer is told, but not to what. */
	assert_int_equal(sink.texts, 3);
	assert_true(recording_sink_has(&sink, "text header In-Reply-To: \n"));
	assert_true(recording_sink_has(&sink, "text header X-Any:  8\n"));
	has(&sink, "header Content-Type:  x/y; boundary=; a=\"0\"\n");
	recording_sink_done(&sink);
}

/* Bytes that do not show: some programs leave them out, some stop there. */
static void
control_characters_hide_nothing(void **state)
{
	static const struct {
		const char *mail;
		size_t len_bytes;
		const char *want;
	} cases[] = {
#define MAIL(text, want) { text, sizeof(text) - 1, want }
		MAIL("Content-Transfer-Encoding\0: base64\n\nYWJj\n",
		     ": abc\n"),
		MAIL("Content-\0Transfer-Encoding: base64\n\nYWJj\n",
		     ": abc\n"),
		MAIL("Content\1-Transfer-Encoding\x7f: base64\n\nYWJj\n",
		     ": abc\n"),
		MAIL("Content-Transfer-Encoding: b\0ase64\n\nYWJj\n",
		     ": abc\n"),
		MAIL("Content-Type: multipart/mixed; boundary=b\0\n\n--b\n\nx\n"
		     "--b--\n",
		     "control characters"),
		MAIL("Content-Type: multipart/mixed; boundary=b\n\n--b\0\n\n"
		     "abc\n--b\0c--\n\nd\n--b--\n",
		     ": abc\n"),
#undef MAIL
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct span mail = { (const uint8_t *)cases[i].mail,
					   cases[i].len_bytes };
		struct err err = { 0 };
		struct sink sink;

		recording_sink_init(&sink);
		check_status(ST_OK,
			     recording_sink_read(&sink, &reader_mime, mail,
						 &as_mail, &err),
			     &err);
		has(&sink, cases[i].want);
		assert_int_not_equal(sink.ambiguities, 0);
		recording_sink_done(&sink);
	}
}

static void
ordinary_mails_are_not_ambiguous(void **state)
{
	static const char *const mails[] = {
		"Subject: x\n\ny\n",
		"Content-Type: text/plain; charset=utf-8; format=flowed\n\ny\n",
		"Content-Type: multipart/mixed; boundary=\"x\"; boundary=\"x\"\n"
		"\n--x\n\none\n--x--\n",
		"From someone\nSubject: x\n\ny\n",
		/* The boundary inside begins with the one outside. */
		"Content-Type: multipart/mixed; boundary=x\n\n--x\n"
		"Content-Type: multipart/mixed; boundary=x-2\n\n--x-2\n"
		"Content-Type: text/plain\n\ny\n--x-2--\n--x--\n",
		"Content-Type: multipart/mixed; boundary=x\n\n--x\n\none\n"
		"--x-2\nmore\n--x--\n",
		"",
		"\n\nbody only",
		"just a line\nand another\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct sink sink;

		read_mail(&sink, mails[i]);
		if (sink.ambiguities + sink.opaques > 0)
			fail_msg("mail %zu:\n%s", i, sbuf_text(&sink.record));
		recording_sink_done(&sink);
	}
}

static void
what_is_elsewhere_or_encrypted_is_opaque(void **state)
{
	static const struct reading readings[] = {
		{ "Content-Type: message/external-body; access-type=URL\n\nx",
		  "opaque external: message/external-body", NULL },
		{ "Content-Type: message/partial; id=1\n\nx", "opaque external",
		  NULL },
		{ "Content-Type: multipart/encrypted; boundary=x\n\n"
		  "--x\n\ny\n--x--\n",
		  "opaque encrypted: multipart/encrypted", NULL },
	};

	(void)state;
	check_readings(readings, ARRAY_LEN(readings));
}

static void
a_cut_encoding_is_damaged(void **state)
{
	static const struct {
		const char *mail;
		bool cut;
	} cases[] = {
		{ "Content-Transfer-Encoding: base64\n\nQUJDRA==\n", false },
		{ "Content-Transfer-Encoding: base64\n\nQUJDRA", false },
		{ "Content-Transfer-Encoding: base64\n\nQUJDR", true },
		{ "Content-Transfer-Encoding: base64\n\nQQ==QUJDR\n", true },
		{ "Content-Transfer-Encoding: quoted-printable\n\na=41",
		  false },
		{ "Content-Transfer-Encoding: quoted-printable\n\na=4", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sink sink;

		read_mail(&sink, cases[i].mail);
		assert_int_equal(sink.opaques, cases[i].cut);
		if (cases[i].cut)
			has(&sink, "opaque damaged: encoded body cut off");
		recording_sink_done(&sink);
	}
}

static void
mails_in_mails_are_children(void **state)
{
	struct sink sink;

	(void)state;
	read_mail(&sink,
		  "Content-Type: multipart/mixed; boundary=x\n\n"
		  "--x\nContent-Type: message/rfc822\n"
		  "Content-Transfer-Encoding: base64\n\n"
		  "U3ViamVjdDogYQoKYg==\n"
		  "--x\nContent-Type: multipart/alternative; boundary=y\n"
		  "X-Inner: 1\n\n--y\n\nz\n--y--\n--x--\n");
	has(&sink, "child message/rfc822 \"\"  mail 13 bytes: Subject: a");
	has(&sink, "child multipart/mixed");
	has(&sink, "text header X-Inner:  1");
	recording_sink_done(&sink);
}

static void
parts_of_a_digest_are_mails(void **state)
{
	struct sink sink;

	(void)state;
	read_mail(&sink, "Content-Type: multipart/digest; boundary=x\n\n"
			 "--x\n\nSubject: a\n\nb\n"
			 "--x\nContent-Type: text/plain\n\nc\n--x--\n");
	has(&sink, "child message/rfc822 \"\"  mail 13 bytes: Subject: a");
	has(&sink, "child text/plain");
	recording_sink_done(&sink);
}

static void
a_nested_multipart_does_not_repeat_its_fields(void **state)
{
	static const struct child nested = { .name = "",
					     .content_type = "multipart/mixed",
					     .charset = "" };
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	recording_sink_init(&sink);
	check_status(ST_OK,
		     recording_sink_read(
			     &sink, &reader_mime,
			     span_of("Content-Type: multipart/mixed; "
				     "boundary=y\nX-Inner: 1\n\n--y\n\nz\n"
				     "--y--\n"),
			     &nested, &err),
		     &err);
	has_not(&sink, "X-Inner");
	has(&sink, ": z\n");
	recording_sink_done(&sink);
}

static void
a_delivery_status_is_recognised(void **state)
{
	struct sink sink;

	(void)state;
	read_mail(&sink, "Content-Type: message/delivery-status\n\n"
			 "Reporting-MTA: dns; mx.example.com\n"
			 "Original-Envelope-Id: case+2B7\n\n"
			 "Final-Recipient: rfc822; b@example.com\n"
			 "Action: failed\nStatus: 5.1.1\n\n"
			 "Final-Recipient: rfc822; c@example.com\n");
	assert_string_equal(sink.dsn.envid, "case+2B7");
	assert_string_equal(sink.dsn.recipient, "b@example.com");
	assert_string_equal(sink.dsn.action, "failed");
	assert_string_equal(sink.dsn.code, "5.1.1");
	recording_sink_done(&sink);
}

static void
a_budget_ends_the_reading(void **state)
{
	struct sink sink;
	struct err err = { 0 };

	(void)state;
	recording_sink_init(&sink);
	sink.spend_limit_bytes = 5;
	check_status(ST_LIMIT,
		     recording_sink_read(&sink, &reader_mime,
					 span_of(simple_mail), &as_mail, &err),
		     &err);
	recording_sink_done(&sink);
}

/* Read unit repeated up to len_bytes; returns the sink's counts. */
static void
read_repeated(struct sink *sink, const char *head, const char *unit,
	      size_t count)
{
	struct sbuf mail;
	struct err err = { 0 };

	sbuf_init(&mail, SIZE_MAX / 2);
	sbuf_add_text(&mail, head);
	for (size_t i = 0; i < count; i++)
		sbuf_add_text(&mail, unit);
	recording_sink_init(sink);
	sink->quiet = true;
	check_status(ST_OK,
		     recording_sink_read(sink, &reader_mime, sbuf_span(&mail),
					 &as_mail, &err),
		     &err);
	sbuf_done(&mail);
}

static void
huge_mails_take_linear_time(void **state)
{
	static const struct {
		const char *head;
		const char *unit;
		size_t count;
	} mails[] = {
		{ "Content-Type: multipart/mixed; boundary=x\n\n", "--x\n\ny\n",
		  100000 },
		{ "", "X-Long: abc def\n", 200000 },
		{ "X: ", "=?", 1000000 },
		{ "X: ", "=?a?Q?", 300000 },
		{ "Content-Type: text/plain; ", "boundary*0=", 200000 },
		{ "Content-Type: text/plain ", "(", 1000000 },
		{ "Content-Type: multipart/mixed; boundary=-----------\n\n",
		  "------", 500000 },
		{ "Content-Type: text/plain\n\n", "begin 644 a\n", 100000 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct sink sink;

		read_repeated(&sink, mails[i].head, mails[i].unit,
			      mails[i].count);
		if (i == 0)
			assert_int_equal(sink.children, 100000);
		recording_sink_done(&sink);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_fields_and_gaps_are_given),
		cmocka_unit_test(every_prefix_ends_properly),
		cmocka_unit_test(encodings_are_decoded_tolerantly),
		cmocka_unit_test(names_are_decoded_in_every_form),
		cmocka_unit_test(words_are_joined_before_decoding),
		cmocka_unit_test(ambiguous_mails_are_read_in_every_way),
		cmocka_unit_test(the_reader_of_text_hears_how_lines_were_made),
		cmocka_unit_test(ids_in_the_header_are_no_text),
		cmocka_unit_test(control_characters_hide_nothing),
		cmocka_unit_test(ordinary_mails_are_not_ambiguous),
		cmocka_unit_test(what_is_elsewhere_or_encrypted_is_opaque),
		cmocka_unit_test(a_cut_encoding_is_damaged),
		cmocka_unit_test(mails_in_mails_are_children),
		cmocka_unit_test(parts_of_a_digest_are_mails),
		cmocka_unit_test(a_nested_multipart_does_not_repeat_its_fields),
		cmocka_unit_test(a_delivery_status_is_recognised),
		cmocka_unit_test(a_budget_ends_the_reading),
		cmocka_unit_test(huge_mails_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
