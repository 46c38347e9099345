/*
 * The reader of records of fixed length: a text whose lines are all as long,
 * without a delimiter. Offsets count in characters, in columns (two for a wide
 * letter, as bytes of CP932 do) or in bytes: whichever makes the lines alike.
 * Where nearly all lines have digits, the stretch is a column. The words
 * around are read by the reader of text.
 */
#include "scanners/readers/reader.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/mime_header.h"
#include "scanners/readers/text_views.h"
#include "scanners/text/utf8.h"

enum {
	FIXED_LEAST_LINES = 5,
	FIXED_LOOK_LINES = 64,
	FIXED_SNIFF_BYTES = 16 * 1024,
	FIXED_MAX_LENGTH = 4096,
	FIXED_LEAST_DIGITS = 12,
	FIXED_MAX_STRETCHES = 64
};

enum fixed_unit {
	FIXED_UNIT_NONE = 0,
	FIXED_UNIT_COLUMNS,
	FIXED_UNIT_CHARACTERS,
	FIXED_UNIT_BYTES
};

struct fixed_stretch {
	size_t start;
	size_t len;
};

struct fixed {
	struct sink *sink;
	struct span text;
	enum fixed_unit unit;
	size_t length; /* of a record, in units */
	uint64_t lines;
	uint32_t *digits; /* how many lines have one, by offset */
	struct fixed_stretch stretches[FIXED_MAX_STRETCHES];
	size_t stretch_count;
	struct sbuf cell;
};

/* How many units the character takes that starts at text.ptr[at] and ends
 * before next. */
static size_t
fixed_width(struct span text, size_t at, size_t next, enum fixed_unit unit)
{
	const uint8_t first = text.ptr[at];

	if (unit == FIXED_UNIT_BYTES)
		return next - at;
	if (unit == FIXED_UNIT_CHARACTERS || first < 0x80)
		return 1;
	/* Half-width kana are U+FF61 to U+FF9F. */
	return first == 0xEF && next - at == 3 &&
			       ((text.ptr[at + 1] == 0xBD &&
				 text.ptr[at + 2] >= 0xA1) ||
				(text.ptr[at + 1] == 0xBE &&
				 text.ptr[at + 2] <= 0x9F))
		       ? 1
		       : 2;
}

static size_t
fixed_measure(struct span line, enum fixed_unit unit)
{
	size_t at = 0;
	size_t length = 0;

	while (at < line.len_bytes) {
		size_t next = at;

		(void)utf8_next(line, &next);
		length += fixed_width(line, at, next, unit);
		at = next;
	}
	return length;
}

static bool
fixed_has_digits(struct span line)
{
	size_t run = 0;

	for (size_t i = 0; i < line.len_bytes && run < FIXED_LEAST_DIGITS; i++)
		run = line.ptr[i] >= '0' && line.ptr[i] <= '9' ? run + 1 : 0;
	return run >= FIXED_LEAST_DIGITS;
}

/*
 * The length that the first lines have in unit; 0 when they are not alike, or
 * too few, or have no digits. The first and the last record may differ, and
 * one in ten.
 */
static size_t
fixed_length(struct span text, enum fixed_unit unit)
{
	struct span line = { 0 };
	size_t at = 0;
	size_t lines = 0;
	size_t alike = 0;
	size_t digits = 0;
	size_t length = 0;

	while (at < text.len_bytes && lines < FIXED_LOOK_LINES) {
		at = mime_line(text, at, &line);
		if (line.len_bytes == 0)
			continue;
		const size_t own = fixed_measure(line, unit);

		if (lines++ < 2)
			length = own;
		alike += own == length;
		digits += fixed_has_digits(line);
	}
	if (lines < FIXED_LEAST_LINES || length < FIXED_LEAST_DIGITS ||
	    length > FIXED_MAX_LENGTH || alike + 2 + lines / 10 < lines ||
	    digits * 2 < lines)
		return 0;
	return length;
}

/* Each line has as many of a delimiter: a table of another kind. */
static bool
fixed_is_delimited(struct span text)
{
	static const uint8_t delimiters[] = { ',', '\t', ';', '|' };

	for (size_t i = 0; i < ARRAY_LEN(delimiters); i++) {
		struct span line = { 0 };
		size_t at = 0;
		size_t lines = 0;
		size_t with = 0;

		while (at < text.len_bytes && lines < FIXED_LOOK_LINES) {
			at = mime_line(text, at, &line);
			if (line.len_bytes == 0)
				continue;
			lines++;
			with += memchr(line.ptr, delimiters[i],
				       line.len_bytes) != NULL;
		}
		if (with * 10 >= lines * 9)
			return true;
	}
	return false;
}

/* Note where line, when it is a record, has digits. */
static void
fixed_count(struct fixed *fixed, struct span line)
{
	size_t at = 0;
	size_t offset = 0;

	if (fixed_measure(line, fixed->unit) != fixed->length)
		return;
	fixed->lines++;
	while (at < line.len_bytes) {
		size_t next = at;

		(void)utf8_next(line, &next);
		if (line.ptr[at] >= '0' && line.ptr[at] <= '9')
			fixed->digits[offset]++;
		offset += fixed_width(line, at, next, fixed->unit);
		at = next;
	}
}

/* Runs of offsets at which nearly all records have a digit. */
static void
fixed_find_stretches(struct fixed *fixed)
{
	size_t len = 0;

	for (size_t i = 0; i <= fixed->length; i++) {
		if (i < fixed->length &&
		    (uint64_t)fixed->digits[i] * 10 >= fixed->lines * 9) {
			len++;
			continue;
		}
		if (len >= FIXED_LEAST_DIGITS &&
		    fixed->stretch_count < FIXED_MAX_STRETCHES)
			fixed->stretches[fixed->stretch_count++] =
				(struct fixed_stretch){ i - len, len };
		len = 0;
	}
}

/* The digits of one stretch of a record: given when it has all of them. */
static enum status
fixed_give_stretch(struct fixed *fixed, const struct fixed_stretch *stretch,
		   uint32_t row, struct err *err)
{
	const struct cell cell = { "", row, (uint32_t)stretch->start + 1,
				   CELL_DIGITS };
	enum status st = sbuf_status(&fixed->cell, "fixed: cell", err);

	if (st == ST_OK && fixed->cell.len_bytes == stretch->len)
		st = sink_cell(fixed->sink, &cell, sbuf_span(&fixed->cell),
			       err);
	sbuf_clear(&fixed->cell);
	return st;
}

static enum status
fixed_give(struct fixed *fixed, struct span line, uint32_t row, struct err *err)
{
	size_t at = 0;
	size_t offset = 0;
	size_t i = 0;
	enum status st = ST_OK;

	if (fixed_measure(line, fixed->unit) != fixed->length)
		return ST_OK;
	while (st == ST_OK && at < line.len_bytes && i < fixed->stretch_count) {
		const struct fixed_stretch *stretch = &fixed->stretches[i];
		size_t next = at;

		(void)utf8_next(line, &next);
		if (offset >= stretch->start && line.ptr[at] >= '0' &&
		    line.ptr[at] <= '9')
			sbuf_add_byte(&fixed->cell, line.ptr[at]);
		offset += fixed_width(line, at, next, fixed->unit);
		at = next;
		if (offset < stretch->start + stretch->len)
			continue;
		st = fixed_give_stretch(fixed, stretch, row, err);
		i++;
	}
	sbuf_clear(&fixed->cell);
	return st;
}

static enum status
fixed_read_records(struct fixed *fixed, struct err *err)
{
	struct span line = { 0 };
	size_t at = 0;
	uint32_t row = 0;
	enum status st = ST_OK;

	while (at < fixed->text.len_bytes) {
		at = mime_line(fixed->text, at, &line);
		fixed_count(fixed, line);
	}
	fixed_find_stretches(fixed);
	at = 0;
	while (st == ST_OK && fixed->stretch_count > 0 &&
	       at < fixed->text.len_bytes) {
		at = mime_line(fixed->text, at, &line);
		st = sink_spend(fixed->sink, 0, 0, err);
		if (st == ST_OK)
			st = fixed_give(fixed, line, ++row, err);
	}
	return st;
}

static enum status
fixed_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	static const enum fixed_unit units[] = { FIXED_UNIT_COLUMNS,
						 FIXED_UNIT_CHARACTERS,
						 FIXED_UNIT_BYTES };
	struct fixed fixed = { .sink = sink, .text = utf8 };
	enum status st = ST_OK;

	for (size_t i = 0; i < ARRAY_LEN(units) && fixed.length == 0; i++) {
		fixed.unit = units[i];
		fixed.length = fixed_length(utf8, units[i]);
	}
	if (fixed.length == 0)
		return ST_OK;
	fixed.digits = calloc(fixed.length, sizeof(*fixed.digits));
	if (fixed.digits == NULL)
		return err_set(err, ST_NO_MEMORY, "fixed: no memory");
	sbuf_init_secret(&fixed.cell, FIXED_MAX_LENGTH);
	st = fixed_read_records(&fixed, err);
	sbuf_done(&fixed.cell);
	free(fixed.digits);
	return st;
}

static enum status
fixed_read(struct sink *sink, struct span body, const struct child *hint,
	   struct err *err)
{
	return text_views(sink, body, hint->charset, fixed_read_view, err);
}

/* Bytes of CP932 are columns, and those of UTF-8 may be looked at as such. */
static enum sniff
fixed_sniff(struct span body, const struct child *hint)
{
	struct span head = body;

	if (!hint->attachment || !glance_is_text(body, hint))
		return SNIFF_NO;
	if (body.len_bytes > FIXED_SNIFF_BYTES)
		(void)span_cut(body, 0, FIXED_SNIFF_BYTES, &head);
	if (fixed_is_delimited(head))
		return SNIFF_NO;
	return fixed_length(head, FIXED_UNIT_BYTES) > 0 ||
			       fixed_length(head, FIXED_UNIT_COLUMNS) > 0 ||
			       fixed_length(head, FIXED_UNIT_CHARACTERS) > 0
		       ? SNIFF_LIKELY
		       : SNIFF_NO;
}

const struct reader reader_fixed = {
	.name = "fixed",
	.foreign = false,
	.sniff = fixed_sniff,
	.read = fixed_read,
};
