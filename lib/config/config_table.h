/*
 * config_table.h - the setting tables, as arrays.
 *
 * Layer:    lib/config, private
 * Threads:  constants
 */
#ifndef LIB_CONFIG_CONFIG_TABLE_H
#define LIB_CONFIG_CONFIG_TABLE_H

#include "lib/config/config.h"

enum config_kind {
	CONFIG_KIND_NONE = 0,
	CONFIG_KIND_TEXT,
	CONFIG_KIND_PATH,
	CONFIG_KIND_LIST,
	CONFIG_KIND_BOOL,
	CONFIG_KIND_COUNT,
	CONFIG_KIND_SIGNED,
	CONFIG_KIND_BYTES,
	CONFIG_KIND_SECONDS,
	CONFIG_KIND_MILLISECONDS,
	CONFIG_KIND_CHOICE
};

struct config_row {
	const char *name;
	enum config_kind kind;
	size_t offset;       /* of the member in the section's struct */
	const char *preset;  /* default, as text; of a LIST: "a|b" */
	int64_t min, max;    /* value; TEXT, PATH: bytes; LIST: items */
	const char *help;    /* "... Required." makes it so */
	const char *choices; /* CHOICE and some LISTs: "a|b|c", or NULL */
};

struct config_section {
	const char *name;
	const char *help;
	size_t offset; /* of its struct in struct config */
	const struct config_row *rows;
	size_t row_count;
};

enum { CONFIG_SECTION_COUNT = 7 };
extern const struct config_section config_sections[CONFIG_SECTION_COUNT];

/* A rule of the policy, before it is checked and compiled. */
struct config_rule {
#define CONFIG_TYPE_SIGNED          int64_t
#define CONFIG_MEMBER_SIGNED(field) field
#define SETTING(field, kind, ...) \
	CONFIG_TYPE_##kind CONFIG_MEMBER_##kind(field);
#include "lib/config/rule_settings.def"
#undef SETTING
};
extern const struct config_section config_rule_section;

/* A pattern of the scanner, before it is checked. */
struct config_pattern {
#define SETTING(field, kind, ...) \
	CONFIG_TYPE_##kind CONFIG_MEMBER_##kind(field);
#include "lib/config/pattern_settings.def"
#undef SETTING
};
extern const struct config_section config_pattern_section;

/* Index of the row "action": rows before it are conditions. */
size_t config_rule_action_row(void);

/* Options of rules that are refused as not built. NULL-terminated. */
extern const char *const config_unbuilt_options[];

bool config_row_is_required(const struct config_row *row);

/* True when word is one of choices ("a|b|c"). */
bool config_is_choice(const char *choices, const char *word);

#endif
