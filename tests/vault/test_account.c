/* Tests of vault/case/account.h: sessions, sign-in, changes of accounts. */
#include <string.h>

#include "tests/vault/case_harness.h"

static const char word[] = "a long enough word";

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
sign_in(struct scene *scene, const char *login, const char *password,
	struct login_result *result)
{
	const struct vault_login request = { login, password, "192.0.2.1", "" };
	struct login_attempt attempt = { .user_id = 0 };
	struct err err = { .st = ST_OK };

	check_status(
		ST_OK,
		account_prepare_login(&scene->vault, &request, &attempt, &err),
		&err);
	scene_do(scene, ST_OK,
		 account_login(&scene->vault, &request, &attempt, result, &err),
		 &err);
	return result->signed_in;
}

static enum status
whoami(struct scene *scene, unsigned programs, int64_t uid, struct span token)
{
	const struct account_peer peer = { programs, uid };
	struct actor actor = { .via = "" };
	struct err err = { .st = ST_OK };
	const enum status st =
		account_find_actor(&scene->vault, &peer, token, &actor, &err);

	actor_done(&actor);
	return st;
}

static struct span
token_of(const struct login_result *result)
{
	return (struct span){ result->token, sizeof(result->token) };
}

static void
a_session_lives_while_it_is_used_and_not_for_ever(void **state)
{
	struct scene *scene = *state;
	const int64_t idle_ms = scene->config.vault.session_idle_s * 1000;
	struct login_result result = { .signed_in = false };
	const struct vault now = scene->vault;
	struct actor actor = { .via = "" };
	const struct account_peer desk = { VAULT_PEER_DESK, 5 };
	struct err err = { .st = ST_OK };

	set_password(scene, "bob");
	assert_true(sign_in(scene, "Bob", word, &result));
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, token_of(&result)),
			 ST_OK);
	scene->vault.now_unix_ms += idle_ms + 1;
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, token_of(&result)),
			 ST_DENIED);
	scene->vault.now_unix_ms -= idle_ms + 5;
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, token_of(&result)),
			 ST_DENIED);
	scene->vault.now_unix_ms = now.now_unix_ms;
	for (int64_t used = 0;
	     used <= scene->config.vault.session_life_s * 1000;
	     used += idle_ms / 2) {
		scene->vault.now_unix_ms = now.now_unix_ms + used;
		check_status(ST_OK,
			     account_find_actor(&scene->vault, &desk,
						token_of(&result), &actor,
						&err),
			     &err);
		scene_do(scene, ST_OK,
			 account_seen(&scene->vault, &actor, &err), &err);
		actor_done(&actor);
	}
	scene->vault.now_unix_ms += idle_ms / 2;
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, token_of(&result)),
			 ST_DENIED);
}

static void
who_has_neither_session_nor_account_is_nobody(void **state)
{
	struct scene *scene = *state;
	const uint8_t junk[VAULT_TOKEN_BYTES] = { 1, 2, 3 };
	const struct span token = { junk, sizeof(junk) };
	const struct span none = { NULL, 0 };
	const unsigned all = VAULT_PEER_DESK | VAULT_PEER_CLI;

	assert_int_equal(whoami(scene, all, 5, token), ST_DENIED);
	assert_int_equal(whoami(scene, all, 5, none), ST_DENIED);
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, none), ST_DENIED);
	assert_int_equal(whoami(scene, VAULT_PEER_COURIER, 5, token),
			 ST_DENIED);
	/* Root alone is nobody. */
	assert_int_equal(whoami(scene, all, 0, none), ST_DENIED);
}

static void
a_uid_is_its_account_on_the_command_line_only(void **state)
{
	struct scene *scene = *state;
	const struct span none = { NULL, 0 };
	const struct vault_user_change change = {
		.change = USER_CHANGE_CREATE,
		.user = { .login = "shell",
			  .name = "Shell",
			  .roles = VAULT_ROLE_SENDER,
			  .language = "",
			  .uid = 1234,
			  .addresses = "",
			  .groups = "" },
	};
	struct vault_user_change nobody = change;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	assert_int_equal(whoami(scene, VAULT_PEER_CLI, 1234, none), ST_OK);
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 1234, none), ST_DENIED);
	assert_int_equal(whoami(scene, VAULT_PEER_CLI, 1235, none), ST_DENIED);
	nobody.user.login = "shell2";
	check_status(ST_FORMAT, scene_change(scene, "root", &nobody, &err),
		     &err);
	nobody.user.uid = 0;
	check_status(ST_FORMAT, scene_change(scene, "root", &nobody, &err),
		     &err);
}

static void
wrong_passwords_lock_and_time_unlocks(void **state)
{
	struct scene *scene = *state;
	const int64_t tries = scene->config.vault.lock_after;
	struct login_result result = { .signed_in = false };

	set_password(scene, "bob");
	for (int64_t i = 0; i < tries; i++)
		assert_false(sign_in(scene, "bob", "wrong", &result));
	assert_false(sign_in(scene, "bob", word, &result));
	scene->vault.now_unix_ms += scene->config.vault.lock_for_s * 1000 + 1;
	assert_true(sign_in(scene, "bob", word, &result));
	/* A right one in between starts the count again. */
	for (int64_t i = 0; i < tries - 1; i++)
		assert_false(sign_in(scene, "bob", "wrong", &result));
	assert_true(sign_in(scene, "bob", word, &result));
	assert_false(sign_in(scene, "bob", "wrong", &result));
	assert_true(sign_in(scene, "bob", word, &result));
	assert_true(scene_audit_count(scene, "sign-in-refused", NULL) > 5);
}

static void
nobody_signs_in_without_a_password(void **state)
{
	struct scene *scene = *state;
	struct login_result result = { .signed_in = false };

	assert_false(sign_in(scene, "bob", "", &result));
	assert_false(sign_in(scene, "nobody", word, &result));
	assert_false(sign_in(scene, "", "", &result));
}

static void
a_new_password_and_a_disabled_account_end_its_sessions(void **state)
{
	struct scene *scene = *state;
	const struct vault_user_change disable = {
		.change = USER_CHANGE_DISABLE,
		.user = { .login = "bob", .uid = -1 },
	};
	struct login_result result = { .signed_in = false };
	struct err err = { .st = ST_OK };

	set_password(scene, "bob");
	assert_true(sign_in(scene, "bob", word, &result));
	set_password(scene, "bob");
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, token_of(&result)),
			 ST_DENIED);
	assert_true(sign_in(scene, "bob", word, &result));
	check_status(ST_OK, scene_change(scene, "root", &disable, &err), &err);
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, token_of(&result)),
			 ST_DENIED);
	assert_false(sign_in(scene, "bob", word, &result));
}

static void
signing_out_ends_the_session(void **state)
{
	struct scene *scene = *state;
	const struct account_peer desk = { VAULT_PEER_DESK, 5 };
	struct login_result result = { .signed_in = false };
	struct actor actor = { .via = "" };
	struct err err = { .st = ST_OK };

	set_password(scene, "bob");
	assert_true(sign_in(scene, "bob", word, &result));
	check_status(ST_OK,
		     account_find_actor(&scene->vault, &desk, token_of(&result),
					&actor, &err),
		     &err);
	scene_do(scene, ST_OK, account_logout(&scene->vault, &actor, &err),
		 &err);
	actor_done(&actor);
	assert_int_equal(whoami(scene, VAULT_PEER_DESK, 5, token_of(&result)),
			 ST_DENIED);
}

static void
nobody_gives_power_to_themselves(void **state)
{
	struct scene *scene = *state;
	struct vault_user_change change = {
		.change = USER_CHANGE_UPDATE,
		.user = { .login = "root",
			  .name = "Root",
			  .roles = VAULT_ROLE_ADMIN | VAULT_ROLE_AUDITOR |
				   VAULT_ROLE_APPROVER,
			  .language = "",
			  .uid = -1,
			  .addresses = "root@example.co.jp",
			  .groups = "hr" },
	};
	const struct vault_user_change enable = {
		.change = USER_CHANGE_ENABLE,
		.user = { .login = "root", .uid = -1 },
	};
	struct err err = { .st = ST_OK };

	check_status(ST_DENIED, scene_change(scene, "root", &change, &err),
		     &err);
	check_status(ST_DENIED, scene_change(scene, "root", &enable, &err),
		     &err);
	check_status(ST_DENIED, scene_change(scene, "bob", &change, &err),
		     &err);
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
making_somebody_a_handler_is_giving_power(void **state)
{
	struct scene *scene = *state;
	struct vault_user_change change = {
		.change = USER_CHANGE_UPDATE,
		.user = { .login = "carol",
			  .name = "Carol",
			  .roles = VAULT_ROLE_APPROVER | VAULT_ROLE_HANDLER,
			  .language = "en",
			  .uid = -1,
			  .addresses = "carol@example.co.jp",
			  .groups = "hr" },
	};
	struct actor carol;
	struct err err = { .st = ST_OK };
	size_t grants = 0;

	check_status(ST_DENIED, scene_change(scene, "bob", &change, &err),
		     &err);
	check_status(ST_DENIED, scene_change(scene, "carol", &change, &err),
		     &err);
	check_status(ST_OK, scene_change(scene, "root", &change, &err), &err);
	scene_actor(scene, "carol", &carol);
	assert_int_equal(carol.user.roles,
			 VAULT_ROLE_APPROVER | VAULT_ROLE_HANDLER);
	check_status(ST_OK,
		     store_grant_each(scene->vault.store, carol.user.id,
				      scene->vault.now_unix_ms, count_grant,
				      &grants, &err),
		     &err);
	assert_int_equal(grants, 1);
	actor_done(&carol);
}

static void
an_account_has_to_make_sense(void **state)
{
	static const struct vault_user users[] = {
		{ .login = "", .roles = 1, .addresses = "" },
		{ .login = ACCOUNT_GUEST, .roles = 1, .addresses = "" },
		{ .login = "Big", .roles = 1, .addresses = "" },
		{ .login = "a b", .roles = 1, .addresses = "" },
		{ .login = "x", .roles = 0, .addresses = "" },
		{ .login = "x", .roles = VAULT_ROLE_APPROVER, .addresses = "" },
		{ .login = "x", .roles = 1, .addresses = "no address" },
		{ .login = "x", .roles = 1, .addresses = "@x" },
		{ .login = "x", .roles = 1, .addresses = "x@" },
		{ .login = "bob", .roles = 1, .addresses = "" },
		{ .login = "x",
		  .roles = 1,
		  .addresses = "",
		  .groups = "hr, rejected" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < ARRAY_LEN(users); i++) {
		struct vault_user_change change = { .change =
							    USER_CHANGE_CREATE,
						    .user = users[i] };
		struct err err = { .st = ST_OK };

		change.user.name = "";
		change.user.language = "";
		if (change.user.groups == NULL)
			change.user.groups = "";
		change.user.uid = -1;
		check_status(ST_FORMAT,
			     scene_change(scene, "root", &change, &err), &err);
	}
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_session_lives_while_it_is_used_and_not_for_ever),
		test(who_has_neither_session_nor_account_is_nobody),
		test(a_uid_is_its_account_on_the_command_line_only),
		test(wrong_passwords_lock_and_time_unlocks),
		test(nobody_signs_in_without_a_password),
		test(a_new_password_and_a_disabled_account_end_its_sessions),
		test(signing_out_ends_the_session),
		test(nobody_gives_power_to_themselves),
		test(making_somebody_a_handler_is_giving_power),
		test(an_account_has_to_make_sense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
