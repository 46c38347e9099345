#include "scanners/readers/xlsx_pivot.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/ooxml_side.h"
#include "scanners/readers/xml_walk.h"

enum {
	PIVOT_MAX_ROW = 16 * 1024 * 1024,
	PIVOT_MAX_COLUMN = 16384,
	PIVOT_RECORD_DEPTH = 2,        /* <pivotCacheRecords><r> */
	PIVOT_FIELDS_BYTES = 64 * 1024 /* more are not looked through */
};

struct pivot {
	struct sink *sink;
	const char *part;
	struct xlsx_pivots *pivots; /* where fields go; NULL: records */
	struct ooxml_side side;
	size_t depth;
	uint32_t row;
	uint32_t column;
};

void
xlsx_pivots_init(struct xlsx_pivots *pivots)
{
	sbuf_init_secret(&pivots->fields, SIZE_MAX / 2);
}

void
xlsx_pivots_done(struct xlsx_pivots *pivots)
{
	sbuf_done(&pivots->fields);
}

/* The number at the end of a part's name: "…Records12.xml". */
static struct span
pivot_number(const char *part)
{
	const char *slash = strrchr(part, '/');
	const char *name = slash != NULL ? slash + 1 : part;

	name += strcspn(name, "0123456789");
	return (struct span){ (const uint8_t *)name,
			      strspn(name, "0123456789") };
}

static enum status
pivot_learn_open(void *context, const char *name, const char *const *attributes,
		 struct err *err)
{
	struct pivot *pivot = context;
	struct sbuf *fields = &pivot->pivots->fields;
	const char *field = NULL;

	if (strcmp(xml_local(name), "cacheField") != 0)
		return ST_OK;
	field = xml_attribute(attributes, "name");
	sbuf_add_span(fields, pivot_number(pivot->part));
	sbuf_add_byte(fields, 0);
	sbuf_add_text(fields, field != NULL ? field : "");
	sbuf_add_byte(fields, 0);
	return sbuf_status(fields, "xlsx: pivot", err);
}

static enum status
pivot_no_close(void *context, const char *name, struct err *err)
{
	(void)context;
	(void)name;
	(void)err;
	return ST_OK;
}

static enum status
pivot_no_text(void *context, struct span utf8, struct err *err)
{
	(void)context;
	(void)utf8;
	(void)err;
	return ST_OK;
}

enum status
xlsx_pivots_learn(struct sink *sink, struct span document, const char *part,
		  struct xlsx_pivots *pivots, struct err *err)
{
	struct pivot pivot = { .sink = sink, .part = part, .pivots = pivots };
	const struct xml_handler handler = { pivot_learn_open, pivot_no_close,
					     pivot_no_text, &pivot };

	return xml_walk(sink, document, &handler, err);
}

static enum status
pivot_give(struct pivot *pivot, const char *value, bool number, struct err *err)
{
	const struct cell cell = { pivot->part, pivot->row, pivot->column,
				   number ? CELL_NUMBER : CELL_TEXT };

	return value[0] != '\0'
		       ? sink_cell(pivot->sink, &cell, span_of(value), err)
		       : ST_OK;
}

/* <n v="1"/>, <s v="a"/>; <x v="0"/> is the number of a listed value. */
static enum status
pivot_open(void *context, const char *name, const char *const *attributes,
	   struct err *err)
{
	struct pivot *pivot = context;
	const char *value = NULL;

	pivot->depth++;
	ooxml_side_attributes(&pivot->side, attributes);
	if (pivot->depth == PIVOT_RECORD_DEPTH) {
		pivot->row += pivot->row < PIVOT_MAX_ROW;
		pivot->column = 0;
		return ST_OK;
	}
	if (pivot->depth != PIVOT_RECORD_DEPTH + 1)
		return ST_OK;
	pivot->column += pivot->column < PIVOT_MAX_COLUMN;
	value = xml_attribute(attributes, "v");
	if (value == NULL || strcmp(xml_local(name), "x") == 0)
		return ST_OK;
	return pivot_give(pivot, value, strcmp(xml_local(name), "n") == 0, err);
}

static enum status
pivot_close(void *context, const char *name, struct err *err)
{
	struct pivot *pivot = context;

	(void)name;
	(void)err;
	pivot->depth -= pivot->depth > 0;
	return ST_OK;
}

static enum status
pivot_text(void *context, struct span utf8, struct err *err)
{
	struct pivot *pivot = context;

	(void)err;
	if (!field_is_blank(utf8))
		ooxml_side_add(&pivot->side, OOXML_SIDE_OTHER, utf8);
	return ST_OK;
}

/* The names of the fields are the first row. */
static enum status
pivot_give_fields(struct pivot *pivot, const struct xlsx_pivots *pivots,
		  struct err *err)
{
	const struct span number = pivot_number(pivot->part);
	const char *at = (const char *)pivots->fields.bytes;
	const char *end = at + pivots->fields.len_bytes;
	enum status st = ST_OK;

	pivot->row = 1;
	if (pivots->fields.len_bytes > PIVOT_FIELDS_BYTES)
		return ST_OK;
	while (st == ST_OK && at < end) {
		const bool ours = span_equal(span_of(at), number);

		at += strlen(at) + 1;
		if (ours && pivot->column < PIVOT_MAX_COLUMN) {
			pivot->column++;
			st = pivot_give(pivot, at, false, err);
		}
		at += strlen(at) + 1;
	}
	return st;
}

enum status
xlsx_pivots_read(struct sink *sink, struct span document, const char *part,
		 const struct xlsx_pivots *pivots, struct err *err)
{
	struct pivot pivot = { .sink = sink, .part = part };
	const struct xml_handler handler = { pivot_open, pivot_close,
					     pivot_text, &pivot };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	ooxml_side_init(&pivot.side);
	st = pivot_give_fields(&pivot, pivots, err);
	if (st == ST_OK)
		st = xml_walk(sink, document, &handler, err);
	/* What was read before the damage counts. */
	if (st == ST_OK || st == ST_FORMAT) {
		const enum status given =
			ooxml_side_give(sink, &pivot.side, &why);

		if (given != ST_OK) {
			st = given;
			*err = why;
		}
	}
	ooxml_side_done(&pivot.side);
	return st;
}
