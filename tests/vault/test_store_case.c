/* Tests of vault/store/store_case.h over every back end. */
#include "vault/store/store_case.h"

#include <stdlib.h>

#include "tests/harness/check.h"
#include "tests/vault/store_harness.h"
#include "tests/vault/store_rows.h"

static void
a_case_comes_back_as_it_was(void **state)
{
	struct fixture *f = *state;
	AUTO(store_case_done) struct store_case got = { 0 };
	AUTO(store_case_detail_done) struct store_case_detail detail = { 0 };
	struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	struct err err = { 0 };

	row.ended_unix_ms = 77;
	row.decision = span_of("decision");
	row.unlock = span_of("unlock");
	memset(row.companion_of, 9, sizeof(row.companion_of));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_OK, store_commit(f->store, &err), &err);
	check_status(ST_OK, store_case_find(f->store, row.id, &got, &err),
		     &err);
	assert_memory_equal(got.id, row.id, sizeof(row.id));
	assert_int_equal(got.state, row.state);
	assert_memory_equal(got.content_key, row.content_key, 32);
	assert_memory_equal(got.version, row.version, 32);
	assert_int_equal(got.taken_unix_ms, 1000);
	assert_int_equal(got.deadline_unix_ms, 2000);
	assert_int_equal(got.remind_unix_ms, 1500);
	assert_int_equal(got.ended_unix_ms, 77);
	assert_int_equal(got.recipient_count, 2);
	assert_int_equal(got.waiting_count, 2);
	assert_string_equal(got.approvers, "managers");
	assert_memory_equal(got.blob_id, row.blob_id, 16);
	assert_memory_equal(got.blob_hash, row.blob_hash, 32);
	assert_int_equal(got.blob_bytes, 1234);
	assert_true(span_equal(got.blob_key, row.blob_key));
	assert_true(span_equal(got.summary, row.summary));
	assert_true(span_equal(got.decision, row.decision));
	assert_true(span_equal(got.unlock, row.unlock));
	assert_memory_equal(got.companion_of, row.companion_of, CASE_ID_BYTES);
	check_status(ST_OK,
		     store_case_find_detail(f->store, row.id, &detail, &err),
		     &err);
	assert_true(span_equal(detail.detail_key, span_of("detail key")));
	assert_true(span_equal(detail.detail, span_of("detail")));
	assert_int_equal(detail.report_key.len_bytes, 0);
	assert_int_equal(detail.report.len_bytes, 0);
	assert_true(span_equal(detail.digest_key, span_of("digest key")));
	assert_true(span_equal(detail.digest, span_of("digest")));
}

static void
updates_change_one_case_and_find_it(void **state)
{
	struct fixture *f = *state;
	AUTO(store_case_done) struct store_case got = { 0 };
	AUTO(store_case_detail_done) struct store_case_detail detail = { 0 };
	struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	const struct store_case other = row_case(2, CASE_STATE_HELD, 1000);
	const struct store_case_detail change = { .report = span_of("new") };
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	insert_case(f->store, &other);
	row.state = CASE_STATE_RELEASING;
	row.blob_key = (struct span){ NULL, 0 };
	row.waiting_count = 0;
	check_status(ST_OK, store_case_update(f->store, &row, &err), &err);
	check_status(ST_OK,
		     store_case_update_detail(f->store, row.id, &change, &err),
		     &err);
	check_status(ST_OK, store_case_find(f->store, row.id, &got, &err),
		     &err);
	assert_int_equal(got.state, CASE_STATE_RELEASING);
	assert_int_equal(got.blob_key.len_bytes, 0);
	assert_int_equal(got.waiting_count, 0);
	check_status(ST_OK,
		     store_case_find_detail(f->store, row.id, &detail, &err),
		     &err);
	assert_true(span_equal(detail.report, span_of("new")));
	assert_int_equal(detail.detail.len_bytes, 0);
	store_case_done(&got);
	check_status(ST_OK, store_case_find(f->store, other.id, &got, &err),
		     &err);
	assert_int_equal(got.state, CASE_STATE_HELD);
	store_rollback(f->store);
}

static void
missing_and_doubled_cases_are_told_apart(void **state)
{
	struct fixture *f = *state;
	struct store_case got = { 0 };
	struct store_case_detail detail = row_detail();
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	const struct store_case none = row_case(9, CASE_STATE_HELD, 1000);
	const struct store_recipient stray = row_recipient(9, 0);
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_DENIED,
		     store_case_insert(f->store, &row, &detail, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_case_find(f->store, none.id, &got, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_case_find_detail(f->store, none.id, &detail, &err),
		     &err);
	check_status(ST_NOT_FOUND, store_case_update(f->store, &none, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     store_case_update_detail(f->store, none.id, &detail, &err),
		     &err);
	check_status(ST_NOT_FOUND, store_case_delete(f->store, none.id, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     store_recipient_insert(f->store, &stray, &err), &err);
	/* A refused row does not end the transaction. */
	check_status(ST_OK, store_commit(f->store, &err), &err);
	check_status(ST_OK, store_case_find(f->store, row.id, &got, &err),
		     &err);
	store_case_done(&got);
}

static void
a_retry_finds_the_newest_undecided_case(void **state)
{
	struct fixture *f = *state;
	AUTO(store_case_done) struct store_case got = { 0 };
	struct store_case rows[] = {
		row_case(1, CASE_STATE_HELD, 1000),
		row_case(2, CASE_STATE_UNCONFIRMED, 2000),
		row_case(3, CASE_STATE_RELEASED, 3000),
	};
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		memset(rows[i].content_key, 5, sizeof(rows[i].content_key));
		insert_case(f->store, &rows[i]);
	}
	check_status(ST_OK,
		     store_case_find_content(f->store, rows[0].content_key,
					     2000, &got, &err),
		     &err);
	assert_int_equal(got.id[0], 2);
	check_status(ST_NOT_FOUND,
		     store_case_find_content(f->store, rows[0].content_key,
					     2001, &got, &err),
		     &err);
	store_rollback(f->store);
}

static enum status
see_case(void *context, const struct store_case *row, struct err *err)
{
	assert_true(span_equal(row->summary, span_of("summary")));
	return seen_step(context, row->id[0], err);
}

/* The numbers of the cases that the query lists, as text. */
static void
check_list(struct store *store, const struct store_case_query *query,
	   uint32_t want_total, const char *want)
{
	struct seen seen = { 0 };
	struct err err = { 0 };
	uint32_t total = 0;
	char text[sizeof(seen.ids) + 1] = "";

	check_status(
		ST_OK,
		store_case_each(store, query, see_case, &seen, &total, &err),
		&err);
	for (size_t i = 0; i < seen.count; i++)
		text[i] = (char)('0' + seen.ids[i]);
	assert_string_equal(text, want);
	assert_int_equal(total, want_total);
}

static void
insert_list(struct store *store)
{
	struct store_case rows[] = {
		row_case(1, CASE_STATE_HELD, 3000),
		row_case(2, CASE_STATE_HELD, 1000),
		row_case(3, CASE_STATE_RELEASED, 2000),
		row_case(4, CASE_STATE_HELD, 2000),
	};
	uint8_t sender[STORE_HASH_BYTES] = { 7 };
	struct err err = { 0 };

	rows[3].approvers = "board";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		insert_case(store, &rows[i]);
	check_status(ST_OK,
		     store_case_add_sender(store, rows[2].id, sender, &err),
		     &err);
	check_status(ST_OK,
		     store_case_add_sender(store, rows[2].id, sender, &err),
		     &err);
	check_status(ST_OK,
		     store_case_add_sender(store, rows[0].id, sender, &err),
		     &err);
}

static void
lists_hold_what_the_query_asks_for(void **state)
{
	static const char *const groups[] = { "board", "nobody" };
	static const uint8_t senders[][STORE_HASH_BYTES] = { { 6 }, { 7 } };
	const uint32_t held = 1U << CASE_STATE_HELD;
	struct fixture *f = *state;
	struct err err = { 0 };
	struct store_case_query query = { .state_mask = ~0U,
					  .everything = true,
					  .limit = 100 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_list(f->store);
	check_list(f->store, &query, 4, "2341");
	query.newest_first = true;
	check_list(f->store, &query, 4, "1432");
	query.limit = 2;
	query.offset = 1;
	check_list(f->store, &query, 4, "43");
	query = (struct store_case_query){ .state_mask = held, .limit = 100 };
	check_list(f->store, &query, 0, "");
	query.groups = groups;
	query.group_count = ARRAY_LEN(groups);
	check_list(f->store, &query, 1, "4");
	query.senders = senders;
	query.sender_count = ARRAY_LEN(senders);
	check_list(f->store, &query, 2, "41");
	query.state_mask = ~0U;
	check_list(f->store, &query, 3, "341");
	store_rollback(f->store);
}

static void
a_visitor_can_stop(void **state)
{
	struct fixture *f = *state;
	const struct store_case_query query = { .state_mask = ~0U,
						.everything = true,
						.limit = 100 };
	struct seen seen = { .stop_after = 2, .stop_with = ST_END };
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_list(f->store);
	check_status(
		ST_OK,
		store_case_each(f->store, &query, see_case, &seen, NULL, &err),
		&err);
	assert_int_equal(seen.count, 2);
	seen = (struct seen){ .stop_after = 1, .stop_with = ST_LIMIT };
	check_status(
		ST_LIMIT,
		store_case_each(f->store, &query, see_case, &seen, NULL, &err),
		&err);
	assert_string_equal(err.text, "stopped");
	store_rollback(f->store);
}

static void
check_due(struct store *store, enum store_due due, int64_t until,
	  const char *want)
{
	uint8_t ids[2][CASE_ID_BYTES];
	const struct store_due_query query = { .due = due,
					       .until_unix_ms = until,
					       .limit = ARRAY_LEN(ids) };
	char text[3] = "";
	size_t count = 9;
	struct err err = { 0 };

	check_status(ST_OK, store_case_due(store, &query, ids, &count, &err),
		     &err);
	assert_true(count <= ARRAY_LEN(ids));
	for (size_t i = 0; i < count; i++)
		text[i] = (char)('0' + ids[i][0]);
	assert_string_equal(text, want);
}

static void
what_is_due_is_found_oldest_first(void **state)
{
	struct fixture *f = *state;
	struct store_case rows[] = {
		row_case(1, CASE_STATE_HELD, 3000),
		row_case(2, CASE_STATE_HELD, 1000),
		row_case(3, CASE_STATE_RELEASED, 500),
		row_case(4, CASE_STATE_SEALED, 2000),
		row_case(5, CASE_STATE_HELD, 2000),
	};
	struct err err = { 0 };
	int64_t next = 0;

	rows[2].ended_unix_ms = 600;
	rows[4].remind_unix_ms = 0;
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_case_next_due(f->store, &next, &err), &err);
	assert_int_equal(next, INT64_MAX);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		insert_case(f->store, &rows[i]);
	check_due(f->store, STORE_DUE_DEADLINE, 1999, "");
	check_due(f->store, STORE_DUE_DEADLINE, 3000, "25");
	check_due(f->store, STORE_DUE_DEADLINE, 9000, "25"); /* limit 2 */
	check_due(f->store, STORE_DUE_REMINDER, 9000, "21");
	check_due(f->store, STORE_DUE_RETENTION, 599, "");
	check_due(f->store, STORE_DUE_RETENTION, 600, "3");
	check_due(f->store, STORE_DUE_SEALED, 0, "4");
	check_status(ST_OK, store_case_next_due(f->store, &next, &err), &err);
	assert_int_equal(next, 1500);
	store_rollback(f->store);
}

static void
companions_are_found_by_their_case_oldest_first(void **state)
{
	static const uint8_t none[CASE_ID_BYTES];
	struct fixture *f = *state;
	uint8_t ids[2][CASE_ID_BYTES];
	struct store_counts counts = { 0 };
	struct err err = { 0 };
	size_t count = 0;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	for (uint8_t i = 1; i <= 5; i++) {
		struct store_case row = row_case(i, CASE_STATE_HELD, 1000 - i);

		/* 3, 4 and 5 wait with 1. */
		memset(row.companion_of, i >= 3 ? 1 : 0,
		       sizeof(row.companion_of));
		insert_case(f->store, &row);
	}
	memset(ids, 1, sizeof(ids));
	check_status(
		ST_OK,
		store_case_companions(f->store, ids[0], ids, 2, &count, &err),
		&err);
	assert_int_equal(count, 2);
	assert_int_equal(ids[0][0], 5);
	assert_int_equal(ids[1][0], 4);
	memset(ids, 2, sizeof(ids));
	check_status(
		ST_OK,
		store_case_companions(f->store, ids[0], ids, 2, &count, &err),
		&err);
	assert_int_equal(count, 0);
	/* Those without one are no companions of nobody. */
	check_status(
		ST_OK,
		store_case_companions(f->store, none, ids, 2, &count, &err),
		&err);
	assert_int_equal(count, 0);
	check_status(ST_OK, store_count(f->store, &counts, &err), &err);
	assert_int_equal(counts.cases_open, 2);
	store_rollback(f->store);
}

static void
a_deleted_case_takes_its_rows_along(void **state)
{
	struct fixture *f = *state;
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	const struct store_recipient recipient = row_recipient(1, 0);
	const struct store_job job = row_job(1, 1, 0);
	struct store_ticket ticket = { .recipients = span_of("r") };
	struct store_recipient got = { 0 };
	struct store_job got_job = { 0 };
	struct store_ticket got_ticket = { 0 };
	struct err err = { 0 };
	uint64_t job_id = 0;
	bool found = false;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_OK, store_recipient_insert(f->store, &recipient, &err),
		     &err);
	check_status(ST_OK, store_job_insert(f->store, &job, &job_id, &err),
		     &err);
	memcpy(ticket.case_id, row.id, sizeof(ticket.case_id));
	check_status(ST_OK, store_ticket_insert(f->store, &ticket, &err), &err);
	check_status(ST_OK,
		     store_blob_has_case(f->store, row.blob_id, &found, &err),
		     &err);
	assert_true(found);
	check_status(ST_OK, store_case_delete(f->store, row.id, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_recipient_find(f->store, row.id, recipient.address,
					  &got, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     store_job_find(f->store, job_id, &got_job, &err), &err);
	check_status(
		ST_NOT_FOUND,
		store_ticket_find(f->store, ticket.hash, &got_ticket, &err),
		&err);
	check_status(ST_OK,
		     store_blob_has_case(f->store, row.blob_id, &found, &err),
		     &err);
	assert_false(found);
	check_status(ST_OK, store_commit(f->store, &err), &err);
}

/* --- recipients ------------------------------------------------------- */

static enum status
see_recipient(void *context, const struct store_recipient *row, struct err *err)
{
	return seen_step(context, (uint8_t)row->index, err);
}

static void
recipients_settle_once(void **state)
{
	struct fixture *f = *state;
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	AUTO(store_recipient_done) struct store_recipient got = { 0 };
	struct seen seen = { 0 };
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	for (uint32_t i = 3; i > 0; i--) {
		const struct store_recipient one = row_recipient(1, i - 1);

		check_status(ST_OK,
			     store_recipient_insert(f->store, &one, &err),
			     &err);
		check_status(ST_DENIED,
			     store_recipient_insert(f->store, &one, &err),
			     &err);
	}
	struct store_recipient change = row_recipient(1, 1);

	change.outcome = CASE_OUTCOME_DELIVERED;
	change.reply_code = 250;
	change.boxed = span_of("said 250");
	check_status(ST_OK, store_recipient_update(f->store, &change, &err),
		     &err);
	check_status(ST_OK,
		     store_recipient_settle(f->store, row.id,
					    CASE_OUTCOME_RETURNED, &err),
		     &err);
	check_status(ST_OK,
		     store_recipient_each(f->store, row.id,
					  CASE_OUTCOME_RETURNED, see_recipient,
					  &seen, &err),
		     &err);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.ids[0], 0);
	assert_int_equal(seen.ids[1], 2);
	seen = (struct seen){ 0 };
	check_status(ST_OK,
		     store_recipient_each(f->store, row.id, CASE_OUTCOME_NONE,
					  see_recipient, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 3);
	check_status(ST_OK,
		     store_recipient_find(f->store, row.id, change.address,
					  &got, &err),
		     &err);
	assert_int_equal(got.outcome, CASE_OUTCOME_DELIVERED);
	assert_int_equal(got.reply_code, 250);
	assert_true(span_equal(got.boxed, change.boxed));
	store_rollback(f->store);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		EVERYWHERE(a_case_comes_back_as_it_was),
		EVERYWHERE(updates_change_one_case_and_find_it),
		EVERYWHERE(missing_and_doubled_cases_are_told_apart),
		EVERYWHERE(a_retry_finds_the_newest_undecided_case),
		EVERYWHERE(lists_hold_what_the_query_asks_for),
		EVERYWHERE(a_visitor_can_stop),
		EVERYWHERE(what_is_due_is_found_oldest_first),
		EVERYWHERE(companions_are_found_by_their_case_oldest_first),
		EVERYWHERE(a_deleted_case_takes_its_rows_along),
		EVERYWHERE(recipients_settle_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
