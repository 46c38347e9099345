/* Tests of milter/policy/finish.h: rules that judge in different profiles. */
#include <string.h>

#include "milter/policy/finish.h"
#include "tests/harness/check.h"
#include "tests/milter/bench.h"

static const char policy[] =
	"rule \"personnel\" {\nsender = \"hr@example.co.jp\"\n"
	"recipient_domain = \"y.test\"\nprofile = strict\n"
	"verdict = {found, unscannable}\naction = hold\napprovers = hr\n}\n"
	"rule \"numbers\" {\nverdict = {found, unscannable}\n"
	"action = hold\napprovers = boss\n}\n"
	"rule \"the rest\" {\naction = deliver\n}\n";

static const char *const outside[] = { "<b@y.test>", NULL };
static const char *const mixed[] = { "<b@y.test>", "<c@z.test>", NULL };

enum {
	STANDARD = 1 << REPORT_PROFILE_STANDARD,
	STRICT = 1 << REPORT_PROFILE_STRICT
};

static enum mta_answer
mail_from(struct bench *b, const char *from, const char *const *to)
{
	static const char *const fields[] = { "Subject: x", NULL };

	bench_envelope(b, from, to);
	return bench_content(b, fields, "123456789018\r\n");
}

static void
check_case(const struct bench *b, const char *rule, enum report_profile profile,
	   enum report_verdict verdict)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report;
	struct err err;

	assert_string_equal(b->vault.detail.terms.rule, rule);
	check_status(
		ST_OK,
		report_decode(b->vault.detail.report, &report, &arena, &err),
		&err);
	assert_int_equal(report.profile, profile);
	assert_int_equal(report.verdict, verdict);
}

static void
a_lone_number_is_held_where_a_strict_rule_may_match(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", policy);
	b.scanner.mode = FAKE_SCAN_FOUND;
	b.scanner.only_in = STRICT;
	assert_int_equal(mail_from(&b, "<hr@example.co.jp>", outside),
			 MTA_ANSWER_DISCARD);
	check_case(&b, "personnel", REPORT_PROFILE_STRICT,
		   REPORT_VERDICT_FOUND);
	assert_int_equal(b.scanner.profiles, STANDARD | STRICT);
	assert_int_equal(b.scanner.scans, 2);
	b.scanner.profiles = 0;
	assert_int_equal(mail_from(&b, "<taro@example.co.jp>", outside),
			 MTA_ANSWER_ACCEPT);
	/* Its rules are all of one profile: one scan. */
	assert_int_equal(b.scanner.profiles, STANDARD);
	assert_int_equal(b.scanner.scans, 3);
	assert_int_equal(b.vault.holds, 1);
	bench_stop(&b);
}

static void
each_recipient_is_judged_by_the_profile_of_its_rule(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", policy);
	b.scanner.mode = FAKE_SCAN_FOUND;
	b.scanner.only_in = STRICT;
	assert_int_equal(mail_from(&b, "<hr@example.co.jp>", mixed),
			 MTA_ANSWER_ACCEPT);
	assert_string_equal(sbuf_text(&b.fake.calls),
			    "hold\ndelrcpt <b@y.test>\n");
	check_case(&b, "personnel", REPORT_PROFILE_STRICT,
		   REPORT_VERDICT_FOUND);
	assert_int_equal(b.vault.detail.recipient_count, 1);
	bench_stop(&b);
}

static void
a_case_takes_the_report_of_the_rule_that_made_it(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", policy);
	b.scanner.mode = FAKE_SCAN_FOUND;
	assert_int_equal(mail_from(&b, "<hr@example.co.jp>", mixed),
			 MTA_ANSWER_DISCARD);
	assert_int_equal(b.vault.holds, 2);
	check_case(&b, "numbers", REPORT_PROFILE_STANDARD,
		   REPORT_VERDICT_FOUND);
	bench_stop(&b);
}

static void
a_scan_that_fails_in_one_profile_is_a_temporary_failure(void **state)
{
	static const uint32_t profiles[] = { STANDARD, STRICT };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(profiles); i++) {
		struct bench b;

		bench_start(&b, "", "", policy);
		b.scanner.mode = FAKE_SCAN_BUSY;
		b.scanner.only_in = profiles[i];
		assert_int_equal(mail_from(&b, "<hr@example.co.jp>", outside),
				 MTA_ANSWER_TEMPFAIL);
		assert_int_equal(b.vault.holds, 0);
		bench_stop(&b);
	}
}

static void
without_time_for_a_second_scan_it_is_unscannable(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "deadline = 1000ms\nprogress = 500ms", policy);
	b.scanner.delay_ms = 5000;
	assert_int_equal(mail_from(&b, "<hr@example.co.jp>", outside),
			 MTA_ANSWER_DISCARD);
	check_case(&b, "personnel", REPORT_PROFILE_STRICT,
		   REPORT_VERDICT_UNSCANNABLE);
	bench_stop(&b);
}

static void
an_answer_in_another_profile_is_unscannable(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "", "", policy);
	b.scanner.mode = FAKE_SCAN_OTHER_PROFILE;
	assert_int_equal(mail_from(&b, "<hr@example.co.jp>", outside),
			 MTA_ANSWER_DISCARD);
	check_case(&b, "personnel", REPORT_PROFILE_STRICT,
		   REPORT_VERDICT_UNSCANNABLE);
	bench_stop(&b);
}

static void
monitoring_delivers_what_a_strict_rule_would_hold(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "mode = monitor", "", policy);
	b.scanner.mode = FAKE_SCAN_FOUND;
	b.scanner.only_in = STRICT;
	assert_int_equal(mail_from(&b, "<hr@example.co.jp>", outside),
			 MTA_ANSWER_ACCEPT);
	assert_int_equal(b.scanner.profiles, STANDARD | STRICT);
	assert_int_equal(b.vault.holds, 0);
	bench_stop(&b);
}

static void
the_profile_of_the_site_is_the_one_where_no_rule_says(void **state)
{
	struct bench b;

	(void)state;
	bench_start(&b, "}\nscanner {\nprofile = strict", "", NULL);
	assert_int_equal(mail_from(&b, "<taro@example.co.jp>", outside),
			 MTA_ANSWER_ACCEPT);
	assert_int_equal(b.scanner.profiles, STRICT);
	assert_int_equal(b.scanner.scans, 1);
	bench_stop(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_lone_number_is_held_where_a_strict_rule_may_match),
		cmocka_unit_test(
			each_recipient_is_judged_by_the_profile_of_its_rule),
		cmocka_unit_test(
			a_case_takes_the_report_of_the_rule_that_made_it),
		cmocka_unit_test(
			a_scan_that_fails_in_one_profile_is_a_temporary_failure),
		cmocka_unit_test(
			without_time_for_a_second_scan_it_is_unscannable),
		cmocka_unit_test(an_answer_in_another_profile_is_unscannable),
		cmocka_unit_test(
			monitoring_delivers_what_a_strict_rule_would_hold),
		cmocka_unit_test(
			the_profile_of_the_site_is_the_one_where_no_rule_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
