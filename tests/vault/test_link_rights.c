/* Tests of link_people.h: who sees how much of a mail's links. */
#include <string.h>

#include "tests/vault/visit_harness.h"
#include "vault/case/link_people.h"

static const struct sent_terms often = { .often = true };

/* What login sees, with these roles instead of its own; 0: its own. */
struct seen {
	struct vault_link_list_answer list;
	enum status listed, recorded;
	struct wire_arena *arenas[2];
};

static void
seen_done(struct seen *seen)
{
	wire_arena_free(&seen->arenas[0]);
	wire_arena_free(&seen->arenas[1]);
}

static void
look(struct scene *scene, const char *login, uint32_t roles, struct seen *seen)
{
	struct vault_link_case request = { .actor = { { NULL, 0 } } };
	struct vault_link_of of = { .actor = { { NULL, 0 } } };
	struct vault_link_record record = { .text = "" };
	struct actor actor;
	struct sent sent;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct err err = { .st = ST_OK };

	*seen = (struct seen){ .listed = ST_OK };
	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	memcpy(request.case_id, sent.case_id, CASE_ID_BYTES);
	memcpy(of.case_id, sent.case_id, CASE_ID_BYTES);
	memcpy(of.link_id, sent.links[0].id, LINK_ID_BYTES);
	scene_actor(scene, login, &actor);
	if (roles != 0)
		actor.user.roles = roles;
	seen->listed = link_list(&scene->vault, &actor, &request, &seen->list,
				 &seen->arenas[0], &err);
	seen->recorded = link_record(&scene->vault, &actor, &of, &record,
				     &seen->arenas[1], &err);
	actor_done(&actor);
}

/* The list and the record tell auditors the same. */
static void
an_auditor_sees_who_fetched_what(void **state)
{
	AUTO(seen_done) struct seen seen;

	look(*state, "root", VAULT_ROLE_AUDITOR, &seen);
	assert_int_equal(seen.listed, ST_OK);
	assert_int_equal(seen.recorded, ST_OK);
	assert_false(seen.list.may_change);
	assert_string_equal(seen.list.links[0].recipient, SENT_FIRST);
	assert_string_equal(seen.list.links[0].events[0].client_address,
			    "192.0.2.7");
	assert_string_equal(seen.list.links[0].events[0].agent, "Browser");
}

static void
an_admin_sees_counts(void **state)
{
	AUTO(seen_done) struct seen seen;

	look(*state, "root", VAULT_ROLE_ADMIN, &seen);
	assert_int_equal(seen.listed, ST_OK);
	assert_int_equal(seen.recorded, ST_DENIED);
	assert_false(seen.list.may_change);
	assert_int_equal(seen.list.link_count, SENT_LINKS);
	assert_int_equal(seen.list.links[0].fetched, 1);
	assert_string_equal(seen.list.links[0].recipient, "");
	assert_string_equal(seen.list.links[0].events[0].client_address, "");
	assert_string_equal(seen.list.links[0].events[0].agent, "");
}

static void
others_see_nothing(void **state)
{
	AUTO(seen_done) struct seen seen;

	look(*state, "dave", 0, &seen);
	assert_int_equal(seen.listed, ST_NOT_FOUND);
	assert_int_equal(seen.recorded, ST_NOT_FOUND);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(an_auditor_sees_who_fetched_what),
		SCENE(an_admin_sees_counts),
		SCENE(others_see_nothing),
#undef SCENE
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
