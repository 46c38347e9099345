/* Tests of vault/case/factor.h: TOTP, recovery codes, stages of sessions. */
#include <string.h>

#include "tests/vault/factor_harness.h"

static void
roles_of_the_setting_have_to_set_one_up(void **state)
{
	struct scene *scene = *state;
	struct visitor root = { .login = "root" };
	struct visitor bob = { .login = "bob" };
	const struct config_list nobody = { NULL, 0 };

	set_password(scene, "root");
	set_password(scene, "bob");
	assert_true(sign_in(scene, &root));
	assert_true(sign_in(scene, &bob));
	assert_int_equal(stage_of(scene, &root), SESSION_STAGE_ENROL);
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_FULL);
	/* It counts at once, also for sessions that are open. */
	scene->config.vault.second_factor = nobody;
	assert_int_equal(stage_of(scene, &root), SESSION_STAGE_FULL);
}

static void
a_new_role_counts_at_once(void **state)
{
	struct scene *scene = *state;
	const struct vault_user_change change = {
		.change = USER_CHANGE_UPDATE,
		.user = { .login = "bob",
			  .name = "Bob",
			  .roles = VAULT_ROLE_APPROVER | VAULT_ROLE_HANDLER,
			  .language = "en",
			  .uid = -1,
			  .addresses = "bob@example.co.jp",
			  .groups = "hr" },
	};
	struct visitor bob = { .login = "bob" };
	struct err err = { .st = ST_OK };

	set_password(scene, "bob");
	assert_true(sign_in(scene, &bob));
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_FULL);
	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_ENROL);
}

static void
a_factor_is_in_force_once_its_code_was_given(void **state)
{
	struct scene *scene = *state;
	struct visitor root = { .login = "root" };
	struct visitor before;
	struct factor_result result;
	char code[TOTP_DIGITS + 1];

	set_password(scene, "root");
	assert_true(sign_in(scene, &root));
	before = root;
	assert_int_equal(
		step(scene, &root, FACTOR_STEP_CONFIRM, "123456", &result),
		ST_FORMAT);
	assert_int_equal(step(scene, &root, FACTOR_STEP_BEGIN, "", &result),
			 ST_OK);
	read_secret(result.secret, root.secret);
	assert_non_null(strstr(result.uri, "otpauth://totp/Sekimori:root?"));
	assert_non_null(strstr(result.uri, result.secret));
	assert_int_equal(stage_of(scene, &root), SESSION_STAGE_ENROL);
	assert_int_equal(step(scene, &root, FACTOR_STEP_CONFIRM,
			      wrong(scene, &root, code), &result),
			 ST_OK);
	assert_true(result.refused);
	assert_int_equal(stage_of(scene, &root), SESSION_STAGE_ENROL);
	assert_int_equal(step(scene, &root, FACTOR_STEP_CONFIRM,
			      shown(scene, &root, code), &result),
			 ST_OK);
	assert_false(result.refused);
	assert_int_equal(result.stage, SESSION_STAGE_FULL);
	assert_int_equal(strlen(result.recovery_codes),
			 FACTOR_RECOVERY_CODES * 20 - 1);
	assert_int_equal(stage_of(scene, &root), SESSION_STAGE_FULL);
	/* The token of before is worth nothing. */
	assert_int_equal(stage_of(scene, &before), SESSION_STAGE_NONE);
}

static void
another_phone_needs_a_code_of_the_present_one(void **state)
{
	struct scene *scene = *state;
	struct visitor root = { .login = "root" };
	struct visitor old;
	struct factor_result result;
	char code[TOTP_DIGITS + 1];

	enrol(scene, &root);
	old = root;
	assert_int_equal(step(scene, &root, FACTOR_STEP_BEGIN, "", &result),
			 ST_OK);
	assert_true(result.refused);
	assert_string_equal(result.secret, "");
	assert_int_equal(step(scene, &root, FACTOR_STEP_CONFIRM,
			      shown(scene, &old, code), &result),
			 ST_FORMAT);
	assert_int_equal(step(scene, &root, FACTOR_STEP_BEGIN,
			      shown(scene, &old, code), &result),
			 ST_OK);
	assert_false(result.refused);
	read_secret(result.secret, root.secret);
	/* The old one counts until the new one is confirmed; what was begun
	 * is forgotten at the next sign-in. */
	next_step(scene);
	assert_true(sign_in(scene, &old));
	assert_int_equal(step(scene, &old, FACTOR_STEP_CONFIRM,
			      shown(scene, &root, code), &result),
			 ST_DENIED);
	assert_true(verify(scene, &old, shown(scene, &old, code)));
	assert_int_equal(step(scene, &root, FACTOR_STEP_CONFIRM,
			      shown(scene, &root, code), &result),
			 ST_FORMAT);
	next_step(scene);
	assert_int_equal(step(scene, &root, FACTOR_STEP_BEGIN,
			      shown(scene, &old, code), &result),
			 ST_OK);
	read_secret(result.secret, root.secret);
	assert_int_equal(step(scene, &root, FACTOR_STEP_CONFIRM,
			      shown(scene, &root, code), &result),
			 ST_OK);
	assert_false(result.refused);
	next_step(scene);
	assert_true(sign_in(scene, &root));
	assert_false(verify(scene, &root, shown(scene, &old, code)));
	assert_true(verify(scene, &root, shown(scene, &root, code)));
}

static void
a_password_alone_is_half_a_sign_in(void **state)
{
	struct scene *scene = *state;
	struct visitor bob = { .login = "bob" };
	struct visitor before;
	struct factor_result result;
	char code[TOTP_DIGITS + 1];

	enrol(scene, &bob);
	assert_true(sign_in(scene, &bob));
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_CODE);
	before = bob;
	assert_int_equal(step(scene, &bob, FACTOR_STEP_BEGIN, "", &result),
			 ST_DENIED);
	assert_int_equal(step(scene, &bob, FACTOR_STEP_RECOVERY,
			      shown(scene, &bob, code), &result),
			 ST_DENIED);
	assert_int_equal(step(scene, &bob, FACTOR_STEP_REMOVE,
			      shown(scene, &bob, code), &result),
			 ST_DENIED);
	assert_false(verify(scene, &bob, ""));
	assert_false(verify(scene, &bob, wrong(scene, &bob, code)));
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_CODE);
	assert_true(verify(scene, &bob, shown(scene, &bob, code)));
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_FULL);
	assert_int_equal(stage_of(scene, &before), SESSION_STAGE_NONE);
	assert_int_equal(scene_audit_count(scene, "sign-in-begun", NULL), 1);
	assert_int_equal(
		scene_audit_count(scene, "second-factor-refused", NULL), 2);
}

static void
a_code_works_once_also_the_one_that_set_it_up(void **state)
{
	struct scene *scene = *state;
	struct visitor bob = { .login = "bob" };
	struct visitor again = { .login = "bob" };
	char code[TOTP_DIGITS + 1];

	enrol(scene, &bob);
	scene->vault.now_unix_ms -= TOTP_STEP_S * 1000;
	assert_true(sign_in(scene, &bob));
	assert_false(verify(scene, &bob, shown(scene, &bob, code)));
	next_step(scene);
	assert_true(verify(scene, &bob, shown(scene, &bob, code)));
	assert_true(sign_in(scene, &again));
	assert_false(verify(scene, &again, code));
	next_step(scene);
	assert_true(verify(scene, &again, shown(scene, &bob, code)));
}

static void
each_recovery_code_works_once(void **state)
{
	struct scene *scene = *state;
	struct visitor bob = { .login = "bob" };
	struct factor_result result;
	char first[20] = "";
	char last[20] = "";
	char code[TOTP_DIGITS + 1];

	enrol(scene, &bob);
	memcpy(first, bob.recovery, 19);
	memcpy(last, strrchr(bob.recovery, '\n') + 1, 19);
	assert_true(sign_in(scene, &bob));
	assert_true(verify(scene, &bob, first));
	assert_true(sign_in(scene, &bob));
	assert_false(verify(scene, &bob, first));
	assert_true(verify(scene, &bob, last));
	/* New ones need a code of the authenticator, and end the old. */
	assert_int_equal(step(scene, &bob, FACTOR_STEP_RECOVERY,
			      bob.recovery + 20, &result),
			 ST_OK);
	assert_true(result.refused);
	assert_int_equal(step(scene, &bob, FACTOR_STEP_RECOVERY,
			      shown(scene, &bob, code), &result),
			 ST_OK);
	assert_false(result.refused);
	memcpy(first, bob.recovery + 20, 19);
	memcpy(last, result.recovery_codes, 19);
	assert_true(sign_in(scene, &bob));
	assert_false(verify(scene, &bob, first));
	assert_true(verify(scene, &bob, last));
}

static void
removing_ones_own_needs_a_code_and_ends_other_sessions(void **state)
{
	struct scene *scene = *state;
	struct visitor root = { .login = "root" };
	struct visitor other = { .login = "root" };
	struct factor_result result;
	char code[TOTP_DIGITS + 1];

	enrol(scene, &root);
	assert_true(sign_in(scene, &other));
	assert_true(verify(scene, &other, shown(scene, &root, code)));
	next_step(scene);
	assert_int_equal(step(scene, &root, FACTOR_STEP_REMOVE, "", &result),
			 ST_OK);
	assert_true(result.refused);
	assert_int_equal(stage_of(scene, &other), SESSION_STAGE_FULL);
	assert_int_equal(step(scene, &root, FACTOR_STEP_REMOVE,
			      shown(scene, &root, code), &result),
			 ST_OK);
	assert_false(result.refused);
	assert_int_equal(result.stage, SESSION_STAGE_ENROL);
	assert_int_equal(stage_of(scene, &root), SESSION_STAGE_ENROL);
	assert_int_equal(stage_of(scene, &other), SESSION_STAGE_NONE);
	/* A code of the old one proves nothing about the next. */
	next_step(scene);
	enrol_new(scene, &other);
	assert_int_equal(stage_of(scene, &other), SESSION_STAGE_FULL);
	assert_int_equal(stage_of(scene, &root), SESSION_STAGE_CODE);
}

static enum status
remove_by(struct scene *scene, const char *by, const char *login)
{
	const struct vault_second_factor request = {
		.step = FACTOR_STEP_REMOVE,
		.code = "",
		.login = login,
		.client_address = "",
	};
	struct factor_result result;
	struct actor actor;
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	scene_actor(scene, by, &actor);
	actor.via = "cli";
	scene_begin(scene);
	st = factor_do(&scene->vault, &actor, &request, &result, &err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st == ST_OK && result.refused ? ST_LIMIT : st;
}

static enum status
count_grant(void *context, const struct store_grant *row, struct err *err)
{
	size_t *count = context;

	(void)row;
	(void)err;
	(*count)++;
	return ST_OK;
}

static void
an_administrator_removes_that_of_another(void **state)
{
	struct scene *scene = *state;
	struct visitor bob = { .login = "bob" };
	struct visitor root = { .login = "root" };
	struct actor actor;
	struct err err = { .st = ST_OK };
	size_t grants = 0;

	enrol(scene, &bob);
	enrol(scene, &root);
	assert_int_equal(remove_by(scene, "carol", "bob"), ST_DENIED);
	assert_int_equal(remove_by(scene, "root", "carol"), ST_NOT_FOUND);
	assert_int_equal(remove_by(scene, "root", "nobody"), ST_NOT_FOUND);
	/* Not the own one without a code, by name or without. */
	assert_int_equal(remove_by(scene, "root", "root"), ST_LIMIT);
	assert_int_equal(remove_by(scene, "root", ""), ST_LIMIT);
	scene->vault.now_unix_ms += 1000;
	assert_int_equal(remove_by(scene, "root", "bob"), ST_OK);
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_NONE);
	assert_true(sign_in(scene, &bob));
	assert_int_equal(stage_of(scene, &bob), SESSION_STAGE_FULL);
	/* Whoever can do that stands behind what the account does next. */
	scene_actor(scene, "bob", &actor);
	check_status(ST_OK,
		     store_grant_each(scene->vault.store, actor.user.id,
				      scene->vault.now_unix_ms, count_grant,
				      &grants, &err),
		     &err);
	actor_done(&actor);
	assert_int_equal(grants, 1);
	assert_int_equal(
		scene_audit_count(scene, "second-factor-removed", NULL), 1);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(roles_of_the_setting_have_to_set_one_up),
		test(a_new_role_counts_at_once),
		test(a_factor_is_in_force_once_its_code_was_given),
		test(another_phone_needs_a_code_of_the_present_one),
		test(a_password_alone_is_half_a_sign_in),
		test(a_code_works_once_also_the_one_that_set_it_up),
		test(each_recovery_code_works_once),
		test(removing_ones_own_needs_a_code_and_ends_other_sessions),
		test(an_administrator_removes_that_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
