/* Tests of vault/case/decide.h: who may decide, and what follows. The numbers
 * are those of the list of four-eyes bypasses this must resist. */
#include <string.h>

#include "tests/vault/case_harness.h"

enum { HOUR_MS = 3600 * 1000 };

static void
refused(struct scene *scene, const struct mail *mail, const char *login)
{
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, mail, id);
	check_status(
		ST_DENIED,
		scene_decide(scene, login, id, CASE_DECISION_APPROVE, "", &err),
		&err);
	check_status(ST_DENIED,
		     scene_decide(scene, login, id, CASE_DECISION_RETURN, "no",
				  &err),
		     &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_int_equal(scene_audit_count(scene, "approve", id), 0);
}

/* 1, 2, 13: by login, envelope, From, alias, case, plus, domain alias. */
static void
a_sender_cannot_decide_under_any_name(void **state)
{
	static const struct mail mails[] = {
		{ .login = "bob", .sender = "x@example.co.jp" },
		{ .login = "BOB", .sender = "x@example.co.jp" },
		{ .sender = "bob@example.co.jp" },
		{ .sender = "Bob+news@EXAMPLE.co.jp" },
		{ .sender = "bob@example.net" },
		{ .sender = "\"bob\"@example.co.jp" },
		{ .login = "alice", .from = "bob@example.co.jp" },
		{ .login = "alice", .from = "bob(x)@example.co.jp." },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct mail mail = mails[i];

		mail.content = (uint8_t)(i + 1);
		refused(scene, &mail, "bob");
	}
}

/* 2: an address that the account has no more is still the person's. */
static void
giving_up_an_address_makes_nobody_somebody_else(void **state)
{
	struct scene *scene = *state;
	struct vault_user_change change = {
		.change = USER_CHANGE_UPDATE,
		.user = { .login = "bob",
			  .name = "Bob",
			  .roles = VAULT_ROLE_APPROVER,
			  .language = "en",
			  .uid = -1,
			  .addresses = "smith@example.co.jp",
			  .groups = "hr" },
	};
	const struct mail mail = { .sender = "smith@example.co.jp" };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	change.user.addresses = "robert@example.co.jp";
	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	refused(scene, &mail, "bob");
}

/* 3: in any disguise; among others as well. */
static void
a_recipient_does_not_decide(void **state)
{
	static const struct mail mails[] = {
		{ .content = 1, .to = { "bob@example.co.jp" } },
		{ .content = 2,
		  .to = { "x@example.com", "Bob+1@EXAMPLE.net" } },
	};
	struct scene *scene = *state;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	refused(scene, &mails[0], "bob");
	refused(scene, &mails[1], "bob");
	scene_hold(scene, &mails[1], id);
	check_status(ST_OK,
		     scene_decide(scene, "carol", id, CASE_DECISION_APPROVE, "",
				  &err),
		     &err);
}

/* 4: made, enabled or changed by the sender a short time ago. */
static void
an_approver_made_by_the_sender_has_to_wait(void **state)
{
	struct scene *scene = *state;
	struct vault_user_change change = {
		.change = USER_CHANGE_CREATE,
		.user = { .login = "eve",
			  .name = "Eve",
			  .roles = VAULT_ROLE_APPROVER,
			  .language = "en",
			  .uid = -1,
			  .addresses = "eve@example.co.jp",
			  .groups = "hr" },
	};
	const struct mail mail = { .login = "root",
				   .sender = "x@example.co.jp" };
	const struct mail later = { .login = "root",
				    .sender = "x@example.co.jp",
				    .content = 9 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	refused(scene, &mail, "eve");
	scene->vault.now_unix_ms += 25LL * HOUR_MS;
	scene_hold(scene, &later, id);
	check_status(
		ST_OK,
		scene_decide(scene, "eve", id, CASE_DECISION_APPROVE, "", &err),
		&err);
}

/* 4, 16: with the clock turned back the grant lies in the future. */
static void
turning_the_clock_back_helps_nobody(void **state)
{
	struct scene *scene = *state;
	const struct vault_user_change change = {
		.change = USER_CHANGE_PASSWORD,
		.user = { .login = "carol", .uid = -1 },
		.password = "$argon2id$fake",
	};
	const struct mail mail = { .login = "root",
				   .sender = "x@example.co.jp" };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	scene->vault.now_unix_ms -= 48LL * HOUR_MS;
	refused(scene, &mail, "carol");
}

/* 5: one address cannot have two accounts. */
static void
one_person_has_one_account(void **state)
{
	struct scene *scene = *state;
	const struct vault_user_change change = {
		.change = USER_CHANGE_CREATE,
		.user = { .login = "bob2",
			  .name = "Bob",
			  .roles = VAULT_ROLE_APPROVER,
			  .language = "en",
			  .uid = -1,
			  .addresses = "Bob+2@example.net",
			  .groups = "hr" },
	};
	struct err err = { .st = ST_OK };

	check_status(ST_FORMAT, scene_change(scene, "root", &change, &err),
		     &err);
}

/* 6: the terms of the time of the hold count, whatever the policy says now. */
static void
a_changed_policy_counts_for_later_mail_only(void **state)
{
	struct scene *scene = *state;
	const struct mail before = { .content = 1 };
	const struct mail after = { .content = 2, .group = "legal" };
	uint8_t old_id[CASE_ID_BYTES];
	uint8_t new_id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &before, old_id);
	scene_hold(scene, &after, new_id);
	check_status(ST_NOT_FOUND,
		     scene_decide(scene, "dave", old_id, CASE_DECISION_APPROVE,
				  "", &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     scene_decide(scene, "bob", new_id, CASE_DECISION_APPROVE,
				  "", &err),
		     &err);
	assert_int_equal(scene_audit_count(scene, "approve", NULL), 0);
	check_status(ST_OK,
		     scene_decide(scene, "bob", old_id, CASE_DECISION_APPROVE,
				  "", &err),
		     &err);
	check_status(ST_OK,
		     scene_decide(scene, "dave", new_id, CASE_DECISION_APPROVE,
				  "", &err),
		     &err);
}

/* 14: each of many is asked about by itself; others carry nothing through. */
static void
own_mail_among_others_stays_undecided(void **state)
{
	static const struct mail mails[] = {
		{ .login = "alice", .content = 1 },
		{ .login = "bob", .content = 2 },
		{ .login = "alice", .content = 3 },
	};
	struct scene *scene = *state;
	uint8_t ids[ARRAY_LEN(mails)][CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		scene_hold(scene, &mails[i], ids[i]);
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		check_status(i == 1 ? ST_DENIED : ST_OK,
			     scene_decide(scene, "bob", ids[i],
					  CASE_DECISION_APPROVE, "", &err),
			     &err);
	assert_int_equal(scene_state(scene, ids[0]), CASE_STATE_RELEASING);
	assert_int_equal(scene_state(scene, ids[1]), CASE_STATE_HELD);
	assert_int_equal(scene_state(scene, ids[2]), CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(scene, "approve", NULL), 2);
}

/* 7, 8, 17: a retry that adds a recipient voids what was seen before. */
static void
a_decision_counts_for_what_was_seen(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1 };
	const struct mail more = { .content = 1, .to = { "new@example.com" } };
	AUTO(store_case_done) struct store_case before = { .memory = NULL };
	struct vault_decide request = { .decision = CASE_DECISION_APPROVE,
					.purpose = "",
					.comment = "",
					.client_address = "" };
	struct vault_decide_answer answer = { CASE_STATE_NONE };
	struct actor actor;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(ST_OK,
		     store_case_find(scene->vault.store, id, &before, &err),
		     &err);
	memcpy(request.case_id, id, sizeof(id));
	memcpy(request.version, before.version, sizeof(request.version));
	scene_hold(scene, &more, id);
	assert_memory_equal(id, request.case_id, sizeof(id));
	scene_actor(scene, "bob", &actor);
	scene_do(scene, ST_END,
		 decide(&scene->vault, &actor, &request, &answer, &err), &err);
	actor_done(&actor);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
}

/* A retry under another name adds that name to the senders. */
static void
who_resends_a_mail_is_its_sender_too(void **state)
{
	struct scene *scene = *state;
	const struct mail first = { .login = "alice", .content = 1 };
	const struct mail again = { .login = "bob", .content = 1 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &first, id);
	scene_hold(scene, &again, id);
	check_status(
		ST_DENIED,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
}

/* 9, 10: replay, race, two approvals. */
static void
a_case_is_decided_once(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	check_status(
		ST_END,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	check_status(ST_END,
		     scene_decide(scene, "carol", id, CASE_DECISION_RETURN,
				  "no", &err),
		     &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RELEASING);
	assert_int_equal(scene_audit_count(scene, "approve", id), 1);
}

/* 12: nobody can be told apart from an unknown sender. */
static void
an_unknown_sender_is_everybody(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .nobody = true };

	refused(scene, &mail, "bob");
}

/* 15: between look and click. */
static void
a_disabled_account_decides_nothing(void **state)
{
	struct scene *scene = *state;
	const struct vault_user_change change = {
		.change = USER_CHANGE_DISABLE,
		.user = { .login = "bob", .uid = -1 },
	};
	const struct mail mail = { .content = 1 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	check_status(
		ST_NOT_FOUND,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
}

static void
another_group_sees_and_decides_nothing(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(ST_NOT_FOUND,
		     scene_decide(scene, "dave", id, CASE_DECISION_APPROVE, "",
				  &err),
		     &err);
	/* An administrator knows of it, and may not decide either. */
	check_status(ST_DENIED,
		     scene_decide(scene, "root", id, CASE_DECISION_APPROVE, "",
				  &err),
		     &err);
}

static void
only_the_sender_cancels(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .login = "alice", .content = 1 };
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(
		ST_DENIED,
		scene_decide(scene, "bob", id, CASE_DECISION_CANCEL, "", &err),
		&err);
	check_status(ST_OK,
		     scene_decide(scene, "alice", id, CASE_DECISION_CANCEL, "",
				  &err),
		     &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_CANCELLED);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_CANCELLED), 1);
	check_status(ST_OK, store_case_find(scene->vault.store, id, &row, &err),
		     &err);
	assert_int_equal(row.blob_key.len_bytes, 0);
	assert_int_equal(scene_audit_count(scene, "shred", id), 1);
}

static void
returning_needs_a_reason(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(
		ST_FORMAT,
		scene_decide(scene, "bob", id, CASE_DECISION_RETURN, "", &err),
		&err);
	check_status(ST_OK,
		     scene_decide(scene, "bob", id, CASE_DECISION_RETURN,
				  "wrong recipient", &err),
		     &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_RETURNING);
}

static void
an_unconfirmed_case_waits_for_an_operator(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1, .unconfirmed = true };
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	assert_int_equal(scene_state(scene, id), CASE_STATE_UNCONFIRMED);
	assert_false(scene_take(scene, JOB_KIND_NOTICE, &taken));
	check_status(
		ST_END,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
	check_status(ST_OK,
		     scene_decide(scene, "root", id, CASE_DECISION_CONFIRM, "",
				  &err),
		     &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
	assert_true(scene_take(scene, JOB_KIND_NOTICE, &taken));
	job_taken_done(&taken);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_sender_cannot_decide_under_any_name),
		test(giving_up_an_address_makes_nobody_somebody_else),
		test(a_recipient_does_not_decide),
		test(an_approver_made_by_the_sender_has_to_wait),
		test(turning_the_clock_back_helps_nobody),
		test(one_person_has_one_account),
		test(a_changed_policy_counts_for_later_mail_only),
		test(own_mail_among_others_stays_undecided),
		test(a_decision_counts_for_what_was_seen),
		test(who_resends_a_mail_is_its_sender_too),
		test(a_case_is_decided_once),
		test(an_unknown_sender_is_everybody),
		test(a_disabled_account_decides_nothing),
		test(another_group_sees_and_decides_nothing),
		test(only_the_sender_cancels),
		test(returning_needs_a_reason),
		test(an_unconfirmed_case_waits_for_an_operator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
