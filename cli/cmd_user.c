/* user: accounts of approvers, senders, auditors and admins. */
#include <stdio.h>
#include <string.h>

#include "cli/hold_text.h"
#include "cli/secret.h"
#include "cli/subcommand.h"
#include "cli/user_access.h"
#include "cli/user_text.h"
#include "cli/vault_ask.h"

/* --- list --------------------------------------------------------------- */

static int
user_fetch(struct vault_ask *ask, struct vault_user_list_answer *answer,
	   struct wire_arena **arena_out)
{
	const struct vault_user_list request = { .actor = { { NULL, 0 } } };
	const struct vault_call call = VAULT_CALL(USER_LIST, &request, answer);

	return vault_ask_call(ask, &call, arena_out);
}

static int
user_print(const struct vault_user_list_answer *answer, bool json)
{
	static const char *const heads[] = { "LOGIN",  "NAME",         "ROLES",
					     "GROUPS", "ADDRESSES",    "UID",
					     "STATE",  "SECOND FACTOR" };
	AUTO(table_done) struct table table;
	struct err err = { 0 };
	enum status st = ST_OK;

	table_init(&table, heads, ARRAY_LEN(heads));
	for (size_t i = 0; st == ST_OK && i < answer->user_count; i++) {
		if (json)
			st = json_print(user_json(&answer->users[i]), &err);
		else
			user_add_row(&answer->users[i], &table);
	}
	if (st == ST_OK && !json)
		st = table_print(&table, &err);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}

static int
user_list(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	bool json = false;
	const struct option_row rows[] = {
		{ "--json", OPTION_FLAG, &json },
	};
	const struct options options = { "user list",
					 "user list [--json]\nAll accounts.\n",
					 rows, ARRAY_LEN(rows) };
	struct vault_user_list_answer answer = { .user_count = 0 };
	struct vault_ask ask;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("user list", "too many arguments");
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = user_fetch(&ask, &answer, &arena);
	if (code == 0)
		code = user_print(&answer, json);
	vault_ask_close(&ask);
	return code;
}

/* --- changes ------------------------------------------------------------ */

static int
user_send(struct vault_ask *ask, enum user_change change,
	  const struct vault_user *user, const char *password)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_user_change request = { .change = change,
						   .user = *user,
						   .password = password };
	struct vault_empty answer = { 0 };
	const struct vault_call call =
		VAULT_CALL(USER_CHANGE, &request, &answer);

	return vault_ask_call(ask, &call, &arena);
}

static int
user_read_password(bool from_stdin, const char *login, struct sbuf *password)
{
	struct err err = { 0 };
	char prompt[VAULT_MAX_NAME_BYTES + 32];

	(void)snprintf(prompt, sizeof(prompt),
		       "Password for %.*s: ", VAULT_MAX_NAME_BYTES, login);
	if (secret_read_new(from_stdin ? SECRET_SOURCE_STDIN
				       : SECRET_SOURCE_TERMINAL,
			    prompt, password, &err) == ST_OK)
		return 0;
	return cli_fail(&err, "Without a terminal: --password-stdin and one "
			      "line on standard input.");
}

static int
user_add(const struct cli *cli, int argc, char **argv)
{
	AUTO(sbuf_done) struct sbuf password;
	struct user_words words = { .name = NULL };
	bool from_stdin = false;
	bool none = false;
	const struct option_row rows[] = {
		{ "--name", OPTION_TEXT, &words.name },
		{ "--roles", OPTION_TEXT, &words.roles },
		{ "--addresses", OPTION_TEXT, &words.addresses },
		{ "--groups", OPTION_TEXT, &words.groups },
		{ "--language", OPTION_TEXT, &words.language },
		{ "--uid", OPTION_TEXT, &words.uid },
		{ "--password-stdin", OPTION_FLAG, &from_stdin },
		{ "--no-password", OPTION_FLAG, &none },
	};
	const struct options options = {
		"user add",
		"user add LOGIN --roles ROLE,... [--name NAME] [--addresses "
		"A,B]\n"
		"           [--groups G,...] [--language ja|en] [--uid "
		"NUMBER]\n"
		"           [--password-stdin | --no-password]\n"
		"Roles: sender, approver, handler, auditor, admin. Addresses: "
		"every address\n"
		"this person sends from; the rule of two people goes by them. --uid: who "
		"asks on this host's\n"
		"command line. --no-password: command line only.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_user user = { .language = "ja", .uid = -1 };
	struct vault_ask ask;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	sbuf_init_secret(&password, SECRET_MAX_BYTES);
	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1 || words.roles == NULL || (from_stdin && none))
		return cli_misuse("user add", "a login and --roles are needed");
	user.login = argv[0];
	user.name = argv[0];
	user.enabled = true;
	code = user_apply_words("user add", &words, &user);
	if (code == 0 && !none)
		code = user_read_password(from_stdin, user.login, &password);
	if (code != 0)
		return code;
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = user_send(&ask, USER_CHANGE_CREATE, &user,
				 sbuf_text(&password));
	if (code == 0)
		(void)printf("%s: added\n", user.login);
	vault_ask_close(&ask);
	return code;
}

/* What is not named keeps its value: so look first. */
static int
user_change_found(struct vault_ask *ask, const char *login,
		  const struct user_words *words)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_user_list_answer answer = { .user_count = 0 };
	int code = user_fetch(ask, &answer, &arena);

	if (code != 0)
		return code;
	for (size_t i = 0; i < answer.user_count; i++) {
		struct vault_user user = answer.users[i];

		if (strcmp(user.login, login) != 0)
			continue;
		code = user_apply_words("user change", words, &user);
		if (code == 0)
			code = user_send(ask, USER_CHANGE_UPDATE, &user, "");
		if (code == 0)
			(void)printf("%s: changed\n", login);
		return code;
	}
	struct err err = { 0 };

	(void)err_set(&err, ST_NOT_FOUND, "there is no account \"%.100s\"",
		      login);
	return cli_fail(&err, "\"sekimori user list\" shows them.");
}

static int
user_change_command(const struct cli *cli, int argc, char **argv)
{
	struct user_words words = { .name = NULL };
	const struct option_row rows[] = {
		{ "--name", OPTION_TEXT, &words.name },
		{ "--roles", OPTION_TEXT, &words.roles },
		{ "--addresses", OPTION_TEXT, &words.addresses },
		{ "--groups", OPTION_TEXT, &words.groups },
		{ "--language", OPTION_TEXT, &words.language },
		{ "--uid", OPTION_TEXT, &words.uid },
	};
	const struct options options = {
		"user change",
		"user change LOGIN [--name NAME] [--roles ROLE,...] "
		"[--addresses A,B]\n"
		"           [--groups G,...] [--language ja|en] [--uid "
		"NUMBER|none]\n"
		"What is not named keeps its value. It counts at once, also "
		"for open sessions.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_ask ask;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1)
		return cli_misuse("user change", "name one account");
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = user_change_found(&ask, argv[0], &words);
	vault_ask_close(&ask);
	return code;
}

static int
user_password(const struct cli *cli, int argc, char **argv)
{
	AUTO(sbuf_done) struct sbuf password;
	bool from_stdin = false;
	const struct option_row rows[] = {
		{ "--password-stdin", OPTION_FLAG, &from_stdin },
	};
	const struct options options = {
		"user password",
		"user password [--password-stdin] LOGIN\n"
		"A new password, of at least 12 bytes: your own, or as an "
		"admin another's.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_user user = { .name = "", .language = "ja", .uid = -1 };
	struct vault_ask ask;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	sbuf_init_secret(&password, SECRET_MAX_BYTES);
	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1)
		return cli_misuse("user password", "name one account");
	user.login = argv[0];
	code = user_read_password(from_stdin, user.login, &password);
	if (code != 0)
		return code;
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = user_send(&ask, USER_CHANGE_PASSWORD, &user,
				 sbuf_text(&password));
	if (code == 0)
		(void)printf("%s: password changed\n", user.login);
	vault_ask_close(&ask);
	return code;
}

/* Changes that need nothing but a login. */
struct user_switch {
	enum user_change change;
	const char *command;
	const char *usage;
	const char *done; /* what it is afterwards */
};

static int
user_switch(const struct cli *cli, int argc, char **argv,
	    const struct user_switch *what)
{
	const struct options options = { what->command, what->usage, NULL, 0 };
	struct vault_user user = { .name = "", .language = "ja", .uid = -1 };
	struct vault_ask ask;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1)
		return cli_misuse(options.command, "name one account");
	user.login = argv[0];
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = user_send(&ask, what->change, &user, "");
	if (code == 0)
		(void)printf("%s: %s\n", user.login, what->done);
	vault_ask_close(&ask);
	return code;
}

static int
user_enable(const struct cli *cli, int argc, char **argv)
{
	static const struct user_switch what = { USER_CHANGE_ENABLE,
						 "user enable",
						 "user enable LOGIN\n",
						 "enabled" };

	return user_switch(cli, argc, argv, &what);
}

static int
user_disable(const struct cli *cli, int argc, char **argv)
{
	static const struct user_switch what = {
		USER_CHANGE_DISABLE, "user disable",
		"user disable LOGIN\nThe account ends at once, its "
		"sessions too; its history stays.\n",
		"disabled"
	};

	return user_switch(cli, argc, argv, &what);
}

static int
user_unlock(const struct cli *cli, int argc, char **argv)
{
	static const struct user_switch what = {
		USER_CHANGE_UNLOCK, "user unlock",
		"user unlock LOGIN\nAfter too many wrong passwords or "
		"codes; somebody else has to do it.\n",
		"unlocked"
	};

	return user_switch(cli, argc, argv, &what);
}

int
cmd_user(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "list", user_list, "[--json]  all accounts" },
		{ "add", user_add, "LOGIN --roles ROLE,...  a new account" },
		{ "change", user_change_command,
		  "LOGIN ...  roles, groups, addresses, name" },
		{ "password", user_password, "LOGIN  a new password" },
		{ "enable", user_enable, "LOGIN" },
		{ "disable", user_disable, "LOGIN" },
		{ "unlock", user_unlock,
		  "LOGIN  after too many wrong passwords or codes" },
		{ "second-factor", user_second_factor,
		  "LOGIN --remove  when it was lost" },
		{ "sessions", user_sessions,
		  "[LOGIN] [--end]  who is signed in; sign out everywhere" },
	};
	static const struct subcommands commands = { "user", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
