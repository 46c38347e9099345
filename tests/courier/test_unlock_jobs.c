/* Tests of courier/jobs/job_unlock.c, and of the words of other jobs. */
#include <signal.h>
#include <string.h>

#include "tests/courier/fake_scanner.h"
#include "tests/harness/check.h"

static const struct vault_word given[] = {
	{ "first-word", REPORT_WORD_SOURCE_SENDER },
	{ "second", REPORT_WORD_SOURCE_RELATED },
};

/* One lock, opened by one of the words; another word is of the mail. */
static const struct report_lock opened = { "2", "zip: ZipCrypto", true,
					   REPORT_WORD_SOURCE_SENDER };
static const struct report_word said[] = { { "first-word", true },
					   { "of-the-mail", false } };

static struct scan_report
answer_of(void)
{
	return (struct scan_report){
		.verdict = REPORT_VERDICT_CLEAN,
		.subject = "",
		.profile = REPORT_PROFILE_STRICT,
		.dsn = { "", "", "", "" },
		.locks = &opened,
		.lock_count = 1,
		.words = said,
		.word_count = ARRAY_LEN(said),
		.search = { .tried = 5000, .total = 9000, .rate_per_s = 500 },
	};
}

static struct vault_job
job_of(enum job_kind kind)
{
	struct vault_job job = world_job(kind);

	job.words = given;
	job.word_count = ARRAY_LEN(given);
	return job;
}

static const struct fake_done *
run(struct world *world, struct fake_scanner *scanner,
    const struct vault_job *job)
{
	return fake_scanner_run(world, scanner, job, 0);
}

static void
words_go_to_the_scanner_and_what_worked_comes_back(void **state)
{
	const struct scan_report answer = answer_of();
	const struct vault_job job = job_of(JOB_KIND_UNLOCK);
	struct fake_scanner scanner = { .table = &report_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { 0 };
	const struct fake_done *done = run(world, &scanner, &job);
	struct err err = { 0 };

	(void)state;
	assert_string_equal(scanner.words, "first-word second");
	assert_int_equal(scanner.priority, SCAN_PRIORITY_BACKGROUND);
	assert_int_equal(scanner.search_ms, 0);
	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_string_equal(done->words, "first-word");
	/* The report itself has no password in it. */
	check_status(ST_OK,
		     wire_decode(&report_table, sbuf_span(&done->report),
				 &report, &arena, &err),
		     &err);
	assert_int_equal(report.lock_count, 1);
	assert_int_equal(report.word_count, 0);
	assert_null(memmem(done->report.bytes, done->report.len_bytes,
			   "first-word", 10));
}

static void
a_slice_of_the_search_starts_where_the_last_one_ended(void **state)
{
	const struct scan_report answer = answer_of();
	struct vault_job job = world_job(JOB_KIND_SEARCH);
	struct fake_scanner scanner = { .table = &report_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct fake_done *done = NULL;

	(void)state;
	job.search_from = 4000;
	job.search_ms = 10000;
	done = run(world, &scanner, &job);
	assert_int_equal(scanner.search_from, 4000);
	assert_int_equal(scanner.search_ms, 10000);
	assert_int_equal(done->result, JOB_RESULT_DONE);
}

static void
what_looks_at_a_mail_again_gets_its_passwords(void **state)
{
	const struct scan_report answer = answer_of();
	const struct vault_job job = job_of(JOB_KIND_RESCAN);
	struct fake_scanner scanner = { .table = &report_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct fake_done *done = run(world, &scanner, &job);

	(void)state;
	assert_string_equal(scanner.words, "first-word second");
	assert_string_equal(done->words, "");
}

static void
without_a_scanner_it_is_tried_again(void **state)
{
	const struct vault_job job = job_of(JOB_KIND_UNLOCK);
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct fake_done *done = run(world, NULL, &job);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_RETRY);
	assert_string_equal(done->words, "");
}

static void
a_scan_that_says_nothing_valid_opens_nothing(void **state)
{
	struct scan_report answer = answer_of();
	const struct vault_job job = job_of(JOB_KIND_UNLOCK);
	struct fake_scanner scanner = { .table = &report_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { 0 };
	const struct fake_done *done = NULL;
	struct err err = { 0 };

	(void)state;
	answer.number_count = 3; /* clean, and yet numbers */
	done = run(world, &scanner, &job);
	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_string_equal(done->words, "");
	check_status(ST_OK,
		     wire_decode(&report_table, sbuf_span(&done->report),
				 &report, &arena, &err),
		     &err);
	assert_int_equal(report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_int_equal(report.lock_count, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			words_go_to_the_scanner_and_what_worked_comes_back),
		cmocka_unit_test(
			a_slice_of_the_search_starts_where_the_last_one_ended),
		cmocka_unit_test(what_looks_at_a_mail_again_gets_its_passwords),
		cmocka_unit_test(without_a_scanner_it_is_tried_again),
		cmocka_unit_test(a_scan_that_says_nothing_valid_opens_nothing),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
