#include "lib/config/config_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"

enum {
	LINES_MAX_ENTRIES = 5000,
	LINES_MAX_KEY_BYTES = 128,
	LINES_MAX_NAME_BYTES = 48,
	LINES_MAX_DEPTH = 2,
	LINES_MAX_PATH_SHOWN = 100
};

struct lines_entry {
	char key[LINES_MAX_KEY_BYTES];
	size_t base_bytes; /* of key, without [n] */
	enum config_item_kind kind;
	struct span title; /* while the text is scanned */
	unsigned line;
};

struct config_lines {
	const char *path; /* borrowed */
	struct lines_entry *entries;
	size_t count;
};

enum lines_token_kind {
	LINES_TOKEN_NONE = 0,
	LINES_TOKEN_WORD, /* without quotes */
	LINES_TOKEN_QUOTED,
	LINES_TOKEN_MARK, /* one of { } = , */
	LINES_TOKEN_END
};

struct lines_token {
	enum lines_token_kind kind;
	struct span text; /* of a word; one byte of a mark */
	unsigned line;
};

struct lines_scan {
	struct config_lines *lines;
	struct span text;
	struct sbuf *clean;
	size_t at;
	unsigned line;
	/* Sections that are open: key prefixes and where they began. */
	struct {
		char prefix[LINES_MAX_KEY_BYTES];
		unsigned line;
	} open[LINES_MAX_DEPTH + 1];
	size_t depth;
};

static enum status
config_vrefuse(const char *path, unsigned line, struct err *err,
	       const char *fmt, va_list args) PRINTF_LIKE(4, 0);

static enum status
config_vrefuse(const char *path, unsigned line, struct err *err,
	       const char *fmt, va_list args)
{
	const size_t len_bytes = strlen(path);
	char reason[sizeof(err->text)];

	(void)vsnprintf(reason, sizeof(reason), fmt, args);
	/* A very long path must not push the reason out of the message. */
	if (len_bytes > LINES_MAX_PATH_SHOWN)
		return err_set(err, ST_FORMAT, "...%s:%u: %s",
			       path + (len_bytes - LINES_MAX_PATH_SHOWN), line,
			       reason);
	return err_set(err, ST_FORMAT, "%s:%u: %s", path, line, reason);
}

enum status
config_refuse_at(const char *path, unsigned line, struct err *err,
		 const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	const enum status st = config_vrefuse(path, line, err, fmt, args);

	va_end(args);
	return st;
}

enum status
config_lines_refuse(const struct config_lines *lines, const char *key,
		    struct err *err, const char *fmt, ...)
{
	char around[LINES_MAX_KEY_BYTES];
	unsigned line = config_lines_find(lines, key);
	va_list args;

	(void)snprintf(around, sizeof(around), "%s", key);
	while (line == 0 && strrchr(around, '.') != NULL) {
		*strrchr(around, '.') = '\0';
		line = config_lines_find(lines, around);
	}
	va_start(args, fmt);
	const enum status st = config_vrefuse(lines->path, line > 0 ? line : 1,
					      err, fmt, args);

	va_end(args);
	return st;
}

unsigned
config_lines_find(const struct config_lines *lines, const char *key)
{
	for (size_t i = 0; i < lines->count; i++) {
		if (strcmp(lines->entries[i].key, key) == 0)
			return lines->entries[i].line;
	}
	return 0;
}

bool
config_lines_next(const struct config_lines *lines, size_t *at,
		  struct config_item *item_out)
{
	const struct lines_entry *entry = NULL;

	if (*at >= lines->count)
		return false;
	entry = &lines->entries[(*at)++];
	*item_out =
		(struct config_item){ entry->kind, entry->key, entry->line };
	return true;
}

void
config_lines_free(struct config_lines **lines)
{
	if (*lines == NULL)
		return;
	free((*lines)->entries);
	free(*lines);
	*lines = NULL;
}

/* --- characters and tokens -------------------------------------------- */

static uint8_t
scan_peek(const struct lines_scan *scan, size_t ahead)
{
	struct span byte = { NULL, 0 };

	if (scan->at > SIZE_MAX - ahead ||
	    !span_cut(scan->text, scan->at + ahead, 1, &byte))
		return 0;
	return byte.ptr[0];
}

/* Take one byte; it goes to libconfuse as it is, or as a blank. */
static void
scan_take(struct lines_scan *scan, bool blank)
{
	const uint8_t c = scan_peek(scan, 0);

	if (c == '\n')
		scan->line++;
	sbuf_add_byte(scan->clean, blank && c != '\n' ? ' ' : c);
	scan->at++;
}

static bool
scan_is_end(const struct lines_scan *scan)
{
	return scan->at >= scan->text.len_bytes;
}

/* A comment between slash-star and star-slash. */
static enum status
scan_block_comment(struct lines_scan *scan, struct err *err)
{
	const unsigned line = scan->line;

	scan_take(scan, true);
	scan_take(scan, true);
	while (!scan_is_end(scan)) {
		if (scan_peek(scan, 0) == '*' && scan_peek(scan, 1) == '/') {
			scan_take(scan, true);
			scan_take(scan, true);
			return ST_OK;
		}
		scan_take(scan, true);
	}
	return config_refuse_at(scan->lines->path, line, err,
				"comment is not closed");
}

static enum status
scan_skip_blanks(struct lines_scan *scan, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK && !scan_is_end(scan)) {
		const uint8_t c = scan_peek(scan, 0);
		const uint8_t next = scan_peek(scan, 1);

		if (c == '/' && next == '*') {
			st = scan_block_comment(scan, err);
		} else if (c == '#' || (c == '/' && next == '/')) {
			while (!scan_is_end(scan) && scan_peek(scan, 0) != '\n')
				scan_take(scan, true);
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			scan_take(scan, true);
		} else {
			break;
		}
	}
	return st;
}

/* Why the character at hand may not stand in a quoted text; NULL: it may. */
static const char *
scan_quoted_fault(const struct lines_scan *scan, uint8_t quote)
{
	const uint8_t c = scan_peek(scan, 0);
	const uint8_t next = scan_peek(scan, 1);

	if (c == '\n' || scan_is_end(scan))
		return "text is not closed on its line";
	if (quote != '"')
		return NULL;
	if (c == '$' && next == '{')
		return "${...} is not expanded here; write '...' for the "
		       "characters themselves";
	if (c == '\\' && next != '"' && next != '\\')
		return "backslash: write \\\\ in \"...\", or use '...'";
	return NULL;
}

static enum status
scan_quoted(struct lines_scan *scan, struct lines_token *token, struct err *err)
{
	const uint8_t quote = scan_peek(scan, 0);
	const size_t begin = scan->at + 1;

	scan_take(scan, false);
	for (;;) {
		const char *fault = scan_quoted_fault(scan, quote);

		if (fault != NULL)
			return config_refuse_at(scan->lines->path, token->line,
						err, "%s", fault);
		if (scan_peek(scan, 0) == quote)
			break;
		if (scan_peek(scan, 0) == '\\' && scan_peek(scan, 1) != '\n')
			scan_take(scan, false);
		scan_take(scan, false);
	}
	if (!span_cut(scan->text, begin, scan->at - begin, &token->text))
		return err_set(err, ST_FORMAT, "config: text out of the file");
	scan_take(scan, false);
	token->kind = LINES_TOKEN_QUOTED;
	return ST_OK;
}

static bool
scan_is_mark(uint8_t c)
{
	return c == '{' || c == '}' || c == '=' || c == ',';
}

static bool
scan_is_word(uint8_t c)
{
	return c > ' ' && c < 0x7f && !scan_is_mark(c) &&
	       strchr("#\"'()+;$\\", c) == NULL;
}

static enum status
scan_word(struct lines_scan *scan, struct lines_token *token, struct err *err)
{
	const size_t begin = scan->at;

	while (!scan_is_end(scan) && scan_is_word(scan_peek(scan, 0))) {
		/* What follows would be a comment to libconfuse. */
		if (scan_peek(scan, 0) == '/' &&
		    (scan_peek(scan, 1) == '/' || scan_peek(scan, 1) == '*'))
			return config_refuse_at(
				scan->lines->path, scan->line, err,
				"put a value with // or /* between quotes");
		scan_take(scan, false);
	}
	if (scan->at == begin && scan_peek(scan, 0) >= 0x80)
		return config_refuse_at(scan->lines->path, scan->line, err,
					"put the text between quotes");
	if (scan->at == begin ||
	    (!scan_is_end(scan) &&
	     strchr("()+;$\\", scan_peek(scan, 0)) != NULL))
		return config_refuse_at(
			scan->lines->path, scan->line, err,
			"unexpected '%c'; put values with special "
			"characters between quotes",
			scan_peek(scan, 0) > ' ' && scan_peek(scan, 0) < 0x7f
				? scan_peek(scan, 0)
				: '?');
	if (!span_cut(scan->text, begin, scan->at - begin, &token->text))
		return err_set(err, ST_FORMAT, "config: word out of the file");
	token->kind = LINES_TOKEN_WORD;
	return ST_OK;
}

static enum status
scan_next(struct lines_scan *scan, struct lines_token *token, struct err *err)
{
	const enum status st = scan_skip_blanks(scan, err);
	const uint8_t c = scan_peek(scan, 0);

	*token = (struct lines_token){ .line = scan->line };
	if (st != ST_OK)
		return st;
	if (scan_is_end(scan)) {
		token->kind = LINES_TOKEN_END;
		return ST_OK;
	}
	if (c == '"' || c == '\'')
		return scan_quoted(scan, token, err);
	if (!scan_is_mark(c))
		return scan_word(scan, token, err);
	token->kind = LINES_TOKEN_MARK;
	if (!span_cut(scan->text, scan->at, 1, &token->text))
		return err_set(err, ST_FORMAT, "config: mark out of the file");
	scan_take(scan, false);
	return ST_OK;
}

static bool
token_is_mark(const struct lines_token *token, uint8_t mark)
{
	return token->kind == LINES_TOKEN_MARK && token->text.ptr[0] == mark;
}

static bool
token_is_value(const struct lines_token *token)
{
	return token->kind == LINES_TOKEN_WORD ||
	       token->kind == LINES_TOKEN_QUOTED;
}

static enum status
token_refuse(const struct lines_scan *scan, const struct lines_token *token,
	     const char *wanted, struct err *err)
{
	if (token->kind == LINES_TOKEN_END)
		return config_refuse_at(scan->lines->path, token->line, err,
					"%s expected, but the file ends",
					wanted);
	return config_refuse_at(
		scan->lines->path, token->line, err,
		"%s expected before \"%.*s\"", wanted,
		(int)(token->text.len_bytes < 40 ? token->text.len_bytes : 40),
		(const char *)token->text.ptr);
}

/* --- structure -------------------------------------------------------- */

/* Number of entries of the same name so far, all of them titled sections;
 * anything else of that name is a repetition. */
static enum status
scan_count_same(struct lines_scan *scan, const struct lines_entry *entry,
		unsigned *count_out, struct err *err)
{
	const struct config_lines *lines = scan->lines;
	unsigned count = 0;

	for (size_t i = 0; i < lines->count; i++) {
		const struct lines_entry *other = &lines->entries[i];

		if (other->base_bytes != entry->base_bytes ||
		    memcmp(other->key, entry->key, entry->base_bytes) != 0)
			continue;
		if (entry->kind != CONFIG_ITEM_TITLED ||
		    other->kind != CONFIG_ITEM_TITLED)
			return config_refuse_at(lines->path, entry->line, err,
						"\"%s\" stands already in line "
						"%u",
						entry->key, other->line);
		if (span_equal(entry->title, other->title))
			return config_refuse_at(
				lines->path, entry->line, err,
				"\"%s\" of the same name stands "
				"already in line %u",
				entry->key, other->line);
		count++;
	}
	*count_out = count;
	return ST_OK;
}

/* Enter name under the open section; title: of a section that has one. */
static enum status
scan_enter(struct lines_scan *scan, const struct lines_token *name,
	   const struct lines_token *title, enum config_item_kind kind,
	   struct err *err)
{
	struct config_lines *lines = scan->lines;
	struct lines_entry entry = { .kind = kind, .line = name->line };
	unsigned before = 0;

	if (name->text.len_bytes > LINES_MAX_NAME_BYTES)
		return config_refuse_at(lines->path, name->line, err,
					"name is too long");
	if (lines->count == LINES_MAX_ENTRIES)
		return config_refuse_at(lines->path, name->line, err,
					"more than %d settings",
					LINES_MAX_ENTRIES);
	(void)snprintf(entry.key, sizeof(entry.key), "%s%.*s",
		       scan->open[scan->depth].prefix,
		       (int)name->text.len_bytes, (const char *)name->text.ptr);
	entry.base_bytes = strlen(entry.key);
	if (title != NULL)
		entry.title = title->text;
	const enum status st = scan_count_same(scan, &entry, &before, err);

	if (st != ST_OK)
		return st;
	if (title != NULL)
		(void)snprintf(entry.key + entry.base_bytes,
			       sizeof(entry.key) - entry.base_bytes, "[%u]",
			       before);
	lines->entries[lines->count++] = entry;
	return ST_OK;
}

static enum status
scan_open_section(struct lines_scan *scan, const struct lines_token *name,
		  const struct lines_token *title, struct err *err)
{
	enum status st = ST_OK;

	if (scan->depth == LINES_MAX_DEPTH)
		return config_refuse_at(scan->lines->path, name->line, err,
					"sections are nested too deep");
	st = scan_enter(
		scan, name, title,
		title != NULL ? CONFIG_ITEM_TITLED : CONFIG_ITEM_SECTION, err);
	if (st != ST_OK)
		return st;
	scan->depth++;
	scan->open[scan->depth].line = name->line;
	(void)snprintf(scan->open[scan->depth].prefix,
		       sizeof(scan->open[scan->depth].prefix), "%.120s.",
		       scan->lines->entries[scan->lines->count - 1].key);
	return ST_OK;
}

/* What stands behind '{' of a list of values, up to its '}'. */
static enum status
scan_list(struct lines_scan *scan, struct err *err)
{
	struct lines_token token;
	enum status st = scan_next(scan, &token, err);

	while (st == ST_OK && !token_is_mark(&token, '}')) {
		if (!token_is_value(&token))
			return token_refuse(scan, &token, "a value or }", err);
		st = scan_next(scan, &token, err);
		if (st == ST_OK && token_is_mark(&token, ','))
			st = scan_next(scan, &token, err);
		else if (st == ST_OK && !token_is_mark(&token, '}'))
			return token_refuse(scan, &token, ", or }", err);
	}
	return st;
}

static enum status
scan_setting(struct lines_scan *scan, const struct lines_token *name,
	     struct err *err)
{
	struct lines_token token;
	enum status st = scan_next(scan, &token, err);
	const bool list = st == ST_OK && token_is_mark(&token, '{');

	if (st == ST_OK && !list && !token_is_value(&token))
		st = token_refuse(scan, &token, "a value", err);
	if (st == ST_OK)
		st = scan_enter(scan, name, NULL,
				list ? CONFIG_ITEM_VALUES : CONFIG_ITEM_VALUE,
				err);
	return st == ST_OK && list ? scan_list(scan, err) : st;
}

/* One section head or setting, whose name has been read. */
static enum status
scan_item(struct lines_scan *scan, const struct lines_token *name,
	  struct err *err)
{
	struct lines_token title;
	struct lines_token token;
	enum status st = scan_next(scan, &title, err);

	if (st != ST_OK)
		return st;
	if (token_is_mark(&title, '='))
		return scan_setting(scan, name, err);
	if (token_is_mark(&title, '{'))
		return scan_open_section(scan, name, NULL, err);
	if (!token_is_value(&title))
		return token_refuse(scan, &title, "= or {", err);
	st = scan_next(scan, &token, err);
	if (st == ST_OK && !token_is_mark(&token, '{'))
		return token_refuse(scan, &token, "= or {", err);
	return st == ST_OK ? scan_open_section(scan, name, &title, err) : st;
}

static enum status
scan_file(struct lines_scan *scan, struct err *err)
{
	struct lines_token token;
	enum status st = ST_OK;

	while (st == ST_OK) {
		st = scan_next(scan, &token, err);
		if (st != ST_OK || token.kind == LINES_TOKEN_END)
			break;
		if (token_is_mark(&token, '}') && scan->depth > 0)
			scan->depth--;
		else if (token.kind != LINES_TOKEN_WORD)
			st = token_refuse(scan, &token, "a setting or section",
					  err);
		else
			st = scan_item(scan, &token, err);
	}
	if (st == ST_OK && scan->depth > 0)
		st = config_refuse_at(scan->lines->path, scan->line, err,
				      "the } is missing for the { of line %u",
				      scan->open[scan->depth].line);
	return st;
}

/* Bytes that have no business in a configuration file. */
static enum status
lines_check_bytes(const char *path, struct span text, struct err *err)
{
	unsigned line = 1;

	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];

		if (c == '\n')
			line++;
		if ((c < ' ' && c != '\n' && c != '\t' && c != '\r') ||
		    c == 0x7f)
			return config_refuse_at(path, line, err,
						"control character 0x%02x", c);
	}
	if (!parse_is_utf8(text))
		return config_refuse_at(path, 1, err, "the file is not UTF-8");
	return ST_OK;
}

enum status
config_lines_new(const char *path, struct span text, struct sbuf *clean,
		 struct config_lines **lines_out, struct err *err)
{
	AUTO(config_lines_free) struct config_lines *lines = NULL;
	enum status st = lines_check_bytes(path, text, err);

	if (st != ST_OK)
		return st;
	lines = calloc(1, sizeof(*lines));
	if (lines != NULL)
		lines->entries =
			calloc(LINES_MAX_ENTRIES, sizeof(*lines->entries));
	if (lines == NULL || lines->entries == NULL)
		return err_set(err, ST_NO_MEMORY, "config: no memory");
	lines->path = path;

	struct lines_scan scan = {
		.lines = lines, .text = text, .clean = clean, .line = 1
	};

	st = scan_file(&scan, err);
	if (st == ST_OK)
		st = sbuf_status(clean, "config", err);
	if (st == ST_OK)
		*lines_out = MOVE(lines);
	return st;
}
