/*
 * directories.h - make the directories that the programs expect.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_DIRECTORIES_H
#define CLI_DIRECTORIES_H

#include "lib/config/config.h"

/*
 * run_dir (0755), state_dir (0700, the vault's), and the directory of the
 * milter's socket (2750, the MTA's group, which the socket thereby gets even
 * from a milter that was not started as root) when they are missing. Existing
 * ones are left as they are; doctor looks at them.
 * Returns: ST_OK, ST_NOT_FOUND an account is missing, ST_IO
 */
MUST_CHECK enum status
directories_make(const struct config *config, struct err *err);

/* Path of the milter's UNIX socket inside milter.socket, NULL: not one. */
const char *directories_milter_socket(const struct config *config);

#endif
