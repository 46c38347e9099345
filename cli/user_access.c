#include "cli/user_access.h"

#include <stdio.h>

#include "cli/hold_text.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/vault_ask.h"

int
user_second_factor(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	bool remove = false;
	const struct option_row rows[] = {
		{ "--remove", OPTION_FLAG, &remove },
	};
	const struct options options = {
		"user second-factor",
		"user second-factor LOGIN --remove\n"
		"For somebody who has lost it: the account signs in with its "
		"password alone and,\n"
		"where its roles need a second factor, sets up a new one. Its "
		"sessions end.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_second_factor request = { .step = FACTOR_STEP_REMOVE,
					       .code = "",
					       .client_address = "cli" };
	struct vault_second_factor_answer answer = { .uri = NULL };
	const struct vault_call call =
		VAULT_CALL(SECOND_FACTOR, &request, &answer);
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1 || !remove)
		return cli_misuse(options.command,
				  "name one account, and --remove");
	request.login = argv[0];
	code = vault_ask_once(cli, &call, &arena);
	if (code == 0)
		(void)printf("%s: second factor removed\n", request.login);
	return code;
}

static enum status
session_json_print(const struct vault_session_line *line, struct err *err)
{
	return json_print(json_pack("{s:o, s:o, s:o, s:o}", "signed_in",
				    json_time(line->made_unix_ms), "last_used",
				    json_time(line->seen_unix_ms), "from",
				    json_text(line->client_address), "with",
				    json_text(line->agent)),
			  err);
}

static int
sessions_print(const struct vault_session_list_answer *answer, bool json)
{
	static const char *const heads[] = { "SIGNED IN", "LAST USED", "FROM",
					     "WITH" };
	AUTO(table_done) struct table table;
	struct err err = { 0 };
	enum status st = ST_OK;

	table_init(&table, heads, ARRAY_LEN(heads));
	for (size_t i = 0; st == ST_OK && i < answer->line_count; i++) {
		const struct vault_session_line *line = &answer->lines[i];

		if (json) {
			st = session_json_print(line, &err);
			continue;
		}
		table_add_time(&table, line->made_unix_ms);
		table_add_time(&table, line->seen_unix_ms);
		table_add(&table, line->client_address);
		table_add(&table, line->agent);
	}
	if (st == ST_OK && !json)
		st = table_print(&table, &err);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}

static int
sessions_list(const struct cli *cli, const char *login, bool json)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_session_list request = { .login = login };
	struct vault_session_list_answer answer = { .line_count = 0 };
	const struct vault_call call =
		VAULT_CALL(SESSION_LIST, &request, &answer);
	const int code = vault_ask_once(cli, &call, &arena);

	return code == 0 ? sessions_print(&answer, json) : code;
}

static int
sessions_end(const struct cli *cli, const char *login)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_session_end request = { .login = login };
	struct vault_empty answer = { 0 };
	const struct vault_call call =
		VAULT_CALL(SESSION_END, &request, &answer);
	const int code = vault_ask_once(cli, &call, &arena);

	if (code == 0)
		(void)printf("%s%ssigned out everywhere\n", login,
			     login[0] != '\0' ? ": " : "");
	return code;
}

int
user_sessions(const struct cli *cli, int argc, char **argv)
{
	bool end = false;
	bool json = false;
	const struct option_row rows[] = {
		{ "--end", OPTION_FLAG, &end },
		{ "--json", OPTION_FLAG, &json },
	};
	const struct options options = {
		"user sessions",
		"user sessions [LOGIN] [--end | --json]\n"
		"Who is signed in at the desk: your own sessions, or as an "
		"admin another's.\n"
		"--end: sign out everywhere.\n",
		rows, ARRAY_LEN(rows)
	};
	const char *login = "";
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 1 || (end && json))
		return cli_misuse(options.command,
				  "one account at most, and one of --end and "
				  "--json");
	if (rest == 1)
		login = argv[0];
	return end ? sessions_end(cli, login) : sessions_list(cli, login, json);
}
