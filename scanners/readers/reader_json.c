/*
 * The reader of JSON, one value or many (JSON lines): each value by its key.
 * A walk of its own, without recursion. It is lenient (other quotes, words
 * without quotes, any commas); where it is lost the rest is text.
 */
#include "scanners/readers/reader.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/text_views.h"
#include "scanners/text/utf8.h"

enum {
	JSON_MAX_LEVELS = 128, /* deeper ones count as the last */
	JSON_KEY_DIGITS = 6,   /* a key with so many may hold a number */
	JSON_SHEET_BYTES = FIELD_LABEL_BYTES + 16,
	JSON_SNIFF_BYTES = 256
};

struct json_level {
	bool object;
	bool is_row;      /* an array in an array */
	uint32_t rows;    /* arrays in this one */
	uint32_t columns; /* values in this row */
	uint32_t table;   /* number of the table that its rows make */
	char key[FIELD_LABEL_BYTES];    /* the last one, or from above */
	char around[FIELD_LABEL_BYTES]; /* the key of the object itself */
	char title[FIELD_LABEL_BYTES];  /* names the values behind it */
	bool keyed;     /* it is the value of a key, and in no array */
	bool name_only; /* the title is a "name", which people have, too */
	bool far;       /* the title is from around a key that says more */
};

struct json {
	struct sink *sink;
	struct span text;
	size_t at;
	uint64_t line;
	size_t line_at; /* lines are counted up to here */
	struct json_level levels[JSON_MAX_LEVELS];
	size_t depth; /* may be over JSON_MAX_LEVELS */
	uint32_t tables;
	struct sbuf value;
	bool lost;
};

/* The innermost level; that of the document when nothing is open. */
static struct json_level *
json_level(struct json *json)
{
	return &json->levels[json->depth < JSON_MAX_LEVELS
				     ? json->depth
				     : JSON_MAX_LEVELS - 1];
}

/* As much of text as a label holds, in whole characters. */
static void
json_copy(struct span text, char room[FIELD_LABEL_BYTES])
{
	size_t len = text.len_bytes;

	if (len > FIELD_LABEL_BYTES - 1) {
		len = FIELD_LABEL_BYTES - 1;
		while (len > 0 && (text.ptr[len] & 0xC0) == 0x80)
			len--;
	}
	if (len > 0)
		memcpy(room, text.ptr, len);
	room[len] = '\0';
}

/* The line at json->at. */
static uint64_t
json_line(struct json *json)
{
	for (; json->line_at < json->at; json->line_at++)
		json->line += json->text.ptr[json->line_at] == '\n';
	return json->line;
}

static void
json_skip_space(struct json *json)
{
	const struct span text = json->text;

	while (json->at < text.len_bytes && text.ptr[json->at] <= ' ')
		json->at++;
}

static bool
json_hex(struct span text, size_t at, uint32_t *cp_out)
{
	uint8_t bytes[2];
	struct span digits = { 0 };

	if (!span_cut(text, at, 4, &digits) || !parse_hex(digits, bytes, 2))
		return false;
	*cp_out = (uint32_t)bytes[0] << 8 | bytes[1];
	return true;
}

/* "\uXXXX" at at, or two of them; returns the bytes it takes, 0: it is none.
 */
static size_t
json_unicode(struct span text, size_t at, uint32_t *cp_out)
{
	uint32_t high = 0;
	uint32_t low = 0;

	if (!json_hex(text, at + 2, &high))
		return 0;
	*cp_out = high;
	if (high < 0xD800 || high > 0xDFFF)
		return 6;
	*cp_out = UTF8_REPLACEMENT;
	if (high > 0xDBFF || at + 7 >= text.len_bytes ||
	    text.ptr[at + 6] != '\\' || text.ptr[at + 7] != 'u' ||
	    !json_hex(text, at + 8, &low) || low < 0xDC00 || low > 0xDFFF)
		return 6;
	*cp_out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	return 12;
}

/* The escape at json->at to json->value. */
static void
json_escape(struct json *json)
{
	const struct span text = json->text;
	const uint8_t c = json->at + 1 < text.len_bytes ? text.ptr[json->at + 1]
							: (uint8_t)'\\';
	uint32_t cp = 0;
	size_t len = c == 'u' ? json_unicode(text, json->at, &cp) : 0;

	if (len > 0) {
		utf8_put(&json->value, cp);
	} else {
		sbuf_add_byte(&json->value,
			      c == 'n' || c == 'r' || c == 't' || c == 'b' ||
					      c == 'f'
				      ? (uint8_t)(c == 't' ? '\t' : '\n')
				      : c);
		len = 2;
	}
	json->at += len;
	if (json->at > text.len_bytes)
		json->at = text.len_bytes;
}

/* The string at json->at to json->value. False when it does not end. */
static bool
json_string(struct json *json)
{
	const struct span text = json->text;
	const size_t start = json->at;
	const uint8_t quote = text.ptr[json->at++];

	while (json->at < text.len_bytes) {
		const uint8_t c = text.ptr[json->at];

		if (c == '\\') {
			json_escape(json);
			continue;
		}
		json->at++;
		if (c == quote)
			return true;
		sbuf_add_byte(&json->value, c);
	}
	json->at = start;
	return false;
}

static bool
json_is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
	       c == '$' || c == '.' || c == '+' || c == '-' || c >= 0x80;
}

/* A number or a word at json->at to json->value. */
static void
json_word(struct json *json)
{
	const struct span text = json->text;
	const size_t start = json->at;
	struct span word = { 0 };

	while (json->at < text.len_bytes && json_is_word(text.ptr[json->at]))
		json->at++;
	(void)span_cut(text, start, json->at - start, &word);
	sbuf_add_span(&json->value, word);
}

static bool
json_is_literal(struct span word)
{
	return span_equal(word, span_of("null")) ||
	       span_equal(word, span_of("true")) ||
	       span_equal(word, span_of("false"));
}

/* A key may hold a number itself: {"123456789018": {…}}. */
static enum status
json_key(struct json *json, uint64_t line, struct err *err)
{
	const struct span key = sbuf_span(&json->value);
	const struct field field = { span_of("key"), line };
	size_t digits = 0;

	json_copy(key, json_level(json)->key);
	for (size_t i = 0; i < key.len_bytes; i++)
		digits += (key.ptr[i] >= '0' && key.ptr[i] <= '9') ||
			  key.ptr[i] >= 0xEF;
	return digits >= JSON_KEY_DIGITS
		       ? field_give(json->sink, &field, key, err)
		       : ST_OK;
}

static enum status
json_give_cell(struct json *json, bool text, struct err *err)
{
	struct json_level *level = json_level(json);
	char sheet[JSON_SHEET_BYTES];
	const struct json_level *around = level - (level > json->levels);
	const struct cell cell = { sheet, around->rows, ++level->columns,
				   text ? CELL_TEXT : CELL_NUMBER };

	(void)snprintf(sheet, sizeof(sheet), "%s%stable %u", level->key,
		       level->key[0] != '\0' ? " " : "", around->table);
	if (json->value.len_bytes == 0)
		return ST_OK;
	return field_give_cell(json->sink, &cell, sbuf_span(&json->value), err);
}

/* What names a value. "name" may be a person's: then its key says more,
 * {"myNumber": {"name": "…", "value": "…"}}, and so it does when the title
 * stands around it, {"name": "…", "myNumber": {"value": "…"}}. */
static struct span
json_title(const struct json_level *level, char both[2 * FIELD_LABEL_BYTES])
{
	const bool person = level->keyed && level->name_only;

	if ((!person && !level->far) || level->around[0] == '\0')
		return span_of(level->title);
	(void)snprintf(both, 2 * FIELD_LABEL_BYTES, "%s %s", level->around,
		       level->title);
	return span_of(both);
}

/* What a number in an object may be called, whatever number it is. */
static bool
json_is_generic(struct span key)
{
	static const char *const names[] = { "no",   "num",    "code",
					     "番号", "コード", "ナンバー" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_equal_nocase(key, span_of(names[i])))
			return true;
	return false;
}

/* The name of the value of the last key; both is room for one of two. */
static struct span
json_label(const struct json_level *level, char both[2 * FIELD_LABEL_BYTES])
{
	const struct span key = span_of(level->key);

	if (field_is_value(key) && level->title[0] != '\0')
		return json_title(level, both);
	if (field_is_value(key) && level->around[0] != '\0')
		return span_of(level->around);
	if (!level->object || level->around[0] == '\0' || !json_is_generic(key))
		return key;
	(void)snprintf(both, 2 * FIELD_LABEL_BYTES, "%s %s", level->around,
		       level->key);
	return span_of(both);
}

/* The value in json->value, that of the last key. */
static enum status
json_give(struct json *json, bool text, uint64_t line, struct err *err)
{
	struct json_level *level = json_level(json);
	const struct span value = sbuf_span(&json->value);
	char both[2 * FIELD_LABEL_BYTES];

	if (level->is_row)
		return json_give_cell(json, text, err);
	const struct field field = { json_label(level, both), line };

	if (text && level->object && field_is_title(span_of(level->key)) &&
	    value.len_bytes <= FIELD_TITLE_BYTES) {
		json_copy(value, level->title);
		level->far = false;
		level->name_only =
			span_equal_nocase(span_of(level->key), span_of("name"));
	} else if (!field_is_value(span_of(level->key))) {
		level->title[0] = '\0';
	}
	if (value.len_bytes == 0 || (!text && json_is_literal(value)))
		return ST_OK;
	return field_give(json->sink, &field, value, err);
}

/* A string or word: a key when a colon follows. */
static enum status
json_scalar(struct json *json, struct err *err)
{
	const uint64_t line = json_line(json);
	const uint8_t first = json->text.ptr[json->at];
	const bool text = first == '"' || first == '\'';
	enum status st = ST_OK;

	sbuf_clear(&json->value);
	if (!text) {
		json_word(json);
	} else if (!json_string(json)) {
		json->lost = true;
		return ST_OK;
	}
	st = sbuf_status(&json->value, "json: value", err);
	if (st != ST_OK)
		return st;
	json_skip_space(json);
	if (json_level(json)->object && json->at < json->text.len_bytes &&
	    json->text.ptr[json->at] == ':')
		return json_key(json, line, err);
	return json_give(json, text, line, err);
}

/* An array or object opens: it has the key under which it stands. */
static void
json_push(struct json *json, bool object)
{
	struct json_level *above = json_level(json);
	struct json_level *level = NULL;
	const bool is_row = !object && json->depth > 0 && !above->object;

	if (is_row && above->rows++ == 0)
		above->table = ++json->tables;
	above->columns++;
	json->depth++;
	if (json->depth >= JSON_MAX_LEVELS)
		return; /* all deeper ones share the last level */
	level = json_level(json);
	*level = (struct json_level){ .object = object,
				      .is_row = is_row,
				      .keyed = above->object };
	memcpy(level->key, above->key, sizeof(level->key));
	/* {"myNumber": {"value": "…"}} */
	memcpy(level->around,
	       field_is_value(span_of(above->key)) ? above->around : above->key,
	       sizeof(level->around));
	/* [{"key": "個人番号", "value": {"text": "…"}}] */
	memcpy(level->title, above->title, sizeof(level->title));
	level->far = above->far || !field_is_value(span_of(above->key));
}

static enum status
json_token(struct json *json, struct err *err)
{
	const uint8_t c = json->text.ptr[json->at];

	if (c == '"' || c == '\'' || json_is_word(c))
		return json_scalar(json, err);
	json->at++;
	if (c == '{' || c == '[') {
		json_push(json, c == '{');
	} else if (c == '}' || c == ']') {
		json->depth -= json->depth > 0;
	} else if (c != ',' && c != ':') {
		json->at--;
		json->lost = true;
	}
	return ST_OK;
}

static enum status
json_read_rest(struct json *json, struct err *err)
{
	struct span rest = { 0 };
	const uint64_t line = json_line(json);

	(void)span_cut(json->text, json->at, json->text.len_bytes - json->at,
		       &rest);
	return text_give_body(json->sink, rest, line, err);
}

static enum status
json_read_tokens(struct json *json, struct err *err)
{
	enum status st = ST_OK;

	json_skip_space(json);
	while (st == ST_OK && !json->lost && json->at < json->text.len_bytes) {
		st = json_token(json, err);
		json_skip_space(json);
	}
	return st == ST_OK && json->lost ? json_read_rest(json, err) : st;
}

static enum status
json_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	struct json *json = calloc(1, sizeof(*json));
	enum status st = ST_OK;

	if (json == NULL)
		return err_set(err, ST_NO_MEMORY, "json: no memory");
	json->sink = sink;
	json->text = utf8;
	json->line = 1;
	sbuf_init_secret(&json->value, SIZE_MAX / 2);
	st = json_read_tokens(json, err);
	sbuf_done(&json->value);
	explicit_bzero(json, sizeof(*json));
	free(json);
	return st;
}

static enum status
json_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	return text_views(sink, body, hint->charset, json_read_view, err);
}

static bool
json_is_named(const struct child *hint)
{
	static const char *const types[] = {
		"application/json",          "text/json",
		"application/x-ndjson",      "application/ld+json",
		"application/jsonl",         "application/geo+json",
		"application/manifest+json",
	};
	static const char *const ends[] = { ".json", ".jsonl", ".ndjson",
					    ".geojson" };
	const struct span name = span_of(hint->name);
	struct span end = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(hint->content_type, types[i]) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		const size_t len = strlen(ends[i]);

		if (name.len_bytes > len &&
		    span_cut(name, name.len_bytes - len, len, &end) &&
		    span_equal_nocase(end, span_of(ends[i])))
			return true;
	}
	return false;
}

/* The first two characters but blanks, a byte order mark and the NULs of
 * UTF-16; 0 where there is none. */
static void
json_first(struct span body, uint8_t first[2])
{
	size_t count = 0;

	for (size_t i = 0; i < body.len_bytes && i < JSON_SNIFF_BYTES; i++) {
		const uint8_t c = body.ptr[i];

		if (c > ' ' && count < 2 && (count > 0 || c < 0xBB))
			first[count++] = c;
	}
}

static enum sniff
json_sniff(struct span body, const struct child *hint)
{
	uint8_t first[2] = { 0, 0 };

	json_first(body, first);
	if ((first[0] != '{' && first[0] != '[') || !glance_is_text(body, hint))
		return SNIFF_NO;
	if (json_is_named(hint))
		return SNIFF_CERTAIN;
	if (!hint->attachment)
		return SNIFF_NO;
	if (first[0] == '[')
		return first[1] == '{' || first[1] == '[' || first[1] == '"'
			       ? SNIFF_LIKELY
			       : SNIFF_NO;
	return first[1] == '"' || first[1] == '}' ? SNIFF_LIKELY : SNIFF_NO;
}

const struct reader reader_json = {
	.name = "json",
	.foreign = false,
	.sniff = json_sniff,
	.read = json_read,
};
