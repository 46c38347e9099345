/*
 * Strings of objects, as they stand in the file: scripts, lists of choices,
 * labels of pages, structure, names, and whatever else has a text that
 * poppler-glib has no function for.
 *
 * Shape:    "(literal \( \051 text)" or "<hexadecimal>", behind the "/Name" of
 *           the entry that it belongs to (ISO 32000-1, 7.3.4)
 */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/pdf/pdf_read.h"
#include "scanners/text/readings.h"

enum {
	OBJECT_NAME_BYTES = 64,
	OBJECT_LEAST_BYTES = 2,
	OBJECT_ASK_BYTES = 4096
};

struct object_walk {
	struct span bytes;
	size_t at;
	char name[OBJECT_NAME_BYTES]; /* of the last entry */
	struct sbuf text;
	size_t asked_at; /* when time was looked at last */
};

/* Asking for the time costs more than a token does. */
static bool
object_is_over(struct object_walk *walk, const struct pdf_sink *sink)
{
	if (walk->at >= walk->bytes.len_bytes)
		return true;
	if (walk->at - walk->asked_at < OBJECT_ASK_BYTES)
		return false;
	walk->asked_at = walk->at;
	return pdf_sink_is_over(sink);
}

static int
object_hex(uint8_t c)
{
	const uint8_t letter = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - '0';
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static bool
object_is_name(uint8_t c)
{
	return c > ' ' && c < 0x7f && strchr("()<>[]{}/%", c) == NULL;
}

static void
object_take_name(struct object_walk *walk)
{
	size_t len = 0;

	for (walk->at++; walk->at < walk->bytes.len_bytes &&
			 object_is_name(walk->bytes.ptr[walk->at]);
	     walk->at++)
		if (len + 1 < sizeof(walk->name))
			walk->name[len++] = (char)walk->bytes.ptr[walk->at];
	walk->name[len] = '\0';
}

/* What stands behind a backslash; walk->at is behind it afterwards. */
static void
object_take_escape(struct object_walk *walk)
{
	static const char from[] = "nrtbf";
	static const char to[] = "\n\r\t\b\f";
	const struct span bytes = walk->bytes;
	const uint8_t c = bytes.ptr[walk->at];
	const char *found = c != '\0' ? strchr(from, c) : NULL;
	unsigned value = 0;
	size_t digits = 0;

	while (digits < 3 && walk->at < bytes.len_bytes &&
	       bytes.ptr[walk->at] >= '0' && bytes.ptr[walk->at] <= '7') {
		value = value * 8 + (unsigned)(bytes.ptr[walk->at] - '0');
		walk->at++;
		digits++;
	}
	if (digits > 0) {
		sbuf_add_byte(&walk->text, (uint8_t)value);
		return;
	}
	walk->at++;
	/* A line end behind it is no part of the text. */
	if (c == '\r' && walk->at < bytes.len_bytes &&
	    bytes.ptr[walk->at] == '\n')
		walk->at++;
	else if (c != '\r' && c != '\n')
		sbuf_add_byte(&walk->text,
			      found != NULL ? (uint8_t)to[found - from] : c);
}

static void
object_take_literal(struct object_walk *walk)
{
	const struct span bytes = walk->bytes;
	size_t depth = 1;

	for (walk->at++; walk->at < bytes.len_bytes && depth > 0;) {
		const uint8_t c = bytes.ptr[walk->at++];

		if (c == '\\' && walk->at < bytes.len_bytes) {
			object_take_escape(walk);
			continue;
		}
		depth += c == '(';
		depth -= c == ')';
		if (depth > 0)
			sbuf_add_byte(&walk->text, c);
	}
}

/* "<48656C>"; nothing when it is something else ("<<", a tag). */
static void
object_take_hex(struct object_walk *walk)
{
	const struct span bytes = walk->bytes;
	unsigned value = 1; /* a bit in front counts the digits */

	for (walk->at++; walk->at < bytes.len_bytes; walk->at++) {
		const uint8_t c = bytes.ptr[walk->at];
		const int digit = object_hex(c);

		if (c == '>')
			break;
		if (digit < 0 && c > ' ') {
			sbuf_clear(&walk->text);
			return;
		}
		if (digit >= 0)
			value = value << 4 | (unsigned)digit;
		if (value > 0xFF) {
			sbuf_add_byte(&walk->text, (uint8_t)value);
			value = 1;
		}
	}
	if (value > 1) /* an odd last digit has a 0 behind it */
		sbuf_add_byte(&walk->text, (uint8_t)(value << 4));
}

/* Names of entries whose strings are no text, or that poppler gave already. */
static bool
object_is_other(const char *name)
{
	static const char *const others[] = {
		"ID",       "DA",        "CreationDate", "ModDate", "M",
		"Registry", "Ordering",  "CharSet",      "Panose",  "Cert",
		"O",        "U",         "OE",           "UE",      "Perms",
		"CheckSum", "ByteRange", "LastModified", "Lang",
	};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	return false;
}

/* Text is UTF-16 or UTF-8 behind a mark, else of any set. */
static void
object_give(struct object_walk *walk, struct pdf_sink *sink)
{
	const struct span text = sbuf_span(&walk->text);
	struct sbuf utf8;

	if (text.len_bytes < OBJECT_LEAST_BYTES ||
	    object_is_other(walk->name) || !text_is_plausible(text))
		return;
	sbuf_init_secret(&utf8, SIZE_MAX / 2);
	text_decode_best(text, (struct span){ 0 }, &utf8);
	if (utf8.st == ST_OK)
		pdf_element(sink, walk->name[0] != '\0' ? walk->name : "Text",
			    0, sbuf_text(&utf8));
	sbuf_done(&utf8);
}

/* Move walk over one token; its text is that of a string, else empty. */
static void
object_step(struct object_walk *walk)
{
	const uint8_t c = walk->bytes.ptr[walk->at];

	sbuf_clear(&walk->text);
	if (c == '/')
		object_take_name(walk);
	else if (c == '(')
		object_take_literal(walk);
	else if (c == '<')
		object_take_hex(walk);
	else
		walk->at++;
}

void
pdf_objects_read(struct pdf_sink *sink, struct span objects)
{
	struct object_walk walk = { .bytes = objects };

	sbuf_init_secret(&walk.text, SIZE_MAX / 2);
	while (!object_is_over(&walk, sink)) {
		object_step(&walk);
		if (walk.text.len_bytes > 0)
			object_give(&walk, sink);
	}
	sbuf_done(&walk.text);
}

/* Td, TD, Tm, T* and ET begin or end a line. */
static bool
object_is_line_end(struct span bytes, size_t at)
{
	const uint8_t next = at + 1 < bytes.len_bytes ? bytes.ptr[at + 1] : 0;

	return (bytes.ptr[at] == 'T' && next != '\0' &&
		strchr("dDm*", next) != NULL) ||
	       (bytes.ptr[at] == 'E' && next == 'T');
}

/* Most drawings are pages, whose text was given: only what may hold a number
 * is worth a second look. */
static bool
object_may_hold_number(struct span text)
{
	enum { NUMBER_DIGITS = 12 };
	size_t digits = 0;

	for (size_t i = 0; i < text.len_bytes; i++) {
		digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
		if (text.ptr[i] >= 0x80 || digits == NUMBER_DIGITS)
			return true;
	}
	return false;
}

void
pdf_objects_read_drawing(struct pdf_sink *sink, struct span operators)
{
	struct object_walk walk = { .bytes = operators };
	struct sbuf line;

	sbuf_init_secret(&walk.text, SIZE_MAX / 2);
	sbuf_init_secret(&line, SIZE_MAX / 2);
	while (!object_is_over(&walk, sink)) {
		if (object_is_line_end(operators, walk.at) &&
		    line.len_bytes > 0)
			sbuf_add_byte(&line, '\n');
		object_step(&walk);
		sbuf_add_span(&line, sbuf_span(&walk.text));
	}
	if (line.st == ST_OK && object_may_hold_number(sbuf_span(&line)) &&
	    text_is_plausible(sbuf_span(&line)))
		pdf_element(sink, "Appearance", 0, sbuf_text(&line));
	sbuf_done(&line);
	sbuf_done(&walk.text);
}
