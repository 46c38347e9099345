/* Tests of link_keep.h, and that a visit is of its own link alone. */
#include "vault/case/link_keep.h"

#include <string.h>

#include "tests/vault/visit_harness.h"
#include "vault/case/link_end.h"
#include "vault/case/timers.h"

static const int64_t minute_ms = 60 * 1000;
static const int64_t hour_ms = 3600 * 1000;
static const struct sent_terms once = { .often = false };
static const struct sent_terms often = { .often = true };

/* As the server asks for the portal. */
static enum status
keep(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
     int64_t *until_out)
{
	const struct vault_link_visit request = visit_of(scene, claim);
	struct err err = { .st = ST_OK };
	enum status st = link_keep(&scene->vault, &request, until_out, &err);

	if (st == ST_END) {
		scene_begin(scene);
		st = link_keep_takes(&scene->vault, &request, until_out, &err);
		scene_commit(scene);
	}
	if (st != ST_OK)
		assert_string_equal(err.text, "no such link");
	return st;
}

static void
take_all(struct scene *scene, const struct sent *sent,
	 uint8_t claim_out[LINK_CLAIM_BYTES])
{
	struct err err = { .st = ST_OK };

	visit_begin(scene, sent, 0, claim_out);
	check_status(ST_OK, visit_take(scene, claim_out, LINK_ALL_FILES, &err),
		     &err);
}

static void
run_timers(struct scene *scene)
{
	struct vault_timers_answer answer = { .fired = 0 };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
}

static enum link_state
state_of(struct scene *scene, const struct sent *sent)
{
	struct store_link row = { .memory = NULL };
	enum link_state link_state = LINK_STATE_NONE;

	sent_link(scene, sent, 0, &row);
	link_state = row.state;
	store_link_done(&row);
	return link_state;
}

static void
a_transfer_outlives_its_visit_by_a_day(void **state)
{
	struct scene *scene = *state;
	const int64_t begun = scene->vault.now_unix_ms;
	uint8_t claim[LINK_CLAIM_BYTES];
	int64_t until = 0;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	take_all(scene, &sent, claim);
	assert_int_equal(keep(scene, claim, &until), ST_OK);
	assert_int_equal(until, begun + hour_ms + LINK_TRANSFER_MS);
	scene->vault.now_unix_ms = until - 1;
	run_timers(scene);
	check_status(ST_NOT_FOUND, visit_take(scene, claim, 0, &err), &err);
	assert_int_equal(keep(scene, claim, &until), ST_OK);
	scene->vault.now_unix_ms++;
	assert_int_equal(keep(scene, claim, &until), ST_NOT_FOUND);
}

static void
a_visit_that_was_left_opens_nothing_and_stops_nothing(void **state)
{
	struct scene *scene = *state;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct vault_link_visit request;
	int64_t until = 0;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &once, &sent);
	take_all(scene, &sent, claim);
	request = visit_of(scene, claim);
	scene_do(scene, ST_OK, link_visit_leave(&scene->vault, &request, &err),
		 &err);
	check_status(ST_NOT_FOUND, visit_take(scene, claim, 0, &err), &err);
	assert_string_equal(err.text, "no such link");
	scene_do(scene, ST_NOT_FOUND,
		 link_visit_leave(&scene->vault, &request, &err), &err);
	/* What was begun goes on, and is counted. */
	scene->vault.now_unix_ms += minute_ms;
	run_timers(scene);
	assert_int_equal(keep(scene, claim, &until), ST_OK);
	check_status(ST_OK,
		     visit_sent(scene, claim, LINK_ALL_FILES, true, &err),
		     &err);
	assert_int_equal(state_of(scene, &sent), LINK_STATE_SPENT);
}

static void
a_transfer_does_not_outlive_its_link(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	int64_t until = 0;
	struct sent sent;

	sent_make(scene, &often, &sent);
	sent_link(scene, &sent, 0, &row);
	scene->vault.now_unix_ms = row.expires_unix_ms - minute_ms;
	take_all(scene, &sent, claim);
	assert_int_equal(keep(scene, claim, &until), ST_OK);
	assert_int_equal(until, row.expires_unix_ms);
	/* Also before the timer comes. */
	scene->vault.now_unix_ms = row.expires_unix_ms;
	assert_int_equal(keep(scene, claim, &until), ST_NOT_FOUND);
}

static void
revoked_frozen_and_spent_links_stop_what_runs(void **state)
{
	static const enum link_state ends[] = { LINK_STATE_REVOKED,
						LINK_STATE_SPENT,
						LINK_STATE_EXPIRED };
	static const struct link_deed deed = { .event = "ended",
					       .actor = "test",
					       .via = "test",
					       .address = SENT_FIRST };
	struct scene *scene = *state;
	int64_t until = 0;
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i <= ARRAY_LEN(ends); i++) {
		AUTO(store_link_done)
		struct store_link row = { .memory = NULL };
		uint8_t claim[LINK_CLAIM_BYTES];
		struct sent sent;

		sent_make(scene, &often, &sent);
		take_all(scene, &sent, claim);
		/* The visit is over, and says nothing of the link. */
		scene->vault.now_unix_ms += 2 * hour_ms;
		assert_int_equal(keep(scene, claim, &until), ST_OK);
		sent_link(scene, &sent, 0, &row);
		row.state = LINK_STATE_FROZEN;
		if (i < ARRAY_LEN(ends))
			scene_do(scene, ST_OK,
				 link_end(&scene->vault, &row, ends[i], &deed,
					  &err),
				 &err);
		else
			scene_do(scene, ST_OK,
				 store_link_update(scene->vault.store, &row,
						   &err),
				 &err);
		assert_int_equal(keep(scene, claim, &until), ST_NOT_FOUND);
	}
}

static void
a_link_is_not_used_up_while_its_last_file_is_on_its_way(void **state)
{
	struct scene *scene = *state;
	uint8_t claim[LINK_CLAIM_BYTES];
	int64_t until = 0;
	struct sent sent;

	sent_make(scene, &once, &sent);
	take_all(scene, &sent, claim);
	/* The portal asks in time, long after the visit. */
	for (int i = 0; i < 120; i++) {
		assert_int_equal(keep(scene, claim, &until), ST_OK);
		scene->vault.now_unix_ms += minute_ms;
		run_timers(scene);
	}
	assert_int_equal(state_of(scene, &sent), LINK_STATE_LIVE);
	/* The transfer has broken off. */
	scene->vault.now_unix_ms += 3 * minute_ms;
	run_timers(scene);
	assert_int_equal(state_of(scene, &sent), LINK_STATE_SPENT);
	assert_int_equal(keep(scene, claim, &until), ST_NOT_FOUND);
}

/* --- a visit and its link ------------------------------------------------ */

static void
a_visit_does_nothing_for_another_link(void **state)
{
	struct scene *scene = *state;
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	AUTO(link_visit_done) struct link_visit unknown = { .token = { 0 } };
	struct vault_link_visit request;
	struct vault_link_sent out = { .complete = true };
	struct store_link row = { .memory = NULL };
	uint8_t claim[LINK_CLAIM_BYTES];
	int64_t until = 0;
	struct sent sent;
	struct err err = { .st = ST_OK };
	struct err want = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	take_all(scene, &sent, claim);
	request = visit_of(scene, claim);
	request.claim[0] ^= 1;
	assert_int_equal(
		link_visit_find(&scene->vault, &request, &unknown, &want),
		ST_NOT_FOUND);
	request.claim[0] ^= 1;
	memcpy(request.link_id, sent.links[1].id, LINK_ID_BYTES);
	check_status(ST_NOT_FOUND,
		     link_visit_find(&scene->vault, &request, &visit, &err),
		     &err);
	assert_string_equal(err.text, want.text);
	check_status(ST_NOT_FOUND,
		     link_keep(&scene->vault, &request, &until, &err), &err);
	assert_string_equal(err.text, want.text);
	out.visit = request;
	scene_begin(scene);
	check_status(ST_NOT_FOUND, link_sent(&scene->vault, &out, &err), &err);
	store_rollback(scene->vault.store);
	assert_string_equal(err.text, want.text);
	sent_link(scene, &sent, 0, &row);
	assert_int_equal(row.fetched, 0);
	store_link_done(&row);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(a_transfer_outlives_its_visit_by_a_day),
		SCENE(a_visit_that_was_left_opens_nothing_and_stops_nothing),
		SCENE(a_transfer_does_not_outlive_its_link),
		SCENE(revoked_frozen_and_spent_links_stop_what_runs),
		SCENE(a_link_is_not_used_up_while_its_last_file_is_on_its_way),
		SCENE(a_visit_does_nothing_for_another_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
