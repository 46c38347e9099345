#include "cli/hold_export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/export_open.h"
#include "cli/options.h"
#include "cli/output.h"
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
	struct vault_ask ask;
	int code = vault_ask_open(cli, &ask);

	if (code == 0)
		code = vault_ask_call(&ask, &call, &arena);
	if (code == 0) {
		export_print(&answer);
		(void)printf("Another account consents now: sekimori hold "
			     "export consent %" PRIu64 "\n",
			     answer.export_id);
	}
	vault_ask_close(&ask);
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
	struct vault_ask ask;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 1)
		return cli_misuse("hold export consent", "name one export");
	code = export_parse_id("hold export consent", argv[0],
			       &request.export_id);
	if (code != 0)
		return code;
	code = vault_ask_open(cli, &ask);
	if (code == 0) {
		const struct vault_call call =
			VAULT_CALL(EXPORT_CONSENT, &request, &answer);

		code = vault_ask_call(&ask, &call, &arena);
	}
	if (code == 0)
		export_print(&answer);
	vault_ask_close(&ask);
	return code;
}

/* The vault writes into the file; what it left half is removed. */
static int
export_fetch_to(const struct cli *cli, const struct vault_export_id *request,
		const char *path)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	struct vault_export_answer answer = { .cases = 0 };
	struct vault_call call = VAULT_CALL(EXPORT_FETCH, request, &answer);
	struct vault_ask ask;
	struct err err = { 0 };
	int code = vault_ask_open(cli, &ask);

	if (code == 0 && output_create(path, &fd, &err) != ST_OK)
		code = cli_fail(&err, NULL);
	if (code == 0) {
		call.fd = fd;
		code = vault_ask_call(&ask, &call, &arena);
		if (output_finish(path, fd, code == 0, &err) != ST_OK)
			code = cli_fail(&err, NULL);
	}
	if (code == 0)
		export_print(&answer);
	vault_ask_close(&ask);
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
	struct vault_export_id request = { .export_id = 0 };
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest != 2)
		return cli_misuse("hold export fetch",
				  "name one export and a new file");
	code = export_parse_id("hold export fetch", argv[0],
			       &request.export_id);
	return code != 0 ? code : export_fetch_to(cli, &request, argv[1]);
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

	return subcommand_run(cli, rows, ARRAY_LEN(rows), argc, argv);
}
