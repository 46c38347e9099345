/* Tests of store_visit.h over every back end. */
#include "vault/store/store_visit.h"

#include "tests/harness/check.h"
#include "tests/vault/link_rows.h"
#include "tests/vault/store_harness.h"

static struct store_claim
row_claim(uint8_t link, uint8_t number)
{
	struct store_claim row = { .stage = LINK_STAGE_CODE,
				   .made_unix_ms = 100 + number,
				   .until_unix_ms = 1000 + number,
				   .code_until_unix_ms = 500,
				   .code_job = 40U + number,
				   .words = span_of("words") };

	memset(row.token, number, sizeof(row.token));
	memset(row.link_id, link, sizeof(row.link_id));
	memset(row.code, 0x33, sizeof(row.code));
	return row;
}

static enum status
see_claim(void *context, const struct store_claim *row, struct err *err)
{
	return seen_step(context, row->token[0], err);
}

static void
check_same_claim(const struct store_claim *got, const struct store_claim *want)
{
	assert_memory_equal(got->token, want->token, sizeof(want->token));
	assert_memory_equal(got->link_id, want->link_id, sizeof(want->link_id));
	assert_int_equal(got->stage, want->stage);
	assert_int_equal(got->made_unix_ms, want->made_unix_ms);
	assert_int_equal(got->until_unix_ms, want->until_unix_ms);
	assert_memory_equal(got->code, want->code, sizeof(want->code));
	assert_int_equal(got->code_until_unix_ms, want->code_until_unix_ms);
	assert_int_equal(got->code_job, want->code_job);
	assert_true(span_equal(got->words, want->words));
}

static void
claims_are_found_by_token_and_job(void **state)
{
	struct fixture *f = *state;
	struct store_claim row = row_claim(1, 1);
	struct store_claim got = { .memory = NULL };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	check_status(ST_OK, store_claim_insert(f->store, &row, &err), &err);
	check_status(ST_DENIED, store_claim_insert(f->store, &row, &err), &err);
	check_status(ST_OK, store_claim_find(f->store, row.token, &got, &err),
		     &err);
	check_same_claim(&got, &row);
	store_claim_done(&got);
	row.stage = LINK_STAGE_READY;
	row.code_job = 77;
	row.code_until_unix_ms = 600;
	row.words = (struct span){ NULL, 0 };
	check_status(ST_OK, store_claim_update(f->store, &row, &err), &err);
	check_status(ST_OK, store_claim_find_job(f->store, 77, &got, &err),
		     &err);
	check_same_claim(&got, &row);
	store_claim_done(&got);
	check_status(ST_NOT_FOUND,
		     store_claim_find_job(f->store, 41, &got, &err), &err);
	row.code_job = 0;
	check_status(ST_OK, store_claim_update(f->store, &row, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_claim_find_job(f->store, 0, &got, &err), &err);
	row = row_claim(9, 9);
	check_status(ST_NOT_FOUND, store_claim_insert(f->store, &row, &err),
		     &err);
	store_rollback(f->store);
}

static void
claims_end_by_time_and_with_their_link(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	const struct store_link link = row_link(1, 1);
	struct err err = { .st = ST_OK };

	put_links(f->store);
	for (uint8_t i = 1; i <= 4; i++) {
		const struct store_claim row = row_claim(i == 4 ? 2 : 1, i);

		check_status(ST_OK, store_claim_insert(f->store, &row, &err),
			     &err);
	}
	check_status(ST_OK, store_claim_expire(f->store, 1002, &err), &err);
	check_status(
		ST_OK,
		store_claim_each(f->store, link.id, see_claim, &seen, &err),
		&err);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.ids[0], 2);
	check_status(ST_OK, store_claim_delete_link(f->store, link.id, &err),
		     &err);
	seen = (struct seen){ 0 };
	check_status(
		ST_OK,
		store_claim_each(f->store, link.id, see_claim, &seen, &err),
		&err);
	assert_int_equal(seen.count, 0);
	store_rollback(f->store);
}

static enum status
see_take(void *context, const struct store_take *row, struct err *err)
{
	struct store_take *last = context;

	(void)err;
	*last = *row;
	return ST_OK;
}

static struct store_take
row_take(uint32_t file, uint8_t claim, bool once)
{
	struct store_take row = { .file = file,
				  .once = once,
				  .taken_unix_ms = 5,
				  .until_unix_ms = 50 };

	memset(row.link_id, once ? 2 : 1, sizeof(row.link_id));
	memset(row.claim, claim, sizeof(row.claim));
	return row;
}

static void
a_file_of_a_once_link_is_taken_in_one_visit(void **state)
{
	struct fixture *f = *state;
	struct store_take row = row_take(3, 1, true);
	struct store_take got = { .file = 0 };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	check_status(ST_OK, store_take_insert(f->store, &row, &err), &err);
	check_status(ST_DENIED, store_take_insert(f->store, &row, &err), &err);
	row = row_take(3, 2, true);
	check_status(ST_DENIED, store_take_insert(f->store, &row, &err), &err);
	check_status(ST_NOT_FOUND, store_take_update(f->store, &row, &err),
		     &err);
	row = row_take(3, 1, false);
	check_status(ST_OK, store_take_insert(f->store, &row, &err), &err);
	row = row_take(3, 2, false);
	check_status(ST_OK, store_take_insert(f->store, &row, &err), &err);
	row = row_take(3, 1, true);
	row.complete_unix_ms = 7;
	row.until_unix_ms = 60;
	check_status(ST_OK, store_take_update(f->store, &row, &err), &err);
	check_status(
		ST_OK,
		store_take_each(f->store, row.link_id, see_take, &got, &err),
		&err);
	assert_int_equal(got.file, 3);
	assert_true(got.once);
	assert_memory_equal(got.claim, row.claim, sizeof(got.claim));
	assert_int_equal(got.taken_unix_ms, 5);
	assert_int_equal(got.complete_unix_ms, 7);
	assert_int_equal(got.until_unix_ms, 60);
	store_rollback(f->store);
}

static enum status
see_event(void *context, const struct store_link_event *row, struct err *err)
{
	return seen_step(context, (uint8_t)row->at_unix_ms, err);
}

/* Times: minor ones are 1, 3, 5, …, the others 2 and 8. */
static void
minor_events_do_not_push_out_the_others(void **state)
{
	struct fixture *f = *state;
	struct store_link_event row = { .words = span_of("words") };
	const struct store_link_event_most most = { 5, 2 };
	struct seen seen = { 0 };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	memset(row.link_id, 1, sizeof(row.link_id));
	for (int i = 1; i < 10; i++) {
		row.at_unix_ms = i;
		row.minor = i % 2 != 0;
		if (i % 2 == 0 && i != 2 && i != 8)
			continue;
		check_status(ST_OK,
			     store_link_event_insert(f->store, &row, &err),
			     &err);
	}
	check_status(ST_OK,
		     store_link_event_each(f->store, row.link_id, most,
					   see_event, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 4);
	assert_int_equal(seen.ids[0], 2);
	assert_int_equal(seen.ids[1], 7);
	assert_int_equal(seen.ids[2], 8);
	assert_int_equal(seen.ids[3], 9);
	store_rollback(f->store);
}

static void
visits_are_counted_by_link_and_time(void **state)
{
	struct fixture *f = *state;
	static const int64_t times[][2] = {
		{ 5, 9 }, { 6, 8 }, { 9, 20 }, { 0, 5 }
	};
	static const uint64_t counts[] = { 3, 2, 1, 1 };
	struct store_claim row = { .stage = LINK_STAGE_READY,
				   .until_unix_ms = 100,
				   .words = span_of("words") };
	uint64_t count = 0;
	struct err err = { .st = ST_OK };

	put_links(f->store);
	/* Made at 5, 6, … 10; the one at 9 is of another link. */
	for (uint8_t i = 5; i <= 10; i++) {
		memset(row.link_id, i == 9 ? 2 : 1, sizeof(row.link_id));
		memset(row.token, i, sizeof(row.token));
		row.made_unix_ms = i;
		check_status(ST_OK, store_claim_insert(f->store, &row, &err),
			     &err);
	}
	memset(row.link_id, 1, sizeof(row.link_id));
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		check_status(ST_OK,
			     store_claim_count(f->store, row.link_id, times[i],
					       9, &count, &err),
			     &err);
		assert_int_equal(count, counts[i]);
	}
	check_status(ST_OK,
		     store_claim_count(f->store, row.link_id, times[0], 2,
				       &count, &err),
		     &err);
	assert_int_equal(count, 2);
	store_rollback(f->store);
}

static void
the_last_events_come_in_order(void **state)
{
	struct fixture *f = *state;
	struct store_link_event row = { .words = span_of("words") };
	const struct store_link_event_most most = { 3, 1 };
	struct seen seen = { 0 };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	memset(row.link_id, 1, sizeof(row.link_id));
	for (int i = 0; i < 4; i++) {
		row.at_unix_ms = 20 - i;
		check_status(ST_OK,
			     store_link_event_insert(f->store, &row, &err),
			     &err);
	}
	check_status(ST_OK,
		     store_link_event_each(f->store, row.link_id, most,
					   see_event, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.ids[0], 19);
	assert_int_equal(seen.ids[2], 17);
	/* With the case goes all of it. */
	memset(row.link_id, 1, sizeof(row.link_id));
	const struct store_case mail = row_case(1, CASE_STATE_HELD, 1);

	check_status(ST_OK, store_case_delete(f->store, mail.id, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_link_event_insert(f->store, &row, &err), &err);
	store_rollback(f->store);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		EVERYWHERE(claims_are_found_by_token_and_job),
		EVERYWHERE(claims_end_by_time_and_with_their_link),
		EVERYWHERE(a_file_of_a_once_link_is_taken_in_one_visit),
		EVERYWHERE(the_last_events_come_in_order),
		EVERYWHERE(minor_events_do_not_push_out_the_others),
		EVERYWHERE(visits_are_counted_by_link_and_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
