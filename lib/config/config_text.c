/* What the setting tables say, as text: sample file, dump, manual page. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/config.h"
#include "lib/config/config_table.h"
#include "lib/config/config_units.h"
#include "lib/config/policy.h"

enum { TEXT_COLUMNS = 78, TEXT_KEY_BYTES = 96 };

/* Required settings have no default; the sample shows one of these. */
static const struct config_value sample_values[] = {
	{ "general.local_domains", "{ \"example.co.jp\" }" },
	{ "general.postmaster", "\"postmaster@example.co.jp\"" },
	{ "courier.notice_sender", "\"sekimori@example.co.jp\"" },
	{ "desk.url", "\"https://desk.example.co.jp\"" },
};

static const char text_head[] =
	"# Sekimori. \"sekimori check-config\" checks this file; \"sekimori "
	"reload\" puts a\n"
	"# changed one into force (a bad one is refused and the old one "
	"stays).\n"
	"# What is commented out shows the default. Sizes: 64K, 100M, 1G. "
	"Times: 500ms,\n"
	"# 30s, 15m, 12h, 7d. Lists: { \"a\", \"b\" }. See "
	"sekimori.conf(5).\n";

static const char text_policy[] =
	"# What happens to a mail, decided for each recipient: rules in "
	"order, the first\n"
	"# that matches wins. A rule matches when each of its conditions "
	"does; the items\n"
	"# of a list are alternatives. The last rule has no conditions. "
	"\"sekimori policy\n"
	"# test --from A --to B FILE\" shows which rule a mail gets. Actions: "
	"deliver, tag,\n"
	"# hold, reject. All conditions and options: sekimori.conf(5).\n"
	"policy {\n"
	"\t# Mailboxes where My Numbers are everyday: a lone number without any "
	"word for it\n"
	"\t# waits, too. What strict costs: \"profile\" in sekimori.conf(5).\n"
	"\t# rule \"personnel: also numbers without a word\" {\n"
	"\t#     sender = { \"hr@example.co.jp\", \"payroll@example.co.jp\" }\n"
	"\t#     direction = { outgoing, foreign }\n"
	"\t#     profile = strict\n"
	"\t#     verdict = { found }\n"
	"\t#     action = hold\n"
	"\t#     approvers = \"approvers\"\n"
	"\t# }\n"
	"\n"
	"\t# Mail with numbers leaves only after a second person has seen "
	"it. Foreign:\n"
	"\t# neither end is ours (forwarded mail, a domain that is missing "
	"in\n"
	"\t# local_domains).\n"
	"\trule \"numbers leave only after a second look\" {\n"
	"\t\tdirection = { outgoing, foreign }\n"
	"\t\tverdict = { found }\n"
	"\t\tlevel = { suspect, sure }\n"
	"\t\taction = hold\n"
	"\t\tapprovers = \"approvers\"\n"
	"\t\texpires = 7d\n"
	"\t\tremind = 1d\n"
	"\t}\n"
	"\n"
	"\t# Pictures are not read in this version. Take this rule out to "
	"hold them too.\n"
	"\trule \"pictures may leave\" {\n"
	"\t\tverdict = { unscannable }\n"
	"\t\tonly_reason = { image }\n"
	"\t\taction = deliver\n"
	"\t}\n"
	"\n"
	"\t# Locked, damaged, unknown: what was not read may hold a number.\n"
	"\trule \"what cannot be read waits\" {\n"
	"\t\tdirection = { outgoing, foreign }\n"
	"\t\tverdict = { unscannable }\n"
	"\t\taction = hold\n"
	"\t\tapprovers = \"approvers\"\n"
	"\t\texpires = 7d\n"
	"\t\tremind = 1d\n"
	"\t}\n"
	"\n"
	"\trule \"the rest\" {\n"
	"\t\taction = deliver\n"
	"\t}\n"
	"}\n"
	"\n"
	"# Patterns: words of the organisation for or against a My Number near "
	"by, in\n"
	"# decibans (10: ten times as likely); see sekimori.conf(5) and "
	"sekimori.words(5).\n"
	"# pattern \"employee-code\" { match = '社員(コード|CD)' weight = -25 "
	"}\n"
	"\n"
	"# Lists for conditions, used as sender = \"list:payroll\":\n"
	"# list \"payroll\" { items = { \"payroll@example.co.jp\", "
	"\"*@hr.example.co.jp\" } }\n";

/* --- pieces ------------------------------------------------------------ */

static void
text_quote(struct sbuf *out, const char *text)
{
	sbuf_add_byte(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			sbuf_add_byte(out, '\\');
		sbuf_add_byte(out, (uint8_t)*text);
	}
	sbuf_add_byte(out, '"');
}

/* Words of text in lines that begin with prefix. */
static void
text_wrap(struct sbuf *out, const char *prefix, const char *text)
{
	size_t column = 0;

	while (*text != '\0') {
		const size_t word = strcspn(text, " ");

		if (column > 0 && column + 1 + word > TEXT_COLUMNS) {
			sbuf_add_byte(out, '\n');
			column = 0;
		}
		if (column == 0) {
			sbuf_add_text(out, prefix);
			/* A tab is eight columns wide. */
			column = strlen(prefix) + (prefix[0] == '\t' ? 7 : 0);
		} else {
			sbuf_add_byte(out, ' ');
			column++;
		}
		sbuf_add(out, text, word);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
	sbuf_add_byte(out, '\n');
}

static bool
row_is_number(const struct config_row *row)
{
	return row->kind == CONFIG_KIND_COUNT ||
	       row->kind == CONFIG_KIND_SIGNED ||
	       row->kind == CONFIG_KIND_BYTES ||
	       row->kind == CONFIG_KIND_SECONDS ||
	       row->kind == CONFIG_KIND_MILLISECONDS;
}

static void
row_format_number(const struct config_row *row, int64_t value, struct sbuf *out)
{
	if (row->kind == CONFIG_KIND_BYTES)
		units_format_bytes(out, value);
	else if (row->kind == CONFIG_KIND_SECONDS)
		units_format_seconds(out, value);
	else if (row->kind == CONFIG_KIND_MILLISECONDS)
		units_format_milliseconds(out, value);
	else
		sbuf_addf(out, "%" PRId64, value);
}

/* "ja or en", "1 to 256", "yes or no", or nothing. */
static void
row_format_allowed(const struct config_row *row, struct sbuf *out)
{
	if (row->choices != NULL) {
		for (const char *c = row->choices; *c != '\0'; c++) {
			if (*c == '|')
				sbuf_add_text(out, ", ");
			else
				sbuf_add_byte(out, (uint8_t)*c);
		}
	} else if (row->kind == CONFIG_KIND_BOOL) {
		sbuf_add_text(out, "yes, no");
	} else if (row_is_number(row)) {
		row_format_number(row, row->min, out);
		sbuf_add_text(out, " to ");
		row_format_number(row, row->max, out);
	}
}

/* "a|b" as { "a", "b" } */
static void
preset_list(const char *preset, struct sbuf *out)
{
	sbuf_add_text(out, *preset != '\0' ? "{ \"" : "{ ");
	for (const char *c = preset; *c != '\0'; c++) {
		if (*c == '|')
			sbuf_add_text(out, "\", \"");
		else
			sbuf_add_byte(out, (uint8_t)*c);
	}
	sbuf_add_text(out, *preset != '\0' ? "\" }" : "}");
}

/* The default as it is written in a file. */
static void
row_format_preset(const struct config_row *row, struct sbuf *out)
{
	if (row->kind == CONFIG_KIND_LIST)
		preset_list(row->preset, out);
	else if (row->kind == CONFIG_KIND_TEXT || row->kind == CONFIG_KIND_PATH)
		text_quote(out, row->preset);
	else
		sbuf_add_text(out, row->preset);
}

/* --- one value --------------------------------------------------------- */

static bool
text_is_quoted(const char *text)
{
	const size_t len_bytes = strlen(text);

	return len_bytes >= 2 && (text[0] == '"' || text[0] == '\'') &&
	       text[len_bytes - 1] == text[0];
}

static const struct config_row *
row_find(const char *key)
{
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		const struct config_section *section = &config_sections[i];
		const size_t name_bytes = strlen(section->name);

		if (strncmp(key, section->name, name_bytes) != 0 ||
		    key[name_bytes] != '.')
			continue;
		for (size_t k = 0; k < section->row_count; k++) {
			if (strcmp(key + name_bytes + 1,
				   section->rows[k].name) == 0)
				return &section->rows[k];
		}
	}
	return NULL;
}

enum status
config_write_value(const char *key, const char *typed, struct sbuf *out,
		   struct err *err)
{
	const struct config_row *row = row_find(key);

	if (row == NULL)
		return err_set(err, ST_NOT_FOUND,
			       "%.80s: no such setting; sekimori check-config "
			       "--sample shows them all",
			       key);
	if ((row->kind == CONFIG_KIND_TEXT || row->kind == CONFIG_KIND_PATH) &&
	    !text_is_quoted(typed))
		text_quote(out, typed);
	else
		sbuf_add_text(out, typed);
	return ST_OK;
}

/* --- sample ------------------------------------------------------------ */

static const char *
values_find(const struct config_value *values, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(values[i].key, key) == 0)
			return values[i].text;
	}
	return NULL;
}

static void
file_write_row(const struct config_row *row, const char *value,
	       struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf words;

	sbuf_init(&words, 4096);
	sbuf_add_text(&words, row->help);
	if (row->choices != NULL || row->kind == CONFIG_KIND_BOOL ||
	    row_is_number(row)) {
		sbuf_add_text(&words, " (");
		row_format_allowed(row, &words);
		sbuf_add_byte(&words, ')');
	}
	text_wrap(out, "\t# ", sbuf_text(&words));
	if (value != NULL) {
		sbuf_addf(out, "\t%s = %s\n", row->name, value);
		return;
	}
	sbuf_addf(out, "\t#%s = ", row->name);
	row_format_preset(row, out);
	sbuf_add_byte(out, '\n');
}

void
config_write_file(const struct config_value *values, size_t count,
		  struct sbuf *out)
{
	sbuf_add_text(out, text_head);
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		const struct config_section *section = &config_sections[i];

		sbuf_addf(out, "\n# %s\n%s {\n", section->help, section->name);
		for (size_t k = 0; k < section->row_count; k++) {
			char key[TEXT_KEY_BYTES];

			(void)snprintf(key, sizeof(key), "%s.%s", section->name,
				       section->rows[k].name);
			if (k > 0)
				sbuf_add_byte(out, '\n');
			file_write_row(&section->rows[k],
				       values_find(values, count, key), out);
		}
		sbuf_add_text(out, "}\n");
	}
	sbuf_add_byte(out, '\n');
	sbuf_add_text(out, text_policy);
}

void
config_write_sample(struct sbuf *out)
{
	config_write_file(sample_values, ARRAY_LEN(sample_values), out);
}

/* --- dump -------------------------------------------------------------- */

static void
dump_list(const struct config_list *list, struct sbuf *out)
{
	sbuf_add_text(out, "{ ");
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			sbuf_add_text(out, ", ");
		text_quote(out, list->items[i]);
	}
	sbuf_add_text(out, list->count > 0 ? " }" : "}");
}

static void
dump_value(const struct config_row *row, const void *member, struct sbuf *out)
{
	if (row->kind == CONFIG_KIND_LIST)
		dump_list(member, out);
	else if (row->kind == CONFIG_KIND_BOOL)
		sbuf_add_text(out, *(const bool *)member ? "yes" : "no");
	else if (row_is_number(row))
		row_format_number(row, *(const int64_t *)member, out);
	else
		text_quote(out, *(const char *const *)member);
}

void
config_dump(const struct config *config, struct sbuf *out)
{
	const struct policy_rule *rule = NULL;
	size_t at = 0;

	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		const struct config_section *section = &config_sections[i];
		const char *place = (const char *)config + section->offset;

		for (size_t k = 0; k < section->row_count; k++) {
			sbuf_addf(out, "%s.%s = ", section->name,
				  section->rows[k].name);
			dump_value(&section->rows[k],
				   place + section->rows[k].offset, out);
			sbuf_add_byte(out, '\n');
		}
	}
	for (size_t i = 0; i < config->words.pattern_count; i++) {
		const struct words_pattern *item = &config->words.patterns[i];

		sbuf_addf(out, "pattern[%zu] = ", i);
		text_quote(out, item->name);
		sbuf_addf(out, " %+" PRId64 " ", item->weight_db);
		text_quote(out, item->match);
		sbuf_add_text(out, item->any_case ? " any_case\n" : "\n");
	}
	for (rule = policy_rule_next(config->policy, &at); rule != NULL;
	     rule = policy_rule_next(config->policy, &at)) {
		sbuf_addf(out, "policy.rule[%zu] = ", at - 1);
		text_quote(out, policy_rule_name(rule));
		sbuf_add_byte(out, '\n');
	}
}

/* --- manual page ------------------------------------------------------- */

/* mdoc(7) text: a backslash is written \e, and no line begins with . or '. */
static void
man_text(struct sbuf *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		sbuf_add_text(out, "\\&");
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			sbuf_add_text(out, "\\e");
		else
			sbuf_add_byte(out, (uint8_t)*text);
	}
}

static void
man_section(const struct config_section *section, struct sbuf *out)
{
	sbuf_add_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < section->row_count; i++) {
		const struct config_row *row = &section->rows[i];

		sbuf_addf(out, ".It Va %s\n", row->name);
		man_text(out, row->help);
		sbuf_add_byte(out, '\n');
		if (row->choices != NULL || row->kind == CONFIG_KIND_BOOL ||
		    row_is_number(row)) {
			sbuf_add_text(out, "Allowed: ");
			row_format_allowed(row, out);
			sbuf_add_text(out, ".\n");
		}
		if (row->preset[0] != '\0') {
			sbuf_add_text(out, "Default: ");
			man_text(out, row->preset);
			sbuf_add_text(out, ".\n");
		}
	}
	sbuf_add_text(out, ".El\n");
}

void
config_write_man(struct sbuf *out)
{
	for (size_t i = 0; i < CONFIG_SECTION_COUNT; i++) {
		sbuf_addf(out, ".Ss Section %s\n", config_sections[i].name);
		man_text(out, config_sections[i].help);
		sbuf_add_byte(out, '\n');
		man_section(&config_sections[i], out);
	}
	sbuf_add_text(out, ".Ss Rules of the policy\n");
	man_section(&config_rule_section, out);
	sbuf_add_text(out, ".Ss Patterns of the scanner\n");
	man_section(&config_pattern_section, out);
}
