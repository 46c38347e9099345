/* Tests of vault/store/store_job.h over every back end. */
#include "vault/store/store_job.h"

#include <stdlib.h>

#include "tests/harness/check.h"
#include "tests/vault/store_harness.h"
#include "tests/vault/store_rows.h"

static void
jobs_come_by_time_and_only_when_free(void **state)
{
	struct fixture *f = *state;
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	const struct store_job late = row_job(1, 1, 200);
	const struct store_job early = row_job(1, 2, 100);
	AUTO(store_job_done) struct store_job got = { 0 };
	struct err err = { 0 };
	uint64_t late_id = 0;
	uint64_t early_id = 0;
	uint64_t again = 0;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_OK, store_job_insert(f->store, &late, &late_id, &err),
		     &err);
	check_status(ST_OK, store_job_insert(f->store, &early, &early_id, &err),
		     &err);
	check_status(ST_DENIED,
		     store_job_insert(f->store, &early, &again, &err), &err);
	check_status(ST_NOT_FOUND, store_job_next(f->store, 99, 0, &got, &err),
		     &err);
	check_status(ST_OK, store_job_next(f->store, 300, 0, &got, &err), &err);
	assert_int_equal(got.id, early_id);
	assert_int_equal(got.kind, JOB_KIND_NOTICE);
	assert_true(span_equal(got.payload, span_of("payload")));
	got.lease_until_unix_ms = 400;
	got.attempts = 2;
	memset(got.lease, 9, sizeof(got.lease));
	check_status(ST_OK, store_job_update(f->store, &got, &err), &err);
	store_job_done(&got);
	check_status(ST_OK, store_job_next(f->store, 300, 0, &got, &err), &err);
	assert_int_equal(got.id, late_id);
	store_job_done(&got);
	check_status(ST_OK, store_job_next(f->store, 400, 0, &got, &err), &err);
	assert_int_equal(got.id, early_id);
	assert_int_equal(got.attempts, 2);
	assert_int_equal(got.lease[0], 9);
	got.done = true;
	check_status(ST_OK, store_job_update(f->store, &got, &err), &err);
	store_job_done(&got);
	check_status(ST_OK, store_job_next(f->store, 400, 0, &got, &err), &err);
	assert_int_equal(got.id, late_id);
	store_rollback(f->store);
}

/* A clock that was years ahead for a minute. */
static void
no_job_waits_beyond_the_latest(void **state)
{
	struct fixture *f = *state;
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	const struct store_job soon = row_job(1, 1, 200);
	const struct store_job never = row_job(1, 2, 201);
	struct store_job done = row_job(1, 3, 5000);
	AUTO(store_job_done) struct store_job got = { 0 };
	struct err err = { 0 };
	uint64_t soon_id = 0;
	uint64_t never_id = 0;
	uint64_t done_id = 0;

	done.done = true;
	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_OK, store_job_insert(f->store, &soon, &soon_id, &err),
		     &err);
	check_status(ST_OK, store_job_insert(f->store, &never, &never_id, &err),
		     &err);
	check_status(ST_OK, store_job_insert(f->store, &done, &done_id, &err),
		     &err);
	check_status(ST_OK, store_job_recall(f->store, 100, 200, &err), &err);
	check_status(ST_OK, store_job_next(f->store, 100, 0, &got, &err), &err);
	assert_int_equal(got.id, never_id);
	got.done = true;
	check_status(ST_OK, store_job_update(f->store, &got, &err), &err);
	store_job_done(&got);
	check_status(ST_NOT_FOUND, store_job_next(f->store, 199, 0, &got, &err),
		     &err);
	check_status(ST_OK, store_job_find(f->store, done_id, &got, &err),
		     &err);
	assert_int_equal(got.not_before_unix_ms, 5000);
	store_rollback(f->store);
}

static enum status
see_job(void *context, const struct store_job *row, struct err *err)
{
	return seen_step(context, (uint8_t)row->id, err);
}

static void
leases_end_with_the_process(void **state)
{
	struct fixture *f = *state;
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	struct store_job job = row_job(1, 1, 0);
	struct store_job done = row_job(1, 2, 0);
	AUTO(store_job_done) struct store_job got = { 0 };
	struct seen seen = { 0 };
	struct err err = { 0 };
	uint64_t id = 0;
	uint64_t done_id = 0;

	job.lease_until_unix_ms = INT64_MAX;
	done.done = true;
	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_OK, store_job_insert(f->store, &job, &id, &err), &err);
	check_status(ST_OK, store_job_insert(f->store, &done, &done_id, &err),
		     &err);
	assert_int_not_equal(id, done_id);
	check_status(ST_NOT_FOUND, store_job_next(f->store, 1, 0, &got, &err),
		     &err);
	check_status(ST_OK, store_job_free_leases(f->store, &err), &err);
	check_status(ST_OK, store_job_next(f->store, 1, 0, &got, &err), &err);
	assert_int_equal(got.id, id);
	check_status(ST_OK,
		     store_job_each(f->store, row.id, see_job, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.ids[0], id);
	store_rollback(f->store);
}

static void
tickets_die_with_their_job(void **state)
{
	struct fixture *f = *state;
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	struct store_ticket ticket = { .job_id = 4,
				       .recipients = span_of("hashes"),
				       .made_unix_ms = 12 };
	AUTO(store_ticket_done) struct store_ticket got = { 0 };
	struct err err = { 0 };

	memset(ticket.case_id, 1, sizeof(ticket.case_id));
	memset(ticket.content, 2, sizeof(ticket.content));
	memset(ticket.sender, 3, sizeof(ticket.sender));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_OK, store_ticket_insert(f->store, &ticket, &err), &err);
	check_status(ST_DENIED, store_ticket_insert(f->store, &ticket, &err),
		     &err);
	check_status(ST_OK, store_ticket_kill(f->store, 5, &err), &err);
	check_status(ST_OK,
		     store_ticket_find(f->store, ticket.hash, &got, &err),
		     &err);
	assert_false(got.dead);
	assert_int_equal(got.job_id, 4);
	assert_int_equal(got.made_unix_ms, 12);
	assert_memory_equal(got.case_id, ticket.case_id, 16);
	assert_memory_equal(got.content, ticket.content, 32);
	assert_memory_equal(got.sender, ticket.sender, 32);
	assert_true(span_equal(got.recipients, ticket.recipients));
	store_ticket_done(&got);
	check_status(ST_OK, store_ticket_kill(f->store, 4, &err), &err);
	check_status(ST_OK,
		     store_ticket_find(f->store, ticket.hash, &got, &err),
		     &err);
	assert_true(got.dead);
	store_rollback(f->store);
}

static void
exports_come_back_as_they_were(void **state)
{
	struct fixture *f = *state;
	struct store_export row = { .asked_by = 3,
				    .asked_unix_ms = 4,
				    .reason = span_of("why") };
	AUTO(store_export_done) struct store_export got = { 0 };
	struct err err = { 0 };

	memset(row.public_key, 8, sizeof(row.public_key));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_export_insert(f->store, &row, &row.id, &err),
		     &err);
	check_status(ST_OK, store_export_find(f->store, row.id, &got, &err),
		     &err);
	assert_false(got.one_case);
	assert_int_equal(got.asked_by, 3);
	assert_int_equal(got.asked_unix_ms, 4);
	assert_memory_equal(got.public_key, row.public_key, 32);
	assert_true(span_equal(got.reason, row.reason));
	store_export_done(&got);
	row.consented_by = 5;
	row.consented_unix_ms = 6;
	row.fetched_unix_ms = 7;
	row.one_case = true;
	memset(row.case_id, 2, sizeof(row.case_id));
	check_status(ST_OK, store_export_update(f->store, &row, &err), &err);
	check_status(ST_OK, store_export_find(f->store, row.id, &got, &err),
		     &err);
	assert_true(got.one_case);
	assert_int_equal(got.case_id[15], 2);
	assert_int_equal(got.consented_by, 5);
	assert_int_equal(got.consented_unix_ms, 6);
	assert_int_equal(got.fetched_unix_ms, 7);
	row.id++;
	check_status(ST_NOT_FOUND, store_export_update(f->store, &row, &err),
		     &err);
	store_rollback(f->store);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		EVERYWHERE(jobs_come_by_time_and_only_when_free),
		EVERYWHERE(no_job_waits_beyond_the_latest),
		EVERYWHERE(leases_end_with_the_process),
		EVERYWHERE(tickets_die_with_their_job),
		EVERYWHERE(exports_come_back_as_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
