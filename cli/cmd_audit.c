/* audit: read, verify and take out the log of everything that was done. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/hold_text.h"
#include "cli/options.h"
#include "cli/subcommand.h"
#include "cli/vault_ask.h"
#include "lib/base/parse.h"

enum { AUDIT_DEFAULT_LINES = 50 };

static void
audit_format_case(struct span case_id, char text[CASE_ID_TEXT_BYTES])
{
	text[0] = '\0';
	if (case_id.len_bytes == CASE_ID_BYTES)
		case_id_format(case_id.ptr, text);
}

static json_t *
audit_json(const struct vault_audit_line *line)
{
	char id[CASE_ID_TEXT_BYTES];

	audit_format_case(line->case_id, id);
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:s, s:o}", "seq",
			 (json_int_t)line->seq, "at",
			 json_time(line->at_unix_ms), "actor",
			 json_text(line->actor), "via", json_text(line->via),
			 "event", json_text(line->event), "case", id, "detail",
			 json_text(line->detail));
}

static int
audit_print(const struct vault_audit_list_answer *answer, bool json)
{
	static const char *const heads[] = { "ROW",  "WHEN", "WHO",   "BY",
					     "WHAT", "CASE", "DETAIL" };
	AUTO(table_done) struct table table;
	struct err err = { 0 };
	enum status st = ST_OK;

	table_init(&table, heads, ARRAY_LEN(heads));
	for (size_t i = 0; st == ST_OK && i < answer->line_count; i++) {
		const struct vault_audit_line *line = &answer->lines[i];
		char id[CASE_ID_TEXT_BYTES];

		if (json) {
			st = json_print(audit_json(line), &err);
			continue;
		}
		audit_format_case(line->case_id, id);
		table_addf(&table, "%" PRIu64, line->seq);
		table_add_time(&table, line->at_unix_ms);
		table_add(&table, line->actor);
		table_add(&table, line->via);
		table_add(&table, line->event);
		table_add(&table, id);
		table_add(&table, line->detail);
	}
	if (st == ST_OK && !json)
		st = table_print(&table, &err);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}

static int
audit_ask_list(const struct cli *cli, const struct vault_audit_list *request,
	       bool json)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_audit_list_answer answer = { .line_count = 0 };
	const struct vault_call call = VAULT_CALL(AUDIT_LIST, request, &answer);
	const int code = vault_ask_once(cli, &call, &arena);

	return code != 0 ? code : audit_print(&answer, json);
}

static int
audit_list(const struct cli *cli, int argc, char **argv)
{
	const char *limit = NULL;
	const char *case_text = NULL;
	const char *from = NULL;
	bool json = false;
	const struct option_row rows[] = {
		{ "--limit", OPTION_TEXT, &limit },
		{ "--case", OPTION_TEXT, &case_text },
		{ "--from", OPTION_TEXT, &from },
		{ "--json", OPTION_FLAG, &json },
	};
	const struct options options = {
		"audit list",
		"audit list [--case CASE] [--limit N] [--from ROW] [--json]\n"
		"The newest rows first; --from: those below that row.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_audit_list request = { .limit = AUDIT_DEFAULT_LINES };
	/* cppcheck-suppress variableScope ; the request borrows it */
	uint8_t id[CASE_ID_BYTES];
	uint64_t lines = AUDIT_DEFAULT_LINES;
	int code = 0;

	if (!options_exactly(&options, argc, argv, 0, "too many arguments",
			     &code))
		return code;
	if (limit != NULL &&
	    (!parse_u64(span_of(limit), VAULT_MAX_PAGE, &lines) || lines == 0))
		return cli_misuse("audit list", "--limit takes 1 to %d",
				  VAULT_MAX_PAGE);
	if (from != NULL &&
	    !parse_u64(span_of(from), INT64_MAX, &request.from_seq))
		return cli_misuse("audit list", "--from takes a number");
	request.limit = (uint32_t)lines;
	if (case_text != NULL) {
		code = vault_ask_case_id("audit list", case_text, id);
		if (code != 0)
			return code;
		request.case_id = (struct span){ id, sizeof(id) };
	}
	return audit_ask_list(cli, &request, json);
}

/* Exit status 65 (EX_DATAERR) when the chain is broken. */
static int
audit_print_verdict(const struct vault_audit_verify_answer *answer)
{
	if (answer->intact) {
		(void)printf("intact: %" PRIu64 " rows\n", answer->rows);
		return 0;
	}
	(void)printf("NOT INTACT: row %" PRIu64 " of %" PRIu64 ": %s\n",
		     answer->bad_seq, answer->rows, answer->reason);
	(void)puts("  Somebody or something changed the log. Keep the store "
		   "as it is (copy it before\n"
		   "  anything else) and compare with exports and the heads "
		   "in syslog.");
	return EX_DATAERR;
}

static int
audit_verify(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct options options = {
		"audit verify",
		"audit verify\n"
		"Checks every row against the chain. Exit status: 0 intact, "
		"65 not.\n",
		NULL, 0
	};
	const struct vault_audit_verify request = { .actor = { { NULL, 0 } } };
	struct vault_audit_verify_answer answer = { .intact = false };
	const struct vault_call call =
		VAULT_CALL(AUDIT_VERIFY, &request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 0, "too many arguments",
			     &code))
		return code;
	code = vault_ask_once(cli, &call, &arena);
	return code != 0 ? code : audit_print_verdict(&answer);
}

/* The vault writes to a file of ours here, too. */
static int
audit_export_print(const struct cli *cli, struct vault_call *call,
		   struct wire_arena **arena_out)
{
	AUTO(fd_close) int fd = FD_NONE;
	struct err err = { 0 };
	int code = 0;

	if (fd_memory("audit", &fd, &err) != ST_OK)
		return cli_fail(&err, NULL);
	call->fd = fd;
	code = vault_ask_once(cli, call, arena_out);
	if (code == 0 && fd_copy(fd, STDOUT_FILENO, NULL, &err) != ST_OK)
		code = cli_fail(&err, NULL);
	return code;
}

static int
audit_export(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct options options = {
		"audit export",
		"audit export FILE|-\n"
		"All rows as JSON, one a line, to a new file or standard "
		"output.\n",
		NULL, 0
	};
	const struct vault_audit_export request = { .actor = { { NULL, 0 } } };
	struct vault_empty answer = { 0 };
	struct vault_call call = VAULT_CALL(AUDIT_EXPORT, &request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name a new file, or -",
			     &code))
		return code;
	if (strcmp(argv[0], "-") == 0)
		return audit_export_print(cli, &call, &arena);
	return vault_ask_into(cli, &call, argv[0], &arena);
}

int
cmd_audit(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "list", audit_list,
		  "[--case CASE] [--limit N] [--from ROW] [--json]" },
		{ "verify", audit_verify, "is the log as it was written?" },
		{ "export", audit_export, "FILE|-  all rows as JSON lines" },
	};
	static const struct subcommands commands = { "audit", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
