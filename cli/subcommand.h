/*
 * subcommand.h - "sekimori hold list": the second word of a command.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SUBCOMMAND_H
#define CLI_SUBCOMMAND_H

#include "cli/command.h"

struct subcommand {
	const char *name;
	int (*function)(const struct cli *cli, int argc, char **argv);
	const char *line; /* arguments, then what it does */
};

struct subcommands {
	const char *command; /* "hold export" */
	const struct subcommand *rows;
	size_t row_count;
};

/* Run the one that argv[1] names, with its name as argv[0]. */
int subcommand_run(const struct cli *cli, const struct subcommands *commands,
		   int argc, char **argv);

#endif
