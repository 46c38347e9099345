#include "vault/store/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/crypto/digest.h"

enum {
	BLOB_CHUNK_BYTES = 8 * 1024,
	BLOB_FAN_OUT = 256,
	BLOB_PATH_BYTES = 1024
};

/* The places of one blob. */
struct blob_paths {
	char fresh[BLOB_PATH_BYTES]; /* while it is written */
	char dir[BLOB_PATH_BYTES];
	char final[BLOB_PATH_BYTES];
};

static enum status blob_path(char path[BLOB_PATH_BYTES], struct err *err,
			     const char *fmt, ...) PRINTF_LIKE(3, 4);

static enum status
blob_path(char path[BLOB_PATH_BYTES], struct err *err, const char *fmt, ...)
{
	va_list args;
	int len = 0;

	va_start(args, fmt);
	len = vsnprintf(path, BLOB_PATH_BYTES, fmt, args);
	va_end(args);
	if (len < 0 || len >= BLOB_PATH_BYTES)
		return err_set(err, ST_IO, "blob: path too long");
	return ST_OK;
}

static enum status
blob_make_dir(const char *path, struct err *err)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_set_errno(err, "blob: %s: cannot create", path);
	return ST_OK;
}

enum status
blob_prepare(const char *state_dir, struct err *err)
{
	char blobs[BLOB_PATH_BYTES];
	char path[BLOB_PATH_BYTES];
	enum status st = blob_path(blobs, err, "%s/blobs", state_dir);

	if (st == ST_OK)
		st = blob_make_dir(blobs, err);
	if (st == ST_OK)
		st = blob_path(path, err, "%s/new", blobs);
	if (st == ST_OK)
		st = blob_make_dir(path, err);
	/* All of them now, so that putting never has to make one durable. */
	for (unsigned int i = 0; st == ST_OK && i < BLOB_FAN_OUT; i++) {
		st = blob_path(path, err, "%s/%02x", blobs, i);
		if (st == ST_OK)
			st = blob_make_dir(path, err);
	}
	if (st == ST_OK)
		st = fd_sync_dir(blobs, err);
	return st == ST_OK ? fd_sync_dir(state_dir, err) : st;
}

static enum status
blob_find_paths(const char *state_dir, const uint8_t id[STORE_BLOB_ID_BYTES],
		struct blob_paths *paths, struct err *err)
{
	AUTO(sbuf_done) struct sbuf name;
	enum status st = ST_OK;

	sbuf_init(&name, (size_t)2 * STORE_BLOB_ID_BYTES);
	format_hex(&name, (struct span){ id, STORE_BLOB_ID_BYTES });
	st = sbuf_status(&name, "blob", err);
	if (st == ST_OK)
		st = blob_path(paths->fresh, err, "%s/blobs/new/%s", state_dir,
			       sbuf_text(&name));
	if (st == ST_OK)
		st = blob_path(paths->dir, err, "%s/blobs/%02x", state_dir,
			       id[0]);
	if (st == ST_OK)
		st = blob_path(paths->final, err, "%s/blobs/%02x/%s", state_dir,
			       id[0], sbuf_text(&name));
	return st;
}

/* Copy all of from to to; counts and hashes on the way. */
static enum status
blob_fill(int from, int to, struct blob *blob, struct err *err)
{
	AUTO(digest_free) struct digest *digest = NULL;
	uint8_t chunk[BLOB_CHUNK_BYTES];
	enum status st = digest_new(&digest, err);

	while (st == ST_OK) {
		const ssize_t n = pread(from, chunk, sizeof(chunk),
					(off_t)blob->size_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "blob: cannot read");
		if (n == 0)
			return digest_end(digest, blob->hash, err);
		const struct span part = { chunk, (size_t)n };

		st = digest_add(digest, part, err);
		if (st == ST_OK)
			st = fd_write_all(to, part, err);
		blob->size_bytes += (uint64_t)n;
	}
	return st;
}

static enum status
blob_write(int from, const char *path, struct blob *blob, struct err *err)
{
	AUTO(fd_close)
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set_errno(err, "blob: %s: cannot create", path);
	const enum status st = blob_fill(from, fd, blob, err);

	return st == ST_OK ? fd_sync(fd, err) : st;
}

/* Under its name, or nothing of it stays. */
static enum status
blob_settle(const struct blob_paths *paths, enum status st, struct err *err)
{
	if (st == ST_OK && rename(paths->fresh, paths->final) != 0)
		st = err_set_errno(err, "blob: cannot rename into place");
	if (st == ST_OK)
		st = fd_sync_dir(paths->dir, err);
	if (st != ST_OK) {
		(void)unlink(paths->fresh);
		(void)unlink(paths->final);
	}
	return st;
}

enum status
blob_put(const char *state_dir, int fd, struct blob *blob_out, struct err *err)
{
	struct blob_paths paths;
	struct blob blob = { 0 };
	enum status st = random_fill(blob.id, sizeof(blob.id), err);

	if (st == ST_OK)
		st = blob_find_paths(state_dir, blob.id, &paths, err);
	if (st != ST_OK)
		return st;
	st = blob_settle(&paths, blob_write(fd, paths.fresh, &blob, err), err);
	if (st == ST_OK)
		*blob_out = blob;
	return st;
}

/* What stands in it now. */
static enum status
blob_hash(int fd, struct blob *blob, struct err *err)
{
	AUTO(digest_free) struct digest *digest = NULL;
	uint8_t chunk[BLOB_CHUNK_BYTES];
	enum status st = digest_new(&digest, err);

	while (st == ST_OK) {
		const ssize_t n = pread(fd, chunk, sizeof(chunk),
					(off_t)blob->size_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "blob: cannot read");
		if (n == 0)
			return digest_end(digest, blob->hash, err);
		st = digest_add(digest, (struct span){ chunk, (size_t)n }, err);
		blob->size_bytes += (uint64_t)n;
	}
	return st;
}

static enum status
blob_let_fill(const char *path, blob_filler fill, void *context,
	      struct blob *blob, struct err *err)
{
	AUTO(fd_close)
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum status st = ST_OK;

	if (fd < 0)
		return err_set_errno(err, "blob: %s: cannot create", path);
	st = fill(context, fd, err);
	if (st == ST_OK)
		st = blob_hash(fd, blob, err);
	return st == ST_OK ? fd_sync(fd, err) : st;
}

enum status
blob_make(const char *state_dir, blob_filler fill, void *context,
	  struct blob *blob_out, struct err *err)
{
	struct blob_paths paths;
	struct blob blob = { 0 };
	enum status st = random_fill(blob.id, sizeof(blob.id), err);

	if (st == ST_OK)
		st = blob_find_paths(state_dir, blob.id, &paths, err);
	if (st != ST_OK)
		return st;
	st = blob_settle(&paths,
			 blob_let_fill(paths.fresh, fill, context, &blob, err),
			 err);
	if (st == ST_OK)
		*blob_out = blob;
	return st;
}

enum status
blob_open(const char *state_dir, const uint8_t id[STORE_BLOB_ID_BYTES],
	  int *fd_out, struct err *err)
{
	struct blob_paths paths;
	enum status st = blob_find_paths(state_dir, id, &paths, err);

	if (st != ST_OK)
		return st;
	const int fd = open(paths.final, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT)
		return err_set(err, ST_NOT_FOUND, "blob: no such blob");
	if (fd < 0)
		return err_set_errno(err, "blob: cannot open");
	*fd_out = fd;
	return ST_OK;
}

enum status
blob_delete(const char *state_dir, const uint8_t id[STORE_BLOB_ID_BYTES],
	    struct err *err)
{
	struct blob_paths paths;
	enum status st = blob_find_paths(state_dir, id, &paths, err);

	if (st != ST_OK)
		return st;
	if (unlink(paths.final) != 0 && errno != ENOENT)
		return err_set_errno(err, "blob: cannot remove");
	/* Also when it was gone: the removal may not be durable yet. */
	return fd_sync_dir(paths.dir, err);
}

static enum status
blob_is_stray(struct store *store, const char *name, bool *stray_out,
	      struct err *err)
{
	uint8_t id[STORE_BLOB_ID_BYTES];
	bool found = false;

	*stray_out = false;
	/* What does not look like ours is left alone. */
	if (!parse_hex(span_of(name), id, sizeof(id)))
		return ST_OK;
	const enum status st = store_blob_has_case(store, id, &found, err);

	*stray_out = st == ST_OK && !found;
	return st;
}

/* store is NULL for the directory of unfinished blobs: all go. */
static enum status
blob_sweep_dir(const char *path, struct store *store, uint64_t *removed,
	       struct err *err)
{
	DIR *dir = opendir(path);
	const struct dirent *entry = NULL;
	enum status st = ST_OK;

	if (dir == NULL)
		return err_set_errno(err, "blob: %s: cannot open", path);
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is ours alone */
	while (st == ST_OK && (entry = readdir(dir)) != NULL) {
		bool stray = store == NULL && entry->d_name[0] != '.';

		if (store != NULL)
			st = blob_is_stray(store, entry->d_name, &stray, err);
		if (!stray)
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) != 0)
			st = err_set_errno(err, "blob: cannot remove a stray");
		*removed += st == ST_OK;
	}
	(void)closedir(dir);
	return st;
}

enum status
blob_sweep(const char *state_dir, struct store *store, uint64_t *removed_out,
	   struct err *err)
{
	char path[BLOB_PATH_BYTES];
	uint64_t removed = 0;
	enum status st = blob_path(path, err, "%s/blobs/new", state_dir);

	if (st == ST_OK)
		st = blob_sweep_dir(path, NULL, &removed, err);
	for (unsigned int i = 0; st == ST_OK && i < BLOB_FAN_OUT; i++) {
		st = blob_path(path, err, "%s/blobs/%02x", state_dir, i);
		if (st == ST_OK)
			st = blob_sweep_dir(path, store, &removed, err);
	}
	if (st == ST_OK)
		*removed_out = removed;
	return st;
}

enum status
blob_free_bytes(const char *state_dir, uint64_t *bytes_out, struct err *err)
{
	struct statvfs info;

	if (statvfs(state_dir, &info) != 0)
		return err_set_errno(err, "blob: %s: cannot ask for free space",
				     state_dir);
	*bytes_out = (uint64_t)info.f_bavail * info.f_frsize;
	return ST_OK;
}
