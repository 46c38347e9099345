/* Tests of vault/case/link_seal.h: pictures in the text that nobody read. */
#include "vault/case/link_seal.h"

#include <string.h>

#include "tests/vault/link_harness.h"

static const struct mail outside = { .to = { "a@example.com" } };

/* A mail of a rule that sends links, with two pictures that stay, is sealed:
 * what became of it. */
static enum case_state
sealed_by_rule(struct scene *scene, enum rewrite_pictures pictures,
	       uint8_t content, uint8_t id[CASE_ID_BYTES])
{
	struct link_test_seal seal = { .pictures = 2 };
	struct mail mail = outside;
	struct job_taken taken = { .present = false };
	struct err err = { .st = ST_OK };

	mail.content = content;
	mail.link = (struct case_link_terms){ .at_once = true,
					      .pictures = pictures,
					      .expires_after_s = 3600 };
	scene_hold(scene, &mail, id);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, NULL, &seal, &err),
		     &err);
	job_taken_done(&taken);
	return scene_state(scene, id);
}

static void
a_rule_sends_no_picture_that_nobody_read(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];

	assert_int_equal(sealed_by_rule(scene, REWRITE_PICTURES_HOLD, 0, id),
			 CASE_STATE_HELD);
	assert_int_equal(scene_audit_count(scene, "link-refused", id), 1);
	assert_int_equal(scene_audit_count(scene, "link-sealed", id), 0);
	assert_false(scene_take(scene, JOB_KIND_LINK, &taken));
	job_taken_done(&taken);
	/* What could not be cut stays as well. */
	assert_int_equal(sealed_by_rule(scene, REWRITE_PICTURES_CUT, 1, id),
			 CASE_STATE_HELD);
	assert_int_equal(sealed_by_rule(scene, REWRITE_PICTURES_NONE, 2, id),
			 CASE_STATE_HELD);
}

static void
a_rule_may_say_that_they_stay(void **state)
{
	uint8_t id[CASE_ID_BYTES];

	assert_int_equal(sealed_by_rule(*state, REWRITE_PICTURES_STAY, 0, id),
			 CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(*state, "link-sealed", id), 1);
}

static void
a_person_decides_that_they_stay(void **state)
{
	struct scene *scene = *state;
	struct link_test_seal seal = { .pictures = 2 };
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	assert_int_equal(sealed_by_rule(scene, REWRITE_PICTURES_HOLD, 0, id),
			 CASE_STATE_HELD);
	scene->vault.now_unix_ms++;
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, NULL, &seal, &err),
		     &err);
	job_taken_done(&taken);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(scene, "link-sealed", id), 1);
}

static void
the_courier_hears_what_the_rule_cuts(void **state)
{
	struct scene *scene = *state;
	struct mail mail = outside;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];

	mail.link = (struct case_link_terms){ .at_once = true,
					      .findings_only = true,
					      .pictures = REWRITE_PICTURES_CUT,
					      .logo_bytes = 4096,
					      .expires_after_s = 3600 };
	scene_hold(scene, &mail, id);
	assert_true(link_test_take(scene, JOB_KIND_REWRITE, &job));
	assert_true(job.job.findings_only);
	assert_true(job.job.cut_pictures);
	assert_int_equal(job.job.logo_bytes, 4096);
	link_test_job_done(&job);
}

static void
unasked_it_cuts_all_files_and_no_picture(void **state)
{
	struct scene *scene = *state;
	struct mail mail = outside;
	struct link_test_job job;
	uint8_t id[CASE_ID_BYTES];

	mail.link = (struct case_link_terms){ .at_once = true,
					      .expires_after_s = 3600 };
	scene_hold(scene, &mail, id);
	assert_true(link_test_take(scene, JOB_KIND_REWRITE, &job));
	assert_false(job.job.findings_only);
	assert_false(job.job.cut_pictures);
	link_test_job_done(&job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LINKED(a_rule_sends_no_picture_that_nobody_read),
		LINKED(a_rule_may_say_that_they_stay),
		LINKED(a_person_decides_that_they_stay),
		LINKED(the_courier_hears_what_the_rule_cuts),
		LINKED(unasked_it_cuts_all_files_and_no_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
