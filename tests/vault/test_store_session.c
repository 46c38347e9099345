/* Tests of store_session.h over every back end. */
#include "vault/store/store_session.h"

#include <stdlib.h>

#include "tests/harness/check.h"
#include "tests/vault/store_harness.h"
#include "tests/vault/store_rows.h"

static uint64_t
insert_user(struct store *store, const char *login)
{
	const struct store_user row = row_user(login, -1);
	uint64_t id = 0;
	struct err err = { 0 };

	check_status(ST_OK, store_user_insert(store, &row, &id, &err), &err);
	return id;
}

static void
insert_session(struct store *store, uint64_t user_id, uint8_t number,
	       int64_t made, int64_t last)
{
	struct store_session row = { .user_id = user_id,
				     .proved = number == 3,
				     .words = span_of("words"),
				     .made_unix_ms = made,
				     .seen_unix_ms = last };
	struct err err = { 0 };

	memset(row.token, number, sizeof(row.token));
	check_status(ST_OK, store_session_insert(store, &row, &err), &err);
}

static enum status
find_session(struct store *store, uint8_t number, struct store_session *got)
{
	uint8_t token[STORE_HASH_BYTES];
	struct err err = { 0 };

	memset(token, number, sizeof(token));
	return store_session_find(store, token, got, &err);
}

static void
sessions_end_by_hand_age_and_account(void **state)
{
	struct fixture *f = *state;
	struct store_session got = { 0 };
	uint8_t token[STORE_HASH_BYTES];
	struct err err = { 0 };
	uint64_t id = 0;
	uint64_t other = 0;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	id = insert_user(f->store, "approver1");
	other = insert_user(f->store, "approver2");
	insert_session(f->store, id, 1, 100, 1000);
	insert_session(f->store, id, 2, 500, 600);
	insert_session(f->store, id, 3, 500, 1000);
	insert_session(f->store, other, 4, 500, 1000);
	insert_session(f->store, other, 5, 500, 1000);
	memset(token, 3, sizeof(token));
	check_status(ST_OK, store_session_seen(f->store, token, 1100, &err),
		     &err);
	check_status(ST_OK, find_session(f->store, 3, &got), &err);
	assert_int_equal(got.user_id, id);
	assert_int_equal(got.made_unix_ms, 500);
	assert_int_equal(got.seen_unix_ms, 1100);
	assert_true(got.proved);
	assert_true(span_equal(got.words, span_of("words")));
	store_session_done(&got);
	check_status(ST_OK, store_session_expire(f->store, 101, 601, &err),
		     &err);
	check_status(ST_NOT_FOUND, find_session(f->store, 1, &got), &err);
	check_status(ST_NOT_FOUND, find_session(f->store, 2, &got), &err);
	check_status(ST_OK, find_session(f->store, 3, &got), &err);
	store_session_done(&got);
	memset(token, 4, sizeof(token));
	check_status(ST_OK, store_session_delete(f->store, token, &err), &err);
	check_status(ST_NOT_FOUND, store_session_delete(f->store, token, &err),
		     &err);
	check_status(ST_NOT_FOUND, store_session_seen(f->store, token, 1, &err),
		     &err);
	check_status(ST_OK, store_session_delete_user(f->store, id, &err),
		     &err);
	check_status(ST_NOT_FOUND, find_session(f->store, 3, &got), &err);
	check_status(ST_OK, find_session(f->store, 5, &got), &err);
	assert_false(got.proved);
	store_session_done(&got);
	store_rollback(f->store);
}

static enum status
see_session(void *context, const struct store_session *row, struct err *err)
{
	return seen_step(context, row->token[0], err);
}

static void
sessions_are_listed_by_account_the_last_used_first(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct err err = { 0 };
	uint64_t id = 0;
	uint64_t other = 0;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	id = insert_user(f->store, "approver1");
	other = insert_user(f->store, "approver2");
	insert_session(f->store, id, 1, 100, 300);
	insert_session(f->store, other, 2, 100, 500);
	insert_session(f->store, id, 3, 200, 400);
	check_status(ST_OK,
		     store_session_each(f->store, id, see_session, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.ids[0], 3);
	assert_int_equal(seen.ids[1], 1);
	store_rollback(f->store);
}

static void
a_guest_goes_with_the_case(void **state)
{
	struct fixture *f = *state;
	const struct store_case mail = row_case(7, CASE_STATE_HELD, 1000);
	struct store_session row = { .user_id = 0,
				     .made_unix_ms = 5,
				     .seen_unix_ms = 6 };
	struct store_session got = { 0 };
	struct err err = { 0 };

	memset(row.token, 9, sizeof(row.token));
	memcpy(row.case_id, mail.id, sizeof(row.case_id));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_NOT_FOUND, store_session_insert(f->store, &row, &err),
		     &err);
	insert_case(f->store, &mail);
	check_status(ST_OK, store_session_insert(f->store, &row, &err), &err);
	check_status(ST_OK, find_session(f->store, 9, &got), &err);
	assert_int_equal(got.user_id, 0);
	assert_memory_equal(got.case_id, mail.id, CASE_ID_BYTES);
	store_session_done(&got);
	check_status(ST_OK, store_case_delete(f->store, mail.id, &err), &err);
	check_status(ST_NOT_FOUND, find_session(f->store, 9, &got), &err);
	store_rollback(f->store);
}

static struct store_entry
row_entry(uint8_t number, uint64_t job_id)
{
	struct store_entry row = { .job_id = job_id,
				   .made_unix_ms = 1,
				   .expires_unix_ms = 2,
				   .words = span_of("words") };

	memset(row.id, number, sizeof(row.id));
	memset(row.case_id, 7, sizeof(row.case_id));
	memset(row.code, 0x30 + number, sizeof(row.code));
	return row;
}

static void
check_entry(const struct store_entry *got, uint8_t number, const char *words)
{
	const struct store_entry want = row_entry(number, 4);

	assert_memory_equal(got->id, want.id, sizeof(want.id));
	assert_memory_equal(got->code, want.code, sizeof(want.code));
	assert_memory_equal(got->case_id, want.case_id, sizeof(want.case_id));
	assert_int_equal(got->job_id, 4);
	assert_int_equal(got->made_unix_ms, 1);
	assert_int_equal(got->expires_unix_ms, 2);
	assert_true(span_equal(got->words, span_of(words)));
}

static void
an_entry_is_found_by_id_and_job_and_goes_with_the_case(void **state)
{
	struct fixture *f = *state;
	const struct store_case mail = row_case(7, CASE_STATE_HELD, 1000);
	struct store_entry row = row_entry(1, 4);
	struct store_entry same_job = row_entry(2, 4);
	struct store_entry got = { 0 };
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_NOT_FOUND, store_entry_insert(f->store, &row, &err),
		     &err);
	insert_case(f->store, &mail);
	check_status(ST_OK, store_entry_insert(f->store, &row, &err), &err);
	check_status(ST_DENIED, store_entry_insert(f->store, &same_job, &err),
		     &err);
	check_status(ST_OK, store_entry_find(f->store, row.id, &got, &err),
		     &err);
	check_entry(&got, 1, "words");
	store_entry_done(&got);
	row.failures = 3;
	row.used_unix_ms = 4;
	row.again_count = 5;
	row.again_unix_ms = 6;
	row.words = span_of("others");
	check_status(ST_OK, store_entry_update(f->store, &row, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_entry_update(f->store, &same_job, &err), &err);
	check_status(ST_OK, store_entry_find_job(f->store, 4, &got, &err),
		     &err);
	check_entry(&got, 1, "others");
	assert_int_equal(got.failures, 3);
	assert_int_equal(got.used_unix_ms, 4);
	assert_int_equal(got.again_count, 5);
	assert_int_equal(got.again_unix_ms, 6);
	store_entry_done(&got);
	check_status(ST_NOT_FOUND,
		     store_entry_find_job(f->store, 5, &got, &err), &err);
	check_status(ST_OK, store_case_delete(f->store, mail.id, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_entry_find(f->store, row.id, &got, &err), &err);
	store_rollback(f->store);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		EVERYWHERE(sessions_end_by_hand_age_and_account),
		EVERYWHERE(sessions_are_listed_by_account_the_last_used_first),
		EVERYWHERE(a_guest_goes_with_the_case),
		EVERYWHERE(
			an_entry_is_found_by_id_and_job_and_goes_with_the_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
