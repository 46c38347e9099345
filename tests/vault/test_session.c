/* Tests of vault/case/session.h: sessions listed and ended. */
#include "vault/case/session.h"

#include <string.h>

#include "tests/vault/case_harness.h"

struct open {
	const char *login;
	uint8_t token[VAULT_TOKEN_BYTES];
};

static void
begin(struct scene *scene, struct open *open, const char *agent)
{
	struct actor actor;
	const struct session_words words = { "192.0.2.1", agent, "" };
	struct store_session row = { .proved = true };
	struct err err = { .st = ST_OK };

	scene_actor(scene, open->login, &actor);
	row.user_id = actor.user.id;
	actor_done(&actor);
	scene_do(scene, ST_OK,
		 session_start(&scene->vault, &row, &words, open->token, &err),
		 &err);
	scene->vault.now_unix_ms += 10;
}

static enum status
find(struct scene *scene, const struct open *open, struct actor *actor)
{
	const struct account_peer desk = { VAULT_PEER_DESK, 5 };
	const struct span token = { open->token, sizeof(open->token) };
	struct err err = { .st = ST_OK };

	return account_find_actor(&scene->vault, &desk, token, actor, &err);
}

static bool
lives(struct scene *scene, const struct open *open)
{
	struct actor actor = { .via = "" };
	const bool found = find(scene, open, &actor) == ST_OK;

	actor_done(&actor);
	return found;
}

static enum status
list(struct scene *scene, const struct open *open, const char *login,
     struct vault_session_list_answer *answer, struct wire_arena **arena)
{
	const struct vault_session_list request = { .login = login };
	struct actor actor = { .via = "" };
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	assert_int_equal(find(scene, open, &actor), ST_OK);
	st = session_list(&scene->vault, &actor, &request, answer, arena, &err);
	actor_done(&actor);
	return st;
}

static enum status
end(struct scene *scene, const struct open *open, const char *login,
    struct span session_id)
{
	const struct vault_session_end request = { .session_id = session_id,
						   .login = login };
	struct actor actor = { .via = "" };
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	assert_int_equal(find(scene, open, &actor), ST_OK);
	scene_begin(scene);
	st = session_end(&scene->vault, &actor, &request, &err);
	if (st == ST_OK)
		scene_commit(scene);
	else
		store_rollback(scene->vault.store);
	actor_done(&actor);
	return st;
}

static void
people_see_their_own_sessions_and_which_is_this_one(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct open first = { .login = "bob" };
	struct open second = { .login = "bob" };
	struct open other = { .login = "carol" };
	struct vault_session_list_answer answer = { .line_count = 0 };

	begin(scene, &first, "Firefox");
	begin(scene, &second, "携帯");
	begin(scene, &other, "Other");
	assert_int_equal(list(scene, &first, "", &answer, &arena), ST_OK);
	assert_int_equal(answer.line_count, 2);
	assert_string_equal(answer.lines[0].agent, "携帯");
	assert_false(answer.lines[0].current);
	assert_string_equal(answer.lines[1].agent, "Firefox");
	assert_true(answer.lines[1].current);
	assert_string_equal(answer.lines[1].client_address, "192.0.2.1");
	assert_memory_not_equal(answer.lines[0].session_id,
				answer.lines[1].session_id, 16);
	/* Others' only as an administrator. */
	wire_arena_free(&arena);
	assert_int_equal(list(scene, &first, "carol", &answer, &arena),
			 ST_DENIED);
}

static void
an_ended_session_is_not_listed(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct open old = { .login = "bob" };
	struct open new = { .login = "bob" };
	struct vault_session_list_answer answer = { .line_count = 0 };

	begin(scene, &old, "old");
	scene->vault.now_unix_ms += scene->config.vault.session_idle_s * 1000;
	begin(scene, &new, "new");
	assert_int_equal(list(scene, &new, "", &answer, &arena), ST_OK);
	assert_int_equal(answer.line_count, 1);
	assert_string_equal(answer.lines[0].agent, "new");
}

static void
one_session_is_ended_or_all_of_them(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct open here = { .login = "bob" };
	struct open there = { .login = "bob" };
	struct open other = { .login = "carol" };
	struct vault_session_list_answer answer = { .line_count = 0 };
	struct span id = { NULL, 16 };
	const struct span all = { NULL, 0 };

	begin(scene, &here, "here");
	begin(scene, &there, "there");
	begin(scene, &other, "other");
	assert_int_equal(list(scene, &here, "", &answer, &arena), ST_OK);
	id.ptr = answer.lines[0].session_id;
	/* An id of somebody else's session ends nothing. */
	assert_int_equal(end(scene, &other, "", id), ST_NOT_FOUND);
	assert_int_equal(end(scene, &other, "bob", id), ST_DENIED);
	assert_int_equal(end(scene, &here, "", id), ST_OK);
	assert_false(lives(scene, &there));
	assert_true(lives(scene, &here));
	assert_int_equal(end(scene, &here, "", id), ST_NOT_FOUND);
	begin(scene, &there, "there");
	assert_int_equal(end(scene, &there, "", all), ST_OK);
	assert_false(lives(scene, &there));
	assert_false(lives(scene, &here));
	assert_true(lives(scene, &other));
	assert_int_equal(scene_audit_count(scene, "session-ended", NULL), 1);
	assert_int_equal(scene_audit_count(scene, "sessions-ended", NULL), 1);
}

static void
an_administrator_sees_and_ends_those_of_others(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct open bob = { .login = "bob" };
	struct open root = { .login = "root" };
	const struct config_list nobody = { NULL, 0 };
	struct vault_session_list_answer answer = { .line_count = 0 };
	const struct span all = { NULL, 0 };

	scene->config.vault.second_factor = nobody;
	begin(scene, &bob, "bob");
	begin(scene, &root, "root");
	assert_int_equal(list(scene, &root, "bob", &answer, &arena), ST_OK);
	assert_int_equal(answer.line_count, 1);
	assert_false(answer.lines[0].current);
	wire_arena_free(&arena);
	assert_int_equal(list(scene, &root, "nobody", &answer, &arena),
			 ST_NOT_FOUND);
	assert_int_equal(end(scene, &root, "bob", all), ST_OK);
	assert_false(lives(scene, &bob));
	assert_true(lives(scene, &root));
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(people_see_their_own_sessions_and_which_is_this_one),
		test(an_ended_session_is_not_listed),
		test(one_session_is_ended_or_all_of_them),
		test(an_administrator_sees_and_ends_those_of_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
