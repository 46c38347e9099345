/*
 * output.h - new files for what the vault writes out.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "lib/base/fd.h"

/* A new file at path, mode 0600; an existing one is not touched.
 * Returns: ST_OK, ST_DENIED there is such a file, ST_IO */
MUST_CHECK enum status
output_create(const char *path, int *fd_out, struct err *err);

/* Make what was written durable; on failure of either the file is removed.
 * good: whether the writer succeeded. Returns: ST_OK, ST_IO */
MUST_CHECK enum status
output_finish(const char *path, int fd, bool good, struct err *err);

#endif
