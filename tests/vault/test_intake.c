/* Tests of vault/case/intake.h: a mail becomes a case, or joins one. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/config/policy.h"
#include "tests/vault/case_harness.h"

static const int64_t day_ms = 86400LL * 1000;

static void
approved(struct scene *scene, const struct mail *mail,
	 uint8_t id[CASE_ID_BYTES])
{
	struct err err = { .st = ST_OK };

	scene_hold(scene, mail, id);
	check_status(
		ST_OK,
		scene_decide(scene, "bob", id, CASE_DECISION_APPROVE, "", &err),
		&err);
}

static void
a_retry_joins_the_undecided_case_and_adds_recipients(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1, .to = { "a@example.com" } };
	const struct mail more = { .content = 1,
				   .to = { "a@example.com", "b@example.com" } };
	struct vault_hold_answer first = { .joined = true };
	struct vault_hold_answer second = { .joined = false };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, scene_try_hold(scene, &mail, &first, &err), &err);
	assert_false(first.joined);
	check_status(ST_OK, scene_try_hold(scene, &more, &second, &err), &err);
	assert_true(second.joined);
	assert_memory_equal(first.case_id, second.case_id, CASE_ID_BYTES);
	assert_int_equal(
		scene_count(scene, first.case_id, CASE_OUTCOME_WAITING), 2);
	assert_int_equal(scene_audit_count(scene, "seen-again", first.case_id),
			 1);
}

/* Of a domain the case says nothing; of what stands before it, it may. */
static void
one_mailbox_is_one_recipient(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1,
				   .to = { "a@EXAMPLE.com", "a@example.com",
					   "A@example.com" } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient found = { .index = 0 };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 2);
	check_status(ST_OK,
		     record_find_recipient(&scene->vault, id, "a@Example.COM",
					   &found, &arena, &err),
		     &err);
	assert_string_equal(found.address, "a@EXAMPLE.com");
	/* Another retry adds none, either. */
	scene_hold(scene, &mail, id);
	assert_int_equal(scene_count(scene, id, CASE_OUTCOME_WAITING), 2);
}

static void
a_recipient_of_an_older_store_is_found(void **state)
{
	struct scene *scene = *state;
	static const char old[] = "b@EXAMPLE.com";
	const struct mail mail = { .content = 1, .to = { "a@example.com" } };
	AUTO(store_recipient_done)
	struct store_recipient row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient found = { .index = 0 };
	uint8_t id[CASE_ID_BYTES];
	uint8_t mac[STORE_HASH_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(ST_OK,
		     record_mac_recipient(&scene->vault, mail.to[0], mac, &err),
		     &err);
	check_status(
		ST_OK,
		store_recipient_find(scene->vault.store, id, mac, &row, &err),
		&err);
	row.index = 1;
	check_status(ST_OK,
		     record_mac_exactly(&scene->vault, old, row.address, &err),
		     &err);
	scene_do(scene, ST_OK,
		 store_recipient_insert(scene->vault.store, &row, &err), &err);
	check_status(ST_OK,
		     record_find_recipient(&scene->vault, id, old, &found,
					   &arena, &err),
		     &err);
	assert_int_equal(found.index, 1);
}

/* It goes back to its sender a second later, which is notice enough. */
static void
nobody_is_told_to_decide_on_rejected_mail(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1,
				   .group = POLICY_GROUP_OF_NOBODY };
	struct vault_timers_answer fired = { .fired = 0 };
	struct job_taken taken = { .present = false };
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	assert_false(scene_take(scene, JOB_KIND_NOTICE, &taken));
	scene->vault.now_unix_ms += 8 * day_ms;
	scene_do(scene, ST_OK, timers_run(&scene->vault, &fired, &err), &err);
	assert_true(scene_take(scene, JOB_KIND_GIVE_BACK, &taken));
	job_taken_done(&taken);
}

static void
after_a_decision_or_too_late_it_is_a_new_case(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1 };
	uint8_t first[CASE_ID_BYTES];
	uint8_t second[CASE_ID_BYTES];
	uint8_t third[CASE_ID_BYTES];

	approved(scene, &mail, first);
	scene_hold(scene, &mail, second);
	assert_memory_not_equal(first, second, CASE_ID_BYTES);
	scene->vault.now_unix_ms += 6 * day_ms;
	scene_hold(scene, &mail, third);
	assert_memory_not_equal(second, third, CASE_ID_BYTES);
}

static void
a_retry_confirms_an_unconfirmed_case(void **state)
{
	struct scene *scene = *state;
	const struct mail lost = { .content = 1, .unconfirmed = true };
	const struct mail retry = { .content = 1 };
	uint8_t first[CASE_ID_BYTES];
	uint8_t second[CASE_ID_BYTES];

	scene_hold(scene, &lost, first);
	scene_hold(scene, &lost, second);
	assert_int_equal(scene_state(scene, first), CASE_STATE_UNCONFIRMED);
	scene_hold(scene, &retry, second);
	assert_memory_equal(first, second, CASE_ID_BYTES);
	assert_int_equal(scene_state(scene, first), CASE_STATE_HELD);
}

static void
a_retry_brings_back_a_mail_that_was_lost(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1 };
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	AUTO(store_case_done) struct store_case healed = { .memory = NULL };
	AUTO(fd_close) int fd = FD_NONE;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, id);
	check_status(ST_OK, store_case_find(scene->vault.store, id, &row, &err),
		     &err);
	check_status(ST_OK, blob_delete(scene->fixture->dir, row.blob_id, &err),
		     &err);
	scene_hold(scene, &mail, id);
	check_status(ST_OK,
		     store_case_find(scene->vault.store, id, &healed, &err),
		     &err);
	assert_memory_not_equal(row.blob_id, healed.blob_id,
				sizeof(row.blob_id));
	check_status(ST_OK,
		     blob_open(scene->fixture->dir, healed.blob_id, &fd, &err),
		     &err);
	assert_int_equal(scene_state(scene, id), CASE_STATE_HELD);
}

static void
unseal_sealed(struct scene *scene)
{
	uint8_t ids[8][CASE_ID_BYTES];
	const struct store_due_query query = { .due = STORE_DUE_SEALED,
					       .limit = ARRAY_LEN(ids) };
	size_t count = 0;
	struct err err = { .st = ST_OK };

	check_status(
		ST_OK,
		store_case_due(scene->vault.store, &query, ids, &count, &err),
		&err);
	for (size_t i = 0; i < count; i++)
		scene_do(scene, ST_OK,
			 intake_unseal(&scene->vault, ids[i], &err), &err);
}

static void
what_comes_while_locked_is_read_and_joined_at_unlock(void **state)
{
	struct scene *scene = *state;
	const struct mail mail = { .content = 1, .to = { "a@example.com" } };
	const struct mail again = { .content = 1, .to = { "b@example.com" } };
	AUTO(store_case_done) struct store_case gone = { .memory = NULL };
	uint8_t first[CASE_ID_BYTES];
	uint8_t second[CASE_ID_BYTES];
	struct err err = { .st = ST_OK };

	scene->vault.ring = NULL;
	scene_hold(scene, &mail, first);
	scene->vault.now_unix_ms++;
	scene_hold(scene, &again, second);
	assert_int_equal(scene_state(scene, first), CASE_STATE_SEALED);
	assert_int_equal(scene_state(scene, second), CASE_STATE_SEALED);
	scene->vault.ring = scene->ring;
	scene_begin(scene);
	uint64_t adopted = 0;
	check_status(
		ST_OK,
		audit_adopt(scene->vault.store, scene->ring, &adopted, &err),
		&err);
	scene_commit(scene);
	unseal_sealed(scene);
	assert_int_equal(scene_state(scene, first), CASE_STATE_HELD);
	assert_int_equal(scene_count(scene, first, CASE_OUTCOME_WAITING), 2);
	check_status(ST_NOT_FOUND,
		     store_case_find(scene->vault.store, second, &gone, &err),
		     &err);
	assert_int_equal(scene_audit_count(scene, "merge", second), 1);
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		test(a_retry_joins_the_undecided_case_and_adds_recipients),
		test(one_mailbox_is_one_recipient),
		test(a_recipient_of_an_older_store_is_found),
		test(nobody_is_told_to_decide_on_rejected_mail),
		test(after_a_decision_or_too_late_it_is_a_new_case),
		test(a_retry_confirms_an_unconfirmed_case),
		test(a_retry_brings_back_a_mail_that_was_lost),
		test(what_comes_while_locked_is_read_and_joined_at_unlock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
