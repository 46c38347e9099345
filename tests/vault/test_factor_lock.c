/* Tests of vault/case/factor.h: somebody else has the password. */
#include "tests/vault/factor_harness.h"

static void
lock_by_codes(struct scene *scene, struct visitor *visitor)
{
	for (int64_t i = 0; i < scene->config.vault.lock_after; i++) {
		/* A right password does not start the count again. */
		assert_true(sign_in(scene, visitor));
		assert_false(verify(scene, visitor, "000000"));
	}
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
	lock_by_codes(scene, &bob);
	assert_false(verify(scene, &bob, shown(scene, &bob, code)));
	/* Nor does a password help now. */
	assert_false(sign_in(scene, &(struct visitor){ .login = "bob" }));
	check_status(ST_OK, scene_change(scene, "root", &unlock, &err), &err);
	assert_true(verify(scene, &bob, code));
}

static void
each_lock_by_codes_is_longer_until_a_right_one_comes(void **state)
{
	struct scene *scene = *state;
	const int64_t lock_ms = scene->config.vault.lock_for_s * 1000;
	struct visitor bob = { .login = "bob" };
	struct visitor nobody = { .login = "bob" };
	char code[TOTP_DIGITS + 1];

	scene->config.vault.lock_after = 2;
	enrol(scene, &bob);
	for (int64_t times = 1; times <= 4; times *= 2) {
		lock_by_codes(scene, &bob);
		scene->vault.now_unix_ms += times * lock_ms - 1;
		assert_false(sign_in(scene, &nobody));
		scene->vault.now_unix_ms += 2;
	}
	assert_true(sign_in(scene, &bob));
	assert_true(verify(scene, &bob, shown(scene, &bob, code)));
	next_step(scene);
	lock_by_codes(scene, &bob);
	scene->vault.now_unix_ms += lock_ms + 1;
	assert_true(sign_in(scene, &bob));
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

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(wrong_codes_lock_like_wrong_passwords),
		test(each_lock_by_codes_is_longer_until_a_right_one_comes),
		test(who_has_only_the_password_gains_nothing_by_the_owners_setting_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
