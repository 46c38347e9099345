/* Tests of the steps between versions of the store's file, and of the rows
 * that version 2 brought: previews, counters, domains. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"
#include "tests/vault/store_harness.h"
#include "tests/vault/store_rows.h"
#include "vault/store/store_preview.h"
#include "vault/store/store_stats.h"

/* A file as the first version wrote it, with a row in most tables. */
static void
make_version_1(const char *path)
{
	const char *srcdir = getenv("top_srcdir");
	char sample[300];
	static char sql[16384];
	FILE *file = NULL;
	sqlite3 *db = NULL;

	(void)snprintf(sample, sizeof(sample),
		       "%s/tests/data/store/version1.sql",
		       srcdir != NULL ? srcdir : ".");
	file = fopen(sample, "r");
	assert_non_null(file);
	assert_true(fread(sql, 1, sizeof(sql) - 1, file) > 1000);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static enum status
see_session(void *context, const struct store_session *row, struct err *err)
{
	size_t *count = context;

	(void)row;
	(void)err;
	(*count)++;
	return ST_OK;
}

/* They do not tell whether a code was given. New ones can be made. */
static void
sessions_of_before_have_ended(struct store *store, uint64_t user_id)
{
	const struct store_session row = { .user_id = user_id };
	struct err err = { .st = ST_OK };
	size_t count = 0;

	check_status(
		ST_OK,
		store_session_each(store, user_id, see_session, &count, &err),
		&err);
	assert_int_equal(count, 0);
	check_status(ST_OK, store_begin(store, &err), &err);
	check_status(ST_OK, store_session_insert(store, &row, &err), &err);
	store_rollback(store);
}

static void
a_store_of_version_1_is_brought_up_with_all_its_rows(void **state)
{
	struct fixture *f = *state;
	struct store *store = NULL;
	AUTO(store_case_done) struct store_case row = { .memory = NULL };
	AUTO(store_user_done) struct store_user user = { .memory = NULL };
	struct store_counts counts = { 0 };
	struct err err = { .st = ST_OK };
	uint8_t id[CASE_ID_BYTES];
	char path[200];
	char locator[220];

	(void)snprintf(path, sizeof(path), "%s/old.db", f->dir);
	(void)snprintf(locator, sizeof(locator), "sqlite:%s", path);
	make_version_1(path);
	/* Who only reads does not change it. */
	check_status(ST_FORMAT,
		     store_open(locator, f->dir, STORE_MODE_READ, &store, &err),
		     &err);
	check_status(
		ST_OK,
		store_open(locator, f->dir, STORE_MODE_WRITE, &store, &err),
		&err);
	assert_int_equal(store_schema_version(store),
			 store_schema_version(f->store));
	check_status(ST_OK, store_check(store, &err), &err);
	memset(id, 1, sizeof(id));
	check_status(ST_OK, store_case_find(store, id, &row, &err), &err);
	assert_string_equal(row.approvers, "hr");
	assert_int_equal(row.comments, 0);
	assert_false(row.self_test);
	check_status(ST_OK, store_user_find(store, 1, &user, &err), &err);
	assert_string_equal(user.login, "bob");
	assert_int_equal(user.factor.len_bytes, 0);
	sessions_of_before_have_ended(store, user.id);
	check_status(ST_OK, store_count(store, &counts, &err), &err);
	assert_int_equal(counts.cases_open, 1);
	assert_int_equal(counts.jobs_waiting, 1);
	assert_int_equal(counts.pairs, 1);
	store_close(&store);
	/* And it stays so. */
	check_status(ST_OK,
		     store_open(locator, f->dir, STORE_MODE_READ, &store, &err),
		     &err);
	store_close(&store);
}

static void
a_preview_is_replaced_and_goes_with_its_case(void **state)
{
	const struct store_preview first = { .preview_key = span_of("k1"),
					     .preview = span_of("p1") };
	const struct store_preview second = { .preview_key = span_of("k2"),
					      .preview = span_of("p2") };
	struct fixture *f = *state;
	const struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	AUTO(store_preview_done)
	struct store_preview found = { .memory = NULL };
	struct err err = { .st = ST_OK };

	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_preview_put(f->store, row.id, &first, &err), &err);
	insert_case(f->store, &row);
	check_status(ST_OK, store_preview_put(f->store, row.id, &first, &err),
		     &err);
	check_status(ST_OK, store_preview_put(f->store, row.id, &second, &err),
		     &err);
	check_status(ST_OK, store_preview_find(f->store, row.id, &found, &err),
		     &err);
	assert_true(span_equal(found.preview, span_of("p2")));
	assert_true(span_equal(found.preview_key, span_of("k2")));
	check_status(ST_OK, store_case_delete(f->store, row.id, &err), &err);
	check_status(ST_NOT_FOUND,
		     store_preview_find(f->store, row.id, &found, &err), &err);
	check_status(ST_OK, store_preview_delete(f->store, row.id, &err), &err);
	check_status(ST_OK, store_commit(f->store, &err), &err);
}

static enum status
sum_up(void *context, const struct store_stat *row, struct err *err)
{
	char *text = context;
	const size_t used = strlen(text);

	(void)err;
	(void)snprintf(text + used, 200 - used, "%u %s %u=%u;", row->day,
		       row->rule, row->counter, (unsigned)row->count);
	return ST_OK;
}

static void
counters_add_up_by_day_rule_and_counter(void **state)
{
	static const struct store_stat adds[] = {
		{ 100, "b", 1, 0 }, { 100, "b", 1, 0 }, { 100, "a", 1, 0 },
		{ 100, "b", 2, 0 }, { 101, "a", 1, 0 }, { 99, "a", 1, 0 },
	};
	struct fixture *f = *state;
	struct err err = { .st = ST_OK };
	char text[200] = "";

	check_status(ST_OK, store_begin(f->store, &err), &err);
	for (size_t i = 0; i < ARRAY_LEN(adds); i++)
		check_status(ST_OK, store_stat_add(f->store, &adds[i], &err),
			     &err);
	check_status(ST_OK, store_commit(f->store, &err), &err);
	check_status(ST_OK,
		     store_stat_each(f->store, 100, 101, sum_up, text, &err),
		     &err);
	assert_string_equal(text, "100 a 1=1;100 b 1=2;100 b 2=1;101 a 1=1;");
}

static enum status
list_domain(void *context, const struct store_domain *row, struct err *err)
{
	char *text = context;
	const size_t used = strlen(text);

	(void)err;
	(void)snprintf(text + used, 200 - used, "%s %u %u-%u;", row->domain,
		       (unsigned)row->pairs, row->first_day, row->last_day);
	return ST_OK;
}

static void
domains_come_with_their_pairs_and_days(void **state)
{
	struct fixture *f = *state;
	struct store_pair pair = { .domain = "example.com",
				   .first_day = 10,
				   .last_day = 20 };
	struct err err = { .st = ST_OK };
	char text[200] = "";

	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_pair_put(f->store, &pair, &err), &err);
	pair.recipient[0] = 1;
	pair.first_day = 5;
	pair.last_day = 12;
	check_status(ST_OK, store_pair_put(f->store, &pair, &err), &err);
	pair.recipient[0] = 2;
	pair.domain = "example.co.jp";
	check_status(ST_OK, store_pair_put(f->store, &pair, &err), &err);
	check_status(ST_OK, store_commit(f->store, &err), &err);
	check_status(ST_OK,
		     store_domain_each(f->store, 10, list_domain, text, &err),
		     &err);
	assert_string_equal(text, "example.com 2 5-20;example.co.jp 1 5-12;");
	text[0] = '\0';
	check_status(ST_OK,
		     store_domain_each(f->store, 1, list_domain, text, &err),
		     &err);
	assert_string_equal(text, "example.com 2 5-20;");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		ON(fixture_file,
		   a_store_of_version_1_is_brought_up_with_all_its_rows),
		EVERYWHERE(a_preview_is_replaced_and_goes_with_its_case),
		EVERYWHERE(counters_add_up_by_day_rule_and_counter),
		EVERYWHERE(domains_come_with_their_pairs_and_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
