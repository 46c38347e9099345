/* Tests of link_events.h: what is listed of a link to which much happened. */
#include "vault/case/link_events.h"

#include <string.h>

#include "tests/vault/visit_harness.h"
#include "vault/case/link_people.h"

enum { VISITS = 210 };

/* The first one's files are fetched, then it is opened again and again. */
static void
fetch_then_visit(struct scene *scene, struct sent *sent)
{
	static const struct sent_terms often = { .often = true };
	uint8_t claim[LINK_CLAIM_BYTES];
	struct err err = { .st = ST_OK };

	scene->config.portal.link_rate = 0;
	sent_make(scene, &often, sent);
	visit_begin(scene, sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	for (int i = 0; i < VISITS; i++) {
		scene->vault.now_unix_ms += 1000;
		visit_begin(scene, sent, 0, claim);
	}
}

static void
visits_do_not_hide_in_the_list_what_was_fetched(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_case request = { .actor = { { NULL, 0 } } };
	struct vault_link_list_answer answer;
	const struct vault_link_event *events = NULL;
	struct actor actor;
	struct sent sent;
	struct err err = { .st = ST_OK };

	fetch_then_visit(scene, &sent);
	memcpy(request.case_id, sent.case_id, CASE_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	check_status(ST_OK,
		     link_list(&scene->vault, &actor, &request, &answer, &arena,
			       &err),
		     &err);
	actor_done(&actor);
	assert_int_equal(answer.links[0].event_count, 2 + 50);
	events = answer.links[0].events;
	assert_string_equal(events[0].event, "taken");
	assert_string_equal(events[1].event, "fetched");
	for (size_t i = 2; i < 2 + 50; i++) {
		assert_string_equal(events[i].event, "opened");
		assert_true(events[i].at_unix_ms > events[i - 1].at_unix_ms);
	}
	assert_int_equal(events[51].at_unix_ms, scene->vault.now_unix_ms);
}

static void
says(const char *text, const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("\"%s\" is not in:\n%s", what, text);
}

static void
visits_do_not_hide_on_record_what_was_fetched(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_link_of request = { .actor = { { NULL, 0 } } };
	struct vault_link_record answer = { .text = "" };
	struct actor actor;
	struct sent sent;
	struct err err = { .st = ST_OK };

	fetch_then_visit(scene, &sent);
	memcpy(request.link_id, sent.links[0].id, LINK_ID_BYTES);
	scene_actor(scene, "alice", &actor);
	check_status(ST_OK,
		     link_record(&scene->vault, &actor, &request, &answer,
				 &arena, &err),
		     &err);
	actor_done(&actor);
	says(answer.text, " fetched by recipient from 192.0.2.7: ");
	says(answer.text, "\nfetched: 1 complete downloads of a file\n");
	says(answer.text, "\nopened: 211 times, with all it asks for\n");
	says(answer.text,
	     "\nevents: the last 1000, and the last 200 of visits and codes; ");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(visits_do_not_hide_in_the_list_what_was_fetched),
		SCENE(visits_do_not_hide_on_record_what_was_fetched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
