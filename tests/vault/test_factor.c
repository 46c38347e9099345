/* Tests of vault/case/factor.h: TOTP, recovery codes, stages of sessions. */
#include "vault/case/factor.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/base32.h"
#include "lib/base/parse.h"
#include "lib/crypto/totp.h"
#include "tests/vault/case_harness.h"
#include "vault/case/session.h"

static const char word[] = "a long enough word";

/* Somebody at the desk. */
struct visitor {
	const char *login;
	uint8_t token[VAULT_TOKEN_BYTES];
	uint8_t secret[TOTP_SECRET_BYTES]; /* their authenticator */
	char recovery[FACTOR_RECOVERY_BYTES];
};

static void
set_password(struct scene *scene, const char *login)
{
	char hash[PASSWORD_HASH_BYTES];
	const struct vault_user_change change = {
		.change = USER_CHANGE_PASSWORD,
		.user = { .login = login, .uid = -1 },
		.password = hash,
	};
	struct err err = { .st = ST_OK };

	check_status(ST_OK, password_hash(word, hash, &err), &err);
	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
}

static bool
sign_in(struct scene *scene, struct visitor *visitor)
{
	const struct vault_login request = { visitor->login, word, "192.0.2.1",
					     "Browser" };
	struct login_attempt attempt = { .user_id = 0 };
	struct login_result result = { .signed_in = false };
	struct err err = { .st = ST_OK };

	check_status(
		ST_OK,
		account_prepare_login(&scene->vault, &request, &attempt, &err),
		&err);
	scene_do(
		scene, ST_OK,
		account_login(&scene->vault, &request, &attempt, &result, &err),
		&err);
	memcpy(visitor->token, result.token, sizeof(visitor->token));
	return result.signed_in;
}

static enum status
find(struct scene *scene, const struct visitor *visitor, struct actor *actor)
{
	const struct account_peer desk = { VAULT_PEER_DESK, 5 };
	const struct span token = { visitor->token, sizeof(visitor->token) };
	struct err err = { .st = ST_OK };

	return account_find_actor(&scene->vault, &desk, token, actor, &err);
}

/* NONE: there is no such session any more. */
static enum session_stage
stage_of(struct scene *scene, const struct visitor *visitor)
{
	struct actor actor = { .via = "" };
	enum session_stage stage = SESSION_STAGE_NONE;

	if (find(scene, visitor, &actor) == ST_OK)
		stage = actor.stage;
	actor_done(&actor);
	return stage;
}

/* One step; the visitor goes on with the new token. */
static enum status
step(struct scene *scene, struct visitor *visitor, enum factor_step what,
     const char *code, struct factor_result *result)
{
	const struct vault_second_factor request = {
		.step = what,
		.code = code,
		.login = "",
		.client_address = "192.0.2.1",
	};
	struct actor actor = { .via = "" };
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	assert_int_equal(find(scene, visitor, &actor), ST_OK);
	scene_begin(scene);
	st = factor_do(&scene->vault, &actor, &request, result, &err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	if (st == ST_OK && result->has_token)
		memcpy(visitor->token, result->token, sizeof(visitor->token));
	return st;
}

/* base32 of RFC 4648, 32 characters */
static void
read_secret(const char *text, uint8_t secret[TOTP_SECRET_BYTES])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint64_t bits = 0;

	assert_int_equal(strlen(text), 32);
	for (size_t i = 0; i < 32; i++) {
		bits = bits << 5 |
		       (uint64_t)(strchr(alphabet, text[i]) - alphabet);
		for (size_t k = 0; i % 8 == 7 && k < 5; k++)
			secret[i / 8 * 5 + k] = (uint8_t)(bits >> (32 - 8 * k));
	}
}

/* What the visitor's authenticator shows now. */
static const char *
shown(struct scene *scene, const struct visitor *visitor,
      char code[TOTP_DIGITS + 1])
{
	const struct span secret = { visitor->secret, TOTP_SECRET_BYTES };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     totp_code(secret,
			       (uint64_t)scene->vault.now_unix_ms / 1000 /
				       TOTP_STEP_S,
			       code, &err),
		     &err);
	return code;
}

/* A code that is neither the present one nor one beside it. */
static const char *
wrong(const struct scene *scene, const struct visitor *visitor,
      char code[TOTP_DIGITS + 1])
{
	struct scene far = *scene;

	far.vault.now_unix_ms += 3600 * 1000;
	return shown(&far, visitor, code);
}

static void
next_step(struct scene *scene)
{
	scene->vault.now_unix_ms += TOTP_STEP_S * 1000;
}

/* Sign in with the password and put a factor into force. */
static void
enrol_new(struct scene *scene, struct visitor *visitor)
{
	struct factor_result result;
	char code[TOTP_DIGITS + 1];

	assert_true(sign_in(scene, visitor));
	assert_int_equal(step(scene, visitor, FACTOR_STEP_BEGIN, "", &result),
			 ST_OK);
	read_secret(result.secret, visitor->secret);
	assert_int_equal(step(scene, visitor, FACTOR_STEP_CONFIRM,
			      shown(scene, visitor, code), &result),
			 ST_OK);
	assert_false(result.refused);
	(void)snprintf(visitor->recovery, sizeof(visitor->recovery), "%s",
		       result.recovery_codes);
	next_step(scene);
}

static void
enrol(struct scene *scene, struct visitor *visitor)
{
	set_password(scene, visitor->login);
	enrol_new(scene, visitor);
}

static bool
verify(struct scene *scene, struct visitor *visitor, const char *code)
{
	struct factor_result result;

	assert_int_equal(
		step(scene, visitor, FACTOR_STEP_VERIFY, code, &result), ST_OK);
	return !result.refused;
}

/* --- tests --------------------------------------------------------------- */

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
wrong_codes_lock_like_wrong_passwords(void **state)
{
	struct scene *scene = *state;
	const struct vault_user_change unlock = {
		.change = USER_CHANGE_UNLOCK,
		.user = { .login = "bob", .uid = -1 },
	};
	struct visitor bob = { .login = "bob" };
	struct err err = { .st = ST_OK };
	char code[TOTP_DIGITS + 1];

	enrol(scene, &bob);
	assert_true(sign_in(scene, &bob));
	for (int64_t i = 0; i < scene->config.vault.lock_after; i++) {
		/* A right password does not start the count again. */
		assert_true(sign_in(scene, &bob));
		assert_false(verify(scene, &bob, "000000"));
	}
	assert_false(verify(scene, &bob, shown(scene, &bob, code)));
	/* Nor does a password help now. */
	assert_false(sign_in(scene, &(struct visitor){ .login = "bob" }));
	check_status(ST_OK, scene_change(scene, "root", &unlock, &err), &err);
	assert_true(verify(scene, &bob, code));
}

static void
who_has_only_the_password_gains_nothing_by_the_owners_setting_up(void **state)
{
	struct scene *scene = *state;
	struct visitor thief = { .login = "root" };
	struct visitor root = { .login = "root" };
	struct factor_result result;
	char code[TOTP_DIGITS + 1];

	set_password(scene, "root");
	assert_true(sign_in(scene, &thief));
	assert_int_equal(step(scene, &thief, FACTOR_STEP_BEGIN, "", &result),
			 ST_OK);
	read_secret(result.secret, thief.secret);
	assert_true(sign_in(scene, &root));
	assert_int_equal(step(scene, &root, FACTOR_STEP_BEGIN, "", &result),
			 ST_OK);
	read_secret(result.secret, root.secret);
	assert_int_equal(step(scene, &root, FACTOR_STEP_CONFIRM,
			      shown(scene, &root, code), &result),
			 ST_OK);
	assert_int_equal(stage_of(scene, &thief), SESSION_STAGE_CODE);
	assert_int_equal(step(scene, &thief, FACTOR_STEP_CONFIRM,
			      shown(scene, &thief, code), &result),
			 ST_DENIED);
	assert_int_equal(step(scene, &thief, FACTOR_STEP_BEGIN, "", &result),
			 ST_DENIED);
	assert_false(verify(scene, &thief, shown(scene, &thief, code)));
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
		test(wrong_codes_lock_like_wrong_passwords),
		test(who_has_only_the_password_gains_nothing_by_the_owners_setting_up),
		test(removing_ones_own_needs_a_code_and_ends_other_sessions),
		test(an_administrator_removes_that_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
