/*
 * user_access.h - "sekimori user second-factor" and "user sessions".
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_USER_ACCESS_H
#define CLI_USER_ACCESS_H

#include "cli/command.h"

int user_second_factor(const struct cli *cli, int argc, char **argv);
int user_sessions(const struct cli *cli, int argc, char **argv);

#endif
