/*
 * known_files.h - files that an admin knows in clear: logos, forms, templates.
 *
 * Layer:    lib/words; includes lib/base
 * Threads:  values
 * Input:    the admin's directory; the pack is the scanner's own
 *
 * Shape of a pack: of each file its length (4 bytes, little endian) and its
 * bytes. It lies in the memory file of the words (words_added.h), which all
 * workers share.
 */
#ifndef LIB_WORDS_KNOWN_FILES_H
#define LIB_WORDS_KNOWN_FILES_H

#include "lib/base/sbuf.h"
#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	KNOWN_FILES_MAX = 200,
	/* Less of a file would leave hours of work, more of it is no help. */
	KNOWN_FILES_LEAST_BYTES = 100,
	KNOWN_FILES_MOST_BYTES = 1024 * 1024,
	KNOWN_FILES_PACK_BYTES = 16 * 1024 * 1024
};

/*
 * Append the files of the directory at path, in the order of their names; not
 * those in directories below it, hidden ones and those that are too small.
 * Returns:  ST_OK; ST_LIMIT too large, or too many; ST_IO; ST_NO_MEMORY. Every
 *           message names the directory.
 */
MUST_CHECK enum status
known_files_read(const char *path, struct sbuf *pack, struct err *err);

/* The next file; *at begins at 0. False: there are no more. */
bool known_files_next(struct span pack, size_t *at, struct span *file_out);

#endif
