#include "scanners/readers/field_value.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/reader.h"

enum {
	FIELD_NUMBER_DIGITS = 15, /* a double holds no more exactly */
	FIELD_CHUNK_BYTES = 64 * 1024,
	FIELD_LINE_BYTES = 1000,     /* given in one go */
	FIELD_FILE_BYTES = 512,      /* shorter base64 is no file */
	FIELD_ANY_FILE_BYTES = 4096, /* a longer one is, of any kind */
	FIELD_URI_BYTES = 200        /* of a head of a data: URI */
};

static bool
field_is_in(struct span name, const char *const *names, size_t count)
{
	/* Nearly all differ in their first letter. */
	const uint8_t first =
		name.len_bytes > 0 ? (uint8_t)(name.ptr[0] | 0x20) : 0;

	for (size_t i = 0; i < count; i++)
		if (((uint8_t)names[i][0] | 0x20) == first &&
		    span_equal_nocase(name, span_of(names[i])))
			return true;
	return false;
}

bool
field_is_title(struct span name)
{
	static const char *const names[] = {
		"key",      "name",     "title",  "label",     "caption",
		"header",   "th",       "dt",     "term",      "field",
		"id",       "property", "item",   "fieldname", "itemname",
		"項目",     "項目名",   "見出し", "タイトル",  "名称",
		"question",
	};

	return field_is_in(name, names, ARRAY_LEN(names));
}

bool
field_is_value(struct span name)
{
	static const char *const names[] = {
		"value", "val",     "v",    "values", "string", "text",
		"data",  "content", "td",   "dd",     "body",   "integer",
		"int",   "long",    "real", "number", "answer", "datavalue",
		"値",    "内容",    "回答", "設定値",
	};

	return field_is_in(name, names, ARRAY_LEN(names));
}

bool
field_is_blank(struct span text)
{
	for (size_t i = 0; i < text.len_bytes; i++)
		if (text.ptr[i] > ' ')
			return false;
	return true;
}

/* As much of text as is one label, in whole characters. */
static void
field_label(struct span text, char room[FIELD_LABEL_BYTES])
{
	size_t len = text.len_bytes;

	if (len > FIELD_LABEL_BYTES - 1) {
		len = FIELD_LABEL_BYTES - 1;
		while (len > 0 && (text.ptr[len] & 0xC0) == 0x80)
			len--;
	}
	for (size_t i = 0; i < len; i++)
		room[i] = (char)(text.ptr[i] < ' ' ? ' ' : text.ptr[i]);
	room[len] = '\0';
}

static bool
field_is_digit(struct span text, size_t at)
{
	return at < text.len_bytes && text.ptr[at] >= '0' &&
	       text.ptr[at] <= '9';
}

/* "E11", "e+11" from at to the end; nothing there is 0. */
static bool
field_exponent(struct span text, size_t at, size_t *exponent_out)
{
	size_t exponent = 0;

	if (at == text.len_bytes)
		return true;
	if ((text.ptr[at] | 0x20) != 'e')
		return false;
	at++;
	if (at < text.len_bytes && text.ptr[at] == '+')
		at++;
	if (!field_is_digit(text, at))
		return false;
	for (; field_is_digit(text, at) && exponent < 100; at++)
		exponent = exponent * 10 + (text.ptr[at] - (size_t)'0');
	*exponent_out = exponent;
	return at == text.len_bytes;
}

/* A number as it is written: its digits, with at most one point. */
struct field_number {
	uint8_t digits[FIELD_NUMBER_DIGITS];
	size_t count;
	size_t behind_point; /* of these */
	bool point;
};

/* One more digit. Zeros behind all digits of a whole number say nothing. */
static bool
field_add_digit(struct field_number *number, uint8_t digit)
{
	if (number->count == FIELD_NUMBER_DIGITS)
		return number->point && digit == '0';
	number->digits[number->count++] = digit;
	number->behind_point += number->point;
	return true;
}

/* Digits and point at the start of text; *at_out is behind them. */
static bool
field_parse_digits(struct span text, struct field_number *number,
		   size_t *at_out)
{
	size_t at = 0;

	for (; at < text.len_bytes; at++) {
		if (text.ptr[at] == '.' && !number->point && at > 0)
			number->point = true;
		else if (!field_is_digit(text, at))
			break;
		else if (!field_add_digit(number, text.ptr[at]))
			return false;
	}
	*at_out = at;
	return number->count > 0;
}

/* Move the point to the end. False when that gives no whole number. */
static bool
field_make_whole(struct field_number *number, size_t exponent)
{
	for (; number->behind_point > exponent; number->behind_point--)
		if (number->digits[--number->count] != '0')
			return false;
	for (; number->behind_point < exponent; number->behind_point++)
		if (number->count == FIELD_NUMBER_DIGITS)
			return false;
		else
			number->digits[number->count++] = '0';
	return true;
}

/* Is text a whole number that is written with a point or an exponent? Its
 * digits are in number then. */
static bool
field_whole_number(struct span text, struct field_number *number)
{
	size_t at = 0;
	size_t exponent = 0;

	return field_parse_digits(text, number, &at) &&
	       field_exponent(text, at, &exponent) &&
	       (number->point || exponent > 0) &&
	       field_make_whole(number, exponent) && number->count > 0;
}

/* The base64 of "data:image/png;base64,…"; what comes before is cut off. */
static bool
field_cut_uri(struct span *text)
{
	struct span head = *text;
	const uint8_t *mark = NULL;

	if (head.len_bytes < 5 || memcmp(head.ptr, "data:", 5) != 0)
		return false;
	if (head.len_bytes > FIELD_URI_BYTES)
		head.len_bytes = FIELD_URI_BYTES;
	mark = memmem(head.ptr, head.len_bytes, ";base64,", 8);
	if (mark == NULL)
		return false;
	const size_t at = (size_t)(mark - head.ptr) + 8;

	return span_cut(*text, at, text->len_bytes - at, text);
}

/* base64 and white space, nothing else. */
static bool
field_is_base64(struct span text)
{
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];
		const bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (!letter && !(c >= '0' && c <= '9') && c != '+' &&
		    c != '/' && c != '=' && c != ' ' && c != '\n' &&
		    c != '\r' && c != '\t')
			return false;
	}
	return true;
}

/* A key, a hash and the like are no files: short, and of no known format. */
static bool
field_is_file(struct span bytes, const struct child *hint)
{
	size_t index = 0;
	enum sniff sniff = SNIFF_NO;

	if (bytes.len_bytes >= FIELD_ANY_FILE_BYTES)
		return true;
	return reader_next(bytes, hint, &index, &sniff) != NULL ||
	       (reader_unread_format(bytes) != NULL &&
		strcmp(reader_unread_format(bytes), "packed or encrypted") !=
			0);
}

/* declared: it says itself that it is base64, and so of any length. */
static enum status
field_give_decoded(struct sink *sink, struct span value, bool declared,
		   struct err *err)
{
	static const struct child child = { .name = "",
					    .content_type = "",
					    .charset = "",
					    .attachment = true };
	struct sbuf bytes;
	enum status st = ST_OK;

	if ((!declared && value.len_bytes < FIELD_FILE_BYTES) ||
	    !field_is_base64(value))
		return ST_OK;
	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	(void)mime_decode_base64(value, &bytes);
	st = sbuf_status(&bytes, "field: base64", err);
	if (st == ST_OK)
		st = sink_spend(sink, bytes.len_bytes, value.len_bytes, err);
	if (st == ST_OK && bytes.len_bytes > 0 &&
	    (declared || field_is_file(sbuf_span(&bytes), &child)))
		st = sink_child(sink, &child, sbuf_span(&bytes), NULL, err);
	sbuf_done(&bytes);
	return st;
}

enum status
field_give_file(struct sink *sink, struct span value, struct err *err)
{
	const bool uri = field_cut_uri(&value);

	return field_give_decoded(sink, value, uri, err);
}

enum status
field_give_base64(struct sink *sink, struct span value, struct err *err)
{
	(void)field_cut_uri(&value);
	return field_give_decoded(sink, value, true, err);
}

/* value in pieces of whole characters, the last one with the line end. */
static enum status
field_give_text(struct sink *sink, const struct place *place, struct span value,
		struct err *err)
{
	uint8_t line[FIELD_LINE_BYTES + 1];
	struct span rest = value;
	enum status st = ST_OK;

	while (st == ST_OK && rest.len_bytes > FIELD_LINE_BYTES) {
		struct span piece = { 0 };
		size_t len = rest.len_bytes - 1 < FIELD_CHUNK_BYTES
				     ? rest.len_bytes - 1
				     : FIELD_CHUNK_BYTES;

		while (len > 1 && (rest.ptr[len] & 0xC0) == 0x80)
			len--;
		(void)span_cut(rest, 0, len, &piece);
		(void)span_cut(rest, len, rest.len_bytes - len, &rest);
		st = sink_spend(sink, 0, 0, err);
		if (st == ST_OK)
			st = sink_text(sink, place, piece, err);
	}
	if (rest.len_bytes > 0)
		memcpy(line, rest.ptr, rest.len_bytes);
	line[rest.len_bytes] = '\n';
	if (st == ST_OK)
		st = sink_text(sink, place,
			       (struct span){ line, rest.len_bytes + 1 }, err);
	explicit_bzero(line, rest.len_bytes);
	return st;
}

enum status
field_give(struct sink *sink, const struct field *field, struct span value,
	   struct err *err)
{
	char label[FIELD_LABEL_BYTES];
	struct field_number number = { .count = 0 };
	const struct place place = { PLACE_ELEMENT, field->line, label };
	const bool whole = field_whole_number(value, &number);
	enum status st = sink_spend(sink, 0, 0, err);

	field_label(field->label, label);
	if (st == ST_OK && whole)
		st = field_give_text(
			sink, &place,
			(struct span){ number.digits, number.count }, err);
	else if (st == ST_OK)
		st = field_give_text(sink, &place, value, err);
	explicit_bzero(&number, sizeof(number));
	return st == ST_OK ? field_give_file(sink, value, err) : st;
}

enum status
field_give_cell(struct sink *sink, const struct cell *cell, struct span value,
		struct err *err)
{
	const enum status st = sink_cell(sink, cell, value, err);

	return st == ST_OK ? field_give_file(sink, value, err) : st;
}
