/*
 * memory_file.h - files as what travels to programs in a sandbox.
 *
 * Layer:    cli
 * Threads:  no shared state
 */
#ifndef CLI_MEMORY_FILE_H
#define CLI_MEMORY_FILE_H

#include "lib/base/fd.h"

/* Copy what fd gives into a sealed memory file; one byte over max_bytes is
 * enough for whoever gets it to say so. Returns: ST_OK, ST_IO */
MUST_CHECK enum status
memory_file_copy(int fd, uint64_t max_bytes, int *memory_out, struct err *err);

/* Open the plain file at path, or standard input for "-". A pipe with a name
 * does not hold us up. Returns: ST_OK, ST_NOT_FOUND */
MUST_CHECK enum status
memory_file_open(const char *path, int *fd_out, struct err *err);

#endif
