/*
 * upkeep_backup.c - backup and restore; contract: upkeep.h.
 *
 * The archive holds "blobs/<2 hex>/<32 hex>" in any order and then "store.db".
 * Blobs come and go while it is written, so rounds are made: each looks at a
 * snapshot and adds the blobs that are not in the archive yet; when none that
 * the snapshot names was gone meanwhile, its rows are copied and that is the
 * backup. Blobs that lost their case in between are strays and swept later.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "vault/store/store_link.h"
#include "vault/store/tar.h"
#include "vault/store/upkeep.h"

enum {
	BACKUP_ROUNDS = 20,
	BACKUP_MAX_IDS_BYTES = 1 << 30,
	BACKUP_PATH_BYTES = 1024,
	BLOB_NAME_BYTES = 2 * STORE_BLOB_ID_BYTES + 1
};

static const char store_name[] = "store.db";

struct backup {
	const char *state_dir;
	int fd;
	struct sbuf ids; /* of blobs in the archive, sorted */
	struct sbuf fresh;
	bool gone; /* a blob of the snapshot was */
};

static int
backup_compare(const void *a, const void *b)
{
	return memcmp(a, b, STORE_BLOB_ID_BYTES);
}

static bool
backup_has(const struct backup *backup, const uint8_t *id)
{
	return backup->ids.len_bytes > 0 &&
	       bsearch(id, backup->ids.bytes,
		       backup->ids.len_bytes / STORE_BLOB_ID_BYTES,
		       STORE_BLOB_ID_BYTES, backup_compare) != NULL;
}

static enum status
backup_note(struct backup *backup, const uint8_t *id, struct err *err)
{
	if (backup_has(backup, id))
		return ST_OK;
	sbuf_add(&backup->fresh, id, STORE_BLOB_ID_BYTES);
	return sbuf_status(&backup->fresh, "backup", err);
}

static enum status
backup_note_case(void *context, const struct store_case *row, struct err *err)
{
	return row->blob_key.len_bytes > 0
		       ? backup_note(context, row->blob_id, err)
		       : ST_OK;
}

static enum status
backup_note_batch(void *context, const struct store_link_batch *row,
		  struct err *err)
{
	enum status st = ST_OK;

	if (row->mail_key.len_bytes > 0)
		st = backup_note(context, row->mail.id, err);
	if (st == ST_OK && row->ended_unix_ms == 0)
		st = backup_note(context, row->files.id, err);
	return st;
}

static enum status
backup_blob(struct backup *backup, const uint8_t *id, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	AUTO(sbuf_done) struct sbuf name;
	uint64_t size_bytes = 0;
	enum status st = blob_open(backup->state_dir, id, &fd, err);

	sbuf_init(&name, TAR_NAME_BYTES);
	if (st == ST_NOT_FOUND) {
		backup->gone = true;
		return ST_OK;
	}
	sbuf_addf(&name, "blobs/%02x/", id[0]);
	format_hex(&name, (struct span){ id, STORE_BLOB_ID_BYTES });
	if (st == ST_OK)
		st = sbuf_status(&name, "backup", err);
	if (st == ST_OK)
		st = fd_size(fd, &size_bytes, err);
	if (st == ST_OK)
		st = tar_write_file(backup->fd, sbuf_text(&name), fd,
				    size_bytes, err);
	if (st != ST_OK)
		return st;
	sbuf_add(&backup->ids, id, STORE_BLOB_ID_BYTES);
	return sbuf_status(&backup->ids, "backup", err);
}

/* Every blob of the snapshot that is not in the archive. */
static enum status
backup_blobs(struct backup *backup, struct store *store, struct err *err)
{
	static const struct store_case_query all = { .state_mask = UINT32_MAX,
						     .everything = true,
						     .limit = UINT32_MAX };
	enum status st = ST_OK;

	backup->gone = false;
	sbuf_clear(&backup->fresh);
	st = store_case_each(store, &all, backup_note_case, backup, NULL, err);
	if (st == ST_OK)
		st = store_link_batch_each(store, backup_note_batch, backup,
					   err);
	for (size_t at = 0; st == ST_OK && at < backup->fresh.len_bytes;
	     at += STORE_BLOB_ID_BYTES)
		st = backup_blob(backup, backup->fresh.bytes + at, err);
	if (backup->ids.len_bytes > 0)
		qsort(backup->ids.bytes,
		      backup->ids.len_bytes / STORE_BLOB_ID_BYTES,
		      STORE_BLOB_ID_BYTES, backup_compare);
	return st;
}

/* The copy lies where the sweep at start would find it after a crash. */
static enum status
backup_rows(const struct backup *backup, struct store *store, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	uint8_t random[8];
	uint64_t size_bytes = 0;
	char path[BACKUP_PATH_BYTES];
	int len = 0;
	enum status st = random_fill(random, sizeof(random), err);

	if (st != ST_OK)
		return st;
	len = snprintf(
		path, sizeof(path), "%s/blobs/new/backup-%02x%02x%02x%02x",
		backup->state_dir, random[0], random[1], random[2], random[3]);
	if (len < 0 || (size_t)len >= sizeof(path))
		return err_set(err, ST_IO, "backup: path too long");
	st = store_copy(store, path, err);
	if (st == ST_OK) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			st = err_set_errno(err, "backup: cannot open the copy");
	}
	(void)unlink(path);
	if (st == ST_OK)
		st = fd_size(fd, &size_bytes, err);
	return st == ST_OK ? tar_write_file(backup->fd, store_name, fd,
					    size_bytes, err)
			   : st;
}

/* *done_out: the archive holds all that its rows name. */
static enum status
backup_round(struct backup *backup, struct store *store, bool *done_out,
	     struct err *err)
{
	enum status st = store_begin(store, err);

	if (st != ST_OK)
		return st;
	st = backup_blobs(backup, store, err);
	if (st == ST_OK && !backup->gone) {
		st = backup_rows(backup, store, err);
		*done_out = st == ST_OK;
	}
	store_rollback(store);
	return st;
}

enum status
upkeep_backup(struct store *store, const char *state_dir, int fd,
	      struct err *err)
{
	struct backup backup = { .state_dir = state_dir, .fd = fd };
	enum status st = ST_OK;
	bool done = false;

	sbuf_init(&backup.ids, BACKUP_MAX_IDS_BYTES);
	sbuf_init(&backup.fresh, BACKUP_MAX_IDS_BYTES);
	for (int i = 0; st == ST_OK && !done && i < BACKUP_ROUNDS; i++)
		st = backup_round(&backup, store, &done, err);
	sbuf_done(&backup.ids);
	sbuf_done(&backup.fresh);
	if (st == ST_OK && !done)
		return err_set(err, ST_IO,
			       "backup: mails vanished faster than they could "
			       "be copied");
	return st == ST_OK ? tar_write_end(fd, err) : st;
}

/* --- restore ---------------------------------------------------------- */

/* Keys of links are in no backup; on the machine that has them they may lie
 * there already. */
static bool
restore_may_be_there(const char *name)
{
	static const char *const names[] = { ".", "..", "link-epochs",
					     "link-keys" };
	bool may = false;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		may |= strcmp(name, names[i]) == 0;
	return may;
}

static enum status
restore_prepare(const char *state_dir, struct err *err)
{
	DIR *dir = NULL;
	const struct dirent *entry = NULL;
	bool empty = true;

	if (mkdir(state_dir, 0700) != 0 && errno != EEXIST)
		return err_set_errno(err, "restore: %s: cannot create",
				     state_dir);
	dir = opendir(state_dir);
	if (dir == NULL)
		return err_set_errno(err, "restore: %s: cannot open",
				     state_dir);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is ours alone */
	while ((entry = readdir(dir)) != NULL)
		empty = empty && restore_may_be_there(entry->d_name);
	(void)closedir(dir);
	if (!empty)
		return err_set(err, ST_DENIED, "restore: %s is not empty",
			       state_dir);
	return blob_prepare(state_dir, err);
}

/* Only names that a backup writes: no other path can be made from them. */
static bool
restore_is_blob(const char *name)
{
	const struct span text = span_of(name);
	struct span front;
	struct span fan;
	struct span slash;
	struct span hex;
	uint8_t id[STORE_BLOB_ID_BYTES];

	return text.len_bytes == 9 + 2 * STORE_BLOB_ID_BYTES &&
	       span_cut(text, 0, 6, &front) &&
	       span_equal(front, span_of("blobs/")) &&
	       span_cut(text, 6, 2, &fan) && span_cut(text, 8, 1, &slash) &&
	       span_equal(slash, span_of("/")) &&
	       span_cut(text, 9, (size_t)2 * STORE_BLOB_ID_BYTES, &hex) &&
	       parse_hex(hex, id, sizeof(id)) &&
	       memcmp(hex.ptr, fan.ptr, 2) == 0;
}

static uint8_t
restore_fan_out(const struct tar_member *member)
{
	uint8_t byte = 0;

	(void)parse_hex((struct span){ (const uint8_t *)member->name + 6, 2 },
			&byte, 1);
	return byte;
}

static enum status
restore_member(int from, const struct tar_member *member, const char *state_dir,
	       bool *rows_out, struct err *err)
{
	const bool rows = strcmp(member->name, store_name) == 0;
	char path[BACKUP_PATH_BYTES];
	int len = 0;
	enum status st = ST_OK;

	if (*rows_out || (!rows && !restore_is_blob(member->name)))
		return err_set(err, ST_FORMAT,
			       "restore: this is no backup of a vault");
	len = snprintf(path, sizeof(path), "%s/%s%s", state_dir, member->name,
		       rows ? ".part" : "");
	if (len < 0 || (size_t)len >= sizeof(path))
		return err_set(err, ST_IO, "restore: path too long");
	AUTO(fd_close)
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set_errno(err, "restore: %s: cannot create", path);
	st = tar_read_file(from, member, fd, err);
	if (st == ST_OK)
		st = fd_sync(fd, err);
	*rows_out = rows;
	return st;
}

/* fan_out: which directories of blobs were written to. */
static enum status
restore_members(int from, const char *state_dir, bool fan_out[256],
		struct err *err)
{
	bool rows = false;

	for (;;) {
		struct tar_member member;
		enum status st = tar_read_member(from, &member, err);

		if (st == ST_END && rows)
			return ST_OK;
		if (st == ST_END)
			return err_set(err, ST_FORMAT,
				       "restore: there are no rows in it");
		if (st == ST_OK)
			st = restore_member(from, &member, state_dir, &rows,
					    err);
		if (st == ST_OK && !rows)
			fan_out[restore_fan_out(&member)] = true;
		if (st != ST_OK)
			return st;
	}
}

static enum status
restore_sync(const char *state_dir, const bool fan_out[256], struct err *err)
{
	char path[BACKUP_PATH_BYTES];
	enum status st = ST_OK;

	for (unsigned int i = 0; st == ST_OK && i < 256; i++) {
		const int len = snprintf(path, sizeof(path), "%s/blobs/%02x",
					 state_dir, i);

		if (len < 0 || (size_t)len >= sizeof(path))
			return err_set(err, ST_IO, "restore: path too long");
		if (!fan_out[i])
			continue;
		st = fd_sync_dir(path, err);
	}
	return st;
}

/* Under its own name only when everything was found to be there. */
static enum status
restore_verify(const char *state_dir, struct err *err)
{
	AUTO(store_close) struct store *store = NULL;
	struct upkeep_finding finding = { .cases = 0 };
	char locator[BACKUP_PATH_BYTES];
	char path[BACKUP_PATH_BYTES];
	enum status st = ST_OK;

	(void)snprintf(locator, sizeof(locator), "sqlite:%s/%s.part", state_dir,
		       store_name);
	st = store_open(locator, state_dir, STORE_MODE_WRITE, &store, err);
	if (st == ST_OK)
		st = upkeep_check(store, state_dir, &finding, err);
	if (st == ST_OK && finding.problems > 0)
		return err_set(err, ST_FORMAT, "restore: %s",
			       finding.first_problem);
	if (st == ST_OK)
		st = store_scrub(store, err);
	store_close(&store);
	if (st != ST_OK)
		return st;
	(void)snprintf(path, sizeof(path), "%s/%s", state_dir, store_name);
	if (rename(locator + strlen("sqlite:"), path) != 0)
		return err_set_errno(err, "restore: cannot rename the rows");
	return fd_sync_dir(state_dir, err);
}

enum status
upkeep_restore(const char *tar_path, const char *state_dir, struct err *err)
{
	AUTO(fd_close) int from = open(tar_path, O_RDONLY | O_CLOEXEC);
	bool fan_out[256] = { false };
	enum status st = ST_OK;

	if (from < 0)
		return err_set_errno(err, "restore: %s: cannot open", tar_path);
	st = restore_prepare(state_dir, err);
	if (st == ST_OK)
		st = restore_members(from, state_dir, fan_out, err);
	if (st == ST_OK)
		st = restore_sync(state_dir, fan_out, err);
	return st == ST_OK ? restore_verify(state_dir, err) : st;
}
