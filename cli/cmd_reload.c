/* reload: every program reads the file again, or says why it does not. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/programs.h"
#include "lib/wire/control.h"

enum { RELOAD_PATH_BYTES = 4300 };

/* Returns 0, or the exit status of the failure, which was shown. */
static int
reload_one(const struct config *config, const char *program)
{
	struct err err = { 0 };
	char path[RELOAD_PATH_BYTES];
	enum status st = control_path(config->general.run_dir, program, path,
				      sizeof(path), &err);

	if (st == ST_OK)
		st = control_ask(path, CONTROL_RELOAD, &err);
	if (st == ST_OK) {
		(void)printf("%s: reloaded\n", program);
		return 0;
	}
	(void)printf("%s: %s%s\n", program,
		     st == ST_DENIED ? "kept the old configuration: " : "",
		     err.text);
	return st == ST_DENIED ? EX_CONFIG : EX_UNAVAILABLE;
}

int
cmd_reload(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"reload",
		"reload\n"
		"Checks the file, then asks each program to put it into "
		"force. A program that\n"
		"refuses goes on with the old one.\n",
		NULL, 0
	};
	AUTO(config_free) struct config *config = NULL;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("reload", "too many arguments");
	code = cli_load_config(cli, &config);
	if (code != 0)
		return code;
	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		const int one = reload_one(config, program_names[i]);

		code = one != 0 ? one : code;
	}
	return code;
}
