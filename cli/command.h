/*
 * command.h - what every command of sekimori gets, and how it fails.
 *
 * Layer:    cli
 * Threads:  one
 *
 * A command is one row in commands.def and one file cmd_<name>.c. It prints
 * its result to standard output and every complaint to standard error, with
 * what to do next, and returns an exit status: 0, or one of <sysexits.h>
 * (scan has its own small numbers).
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <sysexits.h>

#include "lib/base/status.h"
#include "lib/config/config.h"

struct cli {
	const char *config_path; /* --config, or where it is installed */
	bool config_named;       /* --config was given */
};

/* argv[0] is the command's name, what follows are its arguments. */
#define COMMAND(name, function, line) \
	int function(const struct cli *cli, int argc, char **argv);
#include "cli/commands.def"
#undef COMMAND

/*
 * The configuration, or the reason on standard error.
 * Returns: 0 and *config_out is the caller's; EX_NOINPUT, EX_CONFIG, …
 */
MUST_CHECK int
cli_load_config(const struct cli *cli, struct config **config_out);

/* "sekimori: reason" and, when next is not NULL, "  next". Returns the exit
 * status that fits err. */
int cli_fail(const struct err *err, const char *next);

/* "sekimori COMMAND: reason" and where to find the usage. Returns EX_USAGE. */
int cli_misuse(const char *command, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The exit status that fits a status. */
int cli_exit_status(enum status st);

#endif
