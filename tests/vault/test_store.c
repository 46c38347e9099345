/*
 * The conformance suite of vault/store/, which every back end must pass:
 * connections and transactions here; rows in test_store_case.c,
 * test_store_job.c and test_store_people.c, failures in test_store_faults.c.
 */
#include "vault/store/store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"
#include "tests/vault/store_harness.h"
#include "tests/vault/store_rows.h"

/* --- connections and transactions ----------------------------------- */

static void
a_new_store_is_private_and_has_a_version(void **state)
{
	struct fixture *f = *state;
	struct stat info;
	char path[300];

	if (!f->on_disk)
		skip();
	(void)snprintf(path, sizeof(path), "%s/store.db", f->dir);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_true(store_schema_version(f->store) >= 1);
}

static void
what_is_not_ours_is_refused(void **state)
{
	static const char *const bad[] = { "pgsql:x", "", "sqlite:relative" };
	struct fixture *f = *state;
	struct store *other = NULL;
	struct err err = { 0 };
	char locator[300];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		check_status(ST_FORMAT,
			     store_open(bad[i], f->dir, STORE_MODE_WRITE,
					&other, &err),
			     &err);
	(void)snprintf(locator, sizeof(locator), "%s/junk", f->dir);
	check_status(ST_OK,
		     fd_replace_file(locator,
				     span_of("this is not a database at all, "
					     "but long enough to look at it "
					     "as if it were one, twice over"),
				     0600, &err),
		     &err);
	(void)snprintf(locator, sizeof(locator), "sqlite:%s/junk", f->dir);
	check_status(
		ST_FORMAT,
		store_open(locator, f->dir, STORE_MODE_WRITE, &other, &err),
		&err);
	assert_null(other);
}

static void
committed_rows_are_seen_after_reopening(void **state)
{
	struct fixture *f = *state;
	AUTO(sbuf_done) struct sbuf value;
	struct err err = { 0 };

	if (!f->on_disk)
		skip();
	sbuf_init(&value, 100);
	put_value(f->store, "a", "kept");
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK,
		     store_meta_put(f->store, "b", span_of("lost"), &err),
		     &err);
	fixture_reopen(f);
	check_status(ST_OK, store_meta_find(f->store, "a", &value, &err), &err);
	assert_string_equal(sbuf_text(&value), "kept");
	check_status(ST_NOT_FOUND, store_meta_find(f->store, "b", &value, &err),
		     &err);
}

static void
rollback_undoes_everything(void **state)
{
	struct fixture *f = *state;
	AUTO(sbuf_done) struct sbuf value;
	struct err err = { 0 };

	sbuf_init(&value, 100);
	put_value(f->store, "a", "1");
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_meta_put(f->store, "a", span_of("2"), &err),
		     &err);
	store_rollback(f->store);
	store_rollback(f->store);
	check_status(ST_OK, store_meta_find(f->store, "a", &value, &err), &err);
	assert_string_equal(sbuf_text(&value), "1");
}

static void
undo_goes_back_to_the_mark_only(void **state)
{
	struct fixture *f = *state;
	AUTO(sbuf_done) struct sbuf value;
	struct err err = { 0 };

	sbuf_init(&value, 100);
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_meta_put(f->store, "a", span_of("1"), &err),
		     &err);
	check_status(ST_OK, store_mark(f->store, &err), &err);
	check_status(ST_OK, store_meta_put(f->store, "b", span_of("2"), &err),
		     &err);
	check_status(ST_OK, store_undo(f->store, &err), &err);
	check_status(ST_OK, store_mark(f->store, &err), &err);
	check_status(ST_OK, store_meta_put(f->store, "c", span_of("3"), &err),
		     &err);
	check_status(ST_OK, store_keep(f->store, &err), &err);
	check_status(ST_OK, store_commit(f->store, &err), &err);
	check_status(ST_OK, store_meta_find(f->store, "a", &value, &err), &err);
	check_status(ST_NOT_FOUND, store_meta_find(f->store, "b", &value, &err),
		     &err);
	check_status(ST_OK, store_meta_find(f->store, "c", &value, &err), &err);
	assert_string_equal(sbuf_text(&value), "13");
}

static void
changes_need_a_transaction_of_a_writer(void **state)
{
	struct fixture *f = *state;
	AUTO(store_close) struct store *reader = NULL;
	struct err err = { 0 };

	check_status(ST_UNSUPPORTED,
		     store_meta_put(f->store, "a", span_of("1"), &err), &err);
	check_status(ST_UNSUPPORTED, store_commit(f->store, &err), &err);
	if (!f->on_disk)
		return;
	check_status(
		ST_OK,
		store_open("sqlite:", f->dir, STORE_MODE_READ, &reader, &err),
		&err);
	check_status(ST_OK, store_begin(reader, &err), &err);
	check_status(ST_UNSUPPORTED,
		     store_meta_put(reader, "a", span_of("1"), &err), &err);
	check_status(ST_OK, store_commit(reader, &err), &err);
}

static void
a_reader_keeps_its_snapshot_and_blocks_nobody(void **state)
{
	struct fixture *f = *state;
	AUTO(store_close) struct store *reader = NULL;
	AUTO(sbuf_done) struct sbuf value;
	struct err err = { 0 };

	if (!f->on_disk)
		skip();
	sbuf_init(&value, 100);
	put_value(f->store, "a", "1");
	check_status(
		ST_OK,
		store_open("sqlite:", f->dir, STORE_MODE_READ, &reader, &err),
		&err);
	check_status(ST_OK, store_begin(reader, &err), &err);
	put_value(f->store, "a", "2");
	check_status(ST_OK, store_meta_find(reader, "a", &value, &err), &err);
	check_status(ST_OK, store_commit(reader, &err), &err);
	check_status(ST_OK, store_meta_find(reader, "a", &value, &err), &err);
	assert_string_equal(sbuf_text(&value), "12");
}

static void
a_copy_is_whole_and_checks_out(void **state)
{
	struct fixture *f = *state;
	AUTO(store_close) struct store *copy = NULL;
	AUTO(sbuf_done) struct sbuf value;
	struct err err = { 0 };
	char locator[300];

	sbuf_init(&value, 100);
	put_value(f->store, "a", "1");
	(void)snprintf(locator, sizeof(locator), "sqlite:%s/copy.db", f->dir);
	check_status(ST_OK, store_copy(f->store, locator + 7, &err), &err);
	put_value(f->store, "a", "2");
	check_status(ST_OK,
		     store_open(locator, f->dir, STORE_MODE_WRITE, &copy, &err),
		     &err);
	check_status(ST_OK, store_meta_find(copy, "a", &value, &err), &err);
	assert_string_equal(sbuf_text(&value), "1");
	check_status(ST_OK, store_check(copy, &err), &err);
	check_status(ST_OK, store_check(f->store, &err), &err);
}

static bool
file_has(const char *dir, const char *name, const char *text)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct err err = { 0 };
	char path[300];

	sbuf_init(&bytes, 1 << 24);
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (fd_slurp_file(path, &bytes, &err) != ST_OK)
		return false;
	return bytes.len_bytes > 0 &&
	       memmem(bytes.bytes, bytes.len_bytes, text, strlen(text)) != NULL;
}

static void
what_was_deleted_is_in_no_file_after_a_scrub(void **state)
{
	static const char key[] = "a wrapped key that must not survive";
	struct fixture *f = *state;
	struct err err = { 0 };

	if (!f->on_disk)
		skip();
	put_value(f->store, "key", key);
	check_status(ST_OK, store_scrub(f->store, &err), &err);
	assert_true(file_has(f->dir, "store.db", key));
	put_value(f->store, "key", "");
	check_status(ST_OK, store_scrub(f->store, &err), &err);
	assert_false(file_has(f->dir, "store.db", key));
	assert_false(file_has(f->dir, "store.db-wal", key));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		EVERYWHERE(a_new_store_is_private_and_has_a_version),
		EVERYWHERE(what_is_not_ours_is_refused),
		EVERYWHERE(committed_rows_are_seen_after_reopening),
		EVERYWHERE(rollback_undoes_everything),
		EVERYWHERE(undo_goes_back_to_the_mark_only),
		EVERYWHERE(changes_need_a_transaction_of_a_writer),
		EVERYWHERE(a_reader_keeps_its_snapshot_and_blocks_nobody),
		EVERYWHERE(a_copy_is_whole_and_checks_out),
		EVERYWHERE(what_was_deleted_is_in_no_file_after_a_scrub),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
