/*
 * spool.h - a mail on its way in: memory file first, encrypted file above a
 * border, memory file again for the scanner.
 *
 * Layer:    milter/session; includes only lib/
 * Threads:  a spool belongs to one thread at a time; a budget is shared
 *
 * Up to memory_bytes the mail stays in a memory file (never on a disk). What
 * is larger moves to an unlinked file, encrypted in blocks under a key of its
 * own that only this process ever knows, so that slow senders of large mails
 * cannot fill memory. At the end there is always a sealed memory file: what
 * the scanner and the sealing of a hold read.
 */
#ifndef MILTER_SESSION_SPOOL_H
#define MILTER_SESSION_SPOOL_H

#include <stdatomic.h>

#include "lib/base/fd.h"

/* Bytes that all mails being received hold together. Starts zeroed. */
struct spool_budget {
	atomic_uint_fast64_t used_bytes;
};

struct spool_limits {
	uint64_t memory_bytes;       /* border between memory and file */
	uint64_t max_bytes;          /* of one mail */
	uint64_t budget_bytes;       /* of all mails */
	const char *dir;             /* of encrypted files; borrowed */
	struct spool_budget *budget; /* borrowed */
};

struct spool;

/* Gives: *spool_out, release with spool_free().
 * Returns: ST_OK, ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status spool_new(const struct spool_limits *limits,
				 struct spool **spool_out, struct err *err);

/*
 * Append bytes.
 * Returns: ST_OK; ST_DENIED the mail is over max_bytes; ST_LIMIT all mails
 *          together are over the budget (4xx); ST_IO; ST_NO_MEMORY.
 * After a failure only spool_free() is left to do.
 */
MUST_CHECK enum status
spool_add(struct spool *spool, struct span bytes, struct err *err);

/*
 * Nothing more comes: give the whole mail as a sealed memory file.
 * Gives: *fd_out is borrowed and lives as long as the spool.
 * Returns: ST_OK, ST_IO, ST_NO_MEMORY
 */
MUST_CHECK enum status
spool_finish(struct spool *spool, int *fd_out, struct err *err);

uint64_t spool_size(const struct spool *spool);

/* True once the mail has moved to a file. */
bool spool_is_on_disk(const struct spool *spool);

/* Frees memory and file and gives the bytes back to the budget. */
void spool_free(struct spool **spool);

#endif
