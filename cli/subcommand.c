#include "cli/subcommand.h"

#include <stdio.h>
#include <string.h>

static void
subcommand_print_usage(FILE *to, const char *command,
		       const struct subcommand *rows, size_t row_count)
{
	(void)fprintf(to, "usage: sekimori [--config FILE] %s COMMAND ...\n\n",
		      command);
	for (size_t i = 0; i < row_count; i++)
		(void)fprintf(to, "  %-9s %s\n", rows[i].name, rows[i].line);
}

int
subcommand_run(const struct cli *cli, const struct subcommand *rows,
	       size_t row_count, int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		subcommand_print_usage(stdout, argv[0], rows, row_count);
		return 0;
	}
	for (size_t i = 0; argc >= 2 && i < row_count; i++) {
		if (strcmp(rows[i].name, argv[1]) == 0)
			return rows[i].function(cli, argc - 1, argv + 1);
	}
	if (argc >= 2)
		(void)fprintf(stderr, "sekimori %s: there is no \"%s\"\n\n",
			      argv[0], argv[1]);
	subcommand_print_usage(stderr, argv[0], rows, row_count);
	return EX_USAGE;
}
