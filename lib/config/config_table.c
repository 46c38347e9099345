#include "lib/config/config_table.h"

#include <string.h>

/* A row of a .def file as an initialiser; choices may be left out there. */
#define ROW_(preset, min, max, help, choices, ...) \
	preset, min, max, help, choices
#define ROW(struct_, field, kind, ...)                                         \
	{                                                                      \
#		field, CONFIG_KIND_##kind,                                    \
			offsetof(struct struct_, CONFIG_MEMBER_##kind(field)), \
			__VA_ARGS__                                            \
	}
/* One more round of expansion, so that ROW_'s result is what ROW gets. */
#define ROW_OF(struct_, field, kind, ...) \
	ROW(struct_, field, kind, ROW_(__VA_ARGS__, NULL, ""))

#define SETTING(field, kind, ...) \
	ROW_OF(config_general, field, kind, __VA_ARGS__),
static const struct config_row general_rows[] = {
#include "lib/config/general_settings.def"
};
#undef SETTING
#define SETTING(field, kind, ...) \
	ROW_OF(config_milter, field, kind, __VA_ARGS__),
static const struct config_row milter_rows[] = {
#include "lib/config/milter_settings.def"
};
#undef SETTING
#define SETTING(field, kind, ...) \
	ROW_OF(config_scanner, field, kind, __VA_ARGS__),
static const struct config_row scanner_rows[] = {
#include "lib/config/scanner_settings.def"
};
#undef SETTING
#define SETTING(field, kind, ...) \
	ROW_OF(config_vault, field, kind, __VA_ARGS__),
static const struct config_row vault_rows[] = {
#include "lib/config/vault_settings.def"
};
#undef SETTING
#define SETTING(field, kind, ...) \
	ROW_OF(config_courier, field, kind, __VA_ARGS__),
static const struct config_row courier_rows[] = {
#include "lib/config/courier_settings.def"
};
#undef SETTING
#define SETTING(field, kind, ...) ROW_OF(config_desk, field, kind, __VA_ARGS__),
static const struct config_row desk_rows[] = {
#include "lib/config/desk_settings.def"
};
#undef SETTING
#define SETTING(field, kind, ...) \
	ROW_OF(config_portal, field, kind, __VA_ARGS__),
static const struct config_row portal_rows[] = {
#include "lib/config/portal_settings.def"
};
#undef SETTING
#define SETTING(field, kind, ...) ROW_OF(config_rule, field, kind, __VA_ARGS__),
static const struct config_row rule_rows[] = {
#include "lib/config/rule_settings.def"
};
#undef SETTING

#define SETTING(field, kind, ...) \
	ROW_OF(config_pattern, field, kind, __VA_ARGS__),
static const struct config_row pattern_rows[] = {
#include "lib/config/pattern_settings.def"
};
#undef SETTING

#define SETTING(...)
#define UNBUILT(name) #name,
const char *const config_unbuilt_options[] = {
#include "lib/config/rule_settings.def"
	NULL
};
#undef UNBUILT
#undef SETTING

#define SECTION(name, help)                                              \
	{                                                                \
#		name, help, offsetof(struct config, name), name##_rows, \
			ARRAY_LEN(name##_rows)                           \
	}

const struct config_section config_sections[CONFIG_SECTION_COUNT] = {
	SECTION(general, "What all programs share."),
	SECTION(milter, "sekimori-milter: the filter that the MTA calls."),
	SECTION(scanner, "sekimori-scanner and its sandboxed workers."),
	SECTION(vault, "sekimori-vault: keys, held mail, decisions, log."),
	SECTION(courier, "sekimori-courier: released mail and notices."),
	SECTION(desk, "sekimori-desk: the pages on which people decide."),
	SECTION(portal, "sekimori-portal: secure links, for recipients."),
};

const struct config_section config_rule_section = { "rule", "", 0, rule_rows,
						    ARRAY_LEN(rule_rows) };

const struct config_section config_pattern_section = {
	"pattern", "", 0, pattern_rows, ARRAY_LEN(pattern_rows)
};

size_t
config_rule_action_row(void)
{
	size_t at = 0;

	while (at < ARRAY_LEN(rule_rows) &&
	       strcmp(rule_rows[at].name, "action") != 0)
		at++;
	return at;
}

bool
config_row_is_required(const struct config_row *row)
{
	static const char mark[] = "Required.";
	const size_t len_bytes = strlen(row->help);

	return len_bytes >= sizeof(mark) - 1 &&
	       strcmp(row->help + (len_bytes - (sizeof(mark) - 1)), mark) == 0;
}

bool
config_is_choice(const char *choices, const char *word)
{
	const size_t len_bytes = strlen(word);

	while (choices != NULL) {
		const size_t item_bytes = strcspn(choices, "|");

		if (item_bytes == len_bytes &&
		    memcmp(choices, word, len_bytes) == 0)
			return true;
		choices = choices[item_bytes] == '|' ? choices + item_bytes + 1
						     : NULL;
	}
	return false;
}
