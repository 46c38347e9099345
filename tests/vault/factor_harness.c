#include "tests/vault/factor_harness.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/session.h"

static const char word[] = "a long enough word";

void
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

bool
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

enum session_stage
stage_of(struct scene *scene, const struct visitor *visitor)
{
	struct actor actor = { .via = "" };
	enum session_stage stage = SESSION_STAGE_NONE;

	if (find(scene, visitor, &actor) == ST_OK)
		stage = actor.stage;
	actor_done(&actor);
	return stage;
}

enum status
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

void
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

const char *
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

const char *
wrong(const struct scene *scene, const struct visitor *visitor,
      char code[TOTP_DIGITS + 1])
{
	struct scene far = *scene;

	far.vault.now_unix_ms += 3600 * 1000;
	return shown(&far, visitor, code);
}

void
next_step(struct scene *scene)
{
	scene->vault.now_unix_ms += TOTP_STEP_S * 1000;
}

void
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

void
enrol(struct scene *scene, struct visitor *visitor)
{
	set_password(scene, visitor->login);
	enrol_new(scene, visitor);
}

bool
verify(struct scene *scene, struct visitor *visitor, const char *code)
{
	struct factor_result result;

	assert_int_equal(
		step(scene, visitor, FACTOR_STEP_VERIFY, code, &result), ST_OK);
	return !result.refused;
}
