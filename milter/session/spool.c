#include "milter/session/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/crypto/seal.h"

enum { SPOOL_BLOCK_BYTES = 64 * 1024 };

struct spool {
	struct spool_limits limits;
	uint64_t size_bytes;
	int memory_fd;
	int file_fd; /* FD_NONE: still in memory */
	struct spool_cipher *cipher;
	uint64_t blocks; /* whole blocks in the file */
	/* Not yet written: less than a block. */
	size_t held_bytes;
	size_t touched_bytes; /* most that ever stood in block */
	uint8_t *block;
};

enum status
spool_new(const struct spool_limits *limits, struct spool **spool_out,
	  struct err *err)
{
	AUTO(spool_free) struct spool *spool = calloc(1, sizeof(*spool));
	enum status st = ST_OK;

	if (spool == NULL)
		return err_set(err, ST_NO_MEMORY, "spool: no memory");
	spool->limits = *limits;
	spool->memory_fd = FD_NONE;
	spool->file_fd = FD_NONE;
	spool->block = malloc(SPOOL_BLOCK_BYTES);
	if (spool->block == NULL)
		return err_set(err, ST_NO_MEMORY, "spool: no memory");
	st = fd_memory("mail", &spool->memory_fd, err);
	if (st == ST_OK)
		*spool_out = MOVE(spool);
	return st;
}

static void
spool_hold(struct spool *spool, size_t len_bytes)
{
	spool->held_bytes += len_bytes;
	if (spool->held_bytes > spool->touched_bytes)
		spool->touched_bytes = spool->held_bytes;
}

static enum status
spool_reserve(struct spool *spool, size_t len_bytes, struct err *err)
{
	struct spool_budget *budget = spool->limits.budget;

	if (len_bytes > spool->limits.max_bytes - spool->size_bytes)
		return err_set(err, ST_DENIED, "spool: mail over %llu bytes",
			       (unsigned long long)spool->limits.max_bytes);
	const uint64_t before =
		atomic_fetch_add(&budget->used_bytes, len_bytes);

	if (before + len_bytes > spool->limits.budget_bytes) {
		atomic_fetch_sub(&budget->used_bytes, len_bytes);
		return err_set(err, ST_LIMIT,
			       "spool: all mails together over %llu bytes",
			       (unsigned long long)spool->limits.budget_bytes);
	}
	spool->size_bytes += len_bytes;
	return ST_OK;
}

/* Encrypt the held block, in place, and append it to the file. */
static enum status
spool_flush_file(struct spool *spool, struct err *err)
{
	enum status st = spool_cipher_run(spool->cipher, spool->blocks,
					  spool->block, spool->held_bytes, err);

	if (st == ST_OK)
		st = fd_write_all(
			spool->file_fd,
			(struct span){ spool->block, spool->held_bytes }, err);
	if (st != ST_OK)
		return st;
	spool->blocks++;
	spool->held_bytes = 0;
	return ST_OK;
}

static enum status
spool_flush_memory(struct spool *spool, struct err *err)
{
	const struct span held = { spool->block, spool->held_bytes };
	const enum status st = fd_write_all(spool->memory_fd, held, err);

	if (st == ST_OK)
		spool->held_bytes = 0;
	return st;
}

/* Into whole blocks; every full one goes to the file. */
static enum status
spool_add_file(struct spool *spool, struct span bytes, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && bytes.len_bytes > 0) {
		size_t part = SPOOL_BLOCK_BYTES - spool->held_bytes;

		if (part > bytes.len_bytes)
			part = bytes.len_bytes;
		memcpy(spool->block + spool->held_bytes, bytes.ptr, part);
		spool_hold(spool, part);
		(void)span_cut(bytes, part, bytes.len_bytes - part, &bytes);
		if (spool->held_bytes == SPOOL_BLOCK_BYTES)
			st = spool_flush_file(spool, err);
	}
	return st;
}

/* Small pieces wait in the block, large ones go straight to the file. */
static enum status
spool_add_memory(struct spool *spool, struct span bytes, struct err *err)
{
	enum status st = ST_OK;

	if (bytes.len_bytes > SPOOL_BLOCK_BYTES - spool->held_bytes)
		st = spool_flush_memory(spool, err);
	if (st != ST_OK)
		return st;
	if (bytes.len_bytes >= SPOOL_BLOCK_BYTES)
		return fd_write_all(spool->memory_fd, bytes, err);
	if (bytes.len_bytes > 0)
		memcpy(spool->block + spool->held_bytes, bytes.ptr,
		       bytes.len_bytes);
	spool_hold(spool, bytes.len_bytes);
	return ST_OK;
}

/* An unlinked file in dir; nothing that a crash could leave behind. */
static enum status
spool_open_file(const char *dir, int *fd_out, struct err *err)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		/* A file system that cannot: named for an instant. */
		char path[PATH_MAX];
		const int len =
			snprintf(path, sizeof(path), "%s/sekimori-XXXXXX", dir);

		if (len < 0 || (size_t)len >= sizeof(path))
			return err_set(err, ST_LIMIT, "spool: path too long");
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0 && unlink(path) != 0)
			fd_close(&fd);
	}
	if (fd < 0)
		return err_set_errno(err, "spool: no file in %s", dir);
	*fd_out = fd;
	return ST_OK;
}

/* Copy what is in memory to the file, and let go of the memory. */
static enum status
spool_move_to_file(struct spool *spool, struct err *err)
{
	enum status st = spool_flush_memory(spool, err);
	uint64_t at = 0;
	uint64_t end = 0;

	if (st == ST_OK)
		st = fd_size(spool->memory_fd, &end, err);
	if (st == ST_OK)
		st = spool_cipher_new(&spool->cipher, err);
	if (st == ST_OK)
		st = spool_open_file(spool->limits.dir, &spool->file_fd, err);
	while (st == ST_OK && at < end) {
		const size_t room = SPOOL_BLOCK_BYTES - spool->held_bytes;
		const ssize_t got = pread(spool->memory_fd,
					  spool->block + spool->held_bytes,
					  room, (off_t)at);

		if (got <= 0)
			return err_set_errno(err, "spool: cannot read back");
		at += (uint64_t)got;
		spool_hold(spool, (size_t)got);
		if (spool->held_bytes == SPOOL_BLOCK_BYTES)
			st = spool_flush_file(spool, err);
	}
	fd_close(&spool->memory_fd);
	return st;
}

enum status
spool_add(struct spool *spool, struct span bytes, struct err *err)
{
	enum status st = spool_reserve(spool, bytes.len_bytes, err);

	if (st == ST_OK && spool->file_fd == FD_NONE &&
	    spool->size_bytes > spool->limits.memory_bytes)
		st = spool_move_to_file(spool, err);
	if (st != ST_OK)
		return st;
	return spool->file_fd == FD_NONE ? spool_add_memory(spool, bytes, err)
					 : spool_add_file(spool, bytes, err);
}

/* Decrypt the file into a new memory file. */
static enum status
spool_bring_back(struct spool *spool, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	uint64_t left = spool->size_bytes;
	uint64_t block = 0;
	enum status st = spool_flush_file(spool, err);

	/* Blocks come back whole, whatever was held last. */
	spool->touched_bytes = SPOOL_BLOCK_BYTES;
	if (st == ST_OK && lseek(spool->file_fd, 0, SEEK_SET) != 0)
		st = err_set_errno(err, "spool: cannot rewind");
	if (st == ST_OK)
		st = fd_memory("mail", &fd, err);
	while (st == ST_OK && left > 0) {
		const size_t len = left < SPOOL_BLOCK_BYTES
					   ? (size_t)left
					   : (size_t)SPOOL_BLOCK_BYTES;

		st = fd_read_all(spool->file_fd, spool->block, len, err);
		if (st == ST_OK)
			st = spool_cipher_run(spool->cipher, block++,
					      spool->block, len, err);
		if (st == ST_OK)
			st = fd_write_all(
				fd, (struct span){ spool->block, len }, err);
		left -= len;
	}
	if (st == ST_END)
		st = err_set(err, ST_IO, "spool: the file ended early");
	if (st == ST_OK)
		spool->memory_fd = FD_MOVE(fd);
	return st;
}

enum status
spool_finish(struct spool *spool, int *fd_out, struct err *err)
{
	enum status st = spool->file_fd == FD_NONE
				 ? spool_flush_memory(spool, err)
				 : spool_bring_back(spool, err);

	if (st == ST_OK)
		st = fd_seal(spool->memory_fd, err);
	if (st != ST_OK)
		return st;
	fd_close(&spool->file_fd);
	*fd_out = spool->memory_fd;
	return ST_OK;
}

uint64_t
spool_size(const struct spool *spool)
{
	return spool->size_bytes;
}

bool
spool_is_on_disk(const struct spool *spool)
{
	return spool->file_fd != FD_NONE;
}

void
spool_free(struct spool **spool)
{
	struct spool *s = *spool;

	if (s == NULL)
		return;
	atomic_fetch_sub(&s->limits.budget->used_bytes, s->size_bytes);
	fd_close(&s->memory_fd);
	fd_close(&s->file_fd);
	spool_cipher_free(&s->cipher);
	if (s->block != NULL)
		explicit_bzero(s->block, s->touched_bytes);
	free(s->block);
	free(s);
	*spool = NULL;
}
