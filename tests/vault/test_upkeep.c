/* Tests of vault/store/upkeep.h, in the order of its promises. */
#include "vault/store/upkeep.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/vault/link_rows.h"
#include "tests/vault/store_harness.h"
#include "vault/store/tar.h"

enum { CASES = 3 };

/* A store of CASES cases with their blobs; the last one is shredded. */
struct upkeep_fixture {
	struct fixture *f;
	struct blob blobs[CASES];
	char tar[100];
	char target[100];
};

static void
put_case(struct upkeep_fixture *u, uint8_t number)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct store_case row = row_case(number, CASE_STATE_HELD, 1000);
	const struct store_case_detail detail = row_detail();
	struct blob *blob = &u->blobs[number - 1];
	struct err err = { 0 };
	char text[700 * CASES];

	memset(text, 'a' + number, sizeof(text));
	check_status(ST_OK, fd_memory("blob", &fd, &err), &err);
	check_status(ST_OK,
		     fd_write_all(fd,
				  (struct span){ (const uint8_t *)text,
						 (size_t)700 * number },
				  &err),
		     &err);
	check_status(ST_OK, blob_put(u->f->dir, fd, blob, &err), &err);
	memcpy(row.blob_id, blob->id, sizeof(row.blob_id));
	memcpy(row.blob_hash, blob->hash, sizeof(row.blob_hash));
	row.blob_bytes = blob->size_bytes;
	if (number == CASES) {
		row.blob_key = (struct span){ NULL, 0 };
		check_status(ST_OK, blob_delete(u->f->dir, blob->id, &err),
			     &err);
	}
	check_status(ST_OK, store_begin(u->f->store, &err), &err);
	check_status(ST_OK, store_case_insert(u->f->store, &row, &detail, &err),
		     &err);
	check_status(ST_OK, store_commit(u->f->store, &err), &err);
}

static int
upkeep_setup(void **state)
{
	struct upkeep_fixture *u = calloc(1, sizeof(*u));
	void *inner = NULL;
	struct err err = { 0 };

	assert_non_null(u);
	(void)fixture_file(&inner);
	u->f = inner;
	check_status(ST_OK, blob_prepare(u->f->dir, &err), &err);
	for (size_t i = 1; i <= CASES; i++)
		put_case(u, (uint8_t)i);
	(void)snprintf(u->tar, sizeof(u->tar), "%s/backup.tar", u->f->dir);
	(void)snprintf(u->target, sizeof(u->target), "%s/restored", u->f->dir);
	*state = u;
	return 0;
}

static int
upkeep_teardown(void **state)
{
	struct upkeep_fixture *u = *state;
	void *inner = u->f;

	free(u);
	return fixture_teardown(&inner);
}

static void
blob_path_of(const struct upkeep_fixture *u, const char *dir, size_t index,
	     char path[200])
{
	AUTO(sbuf_done) struct sbuf name;

	(void)u;
	sbuf_init(&name, 100);
	format_hex(&name, (struct span){ u->blobs[index].id, 16 });
	(void)snprintf(path, 200, "%s/blobs/%02x/%s", dir,
		       u->blobs[index].id[0], sbuf_text(&name));
}

static struct upkeep_finding
check_all(struct upkeep_fixture *u)
{
	struct upkeep_finding finding = { 0 };
	struct err err = { 0 };

	check_status(ST_OK,
		     upkeep_check(u->f->store, u->f->dir, &finding, &err),
		     &err);
	return finding;
}

static void
a_whole_store_has_no_problems(void **state)
{
	const struct upkeep_finding finding = check_all(*state);

	assert_int_equal(finding.cases, CASES);
	assert_int_equal(finding.blobs, CASES - 1);
	assert_int_equal(finding.problems, 0);
	assert_string_equal(finding.first_problem, "");
}

static void
a_changed_blob_is_found(void **state)
{
	struct upkeep_fixture *u = *state;
	AUTO(fd_close) int fd = FD_NONE;
	char path[200];

	blob_path_of(u, u->f->dir, 1, path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "X", 1, 1399), 1);
	const struct upkeep_finding finding = check_all(u);

	assert_int_equal(finding.problems, 1);
	assert_non_null(strstr(finding.first_problem, "was changed"));
}

static void
missing_and_short_blobs_are_found(void **state)
{
	struct upkeep_fixture *u = *state;
	char path[200];

	blob_path_of(u, u->f->dir, 0, path);
	assert_int_equal(truncate(path, 699), 0);
	blob_path_of(u, u->f->dir, 1, path);
	assert_int_equal(unlink(path), 0);
	const struct upkeep_finding finding = check_all(u);

	assert_int_equal(finding.problems, 2);
	assert_int_equal(finding.blobs, CASES - 1);
}

static void
back_up(struct upkeep_fixture *u)
{
	AUTO(store_close) struct store *reader = NULL;
	struct err err = { 0 };
	AUTO(fd_close)
	int fd = open(u->tar, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	check_status(ST_OK,
		     store_open("sqlite:", u->f->dir, STORE_MODE_READ, &reader,
				&err),
		     &err);
	check_status(ST_OK, upkeep_backup(reader, u->f->dir, fd, &err), &err);
}

static void
a_restored_backup_is_the_same_store(void **state)
{
	struct upkeep_fixture *u = *state;
	AUTO(store_close) struct store *store = NULL;
	struct upkeep_finding finding = { 0 };
	struct stat info;
	struct err err = { 0 };
	char path[200];

	back_up(u);
	check_status(ST_OK, upkeep_restore(u->tar, u->target, &err), &err);
	check_status(ST_OK,
		     store_open("sqlite:", u->target, STORE_MODE_WRITE, &store,
				&err),
		     &err);
	check_status(ST_OK, upkeep_check(store, u->target, &finding, &err),
		     &err);
	assert_int_equal(finding.cases, CASES);
	assert_int_equal(finding.blobs, CASES - 1);
	assert_int_equal(finding.problems, 0);
	blob_path_of(u, u->target, 0, path);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	(void)snprintf(path, sizeof(path), "%s/store.db", u->target);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	(void)snprintf(path, sizeof(path), "%s/store.db.part-wal", u->target);
	assert_int_not_equal(stat(path, &info), 0);
}

/* Files of a link that lives, and its mail that is with all recipients. */
static void
put_batch(struct upkeep_fixture *u, struct blob *files_out)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct store_link_batch row = row_batch(1);
	struct err err = { 0 };

	check_status(ST_OK, fd_memory("blob", &fd, &err), &err);
	check_status(ST_OK, fd_write_all(fd, span_of("files"), &err), &err);
	check_status(ST_OK, blob_put(u->f->dir, fd, files_out, &err), &err);
	row.files = *files_out;
	row.mail_key = (struct span){ NULL, 0 };
	check_status(ST_OK, store_begin(u->f->store, &err), &err);
	check_status(ST_OK, store_link_batch_insert(u->f->store, &row, &err),
		     &err);
	check_status(ST_OK, store_commit(u->f->store, &err), &err);
}

static void
files_of_links_are_checked_and_backed_up(void **state)
{
	struct upkeep_fixture *u = *state;
	AUTO(store_close) struct store *store = NULL;
	struct upkeep_finding finding = { 0 };
	struct blob files = { .size_bytes = 0 };
	struct err err = { 0 };

	put_batch(u, &files);
	back_up(u);
	check_status(ST_OK, upkeep_restore(u->tar, u->target, &err), &err);
	check_status(ST_OK,
		     store_open("sqlite:", u->target, STORE_MODE_WRITE, &store,
				&err),
		     &err);
	check_status(ST_OK, upkeep_check(store, u->target, &finding, &err),
		     &err);
	assert_int_equal(finding.blobs, CASES);
	assert_int_equal(finding.problems, 0);
	check_status(ST_OK, blob_delete(u->f->dir, files.id, &err), &err);
	finding = check_all(u);
	assert_int_equal(finding.problems, 1);
	assert_non_null(strstr(finding.first_problem, "is missing"));
}

static void
a_backup_leaves_nothing_behind(void **state)
{
	struct upkeep_fixture *u = *state;
	uint64_t removed = 9;
	struct err err = { 0 };

	back_up(u);
	check_status(ST_OK, blob_sweep(u->f->dir, u->f->store, &removed, &err),
		     &err);
	assert_int_equal(removed, 0);
}

static void
what_is_not_empty_is_not_restored_into(void **state)
{
	struct upkeep_fixture *u = *state;
	struct err err = { 0 };

	back_up(u);
	check_status(ST_DENIED, upkeep_restore(u->tar, u->f->dir, &err), &err);
	assert_int_equal(check_all(u).problems, 0);
}

/* Keys of links, of the machine that made them: in no backup. */
static void
keys_of_links_may_wait_for_their_store(void **state)
{
	struct upkeep_fixture *u = *state;
	struct err err = { 0 };
	char path[200];

	back_up(u);
	assert_int_equal(mkdir(u->target, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/link-keys", u->target);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/link-epochs", u->target);
	check_status(ST_OK, fd_replace_file(path, span_of("boxed"), 0600, &err),
		     &err);
	check_status(ST_OK, upkeep_restore(u->tar, u->target, &err), &err);
	assert_int_equal(access(path, F_OK), 0);
}

static void
a_damaged_backup_gives_no_store(void **state)
{
	struct upkeep_fixture *u = *state;
	struct stat info;
	struct err err = { 0 };
	char path[200];

	back_up(u);
	assert_int_equal(stat(u->tar, &info), 0);
	(void)snprintf(path, sizeof(path), "%s/store.db", u->target);
	/* Cut off here and there; without its second zero block it is whole. */
	for (off_t cut = info.st_size - 2 * TAR_BLOCK_BYTES; cut >= 0;
	     cut -= cut > 5000 ? 60000 : 1700) {
		struct stat none;

		assert_int_equal(truncate(u->tar, cut), 0);
		check_status(ST_FORMAT, upkeep_restore(u->tar, u->target, &err),
			     &err);
		assert_int_not_equal(stat(path, &none), 0);
		remove_tree(u->target);
	}
	check_status(ST_IO, upkeep_restore("/nonexistent", u->target, &err),
		     &err);
}

/* One file of an archive that a backup would not write. */
static void
check_name_refused(struct upkeep_fixture *u, const char *name)
{
	AUTO(fd_close) int from = FD_NONE;
	struct err err = { 0 };
	AUTO(fd_close)
	int fd = open(u->tar, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	check_status(ST_OK, fd_memory("evil", &from, &err), &err);
	check_status(ST_OK, tar_write_file(fd, name, from, 0, &err), &err);
	check_status(ST_OK, tar_write_end(fd, &err), &err);
	check_status(ST_FORMAT, upkeep_restore(u->tar, u->target, &err), &err);
	assert_string_equal(err.text, "restore: this is no backup of a vault");
	remove_tree(u->target);
}

static void
names_cannot_leave_the_directory(void **state)
{
	static const char *const names[] = {
		"/etc/passwd",
		"../store.db",
		"blobs/../../x",
		"blobs/00/../../store.db",
		"blobs/00/00000000000000000000000000000000/x",
		"blobs/01/00000000000000000000000000000000",
		"blobs/00/0000000000000000000000000000000g",
		"blobs/00/0000000000000000000000000000000",
		"store.db-wal",
		"",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		check_name_refused(*state, names[i]);
}

static void
the_archive_holds_blobs_and_then_rows(void **state)
{
	struct upkeep_fixture *u = *state;
	AUTO(fd_close) int fd = FD_NONE;
	struct tar_member member;
	struct err err = { 0 };
	size_t blobs = 0;
	enum status st = ST_OK;

	back_up(u);
	fd = open(u->tar, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (;;) {
		AUTO(fd_close) int to = FD_NONE;

		st = tar_read_member(fd, &member, &err);
		if (st != ST_OK)
			break;
		blobs += strncmp(member.name, "blobs/", 6) == 0;
		check_status(ST_OK, fd_memory("member", &to, &err), &err);
		check_status(ST_OK, tar_read_file(fd, &member, to, &err), &err);
	}
	check_status(ST_END, st, &err);
	assert_int_equal(blobs, CASES - 1);
	assert_string_equal(member.name, "store.db");
}

#define UPKEEP(test) \
	cmocka_unit_test_setup_teardown(test, upkeep_setup, upkeep_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		UPKEEP(a_whole_store_has_no_problems),
		UPKEEP(a_changed_blob_is_found),
		UPKEEP(missing_and_short_blobs_are_found),
		UPKEEP(a_restored_backup_is_the_same_store),
		UPKEEP(files_of_links_are_checked_and_backed_up),
		UPKEEP(a_backup_leaves_nothing_behind),
		UPKEEP(what_is_not_empty_is_not_restored_into),
		UPKEEP(keys_of_links_may_wait_for_their_store),
		UPKEEP(a_damaged_backup_gives_no_store),
		UPKEEP(names_cannot_leave_the_directory),
		UPKEEP(the_archive_holds_blobs_and_then_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
