/* hold: look at held mail and decide on it, under the rules of the vault. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/hold_export.h"
#include "cli/hold_text.h"
#include "cli/hold_unlock.h"
#include "cli/options.h"
#include "cli/subcommand.h"
#include "cli/vault_ask.h"

/* --- list --------------------------------------------------------------- */

static enum case_filter
list_filter(bool mine, bool todo, bool all)
{
	if (mine)
		return CASE_FILTER_MINE;
	if (todo)
		return CASE_FILTER_TODO;
	return all ? CASE_FILTER_ALL : CASE_FILTER_OPEN;
}

static void
list_add_line(const struct vault_case_line *line, struct table *table)
{
	char id[CASE_ID_TEXT_BYTES];

	case_id_format(line->case_id, id);
	table_add(table, id);
	table_add(table, case_state_name(line->state));
	table_add_time(table, line->received_unix_ms);
	table_add_time(table, line->deadline_unix_ms);
	table_addf(table, "%" PRIu64, line->number_count);
	table_add(table, line->envelope_sender);
	table_add(table, line->recipients_text);
	table_addf(table, "%s%s", line->own ? "(own) " : "", line->subject);
}

/* One page: lines of JSON, or rows of table. */
static int
list_page(struct vault_ask *ask, struct vault_list *request,
	  struct table *table, uint32_t *total_out)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_list_answer answer = { .total = 0 };
	const struct vault_call call = VAULT_CALL(LIST, request, &answer);
	struct err err = { 0 };
	const int code = vault_ask_call(ask, &call, &arena);

	if (code != 0)
		return code;
	for (size_t i = 0; i < answer.line_count; i++) {
		if (table != NULL)
			list_add_line(&answer.lines[i], table);
		else if (json_print(hold_line_json(&answer.lines[i]), &err) !=
			 ST_OK)
			return cli_fail(&err, NULL);
	}
	request->offset += (uint32_t)answer.line_count;
	/* A page without lines is the end, whatever the total says. */
	*total_out = answer.line_count > 0 ? answer.total : 0;
	return 0;
}

static int
list_all(struct vault_ask *ask, enum case_filter filter, bool json)
{
	static const char *const heads[] = { "CASE",     "STATE",   "RECEIVED",
					     "DEADLINE", "NUMBERS", "SENDER",
					     "TO",       "SUBJECT" };
	AUTO(table_done) struct table table;
	struct vault_list request = { .filter = filter,
				      .limit = VAULT_MAX_PAGE };
	struct err err = { 0 };
	uint32_t total = 1;
	int code = 0;

	table_init(&table, heads, ARRAY_LEN(heads));
	while (code == 0 && request.offset < total)
		code = list_page(ask, &request, json ? NULL : &table, &total);
	if (code == 0 && !json && table_print(&table, &err) != ST_OK)
		return cli_fail(&err, NULL);
	return code;
}

static int
hold_list(const struct cli *cli, int argc, char **argv)
{
	bool mine = false;
	bool todo = false;
	bool all = false;
	bool json = false;
	const struct option_row rows[] = {
		{ "--mine", OPTION_FLAG, &mine },
		{ "--todo", OPTION_FLAG, &todo },
		{ "--all", OPTION_FLAG, &all },
		{ "--json", OPTION_FLAG, &json },
	};
	const struct options options = {
		"hold list",
		"hold list [--todo | --mine | --all] [--json]\n"
		"Held mail that has not ended; --todo: what you may decide, "
		"--mine: what you sent,\n"
		"--all: also what has ended. --json: one object a line.\n",
		rows, ARRAY_LEN(rows)
	};
	struct vault_ask ask;
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0 || mine + todo + all > 1)
		return cli_misuse("hold list", "too many arguments");
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = list_all(&ask, list_filter(mine, todo, all), json);
	vault_ask_close(&ask);
	return code;
}

/* --- show --------------------------------------------------------------- */

/* Fetch a case; its memory is in *arena_out. */
static int
hold_fetch(struct vault_ask *ask, const uint8_t id[CASE_ID_BYTES],
	   struct vault_case *held, struct wire_arena **arena_out)
{
	struct vault_show request = { .actor = { { NULL, 0 } } };
	const struct vault_call call = VAULT_CALL(SHOW, &request, held);

	memcpy(request.case_id, id, sizeof(request.case_id));
	return vault_ask_call(ask, &call, arena_out);
}

static int
hold_print(const struct vault_ask *ask, const struct vault_case *held,
	   bool json)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	AUTO(speech_done) struct speech speech = { .i18n = NULL };
	struct err err = { 0 };
	enum status st = ST_OK;

	speech_open(&speech, ask->config->general.data_dir);
	/* Who may not see it gets no report. */
	if (held->report.len_bytes > 0)
		st = report_decode(held->report, &report, &arena, &err);
	if (st == ST_OK && json)
		st = json_print(hold_case_json(held, &report), &err);
	else if (st == ST_OK)
		st = hold_print_case(held, &report, &speech, &err);
	return st == ST_OK ? 0 : cli_fail(&err, NULL);
}

static int
hold_show(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	bool json = false;
	const struct option_row rows[] = {
		{ "--json", OPTION_FLAG, &json },
	};
	const struct options options = {
		"hold show",
		"hold show [--json] CASE\n"
		"Who, to whom, what was found where and why (numbers masked), "
		"and what happened.\n",
		rows, ARRAY_LEN(rows)
	};
	uint8_t id[CASE_ID_BYTES];
	struct vault_case held = { .may_decide = false };
	struct vault_ask ask;
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one case", &code))
		return code;
	code = vault_ask_case_id("hold show", argv[0], id);
	if (code != 0)
		return code;
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = hold_fetch(&ask, id, &held, &arena);
	if (code == 0)
		code = hold_print(&ask, &held, json);
	vault_ask_close(&ask);
	return code;
}

/* --- decide ------------------------------------------------------------- */

struct decision {
	const char *command; /* "hold approve" */
	const char *usage;
	enum case_decision kind;
	const char *question;
};

struct decision_words {
	const char *purpose;
	const char *comment;
	bool yes;
};

/* On a terminal: what is decided is what was just seen. */
static bool
decide_is_meant(const struct decision *decision,
		const struct decision_words *words)
{
	char line[16] = "";

	if (words->yes || isatty(STDIN_FILENO) == 0)
		return true;
	(void)printf("\n%s [y/N] ", decision->question);
	(void)fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		return false;
	return line[0] == 'y' || line[0] == 'Y';
}

static int
decide_send(struct vault_ask *ask, const struct decision *decision,
	    const struct decision_words *words, const struct vault_case *held)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_decide request = {
		.decision = decision->kind,
		.purpose = words->purpose != NULL ? words->purpose : "",
		.comment = words->comment != NULL ? words->comment : "",
		.client_address = "cli",
	};
	struct vault_decide_answer answer = { CASE_STATE_NONE };
	const struct vault_call call = VAULT_CALL(DECIDE, &request, &answer);
	char id[CASE_ID_TEXT_BYTES];

	memcpy(request.case_id, held->line.case_id, sizeof(request.case_id));
	memcpy(request.version, held->version, sizeof(request.version));
	const int code = vault_ask_call(ask, &call, &arena);

	case_id_format(held->line.case_id, id);
	if (code == 0)
		(void)printf("%s: %s\n", id, case_state_name(answer.state));
	return code;
}

static int
decide_ask(struct vault_ask *ask, const struct decision *decision,
	   const struct decision_words *words, const uint8_t id[CASE_ID_BYTES])
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault_case held = { .may_decide = false };
	int code = hold_fetch(ask, id, &held, &arena);

	if (code == 0 && !words->yes && isatty(STDIN_FILENO) != 0)
		code = hold_print(ask, &held, false);
	if (code != 0)
		return code;
	if (!decide_is_meant(decision, words)) {
		(void)puts("Nothing was done.");
		return 0;
	}
	return decide_send(ask, decision, words, &held);
}

static int
decide(const struct cli *cli, const struct decision *decision, int argc,
       char **argv)
{
	struct decision_words words = { .yes = false };
	const struct option_row rows[] = {
		{ "--yes", OPTION_FLAG, &words.yes },
		{ "--comment", OPTION_TEXT, &words.comment },
		{ "--purpose", OPTION_TEXT, &words.purpose },
	};
	const struct options options = {
		decision->command, decision->usage, rows,
		/* A purpose belongs to an approval. */
		decision->kind == CASE_DECISION_APPROVE ? 3 : 2
	};
	uint8_t id[CASE_ID_BYTES];
	struct vault_ask ask;
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one case", &code))
		return code;
	if (decision->kind == CASE_DECISION_RETURN &&
	    (words.comment == NULL || words.comment[0] == '\0'))
		return cli_misuse(decision->command,
				  "the sender is told why: --comment TEXT");
	code = vault_ask_case_id(decision->command, argv[0], id);
	if (code != 0)
		return code;
	code = vault_ask_open(cli, &ask);
	if (code == 0)
		code = decide_ask(&ask, decision, &words, id);
	vault_ask_close(&ask);
	return code;
}

static int
hold_approve(const struct cli *cli, int argc, char **argv)
{
	static const struct decision decision = {
		"hold approve",
		"hold approve [--purpose TEXT] [--comment TEXT] [--yes] CASE\n"
		"The mail goes to the recipients that wait. Nobody approves "
		"what they sent.\n",
		CASE_DECISION_APPROVE, "Send it to its recipients?"
	};

	return decide(cli, &decision, argc, argv);
}

static int
hold_return(const struct cli *cli, int argc, char **argv)
{
	static const struct decision decision = {
		"hold return",
		"hold return --comment TEXT [--yes] CASE\n"
		"The mail goes back to its sender, who is told the comment.\n",
		CASE_DECISION_RETURN, "Give it back to its sender?"
	};

	return decide(cli, &decision, argc, argv);
}

static int
hold_cancel(const struct cli *cli, int argc, char **argv)
{
	static const struct decision decision = {
		"hold cancel",
		"hold cancel [--comment TEXT] [--yes] CASE\n"
		"Its sender takes the mail back; nobody gets it.\n",
		CASE_DECISION_CANCEL, "Take it back, so that nobody gets it?"
	};

	return decide(cli, &decision, argc, argv);
}

static int
hold_confirm(const struct cli *cli, int argc, char **argv)
{
	static const struct decision decision = {
		"hold confirm",
		"hold confirm [--comment TEXT] [--yes] CASE\n"
		"For a case in state unconfirmed: the MTA may not have heard "
		"that it was taken, so\n"
		"the mail may still lie in its queue. Confirm when it does "
		"not.\n",
		CASE_DECISION_CONFIRM, "Is the mail gone from the MTA's queue?"
	};

	return decide(cli, &decision, argc, argv);
}

/* --- rescan ------------------------------------------------------------- */

static int
hold_rescan(const struct cli *cli, int argc, char **argv)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct options options = {
		"hold rescan",
		"hold rescan CASE\n"
		"Has the mail scanned again, with the present version and "
		"larger budgets.\n",
		NULL, 0
	};
	struct vault_rescan request = { .actor = { { NULL, 0 } } };
	struct vault_empty answer = { 0 };
	const struct vault_call call = VAULT_CALL(RESCAN, &request, &answer);
	int code = 0;

	if (!options_exactly(&options, argc, argv, 1, "name one case", &code))
		return code;
	code = vault_ask_case_id("hold rescan", argv[0], request.case_id);
	if (code == 0)
		code = vault_ask_once(cli, &call, &arena);
	if (code == 0)
		(void)puts("The scan is ordered; \"hold show\" tells when it "
			   "is done.");
	return code;
}

int
cmd_hold(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "list", hold_list,
		  "[--todo | --mine | --all] [--json]  held mail" },
		{ "show", hold_show, "[--json] CASE  all about one" },
		{ "approve", hold_approve, "CASE  send it on its way" },
		{ "return", hold_return,
		  "--comment TEXT CASE  give it back to its sender" },
		{ "cancel", hold_cancel, "CASE  its sender takes it back" },
		{ "confirm", hold_confirm,
		  "CASE  the MTA does not have it any more" },
		{ "rescan", hold_rescan, "CASE  scan it again" },
		{ "unlock", hold_unlock,
		  "[--keep] CASE  give the password of a file in it" },
		{ "export", hold_export,
		  "ask | consent | fetch  take mails out, encrypted" },
	};
	static const struct subcommands commands = { "hold", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
