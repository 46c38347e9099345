#include "lib/config/config_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/config/config_units.h"

enum { READ_MAX_KEY_BYTES = 128, READ_MAX_SHOWN = 60 };

_Static_assert(sizeof(((struct config *)NULL)->general.debug) == sizeof(bool),
	       "BOOL settings are bool");

cfg_opt_t *
config_read_options(const struct config_section *section,
		    const char *const *unbuilt)
{
	size_t count = section->row_count + 1;
	size_t at = 0;
	cfg_opt_t *options = NULL;

	for (size_t i = 0; unbuilt != NULL && unbuilt[i] != NULL; i++)
		count++;
	options = calloc(count, sizeof(*options));
	if (options == NULL)
		return NULL;
	for (; at < section->row_count; at++) {
		const struct config_row *row = &section->rows[at];

		if (row->kind == CONFIG_KIND_LIST)
			options[at] = (cfg_opt_t)CFG_STR_LIST(row->name, NULL,
							      CFGF_NODEFAULT);
		else
			options[at] = (cfg_opt_t)CFG_STR(row->name, NULL,
							 CFGF_NODEFAULT);
	}
	for (size_t i = 0; unbuilt != NULL && unbuilt[i] != NULL; i++)
		options[at++] = (cfg_opt_t)CFG_STR_LIST(unbuilt[i], NULL,
							CFGF_NODEFAULT);
	options[at] = (cfg_opt_t)CFG_END();
	return options;
}

enum status
config_read_list(const struct config_reading *reading, cfg_opt_t *option,
		 struct config_list *list_out, struct err *err)
{
	const size_t count = cfg_opt_size(option);
	const char **items = config_memory_alloc(reading->memory,
						 (count + 1) * sizeof(*items));

	if (items == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	for (size_t i = 0; i < count; i++) {
		const char *text = cfg_opt_getnstr(option, (unsigned)i);

		items[i] = config_memory_text(reading->memory,
					      text != NULL ? text : "");
		if (items[i] == NULL)
			return err_set(err, ST_NO_MEMORY, "config: no memory");
	}
	*list_out = (struct config_list){ items, count };
	return ST_OK;
}

/* Refuse a value; defaults alone have no file and line. */
static enum status
read_refuse(const struct config_reading *reading, const char *key,
	    struct err *err, const char *reason)
{
	if (reading->lines == NULL)
		return err_set(err, ST_FORMAT, "default of %s: %s", key,
			       reason);
	return config_lines_refuse(reading->lines, key, err, "%s: %s", key,
				   reason);
}

/* The allowed range as people write it. */
static void
read_format_range(const struct config_row *row, struct sbuf *buf)
{
	void (*format)(struct sbuf *, int64_t) = NULL;

	if (row->kind == CONFIG_KIND_BYTES)
		format = units_format_bytes;
	else if (row->kind == CONFIG_KIND_SECONDS)
		format = units_format_seconds;
	else if (row->kind == CONFIG_KIND_MILLISECONDS)
		format = units_format_milliseconds;
	if (format == NULL) {
		sbuf_addf(buf, "%" PRId64 " to %" PRId64, row->min, row->max);
		return;
	}
	format(buf, row->min);
	sbuf_add_text(buf, " to ");
	format(buf, row->max);
}

static enum status
read_refuse_range(const struct config_reading *reading, const char *key,
		  const struct config_row *row, const char *text,
		  struct err *err)
{
	AUTO(sbuf_done) struct sbuf reason;

	sbuf_init(&reason, sizeof(err->text));
	if (row->kind == CONFIG_KIND_COUNT && row->max == 1)
		sbuf_addf(&reason,
			  "%.20s: more than 1 is not built in this "
			  "version",
			  text);
	else {
		sbuf_addf(&reason,
			  "\"%.40s\" is out of range; allowed: ", text);
		read_format_range(row, &reason);
	}
	return read_refuse(reading, key, err, sbuf_text(&reason));
}

/* What a value of this kind looks like, for messages. */
static const char *
read_kind_words(enum config_kind kind)
{
	static const char *const words[] = {
		[CONFIG_KIND_NONE] = "a value",
		[CONFIG_KIND_TEXT] = "a text",
		[CONFIG_KIND_PATH] = "a path",
		[CONFIG_KIND_LIST] = "a list",
		[CONFIG_KIND_BOOL] = "yes or no",
		[CONFIG_KIND_COUNT] = "a number",
		[CONFIG_KIND_SIGNED] = "a number",
		[CONFIG_KIND_BYTES] = "a size such as 64K, 100M or 1G",
		[CONFIG_KIND_SECONDS] = "a time such as 30s, 15m, 12h or 7d",
		[CONFIG_KIND_MILLISECONDS] = "a time such as 500ms, 30s or 15m",
		[CONFIG_KIND_CHOICE] = "a choice",
	};

	return words[kind];
}

static enum status
read_number(const struct config_reading *reading, const char *key,
	    const struct config_row *row, const char *text, int64_t *place,
	    struct err *err)
{
	int64_t value = 0;
	bool fits = false;

	if (row->kind == CONFIG_KIND_BYTES)
		fits = units_parse_bytes(text, &value);
	else if (row->kind == CONFIG_KIND_SECONDS)
		fits = units_parse_seconds(text, &value);
	else if (row->kind == CONFIG_KIND_MILLISECONDS)
		fits = units_parse_milliseconds(text, &value);
	else
		fits = units_parse_signed(text, &value);
	if (!fits) {
		char reason[160];

		(void)snprintf(reason, sizeof(reason), "\"%.*s\" is not %s",
			       READ_MAX_SHOWN, text,
			       read_kind_words(row->kind));
		return read_refuse(reading, key, err, reason);
	}
	if (value < row->min || value > row->max)
		return read_refuse_range(reading, key, row, text, err);
	*place = value;
	return ST_OK;
}

static enum status
read_choice(const struct config_reading *reading, const char *key,
	    const char *choices, const char *text, struct err *err)
{
	char reason[160];

	if (config_is_choice(choices, text))
		return ST_OK;
	(void)snprintf(reason, sizeof(reason), "\"%.*s\" is none of %.100s",
		       READ_MAX_SHOWN / 2, text, choices);
	return read_refuse(reading, key, err, reason);
}

static enum status
read_text(const struct config_reading *reading, const char *key,
	  const struct config_row *row, const char *text, const char **place,
	  struct err *err)
{
	const int64_t len_bytes = (int64_t)strlen(text);

	if (row->kind == CONFIG_KIND_CHOICE && text[0] != '\0') {
		const enum status st =
			read_choice(reading, key, row->choices, text, err);

		if (st != ST_OK)
			return st;
	} else if (row->kind != CONFIG_KIND_CHOICE &&
		   (len_bytes < row->min || len_bytes > row->max)) {
		return read_refuse(reading, key, err,
				   len_bytes < row->min ? "is empty"
							: "is too long");
	}
	if (row->kind == CONFIG_KIND_PATH && text[0] != '\0' && text[0] != '/')
		return read_refuse(reading, key, err,
				   "write the whole path, from /");
	*place = config_memory_text(reading->memory, text);
	if (*place == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	return ST_OK;
}

static enum status
read_bool(const struct config_reading *reading, const char *key,
	  const char *text, bool *place, struct err *err)
{
	if (units_parse_bool(text, place))
		return ST_OK;
	return read_refuse(reading, key, err, "write yes or no");
}

/* A default as the tables write it: "a|b", or nothing. */
static enum status
read_preset_list(const struct config_reading *reading, const char *preset,
		 struct config_list *place, struct err *err)
{
	const char **items = config_memory_alloc(
		reading->memory, (strlen(preset) + 1) * sizeof(*items));
	size_t count = 0;

	while (items != NULL && *preset != '\0') {
		const size_t len_bytes = strcspn(preset, "|");
		char *word =
			config_memory_alloc(reading->memory, len_bytes + 1);

		if (word == NULL)
			return err_set(err, ST_NO_MEMORY, "config: no memory");
		memcpy(word, preset, len_bytes);
		word[len_bytes] = '\0';
		items[count++] = word;
		preset += len_bytes + (preset[len_bytes] == '|' ? 1 : 0);
	}
	if (items == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	*place = (struct config_list){ items, count };
	return ST_OK;
}

static enum status
read_list(const struct config_reading *reading, const char *key,
	  const struct config_row *row, cfg_opt_t *option,
	  struct config_list *place, struct err *err)
{
	enum status st = ST_OK;

	if (option == NULL)
		return read_preset_list(reading,
					row->preset != NULL ? row->preset : "",
					place, err);
	st = config_read_list(reading, option, place, err);
	if (st == ST_OK && (int64_t)place->count > row->max)
		return read_refuse(reading, key, err, "has too many items");
	for (size_t i = 0; st == ST_OK && i < place->count; i++) {
		if (place->items[i][0] == '\0')
			return read_refuse(reading, key, err,
					   "has an empty item");
		if (row->choices != NULL)
			st = read_choice(reading, key, row->choices,
					 place->items[i], err);
	}
	return st;
}

static enum status
read_row(const struct config_reading *reading, const char *key,
	 const struct config_row *row, cfg_opt_t *option, void *member,
	 struct err *err)
{
	const char *text = row->preset;

	if (option != NULL && row->kind != CONFIG_KIND_LIST)
		text = cfg_opt_getnstr(option, 0);
	if (text == NULL)
		text = "";
	switch (row->kind) {
	case CONFIG_KIND_LIST:
		return read_list(reading, key, row, option, member, err);
	case CONFIG_KIND_BOOL:
		return read_bool(reading, key, text, member, err);
	case CONFIG_KIND_TEXT:
	case CONFIG_KIND_PATH:
	case CONFIG_KIND_CHOICE:
		return read_text(reading, key, row, text, member, err);
	case CONFIG_KIND_COUNT:
	case CONFIG_KIND_SIGNED:
	case CONFIG_KIND_BYTES:
	case CONFIG_KIND_SECONDS:
	case CONFIG_KIND_MILLISECONDS:
		return read_number(reading, key, row, text, member, err);
	case CONFIG_KIND_NONE:
	default:
		return err_set(err, ST_UNSUPPORTED, "config: no such kind");
	}
}

static bool
read_is_empty(cfg_opt_t *option)
{
	const char *text = NULL;

	if (option == NULL || cfg_opt_size(option) == 0)
		return true;
	text = cfg_opt_getnstr(option, 0);
	return text == NULL || text[0] == '\0';
}

/* The option of a row, NULL when the file has none; full: its key. */
static cfg_opt_t *
read_find(const struct config_reading *reading, const struct config_from *from,
	  const struct config_row *row, char full[READ_MAX_KEY_BYTES])
{
	(void)snprintf(full, READ_MAX_KEY_BYTES, "%s.%s", from->key, row->name);
	if (reading->lines == NULL ||
	    config_lines_find(reading->lines, full) == 0)
		return NULL;
	return cfg_getopt(from->parsed, row->name);
}

enum status
config_read_section(const struct config_reading *reading,
		    const struct config_from *from,
		    const struct config_section *section, void *place,
		    uint64_t *set_out, struct err *err)
{
	uint64_t set = 0;

	for (size_t i = 0; i < section->row_count; i++) {
		const struct config_row *row = &section->rows[i];
		char full[READ_MAX_KEY_BYTES];
		cfg_opt_t *option = read_find(reading, from, row, full);
		enum status st = read_row(reading, full, row, option,
					  (char *)place + row->offset, err);

		if (st == ST_OK && reading->lines != NULL &&
		    config_row_is_required(row) && read_is_empty(option))
			st = read_refuse(reading, full, err,
					 "is required and missing");
		if (st != ST_OK)
			return st;
		if (option != NULL)
			set |= UINT64_C(1) << i;
	}
	if (set_out != NULL)
		*set_out = set;
	return ST_OK;
}
