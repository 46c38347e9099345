/* Tests of courier/jobs/job_rescan.c against a scanner with one answer. */
#include <signal.h>

#include "tests/courier/fake_scanner.h"
#include "tests/harness/check.h"

/* Let the mail be scanned by scanner, or by none; what the vault hears. */
static const struct fake_done *
rescan(struct world *world, struct fake_scanner *scanner)
{
	const struct vault_job job = world_job(JOB_KIND_RESCAN);

	return fake_scanner_run(world, scanner, &job, 0);
}

static void
decode_report(const struct fake_done *done, struct scan_report *report,
	      struct wire_arena **arena)
{
	struct err err = { 0 };

	check_status(ST_OK,
		     wire_decode(&report_table, sbuf_span(&done->report),
				 report, arena, &err),
		     &err);
	check_status(ST_OK, report_check(report, &err), &err);
}

/* One sure number, given away or not. */
static void
check_found(const char *number, enum report_verdict want)
{
	static const struct report_term terms[] = { { "check.valid", 15 } };
	const struct report_finding finding = {
		.part = "1",
		.location = "line 1",
		.masked = "********9018",
		.number = number,
		.context = "",
		.subject = 1,
		.count = 1,
		.level = REPORT_LEVEL_SURE,
		.score_db = 15,
		.terms = terms,
		.term_count = 1,
	};
	const struct scan_report answer = {
		.verdict = REPORT_VERDICT_FOUND,
		.level = REPORT_LEVEL_SURE,
		.score_db = 15,
		.number_count = 1,
		.findings = &finding,
		.finding_count = 1,
		.subject = "",
		.profile = REPORT_PROFILE_STRICT,
		.dsn = { "", "", "", "" },
	};
	struct fake_scanner scanner = { .table = &report_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { 0 };
	const struct fake_done *done = rescan(world, &scanner);

	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(scanner.priority, SCAN_PRIORITY_BACKGROUND);
	assert_false(scanner.reveal);
	assert_int_equal(scanner.profile, REPORT_PROFILE_STRICT);
	assert_int_equal(scanner.mail_bytes, 12);
	decode_report(done, &report, &arena);
	assert_int_equal(report.verdict, want);
	assert_int_equal(report.profile, REPORT_PROFILE_STRICT);
	for (size_t i = 0; i < report.finding_count; i++)
		assert_string_equal(report.findings[i].number, "");
}

static void
a_new_report_is_handed_in_without_numbers(void **state)
{
	(void)state;
	check_found("", REPORT_VERDICT_FOUND);
	/* A worker that says more than it was asked for is not believed. */
	check_found("123456789018", REPORT_VERDICT_UNSCANNABLE);
}

static void
an_answer_that_is_no_report_counts_as_unscannable(void **state)
{
	/* Clean, and yet a number: does not fit together. */
	static const struct scan_report answer = {
		.verdict = REPORT_VERDICT_CLEAN,
		.number_count = 3,
		.subject = "",
		.profile = REPORT_PROFILE_STRICT,
		.dsn = { "", "", "", "" },
	};
	struct fake_scanner scanner = { .table = &report_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { 0 };
	const struct fake_done *done = rescan(world, &scanner);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_DONE);
	decode_report(done, &report, &arena);
	assert_int_equal(report.verdict, REPORT_VERDICT_UNSCANNABLE);
}

static void
without_a_scanner_the_job_is_tried_again(void **state)
{
	static const struct scan_failure busy = { "too much to do" };
	struct fake_scanner refusing = { .table = &scan_failure_table,
					 .message = &busy };
	struct fake_scanner closing = { .table = NULL };
	struct fake_scanner *scanners[] = { NULL, &refusing, &closing };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scanners); i++) {
		AUTO(world_free) struct world *world = world_start(NULL);
		const struct fake_done *done = rescan(world, scanners[i]);

		assert_int_equal(done->result, JOB_RESULT_RETRY);
		assert_int_equal(done->report.len_bytes, 0);
		assert_true(done->reason[0] != '\0');
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_report_is_handed_in_without_numbers),
		cmocka_unit_test(
			an_answer_that_is_no_report_counts_as_unscannable),
		cmocka_unit_test(without_a_scanner_the_job_is_tried_again),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
