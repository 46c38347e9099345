/* Tests of the reader of mailboxes, and of mails in mails. */
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/sample.h"

#define FROM_LINE "From a@example.co.jp Sun Nov 22 10:00:00 2026\n"
#define LABELLED \
	"\xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5\x8f\xb7 123456789018\n"
#define HIDDEN                                      \
	"Content-Type: text/plain; charset=utf-8\n" \
	"Content-Transfer-Encoding: base64\n\n"     \
	"5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\n"

static void
scan_text(struct real_scan *scan, const char *name, const char *text)
{
	real_scan_file(scan, name, span_of(text));
}

static void
check_type(const struct real_scan *scan, const char *path, const char *type)
{
	for (size_t i = 0; i < scan->report.part_count; i++)
		if (strcmp(scan->report.parts[i].path, path) == 0) {
			assert_string_equal(scan->report.parts[i].type, type);
			return;
		}
	real_scan_print(scan);
	fail_msg("no part %s", path);
}

static void
a_mailbox_of_another_program_is_read_whole(void **state)
{
	struct real_scan scan;
	struct sbuf file;

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("mail/python.mbox", &file);
	real_scan_file(&scan, "inbox", sbuf_span(&file));
	check_type(&scan, "inbox", "mbox");
	check_type(&scan, "inbox/2/2/list.csv", "csv");
	assert_true(real_scan_found(&scan, "inbox/2/2/list.csv"));
	assert_true(real_scan_found(&scan, "inbox/3/1"));
	assert_int_equal(scan.report.opaque_count, 0);
	real_scan_done(&scan);
	sbuf_done(&file);
}

/* Every prefix: no crash; whatever has begun and not ended is said. */
static void
every_prefix_of_a_mailbox_ends_properly(void **state)
{
	struct sbuf file;

	(void)state;
	sbuf_init(&file, SIZE_MAX / 2);
	sample_read("mail/python.mbox", &file);
	const uint8_t *list = memmem(file.bytes, file.len_bytes, "base64", 6);
	const uint8_t *end = memmem(file.bytes, file.len_bytes, "==--", 4);

	assert_non_null(list);
	assert_non_null(end);
	for (size_t len = 0; len < file.len_bytes; len += 3) {
		const uint8_t *at = file.bytes + len;
		const struct span prefix = { file.bytes, len };
		struct real_scan scan;

		real_scan_file(&scan, "inbox", prefix);
		if (at > list && at < end)
			assert_true(real_scan_opaque(
				&scan, REPORT_REASON_DAMAGED, ""));
		if (at > end)
			assert_true(real_scan_found(&scan, NULL));
		real_scan_done(&scan);
	}
	sbuf_done(&file);
}

static void
mails_are_told_apart_by_the_lines_between(void **state)
{
	static const struct {
		const char *text;
		const char *part; /* in which the number is */
	} cases[] = {
		{ FROM_LINE "Subject: x\n" HIDDEN, "a/1/1" },
		{ FROM_LINE "Subject: x\n\ny\n\n" FROM_LINE HIDDEN, "a/2/1" },
		/* No empty line before it. */
		{ FROM_LINE "Subject: x\n\ny\n" FROM_LINE HIDDEN, "a/2/1" },
		{ "From a@example.co.jp Sun Nov 22 10:00 2026 remote from x\r\n"
		  "Subject: x\r\n\r\ny\r\n\r\n" FROM_LINE HIDDEN,
		  "a/2/1" },
		/* No such line. */
		{ FROM_LINE "Subject: x\n\nFrom now on:\nb: " LABELLED,
		  "a/1/1" },
		{ FROM_LINE "Subject: x\n\n>From a 10:00\nb: " LABELLED,
		  "a/1/1" },
		{ "From x@" LABELLED "Subject: x\n\ny\n", NULL },
		{ "From \xe5\x80\x8b\xe4\xba\xba\xe7\x95\xaa\xe5\x8f\xb7 "
		  "123456789018 Sun Nov 22 10:00:00 2026\nSubject: x\n\ny\n",
		  "a" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct real_scan scan;

		scan_text(&scan, "a", cases[i].text);
		if (!real_scan_found(&scan, cases[i].part) ||
		    scan.report.opaque_count > 0) {
			real_scan_print(&scan);
			fail_msg("case %zu", i);
		}
		real_scan_done(&scan);
	}
}

/* In a mail, by content, whatever the type says; and as a mail itself. */
static void
a_mailbox_in_a_mail_is_read(void **state)
{
	static const char *const heads[] = {
		"Content-Type: application/mbox\n",
		"Content-Type: application/octet-stream\n",
		"Content-Type: text/plain; name=a.mbox\n",
		"Content-Type: message/rfc822\n",
	};
	struct sbuf mail;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct real_scan scan;

		sbuf_init(&mail, SIZE_MAX / 2);
		sbuf_addf(&mail, "%s\n%s", heads[i],
			  FROM_LINE "Subject: x\n\ny\n\n" FROM_LINE HIDDEN);
		real_scan_mail(&scan, sbuf_span(&mail));
		if (!real_scan_found(&scan, NULL)) {
			real_scan_print(&scan);
			fail_msg("case %zu", i);
		}
		real_scan_done(&scan);
		sbuf_done(&mail);
	}
}

static void
mails_are_read_wherever_they_are_attached(void **state)
{
	static const char *const mails[] = {
		/* By content, with a name or none, in base64. */
		"Content-Type: application/octet-stream; name=x.eml\n\n"
		"From: a\nTo: b\nSubject: x\nMIME-Version: 1.0\n" HIDDEN,
		"Content-Type: application/octet-stream\n"
		"Content-Transfer-Encoding: base64\n\n"
		"RnJvbTogYQpUbzogYgpTdWJqZWN0OiB4CkNvbnRlbnQtVHlwZTogdGV4dC9wbGFp\n"
		"bjsgY2hhcnNldD11dGYtOApDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiBiYXNl\n"
		"NjQKCjVZQ0w1THE2NTVXcTVZKzNJREV5TXpRMU5qYzRPVEF4T0E9PQo=\n",
		"Content-Type: multipart/digest; boundary=b\n\n--b\n\n" HIDDEN
		"--b--\n",
		"Content-Type: message/global\n\n" HIDDEN,
		"Content-Type: message/news\n\n" HIDDEN,
		"Content-Type: multipart/report; boundary=b\n\n--b\n"
		"Content-Type: message/rfc822\n\n" HIDDEN "--b--\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct real_scan scan;

		real_scan_mail(&scan, span_of(mails[i]));
		if (!real_scan_found(&scan, NULL)) {
			real_scan_print(&scan);
			fail_msg("mail %zu", i);
		}
		real_scan_done(&scan);
	}
}

/* What is elsewhere cannot be read, but what is here is. */
static void
pieces_of_a_mail_are_external_and_read_as_far_as_they_go(void **state)
{
	static const char *const mails[] = {
		"Content-Type: message/partial; id=x; number=1; total=2\n\n"
		"Subject: x\nContent-Type: text/plain; charset=utf-8\n"
		"Content-Transfer-Encoding: base64\n\n"
		"5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\n",
		"Content-Type: message/partial; id=x; number=2; total=2\n\n"
		"more of it\n" LABELLED,
		"Content-Type: message/external-body; access-type=URL;\n"
		" URL=\"http://www.example.com/x\"\n\n"
		"Content-Type: text/plain\nContent-Description: " LABELLED "\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct real_scan scan;

		real_scan_mail(&scan, span_of(mails[i]));
		if (!real_scan_found(&scan, NULL) ||
		    !real_scan_opaque(&scan, REPORT_REASON_EXTERNAL,
				      "message/")) {
			real_scan_print(&scan);
			fail_msg("mail %zu", i);
		}
		real_scan_done(&scan);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mailbox_of_another_program_is_read_whole),
		cmocka_unit_test(every_prefix_of_a_mailbox_ends_properly),
		cmocka_unit_test(mails_are_told_apart_by_the_lines_between),
		cmocka_unit_test(a_mailbox_in_a_mail_is_read),
		cmocka_unit_test(mails_are_read_wherever_they_are_attached),
		cmocka_unit_test(
			pieces_of_a_mail_are_external_and_read_as_far_as_they_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
