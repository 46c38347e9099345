/* link: secure links of mails, as the desk shows them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/hold_text.h"
#include "cli/options.h"
#include "cli/subcommand.h"
#include "cli/vault_ask.h"
#include "lib/base/parse.h"
#include "lib/crypto/signed_text.h"

enum {
	LINK_MAX_DAYS = 365,
	LINK_DAY_MS = 24 * 3600 * 1000,
	LINK_MAX_RECORD_BYTES = 2 * 1024 * 1024
};

/* --- list -------------------------------------------------------------- */

static enum status
link_print(const struct vault_link_list_answer *answer, struct err *err)
{
	static const char *const heads[] = { "LINK",   "STATE",   "RECIPIENT",
					     "OPENED", "FETCHED", "ENDS" };
	AUTO(table_done) struct table table;

	table_init(&table, heads, ARRAY_LEN(heads));
	for (size_t i = 0; i < answer->link_count; i++) {
		const struct vault_link_line *line = &answer->links[i];
		char id[CASE_ID_TEXT_BYTES];

		case_id_format(line->link_id, id);
		table_add(&table, id);
		table_add(&table, link_state_name(line->state));
		table_addf(&table, "%s%s", line->recipient,
			   line->kind == LINK_KIND_SENDER ? " (sender)" : "");
		table_addf(&table, "%" PRIu32, line->opened);
		table_addf(&table, "%" PRIu32, line->fetched);
		table_add_time(&table, line->ended_unix_ms != 0
					       ? line->ended_unix_ms
					       : line->expires_unix_ms);
	}
	return table_print(&table, err);
}

static json_t *
link_json(const struct vault_link_line *line)
{
	char id[CASE_ID_TEXT_BYTES];

	case_id_format(line->link_id, id);
	return json_pack(
		"{s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:I,s:I}", "link", id, "state",
		link_state_name(line->state), "kind",
		line->kind == LINK_KIND_SENDER ? "sender" : "recipient",
		"recipient", json_text(line->recipient), "sent",
		json_time(line->sent_unix_ms), "expires",
		json_time(line->expires_unix_ms), "ended",
		json_time(line->ended_unix_ms), "opened",
		(json_int_t)line->opened, "fetched", (json_int_t)line->fetched);
}

static int
link_list(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	bool json = false;
	const struct option_row rows[] = { { "--json", OPTION_FLAG, &json } };
	const struct options options = {
		"link list",
		"link list [--json] CASE\n"
		"The secure links of a mail: to whom, opened and fetched how "
		"often, until when.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_link_case request = { .actor = { { NULL, 0 } } };
	struct vault_link_list_answer answer = { .link_count = 0 };
	const struct vault_call call = VAULT_CALL(LINK_LIST, &request, &answer);
	struct err err = { 0 };
	enum status st = ST_OK;
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one case", &code))
		return code;
	code = vault_ask_case_id("link list", argv[0], request.case_id);
	if (code == 0)
		code = vault_ask_once(cli, &call, &arena);
	if (code != 0)
		return code;
	if (!json)
		st = link_print(&answer, &err);
	for (size_t i = 0; json && st == ST_OK && i < answer.link_count; i++)
		st = json_print(link_json(&answer.links[i]), &err);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}

/* --- change ------------------------------------------------------------ */

static int
link_change(const struct cli *cli, const char *link,
	    struct vault_link_change *request)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_empty answer = { 0 };
	const struct vault_call call =
		VAULT_CALL(LINK_CHANGE, request, &answer);

	if (!case_id_parse(link, request->link_id))
		return cli_misuse("link", "this is no link; see sekimori link "
					  "list");
	request->client_address = "cli";
	return vault_ask_once(cli, &call, &arena);
}

static int
link_revoke(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"link revoke",
		"link revoke LINK\n"
		"Nobody can fetch anything by it any more; its key is "
		"destroyed.\n",
		NULL, 0
	};
	struct vault_link_change request = { .step = LINK_STEP_REVOKE };
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one link", &code))
		return code;
	return link_change(cli, argv[0], &request);
}

static int
link_thaw(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"link thaw",
		"link thaw LINK\n"
		"After too many wrong codes: allow new tries.\n",
		NULL, 0
	};
	struct vault_link_change request = { .step = LINK_STEP_THAW };
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one link", &code))
		return code;
	return link_change(cli, argv[0], &request);
}

static int
link_extend(const struct cli *cli, int argc, char **argv)
{
	const struct options options = { "link extend",
					 "link extend LINK DAYS\n"
					 "It ends so many days from now.\n",
					 NULL, 0 };
	struct vault_link_change request = { .step = LINK_STEP_EXTEND };
	uint64_t days = 0;
	int code = 0;

	if (!options_exactly(&options, argc, argv, 2, "name a link and days",
			     &code))
		return code;
	if (!parse_u64(span_of(argv[1]), LINK_MAX_DAYS, &days) || days == 0)
		return cli_misuse("link extend", "days: 1 to 365");
	request.until_unix_ms = clock_unix_ms() + (int64_t)days * LINK_DAY_MS;
	return link_change(cli, argv[0], &request);
}

/* --- record ------------------------------------------------------------ */

static int
link_record(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf out;
	const struct options options = {
		"link record",
		"link record LINK\n"
		"The signed record of a link: who opened and fetched what, or "
		"that nobody did; of an\n"
		"ended link also that its keys are destroyed. See: sekimori "
		"certificate verify\n",
		NULL, 0
	};
	struct vault_link_of request = { .actor = { { NULL, 0 } } };
	struct vault_link_record answer = { .text = "" };
	const struct vault_call call =
		VAULT_CALL(LINK_RECORD, &request, &answer);
	struct err err = { 0 };
	enum status st = ST_OK;
	int code = 0;

	sbuf_init(&out, LINK_MAX_RECORD_BYTES);
	if (!options_exactly(&options, argc, argv, 1, "name one link", &code))
		return code;
	if (!case_id_parse(argv[0], request.link_id))
		return cli_misuse("link record", "this is no link; see "
						 "sekimori link list");
	code = vault_ask_once(cli, &call, &arena);
	if (code != 0)
		return code;
	signed_text_write(span_of(answer.text), answer.signature, &out);
	st = sbuf_status(&out, "link record", &err);
	if (st == ST_OK)
		st = fd_write_all(STDOUT_FILENO, sbuf_span(&out), &err);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}

int
cmd_link(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "list", link_list, "[--json] CASE    links of a mail" },
		{ "revoke", link_revoke, "LINK             end it at once" },
		{ "extend", link_extend, "LINK DAYS        let it end later" },
		{ "thaw", link_thaw, "LINK               allow new tries" },
		{ "record", link_record,
		  "LINK             who did what, signed" },
	};
	static const struct subcommands commands = { "link", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
