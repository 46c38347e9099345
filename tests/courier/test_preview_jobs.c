/* Tests of courier/jobs/job_preview.c against a scanner with one answer. */
#include <signal.h>

#include "tests/courier/fake_scanner.h"
#include "tests/harness/check.h"

static const struct preview_line lines[] = { { "line 1", "●●●●●", true } };
static const struct preview_part parts[] = { { "1", "", "text", false, false,
					       lines, 1 } };

/* What the vault hears of a job at its attempt, when the scanner says so. */
static const struct fake_done *
run(struct world *world, struct fake_scanner *scanner, enum job_kind kind,
    uint32_t attempt)
{
	struct vault_job job = world_job(kind);

	job.attempt = attempt;
	job.search_from = REPORT_SEARCH_OVER;
	return fake_scanner_run(world, scanner, &job, 0);
}

static void
assert_hears(const struct fake_done *done, bool revealed)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct preview preview = { .parts = NULL };
	struct err err = { 0 };

	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(done->report.len_bytes, 0);
	check_status(ST_OK,
		     wire_decode(&preview_table, sbuf_span(&done->preview),
				 &preview, &arena, &err),
		     &err);
	assert_int_equal(preview.revealed, revealed);
	assert_int_equal(preview.part_count, 1);
	assert_string_equal(preview.parts[0].lines[0].text, "●●●●●");
}

static void
a_preview_is_made_in_the_background_and_masked(void **state)
{
	const struct preview answer = { false, false, parts, 1 };
	struct fake_scanner scanner = { .table = &preview_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);

	(void)state;
	assert_hears(run(world, &scanner, JOB_KIND_PREVIEW, 1), false);
	assert_int_equal(scanner.priority, SCAN_PRIORITY_BACKGROUND);
	assert_true(scanner.preview);
	assert_int_equal(scanner.profile, REPORT_PROFILE_STRICT);
	assert_false(scanner.reveal);
	assert_int_equal(scanner.mail_bytes, 12);
	assert_true(scanner.search_from == REPORT_SEARCH_OVER);
}

static void
a_reveal_is_quick_and_asks_for_numbers(void **state)
{
	const struct preview answer = { true, false, parts, 1 };
	struct fake_scanner scanner = { .table = &preview_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);

	(void)state;
	assert_hears(run(world, &scanner, JOB_KIND_REVEAL, 1), true);
	assert_int_equal(scanner.priority, SCAN_PRIORITY_MAIL);
	assert_true(scanner.preview);
	assert_int_equal(scanner.profile, REPORT_PROFILE_STRICT);
	assert_true(scanner.reveal);
}

/* A worker that says more than it was asked for is not believed. */
static void
a_preview_with_numbers_that_was_to_be_masked_is_none(void **state)
{
	const struct preview answer = { true, false, parts, 1 };
	struct fake_scanner scanner = { .table = &preview_table,
					.message = &answer };
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct fake_done *done =
		run(world, &scanner, JOB_KIND_PREVIEW, 1);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_RETRY);
	assert_int_equal(done->preview.len_bytes, 0);
}

/* The report that comes when a worker crashed. */
static const struct report_opaque crashed[] = {
	{ "message", REPORT_REASON_CRASHED, "the worker ended" }
};
static const struct scan_report no_preview = {
	.verdict = REPORT_VERDICT_UNSCANNABLE,
	.opaques = crashed,
	.opaque_count = 1,
	.subject = "",
	.profile = REPORT_PROFILE_STRICT,
	.dsn = { "", "", "", "" },
};

static void
after_three_crashes_a_case_has_no_preview(void **state)
{
	(void)state;
	for (uint32_t attempt = 1; attempt <= 3; attempt++) {
		struct fake_scanner scanner = { .table = &report_table,
						.message = &no_preview };
		AUTO(world_free) struct world *world = world_start(NULL);
		const struct fake_done *done =
			run(world, &scanner, JOB_KIND_PREVIEW, attempt);

		assert_int_equal(done->result, attempt < 3 ? JOB_RESULT_RETRY
							   : JOB_RESULT_DONE);
		assert_int_equal(done->preview.len_bytes, 0);
	}
}

static void
whoever_waits_for_a_reveal_hears_of_a_crash_at_once(void **state)
{
	struct fake_scanner scanner = { .table = &report_table,
					.message = &no_preview };
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct fake_done *done = run(world, &scanner, JOB_KIND_REVEAL, 1);

	(void)state;
	assert_int_equal(done->result, JOB_RESULT_DONE);
	assert_int_equal(done->preview.len_bytes, 0);
}

static void
without_a_scanner_both_are_tried_again(void **state)
{
	static const struct scan_failure busy = { "too much to do" };
	const enum job_kind kinds[] = { JOB_KIND_PREVIEW, JOB_KIND_REVEAL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct fake_scanner scanner = { .table = &scan_failure_table,
						.message = &busy };
		AUTO(world_free) struct world *world = world_start(NULL);
		const struct fake_done *done =
			run(world, &scanner, kinds[i], 9);

		assert_int_equal(done->result, JOB_RESULT_RETRY);
		assert_true(done->reason[0] != '\0');
	}
}

/* Two workers: while one has a preview in hand, the other takes none. */
static void
one_worker_stays_free_for_mail(void **state)
{
	struct world *world = world_start(NULL);
	const struct vault_job job = world_job(JOB_KIND_PREVIEW);
	struct vault_client client;
	const struct setup *setup = setup_current(world->setups);
	struct job_desk *desk = NULL;
	struct job_taken first;
	struct job_taken second;
	struct err err = { 0 };

	(void)state;
	world_stop(world);
	check_status(ST_OK, job_desk_new(2, &desk, &err), &err);
	vault_client_init(&client, setup->config->vault_socket);
	job_taken_init(&first);
	job_taken_init(&second);
	fake_vault_give(world->vault, &job, ((struct span){ NULL, 0 }));
	check_status(
		ST_OK,
		job_desk_take(desk, &client, JOB_LANE_WORK, 60, &first, &err),
		&err);
	assert_true(first.order.present);
	assert_int_equal(fake_vault_quick(world->vault), 0);
	check_status(
		ST_OK,
		job_desk_take(desk, &client, JOB_LANE_WORK, 60, &second, &err),
		&err);
	assert_int_equal(fake_vault_quick(world->vault), 1);
	job_desk_finish(desk, &first.order);
	job_taken_done(&second);
	job_taken_init(&second);
	check_status(
		ST_OK,
		job_desk_take(desk, &client, JOB_LANE_WORK, 60, &second, &err),
		&err);
	assert_int_equal(fake_vault_quick(world->vault), 1);
	job_taken_done(&first);
	job_taken_done(&second);
	vault_client_done(&client);
	job_desk_free(&desk);
	setup_release(world->setups, &setup);
	world_free(&world);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_preview_is_made_in_the_background_and_masked),
		cmocka_unit_test(a_reveal_is_quick_and_asks_for_numbers),
		cmocka_unit_test(
			a_preview_with_numbers_that_was_to_be_masked_is_none),
		cmocka_unit_test(after_three_crashes_a_case_has_no_preview),
		cmocka_unit_test(
			whoever_waits_for_a_reveal_hears_of_a_crash_at_once),
		cmocka_unit_test(without_a_scanner_both_are_tried_again),
		cmocka_unit_test(one_worker_stays_free_for_mail),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
