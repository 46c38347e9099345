/* Tests of vault/case/rescan.h: reports of a case, old and new. */
#include "vault/case/rescan.h"

#include <string.h>

#include "lib/base/fd.h"
#include "tests/vault/case_harness.h"

/* The profile that a job of this kind tells the courier. */
static enum report_profile
job_profile(struct scene *scene, enum job_kind kind)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	struct job_taken taken = { .present = false };
	struct vault_job job = { .present = false };
	struct err err = { .st = ST_OK };

	assert_true(scene_take(scene, kind, &taken));
	check_status(
		ST_OK,
		job_compose(&scene->vault, &taken, &job, &arena, &fd, &err),
		&err);
	job_taken_done(&taken);
	return job.profile;
}

static enum report_profile
report_profile(struct scene *scene, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     rescan_find(&scene->vault, id, &report, &arena, &err),
		     &err);
	assert_int_equal(report.finding_count, 1);
	return report.profile;
}

static void
a_report_from_before_profiles_is_still_read(void **state)
{
	static const struct mail mail = { .before_profiles = true };
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];

	scene_hold(scene, &mail, id);
	assert_int_equal(report_profile(scene, id), REPORT_PROFILE_STANDARD);
	assert_int_equal(job_profile(scene, JOB_KIND_PREVIEW),
			 REPORT_PROFILE_STANDARD);
}

static void
what_scans_again_does_so_in_the_profile_of_the_case(void **state)
{
	static const struct mail mail = { .profile = REPORT_PROFILE_STRICT };
	struct scene *scene = *state;
	AUTO(record_done) struct record record;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];

	record_init(&record);
	scene_hold(scene, &mail, id);
	assert_int_equal(job_profile(scene, JOB_KIND_PREVIEW),
			 REPORT_PROFILE_STRICT);
	check_status(ST_OK, record_read(&scene->vault, id, &record, &err),
		     &err);
	scene_do(scene, ST_OK,
		 rescan_order(&scene->vault, &record, "bob", "test", &err),
		 &err);
	assert_int_equal(job_profile(scene, JOB_KIND_RESCAN),
			 REPORT_PROFILE_STRICT);
}

static void
a_report_in_another_profile_is_refused(void **state)
{
	static const struct mail mail = { .profile = REPORT_PROFILE_STRICT };
	struct scene *scene = *state;
	AUTO(record_done) struct record record;
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];
	struct sbuf payload;

	record_init(&record);
	scene_hold(scene, &mail, id);
	check_status(ST_OK, record_read(&scene->vault, id, &record, &err),
		     &err);
	sbuf_init(&payload, 1 << 20);
	mail_report(&payload);
	scene_do(scene, ST_FORMAT,
		 rescan_take(&scene->vault, &record, sbuf_span(&payload), &err),
		 &err);
	sbuf_clear(&payload);
	mail_report_in(REPORT_PROFILE_STRICT, &payload);
	scene_do(scene, ST_OK,
		 rescan_take(&scene->vault, &record, sbuf_span(&payload), &err),
		 &err);
	sbuf_done(&payload);
	assert_int_equal(report_profile(scene, id), REPORT_PROFILE_STRICT);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_report_from_before_profiles_is_still_read),
		test(what_scans_again_does_so_in_the_profile_of_the_case),
		test(a_report_in_another_profile_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
