#include "cli/hold_export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/export_open.h"
#include "cli/options.h"
#include "cli/subcommand.h"
#include "cli/vault_ask.h"
#include "lib/base/parse.h"

static void
export_print(const struct vault_export_answer *answer)
{
	(void)printf("export %" PRIu64 ": %" PRIu32 " cases\n",
		     answer->export_id, answer->cases);
}

static int
export_send_ask(const struct cli *cli, const struct vault_export_ask *request)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_export_answer answer = { .cases = 0 };
	const struct vault_call call = VAULT_CALL(EXPORT_ASK, request, &answer);
	const int code = vault_ask_once(cli, &call, &arena);

	if (code == 0) {
		export_print(&answer);
		(void)printf("Another account consents now: sekimori hold "
			     "export consent %" PRIu64 "\n",
			     answer.export_id);
	}
	return code;
}

static int
export_ask(const struct cli *cli, int argc, char **argv)
{
	const char *key = NULL;
	const char *reason = NULL;
	const struct option_row rows[] = {
		{ "--key", OPTION_TEXT, &key },
		{ "--reason", OPTION_TEXT, &reason },
	};
	const struct options options = {
		"hold export ask",
		"hold export ask --key HEX --reason TEXT [CASE]\n"
		"Asks for one case, or all that have not ended, encrypted to "
		"the X25519 public\n"
		"key (64 hex digits) of whoever shall read them. Another "
		"account must consent.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_export_ask request = { .actor = { { NULL, 0 } } };
	/* cppcheck-suppress variableScope ; the request borrows it */
	uint8_t id[CASE_ID_BYTES];
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (key == NULL || reason == NULL || reason[0] == '\0' || rest > 1)
		return cli_misuse("hold export ask",
				  "--key and --reason are needed, and at most "
				  "one case");
	if (!parse_hex(span_of(key), request.public_key,
		       sizeof(request.public_key)))
		return cli_misuse("hold export ask",
				  "--key takes 64 hex digits");
	request.reason = reason;
	if (rest == 1) {
		const int code =
			vault_ask_case_id("hold export ask", argv[0], id);

		if (code != 0)
			return code;
		request.case_id = (struct span){ id, sizeof(id) };
	}
	return export_send_ask(cli, &request);
}

static int
export_parse_id(const char *command, const char *text, uint64_t *id_out)
{
	if (parse_u64(span_of(text), UINT64_MAX, id_out))
		return 0;
	return cli_misuse(command, "\"%s\" is no number of an export", text);
}

static int
export_consent(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct options options = {
		"hold export consent",
		"hold export consent NUMBER\n"
		"Lets another account's export happen. Nobody consents to "
		"their own.\n",
		NULL, 0
	};
	struct vault_export_id request = { .export_id = 0 };
	struct vault_export_answer answer = { .cases = 0 };
	const struct vault_call call =
		VAULT_CALL(EXPORT_CONSENT, &request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one export", &code))
		return code;
	code = export_parse_id("hold export consent", argv[0],
			       &request.export_id);
	if (code == 0)
		code = vault_ask_once(cli, &call, &arena);
	if (code == 0)
		export_print(&answer);
	return code;
}

static int
export_fetch(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"hold export fetch",
		"hold export fetch NUMBER FILE\n"
		"Writes the encrypted mails to a new file, once another "
		"account has consented.\n",
		NULL, 0
	};
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_export_id request = { .export_id = 0 };
	struct vault_export_answer answer = { .cases = 0 };
	const struct vault_call call =
		VAULT_CALL(EXPORT_FETCH, &request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 2,
			     "name one export and a new file", &code))
		return code;
	code = export_parse_id("hold export fetch", argv[0],
			       &request.export_id);
	if (code == 0)
		code = vault_ask_into(cli, &call, argv[1], &arena);
	if (code == 0)
		export_print(&answer);
	return code;
}

int
hold_export(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "key", export_key, "FILE  a key pair for who shall read" },
		{ "ask", export_ask,
		  "--key HEX --reason TEXT [CASE]  ask for mails" },
		{ "consent", export_consent,
		  "NUMBER  a second account agrees" },
		{ "fetch", export_fetch, "NUMBER FILE  get them" },
		{ "open", export_open,
		  "--key FILE ARCHIVE FOLDER  read them, anywhere" },
	};
	static const struct subcommands commands = { "hold export", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
