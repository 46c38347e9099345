/*
 * fd.h - file descriptors: owned, whole reads and writes, durable files.
 *
 * Layer:    lib/base
 * Threads:  no shared state
 */
#ifndef LIB_BASE_FD_H
#define LIB_BASE_FD_H

#include <sys/types.h>

#include "lib/base/sbuf.h"

enum { FD_NONE = -1 };

/* Close *fd when it is not FD_NONE and set it to FD_NONE. Fits AUTO(). */
void fd_close(int *fd);

/* Give fd away: AUTO(fd_close) int fd = …; *fd_out = FD_MOVE(fd); */
#ifdef __cppcheck__ /* 2.10 takes the real one for a lost value */
#	define FD_MOVE(fd) (fd)
#else
#	define FD_MOVE(fd)                \
		__extension__({            \
			int moved_ = (fd); \
			(fd) = FD_NONE;    \
			moved_;            \
		})
#endif

/*
 * Write all of bytes, over short writes and EINTR.
 * Returns: ST_OK, ST_IO (how much was written is then unknown)
 */
MUST_CHECK enum status fd_write_all(int fd, struct span bytes, struct err *err);

/*
 * Read exactly len_bytes into place.
 * Returns: ST_OK; ST_END the input ended before the first byte;
 *          ST_FORMAT it ended in the middle; ST_IO
 */
MUST_CHECK enum status
fd_read_all(int fd, void *place, size_t len_bytes, struct err *err);

/*
 * Append everything up to the end of fd to buf.
 * Returns: ST_OK, ST_LIMIT (more than buf may hold), ST_NO_MEMORY, ST_IO
 */
MUST_CHECK enum status fd_slurp(int fd, struct sbuf *buf, struct err *err);

/* As fd_slurp() for a file by path. ST_NOT_FOUND when there is none. */
MUST_CHECK enum status
fd_slurp_file(const char *path, struct sbuf *buf, struct err *err);

/*
 * Copy all bytes of from (from its start, whatever its position) to to.
 * Gives: *copied_bytes_out when not NULL. Returns: ST_OK, ST_IO
 */
MUST_CHECK enum status
fd_copy(int from, int to, uint64_t *copied_bytes_out, struct err *err);

/* Size of a regular file or memfd. Returns: ST_OK, ST_IO */
MUST_CHECK enum status
fd_size(int fd, uint64_t *size_bytes_out, struct err *err);

/*
 * fsync(). A failure is final: the caller must treat the file as lost and
 * never call this again for the same descriptor (fsyncgate).
 * Returns: ST_OK, ST_IO
 */
MUST_CHECK enum status fd_sync(int fd, struct err *err);

/* Make the directory that path lies in, mode 0755, when there is none (its
 * own parent must be there). Returns: ST_OK, ST_LIMIT, ST_IO */
MUST_CHECK enum status fd_make_parent(const char *path, struct err *err);

/* fsync() the directory at path. Returns: ST_OK, ST_IO */
MUST_CHECK enum status fd_sync_dir(const char *path, struct err *err);

/*
 * Replace the file at path by bytes, durably: temporary file in the same
 * directory with mode, fsync, rename, fsync of the directory. On failure the
 * old file is untouched and the temporary one removed.
 * Returns: ST_OK, ST_IO
 */
MUST_CHECK enum status fd_replace_file(const char *path, struct span bytes,
				       mode_t mode, struct err *err);

/*
 * An anonymous file in memory, close-on-exec, that can be sealed.
 * name shows up in /proc only and never comes from a message.
 * Gives: *fd_out is the caller's. Returns: ST_OK, ST_IO
 */
MUST_CHECK enum status
fd_memory(const char *name, int *fd_out, struct err *err);

/* Forbid every later change of a memory file. Returns: ST_OK, ST_IO */
MUST_CHECK enum status fd_seal(int fd, struct err *err);

/*
 * Map a sealed memory file (or, when it is not a memory file, fail).
 * Needs the seals F_SEAL_SHRINK and F_SEAL_WRITE, so that the peer that sent
 * the descriptor can neither change the bytes nor cause SIGBUS.
 *
 * Gives:    *map_out, to be released with fd_unmap()
 * Returns:  ST_OK; ST_DENIED seals are missing; ST_LIMIT larger than
 *           max_bytes; ST_IO
 */
MUST_CHECK enum status fd_map_sealed(int fd, uint64_t max_bytes,
				     struct span *map_out, struct err *err);
void fd_unmap(struct span *map);

/* Set or clear O_NONBLOCK. Returns: ST_OK, ST_IO */
MUST_CHECK enum status fd_set_nonblocking(int fd, bool on, struct err *err);

#endif
