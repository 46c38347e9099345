#include "cli/subcommand.h"

#include <stdio.h>
#include <string.h>

static void
subcommand_print_usage(FILE *to, const struct subcommands *commands)
{
	(void)fprintf(to, "usage: sekimori [--config FILE] %s COMMAND ...\n\n",
		      commands->command);
	for (size_t i = 0; i < commands->row_count; i++)
		(void)fprintf(to, "  %-9s %s\n", commands->rows[i].name,
			      commands->rows[i].line);
}

int
subcommand_run(const struct cli *cli, const struct subcommands *commands,
	       int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		subcommand_print_usage(stdout, commands);
		return 0;
	}
	for (size_t i = 0; argc >= 2 && i < commands->row_count; i++) {
		if (strcmp(commands->rows[i].name, argv[1]) == 0)
			return commands->rows[i].function(cli, argc - 1,
							  argv + 1);
	}
	if (argc >= 2)
		(void)fprintf(stderr, "sekimori %s: there is no \"%s\"\n\n",
			      commands->command, argv[1]);
	subcommand_print_usage(stderr, commands);
	return EX_USAGE;
}
