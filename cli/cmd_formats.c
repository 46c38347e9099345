/* formats: what is read, where in it, by what; and what is only known by
 * name. All of it is lib/report/formats.def. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/speech.h"
#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "lib/report/report.h"

enum { FORMATS_MAX_PLACES = 16, FORMATS_MAX_TEXT_BYTES = 256 * 1024 };

struct format {
	const char *name;
	const char *title;
	const char *endings; /* blanks between; "": none */
	const char *reader;  /* "": not read */
	const char *by;
	const char *worker;
	const char *places[FORMATS_MAX_PLACES + 1];
};

static const struct format formats[] = {
#define FORMAT(name, title, endings, reader, by, worker, ...) \
	{ name, title, endings, reader, by, worker, { __VA_ARGS__ } },
#define FORMAT_UNREAD(name, title, endings) \
	{ name, title, endings, "", "", "", { NULL } },
#include "lib/report/formats.def"
#undef FORMAT
#undef FORMAT_UNREAD
};

static const char formats_usage[] =
	"formats [--json | --man]\n"
	"  --json  a list with one object for each format\n"
	"  --man   the formats as text of sekimori.formats(5)\n"
	"Which formats are read, where in them text is looked for, and by "
	"what.\n";

static bool
formats_is_read(const struct format *format)
{
	return format->reader[0] != '\0';
}

/* As what a part is reported that is not read. */
static enum report_reason
formats_reason(const struct format *format)
{
	return strncmp(format->name, "image/", 6) == 0
		       ? REPORT_REASON_IMAGE
		       : REPORT_REASON_UNKNOWN_CONTAINER;
}

/* The endings, each with its dot: ".csv .tsv". */
static void
formats_add_endings(struct sbuf *out, const char *endings)
{
	for (; *endings != '\0'; endings++) {
		if (out->len_bytes == 0 ||
		    out->bytes[out->len_bytes - 1] == ' ')
			sbuf_add_byte(out, '.');
		sbuf_add_byte(out, (uint8_t)*endings);
	}
}

/* One line of a list: the name, what it is, how its files are called. */
static void
formats_add_heading(struct sbuf *out, const struct speech *speech,
		    const struct format *format)
{
	AUTO(sbuf_done) struct sbuf endings;

	sbuf_init(&endings, FORMATS_MAX_TEXT_BYTES);
	formats_add_endings(&endings, format->endings);
	sbuf_addf(out, "%-13s %s", format->name,
		  speech_text(speech, format->title));
	if (endings.len_bytes > 0)
		sbuf_addf(out, " (%s)", sbuf_text(&endings));
	sbuf_add_byte(out, '\n');
}

static void
formats_add_places(struct sbuf *out, const struct speech *speech,
		   const struct format *format)
{
	sbuf_addf(out, "              %s: %s, sekimori-worker-%s\n",
		  speech_text(speech, N_("read by")),
		  speech_text(speech, format->by), format->worker);
	for (size_t i = 0; format->places[i] != NULL; i++)
		sbuf_addf(out, "              - %s\n",
			  speech_text(speech, format->places[i]));
}

static void
formats_add_text(struct sbuf *out, const struct speech *speech)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (!formats_is_read(&formats[i]))
			continue;
		formats_add_heading(out, speech, &formats[i]);
		formats_add_places(out, speech, &formats[i]);
	}
	sbuf_addf(out, "\n%s\n",
		  speech_text(speech, N_("Not read, but known by name (a mail "
					 "with them is unscannable; text that "
					 "stands in them unpacked is looked "
					 "for all the same):")));
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (!formats_is_read(&formats[i]))
			formats_add_heading(out, speech, &formats[i]);
}

/* Texts of mdoc(7): a line must not begin with a dot or an apostrophe. */
static void
formats_add_man_item(struct sbuf *out, const struct format *format)
{
	AUTO(sbuf_done) struct sbuf endings;

	sbuf_init(&endings, FORMATS_MAX_TEXT_BYTES);
	formats_add_endings(&endings, format->endings);
	sbuf_addf(out, ".It Sy \"%s\"\n%s", format->name, format->title);
	if (endings.len_bytes > 0)
		sbuf_addf(out, " (%s)", sbuf_text(&endings));
	sbuf_add_text(out, ".\n");
}

static void
formats_add_man_places(struct sbuf *out, const struct format *format)
{
	sbuf_addf(out,
		  "Read by %s, in\n.Xr sekimori-worker-%s 8 :\n"
		  ".Bl -bullet -compact\n",
		  format->by, format->worker);
	for (size_t i = 0; format->places[i] != NULL; i++)
		sbuf_addf(out, ".It\n%s\n", format->places[i]);
	sbuf_add_text(out, ".El\n");
}

static void
formats_add_man(struct sbuf *out)
{
	sbuf_add_text(out, ".Ss Formats that are read\n"
			   ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (!formats_is_read(&formats[i]))
			continue;
		formats_add_man_item(out, &formats[i]);
		formats_add_man_places(out, &formats[i]);
	}
	sbuf_add_text(out, ".El\n.Ss Formats that are known by name only\n"
			   ".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (!formats_is_read(&formats[i]))
			formats_add_man_item(out, &formats[i]);
	sbuf_add_text(out, ".El\n");
}

static json_t *
formats_words(const char *text)
{
	json_t *words = json_array();

	while (*text != '\0') {
		const size_t len = strcspn(text, " ");

		(void)json_array_append_new(words, json_stringn(text, len));
		text += len + (text[len] == ' ');
	}
	return words;
}

static json_t *
formats_one(const struct speech *speech, const struct format *format)
{
	const bool is_read = formats_is_read(format);
	json_t *places = json_array();
	json_t *one = NULL;

	for (size_t i = 0; format->places[i] != NULL; i++)
		(void)json_array_append_new(
			places,
			json_string(speech_text(speech, format->places[i])));
	one = json_pack("{s:s, s:s, s:o, s:b, s:o}", "name", format->name,
			"title", speech_text(speech, format->title),
			"extensions", formats_words(format->endings), "read",
			is_read, "places", places);
	(void)json_object_set_new(
		one, "by",
		is_read ? json_string(speech_text(speech, format->by))
			: json_null());
	(void)json_object_set_new(one, "reader",
				  is_read ? json_string(format->reader)
					  : json_null());
	(void)json_object_set_new(
		one, "worker",
		is_read ? json_sprintf("sekimori-worker-%s", format->worker)
			: json_null());
	(void)json_object_set_new(one, "unscannable",
				  is_read ? json_null()
					  : json_string(report_reason_name(
						    formats_reason(format))));
	return one;
}

static void
formats_add_json(struct sbuf *out, const struct speech *speech)
{
	json_t *all = json_array();
	char *text = NULL;

	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		(void)json_array_append_new(all,
					    formats_one(speech, &formats[i]));
	text = json_dumps(all, JSON_INDENT(1));
	sbuf_addf(out, "%s\n", text != NULL ? text : "");
	free(text);
	json_decref(all);
}

int
cmd_formats(const struct cli *cli, int argc, char **argv)
{
	bool json = false;
	bool man = false;
	const struct option_row rows[] = {
		{ "--json", OPTION_FLAG, &json },
		{ "--man", OPTION_FLAG, &man },
	};
	const struct options options = { "formats", formats_usage, rows,
					 ARRAY_LEN(rows) };
	AUTO(sbuf_done) struct sbuf text;
	struct speech speech;
	struct err err = { 0 };
	int rest = 0;
	const enum options_result result =
		options_parse(&options, argc, argv, &rest);

	(void)cli;
	sbuf_init(&text, FORMATS_MAX_TEXT_BYTES);
	if (result != OPTIONS_OK)
		return options_exit_status(result);
	if (rest > 0 || (json && man))
		return cli_misuse("formats", "too many arguments");
	speech_open(&speech, "");
	if (json)
		formats_add_json(&text, &speech);
	else if (man)
		formats_add_man(&text);
	else
		formats_add_text(&text, &speech);
	speech_done(&speech);
	if (sbuf_status(&text, "formats", &err) != ST_OK)
		return cli_fail(&err, NULL);
	if (fputs(sbuf_text(&text), stdout) == EOF || fflush(stdout) != 0) {
		(void)err_set_errno(&err, "standard output");
		return cli_fail(&err, NULL);
	}
	return 0;
}
