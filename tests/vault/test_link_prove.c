/* Tests of link_prove.h, in the order of its promises. */
#include "vault/case/link_prove.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/vault/visit_harness.h"

static const int64_t minute_ms = 60 * 1000;
static const struct sent_terms with_code = { .often = true,
					     .needs_code = true };

/* The code that is mailed for this visit. */
static void
mailed_code(struct scene *scene, char code_out[16])
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_job job;

	assert_true(visit_notice(scene, NOTICE_LINK_CODE, &job, &arena));
	assert_int_equal(job.audience, NOTICE_AUDIENCE_RECIPIENT);
	assert_string_equal(job.recipients[0].address, SENT_FIRST);
	assert_int_equal(strlen(job.link.mailbox_code), LINK_CODE_DIGITS + 1);
	(void)snprintf(code_out, 16, "%s", job.link.mailbox_code);
}

static bool
has_code(struct scene *scene, uint64_t job_id)
{
	char code[LINK_CODE_DIGITS + 1];
	struct err err = { .st = ST_OK };

	check_status(ST_OK, link_code_find(&scene->vault, job_id, code, &err),
		     &err);
	return code[0] != '\0';
}

static void
a_code_goes_to_the_mailbox_and_is_forgotten(void **state)
{
	struct scene *scene = *state;
	struct job_taken taken;
	const struct reply reply = { SENT_FIRST, 250 };
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &with_code, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	/* While it waits, asking again makes no other. */
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	assert_int_equal(scene_audit_count(scene, "link-code-sent", NULL), 1);
	assert_true(scene_take(scene, JOB_KIND_NOTICE, &taken));
	assert_true(has_code(scene, taken.row.id));
	check_status(ST_OK, scene_finish(scene, &taken, &reply, 1, &err), &err);
	assert_false(has_code(scene, taken.row.id));
	job_taken_done(&taken);
	assert_false(scene_take(scene, JOB_KIND_NOTICE, &taken));
}

static void
a_right_code_opens_once(void **state)
{
	struct scene *scene = *state;
	char code[16];
	char other[8] = "000000";
	uint8_t claim[LINK_CLAIM_BYTES];
	uint8_t second[LINK_CLAIM_BYTES];
	enum link_stage stage = LINK_STAGE_NONE;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &with_code, &sent);
	visit_begin(scene, &sent, 0, claim);
	visit_begin(scene, &sent, 0, second);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	mailed_code(scene, code);
	/* It is for its own visit. */
	check_status(ST_OK,
		     visit_prove(scene, second, code, NULL, &stage, &err),
		     &err);
	assert_int_equal(stage, LINK_STAGE_CODE);
	other[5] = code[6] == '0' ? '1' : '0';
	check_status(ST_OK,
		     visit_prove(scene, claim, other, NULL, &stage, &err),
		     &err);
	assert_int_equal(stage, LINK_STAGE_CODE);
	check_status(ST_OK, visit_prove(scene, claim, code, NULL, &stage, &err),
		     &err);
	assert_int_equal(stage, LINK_STAGE_READY);
	assert_int_equal(scene_audit_count(scene, "link-wrong-code", NULL), 2);
	assert_int_equal(scene_audit_count(scene, "link-proved", NULL), 1);
	/* Nobody needs one any more. */
	check_status(ST_FORMAT, visit_code(scene, claim, &err), &err);
}

static void
a_code_dies_with_its_time_and_with_the_next(void **state)
{
	struct scene *scene = *state;
	char first[16];
	char second[16];
	uint8_t claim[LINK_CLAIM_BYTES];
	enum link_stage stage = LINK_STAGE_NONE;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &with_code, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	mailed_code(scene, first);
	scene->vault.now_unix_ms += 15 * minute_ms;
	check_status(ST_OK,
		     visit_prove(scene, claim, first, NULL, &stage, &err),
		     &err);
	assert_int_equal(stage, LINK_STAGE_CODE);
	do {
		check_status(ST_OK, visit_code(scene, claim, &err), &err);
		mailed_code(scene, second);
	} while (strcmp(first, second) == 0);
	check_status(ST_OK,
		     visit_prove(scene, claim, first, NULL, &stage, &err),
		     &err);
	assert_int_equal(stage, LINK_STAGE_CODE);
	check_status(ST_OK,
		     visit_prove(scene, claim, second, NULL, &stage, &err),
		     &err);
	assert_int_equal(stage, LINK_STAGE_READY);
}

static void
a_code_that_came_too_late_is_not_sent(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_job job;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &with_code, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	scene->vault.now_unix_ms += 15 * minute_ms;
	assert_false(visit_notice(scene, NOTICE_LINK_CODE, &job, &arena));
}

static void
codes_are_sent_five_times_an_hour(void **state)
{
	struct scene *scene = *state;
	char code[16];
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &with_code, &sent);
	for (int i = 0; i < LINK_MAX_CODES; i++) {
		visit_begin(scene, &sent, 0, claim);
		check_status(ST_OK, visit_code(scene, claim, &err), &err);
		mailed_code(scene, code);
	}
	check_status(ST_LIMIT, visit_code(scene, claim, &err), &err);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_LIMIT, visit_code(scene, claim, &err), &err);
	visit_begin(scene, &sent, 1, claim);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	scene->vault.now_unix_ms += 60 * minute_ms;
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
}

static void
five_wrong_codes_freeze_the_link(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct vault_job job;
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	uint8_t claims[2][LINK_CLAIM_BYTES];
	enum link_stage stage = LINK_STAGE_NONE;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &with_code, &sent);
	visit_begin(scene, &sent, 0, claims[0]);
	visit_begin(scene, &sent, 0, claims[1]);
	for (size_t i = 0; i < 5; i++) { /* whoever gave them, however */
		static const char *const typed[] = { "000000", "", "12345",
						     "1234567", "abcdef" };

		check_status(ST_OK,
			     visit_prove(scene, claims[i % 2], typed[i], NULL,
					 &stage, &err),
			     &err);
	}
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.state, LINK_STATE_FROZEN);
	assert_true(row.wrapped.len_bytes > 0);
	check_status(
		ST_NOT_FOUND,
		visit_prove(scene, claims[0], "000000", NULL, &stage, &err),
		&err);
	assert_string_equal(err.text, "no such link");
	check_status(ST_NOT_FOUND, visit_code(scene, claims[1], &err), &err);
	check_status(ST_NOT_FOUND,
		     visit_open(scene, &sent, 0, &visitor_usual, &visit, &err),
		     &err);
	assert_true(visit_notice(scene, NOTICE_LINK_FROZEN, &job, &arena));
	assert_string_equal(job.recipients[0].address, "alice@example.co.jp");
	assert_string_equal(job.recipients_text, SENT_FIRST);
	/* The others' links are theirs. */
	visit_begin(scene, &sent, 1, claims[0]);
}

/* A link of before passwords were folded; one try, whichever fits. */
static void
a_password_may_be_as_it_was_typed(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	const struct sent_terms terms = {
		.often = true, .password = "a proof of thirty two bytes, so."
	};
	struct link_visit visit = { .token = { 0 } };
	struct vault_link_prove request = { .mailbox_code = "" };
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	bool frozen = false;
	struct err err = { .st = ST_OK };

	sent_make(scene, &terms, &sent);
	visit_begin(scene, &sent, 0, claim);
	request.visit = visit_of(scene, claim);
	request.password_proof = span_of("another of thirty two bytes, so.");
	request.typed_proof = request.password_proof;
	scene_do(scene, ST_OK,
		 link_prove(&scene->vault, &request, &visit, &frozen, &err),
		 &err);
	link_visit_done(&visit);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.failures, 1);
	request.typed_proof = span_of(terms.password);
	scene_do(scene, ST_OK,
		 link_prove(&scene->vault, &request, &visit, &frozen, &err),
		 &err);
	assert_int_equal(visit.claim.stage, LINK_STAGE_READY);
	link_visit_done(&visit);
}

static void
a_password_stands_behind_the_code(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct sent_terms terms = with_code;
	char code[16];
	uint8_t claim[LINK_CLAIM_BYTES];
	enum link_stage stage = LINK_STAGE_NONE;
	struct sent sent;
	struct err err = { .st = ST_OK };

	terms.password = "a proof of thirty two bytes, so.";
	sent_make(scene, &terms, &sent);
	visit_begin(scene, &sent, 0, claim);
	/* Not in place of the code. */
	check_status(
		ST_OK,
		visit_prove(scene, claim, NULL, terms.password, &stage, &err),
		&err);
	assert_int_equal(stage, LINK_STAGE_CODE);
	check_status(ST_OK, visit_code(scene, claim, &err), &err);
	mailed_code(scene, code);
	check_status(ST_OK, visit_prove(scene, claim, code, NULL, &stage, &err),
		     &err);
	assert_int_equal(stage, LINK_STAGE_PASSWORD);
	check_status(ST_FORMAT, visit_take(scene, claim, 0, &err), &err);
	check_status(
		ST_OK,
		visit_prove(scene, claim, code, "another one", &stage, &err),
		&err);
	assert_int_equal(stage, LINK_STAGE_PASSWORD);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.failures, 2);
	store_link_done(&row);
	check_status(
		ST_OK,
		visit_prove(scene, claim, NULL, terms.password, &stage, &err),
		&err);
	assert_int_equal(stage, LINK_STAGE_READY);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.failures, 0);
	assert_int_equal(row.opened, 1);
}

static void
an_unknown_claim_proves_nothing(void **state)
{
	struct scene *scene = *state;
	const uint8_t claim[LINK_CLAIM_BYTES] = { 1, 2, 3 };
	enum link_stage stage = LINK_STAGE_NONE;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &with_code, &sent);
	check_status(ST_NOT_FOUND, visit_code(scene, claim, &err), &err);
	check_status(ST_NOT_FOUND,
		     visit_prove(scene, claim, "000000", NULL, &stage, &err),
		     &err);
	assert_int_equal(scene_audit_count(scene, "link-wrong-code", NULL), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(a_code_goes_to_the_mailbox_and_is_forgotten),
		SCENE(a_right_code_opens_once),
		SCENE(a_code_dies_with_its_time_and_with_the_next),
		SCENE(a_code_that_came_too_late_is_not_sent),
		SCENE(codes_are_sent_five_times_an_hour),
		SCENE(five_wrong_codes_freeze_the_link),
		SCENE(a_password_may_be_as_it_was_typed),
		SCENE(a_password_stands_behind_the_code),
		SCENE(an_unknown_claim_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
