/* Tests of vault/case/companion.h: mails that wait with another one. */
#include "vault/case/companion.h"

#include <string.h>

#include "lib/base/fd.h"
#include "tests/vault/case_harness.h"
#include "vault/case/view.h"

static const struct mail archive = { .locks = { .closed = 1 },
				     .to = { "yamada@example.com",
					     "suzuki@example.com" },
				     .content = 1 };

/* An archive and the mail with its password. */
struct couple {
	uint8_t main_id[CASE_ID_BYTES];
	uint8_t id[CASE_ID_BYTES];
};

static struct mail
password_mail(const struct couple *couple)
{
	return (struct mail){ .companion_of = couple->main_id,
			      .to = { "yamada@example.com" },
			      .subject = "password",
			      .content = 2 };
}

static void
make_couple(struct scene *scene, struct couple *couple)
{
	scene_hold(scene, &archive, couple->main_id);
	const struct mail second = password_mail(couple);

	scene_hold(scene, &second, couple->id);
}

static void
decide_main(struct scene *scene, const struct couple *couple, const char *login,
	    enum case_decision decision)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     scene_decide(scene, login, couple->main_id, decision,
				  "reason", &err),
		     &err);
}

struct jobs {
	size_t notices, give_backs, releases;
	size_t companion_notices;
	bool of_companion; /* some notice was about the companion */
};

/* Jobs that wait, all of them taken. */
static struct jobs
take_jobs(struct scene *scene, const struct couple *couple)
{
	const struct vault_take_job request = { .lease_s = 60 };
	struct jobs jobs = { 0 };
	struct err err = { .st = ST_OK };

	for (;;) {
		struct job_taken taken = { .present = false };
		struct vault_job job = { .present = false };
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		AUTO(fd_close) int fd = FD_NONE;

		scene_do(scene, ST_OK,
			 job_take(&scene->vault, &request, &taken, &err), &err);
		if (!taken.present)
			return jobs;
		check_status(ST_OK,
			     job_compose(&scene->vault, &taken, &job, &arena,
					 &fd, &err),
			     &err);
		jobs.notices += job.kind == JOB_KIND_NOTICE;
		jobs.give_backs += job.kind == JOB_KIND_GIVE_BACK;
		jobs.releases += job.kind == JOB_KIND_RELEASE;
		if (job.kind == JOB_KIND_NOTICE) {
			jobs.companion_notices += job.event == NOTICE_COMPANION;
			if (memcmp(job.case_id, couple->id, CASE_ID_BYTES) == 0)
				jobs.of_companion = true;
		}
		job_taken_done(&taken);
	}
}

static void
a_companion_is_told_of_once_and_in_no_list(void **state)
{
	struct scene *scene = *state;
	struct couple couple;
	struct vault_list request = { .filter = CASE_FILTER_ALL,
				      .limit = 10,
				      .sort = CASE_SORT_OLDEST,
				      .search = "" };
	struct vault_list_answer answer = { .total = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct actor actor;
	struct err err = { .st = ST_OK };
	struct mail third;
	struct jobs jobs;
	uint8_t id[CASE_ID_BYTES];

	make_couple(scene, &couple);
	third = password_mail(&couple);
	third.content = 3;
	scene_hold(scene, &third, id);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_HELD);
	jobs = take_jobs(scene, &couple);
	assert_int_equal(jobs.companion_notices, 1);
	assert_false(jobs.of_companion);
	/* Sender and two approvers of the main case. */
	assert_int_equal(jobs.notices, 4);
	assert_int_equal(
		scene_audit_count(scene, "companion-joined", couple.main_id),
		2);
	scene_actor(scene, "bob", &actor);
	check_status(ST_OK,
		     view_list(&scene->vault, &actor, &request, &answer, &arena,
			       &err),
		     &err);
	actor_done(&actor);
	assert_int_equal(answer.total, 1);
	assert_memory_equal(answer.lines[0].case_id, couple.main_id,
			    CASE_ID_BYTES);
}

static void
its_sender_hears_of_it_when_the_case_is_confirmed(void **state)
{
	struct scene *scene = *state;
	struct couple couple;
	struct mail first = archive;
	struct mail second;

	first.unconfirmed = true;
	scene_hold(scene, &first, couple.main_id);
	second = password_mail(&couple);
	scene_hold(scene, &second, couple.id);
	assert_int_equal(take_jobs(scene, &couple).notices, 0);
	first.unconfirmed = false;
	scene_hold(scene, &first, couple.main_id);
	assert_int_equal(scene_state(scene, couple.main_id), CASE_STATE_HELD);
	assert_int_equal(take_jobs(scene, &couple).companion_notices, 1);
}

static void
it_is_decided_with_its_case_and_not_alone(void **state)
{
	struct scene *scene = *state;
	struct couple couple;
	struct err err = { .st = ST_OK };

	make_couple(scene, &couple);
	check_status(ST_END,
		     scene_decide(scene, "bob", couple.id,
				  CASE_DECISION_APPROVE, "ok", &err),
		     &err);
	assert_non_null(strstr(err.text, "waits with another one"));
	check_status(ST_END,
		     scene_decide(scene, "alice", couple.id,
				  CASE_DECISION_CANCEL, NULL, &err),
		     &err);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_HELD);
	decide_main(scene, &couple, "bob", CASE_DECISION_APPROVE);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(scene, "approve", couple.id), 1);
	assert_int_equal(take_jobs(scene, &couple).releases, 2);
}

static void
returned_cancelled_and_expired_go_together(void **state)
{
	struct scene *scene = *state;
	struct vault_timers_answer fired;
	struct couple couple;
	struct err err = { .st = ST_OK };

	make_couple(scene, &couple);
	decide_main(scene, &couple, "bob", CASE_DECISION_RETURN);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_RETURNING);
	assert_int_equal(take_jobs(scene, &couple).give_backs, 2);
	make_couple(scene, &couple);
	decide_main(scene, &couple, "alice", CASE_DECISION_CANCEL);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_CANCELLED);
	assert_int_equal(scene_count(scene, couple.id, CASE_OUTCOME_CANCELLED),
			 1);
	assert_int_equal(scene_audit_count(scene, "shred", couple.id), 1);
	make_couple(scene, &couple);
	scene->vault.now_unix_ms += 7 * 86400 * 1000LL;
	scene_do(scene, ST_OK, timers_run(&scene->vault, &fired, &err), &err);
	assert_int_equal(scene_state(scene, couple.main_id),
			 CASE_STATE_EXPIRING);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_EXPIRING);
	assert_int_equal(scene_audit_count(scene, "remind", couple.id), 0);
}

static void
a_decision_is_bound_to_what_goes_along(void **state)
{
	struct scene *scene = *state;
	struct vault_decide request = { .decision = CASE_DECISION_APPROVE,
					.purpose = "",
					.comment = "",
					.client_address = "192.0.2.9" };
	struct vault_decide_answer answer;
	AUTO(record_done) struct record seen;
	struct couple couple;
	struct mail second;
	struct actor actor;
	struct err err = { .st = ST_OK };

	record_init(&seen);
	scene_hold(scene, &archive, couple.main_id);
	check_status(ST_OK,
		     record_read(&scene->vault, couple.main_id, &seen, &err),
		     &err);
	memcpy(request.case_id, couple.main_id, CASE_ID_BYTES);
	memcpy(request.version, seen.row.version, sizeof(request.version));
	second = password_mail(&couple);
	scene_hold(scene, &second, couple.id);
	scene_actor(scene, "bob", &actor);
	scene_do(scene, ST_END,
		 decide(&scene->vault, &actor, &request, &answer, &err), &err);
	assert_non_null(strstr(err.text, "has changed"));
	actor_done(&actor);
}

static void
nobody_decides_on_a_password_mail_of_their_own(void **state)
{
	struct scene *scene = *state;
	struct couple couple;
	struct mail second;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &archive, couple.main_id);
	second = password_mail(&couple);
	second.from = "bob@example.co.jp";
	scene_hold(scene, &second, couple.id);
	check_status(ST_DENIED,
		     scene_decide(scene, "bob", couple.main_id,
				  CASE_DECISION_APPROVE, "ok", &err),
		     &err);
	check_status(ST_OK,
		     scene_decide(scene, "carol", couple.main_id,
				  CASE_DECISION_APPROVE, "ok", &err),
		     &err);
	/* Who is named in the other mail is no sender of this one. */
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_RELEASING);
}

static void
a_case_that_is_decided_takes_no_companions(void **state)
{
	struct scene *scene = *state;
	struct vault_hold_answer answer;
	struct couple couple;
	struct mail second;
	struct err err = { .st = ST_OK };

	make_couple(scene, &couple);
	second = password_mail(&couple);
	second.content = 3;
	/* A companion is no main case. */
	second.companion_of = couple.id;
	check_status(ST_END, scene_try_hold(scene, &second, &answer, &err),
		     &err);
	second.companion_of = couple.main_id;
	decide_main(scene, &couple, "bob", CASE_DECISION_APPROVE);
	check_status(ST_END, scene_try_hold(scene, &second, &answer, &err),
		     &err);
	second.companion_of = (const uint8_t *)"0123456789abcdef";
	check_status(ST_END, scene_try_hold(scene, &second, &answer, &err),
		     &err);
}

static void
a_retry_joins_the_companion(void **state)
{
	struct scene *scene = *state;
	struct vault_hold_answer answer = { .joined = false };
	struct couple couple;
	struct mail second;
	struct err err = { .st = ST_OK };

	make_couple(scene, &couple);
	second = password_mail(&couple);
	second.to[0] = "suzuki@example.com";
	check_status(ST_OK, scene_try_hold(scene, &second, &answer, &err),
		     &err);
	assert_true(answer.joined);
	assert_memory_equal(answer.case_id, couple.id, CASE_ID_BYTES);
	assert_int_equal(scene_count(scene, couple.id, CASE_OUTCOME_WAITING),
			 2);
	decide_main(scene, &couple, "bob", CASE_DECISION_APPROVE);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_RELEASING);
}

static void
an_unconfirmed_one_parts_when_its_case_is_decided(void **state)
{
	struct scene *scene = *state;
	struct couple couple;
	struct mail second;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &archive, couple.main_id);
	second = password_mail(&couple);
	second.unconfirmed = true;
	scene_hold(scene, &second, couple.id);
	decide_main(scene, &couple, "bob", CASE_DECISION_RETURN);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_UNCONFIRMED);
	/* From now on it is a case like others. */
	check_status(ST_OK,
		     scene_decide(scene, "root", couple.id,
				  CASE_DECISION_CONFIRM, NULL, &err),
		     &err);
	check_status(ST_OK,
		     scene_decide(scene, "bob", couple.id,
				  CASE_DECISION_APPROVE, "ok", &err),
		     &err);
}

static void
what_a_locked_vault_took_joins_at_unlock_or_stands_alone(void **state)
{
	struct scene *scene = *state;
	struct key_ring *ring = scene->ring;
	struct couple couple;
	struct couple late;
	struct mail second;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &archive, couple.main_id);
	late = couple;
	second = password_mail(&couple);
	scene->vault.ring = NULL;
	scene_hold(scene, &second, couple.id);
	second.content = 3;
	scene_hold(scene, &second, late.id);
	scene->vault.ring = ring;
	scene_do(scene, ST_OK, intake_unseal(&scene->vault, couple.id, &err),
		 &err);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_HELD);
	decide_main(scene, &couple, "bob", CASE_DECISION_APPROVE);
	assert_int_equal(scene_state(scene, couple.id), CASE_STATE_RELEASING);
	scene_do(scene, ST_OK, intake_unseal(&scene->vault, late.id, &err),
		 &err);
	assert_int_equal(scene_state(scene, late.id), CASE_STATE_HELD);
	check_status(ST_OK,
		     scene_decide(scene, "bob", late.id, CASE_DECISION_APPROVE,
				  "ok", &err),
		     &err);
}

static void
number_of_companions_is_bounded(void **state)
{
	struct scene *scene = *state;
	struct vault_hold_answer answer;
	struct couple couple;
	struct mail second;
	struct err err = { .st = ST_OK };

	scene_hold(scene, &archive, couple.main_id);
	second = password_mail(&couple);
	for (int i = 0; i < COMPANIONS_MAX; i++) {
		second.content = (uint8_t)(2 + i);
		check_status(ST_OK,
			     scene_try_hold(scene, &second, &answer, &err),
			     &err);
	}
	/* A retry of one of them is none more. */
	check_status(ST_OK, scene_try_hold(scene, &second, &answer, &err),
		     &err);
	second.content = 99;
	check_status(ST_END, scene_try_hold(scene, &second, &answer, &err),
		     &err);
	decide_main(scene, &couple, "bob", CASE_DECISION_APPROVE);
}

#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		SCENE(a_companion_is_told_of_once_and_in_no_list),
		SCENE(its_sender_hears_of_it_when_the_case_is_confirmed),
		SCENE(it_is_decided_with_its_case_and_not_alone),
		SCENE(returned_cancelled_and_expired_go_together),
		SCENE(a_decision_is_bound_to_what_goes_along),
		SCENE(nobody_decides_on_a_password_mail_of_their_own),
		SCENE(a_case_that_is_decided_takes_no_companions),
		SCENE(a_retry_joins_the_companion),
		SCENE(an_unconfirmed_one_parts_when_its_case_is_decided),
		SCENE(what_a_locked_vault_took_joins_at_unlock_or_stands_alone),
		SCENE(number_of_companions_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
