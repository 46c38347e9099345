/* Tests of vault/store/blob.h, in the order of its promises. */
#include "vault/store/blob.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "tests/harness/check.h"
#include "tests/vault/faulty.h"
#include "tests/vault/store_harness.h"
#include "tests/vault/store_rows.h"

static int
prepared(void **state)
{
	struct fixture *f = NULL;
	struct err err = { 0 };

	(void)fixture_file(state);
	f = *state;
	check_status(ST_OK, blob_prepare(f->dir, &err), &err);
	check_status(ST_OK, blob_prepare(f->dir, &err), &err); /* again */
	return 0;
}

/* Plain files below blobs/. */
static size_t
count_files(const struct fixture *f)
{
	char path[100];
	char *roots[] = { path, NULL };
	size_t count = 0;
	FTS *walk = NULL;
	const FTSENT *entry = NULL;

	(void)snprintf(path, sizeof(path), "%s/blobs", f->dir);
	walk = fts_open(roots, FTS_PHYSICAL, NULL);
	assert_non_null(walk);
	while ((entry = fts_read(walk)) != NULL)
		count += entry->fts_info == FTS_F;
	(void)fts_close(walk);
	return count;
}

static int
memory_of(size_t len_bytes)
{
	AUTO(fd_close) int fd = FD_NONE;
	AUTO(sbuf_done) struct sbuf bytes;
	struct err err = { 0 };

	sbuf_init(&bytes, 1 << 20);
	for (size_t i = 0; i < len_bytes; i++)
		sbuf_add_byte(&bytes, (uint8_t)(i % 253));
	check_status(ST_OK, fd_memory("blob", &fd, &err), &err);
	check_status(ST_OK, fd_write_all(fd, sbuf_span(&bytes), &err), &err);
	return FD_MOVE(fd);
}

static void
a_blob_comes_back_with_its_hash_and_size(void **state)
{
	static const size_t sizes[] = { 0, 1, 8192, 100000 };
	struct fixture *f = *state;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		AUTO(fd_close) int from = memory_of(sizes[i]);
		AUTO(fd_close) int back = FD_NONE;
		AUTO(sbuf_done) struct sbuf want;
		AUTO(sbuf_done) struct sbuf got;
		uint8_t hash[DIGEST_BYTES];
		struct stat info;
		struct blob blob = { 0 };

		sbuf_init(&want, 1 << 20);
		sbuf_init(&got, 1 << 20);
		check_status(ST_OK, blob_put(f->dir, from, &blob, &err), &err);
		check_status(ST_OK, blob_open(f->dir, blob.id, &back, &err),
			     &err);
		assert_int_equal(fstat(back, &info), 0);
		assert_int_equal(info.st_mode & 0777, 0600);
		assert_int_equal(lseek(from, 0, SEEK_SET), 0);
		check_status(ST_OK, fd_slurp(from, &want, &err), &err);
		check_status(ST_OK, fd_slurp(back, &got, &err), &err);
		assert_true(span_equal(sbuf_span(&want), sbuf_span(&got)));
		assert_int_equal(blob.size_bytes, sizes[i]);
		check_status(ST_OK, digest_once(sbuf_span(&want), hash, &err),
			     &err);
		assert_memory_equal(hash, blob.hash, sizeof(hash));
	}
	assert_int_equal(count_files(f), ARRAY_LEN(sizes));
}

static void
the_file_its_place_and_nothing_else_are_synced(void **state)
{
	struct fixture *f = *state;
	AUTO(fd_close) int from = memory_of(10);
	struct blob blob;
	struct err err = { 0 };

	faulty_arm(FAULTY_SYNC, 0, 0, 0);
	check_status(ST_OK, blob_put(f->dir, from, &blob, &err), &err);
	assert_int_equal(faulty_count(), 2);
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

static void
no_failure_leaves_anything_behind(void **state)
{
	static const int errors[] = { EIO, ENOSPC, EDQUOT };
	struct fixture *f = *state;
	AUTO(fd_close) int from = memory_of(20000);
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		enum status st = ST_IO;
		unsigned int steps = 1;

		for (; st != ST_OK; steps++) {
			struct blob blob = { .size_bytes = 77 };

			faulty_arm(FAULTY_ALL, steps, errors[i], 0);
			st = blob_put(f->dir, from, &blob, &err);
			if (!faulty_hit())
				break;
			check_status(ST_IO, st, &err);
			assert_int_equal(err.sys_errno, errors[i]);
			assert_int_equal(blob.size_bytes, 77);
			assert_int_equal(count_files(f), i);
		}
		check_status(ST_OK, st, &err);
		assert_int_equal(steps - 1, 6); /* 3 writes, 2 syncs, rename */
		assert_int_equal(count_files(f), i + 1);
	}
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

static enum status
fill_some(void *context, int to, struct err *err)
{
	const char *text = context;

	if (text == NULL) {
		NEGLECT(fd_write_all(to, span_of("half"), err));
		return err_set(err, ST_FORMAT, "no more");
	}
	return fd_write_all(to, span_of(text), err);
}

static void
a_blob_can_be_written_without_a_copy(void **state)
{
	struct fixture *f = *state;
	AUTO(fd_close) int back = FD_NONE;
	struct blob blob = { .size_bytes = 0 };
	uint8_t hash[DIGEST_BYTES];
	char text[] = "written in place";
	struct err err = { 0 };
	AUTO(sbuf_done) struct sbuf read_back;

	sbuf_init(&read_back, 100);
	check_status(ST_OK, blob_make(f->dir, fill_some, text, &blob, &err),
		     &err);
	assert_int_equal(blob.size_bytes, strlen(text));
	check_status(ST_OK, digest_once(span_of(text), hash, &err), &err);
	assert_memory_equal(hash, blob.hash, sizeof(hash));
	check_status(ST_OK, blob_open(f->dir, blob.id, &back, &err), &err);
	check_status(ST_OK, fd_slurp(back, &read_back, &err), &err);
	assert_string_equal(sbuf_text(&read_back), text);
	check_status(ST_FORMAT, blob_make(f->dir, fill_some, NULL, &blob, &err),
		     &err);
	assert_int_equal(count_files(f), 1);
}

static void
a_failed_sync_is_not_tried_again(void **state)
{
	struct fixture *f = *state;
	AUTO(fd_close) int from = memory_of(10);
	struct blob blob;
	struct err err = { 0 };

	for (unsigned int at = 1; at <= 2; at++) {
		faulty_arm(FAULTY_SYNC, at, EIO, 0);
		check_status(ST_IO, blob_put(f->dir, from, &blob, &err), &err);
		assert_int_equal(faulty_count(), at);
	}
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

static void
a_deleted_blob_is_gone_and_may_be_deleted_again(void **state)
{
	struct fixture *f = *state;
	AUTO(fd_close) int from = memory_of(10);
	AUTO(fd_close) int back = FD_NONE;
	struct blob blob;
	struct err err = { 0 };

	check_status(ST_OK, blob_put(f->dir, from, &blob, &err), &err);
	check_status(ST_OK, blob_delete(f->dir, blob.id, &err), &err);
	check_status(ST_NOT_FOUND, blob_open(f->dir, blob.id, &back, &err),
		     &err);
	check_status(ST_OK, blob_delete(f->dir, blob.id, &err), &err);
	faulty_arm(FAULTY_SYNC, 1, EIO, 0);
	check_status(ST_IO, blob_delete(f->dir, blob.id, &err), &err);
	faulty_arm(FAULTY_NONE, 0, 0, 0);
}

static void
the_sweep_takes_strays_only(void **state)
{
	struct fixture *f = *state;
	AUTO(fd_close) int from = memory_of(10);
	AUTO(fd_close) int back = FD_NONE;
	struct blob kept;
	struct blob stray;
	struct store_case row = row_case(1, CASE_STATE_HELD, 1000);
	const struct store_case_detail detail = row_detail();
	struct err err = { 0 };
	uint64_t removed = 0;
	char path[100];

	check_status(ST_OK, blob_put(f->dir, from, &kept, &err), &err);
	check_status(ST_OK, blob_put(f->dir, from, &stray, &err), &err);
	memcpy(row.blob_id, kept.id, sizeof(row.blob_id));
	check_status(ST_OK, store_begin(f->store, &err), &err);
	check_status(ST_OK, store_case_insert(f->store, &row, &detail, &err),
		     &err);
	check_status(ST_OK, store_commit(f->store, &err), &err);
	(void)snprintf(path, sizeof(path), "%s/blobs/new/unfinished", f->dir);
	check_status(ST_OK, fd_replace_file(path, span_of("part"), 0600, &err),
		     &err);
	(void)snprintf(path, sizeof(path), "%s/blobs/00/lost+found", f->dir);
	check_status(ST_OK,
		     fd_replace_file(path, span_of("not ours"), 0600, &err),
		     &err);
	check_status(ST_OK, blob_sweep(f->dir, f->store, &removed, &err), &err);
	assert_int_equal(removed, 2);
	assert_int_equal(count_files(f), 2);
	check_status(ST_NOT_FOUND, blob_open(f->dir, stray.id, &back, &err),
		     &err);
	check_status(ST_OK, blob_open(f->dir, kept.id, &back, &err), &err);
}

static void
free_space_is_told(void **state)
{
	struct fixture *f = *state;
	uint64_t bytes = 0;
	struct err err = { 0 };

	check_status(ST_OK, blob_free_bytes(f->dir, &bytes, &err), &err);
	assert_true(bytes > 0);
	check_status(ST_IO, blob_free_bytes("/nonexistent", &bytes, &err),
		     &err);
}

#define PREPARED(test) \
	cmocka_unit_test_setup_teardown(test, prepared, fixture_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		PREPARED(a_blob_comes_back_with_its_hash_and_size),
		PREPARED(the_file_its_place_and_nothing_else_are_synced),
		PREPARED(no_failure_leaves_anything_behind),
		PREPARED(a_blob_can_be_written_without_a_copy),
		PREPARED(a_failed_sync_is_not_tried_again),
		PREPARED(a_deleted_blob_is_gone_and_may_be_deleted_again),
		PREPARED(the_sweep_takes_strays_only),
		PREPARED(free_space_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
