#include "lib/config/config_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/config/config_read.h"

/* sections, policy, list, pattern, terminator */
enum { FILE_OPTION_COUNT = CONFIG_SECTION_COUNT + 4 };

/* The words of what a file may hold were checked before libconfuse sees it
 * (file_check_items), so its own reports add nothing; it would print them. */
static void
file_ignore_report(cfg_t *cfg, const char *fmt, va_list args)
{
	(void)cfg;
	(void)fmt;
	(void)args;
}

/* The row of a section by name; NULL: there is none. */
static const struct config_row *
file_find_row(const struct config_section *section, const char *name)
{
	for (size_t i = 0; i < section->row_count; i++) {
		if (strcmp(section->rows[i].name, name) == 0)
			return &section->rows[i];
	}
	return NULL;
}

static bool
file_is_unbuilt(const char *name)
{
	for (size_t i = 0; config_unbuilt_options[i] != NULL; i++) {
		if (strcmp(config_unbuilt_options[i], name) == 0)
			return true;
	}
	return false;
}

/* A setting: does section know it, with that form of value? */
static enum status
file_check_setting(const char *path, const struct config_section *section,
		   const char *name, const struct config_item *item,
		   struct err *err)
{
	const struct config_row *row = file_find_row(section, name);

	if (row == NULL && section == &config_rule_section &&
	    file_is_unbuilt(name))
		return config_refuse_at(path, item->line, err,
					"%s: not built in this version", name);
	if (row == NULL || item->kind == CONFIG_ITEM_SECTION ||
	    item->kind == CONFIG_ITEM_TITLED)
		return config_refuse_at(path, item->line, err,
					"there is no %s \"%.60s\" in \"%s\"",
					row != NULL ? "section" : "setting",
					name, section->name);
	if (item->kind == CONFIG_ITEM_VALUES && row->kind != CONFIG_KIND_LIST)
		return config_refuse_at(path, item->line, err,
					"\"%s\" takes one value, not a list",
					name);
	return ST_OK;
}

/* Sections that stand at the top of the file. */
static enum status
file_check_top(const char *path, const struct config_item *item,
	       struct err *err)
{
	const size_t base_bytes = strcspn(item->key, "[");
	const bool list = base_bytes == 4 && memcmp(item->key, "list", 4) == 0;
	const bool pattern =
		base_bytes == 7 && memcmp(item->key, "pattern", 7) == 0;
	bool known = list || pattern ||
		     (base_bytes == 6 && memcmp(item->key, "policy", 6) == 0);

	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++)
		known = known ||
			(strlen(config_sections[i].name) == base_bytes &&
			 memcmp(item->key, config_sections[i].name,
				base_bytes) == 0);
	if (item->kind == CONFIG_ITEM_VALUE || item->kind == CONFIG_ITEM_VALUES)
		return config_refuse_at(path, item->line, err,
					"setting \"%.60s\" stands outside of "
					"every section",
					item->key);
	if (!known)
		return config_refuse_at(path, item->line, err,
					"there is no section \"%.*s\"",
					(int)base_bytes, item->key);
	if ((list || pattern) == (item->kind == CONFIG_ITEM_TITLED))
		return ST_OK;
	if (!list && !pattern)
		return config_refuse_at(path, item->line, err,
					"this section has no name before its "
					"{");
	return config_refuse_at(
		path, item->line, err, "a %s needs a name: %s \"name\" {",
		list ? "list" : "pattern", list ? "list" : "pattern");
}

/* One item below the top: "general.mode", "policy.rule[0]",
 * "policy.rule[0].action", "list[1].items". */
static enum status
file_check_below(const char *path, const struct config_item *item,
		 struct err *err)
{
	static const struct config_row list_rows[] = {
		{ "items", CONFIG_KIND_LIST, 0, "", 0, 0, "", NULL },
	};
	static const struct config_section list_section = {
		"list", "", 0, list_rows, ARRAY_LEN(list_rows)
	};
	const char *last = strrchr(item->key, '.') + 1;

	if (strncmp(item->key, "policy.rule[", 12) == 0 &&
	    strchr(last, '[') == NULL)
		return file_check_setting(path, &config_rule_section, last,
					  item, err);
	if (strncmp(item->key, "policy.", 7) == 0) {
		if (strncmp(last, "rule[", 5) == 0)
			return ST_OK;
		return config_refuse_at(path, item->line, err,
					"in \"policy\" stand only rules: rule "
					"\"name\" {");
	}
	if (strncmp(item->key, "list[", 5) == 0)
		return file_check_setting(path, &list_section, last, item, err);
	if (strncmp(item->key, "pattern[", 8) == 0)
		return file_check_setting(path, &config_pattern_section, last,
					  item, err);
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		const struct config_section *section = &config_sections[i];
		const size_t len_bytes = strlen(section->name);

		if (strncmp(item->key, section->name, len_bytes) == 0 &&
		    item->key[len_bytes] == '.')
			return file_check_setting(path, section, last, item,
						  err);
	}
	return config_refuse_at(path, item->line, err,
				"there is no setting \"%.60s\"", item->key);
}

static enum status
file_check_items(const char *path, const struct config_lines *lines,
		 struct err *err)
{
	struct config_item item;
	enum status st = ST_OK;
	size_t at = 0;

	while (st == ST_OK && config_lines_next(lines, &at, &item)) {
		if (strchr(item.key, '.') == NULL)
			st = file_check_top(path, &item, err);
		else
			st = file_check_below(path, &item, err);
	}
	return st;
}

/* Arrays that cfg_init() copies; freed behind it. */
struct file_options {
	cfg_opt_t *sections[CONFIG_SECTION_COUNT];
	cfg_opt_t *rule;
	cfg_opt_t *pattern;
};

static void
file_options_done(struct file_options *options)
{
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++)
		free(options->sections[i]);
	free(options->rule);
	free(options->pattern);
}

/* libconfuse's tree for a file of ours; NULL without memory. */
static cfg_t *
file_new_tree(void)
{
	AUTO(file_options_done) struct file_options options = { .rule = NULL };
	cfg_opt_t list[] = { CFG_STR_LIST("items", NULL, CFGF_NODEFAULT),
			     CFG_END() };
	cfg_opt_t all[FILE_OPTION_COUNT];
	size_t at = 0;

	options.rule = config_read_options(&config_rule_section,
					   config_unbuilt_options);
	options.pattern = config_read_options(&config_pattern_section, NULL);
	if (options.rule == NULL || options.pattern == NULL)
		return NULL;
	cfg_opt_t policy[] = { CFG_SEC("rule", options.rule,
				       CFGF_MULTI | CFGF_TITLE |
					       CFGF_NO_TITLE_DUPES),
			       CFG_END() };

	for (; at < CONFIG_SECTION_COUNT; at++) {
		options.sections[at] =
			config_read_options(&config_sections[at], NULL);
		if (options.sections[at] == NULL)
			return NULL;
		all[at] = (cfg_opt_t)CFG_SEC(config_sections[at].name,
					     options.sections[at], CFGF_NONE);
	}
	all[at++] = (cfg_opt_t)CFG_SEC("policy", policy, CFGF_NONE);
	all[at++] = (cfg_opt_t)CFG_SEC(
		"list", list, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	all[at++] = (cfg_opt_t)CFG_SEC("pattern", options.pattern,
				       CFGF_MULTI | CFGF_TITLE |
					       CFGF_NO_TITLE_DUPES);
	all[at] = (cfg_opt_t)CFG_END();
	return cfg_init(all, CFGF_NONE);
}

void
config_file_free(struct config_file **file)
{
	if (*file == NULL)
		return;
	if ((*file)->parsed != NULL)
		(void)cfg_free((*file)->parsed);
	config_lines_free(&(*file)->lines);
	free(*file);
	*file = NULL;
}

static enum status
file_parse(const char *path, const char *text, cfg_t *parsed, struct err *err)
{
	(void)cfg_set_error_function(parsed, file_ignore_report);
	if (cfg_parse_buf(parsed, text) == CFG_SUCCESS)
		return ST_OK;
	return config_refuse_at(path,
				parsed->line > 0 ? (unsigned)parsed->line : 1,
				err, "libconfuse refuses the file");
}

enum status
config_file_open(const char *path, struct config_file **file_out,
		 struct err *err)
{
	AUTO(config_file_free) struct config_file *file = NULL;
	AUTO(sbuf_done) struct sbuf text;
	AUTO(sbuf_done) struct sbuf clean;
	enum status st = ST_OK;

	sbuf_init(&text, CONFIG_MAX_FILE_BYTES);
	sbuf_init(&clean, CONFIG_MAX_FILE_BYTES);
	st = fd_slurp_file(path, &text, err);
	if (st != ST_OK)
		return st;
	file = calloc(1, sizeof(*file));
	if (file == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	st = config_lines_new(path, sbuf_span(&text), &clean, &file->lines,
			      err);
	if (st == ST_OK)
		st = file_check_items(path, file->lines, err);
	if (st != ST_OK)
		return st;
	file->parsed = file_new_tree();
	if (file->parsed == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	st = file_parse(path, sbuf_text(&clean), file->parsed, err);
	if (st == ST_OK)
		*file_out = MOVE(file);
	return st;
}
