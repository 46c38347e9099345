/*
 * program_path.h - where the programs that commands start are.
 *
 * Layer:    cli
 * Threads:  no shared state
 */
#ifndef CLI_PROGRAM_PATH_H
#define CLI_PROGRAM_PATH_H

#include <limits.h>

#include "lib/config/config.h"

/*
 * Path of the program called name: beside this one while it is not installed;
 * else where the others are, or where general.program_dir says.
 * Returns: ST_OK, ST_LIMIT too long
 */
MUST_CHECK enum status
program_path(const struct config *config, const char *name, char path[PATH_MAX],
	     struct err *err);

#endif
