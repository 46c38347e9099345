/*
 * config_lines.h - the strict look at a configuration file before libconfuse.
 *
 * Layer:    lib/config, private
 * Threads:  one owner
 * Input:    a file of the administrator; anything odd is ST_FORMAT with the
 *           line
 *
 * libconfuse takes a missing final brace, lets the last of repeated options
 * win, expands ${NAME} from the environment, skips characters that it does
 * not know and miscounts lines behind comments. So the text is first checked
 * against this grammar, and libconfuse gets it with the comments blanked out:
 *
 *	file     { section | setting }
 *	section  name [ title ] "{" { section | setting } "}"   two deep
 *	setting  name "=" ( value | "{" [ value { "," value } [ "," ] ] "}" )
 *	value    word without quotes, "text" (escapes \" and \\), 'text'
 *	comment  # …, // …, or between slash-star and star-slash
 */
#ifndef LIB_CONFIG_CONFIG_LINES_H
#define LIB_CONFIG_CONFIG_LINES_H

#include "lib/base/sbuf.h"

enum { CONFIG_MAX_FILE_BYTES = 1024 * 1024 };

struct config_lines;

/*
 * Check text, the contents of the file at path (borrowed for the life).
 *
 * Gives:    *lines_out, release with config_lines_free(); clean is text
 *           without comments, line by line
 * Returns:  ST_OK; ST_FORMAT err is "PATH:LINE: reason"; ST_LIMIT too many
 *           settings; ST_NO_MEMORY
 */
MUST_CHECK enum status
config_lines_new(const char *path, struct span text, struct sbuf *clean,
		 struct config_lines **lines_out, struct err *err);
void config_lines_free(struct config_lines **lines);

/*
 * Line of a setting or section, 0 when it is not in the file. Keys:
 * "general", "general.mode", "policy.rule[2]", "policy.rule[2].action".
 */
unsigned config_lines_find(const struct config_lines *lines, const char *key);

enum config_item_kind {
	CONFIG_ITEM_NONE = 0,
	CONFIG_ITEM_SECTION, /* name { */
	CONFIG_ITEM_TITLED,  /* name "title" { */
	CONFIG_ITEM_VALUE,   /* name = value */
	CONFIG_ITEM_VALUES   /* name = { … } */
};

/* One section or setting of the file. */
struct config_item {
	enum config_item_kind kind;
	const char *key; /* borrowed from the lines */
	unsigned line;
};

/* Step through them in their order; false at the end. *at starts at 0. */
bool config_lines_next(const struct config_lines *lines, size_t *at,
		       struct config_item *item_out);

/* Record "PATH:LINE: " and the reason as ST_FORMAT and return it. The line is
 * that of key; when it is not in the file, that of the section around it. */
enum status
config_lines_refuse(const struct config_lines *lines, const char *key,
		    struct err *err, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The same with a line that is known already. */
enum status config_refuse_at(const char *path, unsigned line, struct err *err,
			     const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
