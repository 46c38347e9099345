/*
 * hold_unlock.h - "sekimori hold unlock": the password of a file in held mail.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_HOLD_UNLOCK_H
#define CLI_HOLD_UNLOCK_H

#include "cli/command.h"

int hold_unlock(const struct cli *cli, int argc, char **argv);

#endif
