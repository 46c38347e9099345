/*
 * files.h - what is cut out of a mail, decoded, one behind another.
 *
 * Layer:    scanners/rewrite
 * Threads:  values
 * Input:    untrusted
 *
 * Only what every mail program decodes to the same bytes is a file: base64
 * without anything between it or behind its end, whole escapes.
 */
#ifndef SCANNERS_REWRITE_FILES_H
#define SCANNERS_REWRITE_FILES_H

#include "scanners/rewrite/tree.h"

/* A memory file that somebody else made as large as the mail. */
struct files {
	int fd;
	uint64_t room_bytes;
	uint64_t len_bytes; /* written so far */
};

/* Borrows fd. Returns: ST_OK; ST_LIMIT it is too small; ST_IO */
MUST_CHECK enum status files_open(int fd, uint64_t least_bytes,
				  struct files *files_out, struct err *err);

/*
 * Write the file that node is.
 * Gives:    *clear_out: false, it can be decoded in several ways and was not
 *           written
 * Returns:  ST_OK; ST_LIMIT, ST_NO_MEMORY, ST_IO
 */
MUST_CHECK enum status
files_add(struct files *files, const struct tree_node *node, bool *clear_out,
	  struct err *err);

#endif
