#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "lib/proc/process.h"

static const struct {
	const char *name;
	int (*function)(const struct cli *cli, int argc, char **argv);
	const char *line;
} commands[] = {
#define COMMAND(name, function, line) { name, function, line },
#include "cli/commands.def"
#undef COMMAND
};

static void
main_print_usage(FILE *to)
{
	(void)fprintf(to, "usage: sekimori [--config FILE] COMMAND ...\n\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		(void)fprintf(to, "  %-13s %s\n", commands[i].name,
			      commands[i].line);
	(void)fprintf(to, "\n\"sekimori COMMAND --help\" tells more; so does "
			  "sekimori(1).\n");
}

/* Options before the command. Returns the index of the command, 0 when it is
 * done, -1 on misuse. */
static int
main_read_options(struct cli *cli, int argc, char **argv)
{
	static const char config_is[] = "--config=";
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--config") == 0 && at + 1 < argc) {
			cli->config_path = argv[++at];
			cli->config_named = true;
		} else if (strncmp(argv[at], config_is,
				   sizeof(config_is) - 1) == 0) {
			cli->config_path = argv[at] + sizeof(config_is) - 1;
			cli->config_named = true;
		} else if (strcmp(argv[at], "--help") == 0) {
			main_print_usage(stdout);
			return 0;
		} else if (strcmp(argv[at], "--version") == 0) {
			(void)printf("sekimori %s\n", SEKIMORI_VERSION);
			return 0;
		} else {
			(void)fprintf(stderr,
				      "sekimori: there is no option %s, or "
				      "its value is missing\n",
				      argv[at]);
			return -1;
		}
	}
	return at < argc ? at : -1;
}

int
main(int argc, char **argv)
{
	struct cli cli = { .config_path = SEKIMORI_SYSCONFDIR
			   "/sekimori/sekimori.conf" };
	struct err err = { .st = ST_OK };
	const int at = main_read_options(&cli, argc, argv);

	if (process_forbid_core(&err) != ST_OK)
		return cli_fail(&err, NULL);
	if (at == 0)
		return 0;
	if (at < 0) {
		main_print_usage(stderr);
		return EX_USAGE;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, argv[at]) == 0)
			return commands[i].function(&cli, argc - at, argv + at);
	}
	(void)fprintf(stderr, "sekimori: there is no command \"%s\"\n\n",
		      argv[at]);
	main_print_usage(stderr);
	return EX_USAGE;
}
