/* Tests of a link's whole life: what its mail tells opens its files. */
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/vault/link_harness.h"
#include "tests/vault/visit_harness.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_people.h"

static const struct mail two_out = { .to = { SENT_FIRST, SENT_SECOND } };

/* What a recipient finds in the mail. */
struct letter {
	uint8_t link_id[LINK_ID_BYTES];
	struct link_secret secret;
};

/* The next job LINK; the next hop's reply is still to come. */
static void
receive(struct scene *scene, struct link_test_job *job, struct letter *letter)
{
	assert_true(link_test_take(scene, JOB_KIND_LINK, job));
	assert_int_equal(job->job.link.link_id.len_bytes, LINK_ID_BYTES);
	memcpy(letter->link_id, job->job.link.link_id.ptr, LINK_ID_BYTES);
	assert_true(link_secret_parse(job->job.link.code, &letter->secret));
}

static enum status
open_letter(struct scene *scene, const struct letter *letter,
	    struct link_visit *visit)
{
	struct sent sent = { .case_id = { 0 } };
	struct err err = { .st = ST_OK };

	memcpy(sent.links[0].id, letter->link_id, LINK_ID_BYTES);
	sent.links[0].secret = letter->secret;
	return visit_open(scene, &sent, 0, &visitor_usual, visit, &err);
}

static void
prove_code(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	   enum link_stage then)
{
	struct link_test_job job;
	enum link_stage stage = LINK_STAGE_NONE;
	bool told = false;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	while (!told && link_test_take(scene, JOB_KIND_NOTICE, &job)) {
		told = job.job.event == NOTICE_LINK_CODE;
		if (told)
			check_status(ST_OK,
				     visit_prove(scene, claim,
						 job.job.link.mailbox_code,
						 NULL, &stage, &err),
				     &err);
		link_test_reply(scene, &job, 250);
		link_test_job_done(&job);
	}
	assert_true(told);
	assert_int_equal(stage, then);
}

/* As the portal does it, with what the vault hands over. */
static void
read_files(struct scene *scene, const struct letter *letter,
	   const uint8_t claim[LINK_CLAIM_BYTES], const uint8_t *password_key)
{
	static const char want[] = LINK_TEST_FIRST LINK_TEST_NEXT;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(link_reader_free) struct link_reader *reader = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	const struct span id = { letter->link_id, LINK_ID_BYTES };
	struct vault_link_fetch_answer answer;
	struct vault_link_take request = { .visit = visit_of(scene, claim),
					   .file = LINK_ALL_FILES };
	uint8_t opening[SEAL_KEY_BYTES];
	uint8_t key[SEAL_KEY_BYTES];
	char plain[200];
	size_t len = 0;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, visit_take(scene, claim, LINK_ALL_FILES, &err),
		     &err);
	check_status(
		ST_OK,
		link_fetch(&scene->vault, &request, &answer, &arena, &fd, &err),
		&err);
	check_status(ST_OK,
		     link_key_opening(&letter->secret, password_key, id,
				      opening, &err),
		     &err);
	check_status(ST_OK,
		     link_key_unwrap(opening, id, answer.wrapped, key, &err),
		     &err);
	check_status(
		ST_OK,
		link_reader_open(key, fd, answer.sealed_bytes, &reader, &err),
		&err);
	check_status(
		ST_OK,
		link_reader_read(reader, 0, plain, sizeof(plain), &len, &err),
		&err);
	assert_int_equal(len, sizeof(want) - 1);
	assert_memory_equal(plain, want, len);
}

static void
what_a_mail_tells_opens_its_files(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	struct letter letter;
	struct link_visit visit = { .token = { 0 } };
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t id[CASE_ID_BYTES];

	link_test_make(scene, &two_out, id, NULL);
	receive(scene, &job, &letter);
	/* Nobody has it yet, as far as the vault knows. */
	assert_int_equal(open_letter(scene, &letter, &visit), ST_NOT_FOUND);
	link_visit_done(&visit);
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	assert_int_equal(open_letter(scene, &letter, &visit), ST_OK);
	memcpy(claim, visit.token, sizeof(claim));
	if (visit.claim.stage == LINK_STAGE_CODE)
		prove_code(scene, claim, LINK_STAGE_READY);
	link_visit_done(&visit);
	read_files(scene, &letter, claim, NULL);
}

static void
ask_with_password(struct scene *scene, const uint8_t id[CASE_ID_BYTES],
		  const char *password)
{
	struct vault_link_ask request = { .password = password };
	struct link_ask_key key;
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.case_id, id, CASE_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	check_status(
		ST_OK,
		link_ask_prepare(&scene->vault, &actor, &request, &key, &err),
		&err);
	scene_do(scene, ST_OK,
		 link_ask(&scene->vault, &actor, &request, &key, &err), &err);
	actor_done(&actor);
}

static void
a_password_told_otherwise_is_needed_too(void **state)
{
	struct scene *scene = *state;
	static const char password[] = "2026-secret";
	struct job_taken taken = { .present = false };
	struct link_test_job job;
	struct letter letter;
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_view view;
	uint8_t password_key[SEAL_KEY_BYTES];
	uint8_t proof[SEAL_KEY_BYTES];
	struct vault_link_prove prove = {
		.mailbox_code = "", .password_proof = { proof, sizeof(proof) }
	};
	struct link_visit after = { .token = { 0 } };
	bool frozen = false;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &two_out, id);
	ask_with_password(scene, id, password);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_LINK, "", &err),
		&err);
	assert_true(scene_take(scene, JOB_KIND_REWRITE, &taken));
	check_status(ST_OK, link_test_seal(scene, &taken, NULL, NULL, &err),
		     &err);
	job_taken_done(&taken);
	receive(scene, &job, &letter);
	assert_true(job.job.link.needs_password);
	link_test_reply(scene, &job, 250);
	link_test_job_done(&job);
	assert_int_equal(open_letter(scene, &letter, &visit), ST_OK);
	if (visit.claim.stage == LINK_STAGE_CODE)
		prove_code(scene, visit.token, LINK_STAGE_PASSWORD);
	prove.visit = visit_of(scene, visit.token);
	check_status(ST_OK,
		     link_visit_find(&scene->vault, &prove.visit, &after, &err),
		     &err);
	check_status(
		ST_OK,
		link_visit_view(&scene->vault, &after, &view, &arena, &err),
		&err);
	link_visit_done(&after);
	assert_int_equal(view.stage, LINK_STAGE_PASSWORD);
	check_status(ST_OK,
		     link_password_key(password, view.password_salt,
				       password_key, &err),
		     &err);
	check_status(ST_OK, link_password_proof(password_key, proof, &err),
		     &err);
	scene_do(scene, ST_OK,
		 link_prove(&scene->vault, &prove, &after, &frozen, &err),
		 &err);
	assert_int_equal(after.claim.stage, LINK_STAGE_READY);
	link_visit_done(&after);
	read_files(scene, &letter, prove.visit.claim, password_key);
}

static void
change(struct scene *scene, const struct letter *letter, enum link_step step)
{
	struct vault_link_change request = { .step = step,
					     .client_address = "192.0.2.9" };
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.link_id, letter->link_id, LINK_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	scene_do(scene, ST_OK,
		 link_change(&scene->vault, &actor, &request, &err), &err);
	actor_done(&actor);
}

static void
a_link_revoked_before_its_mail_ends_its_case_as_well(void **state)
{
	struct scene *scene = *state;
	struct link_test_job job;
	struct letter letter;
	uint8_t id[CASE_ID_BYTES];

	link_test_make(scene, &two_out, id, NULL);
	receive(scene, &job, &letter);
	change(scene, &letter, LINK_STEP_REVOKE);
	link_test_reply(scene, &job, 451);
	link_test_job_done(&job);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_CANCELLED), 1);
	link_test_send_all(scene);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK), 1);
}

static void
record_says_sent(struct scene *scene, const struct letter *letter)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_record answer = { .text = "" };
	struct vault_link_of request = { .actor = { { NULL, 0 } } };
	struct actor actor;
	struct err err = { .st = ST_OK };

	memcpy(request.link_id, letter->link_id, LINK_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	check_status(ST_OK,
		     link_record(&scene->vault, &actor, &request, &answer,
				 &arena, &err),
		     &err);
	actor_done(&actor);
	assert_non_null(strstr(answer.text, "state: revoked\n"));
	assert_non_null(strstr(answer.text, "\nsent: 2"));
	assert_non_null(strstr(answer.text, " sent by courier\n"));
	assert_null(strstr(answer.text, "送信日時（UTC）: まだ"));
}

/* Its mail is out: the text of it, and a link that opens nothing. */
static void
a_link_revoked_while_its_mail_is_handed_over_was_sent(void **state)
{
	struct scene *scene = *state;
	static const struct mail mails[] = {
		{ .to = { SENT_FIRST } }, { .to = { SENT_FIRST, SENT_SECOND } }
	};

	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct link_test_job job;
		struct letter letter;
		struct link_visit visit = { .token = { 0 } };
		uint8_t id[CASE_ID_BYTES];

		link_test_make(scene, &mails[i], id, NULL);
		receive(scene, &job, &letter);
		change(scene, &letter, LINK_STEP_WRONG);
		assert_int_equal(scene_count(scene, id, CASE_OUTCOME_CANCELLED),
				 1);
		link_test_reply(scene, &job, 250);
		link_test_job_done(&job);
		assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK), 1);
		assert_int_equal(scene_count(scene, id, CASE_OUTCOME_CANCELLED),
				 0);
		record_says_sent(scene, &letter);
		assert_int_equal(open_letter(scene, &letter, &visit),
				 ST_NOT_FOUND);
		link_visit_done(&visit);
		/* The others' mails are sent; none a second time. */
		link_test_send_all(scene);
		assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
		assert_int_equal(scene_count(scene, id, CASE_OUTCOME_LINK),
				 i + 1);
		/* And alice's own, which lives with another's. */
		assert_int_equal(scene_audit_count(scene, "link-sent", id),
				 2 * i + 1);
	}
}

static void
a_link_revoked_while_its_mail_is_refused_was_not_sent(void **state)
{
	struct scene *scene = *state;
	static const struct mail one_out = { .to = { SENT_FIRST } };
	struct link_test_job job;
	struct letter letter;
	uint8_t id[CASE_ID_BYTES];

	link_test_make(scene, &one_out, id, NULL);
	receive(scene, &job, &letter);
	change(scene, &letter, LINK_STEP_REVOKE);
	link_test_reply(scene, &job, 550);
	link_test_job_done(&job);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_CANCELLED), 1);
	assert_int_equal(scene_audit_count(scene, "link-sent", id), 0);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASED);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, link_scene_setup, scene_teardown)
		SCENE(what_a_mail_tells_opens_its_files),
		SCENE(a_password_told_otherwise_is_needed_too),
		SCENE(a_link_revoked_before_its_mail_ends_its_case_as_well),
		SCENE(a_link_revoked_while_its_mail_is_handed_over_was_sent),
		SCENE(a_link_revoked_while_its_mail_is_refused_was_not_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
