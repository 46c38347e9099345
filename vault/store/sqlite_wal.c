#include "vault/store/sqlite_wal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"

enum status
sqlite_make_file(const char *path, struct err *err)
{
	AUTO(fd_close)
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char dir[PATH_MAX];
	char *slash = NULL;

	if (fd < 0 && errno == EEXIST)
		return ST_OK;
	if (fd < 0)
		return err_set_errno(err, "store: %s: cannot create", path);
	if (strlen(path) >= sizeof(dir))
		return err_set(err, ST_IO, "store: path too long");
	memcpy(dir, path, strlen(path) + 1);
	slash = strrchr(dir, '/');
	if (slash == NULL)
		return fd_sync_dir(".", err);
	*(slash == dir ? slash + 1 : slash) = '\0';
	return fd_sync_dir(dir, err);
}

static enum status
wal_rewrite(int fd, struct err *err)
{
	uint8_t chunk[8 * 1024];
	off_t at = 0;

	for (;;) {
		const ssize_t n = pread(fd, chunk, sizeof(chunk), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "store: cannot read the log");
		if (n == 0)
			return fd_sync(fd, err);
		if (pwrite(fd, chunk, (size_t)n, at) != n)
			return err_set_errno(err,
					     "store: cannot rewrite the log");
		at += n;
	}
}

enum status
sqlite_rewrite_wal(const char *path, struct err *err)
{
	char wal[PATH_MAX];
	const int len = snprintf(wal, sizeof(wal), "%s-wal", path);

	if (len < 0 || (size_t)len >= sizeof(wal))
		return err_set(err, ST_IO, "store: path too long");
	AUTO(fd_close) int fd = open(wal, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return ST_OK;
	if (fd < 0)
		return err_set_errno(err, "store: %s: cannot open", wal);
	return wal_rewrite(fd, err);
}
