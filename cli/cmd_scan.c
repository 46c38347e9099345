/* scan: read files as the gateway would, in a confined scanner of our own. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/memory_file.h"
#include "cli/options.h"
#include "cli/program_path.h"
#include "cli/scan_progress.h"
#include "cli/scan_text.h"
#include "cli/secret.h"
#include "lib/base/parse.h"
#include "scanners/client/scan_client.h"

enum {
	SCAN_EXIT_CLEAN = 0,
	SCAN_EXIT_FOUND = 1,
	SCAN_EXIT_UNSCANNABLE = 2,
	SCAN_NAME_BYTES = 900
};

static const char scan_usage[] =
	"scan [--json | --preview] [--reveal] [--explain] [-r] FILE...\n"
	"  FILE            a mail, or a bare attachment; - is standard input\n"
	"  -r              all files below a directory\n"
	"  --json          one JSON object a line and file\n"
	"  --preview       the text as an approver sees it, numbers hidden\n"
	"  --reveal        show numbers in clear\n"
	"  --explain       show all evidence, and what was only noted\n"
	"  --password WORD a password of what is locked; may stand again\n"
	"  --password-stdin\n"
	"                  such passwords, one a line of standard input\n"
	"  --profile NAME  standard, or strict (for HR mailboxes); else as "
	"scanner.profile\n"
	"Exit status over all files: 0 clean, 1 found, 2 unscannable, 64 and "
	"up: an error.\n";

struct scan {
	struct scan_print how;
	bool recurse;
	const char *profile_name;
	enum report_profile profile;
	struct option_list passwords;
	bool passwords_come; /* on standard input */
	struct sbuf typed;   /* those, each with a NUL behind it */
	struct scan_word words[OPTION_LIST_ROOM];
	struct speech speech;
	struct config *config;
	struct scan_client *client;
	struct scan_progress progress;
	bool found;
	bool unscannable;
	int error; /* exit status of the first error, or 0 */
};

static void
scan_note_error(struct scan *scan, const struct err *err)
{
	int code = 0;

	scan_progress_clear(&scan->progress);
	scan->progress.failed++;
	code = cli_fail(err, NULL);
	if (scan->error == 0)
		scan->error = code;
}

/* text as UTF-8 on one line, whatever the file system says. */
static void
scan_add_name(struct sbuf *out, const char *text)
{
	const bool is_utf8 = parse_is_utf8(span_of(text));

	for (; *text != '\0' && out->len_bytes < SCAN_NAME_BYTES; text++) {
		const uint8_t c = (uint8_t)*text;
		const bool plain =
			c >= 0x20 && c != 0x7f && (is_utf8 || c < 0x80);

		sbuf_add_byte(out, plain ? c : (uint8_t)'?');
	}
	/* The cut may have gone through a character. */
	while (is_utf8 && out->len_bytes > 0 && !parse_is_utf8(sbuf_span(out)))
		sbuf_truncate(out, out->len_bytes - 1);
}

static enum status
scan_print(struct scan *scan, const char *file,
	   const struct scan_report *report, struct err *err)
{
	const bool found = report->verdict == REPORT_VERDICT_FOUND;
	const bool unread = report->verdict == REPORT_VERDICT_UNSCANNABLE;

	scan->found |= found;
	scan->unscannable |= unread;
	scan->progress.found += found;
	scan->progress.unread += unread;
	scan_progress_make_room(&scan->progress);
	return scan->how.json ? scan_print_json(&scan->how, file, report, err)
			      : scan_print_text(&scan->how, file, report, err);
}

/* Without a preview nobody has seen anything: as if it were unscannable. */
static enum status
scan_show_preview(struct scan *scan, const struct scan_request *request,
		  const char *file, int memory, struct err *err)
{
	AUTO(scan_preview_free) struct scan_preview *preview = NULL;
	const enum status st = scan_client_preview(scan->client, request,
						   memory, NULL, &preview, err);

	scan_progress_make_room(&scan->progress);
	if (st == ST_OK)
		return scan_print_preview(file, &preview->preview, err);
	if (st != ST_UNSUPPORTED && st != ST_FORMAT)
		return st;
	scan->unscannable = true;
	(void)printf("%s: %s\n", file, err->text);
	return ST_OK;
}

/* Scan a memory file and print what came out. */
static enum status
scan_memory(struct scan *scan, const char *file, const char *name, int memory,
	    struct err *err)
{
	const struct scan_request request = {
		.input = SCAN_INPUT_GUESS,
		.priority = SCAN_PRIORITY_MAIL,
		.reveal = scan->how.reveal,
		.name = name,
		.profile = scan->profile,
		.words = scan->words,
		.word_count = scan->passwords.count,
	};
	AUTO(scan_reply_free) struct scan_reply *reply = NULL;
	struct report_opaque room;
	struct scan_report invalid;
	enum status st = ST_OK;

	scan_progress_next(&scan->progress, file);
	scan->progress.files++;
	if (scan->how.preview)
		return scan_show_preview(scan, &request, file, memory, err);
	st = scan_client_scan(scan->client, &request, memory, NULL, &reply,
			      err);
	if (st == ST_OK)
		return scan_print(scan, file, &reply->report, err);
	if (st != ST_FORMAT)
		return st;
	/* The worker may have been taken over: never clean. */
	report_set_unscannable(&invalid, &room, scan->profile,
			       REPORT_REASON_INTERNAL, err->text);
	return scan_print(scan, file, &invalid, err);
}

static void
scan_descriptor(struct scan *scan, const char *path, int fd)
{
	const char *slash = strrchr(path, '/');
	AUTO(fd_close) int memory = FD_NONE;
	AUTO(sbuf_done) struct sbuf file;
	AUTO(sbuf_done) struct sbuf name;
	struct err err = { 0 };
	struct err why = { 0 };
	enum status st = ST_OK;

	sbuf_init(&file, PATH_MAX * 2);
	sbuf_init(&name, PATH_MAX);
	scan_add_name(&file, path);
	scan_add_name(&name, slash != NULL ? slash + 1 : path);
	st = memory_file_copy(fd,
			      (uint64_t)scan->config->milter.max_message_bytes,
			      &memory, &why);
	if (st == ST_OK)
		st = scan_memory(scan, sbuf_text(&file),
				 strcmp(path, "-") == 0 ? "" : sbuf_text(&name),
				 memory, &why);
	if (st == ST_OK)
		return;
	(void)err_set(&err, st, "%s: %s", sbuf_text(&file), why.text);
	scan_note_error(scan, &err);
}

static void
scan_file(struct scan *scan, const char *path)
{
	/* A pipe in a directory must not hold us up. */
	AUTO(fd_close)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat info;
	struct err err = { 0 };

	if (fd < 0 || fstat(fd, &info) != 0)
		(void)err_set(&err, ST_NOT_FOUND, "%s: cannot open", path);
	else if (S_ISDIR(info.st_mode))
		(void)err_set(&err, ST_NOT_FOUND,
			      "%s: is a directory (-r scans all below it)",
			      path);
	else
		scan_descriptor(scan, path, fd);
	if (err.st != ST_OK)
		scan_note_error(scan, &err);
}

static int
scan_order(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Every plain file below path; links are not followed. */
static void
scan_tree(struct scan *scan, char *path)
{
	char *roots[] = { path, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
			     scan_order);
	const FTSENT *entry = NULL;
	struct err err = { 0 };

	while (tree != NULL && (entry = fts_read(tree)) != NULL) {
		if (entry->fts_info == FTS_F) {
			scan_file(scan, entry->fts_path);
		} else if (entry->fts_info == FTS_DNR ||
			   entry->fts_info == FTS_ERR ||
			   entry->fts_info == FTS_NS) {
			(void)err_set(&err, ST_NOT_FOUND, "%s: cannot open",
				      entry->fts_path);
			scan_note_error(scan, &err);
		}
	}
	if (tree == NULL) {
		(void)err_set(&err, ST_NOT_FOUND, "%s: cannot open", path);
		scan_note_error(scan, &err);
		return;
	}
	(void)fts_close(tree);
}

/* The site's limits and programs where there is a site. */
static int
scan_prepare(struct scan *scan, const struct cli *cli)
{
	const bool site =
		cli->config_named || access(cli->config_path, R_OK) == 0;
	char path[PATH_MAX];
	struct err err = { 0 };
	enum status st = ST_OK;

	if (site) {
		const int code = cli_load_config(cli, &scan->config);

		if (code != 0)
			return code;
	} else {
		st = config_defaults(&scan->config, &err);
	}
	if (st == ST_OK && scan->profile == REPORT_PROFILE_NONE)
		scan->profile =
			report_profile_find(scan->config->scanner.profile);
	if (st == ST_OK)
		st = program_path(scan->config, "sekimori-scanner", path, &err);
	if (st == ST_OK)
		st = scan_client_spawn(path, site ? cli->config_path : NULL,
				       &scan->client, &err);
	if (st != ST_OK)
		return cli_fail(&err, NULL);
	speech_open(&scan->speech, scan->config->general.data_dir);
	scan->how.speech = &scan->speech;
	if (scan->recurse)
		scan_progress_open(&scan->progress, &scan->speech);
	return 0;
}

/* Lines of standard input go to the list; empty ones do not. */
static int
scan_read_passwords(struct scan *scan)
{
	AUTO(sbuf_done) struct sbuf line;
	struct err err = { 0 };
	enum status st = ST_OK;
	size_t at = 0;
	size_t count = 0;

	sbuf_init_secret(&line, SECRET_MAX_BYTES);
	while (st == ST_OK) {
		sbuf_clear(&line);
		st = secret_read(SECRET_SOURCE_STDIN, "", &line, &err);
		if (st != ST_OK || line.len_bytes == 0)
			continue;
		if (scan->passwords.count + count == OPTION_LIST_ROOM)
			return cli_misuse("scan", "at most %d passwords",
					  OPTION_LIST_ROOM);
		sbuf_add_span(&scan->typed, sbuf_span(&line));
		sbuf_add_byte(&scan->typed, '\0');
		count++;
	}
	if (st == ST_NOT_FOUND && count > 0)
		st = ST_OK;
	if (st == ST_OK)
		st = sbuf_status(&scan->typed, "passwords", &err);
	if (st != ST_OK)
		return cli_fail(&err, "Write one password a line.");
	for (; count > 0; count--) {
		const char *text = sbuf_text(&scan->typed) + at;

		scan->passwords.items[scan->passwords.count++] = text;
		at += strlen(text) + 1;
	}
	return 0;
}

static int
scan_check_passwords(struct scan *scan)
{
	for (size_t i = 0; i < scan->passwords.count; i++) {
		const char *text = scan->passwords.items[i];

		if (text[0] == '\0' || strlen(text) > REPORT_SECRET_BYTES ||
		    !parse_is_utf8(span_of(text)))
			return cli_misuse("scan",
					  "a password: 1 to %d bytes of UTF-8",
					  REPORT_SECRET_BYTES);
		scan->words[i] =
			(struct scan_word){ text, REPORT_WORD_SOURCE_GIVEN };
	}
	return 0;
}

/* Options that cannot be kept are refused, not ignored. */
static int
scan_check_options(struct scan *scan, int count)
{
	if (count == 0)
		return cli_misuse("scan", "name a file, or - for standard "
					  "input");
	if (scan->how.preview && scan->how.json)
		return cli_misuse("scan", "--preview is for people: leave "
					  "--json away");
	if (scan->profile_name != NULL) {
		scan->profile = report_profile_find(scan->profile_name);
		if (scan->profile == REPORT_PROFILE_NONE)
			return cli_misuse("scan",
					  "there is no profile \"%s\"; write "
					  "standard or strict",
					  scan->profile_name);
	}
	return 0;
}

/* Those of the command line, and then those of standard input. */
static int
scan_take_passwords(struct scan *scan, int count, char *const *files)
{
	int code = 0;

	for (int i = 0; scan->passwords_come && i < count; i++)
		if (strcmp(files[i], "-") == 0)
			return cli_misuse("scan",
					  "--password-stdin: the file cannot "
					  "come from standard input, too");
	if (scan->passwords_come)
		code = scan_read_passwords(scan);
	return code == 0 ? scan_check_passwords(scan) : code;
}

static int
scan_exit_status(const struct scan *scan)
{
	if (scan->error != 0)
		return scan->error;
	if (scan->found)
		return SCAN_EXIT_FOUND;
	return scan->unscannable ? SCAN_EXIT_UNSCANNABLE : SCAN_EXIT_CLEAN;
}

int
cmd_scan(const struct cli *cli, int argc, char **argv)
{
	struct scan scan = { .error = 0 };
	const struct option_row rows[] = {
		{ "--json", OPTION_FLAG, &scan.how.json },
		{ "--reveal", OPTION_FLAG, &scan.how.reveal },
		{ "--explain", OPTION_FLAG, &scan.how.explain },
		{ "--preview", OPTION_FLAG, &scan.how.preview },
		{ "--password", OPTION_LIST, &scan.passwords },
		{ "--password-stdin", OPTION_FLAG, &scan.passwords_come },
		{ "--profile", OPTION_TEXT, &scan.profile_name },
		{ "-r", OPTION_FLAG, &scan.recurse },
	};
	const struct options options = { "scan", scan_usage, rows,
					 ARRAY_LEN(rows) };
	int count = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &count);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	int code = scan_check_options(&scan, count);

	sbuf_init_secret(&scan.typed, SECRET_MAX_BYTES * OPTION_LIST_ROOM);
	if (code == 0)
		code = scan_take_passwords(&scan, count, argv);
	if (code == 0)
		code = scan_prepare(&scan, cli);
	for (int i = 0; code == 0 && i < count; i++) {
		if (strcmp(argv[i], "-") == 0)
			scan_descriptor(&scan, argv[i], STDIN_FILENO);
		else if (scan.recurse)
			scan_tree(&scan, argv[i]);
		else
			scan_file(&scan, argv[i]);
	}
	scan_progress_end(&scan.progress);
	scan_client_free(&scan.client);
	config_free(&scan.config);
	speech_done(&scan.speech);
	sbuf_done(&scan.typed);
	return code != 0 ? code : scan_exit_status(&scan);
}
