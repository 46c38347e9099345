#include "lib/base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FD_CHUNK_BYTES = 64 * 1024 };

void
fd_close(int *fd)
{
	if (*fd != FD_NONE)
		(void)close(*fd);
	*fd = FD_NONE;
}

enum status
fd_write_all(int fd, struct span bytes, struct err *err)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const ssize_t n =
			write(fd, bytes.ptr + at, bytes.len_bytes - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "fd: write failed");
		at += (size_t)n;
	}
	return ST_OK;
}

enum status
fd_read_all(int fd, void *place, size_t len_bytes, struct err *err)
{
	uint8_t *bytes = place;
	size_t at = 0;

	while (at < len_bytes) {
		const ssize_t n = read(fd, bytes + at, len_bytes - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "fd: read failed");
		if (n == 0 && at == 0)
			return ST_END;
		if (n == 0)
			return err_set(err, ST_FORMAT,
				       "fd: input ends after %zu of %zu bytes",
				       at, len_bytes);
		at += (size_t)n;
	}
	return ST_OK;
}

enum status
fd_slurp(int fd, struct sbuf *buf, struct err *err)
{
	for (;;) {
		const size_t before_bytes = buf->len_bytes;
		const size_t left_bytes = buf->max_bytes - before_bytes;
		const size_t want_bytes = left_bytes < FD_CHUNK_BYTES
						  ? left_bytes + 1
						  : FD_CHUNK_BYTES;
		uint8_t chunk[FD_CHUNK_BYTES / 8];
		const size_t ask_bytes =
			want_bytes < sizeof(chunk) ? want_bytes : sizeof(chunk);
		const ssize_t n = read(fd, chunk, ask_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "fd: read failed");
		if (n == 0)
			return sbuf_status(buf, "fd", err);
		sbuf_add(buf, chunk, (size_t)n);
		if (buf->st != ST_OK)
			return sbuf_status(buf, "fd", err);
	}
}

enum status
fd_slurp_file(const char *path, struct sbuf *buf, struct err *err)
{
	AUTO(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return err_set(err, ST_NOT_FOUND, "%s: no such file", path);
	if (fd < 0)
		return err_set_errno(err, "%s: cannot open", path);
	return fd_slurp(fd, buf, err);
}

enum status
fd_copy(int from, int to, uint64_t *copied_bytes_out, struct err *err)
{
	uint8_t chunk[FD_CHUNK_BYTES / 8];
	off_t at = 0;

	for (;;) {
		const ssize_t n = pread(from, chunk, sizeof(chunk), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "fd: read failed");
		if (n == 0)
			break;
		const enum status st = fd_write_all(
			to, (struct span){ chunk, (size_t)n }, err);

		if (st != ST_OK)
			return st;
		at += n;
	}
	explicit_bzero(chunk, sizeof(chunk));
	if (copied_bytes_out != NULL)
		*copied_bytes_out = (uint64_t)at;
	return ST_OK;
}

enum status
fd_size(int fd, uint64_t *size_bytes_out, struct err *err)
{
	struct stat info;

	if (fstat(fd, &info) != 0)
		return err_set_errno(err, "fd: fstat failed");
	*size_bytes_out = (uint64_t)info.st_size;
	return ST_OK;
}

enum status
fd_sync(int fd, struct err *err)
{
	return fsync(fd) == 0 ? ST_OK : err_set_errno(err, "fd: fsync failed");
}

enum status
fd_make_parent(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const size_t len_bytes = slash != NULL ? (size_t)(slash - path) : 0;
	char dir[PATH_MAX];

	if (len_bytes == 0)
		return ST_OK;
	if (len_bytes >= sizeof(dir))
		return err_set(err, ST_LIMIT, "fd: path too long");
	memcpy(dir, path, len_bytes);
	dir[len_bytes] = '\0';
	if (mkdir(dir, 0755) != 0)
		return errno == EEXIST
			       ? ST_OK
			       : err_set_errno(err, "%s: cannot be made", dir);
	/* mkdir() went through the umask. */
	if (chmod(dir, 0755) != 0)
		return err_set_errno(err, "%s: mode not set", dir);
	return ST_OK;
}

enum status
fd_sync_dir(const char *path, struct err *err)
{
	AUTO(fd_close)
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_set_errno(err, "%s: cannot open directory", path);
	return fsync(fd) == 0
		       ? ST_OK
		       : err_set_errno(err, "%s: fsync of directory failed",
				       path);
}

/* The directory part of path, into a buffer of PATH_MAX bytes. */
static enum status
fd_parent_dir(const char *path, char *dir, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const size_t len_bytes = slash == NULL   ? 1
				 : slash == path ? 1
						 : (size_t)(slash - path);

	if (len_bytes >= PATH_MAX)
		return err_set(err, ST_LIMIT, "fd: path too long");
	memcpy(dir, slash == NULL ? "." : path, len_bytes);
	dir[len_bytes] = '\0';
	return ST_OK;
}

static enum status
fd_fill_and_rename(int fd, const char *temporary, const char *path,
		   struct span bytes, struct err *err)
{
	enum status st = fd_write_all(fd, bytes, err);

	if (st == ST_OK)
		st = fd_sync(fd, err);
	if (st == ST_OK && rename(temporary, path) != 0)
		st = err_set_errno(err, "%s: cannot rename into place", path);
	return st;
}

enum status
fd_replace_file(const char *path, struct span bytes, mode_t mode,
		struct err *err)
{
	char temporary[PATH_MAX];
	char dir[PATH_MAX];
	const int len = snprintf(temporary, sizeof(temporary), "%s.new", path);
	enum status st = fd_parent_dir(path, dir, err);

	if (st != ST_OK)
		return st;
	if (len < 0 || (size_t)len >= sizeof(temporary))
		return err_set(err, ST_LIMIT, "fd: path too long");
	AUTO(fd_close)
	int fd = open(temporary,
		      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		      mode);
	if (fd < 0)
		return err_set_errno(err, "%s: cannot create", temporary);
	if (fchmod(fd, mode) != 0)
		return err_set_errno(err, "%s: cannot set mode", temporary);
	st = fd_fill_and_rename(fd, temporary, path, bytes, err);
	if (st != ST_OK) {
		(void)unlink(temporary);
		return st;
	}
	return fd_sync_dir(dir, err);
}

enum status
fd_memory(const char *name, int *fd_out, struct err *err)
{
	const int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return err_set_errno(err, "fd: no memory file");
	*fd_out = fd;
	return ST_OK;
}

enum status
fd_seal(int fd, struct err *err)
{
	const int seals =
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

	if (fcntl(fd, F_ADD_SEALS, seals) != 0)
		return err_set_errno(err, "fd: cannot seal a memory file");
	return ST_OK;
}

enum status
fd_map_sealed(int fd, uint64_t max_bytes, struct span *map_out, struct err *err)
{
	const int seals = fcntl(fd, F_GET_SEALS);
	uint64_t size_bytes = 0;
	void *map = NULL;

	if (seals < 0 || (seals & F_SEAL_SHRINK) == 0 ||
	    (seals & F_SEAL_WRITE) == 0)
		return err_set(err, ST_DENIED, "fd: not a sealed memory file");
	const enum status st = fd_size(fd, &size_bytes, err);

	if (st != ST_OK)
		return st;
	if (size_bytes > max_bytes)
		return err_set(err, ST_LIMIT,
			       "fd: %" PRIu64 " bytes, at most %" PRIu64,
			       size_bytes, max_bytes);
	if (size_bytes == 0) {
		*map_out = (struct span){ NULL, 0 };
		return ST_OK;
	}
	/* All of it is read: at once is sooner than page by page. */
	map = mmap(NULL, (size_t)size_bytes, PROT_READ,
		   MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (map == MAP_FAILED)
		return err_set_errno(err, "fd: cannot map");
	*map_out = (struct span){ map, (size_t)size_bytes };
	return ST_OK;
}

void
fd_unmap(struct span *map)
{
	if (map->ptr != NULL)
		(void)munmap((void *)(uintptr_t)map->ptr, map->len_bytes);
	*map = (struct span){ NULL, 0 };
}

enum status
fd_set_nonblocking(int fd, bool on, struct err *err)
{
	const int flags = fcntl(fd, F_GETFL);

	if (flags < 0 ||
	    fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) !=
		    0)
		return err_set_errno(err, "fd: cannot set O_NONBLOCK");
	return ST_OK;
}
