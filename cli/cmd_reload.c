/* reload: every program reads the file again, or says why it does not. */
#include <stdio.h>
#include <string.h>

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

/* NULL: there is no such program. "vault" is sekimori-vault. */
static const char *
reload_find(const char *word)
{
	static const char prefix[] = "sekimori-";
	const size_t prefix_bytes = sizeof(prefix) - 1;

	for (size_t i = 0; i < PROGRAM_COUNT; i++) {
		if (strcmp(program_names[i], word) == 0 ||
		    strcmp(program_names[i] + prefix_bytes, word) == 0)
			return program_names[i];
	}
	return NULL;
}

int
cmd_reload(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"reload",
		"reload [PROGRAM...]\n"
		"Checks the file, then asks each program, or those named "
		"(vault, scanner, courier,\n"
		"desk, milter, portal), to put it into force. A program that refuses "
		"goes on with the old\none.\n",
		NULL, 0
	};
	AUTO(config_free) struct config *config = NULL;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	for (int i = 0; i < rest; i++) {
		if (reload_find(argv[i]) == NULL)
			return cli_misuse("reload", "there is only: vault, "
						    "scanner, courier, desk, "
						    "milter, portal");
	}
	code = cli_load_config(cli, &config);
	if (code != 0)
		return code;
	const size_t count = rest > 0 ? (size_t)rest : programs_wanted(config);

	for (size_t i = 0; i < count; i++) {
		const int one =
			reload_one(config, rest > 0 ? reload_find(argv[i])
						    : program_names[i]);

		code = one != 0 ? one : code;
	}
	return code;
}
