/* Tests of link_timers.h, in the order of its promises. */
#include "vault/case/link_timers.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/vault/visit_harness.h"
#include "vault/case/link_epochs.h"
#include "vault/case/link_own.h"

static const int64_t hour_ms = 3600 * 1000;
static const int64_t day_ms = 24 * 3600 * 1000;
static const struct sent_terms once = { .often = false };
static const struct sent_terms often = { .often = true };

static struct vault_timers_answer
run(struct scene *scene)
{
	struct vault_timers_answer answer = { .fired = 0 };
	struct err err = { .st = ST_OK };

	scene_do(scene, ST_OK, timers_run(&scene->vault, &answer, &err), &err);
	return answer;
}

static enum link_state
state_of(struct scene *scene, const struct sent *sent, size_t which)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };

	sent_link(scene, sent, which, &row);
	return row.state;
}

static void
an_expired_link_has_no_key_and_its_files_go(void **state)
{
	struct scene *scene = *state;
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	uint8_t hash[STORE_HASH_BYTES] = { 0 };
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	scene->vault.now_unix_ms += 14 * day_ms - 1;
	assert_int_equal(run(scene).next_unix_ms, scene->vault.now_unix_ms + 1);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_LIVE);
	scene->vault.now_unix_ms += 1;
	assert_int_equal(run(scene).next_unix_ms, INT64_MAX);
	for (size_t i = 0; i < SENT_LINKS; i++)
		assert_int_equal(state_of(scene, &sent, i), LINK_STATE_EXPIRED);
	sent_link(scene, &sent, 1, &row);
	assert_int_equal(row.wrapped.len_bytes, 0);
	assert_int_equal(row.ended_unix_ms, scene->vault.now_unix_ms);
	check_status(ST_OK,
		     store_link_batch_find(scene->vault.store, sent.case_id,
					   &batch, &err),
		     &err);
	assert_memory_equal(batch.files.id, hash, STORE_BLOB_ID_BYTES);
	assert_memory_not_equal(batch.files.hash, hash, STORE_HASH_BYTES);
	assert_int_equal(
		scene_audit_count(scene, "link-shredded", sent.case_id), 1);
	assert_int_equal(scene_audit_count(scene, "link-expired", NULL), 3);
}

static void
its_sender_hears_once_who_did_not_fetch_all(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_job job;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	/* The same file again is not the other one. */
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	scene->vault.now_unix_ms += 14 * day_ms;
	(void)run(scene);
	(void)run(scene);
	assert_true(visit_notice(scene, NOTICE_LINK_ENDED, &job, &arena));
	assert_string_equal(job.recipients[0].address, "alice@example.co.jp");
	assert_string_equal(job.reason, SENT_FIRST " (1/2), " SENT_SECOND);
	assert_int_equal(job.link.file_count, SENT_FILES);
	wire_arena_free(&arena);
	assert_false(visit_notice(scene, NOTICE_LINK_ENDED, &job, &arena));
}

static void
set_reminder(struct scene *scene, const struct sent *sent, size_t which,
	     int64_t at_unix_ms)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct err err = { .st = ST_OK };

	sent_link(scene, sent, which, &row);
	row.remind_unix_ms = at_unix_ms;
	scene_do(scene, ST_OK,
		 store_link_update(scene->vault.store, &row, &err), &err);
}

static void
a_link_that_lives_on_keeps_no_notice_back(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct vault_job job;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	sent_link(scene, &sent, 1, &row);
	row.expires_unix_ms += day_ms; /* its sender has extended it */
	scene_do(scene, ST_OK,
		 store_link_update(scene->vault.store, &row, &err), &err);
	scene->vault.now_unix_ms += 14 * day_ms;
	(void)run(scene);
	assert_true(visit_notice(scene, NOTICE_LINK_ENDED, &job, &arena));
	assert_string_equal(job.reason, SENT_FIRST);
	wire_arena_free(&arena);
	visit_begin(scene, &sent, 1, claim);
	check_status(ST_OK, visit_take(scene, claim, LINK_ALL_FILES, &err),
		     &err);
	check_status(ST_OK,
		     visit_sent(scene, claim, LINK_ALL_FILES, true, &err),
		     &err);
	scene->vault.now_unix_ms += day_ms;
	(void)run(scene);
	assert_true(visit_notice(scene, NOTICE_LINK_ENDED, &job, &arena));
	assert_string_equal(job.reason, "");
}

static void
who_fetched_nothing_is_reminded_once(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct vault_job job;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	/* Long after the mail came: an approver took so long. */
	sent_link(scene, &sent, 0, &row);
	row.sent_unix_ms += 3 * day_ms;
	scene_do(scene, ST_OK,
		 store_link_update(scene->vault.store, &row, &err), &err);
	set_reminder(scene, &sent, 0, scene->vault.now_unix_ms + 12 * day_ms);
	visit_begin(scene, &sent, 1, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	set_reminder(scene, &sent, 1, scene->vault.now_unix_ms + 12 * day_ms);
	(void)run(scene);
	assert_false(visit_notice(scene, NOTICE_LINK_REMINDER, &job, &arena));
	scene->vault.now_unix_ms += 12 * day_ms;
	(void)run(scene);
	(void)run(scene);
	assert_true(visit_notice(scene, NOTICE_LINK_REMINDER, &job, &arena));
	assert_string_equal(job.recipients[0].address, SENT_FIRST);
	assert_int_equal(job.audience, NOTICE_AUDIENCE_RECIPIENT);
	assert_int_equal(job.link.expires_unix_ms,
			 scene->vault.now_unix_ms + 2 * day_ms);
	assert_string_equal(job.language, "");
	assert_int_equal(job.received_unix_ms, row.sent_unix_ms);
	assert_int_equal(scene_audit_count(scene, "link-reminded", NULL), 1);
	wire_arena_free(&arena);
	assert_false(visit_notice(scene, NOTICE_LINK_REMINDER, &job, &arena));
}

static void
a_reminder_that_came_too_late_is_not_sent(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_job job;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	set_reminder(scene, &sent, 0, scene->vault.now_unix_ms);
	(void)run(scene);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	assert_false(visit_notice(scene, NOTICE_LINK_REMINDER, &job, &arena));
}

static void
of_a_link_that_opens_nothing_nobody_is_reminded(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf none;
	struct vault_job job;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sbuf_init(&none, 1);
	sent_make(scene, &often, &sent);
	set_reminder(scene, &sent, 0, scene->vault.now_unix_ms);
	check_status(ST_OK,
		     link_own_write(&scene->vault, sent.case_id, &none, &err),
		     &err);
	scene->memory.links_looked = true;
	(void)run(scene);
	assert_false(visit_notice(scene, NOTICE_LINK_REMINDER, &job, &arena));
	scene->memory.links_looked = false;
	(void)run(scene);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_FAILED);
	assert_int_equal(scene_audit_count(scene, "link-key-lost", NULL), 3);
}

static void
a_once_link_is_spent_when_its_visits_end(void **state)
{
	struct scene *scene = *state;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &once, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	scene->vault.now_unix_ms += hour_ms;
	(void)run(scene);
	/* One file can be taken still. */
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_LIVE);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_END, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_take(scene, claim, 1, &err), &err);
	assert_int_equal(run(scene).next_unix_ms,
			 scene->vault.now_unix_ms + hour_ms);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_LIVE);
	scene->vault.now_unix_ms += hour_ms;
	(void)run(scene);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_SPENT);
	assert_int_equal(state_of(scene, &sent, 1), LINK_STATE_LIVE);
}

static void
a_link_of_two_times_is_spent_when_its_last_visit_ends(void **state)
{
	static const struct sent_terms twice = { .downloads = 2 };
	struct scene *scene = *state;
	uint8_t claims[2][LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &twice, &sent);
	visit_begin(scene, &sent, 0, claims[0]);
	check_status(ST_OK, visit_take(scene, claims[0], LINK_ALL_FILES, &err),
		     &err);
	scene->vault.now_unix_ms += hour_ms;
	(void)run(scene);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_LIVE);
	visit_begin(scene, &sent, 0, claims[1]);
	check_status(ST_OK, visit_take(scene, claims[1], LINK_ALL_FILES, &err),
		     &err);
	check_status(ST_OK, visit_sent(scene, claims[1], 0, true, &err), &err);
	(void)run(scene);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_LIVE);
	scene->vault.now_unix_ms += hour_ms;
	(void)run(scene);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_SPENT);
}

static void
its_sender_hears_what_a_visit_took_and_lost(void **state)
{
	struct scene *scene = *state;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_job job;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &once, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	check_status(ST_OK, visit_take(scene, claim, 1, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	check_status(ST_OK, visit_sent(scene, claim, 1, false, &err), &err);
	(void)run(scene);
	assert_false(visit_notice(scene, NOTICE_LINK_ENDED, &job, &arena));
	scene->vault.now_unix_ms += hour_ms;
	(void)run(scene);
	(void)run(scene);
	assert_int_equal(state_of(scene, &sent, 0), LINK_STATE_SPENT);
	assert_true(visit_notice(scene, NOTICE_LINK_ENDED, &job, &arena));
	assert_string_equal(job.recipients[0].address, "alice@example.co.jp");
	assert_string_equal(job.reason, SENT_FIRST);
	wire_arena_free(&arena);
	assert_false(visit_notice(scene, NOTICE_LINK_ENDED, &job, &arena));
}

/* One damaged case does not stop the clock for all. */
static void
a_damaged_case_ends_with_the_others(void **state)
{
	struct scene *scene = *state;
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	AUTO(store_link_done) struct store_link link = { .memory = NULL };
	struct sent damaged;
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &damaged);
	sent_make(scene, &often, &sent);
	check_status(ST_OK,
		     store_case_find(scene->vault.store, damaged.case_id, &row,
				     &err),
		     &err);
	row.summary = span_of("not boxed at all");
	scene_do(scene, ST_OK,
		 store_case_update(scene->vault.store, &row, &err), &err);
	sent_link(scene, &damaged, 1, &link);
	link.words = span_of("nor this");
	link.remind_unix_ms = scene->vault.now_unix_ms;
	scene_do(scene, ST_OK,
		 store_link_update(scene->vault.store, &link, &err), &err);
	(void)run(scene);
	scene->vault.now_unix_ms += 14 * day_ms;
	(void)run(scene);
	for (size_t i = 0; i < SENT_LINKS; i++) {
		assert_int_equal(state_of(scene, &damaged, i),
				 LINK_STATE_EXPIRED);
		assert_int_equal(state_of(scene, &sent, i), LINK_STATE_EXPIRED);
	}
}

static void
claims_are_forgotten_after_a_day(void **state)
{
	struct scene *scene = *state;
	uint8_t claim[LINK_CLAIM_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };

	sent_make(scene, &often, &sent);
	visit_begin(scene, &sent, 0, claim);
	check_status(ST_OK, visit_take(scene, claim, 0, &err), &err);
	scene->vault.now_unix_ms += hour_ms + day_ms;
	(void)run(scene);
	check_status(ST_OK, visit_sent(scene, claim, 0, true, &err), &err);
	scene->vault.now_unix_ms += 1;
	(void)run(scene);
	check_status(ST_NOT_FOUND, visit_sent(scene, claim, 0, true, &err),
		     &err);
}

static void
keys_of_weeks_that_are_over_are_destroyed(void **state)
{
	struct scene *scene = *state;
	uint8_t key[SEAL_KEY_BYTES];
	struct sent sent;
	struct err err = { .st = ST_OK };
	const uint32_t week =
		link_epochs_week(scene->vault.now_unix_ms + 14 * day_ms);

	sent_make(scene, &often, &sent);
	scene->vault.now_unix_ms += 14 * day_ms;
	(void)run(scene);
	check_status(ST_OK, link_epochs_find(&scene->vault, week, key, &err),
		     &err);
	scene->vault.now_unix_ms += 7 * day_ms;
	(void)run(scene);
	check_status(ST_NOT_FOUND,
		     link_epochs_find(&scene->vault, week, key, &err), &err);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
#define SCENE(test) \
	cmocka_unit_test_setup_teardown(test, scene_setup, scene_teardown)
		SCENE(an_expired_link_has_no_key_and_its_files_go),
		SCENE(its_sender_hears_once_who_did_not_fetch_all),
		SCENE(a_link_that_lives_on_keeps_no_notice_back),
		SCENE(who_fetched_nothing_is_reminded_once),
		SCENE(a_reminder_that_came_too_late_is_not_sent),
		SCENE(of_a_link_that_opens_nothing_nobody_is_reminded),
		SCENE(a_once_link_is_spent_when_its_visits_end),
		SCENE(a_link_of_two_times_is_spent_when_its_last_visit_ends),
		SCENE(its_sender_hears_what_a_visit_took_and_lost),
		SCENE(a_damaged_case_ends_with_the_others),
		SCENE(claims_are_forgotten_after_a_day),
		SCENE(keys_of_weeks_that_are_over_are_destroyed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
