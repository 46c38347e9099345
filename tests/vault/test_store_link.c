/* Tests of store_link.h over every back end. */
#include "vault/store/store_visit.h"

#include <stdlib.h>

#include "tests/harness/check.h"
#include "tests/vault/link_rows.h"
#include "tests/vault/store_harness.h"

static void
check_same_batch(const struct store_link_batch *got,
		 const struct store_link_batch *want)
{
	assert_memory_equal(got->case_id, want->case_id, CASE_ID_BYTES);
	assert_memory_equal(got->salt, want->salt, sizeof(want->salt));
	assert_int_equal(got->sealed_unix_ms, want->sealed_unix_ms);
	assert_int_equal(got->ended_unix_ms, want->ended_unix_ms);
	assert_memory_equal(&got->mail, &want->mail, sizeof(want->mail));
	assert_memory_equal(&got->files, &want->files, sizeof(want->files));
	assert_true(span_equal(got->mail_key, want->mail_key));
	assert_int_equal(got->file_count, want->file_count);
	assert_int_equal(got->total_bytes, want->total_bytes);
	assert_true(span_equal(got->manifest, want->manifest));
	assert_true(span_equal(got->words, want->words));
}

static void
a_batch_keeps_all_its_columns(void **state)
{
	struct fixture *f = *state;
	struct store_link_batch row = row_batch(1);
	const struct store_link_batch other = row_batch(2);
	struct store_link_batch got = { .memory = NULL };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	check_status(ST_OK,
		     store_link_batch_find(f->store, row.case_id, &got, &err),
		     &err);
	check_same_batch(&got, &row);
	store_link_batch_done(&got);
	check_status(ST_DENIED, store_link_batch_insert(f->store, &row, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     store_link_batch_insert(f->store, &other, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_link_batch_update(f->store, &other, &err), &err);
	row = row_batch(3);
	memset(row.case_id, 1, sizeof(row.case_id));
	row.ended_unix_ms = 9000;
	row.mail_key = (struct span){ NULL, 0 };
	check_status(ST_OK, store_link_batch_update(f->store, &row, &err),
		     &err);
	check_status(ST_OK,
		     store_link_batch_find(f->store, row.case_id, &got, &err),
		     &err);
	check_same_batch(&got, &row);
	store_link_batch_done(&got);
	store_rollback(f->store);
}

static bool
has_owner(struct store *store, const uint8_t id[STORE_BLOB_ID_BYTES])
{
	struct err err = { .st = ST_OK };
	bool found = false;

	check_status(ST_OK, store_blob_has_case(store, id, &found, &err), &err);
	return found;
}

static void
both_blobs_of_a_batch_have_an_owner(void **state)
{
	struct fixture *f = *state;
	const struct store_link_batch row = row_batch(1);
	const struct store_link_batch other = row_batch(2);

	put_links(f->store);
	assert_true(has_owner(f->store, row.mail.id));
	assert_true(has_owner(f->store, row.files.id));
	assert_false(has_owner(f->store, other.mail.id));
	store_rollback(f->store);
}

static void
check_same_link(const struct store_link *got, const struct store_link *want)
{
	assert_memory_equal(got->id, want->id, sizeof(want->id));
	assert_memory_equal(got->case_id, want->case_id, CASE_ID_BYTES);
	assert_int_equal(got->kind, want->kind);
	assert_int_equal(got->state, want->state);
	assert_memory_equal(got->lookup, want->lookup, sizeof(want->lookup));
	assert_memory_equal(got->recipient, want->recipient,
			    sizeof(want->recipient));
	assert_true(span_equal(got->wrapped, want->wrapped));
	assert_true(span_equal(got->secret, want->secret));
	assert_true(span_equal(got->password, want->password));
	assert_true(span_equal(got->words, want->words));
	assert_int_equal(got->week, want->week);
	assert_int_equal(got->downloads, want->downloads);
	assert_int_equal(got->needs_code, want->needs_code);
	assert_int_equal(got->needs_certificate, want->needs_certificate);
	assert_int_equal(got->made_unix_ms, want->made_unix_ms);
	assert_int_equal(got->sent_unix_ms, want->sent_unix_ms);
	assert_int_equal(got->expires_unix_ms, want->expires_unix_ms);
	assert_int_equal(got->remind_unix_ms, want->remind_unix_ms);
	assert_int_equal(got->ended_unix_ms, want->ended_unix_ms);
	assert_int_equal(got->opened, want->opened);
	assert_int_equal(got->fetched, want->fetched);
	assert_int_equal(got->failures, want->failures);
	assert_int_equal(got->codes, want->codes);
	assert_int_equal(got->codes_since_unix_ms, want->codes_since_unix_ms);
}

static void
a_link_keeps_all_its_columns(void **state)
{
	struct fixture *f = *state;
	struct store_link row = row_link(1, 2);
	struct store_link got = { .memory = NULL };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	check_status(ST_OK, store_link_find(f->store, row.id, &got, &err),
		     &err);
	check_same_link(&got, &row);
	store_link_done(&got);
	row = (struct store_link){ .kind = LINK_KIND_SENDER,
				   .state = LINK_STATE_FROZEN,
				   .week = 3000,
				   .downloads = 7,
				   .needs_certificate = true,
				   .made_unix_ms = 1,
				   .sent_unix_ms = 2,
				   .expires_unix_ms = 3,
				   .remind_unix_ms = 4,
				   .ended_unix_ms = 5,
				   .opened = 6,
				   .fetched = 7,
				   .failures = 8,
				   .codes = 9,
				   .codes_since_unix_ms = 10,
				   .words = span_of("others") };
	memset(row.id, 2, sizeof(row.id));
	memset(row.case_id, 1, sizeof(row.case_id));
	memset(row.lookup, 0x77, sizeof(row.lookup));
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	check_status(ST_OK, store_link_find(f->store, row.id, &got, &err),
		     &err);
	check_same_link(&got, &row);
	store_link_done(&got);
	check_status(ST_OK,
		     store_link_find_near(f->store, row.lookup, &got, &err),
		     &err);
	check_same_link(&got, &row);
	store_link_done(&got);
	/* Another one stands in for what is not there. */
	row.lookup[31] ^= 1;
	check_status(ST_OK,
		     store_link_find_near(f->store, row.lookup, &got, &err),
		     &err);
	row.lookup[31] ^= 1;
	check_same_link(&got, &row);
	store_link_done(&got);
	memset(row.lookup, 0xff, sizeof(row.lookup));
	check_status(ST_OK,
		     store_link_find_near(f->store, row.lookup, &got, &err),
		     &err);
	assert_memory_not_equal(got.lookup, row.lookup, sizeof(row.lookup));
	store_link_done(&got);
	memset(row.id, 9, sizeof(row.id));
	check_status(ST_NOT_FOUND, store_link_update(f->store, &row, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     store_link_find(f->store, row.id, &got, &err), &err);
	store_rollback(f->store);
}

static void
one_link_for_each_secret_and_recipient(void **state)
{
	struct fixture *f = *state;
	struct store_link row = row_link(1, 4);
	struct err err = { .st = ST_OK };

	put_links(f->store);
	memset(row.lookup, 0x51, sizeof(row.lookup));
	check_status(ST_DENIED, store_link_insert(f->store, &row, &err), &err);
	row = row_link(1, 4);
	memset(row.recipient, 0x91, sizeof(row.recipient));
	check_status(ST_DENIED, store_link_insert(f->store, &row, &err), &err);
	row = row_link(2, 4);
	check_status(ST_NOT_FOUND, store_link_insert(f->store, &row, &err),
		     &err);
	store_rollback(f->store);
}

static enum status
see_link(void *context, const struct store_link *row, struct err *err)
{
	return seen_step(context, row->id[0], err);
}

static void
links_are_counted_and_listed_as_they_were_made(void **state)
{
	struct fixture *f = *state;
	struct store_link row = row_link(1, 2);
	struct store_link_counts counts = { .recipients = 0 };
	struct seen seen = { 0 };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	row.state = LINK_STATE_LIVE;
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	row = row_link(1, 1);
	row.kind = LINK_KIND_SENDER;
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	row = row_link(1, 3);
	row.state = LINK_STATE_REVOKED;
	row.ended_unix_ms = 2000;
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	check_status(ST_OK,
		     store_link_count(f->store, row.case_id, &counts, &err),
		     &err);
	assert_int_equal(counts.recipients, 2);
	assert_int_equal(counts.living, 1);
	assert_int_equal(counts.pending, 0);
	assert_int_equal(counts.all_living, 2);
	check_status(
		ST_OK,
		store_link_each(f->store, row.case_id, see_link, &seen, &err),
		&err);
	assert_int_equal(seen.count, 3);
	assert_int_equal(seen.ids[0], 1);
	assert_int_equal(seen.ids[2], 3);
	store_rollback(f->store);
}

static enum status
see_recipient(void *context, const struct store_recipient *row, struct err *err)
{
	return seen_step(context, (uint8_t)row->index, err);
}

static void
the_mail_is_owed_to_who_waits_and_has_no_link(void **state)
{
	struct fixture *f = *state;
	struct store_recipient row = row_recipient(1, 0);
	struct seen seen = { 0 };
	struct err err = { .st = ST_OK };

	put_links(f->store);
	check_status(ST_OK, store_recipient_insert(f->store, &row, &err), &err);
	row = row_recipient(1, 1);
	memset(row.address, 0x92, sizeof(row.address));
	check_status(ST_OK, store_recipient_insert(f->store, &row, &err), &err);
	row = row_recipient(1, 2);
	row.outcome = CASE_OUTCOME_DELIVERED;
	check_status(ST_OK, store_recipient_insert(f->store, &row, &err), &err);
	row = row_recipient(1, 3);
	check_status(ST_OK, store_recipient_insert(f->store, &row, &err), &err);
	check_status(ST_OK,
		     store_recipient_each_unlinked(f->store, row.case_id,
						   see_recipient, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.ids[0], 0);
	assert_int_equal(seen.ids[1], 3);
	store_rollback(f->store);
}

static size_t
due(struct store *store, enum store_link_due what, int64_t until_unix_ms,
    uint8_t *first_out)
{
	const struct store_link_due_query query = {
		.due = what, .until_unix_ms = until_unix_ms, .limit = 5
	};
	uint8_t ids[5][LINK_ID_BYTES] = { { 0 } };
	size_t count = 0;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_link_due(store, &query, ids, &count, &err),
		     &err);
	*first_out = ids[0][0];
	return count;
}

static void
only_links_with_the_recipient_fall_due(void **state)
{
	struct fixture *f = *state;
	struct store_link row = row_link(1, 2);
	struct err err = { .st = ST_OK };
	int64_t next_unix_ms = 0;
	uint8_t first = 0;

	put_links(f->store);
	/* Nobody has the pending ones yet. */
	assert_int_equal(due(f->store, STORE_LINK_DUE_EXPIRY, 9999, &first), 0);
	check_status(ST_OK,
		     store_link_next_due(f->store, 0, &next_unix_ms, &err),
		     &err);
	assert_true(next_unix_ms == INT64_MAX);
	row.state = LINK_STATE_LIVE;
	row.remind_unix_ms = 4000;
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	row = row_link(1, 3);
	row.state = LINK_STATE_FROZEN;
	row.remind_unix_ms = 3000;
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	assert_int_equal(due(f->store, STORE_LINK_DUE_EXPIRY, 9999, &first), 2);
	assert_int_equal(first, 2);
	assert_int_equal(due(f->store, STORE_LINK_DUE_EXPIRY, 5002, &first), 1);
	assert_int_equal(due(f->store, STORE_LINK_DUE_EXPIRY, 5001, &first), 0);
	assert_int_equal(due(f->store, STORE_LINK_DUE_REMINDER, 9999, &first),
			 1);
	assert_int_equal(first, 2);
	assert_int_equal(due(f->store, STORE_LINK_DUE_REMINDER, 3999, &first),
			 0);
	check_status(ST_OK,
		     store_link_next_due(f->store, 0, &next_unix_ms, &err),
		     &err);
	assert_true(next_unix_ms == 4000);
	store_rollback(f->store);
}

static void
take_file(struct store *store, uint32_t file, uint8_t claim,
	  int64_t complete_unix_ms)
{
	struct store_take row = { .file = file,
				  .once = true,
				  .complete_unix_ms = complete_unix_ms,
				  .until_unix_ms = 3000 };
	struct err err = { .st = ST_OK };

	memset(row.link_id, 2, sizeof(row.link_id));
	memset(row.claim, claim, sizeof(row.claim));
	check_status(ST_OK, store_take_insert(store, &row, &err), &err);
}

static void
a_once_link_is_visited_when_no_file_is_left(void **state)
{
	struct fixture *f = *state;
	struct store_link row = row_link(1, 2);
	struct err err = { .st = ST_OK };
	int64_t next_unix_ms = 0;
	uint8_t first = 0;

	put_links(f->store);
	row.state = LINK_STATE_LIVE;
	row.downloads = 1;
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	assert_int_equal(due(f->store, STORE_LINK_DUE_VISITED, 9999, &first),
			 0);
	take_file(f->store, 0, 1, 0);
	/* The other file can be taken still. */
	assert_int_equal(due(f->store, STORE_LINK_DUE_VISITED, 9999, &first),
			 0);
	take_file(f->store, 1, 2, 2500);
	assert_int_equal(due(f->store, STORE_LINK_DUE_VISITED, 2999, &first),
			 0);
	assert_int_equal(due(f->store, STORE_LINK_DUE_VISITED, 3000, &first),
			 1);
	assert_int_equal(first, 2);
	check_status(ST_OK,
		     store_link_next_due(f->store, 2999, &next_unix_ms, &err),
		     &err);
	assert_true(next_unix_ms == 3000);
	check_status(ST_OK,
		     store_link_next_due(f->store, 3000, &next_unix_ms, &err),
		     &err);
	assert_true(next_unix_ms == 5002);
	row.downloads = 0;
	check_status(ST_OK, store_link_update(f->store, &row, &err), &err);
	assert_int_equal(due(f->store, STORE_LINK_DUE_VISITED, 9999, &first),
			 0);
	store_rollback(f->store);
}

static size_t
forgettable(struct store *store, int64_t until_unix_ms)
{
	const struct store_due_query query = { .due = STORE_DUE_RETENTION,
					       .until_unix_ms = until_unix_ms,
					       .limit = 5 };
	uint8_t ids[5][CASE_ID_BYTES];
	size_t count = 0;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_case_due(store, &query, ids, &count, &err),
		     &err);
	return count;
}

static void
a_case_is_not_forgotten_before_its_links(void **state)
{
	struct fixture *f = *state;
	struct store_case mail = row_case(1, CASE_STATE_RELEASED, 1000);
	struct err err = { .st = ST_OK };

	put_links(f->store);
	mail.ended_unix_ms = 2000;
	check_status(ST_OK, store_case_update(f->store, &mail, &err), &err);
	assert_int_equal(forgettable(f->store, 9999), 0);
	for (uint8_t i = 1; i <= 3; i++) {
		struct store_link row = row_link(1, i);

		row.ended_unix_ms = 4000 + i;
		check_status(ST_OK, store_link_update(f->store, &row, &err),
			     &err);
	}
	assert_int_equal(forgettable(f->store, 4002), 0);
	assert_int_equal(forgettable(f->store, 4003), 1);
	store_rollback(f->store);
}

static void
a_wish_is_replaced_and_goes_with_the_case(void **state)
{
	struct fixture *f = *state;
	struct store_link_ask row = { .asked_unix_ms = 5,
				      .words = span_of("words") };
	struct store_link_ask got = { .memory = NULL };
	struct err err = { .st = ST_OK };

	memset(row.case_id, 1, sizeof(row.case_id));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_NOT_FOUND, store_link_ask_put(f->store, &row, &err),
		     &err);
	store_rollback(f->store);
	put_links(f->store);
	check_status(ST_OK, store_link_ask_put(f->store, &row, &err), &err);
	row.asked_unix_ms = 6;
	row.words = span_of("others");
	check_status(ST_OK, store_link_ask_put(f->store, &row, &err), &err);
	check_status(ST_OK,
		     store_link_ask_find(f->store, row.case_id, &got, &err),
		     &err);
	assert_true(span_equal(got.words, span_of("others")));
	store_link_ask_done(&got);
	check_status(ST_OK, store_link_ask_forget(f->store, row.case_id, &err),
		     &err);
	check_status(ST_OK,
		     store_link_ask_find(f->store, row.case_id, &got, &err),
		     &err);
	assert_int_equal(got.asked_unix_ms, 6);
	assert_int_equal(got.words.len_bytes, 0);
	store_link_ask_done(&got);
	check_status(ST_OK, store_case_delete(f->store, row.case_id, &err),
		     &err);
	check_status(ST_NOT_FOUND,
		     store_link_ask_find(f->store, row.case_id, &got, &err),
		     &err);
	store_rollback(f->store);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		EVERYWHERE(a_batch_keeps_all_its_columns),
		EVERYWHERE(both_blobs_of_a_batch_have_an_owner),
		EVERYWHERE(a_link_keeps_all_its_columns),
		EVERYWHERE(one_link_for_each_secret_and_recipient),
		EVERYWHERE(links_are_counted_and_listed_as_they_were_made),
		EVERYWHERE(the_mail_is_owed_to_who_waits_and_has_no_link),
		EVERYWHERE(only_links_with_the_recipient_fall_due),
		EVERYWHERE(a_once_link_is_visited_when_no_file_is_left),
		EVERYWHERE(a_case_is_not_forgotten_before_its_links),
		EVERYWHERE(a_wish_is_replaced_and_goes_with_the_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
