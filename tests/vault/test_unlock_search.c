/* Tests of vault/case/unlock.h: the search, and the order of jobs. */
#include "tests/vault/unlock_harness.h"

static const struct mail locked_mail = { .locks = { .closed = 1 } };

/* --- the search -------------------------------------------------------- */

static struct mail_locks
slice(uint64_t tried, bool finished)
{
	return (struct mail_locks){
		.closed = 1,
		.search = { .tried = tried,
			    .total = 1000000,
			    .rate_per_s = 5000,
			    .finished = finished },
	};
}

static void
a_search_goes_slice_by_slice_until_its_time_is_over(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	uint8_t id[CASE_ID_BYTES];
	uint64_t tried = 0;
	uint32_t spent_ms = 0;
	unsigned slices = 0;

	scene->config.vault.unlock_search_s = 25;
	scene_hold(scene, &locked_mail, id);
	while (watch_take(scene, true, JOB_KIND_SEARCH, &taken)) {
		const struct given given = watch_look(scene, &taken);
		const struct mail_locks now = slice(tried + 50000, false);

		assert_int_equal(given.search_from, tried);
		spent_ms += given.search_ms;
		tried += 50000;
		slices++;
		/* The same job: its place is kept. */
		watch_finish(scene, &taken, &now, NULL);
		assert_int_equal(watch_show(scene, "bob", id).line.locks.tried,
				 tried);
	}
	/* Short ones first. */
	assert_int_equal(spent_ms, 25000);
	assert_int_equal(slices, 7);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.search,
			 SEARCH_STATE_ENDED);
	assert_false(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	assert_int_equal(scene_audit_count(scene, "search-begun", id), 1);
	assert_int_equal(scene_audit_count(scene, "search-ended", id), 1);
	/* No report of a slice was a new one to decide about. */
	assert_int_equal(scene_audit_count(scene, "rescanned", id), 0);
}

/* On a busy machine a slice may end before anything was tried. */
static void
a_slice_that_comes_nowhere_does_not_end_a_search(void **state)
{
	const struct mail_locks still = slice(50000, false);
	const struct mail_locks none = slice(0, false);
	struct scene *scene = *state;
	struct job_taken taken;
	uint8_t id[CASE_ID_BYTES];
	unsigned slices = 0;

	scene->config.vault.unlock_search_s = 60;
	scene_hold(scene, &locked_mail, id);
	for (; watch_take(scene, true, JOB_KIND_SEARCH, &taken); slices++)
		watch_finish(scene, &taken, &still, NULL);
	/* But it costs more than one that does: 2, 16, 80 s. */
	assert_int_equal(slices, 3);
	scene_hold(scene,
		   &(struct mail){ .locks = { .closed = 1 }, .content = 2 },
		   id);
	assert_true(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	watch_finish(scene, &taken, &none, NULL);
	assert_false(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
}

/* An alarm would be wrong: it goes on as it should. */
static void
a_search_that_goes_on_is_no_job_that_waits_or_fails(void **state)
{
	const struct mail_locks first = slice(50000, false);
	struct scene *scene = *state;
	struct store_counts counts = { 0 };
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	assert_false(watch_take(scene, false, JOB_KIND_RELEASE, &taken));
	assert_true(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	watch_finish(scene, &taken, &first, NULL);
	check_status(ST_OK, store_count(scene->vault.store, &counts, &err),
		     &err);
	/* The preview, of which nobody made anything. */
	assert_int_equal(counts.jobs_waiting, 1);
	assert_int_equal(counts.jobs_failing, 1);
}

static void
a_search_that_finds_keeps_no_place(void **state)
{
	const struct mail_locks found = {
		.opened = 1,
		.source = REPORT_WORD_SOURCE_SEARCH,
		.search = { .tried = 123456, .total = 1000000 },
	};
	const struct mail_locks before = slice(50000, false);
	struct scene *scene = *state;
	struct job_taken taken;
	struct vault_case shown;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	assert_true(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	watch_finish(scene, &taken, &before, NULL);
	assert_true(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	watch_finish(scene, &taken, &found, WATCH_SECRET);
	shown = watch_show(scene, "bob", id);
	assert_int_equal(shown.line.locks.source, REPORT_WORD_SOURCE_SEARCH);
	assert_int_equal(shown.line.locks.search, SEARCH_STATE_ENDED);
	assert_int_equal(shown.line.locks.tried, 0);
	assert_int_equal(shown.line.locks.total, 0);
	assert_false(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
}

static void
approvers_and_admins_pause_a_search_and_nobody_else(void **state)
{
	const struct mail_locks first = slice(50000, false);
	struct scene *scene = *state;
	struct job_taken taken;
	struct err err = { .st = ST_OK };
	const struct mail of_bob = { .locks = { .closed = 1 },
				     .sender = "bob@example.co.jp",
				     .content = 2 };
	uint8_t id[CASE_ID_BYTES];
	uint8_t own[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_DENIED,
		     watch_steer(scene, "alice", id, SEARCH_STEP_PAUSE, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     watch_steer(scene, "dave", id, SEARCH_STEP_PAUSE, &err),
		     &err);
	assert_false(watch_show(scene, "alice", id).may_search);
	assert_true(watch_show(scene, "bob", id).may_search);
	/* An approver whose own mail it is stands with the senders. */
	scene_hold(scene, &of_bob, own);
	check_status(ST_DENIED,
		     watch_steer(scene, "bob", own, SEARCH_STEP_PAUSE, &err),
		     &err);
	check_status(ST_OK,
		     watch_steer(scene, "root", own, SEARCH_STEP_PAUSE, &err),
		     &err);
	/* While a slice is on its way: it counts, and is the last one. */
	assert_true(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	check_status(ST_OK,
		     watch_steer(scene, "bob", id, SEARCH_STEP_PAUSE, &err),
		     &err);
	watch_finish(scene, &taken, &first, NULL);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.search,
			 SEARCH_STATE_PAUSED);
	assert_false(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	check_status(ST_OK,
		     watch_steer(scene, "root", id, SEARCH_STEP_RESUME, &err),
		     &err);
	assert_true(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
	assert_int_equal(watch_look(scene, &taken).search_from, 50000);
	job_taken_done(&taken);
}

static void
nothing_is_searched_when_the_settings_say_so(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	uint8_t id[CASE_ID_BYTES];

	scene->config.vault.unlock_search_s = 0;
	scene_hold(scene, &locked_mail, id);
	assert_int_equal(watch_show(scene, "bob", id).line.locks.search,
			 SEARCH_STATE_NONE);
	assert_false(watch_take(scene, true, JOB_KIND_SEARCH, &taken));
}

static void
words_come_before_previews_and_a_search_stops_nothing(void **state)
{
	const struct vault_take_job request = { .lease_s = 60 };
	const struct vault_take_job quick = { .lease_s = 60, .quick = true };
	AUTO(store_job_done) struct store_job row = { .memory = NULL };
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &locked_mail, id);
	check_status(ST_OK, watch_type(scene, "alice", id, WATCH_SECRET, &err),
		     &err);
	for (;;) {
		taken = (struct job_taken){ .present = false };
		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &quick, &taken, &err), &err);
		if (!taken.present)
			break;
		assert_int_equal(taken.row.kind, JOB_KIND_NOTICE);
		job_taken_done(&taken);
	}
	check_status(ST_OK, job_find_next(&scene->vault, &request, &row, &err),
		     &err);
	assert_int_equal(row.kind, JOB_KIND_UNLOCK);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_search_goes_slice_by_slice_until_its_time_is_over),
		test(a_slice_that_comes_nowhere_does_not_end_a_search),
		test(a_search_that_goes_on_is_no_job_that_waits_or_fails),
		test(a_search_that_finds_keeps_no_place),
		test(approvers_and_admins_pause_a_search_and_nobody_else),
		test(nothing_is_searched_when_the_settings_say_so),
		test(words_come_before_previews_and_a_search_stops_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
