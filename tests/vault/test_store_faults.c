/*
 * What store.h promises when the disk fails: each write, sync and truncation
 * of a piece of work fails once, with each kind of error, and afterwards
 * nothing is half there and nothing that was acknowledged is lost.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/harness/check.h"
#include "tests/vault/faulty.h"
#include "tests/vault/link_rows.h"
#include "tests/vault/store_harness.h"

/* Two commits; *acknowledged_out says how many came back with ST_OK. */
static enum status
work(struct store *store, unsigned int *acknowledged_out, struct err *err)
{
	enum status st = ST_OK;

	*acknowledged_out = 0;
	for (uint8_t number = 1; st == ST_OK && number <= 2; number++) {
		const struct store_case row =
			row_case(number, CASE_STATE_HELD, 1000);
		const struct store_case_detail detail = row_detail();
		const struct store_recipient recipient =
			row_recipient(number, 0);
		const struct store_link_batch batch = row_batch(number);
		const struct store_link link = row_link(number, number);

		st = store_begin(store, err);
		if (st == ST_OK)
			st = store_case_insert(store, &row, &detail, err);
		if (st == ST_OK)
			st = store_recipient_insert(store, &recipient, err);
		if (st == ST_OK)
			st = store_link_batch_insert(store, &batch, err);
		if (st == ST_OK)
			st = store_link_insert(store, &link, err);
		if (st == ST_OK)
			st = store_commit(store, err);
		else
			store_rollback(store);
		*acknowledged_out += st == ST_OK;
	}
	return st;
}

/* A case is there with all its rows, or not at all. */
static bool
is_whole(struct store *store, uint8_t number)
{
	AUTO(store_case_done) struct store_case got = { 0 };
	AUTO(store_case_detail_done) struct store_case_detail detail = { 0 };
	AUTO(store_recipient_done) struct store_recipient recipient = { 0 };
	AUTO(store_link_batch_done) struct store_link_batch batch = { 0 };
	AUTO(store_link_done) struct store_link link = { 0 };
	const struct store_case row = row_case(number, CASE_STATE_HELD, 1000);
	const struct store_recipient want = row_recipient(number, 0);
	struct err err = { 0 };
	const enum status st = store_case_find(store, row.id, &got, &err);

	check_status(st, store_case_find_detail(store, row.id, &detail, &err),
		     &err);
	check_status(st,
		     store_recipient_find(store, row.id, want.address,
					  &recipient, &err),
		     &err);
	check_status(st, store_link_batch_find(store, row.id, &batch, &err),
		     &err);
	check_status(st, store_link_find(store, row.id, &link, &err), &err);
	return st == ST_OK;
}

/* After a failure every call says so, and nothing reaches the disk. */
static void
check_lost(struct store *store)
{
	AUTO(sbuf_done) struct sbuf value;
	struct store_counts counts = { 0 };
	struct err err = { 0 };

	sbuf_init(&value, 100);
	faulty_arm(FAULTY_ALL, 0, 0, 0);
	check_status(ST_IO, store_begin(store, &err), &err);
	check_status(ST_IO, store_meta_find(store, "a", &value, &err), &err);
	check_status(ST_IO, store_count(store, &counts, &err), &err);
	check_status(ST_IO, store_check(store, &err), &err);
	check_status(ST_IO, store_scrub(store, &err), &err);
	assert_int_equal(faulty_count(), 0);
}

static void
check_round(struct fixture *f, unsigned int kinds, unsigned int number,
	    int sys_errno, int it_stays)
{
	unsigned int acknowledged = 0;
	struct err err = { 0 };
	enum status st = ST_OK;
	bool first = false;
	bool second = false;

	faulty_arm(kinds, number, sys_errno, it_stays);
	st = work(f->store, &acknowledged, &err);
	if (faulty_hit() && st != ST_OK) {
		check_status(ST_IO, st, &err);
		check_lost(f->store);
	}
	faulty_arm(FAULTY_NONE, 0, 0, 0);
	fixture_reopen(f);
	check_status(ST_OK, store_check(f->store, &err), &err);
	first = is_whole(f->store, 1);
	second = is_whole(f->store, 2);
	assert_true(acknowledged < 1 || first);
	assert_true(acknowledged < 2 || second);
	assert_true(first || !second);
}

static void
every_failing_call_leaves_all_or_nothing(void **state)
{
	static const int errors[] = { EIO, ENOSPC };
	struct fixture *outer = *state;
	unsigned int total = 0;
	unsigned int acknowledged = 0;
	struct err err = { 0 };

	faulty_arm(FAULTY_ALL, 0, 0, 0);
	check_status(ST_OK, work(outer->store, &acknowledged, &err), &err);
	total = faulty_count();
	faulty_arm(FAULTY_NONE, 0, 0, 0);
	assert_true(total > 4);
	for (unsigned int number = 1; number <= total; number++) {
		for (size_t i = 0; i < ARRAY_LEN(errors) * 2; i++) {
			void *inner = NULL;

			(void)fixture_file(&inner);
			check_round(inner, FAULTY_ALL, number, errors[i / 2],
				    (int)(i % 2));
			(void)fixture_teardown(&inner);
		}
	}
}

static void
a_failed_sync_fails_the_commit_once_and_for_all(void **state)
{
	struct fixture *f = *state;
	unsigned int acknowledged = 0;
	struct err err = { 0 };

	faulty_arm(FAULTY_SYNC, 1, EIO, 0);
	check_status(ST_IO, work(f->store, &acknowledged, &err), &err);
	assert_int_equal(acknowledged, 0);
	assert_int_equal(faulty_count(), 1);
	check_lost(f->store);
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

static void
every_commit_syncs_the_log(void **state)
{
	struct fixture *f = *state;

	static const char *const values[] = { "1", "2", "3" };

	put_value(f->store, "warm", "up");
	/* The same value again would change no page. */
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		faulty_arm(FAULTY_SYNC, 0, 0, 0);
		put_value(f->store, "a", values[i]);
		assert_true(faulty_count() >= 1);
	}
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

/* As after a failed fsync and a killed process: the log lies there, nobody
 * knows whether it is on the disk. */
static void
the_log_is_made_durable_before_it_is_used(void **state)
{
	struct fixture *f = *state;
	struct store *second = NULL;
	struct err err = { 0 };

	put_value(f->store, "a", "1");
	faulty_arm(FAULTY_SYNC, 1, EIO, 0);
	check_status(
		ST_IO,
		store_open("sqlite:", f->dir, STORE_MODE_WRITE, &second, &err),
		&err);
	assert_true(faulty_hit());
	assert_null(second);
	faulty_arm(FAULTY_WRITE, 1, EIO, 0);
	check_status(
		ST_IO,
		store_open("sqlite:", f->dir, STORE_MODE_WRITE, &second, &err),
		&err);
	faulty_arm(FAULTY_NONE, 0, 0, 0);
	assert_null(second);
}

static void
reading_goes_on_when_the_disk_is_full(void **state)
{
	struct fixture *f = *state;
	AUTO(store_close) struct store *reader = NULL;
	AUTO(sbuf_done) struct sbuf value;
	unsigned int acknowledged = 0;
	struct err err = { 0 };

	sbuf_init(&value, 100);
	put_value(f->store, "a", "1");
	check_status(
		ST_OK,
		store_open("sqlite:", f->dir, STORE_MODE_READ, &reader, &err),
		&err);
	faulty_arm(FAULTY_WRITE, 1, ENOSPC, 1);
	check_status(ST_IO, work(f->store, &acknowledged, &err), &err);
	assert_int_equal(err.sys_errno, ENOSPC);
	check_status(ST_OK, store_meta_find(reader, "a", &value, &err), &err);
	assert_string_equal(sbuf_text(&value), "1");
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ON(fixture_file, every_failing_call_leaves_all_or_nothing),
		ON(fixture_file,
		   a_failed_sync_fails_the_commit_once_and_for_all),
		ON(fixture_file, every_commit_syncs_the_log),
		ON(fixture_file, the_log_is_made_durable_before_it_is_used),
		ON(fixture_file, reading_goes_on_when_the_disk_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
