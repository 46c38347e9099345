/* policy: which rule would a mail get, and why? */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"

enum { POLICY_ARGV_ROOM = 160, POLICY_PATH_BYTES = 4300 };

struct policy_question {
	const char *from;
	const char *login;
	const char *client;
	struct option_list to;
};

/* The milter answers: the same code decides over real mail. */
static int
policy_ask_milter(const struct cli *cli, const struct config *config,
		  const struct policy_question *question, const char *file)
{
	const char *argv[POLICY_ARGV_ROOM];
	char path[POLICY_PATH_BYTES];
	struct err err = { 0 };
	size_t at = 0;

	(void)snprintf(path, sizeof(path), "%s/sekimori-milter",
		       config->general.program_dir);
	argv[at++] = "sekimori-milter";
	argv[at++] = "--config";
	argv[at++] = cli->config_path;
	argv[at++] = "--policy-test";
	argv[at++] = "--from";
	argv[at++] = question->from;
	for (size_t i = 0; i < question->to.count; i++) {
		argv[at++] = "--to";
		argv[at++] = question->to.items[i];
	}
	if (question->login != NULL) {
		argv[at++] = "--login";
		argv[at++] = question->login;
	}
	if (question->client != NULL) {
		argv[at++] = "--client";
		argv[at++] = question->client;
	}
	argv[at++] = file;
	argv[at] = NULL;
	(void)execv(path, (char *const *)(uintptr_t)argv);
	(void)err_set_errno(&err, "%s: cannot be started", path);
	return cli_fail(&err, "Is general.program_dir right?");
}

static int
policy_test(const struct cli *cli, int argc, char **argv)
{
	struct policy_question question = { .from = NULL };
	const struct option_row rows[] = {
		{ "--from", OPTION_TEXT, &question.from },
		{ "--to", OPTION_LIST, &question.to },
		{ "--login", OPTION_TEXT, &question.login },
		{ "--client", OPTION_TEXT, &question.client },
	};
	const struct options options = {
		"policy test",
		"policy test --from ADDRESS --to ADDRESS [--to …]\n"
		"           [--login NAME] [--client IP] FILE\n"
		"Scans FILE as a mail and shows, for each recipient, the rule "
		"that it would get\n"
		"and why. Nothing is delivered, held or logged. --from '' is "
		"the null sender.\n",
		rows, ARRAY_LEN(rows)
	};
	AUTO(config_free) struct config *config = NULL;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (question.from == NULL || question.to.count == 0)
		return cli_misuse("policy test", "--from and --to are needed");
	if (rest != 1)
		return cli_misuse("policy test", "name one file");
	code = cli_load_config(cli, &config);
	if (code != 0)
		return code;
	return policy_ask_milter(cli, config, &question, argv[0]);
}

int
cmd_policy(const struct cli *cli, int argc, char **argv)
{
	if (argc >= 2 && strcmp(argv[1], "test") == 0)
		return policy_test(cli, argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		(void)puts("usage: sekimori [--config FILE] policy test …");
		return 0;
	}
	return cli_misuse("policy test",
			  argc < 2 ? "say what: test" : "there is only: test");
}
