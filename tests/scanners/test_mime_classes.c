/*
 * Known ways past parsers of mail, each with a number in base64 that only
 * those see who read the mail as the class says. Found, or at least held.
 */
#include <string.h>

#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"

/* "個人番号 123456789018" */
#define HIDDEN                                      \
	"Content-Type: text/plain; charset=utf-8\n" \
	"Content-Transfer-Encoding: base64\n\n"     \
	"5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\n"
#define NOTHING "\nnothing to see\n"
#define TYPE    "From: a@example.co.jp\nSubject: x\nContent-Type: multipart/mixed"

static void
must_find(const char *mail)
{
	struct real_scan scan;

	real_scan_mail(&scan, span_of(mail));
	if (!real_scan_found(&scan, NULL)) {
		real_scan_print(&scan);
		fail_msg("not found in\n%s", mail);
	}
	real_scan_done(&scan);
}

static void
must_find_each(const char *const *mails, size_t count)
{
	for (size_t i = 0; i < count; i++)
		must_find(mails[i]);
}

/* CVE-2026-116264 */
static void
an_invalid_parameter_does_not_hide_the_boundary(void **state)
{
	static const char *const mails[] = {
		TYPE "; x:y=1; boundary=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; \xe5\x80\x8b=1; boundary=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; =x; boundary=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; x; y z; boundary=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; \"x\"=\"y;\"; boundary=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; x=\"y; boundary=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE ";; , boundary=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; charset=\"x\"boundary=b\n\n--b\n" HIDDEN "--b--\n",
	};

	(void)state;
	must_find_each(mails, ARRAY_LEN(mails));
}

/* CVE-2026-116265 */
static void
a_boundary_in_sections_is_joined_in_every_way(void **state)
{
	static const char *const mails[] = {
		TYPE "; boundary*0=a; boundary*1=b\n\n--ab\n" HIDDEN "--ab--\n",
		TYPE "; boundary*1=b; boundary*0=a\n\n--ba\n" HIDDEN "--ba--\n",
		TYPE "; boundary*0=a; boundary*0=b\n\n--ab\n" HIDDEN "--ab--\n",
		TYPE "; boundary*0=a; boundary*0=b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; boundary*0=a; boundary*0=b; boundary*1=c\n\n--ac\n"
		     "\nx\n--ac--\n--bc\n" HIDDEN "--bc--\n",
		TYPE "; boundary*1=a; boundary*2=b\n\n--ab\n" HIDDEN "--ab--\n",
		TYPE "; boundary*=us-ascii'en'a%62\n\n--ab\n" HIDDEN "--ab--\n",
		TYPE
		"; boundary*0*=us-ascii''%61; boundary*1=b\n\n--ab\n" HIDDEN
		"--ab--\n",
		TYPE
		"; boundary*0=\"=?us-ascii?Q?a\"; boundary*1=\"b?=\"\n\n--ab\n" HIDDEN
		"--ab--\n",
		TYPE "; boundary*0=\"ab \"\n\n--ab\n" HIDDEN "--ab--\n",
		TYPE "; boundary*0=a; boundary*1=b; boundary=c\n\n--c\n" NOTHING
		     "--c--\n--ab\n" HIDDEN "--ab--\n",
	};

	(void)state;
	must_find_each(mails, ARRAY_LEN(mails));
}

/* CVE-2026-116266 */
static void
a_partly_encoded_boundary_is_read_in_both_ways(void **state)
{
	static const char *const mails[] = {
		TYPE "; boundary=\"abc=?us-ascii?Q?def?=\"\n\n--abcdef\n" HIDDEN
		     "--abcdef--\n",
		TYPE "; boundary=\"abc=?us-ascii?Q?def?=\"\n\n"
		     "--abc=?us-ascii?Q?def?=\n" HIDDEN
		     "--abc=?us-ascii?Q?def?=--\n",
		TYPE "; boundary=abc=?us-ascii?B?ZGVm?=\n\n--abcdef\n" HIDDEN
		     "--abcdef--\n",
	};

	(void)state;
	must_find_each(mails, ARRAY_LEN(mails));
}

/* CVE-2026-116272 and CVE-2026-116268's forms that are read. */
static void
comments_do_not_hide_a_second_boundary(void **state)
{
	static const char *const mails[] = {
		TYPE "; boundary((c))=\"A\"; boundary=\"B\"\n\n--B\n" NOTHING
		     "--B--\n--A\n" HIDDEN "--A--\n",
		TYPE "; boundary(\\))=\"A\"; boundary=\"B\"\n\n--B\n" NOTHING
		     "--B--\n--A\n" HIDDEN "--A--\n",
		TYPE "; boundary(=;)=\"A\"; boundary=\"B\"\n\n--B\n" NOTHING
		     "--B--\n--A\n" HIDDEN "--A--\n",
		TYPE "; boundary((=A; boundary=B\n\n--A\n" HIDDEN "--A--\n",
		TYPE " (a(b)c); (d)boundary(e)=(f)\"A\"(g)\n\n--A\n" HIDDEN
		     "--A--\n",
		TYPE " (unclosed; boundary=A\n\n--A\n" HIDDEN "--A--\n",
	};

	(void)state;
	must_find_each(mails, ARRAY_LEN(mails));
}

/* CVE-2024-28054 */
static void
of_two_boundaries_both_are_read(void **state)
{
	static const char *const mails[] = {
		TYPE "; boundary=a; boundary=b\n\n--a\n" NOTHING
		     "--a--\n--b\n" HIDDEN "--b--\n",
		TYPE "; boundary=b; boundary=a\n\n--a\n" NOTHING
		     "--a--\n--b\n" HIDDEN "--b--\n",
		TYPE
		"; boundary=a\nContent-Type: multipart/mixed; boundary=b\n\n"
		"--a\n" NOTHING "--a--\n--b\n" HIDDEN "--b--\n",
		TYPE "; Boundary=a; BOUNDARY=b\n\n--a\n" NOTHING
		     "--a--\n--b\n" HIDDEN "--b--\n",
		TYPE "; boundary=\"\"; boundary=b\n\n--b\n" HIDDEN "--b--\n",
	};

	(void)state;
	must_find_each(mails, ARRAY_LEN(mails));
}

static void
must_hold(const char *mail)
{
	struct real_scan scan;

	real_scan_mail(&scan, span_of(mail));
	if (scan.report.verdict == REPORT_VERDICT_CLEAN) {
		real_scan_print(&scan);
		fail_msg("clean:\n%s", mail);
	}
	real_scan_done(&scan);
}

static void
must_pass(const char *mail)
{
	struct real_scan scan;

	real_scan_mail(&scan, span_of(mail));
	if (scan.report.verdict != REPORT_VERDICT_CLEAN) {
		real_scan_print(&scan);
		fail_msg("not clean:\n%s", mail);
	}
	real_scan_done(&scan);
}

static void
two_readings_of_a_boundary_are_told(void **state)
{
	struct real_scan scan;

	(void)state;
	real_scan_mail(&scan,
		       span_of(TYPE "; boundary((c))=A; boundary=B\n\n"
				    "--A\n\nx\n--A--\n--B\n\ny\n--B--\n"));
	assert_true(scan.report.ambiguous);
	real_scan_done(&scan);
	/* Lines are of one only, but others look for those of the other. */
	must_hold(TYPE "; boundary=a; boundary=b\n\n--a\n" NOTHING "--a--\n");
	must_hold(TYPE "; boundary=a; boundary=b\n\n--b\n" NOTHING "--b--\n");
	must_hold(TYPE "; boundary*=us-ascii''a; boundary=b\n\n--b\n" NOTHING
		       "--b--\n");
	must_pass(TYPE "; boundary=a; Boundary=\"a\"\n\n--a\n" NOTHING
		       "--a--\n");
	must_pass(TYPE "; boundary=a; boundary*=us-ascii''%61\n\n--a\n" NOTHING
		       "--a--\n");
	must_hold(TYPE "; boundary=\"\"\n\n--\n" HIDDEN "----\n");
	/* Behind the boundary the line goes on. */
	must_find(TYPE "; boundary=b\n\n--b\n" NOTHING "--bx\n" HIDDEN
		       "--b--\n");
	must_find(TYPE "; boundary=b\n\n--b\n" NOTHING "--b--x\n" HIDDEN
		       "--b--\n");
	must_find(TYPE "; boundary=b\n\n--b x\n" HIDDEN "--b\n" NOTHING
		       "--b--\n");
}

/* CVE-2026-116269, CVE-2024-39929, and counting from 1 (2002). */
static void
names_in_sections_are_whole(void **state)
{
	static const char head[] = "Content-Disposition: attachment;";
	static const struct {
		const char *params;
		const char *name;
	} cases[] = {
		{ " filename*=utf-8'ja-JP'a%62.xls\n", "ab.xls" },
		{ " filename*0*=utf-8'zh-Hant-TW'a;\n filename*1=b.xls\n",
		  "ab.xls" },
		{ "\n filename*0=\"a\";\n filename*1=\"b.\";\n"
		  " filename*2=\"xls\"\n",
		  "ab.xls" },
		{ " filename*1=\"ab.\"; filename*2=\"xls\"\n", "ab.xls" },
		{ " filename(x(y))=ab.xls\n", "ab.xls" },
		{ " filename=\"=?utf-8?Q?a?= =?utf-8?Q?b?=.xls\"\n", "ab.xls" },
	};
	struct sbuf mail;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct real_scan scan;
		bool named = false;

		sbuf_init(&mail, SIZE_MAX / 2);
		sbuf_addf(&mail, "%s%s\nx\n", head, cases[i].params);
		real_scan_mail(&scan, sbuf_span(&mail));
		for (size_t k = 0; k < scan.report.part_count; k++)
			named |= strcmp(scan.report.parts[k].name,
					cases[i].name) == 0;
		if (!named)
			fail_msg("not named: %s", cases[i].params);
		real_scan_done(&scan);
		sbuf_done(&mail);
	}
}

/* CVE-2026-116271: nothing is written, whatever the name. */
static void
a_name_is_never_a_path(void **state)
{
	(void)state;
	must_find("Content-Disposition: attachment; "
		  "filename=\"../../etc/x;$(id)|y\"\n" HIDDEN);
}

static void
scan_repeated(struct real_scan *scan, const char *head, const char *unit,
	      size_t count, const char *tail)
{
	struct sbuf mail;

	sbuf_init(&mail, SIZE_MAX / 2);
	sbuf_add_text(&mail, head);
	for (size_t i = 0; i < count; i++)
		sbuf_add_text(&mail, unit);
	sbuf_add_text(&mail, tail);
	real_scan_mail(scan, sbuf_span(&mail));
	sbuf_done(&mail);
}

/* CVE-2026-116268, CVE-2026-116270 and others whose cost was square: what
 * comes behind is read, and in time. */
static void
long_fields_cost_linear_time(void **state)
{
	static const struct {
		const char *head;
		const char *unit;
		size_t count;
		const char *tail;
	} cases[] = {
		{ TYPE " ", "(", 100000, "\n\n" NOTHING },
		{ TYPE "; x=", "(", 40000,
		  "; boundary=b\n\n--b\n" HIDDEN "--b--\n" },
		{ TYPE "; ", "(x;y=", 12000,
		  "boundary=b\n\n--b\n" HIDDEN "--b--\n" },
		{ TYPE "; boundary=\"", "=?", 8000,
		  "\"; boundary=b\n\n--b\n" HIDDEN "--b--\n" },
		{ TYPE "; boundary=\"", "=?a?Q?", 8000,
		  "\"; boundary=b\n\n--b\n" HIDDEN "--b--\n" },
		{ TYPE, "; boundary*0=a", 4000,
		  "b\n\n--ab\n" HIDDEN "--ab--\n" },
		{ TYPE, "; boundary*1=a", 4000, "b\n\n" NOTHING },
		{ "Subject: ", "=?utf-8?B?", 100000, "\n" HIDDEN },
		{ "Subject: ", "=?utf-8?Q?a?= ", 100000, "\n" HIDDEN },
		{ "To: ", "(", 500000, "\n" HIDDEN },
		{ "X: y\n", " z\n", 300000, HIDDEN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct real_scan scan;

		scan_repeated(&scan, cases[i].head, cases[i].unit,
			      cases[i].count, cases[i].tail);
		if (scan.report.verdict == REPORT_VERDICT_CLEAN ||
		    real_scan_opaque(&scan, REPORT_REASON_TIMEOUT, "") ||
		    scan.report.elapsed_ms > 5000) {
			real_scan_print(&scan);
			fail_msg("case %zu: %u ms", i, scan.report.elapsed_ms);
		}
		real_scan_done(&scan);
	}
}

/* Multiparts within multiparts, none of them closed. */
static void
scan_nested(struct real_scan *scan, unsigned depth)
{
	struct sbuf mail;

	sbuf_init(&mail, SIZE_MAX / 2);
	for (unsigned i = 0; i < depth; i++)
		sbuf_addf(&mail,
			  "Content-Type: multipart/mixed; boundary=b%u\n\n"
			  "--b%u\n",
			  i, i);
	sbuf_add_text(&mail, HIDDEN);
	real_scan_mail(scan, sbuf_span(&mail));
	sbuf_done(&mail);
}

/* CVE-2026-116267 */
static void
a_truncated_deep_nest_is_held_and_cheap(void **state)
{
	struct real_scan scan;

	(void)state;
	scan_nested(&scan, 20000);
	assert_true(real_scan_opaque(&scan, REPORT_REASON_LIMIT, "depth"));
	assert_true(scan.report.opaque_count < 100);
	assert_true(scan.report.elapsed_ms < 5000);
	real_scan_done(&scan);
	scan_repeated(&scan, "", "Content-Type: message/rfc822\n\n", 20000,
		      HIDDEN);
	assert_true(real_scan_opaque(&scan, REPORT_REASON_LIMIT, "depth"));
	real_scan_done(&scan);
	scan_nested(&scan, 10);
	assert_true(real_scan_found(&scan, NULL));
	assert_true(real_scan_opaque(&scan, REPORT_REASON_DAMAGED, ""));
	real_scan_done(&scan);
}

/* CVE-2026-116273 */
static void
parts_without_number_are_a_limit(void **state)
{
	struct real_scan scan;

	(void)state;
	scan_repeated(&scan, TYPE "; boundary=b\n\n", "--b\n\nx\n", 50000,
		      "--b\n" HIDDEN "--b--\n");
	assert_true(real_scan_opaque(&scan, REPORT_REASON_LIMIT, "objects"));
	assert_true(scan.report.elapsed_ms < 10000);
	real_scan_done(&scan);
}

/* Header lines that other programs stop or start at. */
static void
odd_headers_are_read_in_every_way(void **state)
{
	static const char *const mails[] = {
		"From: a@example.co.jp\n \nContent-Type: multipart/mixed; boundary=b"
		"\n\n--b\n" HIDDEN "--b--\n",
		"Content-Type : multipart/mixed; boundary=b\n\n--b\n" HIDDEN
		"--b--\n",
		"Content-Type:\n multipart/mixed;\n\tboundary=b\n\n--b\n" HIDDEN
		"--b--\n",
		"Content-Type: multipart / mixed; boundary=b\n\n--b\n" HIDDEN
		"--b--\n",
		"Content-Type: MULTIPART/x-y; BOUNDARY=\"b\"\n\n--b\n" HIDDEN
		"--b--\n",
		"From: a\nno field\n" HIDDEN,
		"Content-Transfer-Encoding: 7bit\n" HIDDEN,
		"Content-Type: text/plain\n"
		"Content-Transfer-Encoding: base64;\n\n"
		"5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA==\n",
		"Content-Type: text/plain\n"
		"Content-Transfer-Encoding: base64\n\n"
		"5YCL5Lq655Wq5Y+3IDEy\n!\nMzQ1Njc4OTAxOA==\n",
		"Content-Type: text/plain\n"
		"Content-Transfer-Encoding: base64\n\n"
		"YQ==5YCL5Lq655Wq5Y+3IDEyMzQ1Njc4OTAxOA\n",
		TYPE "; boundary=\"b\n\n--b\n" HIDDEN "--b--\n",
		TYPE "; boundary='b'\n\n--'b'\n" HIDDEN "--'b'--\n",
		TYPE "; boundary=b c\n\n--b\n" HIDDEN "--b--\n",
		TYPE "\n\n--b\n" HIDDEN "--b--\n",
	};

	(void)state;
	must_find_each(mails, ARRAY_LEN(mails));
	must_hold(TYPE "; boundary=b\n\n--b--\n--b\n" HIDDEN);
}

/* Mail programs give it as a file: what it looks like is how it is read. */
static void
a_file_without_a_name_is_read_as_what_it_is(void **state)
{
	(void)state;
	must_hold("Content-Type: application/octet-stream\n\n"
		  "<html><body><p>個人番号 <b>1</b><b>2</b><b>3</b><b>4</b>"
		  "<b>5</b><b>6</b><b>7</b><b>8</b><b>9</b><b>0</b><b>1</b>"
		  "<b>8</b></p></body></html>\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_invalid_parameter_does_not_hide_the_boundary),
		cmocka_unit_test(a_boundary_in_sections_is_joined_in_every_way),
		cmocka_unit_test(
			a_partly_encoded_boundary_is_read_in_both_ways),
		cmocka_unit_test(comments_do_not_hide_a_second_boundary),
		cmocka_unit_test(of_two_boundaries_both_are_read),
		cmocka_unit_test(two_readings_of_a_boundary_are_told),
		cmocka_unit_test(names_in_sections_are_whole),
		cmocka_unit_test(a_name_is_never_a_path),
		cmocka_unit_test(long_fields_cost_linear_time),
		cmocka_unit_test(a_truncated_deep_nest_is_held_and_cheap),
		cmocka_unit_test(parts_without_number_are_a_limit),
		cmocka_unit_test(odd_headers_are_read_in_every_way),
		cmocka_unit_test(a_file_without_a_name_is_read_as_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
