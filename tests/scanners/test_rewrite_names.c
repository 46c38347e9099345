/* What files are called that are cut out of mails. */
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/rewrite_case.h"

#define TOP                                                            \
	"From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n" \
	"MIME-Version: 1.0\r\n"                                        \
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n"            \
	"--b\r\n\r\nhello\r\n"
#define END               "--b--\r\n"
#define FILE_WITH(fields) "--b\r\n" fields "\r\n\r\n1,2,3\r\n"
#define ATTACHED          "Content-Disposition: attachment"

static void
must_name(const char *mail, const char *name, const char *safe)
{
	struct rewrite_case one;

	rewrite_case_run(&one, span_of(mail), REWRITE_ALL);
	assert_int_equal(one.plan->refusal, REWRITE_REFUSAL_NONE);
	assert_string_equal(one.plan->cuts[0].name, name);
	assert_string_equal(one.plan->cuts[0].name_safe, safe);
	rewrite_case_done(&one);
}

static void
names_are_decoded_however_they_are_written(void **state)
{
	static const char *const fields[] = {
		ATTACHED "; filename=\"=?ISO-2022-JP?B?GyRCOCs5OzFgGyhCLmNz"
			 "dg==?=\"",
		ATTACHED "; filename=\"\x1b$B8+9;1`\x1b(B.csv\"",
		ATTACHED "; filename*=iso-2022-jp''%1B%24B8%2B9%3B1%60%1B%28B"
			 ".csv",
		ATTACHED "; filename*0*=utf-8''%E8%A6%8B%E6%A0%A1;"
			 "\r\n filename*1*=%E5%9C%92; filename*2=.csv",
		"Content-Type: text/csv; name=\"=?utf-8?Q?=E8=A6=8B=E6=A0=A1?="
		"\r\n =?utf-8?Q?=E5=9C=92=2Ecsv?=\"",
		ATTACHED "; filename=\"\x8c\xa9\x8dZ\x89\x80.csv\"",
	};
	char mail[2000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		(void)snprintf(mail, sizeof(mail),
			       TOP "--b\r\n%s\r\n\r\n1,2\r\n" END, fields[i]);
		must_name(mail, "見校園.csv", "見校園.csv");
	}
}

static void
a_name_leads_nowhere(void **state)
{
	(void)state;
	must_name(TOP FILE_WITH(ATTACHED "; filename=\"../..\\\\etc/passwd\"")
			  END,
		  "_.._etc_passwd", "_.._etc_passwd");
	must_name(TOP FILE_WITH(ATTACHED "; filename=\"..\"") END, "file-1.txt",
		  "file-1.txt");
	must_name(TOP FILE_WITH(ATTACHED
				"; filename*=utf-8''%01a%0D%0Ab%7F.csv") END,
		  "ab.csv", "ab.csv");
	/* Turned round it would show as "a.vsc" with another ending. */
	must_name(TOP FILE_WITH(ATTACHED "; filename*=utf-8''a%E2%80%AEvsc.exe"
					 "%E2%81%A6%E2%80%8B") END,
		  "avsc.exe", "avsc.exe");
}

static void
a_file_without_a_name_gets_one(void **state)
{
	(void)state;
	must_name(TOP FILE_WITH(ATTACHED) END, "file-1.txt", "file-1.txt");
	must_name(TOP FILE_WITH("Content-Type: application/pdf") END,
		  "file-1.pdf", "file-1.pdf");
	must_name(TOP FILE_WITH("Content-Type: video/x-odd") END, "file-1.bin",
		  "file-1.bin");
}

static void
a_mail_is_saved_as_one(void **state)
{
	(void)state;
	must_name(TOP "--b\r\nContent-Type: message/rfc822; name=\"Re: x\""
		      "\r\n\r\nSubject: y\r\n\r\nz\r\n" END,
		  "Re: x.eml", "Re: x.eml");
}

static void
long_names_keep_their_ending(void **state)
{
	char mail[3000];
	char name[600];
	struct rewrite_case one;

	(void)state;
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	(void)snprintf(mail, sizeof(mail),
		       TOP "--b\r\n" ATTACHED
			   "; filename=\"%s.xlsx\"\r\n\r\nx\r\n" END,
		       name);
	rewrite_case_run(&one, span_of(mail), REWRITE_ALL);
	assert_true(strlen(one.plan->cuts[0].name) <= REWRITE_NAME_BYTES);
	assert_true(strlen(one.plan->cuts[0].name) > 200);
	assert_non_null(strstr(one.plan->cuts[0].name, "aaa.xlsx"));
	rewrite_case_done(&one);
}

static void
no_two_files_have_the_same_name(void **state)
{
	struct rewrite_case one;

	(void)state;
	rewrite_case_run(
		&one,
		span_of(TOP FILE_WITH(ATTACHED "; filename=a.csv") FILE_WITH(
			ATTACHED "; filename=A.csv")
				FILE_WITH(ATTACHED "; filename=a.csv") END),
		REWRITE_ALL);
	assert_int_equal(one.plan->cut_count, 3);
	assert_string_equal(one.plan->cuts[0].name, "a.csv");
	assert_string_equal(one.plan->cuts[1].name, "A (2).csv");
	assert_string_equal(one.plan->cuts[2].name, "a (3).csv");
	rewrite_case_done(&one);
}

static void
numbers_and_passwords_are_hidden_in_safe_names(void **state)
{
	(void)state;
	must_name(TOP FILE_WITH(ATTACHED
				"; filename=\"123456789018 2026-01.csv\"") END,
		  "123456789018 2026-01.csv", "************ ****-**.csv");
	must_name("From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n"
		  "MIME-Version: 1.0\r\n"
		  "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		  "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
		  "パスワード: Sakura-kai\r\n" FILE_WITH(
			  ATTACHED "; filename=\"Sakura-kai.csv\"") END,
		  "Sakura-kai.csv", "********.csv");
}

static void
neutral_names_say_only_the_ending(void **state)
{
	const struct rewrite_way way = { .what = REWRITE_ALL,
					 .names = REWRITE_NAMES_NEUTRAL,
					 .limits = real_scan_limits };
	struct rewrite_case one;

	(void)state;
	rewrite_case_run_as(
		&one,
		span_of(TOP FILE_WITH(ATTACHED "; filename=\"Taro.xlsx\"")
				FILE_WITH(ATTACHED "; filename=\"a.Taro Yama\"")
					END),
		&way);
	assert_string_equal(one.plan->cuts[0].name_safe, "file-1.xlsx");
	assert_string_equal(one.plan->cuts[1].name_safe, "file-2");
	assert_string_equal(one.plan->cuts[0].name, "Taro.xlsx");
	rewrite_case_done(&one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_decoded_however_they_are_written),
		cmocka_unit_test(a_name_leads_nowhere),
		cmocka_unit_test(a_file_without_a_name_gets_one),
		cmocka_unit_test(a_mail_is_saved_as_one),
		cmocka_unit_test(long_names_keep_their_ending),
		cmocka_unit_test(no_two_files_have_the_same_name),
		cmocka_unit_test(
			numbers_and_passwords_are_hidden_in_safe_names),
		cmocka_unit_test(neutral_names_say_only_the_ending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
