/*
 * tar.h - plain files in a tar stream (POSIX ustar), nothing else.
 *
 * Layer:    vault/store; only for upkeep
 * Threads:  no shared state
 * Input:    when reading, a file that may be damaged: the worst it can cause
 *           is a status other than ST_OK
 */
#ifndef VAULT_STORE_TAR_H
#define VAULT_STORE_TAR_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	TAR_BLOCK_BYTES = 512,
	TAR_NAME_BYTES = 101 /* with NUL */
};

/* Write the member name with all size_bytes bytes of from (from its start).
 * Returns: ST_OK; ST_LIMIT name or size do not fit; ST_FORMAT from has
 * another size; ST_IO */
MUST_CHECK enum status tar_write_file(int to, const char *name, int from,
				      uint64_t size_bytes, struct err *err);
/* The end of the archive. */
MUST_CHECK enum status tar_write_end(int to, struct err *err);

struct tar_member {
	char name[TAR_NAME_BYTES];
	uint64_t size_bytes;
};
/*
 * The next member of from, whose position is then at its bytes; read them
 * with tar_read_file() before the next call.
 * Returns: ST_OK; ST_END proper end; ST_FORMAT damaged or cut off; ST_IO
 */
MUST_CHECK enum status
tar_read_member(int from, struct tar_member *member_out, struct err *err);
/* Copy the bytes of member to to. */
MUST_CHECK enum status tar_read_file(int from, const struct tar_member *member,
				     int to, struct err *err);

#endif
