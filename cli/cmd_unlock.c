/* unlock: search the password of a locked attachment, on all processors. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/memory_file.h"
#include "cli/options.h"
#include "cli/program_path.h"
#include "cli/unlock_print.h"
#include "lib/base/attr.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "lib/config/config_units.h"
#include "scanners/client/unlock_client.h"

enum {
	UNLOCK_EXIT_OPENED = 0,
	UNLOCK_EXIT_LOCKED = 1,
	UNLOCK_TICK_MS = 200,
	UNLOCK_DEFAULT_BUDGET_MS = 10 * 60 * 1000,
	UNLOCK_NAME_BYTES = 1000
};

static const char unlock_usage[] =
	"unlock [--mask MASK]... [--words FILE] [--known FILE] "
	"[--budget TIME] [--json] [--reveal] FILE\n"
	"  FILE           a locked zip, 7z, Office, PDF or OpenDocument file; - is "
	"standard input\n"
	"  --mask MASK    passwords of this shape: ?d digit, ?l ?u letter, ?a "
	"any, ?s sign,\n"
	"                 ?[a-f0-9] one of a set, ?d{1,8} so many of them\n"
	"  --words FILE   a list, one a line; also in capitals, with years "
	"and so on\n"
	"  --known FILE   a file that is in the archive, in clear: opens it "
	"whatever the\n"
	"                 password\n"
	"  --budget TIME  give up after it (10m; 0s: never)\n"
	"  --json         a line of JSON about five times a second, and one "
	"at the end\n"
	"  --reveal       show the password\n"
	"Without --mask, --words and --known: short passwords of digits and "
	"letters, then\n"
	"what the first bytes of members that are not compressed may be.\n"
	"Exit status: 0 opened, 1 not, 64 and up: an error.\n";

/* What takes a few seconds at most; the shorter ones first. */
static const struct unlock_mask unlock_default_masks[] = {
	{ "?d{1,8}" },           { "?a{1,4}" }, { "?l{1,6}" },
	{ "?[a-zA-Z0-9]{1,5}" }, { "?d{9}" },   { "?[a-z0-9]{1,6}" },
};

struct unlock_options {
	struct option_list masks;
	const char *words;
	const char *known;
	const char *budget;
	bool json;
	bool reveal;
};

struct unlock_command {
	struct unlock_options options;
	struct unlock_mask masks[OPTION_LIST_ROOM];
	struct unlock_print print;
	struct speech speech;
	struct config *config;
};

static enum status
unlock_tick(void *context, const struct unlock_progress *progress,
	    struct err *err)
{
	return unlock_print_progress(context, progress, err);
}

static uint32_t
unlock_processes(void)
{
	const long count = sysconf(_SC_NPROCESSORS_ONLN);

	if (count < 1)
		return 1;
	return count < UNLOCK_MAX_SLICES ? (uint32_t)count : UNLOCK_MAX_SLICES;
}

static enum status
unlock_order(struct unlock_command *command, struct unlock_order *order,
	     struct err *err)
{
	const struct unlock_options *options = &command->options;
	int64_t budget_ms = UNLOCK_DEFAULT_BUDGET_MS;

	if (options->budget != NULL &&
	    !units_parse_milliseconds(options->budget, &budget_ms))
		return err_set(err, ST_FORMAT,
			       "--budget: write a time, as in 90s or 10m");
	for (size_t i = 0; i < options->masks.count; i++) {
		const size_t len = strlen(options->masks.items[i]);

		if (len == 0)
			return err_set(err, ST_FORMAT,
				       "--mask: it is empty (write a shape, as "
				       "in ?d{4,8})");
		if (len > UNLOCK_MASK_BYTES)
			return err_set(err, ST_FORMAT,
				       "--mask: longer than %d characters",
				       UNLOCK_MASK_BYTES);
		command->masks[i].text = options->masks.items[i];
	}
	*order = (struct unlock_order){
		.account = command->config->scanner.user,
		.max_input_bytes =
			(uint64_t)command->config->milter.max_message_bytes,
		.budget_ms = (uint64_t)budget_ms,
		.masks = command->masks,
		.mask_count = options->masks.count,
	};
	if (options->masks.count > 0 || options->words != NULL ||
	    options->known != NULL)
		return ST_OK;
	order->guess = true;
	order->masks = unlock_default_masks;
	order->mask_count = ARRAY_LEN(unlock_default_masks);
	return ST_OK;
}

static enum status
unlock_load(const struct unlock_command *command, const char *path,
	    int *memory_out, struct err *err)
{
	AUTO(fd_close) int fd = FD_NONE;
	const enum status st = memory_file_open(path, &fd, err);

	return st == ST_OK ? memory_file_copy(fd,
					      (uint64_t)command->config->milter
						      .max_message_bytes,
					      memory_out, err)
			   : st;
}

static enum status
unlock_search(struct unlock_command *command, const char *path, int *exit_out,
	      struct err *err)
{
	AUTO(fd_close) int archive = FD_NONE;
	AUTO(fd_close) int words = FD_NONE;
	AUTO(fd_close) int known = FD_NONE;
	AUTO(unlock_answer_free) struct unlock_answer *answer = NULL;
	char program[PATH_MAX];
	struct unlock_search search = { .program_path = program,
					.processes = unlock_processes(),
					.tick = unlock_tick,
					.context = &command->print,
					.interval_ms = UNLOCK_TICK_MS };
	enum status st = unlock_order(command, &search.order, err);

	if (st == ST_OK)
		st = program_path(command->config, "sekimori-worker-unlock",
				  program, err);
	if (st == ST_OK)
		st = unlock_load(command, path, &archive, err);
	if (st == ST_OK && command->options.words != NULL)
		st = unlock_load(command, command->options.words, &words, err);
	if (st == ST_OK && command->options.known != NULL)
		st = unlock_load(command, command->options.known, &known, err);
	if (st != ST_OK)
		return st;
	search.archive_fd = archive;
	search.words_fd = words;
	search.known_fd = known;
	command->print.start_mono_ms = clock_mono_ms();
	st = unlock_client_search(&search, &answer, err);
	if (st == ST_OK && answer->result.outcome == UNLOCK_BAD_MASK)
		return err_set(err, ST_FORMAT, "%s", answer->result.kind);
	if (st == ST_OK)
		st = unlock_print_result(&command->print, &answer->result, err);
	if (st == ST_OK)
		*exit_out = answer->result.outcome == UNLOCK_OPENED
				    ? UNLOCK_EXIT_OPENED
				    : UNLOCK_EXIT_LOCKED;
	return st;
}

/* The site's limits where there is a site. */
static int
unlock_prepare(const struct cli *cli, struct unlock_command *command)
{
	struct err err = { 0 };

	if (cli->config_named || access(cli->config_path, R_OK) == 0)
		return cli_load_config(cli, &command->config);
	return config_defaults(&command->config, &err) == ST_OK
		       ? 0
		       : cli_fail(&err, NULL);
}

static int
unlock_file(const struct cli *cli, struct unlock_command *command,
	    const char *path)
{
	struct err err = { 0 };
	int code = unlock_prepare(cli, command);

	if (code != 0)
		return code;
	speech_open(&command->speech, command->config->general.data_dir);
	command->print.speech = &command->speech;
	command->print.file = parse_is_utf8(span_of(path)) ? path : "?";
	command->print.json = command->options.json;
	command->print.reveal = command->options.reveal;
	command->print.bar =
		!command->options.json && isatty(STDERR_FILENO) != 0;
	if (unlock_search(command, path, &code, &err) != ST_OK)
		code = cli_fail(&err, NULL);
	speech_done(&command->speech);
	config_free(&command->config);
	return code;
}

int
cmd_unlock(const struct cli *cli, int argc, char **argv)
{
	struct unlock_command command = { .config = NULL };
	struct unlock_options *options = &command.options;
	const struct option_row rows[] = {
		{ "--mask", OPTION_LIST, &options->masks },
		{ "--words", OPTION_TEXT, &options->words },
		{ "--known", OPTION_TEXT, &options->known },
		{ "--budget", OPTION_TEXT, &options->budget },
		{ "--json", OPTION_FLAG, &options->json },
		{ "--reveal", OPTION_FLAG, &options->reveal },
	};
	const struct options table = { "unlock", unlock_usage, rows,
				       ARRAY_LEN(rows) };
	int code = 0;

	if (!options_exactly(&table, argc, argv, 1, "name one archive", &code))
		return code;
	return unlock_file(cli, &command, argv[0]);
}
