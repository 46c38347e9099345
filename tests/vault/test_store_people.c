/* Tests of store_people.h and store_audit.h over every back end. */
#include "vault/store/store_people.h"

#include <stdlib.h>

#include "tests/harness/check.h"
#include "tests/vault/store_harness.h"
#include "tests/vault/store_rows.h"

static uint64_t
insert_user(struct store *store, const char *login, int64_t uid)
{
	const struct store_user row = row_user(login, uid);
	uint64_t id = 0;
	struct err err = { 0 };

	check_status(ST_OK, store_user_insert(store, &row, &id, &err), &err);
	return id;
}

static void
check_user(const struct store_user *got, uint64_t id, const char *login)
{
	assert_int_equal(got->id, id);
	assert_string_equal(got->login, login);
	assert_string_equal(got->name, "山田太郎");
	assert_string_equal(got->language, "ja");
	assert_int_equal(got->roles, VAULT_ROLE_APPROVER);
	assert_true(got->enabled);
	assert_string_equal(got->addresses, "a@example.co.jp,b@example.co.jp");
	assert_string_equal(got->former_addresses, "old@example.co.jp");
	assert_string_equal(got->groups, "managers");
	assert_string_equal(got->password, "$argon2id$");
	assert_true(span_equal(got->factor, span_of("factor")));
	assert_true(span_equal(got->factor_new, span_of("new")));
	assert_int_equal(got->created_unix_ms, 5);
	assert_int_equal(got->failures, 1);
	assert_int_equal(got->locked_until_unix_ms, 6);
}

static void
accounts_are_found_by_id_login_and_uid(void **state)
{
	struct fixture *f = *state;
	struct store_user got = { 0 };
	struct err err = { 0 };
	uint64_t id = 0;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	id = insert_user(f->store, "approver1", 1000);
	(void)insert_user(f->store, "approver2", -1);
	check_status(ST_OK, store_user_find(f->store, id, &got, &err), &err);
	check_user(&got, id, "approver1");
	store_user_done(&got);
	check_status(ST_OK,
		     store_user_find_login(f->store, "approver1", &got, &err),
		     &err);
	check_user(&got, id, "approver1");
	store_user_done(&got);
	check_status(ST_OK, store_user_find_uid(f->store, 1000, &got, &err),
		     &err);
	check_user(&got, id, "approver1");
	store_user_done(&got);
	check_status(ST_NOT_FOUND,
		     store_user_find_login(f->store, "APPROVER1", &got, &err),
		     &err);
	/* -1 is "no uid" and finds nobody. */
	check_status(ST_NOT_FOUND,
		     store_user_find_uid(f->store, -1, &got, &err), &err);
	store_rollback(f->store);
}

static void
logins_and_uids_are_unique(void **state)
{
	struct fixture *f = *state;
	const struct store_user same_login = row_user("approver1", -1);
	const struct store_user same_uid = row_user("approver9", 1000);
	struct err err = { 0 };
	uint64_t id = 0;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	(void)insert_user(f->store, "approver1", 1000);
	(void)insert_user(f->store, "approver2", -1);
	(void)insert_user(f->store, "approver3", -1);
	check_status(ST_DENIED,
		     store_user_insert(f->store, &same_login, &id, &err), &err);
	check_status(ST_DENIED,
		     store_user_insert(f->store, &same_uid, &id, &err), &err);
	store_rollback(f->store);
}

static enum status
see_user(void *context, const struct store_user *row, struct err *err)
{
	return seen_step(context, (uint8_t)row->login[0], err);
}

static void
accounts_change_and_are_listed_by_login(void **state)
{
	struct fixture *f = *state;
	struct store_user row = row_user("zoe", 7);
	struct store_user got = { 0 };
	struct seen seen = { 0 };
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	(void)insert_user(f->store, "bob", -1);
	row.id = insert_user(f->store, "cat", -1);
	row.enabled = false;
	row.password = "";
	row.failures = 0;
	check_status(ST_OK, store_user_update(f->store, &row, &err), &err);
	check_status(ST_OK, store_user_find(f->store, row.id, &got, &err),
		     &err);
	assert_string_equal(got.login, "zoe");
	assert_false(got.enabled);
	assert_string_equal(got.password, "");
	assert_int_equal(got.failures, 0);
	assert_int_equal(got.uid, 7);
	store_user_done(&got);
	(void)insert_user(f->store, "amy", -1);
	check_status(ST_OK, store_user_each(f->store, see_user, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 3);
	assert_memory_equal(seen.ids, "abz", 3);
	row.id = 99;
	check_status(ST_NOT_FOUND, store_user_update(f->store, &row, &err),
		     &err);
	store_rollback(f->store);
}

static enum status
see_grant(void *context, const struct store_grant *row, struct err *err)
{
	return seen_step(context, (uint8_t)row->by_user_id, err);
}

static void
grants_are_listed_since_an_instant(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct err err = { 0 };
	uint64_t id = 0;

	check_status(ST_OK, store_begin(f->store, &err), &err);
	id = insert_user(f->store, "approver1", -1);
	for (uint64_t i = 1; i <= 3; i++) {
		const struct store_grant row = { .user_id = id,
						 .by_user_id = i,
						 .at_unix_ms =
							 100 * (int64_t)i };

		check_status(ST_OK, store_grant_insert(f->store, &row, &err),
			     &err);
	}
	check_status(
		ST_OK,
		store_grant_each(f->store, id, 200, see_grant, &seen, &err),
		&err);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.ids[0], 2);
	assert_int_equal(seen.ids[1], 3);
	store_rollback(f->store);
}

static void
pairs_widen_their_days(void **state)
{
	struct fixture *f = *state;
	struct store_pair row = { .domain = "example.com",
				  .first_day = 20,
				  .last_day = 20 };
	struct err err = { 0 };
	struct store_counts counts = { 0 };
	bool found = true;

	memset(row.sender, 1, sizeof(row.sender));
	memset(row.recipient, 2, sizeof(row.recipient));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_pair_put(f->store, &row, &err), &err);
	check_status(ST_OK,
		     store_pair_has(f->store, row.sender, row.recipient, 20,
				    &found, &err),
		     &err);
	assert_false(found);
	row.first_day = row.last_day = 10;
	check_status(ST_OK, store_pair_put(f->store, &row, &err), &err);
	row.first_day = row.last_day = 15;
	check_status(ST_OK, store_pair_put(f->store, &row, &err), &err);
	check_status(ST_OK,
		     store_pair_has(f->store, row.sender, row.recipient, 11,
				    &found, &err),
		     &err);
	assert_true(found);
	check_status(ST_OK,
		     store_pair_has(f->store, row.recipient, row.sender, 99,
				    &found, &err),
		     &err);
	assert_false(found);
	check_status(ST_OK, store_count(f->store, &counts, &err), &err);
	assert_int_equal(counts.pairs, 1);
	store_rollback(f->store);
}

static void
totals_count_what_they_say(void **state)
{
	struct fixture *f = *state;
	struct store_case rows[] = {
		row_case(1, CASE_STATE_HELD, 3000),
		row_case(2, CASE_STATE_UNCONFIRMED, 2000),
		row_case(3, CASE_STATE_RELEASED, 1000),
	};
	struct store_job failing = row_job(1, 1, 0);
	const struct store_job fresh = row_job(1, 2, 0);
	struct store_job done = row_job(1, 3, 0);
	struct store_counts counts = { 0 };
	struct err err = { 0 };
	uint64_t id = 0;

	rows[2].ended_unix_ms = 1;
	failing.attempts = 1;
	done.done = true;
	done.attempts = 5;
	check_status(ST_OK, store_begin(f->store, &err), &err);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		insert_case(f->store, &rows[i]);
	check_status(ST_OK, store_job_insert(f->store, &failing, &id, &err),
		     &err);
	check_status(ST_OK, store_job_insert(f->store, &fresh, &id, &err),
		     &err);
	check_status(ST_OK, store_job_insert(f->store, &done, &id, &err), &err);
	check_status(ST_OK, store_count(f->store, &counts, &err), &err);
	assert_int_equal(counts.cases_total, 3);
	assert_int_equal(counts.cases_open, 2);
	assert_int_equal(counts.cases_unconfirmed, 1);
	assert_int_equal(counts.oldest_open_unix_ms, 2000);
	assert_int_equal(counts.jobs_waiting, 2);
	assert_int_equal(counts.jobs_failing, 1);
	assert_int_equal(counts.audit_rows, 0);
	assert_true(counts.store_bytes > 0);
	store_rollback(f->store);
}

/* --- audit ------------------------------------------------------------ */

static struct store_audit_row
audit_row(uint64_t seq)
{
	struct store_audit_row row = { .seq = seq,
				       .at_unix_ms = 100,
				       .has_case = seq % 2 == 0,
				       .body = span_of("body") };

	memset(row.case_id, seq % 2 == 0 ? 7 : 0, sizeof(row.case_id));
	memset(row.hash, (int)seq, sizeof(row.hash));
	return row;
}

static enum status
see_audit(void *context, const struct store_audit_row *row, struct err *err)
{
	const struct store_audit_row want = audit_row(row->seq);

	assert_int_equal(row->at_unix_ms, 100);
	assert_int_equal(row->has_case, want.has_case);
	assert_memory_equal(row->case_id, want.case_id, CASE_ID_BYTES);
	assert_true(span_equal(row->body, want.body));
	assert_memory_equal(row->hash, want.hash, STORE_HASH_BYTES);
	return seen_step(context, (uint8_t)('0' + row->seq), err);
}

static void
check_audit(struct store *store, const struct store_audit_query *query,
	    const char *want)
{
	struct seen seen = { 0 };
	struct err err = { 0 };

	check_status(ST_OK,
		     store_audit_each(store, query, see_audit, &seen, &err),
		     &err);
	assert_int_equal(seen.count, strlen(want));
	assert_memory_equal(seen.ids, want, strlen(want));
}

static void
audit_rows_come_one_after_another(void **state)
{
	struct fixture *f = *state;
	struct store_audit_row last = { 0 };
	struct store_audit_row bad = audit_row(1);
	const uint8_t *case_id = audit_row(2).case_id;
	uint8_t id[CASE_ID_BYTES];
	struct err err = { 0 };

	memcpy(id, case_id, sizeof(id));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_NOT_FOUND, store_audit_last(f->store, &last, &err),
		     &err);
	for (uint64_t seq = 1; seq <= 5; seq++) {
		const struct store_audit_row row = audit_row(seq);

		check_status(ST_OK, store_audit_insert(f->store, &row, &err),
			     &err);
	}
	check_status(ST_DENIED, store_audit_insert(f->store, &bad, &err), &err);
	bad.seq = 7;
	check_status(ST_DENIED, store_audit_insert(f->store, &bad, &err), &err);
	check_status(ST_OK, store_audit_last(f->store, &last, &err), &err);
	assert_int_equal(last.seq, 5);
	assert_true(span_equal(last.body, span_of("body")));
	store_audit_row_done(&last);
	check_audit(f->store, &(struct store_audit_query){ .limit = 9 },
		    "12345");
	check_audit(f->store,
		    &(struct store_audit_query){ .from_seq = 2, .limit = 2 },
		    "23");
	check_audit(
		f->store,
		&(struct store_audit_query){ .newest_first = true, .limit = 2 },
		"54");
	check_audit(f->store,
		    &(struct store_audit_query){
			    .from_seq = 4, .newest_first = true, .limit = 9 },
		    "321");
	check_audit(f->store,
		    &(struct store_audit_query){ .case_id = id, .limit = 9 },
		    "24");
	check_audit(f->store,
		    &(struct store_audit_query){
			    .newest_first = true, .case_id = id, .limit = 1 },
		    "4");
	store_rollback(f->store);
}

static enum status
see_head(void *context, const struct store_audit_head *row, struct err *err)
{
	assert_true(span_equal(row->body, span_of("head")));
	return seen_step(context, (uint8_t)row->seq, err);
}

static void
heads_are_kept_in_order(void **state)
{
	struct fixture *f = *state;
	struct store_audit_head row = { .seq = 9, .body = span_of("head") };
	struct seen seen = { 0 };
	struct err err = { 0 };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_head_last(f->store, see_head, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 0);
	check_status(ST_OK, store_head_insert(f->store, &row, &err), &err);
	check_status(ST_DENIED, store_head_insert(f->store, &row, &err), &err);
	row.seq = 4;
	check_status(ST_OK, store_head_insert(f->store, &row, &err), &err);
	check_status(ST_OK, store_head_each(f->store, see_head, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.ids[0], 4);
	seen = (struct seen){ 0 };
	check_status(ST_OK, store_head_last(f->store, see_head, &seen, &err),
		     &err);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.ids[0], 9);
	store_rollback(f->store);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		EVERYWHERE(accounts_are_found_by_id_login_and_uid),
		EVERYWHERE(logins_and_uids_are_unique),
		EVERYWHERE(accounts_change_and_are_listed_by_login),
		EVERYWHERE(grants_are_listed_since_an_instant),
		EVERYWHERE(pairs_widen_their_days),
		EVERYWHERE(totals_count_what_they_say),
		EVERYWHERE(audit_rows_come_one_after_another),
		EVERYWHERE(heads_are_kept_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
