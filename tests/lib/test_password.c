/* Tests of lib/crypto/password.h, in the order of its promises. */
#include "lib/crypto/password.h"

#include <string.h>

#include "lib/base/clock.h"
#include "tests/harness/check.h"

static const char good[] = "correct horse battery";

static void
a_password_fits_its_own_hash_only(void **state)
{
	char hash[PASSWORD_HASH_BYTES];
	char again[PASSWORD_HASH_BYTES];
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, password_hash(good, hash, &err), &err);
	check_status(ST_OK, password_hash(good, again, &err), &err);
	assert_string_not_equal(hash, again);
	assert_non_null(strstr(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
	check_status(ST_OK, password_verify(good, hash, &err), &err);
	check_status(ST_DENIED,
		     password_verify("correct horse batterx", hash, &err),
		     &err);
	check_status(ST_DENIED, password_verify("", hash, &err), &err);
}

static void
hashes_are_argon2id_as_published(void **state)
{
	/* Test vector of the reference implementation (RFC 9106 algorithm,
	 * version 0x13): "password", "somesalt", two passes, 64 MiB. */
	static const char published[] =
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
		"$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, password_verify("password", published, &err), &err);
	check_status(ST_DENIED, password_verify("passwore", published, &err),
		     &err);
}

static void
lengths_have_limits(void **state)
{
	char hash[PASSWORD_HASH_BYTES] = "kept";
	char longest[PASSWORD_MAX_BYTES + 2];
	uint8_t key[32];
	const uint8_t salt[16] = { 0 };
	struct err err = { 0 };

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[PASSWORD_MAX_BYTES + 1] = '\0';
	check_status(ST_LIMIT, password_hash("elevenbytes", hash, &err), &err);
	check_status(ST_LIMIT, password_hash(longest, hash, &err), &err);
	assert_string_equal(hash, "kept");
	check_status(ST_LIMIT, password_derive("short", salt, key, &err), &err);
	check_status(ST_DENIED, password_verify(longest, hash, &err), &err);
}

static void
a_damaged_hash_fits_nothing_and_costs_nothing(void **state)
{
	static const char *const hashes[] = {
		"",
		"x",
		"$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFh",
		"$argon2id$v=19$m=19456,t=4000000000,p=1$c29tZXNhbHQ$CTFh",
		"$argon2id$v=19$m=19456,t=2,p=99$c29tZXNhbHQ$CTFh",
		"$argon2id$v=19$m=,t=2,p=1$c29tZXNhbHQ$CTFh",
		"$argon2id$v=19$m=19456,t=2,p=1",
		"$argon2id$v=19$m=19456,t=2,p=1$!!!!$CTFh",
		"$argon2d$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFh",
	};
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hashes); i++)
		check_status(ST_DENIED, password_verify(good, hashes[i], &err),
			     &err);
}

static void
wasting_time_takes_as_long_as_verifying(void **state)
{
	char hash[PASSWORD_HASH_BYTES];
	struct err err = { 0 };
	int64_t verify_ms = INT64_MAX;
	int64_t waste_ms = INT64_MAX;

	(void)state;
	check_status(ST_OK, password_hash(good, hash, &err), &err);
	/* The fastest of three each: other load only adds. */
	for (size_t i = 0; i < 3; i++) {
		const int64_t start_ms = clock_mono_ms();

		check_status(ST_OK, password_verify(good, hash, &err), &err);
		const int64_t middle_ms = clock_mono_ms();

		password_waste_time("another password");
		const int64_t end_ms = clock_mono_ms();

		if (middle_ms - start_ms < verify_ms)
			verify_ms = middle_ms - start_ms;
		if (end_ms - middle_ms < waste_ms)
			waste_ms = end_ms - middle_ms;
	}
	assert_true(waste_ms + 2 >= verify_ms / 4);
	assert_true(verify_ms + 2 >= waste_ms / 4);
}

static void
a_derived_key_depends_on_passphrase_and_salt(void **state)
{
	const uint8_t salt[16] = { 1 };
	const uint8_t salt2[16] = { 2 };
	uint8_t key[32];
	uint8_t again[32];
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, password_derive(good, salt, key, &err), &err);
	check_status(ST_OK, password_derive(good, salt, again, &err), &err);
	assert_memory_equal(key, again, sizeof(key));
	check_status(ST_OK, password_derive(good, salt2, again, &err), &err);
	assert_memory_not_equal(key, again, sizeof(key));
	check_status(
		ST_OK,
		password_derive("correct horse batterx", salt, again, &err),
		&err);
	assert_memory_not_equal(key, again, sizeof(key));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_fits_its_own_hash_only),
		cmocka_unit_test(hashes_are_argon2id_as_published),
		cmocka_unit_test(lengths_have_limits),
		cmocka_unit_test(a_damaged_hash_fits_nothing_and_costs_nothing),
		cmocka_unit_test(wasting_time_takes_as_long_as_verifying),
		cmocka_unit_test(a_derived_key_depends_on_passphrase_and_salt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
