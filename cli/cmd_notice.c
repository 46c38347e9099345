/* notice: what people get by mail, to be looked at before anybody gets it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/subcommand.h"
#include "courier/notices/letter.h"
#include "courier/notices/sample.h"
#include "lib/base/clock.h"
#include "lib/base/fd.h"

enum {
	NOTICE_MAIL_BYTES = 4 * 1024 * 1024,
	NOTICE_PATH_BYTES = 4400,
	NOTICE_MODE = 0644,
	NOTICE_DIR_MODE = 0755
};

enum notice_format {
	NOTICE_FORMAT_NONE = 0,
	NOTICE_FORMAT_TEXT,
	NOTICE_FORMAT_HTML,
	NOTICE_FORMAT_EML
};

struct notice_choice {
	const char *event;
	const char *audience;
	const char *language;
	const char *format;
	const char *all;
};

struct notice_desk {
	struct config *config;
	struct i18n *i18n;
	struct notices *notices;
};

static void
notice_desk_done(struct notice_desk *desk)
{
	notices_free(&desk->notices);
	i18n_free(&desk->i18n);
	config_free(&desk->config);
}

static const char *const notice_formats[] = {
	[NOTICE_FORMAT_TEXT] = "text",
	[NOTICE_FORMAT_HTML] = "html",
	[NOTICE_FORMAT_EML] = "eml",
};

static enum notice_format
notice_find_format(const char *name)
{
	for (size_t i = 1; i < ARRAY_LEN(notice_formats); i++) {
		if (strcmp(notice_formats[i], name) == 0)
			return (enum notice_format)i;
	}
	return NOTICE_FORMAT_NONE;
}

/* "held-sender" by "held" and "sender"; without audience the first. */
static const struct notices_kind *
notice_find_kind(const char *event, const char *audience)
{
	for (size_t i = 0; i < notices_kind_count; i++) {
		const char *name = notices_kinds[i].name;
		const char *dash = strrchr(name, '-');

		if (strlen(event) == (size_t)(dash - name) &&
		    strncmp(name, event, strlen(event)) == 0 &&
		    (audience == NULL || strcmp(dash + 1, audience) == 0))
			return &notices_kinds[i];
	}
	return NULL;
}

/* One notice in one form, as the courier would make it. */
static enum status
notice_make(const struct notice_desk *desk, const struct vault_job *job,
	    enum notice_format format, bool with_mail, struct sbuf *out,
	    struct err *err)
{
	const struct letter_office office = { .config = desk->config,
					      .i18n = desk->i18n,
					      .notices = desk->notices };
	const struct letter_form form = { .now_unix_ms = clock_unix_ms(),
					  .with_mail = with_mail };
	AUTO(notices_text_done) struct notices_text text;
	enum status st = ST_OK;

	notices_text_init(&text);
	if (format == NOTICE_FORMAT_EML)
		return letter_write(&office, job, &form, out, err);
	st = letter_words(&office, job, with_mail, &text, err);
	if (st != ST_OK)
		return st;
	if (format == NOTICE_FORMAT_TEXT)
		sbuf_addf(out, "%s\n\n", sbuf_text(&text.subject));
	if (format == NOTICE_FORMAT_TEXT)
		sbuf_add_span(out, sbuf_span(&text.plain));
	else if (text.picture != NULL)
		picture_put_into(text.picture, sbuf_text(&text.html), out);
	else
		sbuf_add_span(out, sbuf_span(&text.html));
	return sbuf_status(out, "notice", err);
}

static enum status
notice_save(const struct notice_desk *desk, const char *dir,
	    const struct notices_kind *kind, const char *language,
	    struct err *err)
{
	const struct vault_job job = sample_job(kind, language);
	enum status st = ST_OK;

	for (size_t i = 1; i < ARRAY_LEN(notice_formats) && st == ST_OK; i++) {
		AUTO(sbuf_done) struct sbuf out;
		AUTO(sbuf_done) struct sbuf path;

		sbuf_init(&out, NOTICE_MAIL_BYTES);
		sbuf_init(&path, NOTICE_PATH_BYTES);
		st = notice_make(desk, &job, (enum notice_format)i,
				 sample_has_mail(kind), &out, err);
		sbuf_addf(&path, "%s/%s-%s.%s", dir, kind->name, language,
			  i == NOTICE_FORMAT_TEXT ? "txt" : notice_formats[i]);
		if (st == ST_OK)
			st = sbuf_status(&path, "notice", err);
		if (st == ST_OK)
			st = fd_replace_file(sbuf_text(&path), sbuf_span(&out),
					     NOTICE_MODE, err);
	}
	return st;
}

static int
notice_save_all(const struct notice_desk *desk, const char *dir)
{
	static const char *const languages[] = { "ja", "en" };
	struct err err = { 0 };
	enum status st = ST_OK;

	if (mkdir(dir, NOTICE_DIR_MODE) != 0 && errno != EEXIST) {
		(void)err_set_errno(&err, "%s: cannot be made", dir);
		return cli_fail(&err, NULL);
	}
	for (size_t i = 0; i < notices_kind_count; i++) {
		for (size_t l = 0; l < ARRAY_LEN(languages) && st == ST_OK; l++)
			st = notice_save(desk, dir, &notices_kinds[i],
					 languages[l], &err);
	}
	if (st != ST_OK)
		return cli_fail(&err, NULL);
	(void)printf("%s: %zu notices, each in %zu languages as .txt, .html "
		     "and .eml\n",
		     dir, notices_kind_count, ARRAY_LEN(languages));
	return 0;
}

static int
notice_print(const struct notice_desk *desk, const struct notice_choice *choice)
{
	const struct notices_kind *kind =
		notice_find_kind(choice->event, choice->audience);
	const enum notice_format format = notice_find_format(choice->format);
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };
	struct vault_job job;
	enum status st = ST_OK;

	sbuf_init(&out, NOTICE_MAIL_BYTES);
	if (kind == NULL)
		return cli_misuse("notice preview",
				  "there is no such notice; \"sekimori notice "
				  "list\" names them");
	if (format == NOTICE_FORMAT_NONE)
		return cli_misuse("notice preview",
				  "--format is text, html or eml");
	job = sample_job(kind, choice->language);
	st = notice_make(desk, &job, format, sample_has_mail(kind), &out, &err);
	if (st != ST_OK)
		return cli_fail(&err, NULL);
	if (fwrite(out.bytes, 1, out.len_bytes, stdout) != out.len_bytes ||
	    fflush(stdout) != 0) {
		(void)err_set_errno(&err, "standard output");
		return cli_fail(&err, NULL);
	}
	return 0;
}

static int
notice_open(const struct cli *cli, struct notice_desk *desk)
{
	struct err err = { 0 };
	const int code = cli_load_config(cli, &desk->config);

	if (code != 0)
		return code;
	/* What a link would look like, before there is a portal. */
	if (desk->config->portal.url[0] == '\0')
		desk->config->portal.url = SAMPLE_PORTAL_URL;
	if (letter_open(desk->config, &desk->i18n, &desk->notices, &err) !=
	    ST_OK)
		return cli_fail(&err, NULL);
	return 0;
}

static int
notice_preview(const struct cli *cli, int argc, char **argv)
{
	struct notice_choice choice = { .event = NULL };
	const struct option_row rows[] = {
		{ "--event", OPTION_TEXT, &choice.event },
		{ "--audience", OPTION_TEXT, &choice.audience },
		{ "--lang", OPTION_TEXT, &choice.language },
		{ "--format", OPTION_TEXT, &choice.format },
		{ "--all", OPTION_TEXT, &choice.all },
	};
	const struct options options = {
		"notice preview",
		"notice preview [--event E] [--audience A] [--lang ja|en]\n"
		"                               [--format text|html|eml]\n"
		"       sekimori notice preview --all DIR\n"
		"Shows a notice with made-up values, in the wording in "
		"force.\n"
		"  --event E     held (default), or another that \"notice "
		"list\" names\n"
		"  --audience A  sender, approver or recipient\n"
		"  --all DIR     every one, in all forms, into files\n",
		rows, ARRAY_LEN(rows)
	};
	AUTO(notice_desk_done) struct notice_desk desk = { .config = NULL };
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("notice preview", "too many arguments");
	if (choice.language != NULL &&
	    i18n_language_of(choice.language) == I18N_LANGUAGE_NONE)
		return cli_misuse("notice preview", "--lang is ja or en");
	code = notice_open(cli, &desk);
	if (code != 0)
		return code;
	if (choice.event == NULL)
		choice.event = "held";
	if (choice.format == NULL)
		choice.format = "text";
	if (choice.language == NULL)
		choice.language = desk.config->general.language;
	return choice.all != NULL ? notice_save_all(&desk, choice.all)
				  : notice_print(&desk, &choice);
}

/* Event and audience of each, and whether it can be read as it is. */
static int
notice_list(const struct cli *cli, int argc, char **argv)
{
	const struct options options = {
		"notice list",
		"notice list\n"
		"Reads all notices, those of the setting courier.notices "
		"too, and names them.\n"
		"Exit status: 0 all can be used; else the reason is shown.\n",
		NULL, 0
	};
	AUTO(notice_desk_done) struct notice_desk desk = { .config = NULL };
	int rest = 0;
	int code = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0)
		return cli_misuse("notice list", "too many arguments");
	code = notice_open(cli, &desk);
	for (size_t i = 0; i < notices_kind_count && code == 0; i++) {
		const char *dash = strrchr(notices_kinds[i].name, '-');

		(void)printf("%-10.*s to the %s\n",
			     (int)(dash - notices_kinds[i].name),
			     notices_kinds[i].name, dash + 1);
	}
	return code;
}

int
cmd_notice(const struct cli *cli, int argc, char **argv)
{
	static const struct subcommand rows[] = {
		{ "list", notice_list, "check all notices and name them" },
		{ "preview", notice_preview,
		  "[--event E ...] | --all DIR  what people would get" },
	};
	static const struct subcommands commands = { "notice", rows,
						     ARRAY_LEN(rows) };

	return subcommand_run(cli, &commands, argc, argv);
}
