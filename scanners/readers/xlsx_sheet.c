/* A sheet, or the copy of another workbook's: cells by their value, everything
 * else as text. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/ooxml_side.h"
#include "scanners/readers/xlsx_formula.h"
#include "scanners/readers/xlsx_parts.h"
#include "scanners/readers/xlsx_text.h"

enum {
	XLSX_MAX_ROW = 1048576,
	XLSX_MAX_COLUMN = 16384,
	XLSX_FLUSH_BYTES = 65536
};

enum xlsx_cell_type {
	XLSX_CELL_NONE = 0,
	XLSX_CELL_NUMBER,
	XLSX_CELL_SHARED,
	XLSX_CELL_TEXT /* inline, formula result, error, date */
};

struct xlsx_sheet {
	struct sink *sink;
	const char *name;
	struct xlsx_strings *strings;
	const struct xlsx_formats *formats;
	uint32_t row;
	uint32_t column;
	uint64_t style; /* of the cell, as formats number it */
	enum xlsx_cell_type type;
	bool in_cell;
	bool in_value; /* v or t of a cell */
	bool in_formula;
	bool in_phonetic;
	bool in_header; /* of the page, or its footer */
	size_t unknown; /* elements open that programs pass over */
	struct sbuf value;
	struct sbuf formula;
	struct sbuf shown; /* of a value or formula that says it otherwise */
	struct sbuf header;
	struct sbuf other; /* headers, validations … */
	struct ooxml_side side;
};

/* "AB12" to row and column; false when it is none. */
static bool
xlsx_parse_reference(const char *text, uint32_t *row_out, uint32_t *column_out)
{
	uint32_t column = 0;
	uint64_t row = 0;

	for (; (*text | 0x20) >= 'a' && (*text | 0x20) <= 'z'; text++) {
		column = column * 26 + (uint32_t)((*text | 0x20) - 'a') + 1;
		if (column > XLSX_MAX_COLUMN)
			return false;
	}
	if (column == 0 || !parse_u64(span_of(text), XLSX_MAX_ROW, &row) ||
	    row == 0)
		return false;
	*row_out = (uint32_t)row;
	*column_out = column;
	return true;
}

static void
xlsx_open_cell(struct xlsx_sheet *sheet, const char *const *attributes)
{
	const char *reference = NULL;
	const char *type = NULL;

	sheet->style = 0;
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strcmp(attributes[i], "r") == 0)
			reference = attributes[i + 1];
		else if (strcmp(attributes[i], "t") == 0)
			type = attributes[i + 1];
		else if (strcmp(attributes[i], "s") == 0)
			(void)parse_u64(span_of(attributes[i + 1]), UINT32_MAX,
					&sheet->style);
	}
	sheet->in_cell = true;
	sheet->column++;
	if (reference != NULL)
		(void)xlsx_parse_reference(reference, &sheet->row,
					   &sheet->column);
	if (type == NULL || strcmp(type, "n") == 0)
		sheet->type = XLSX_CELL_NUMBER;
	else
		sheet->type = strcmp(type, "s") == 0 ? XLSX_CELL_SHARED
						     : XLSX_CELL_TEXT;
}

static void
xlsx_open_row(struct xlsx_sheet *sheet, const char *const *attributes)
{
	const char *number = xml_attribute(attributes, "r");
	uint64_t row = 0;

	sheet->row++;
	sheet->column = 0;
	if (number != NULL && parse_u64(span_of(number), XLSX_MAX_ROW, &row) &&
	    row > 0)
		sheet->row = (uint32_t)row;
}

/* "oddHeader", "firstFooter" … */
static bool
xlsx_is_page_header(const char *name)
{
	const size_t len = strlen(name);

	return len > 6 && (strcmp(name + len - 6, "Header") == 0 ||
			   strcmp(name + len - 6, "Footer") == 0);
}

static void
xlsx_open_in_cell(struct xlsx_sheet *sheet, const char *local)
{
	if (strcmp(local, "v") == 0 || strcmp(local, "t") == 0)
		sheet->in_value = true;
	else if (strcmp(local, "f") == 0)
		sheet->in_formula = true;
	else if (strcmp(local, "rPh") == 0)
		sheet->in_phonetic = true;
	/* A second value is another one. */
	if (local[0] == 'v' && sheet->value.len_bytes > 0)
		sbuf_add_byte(&sheet->value, '\n');
}

static enum status
xlsx_sheet_open(void *context, const char *name, const char *const *attributes,
		struct err *err)
{
	struct xlsx_sheet *sheet = context;
	const char *local = xml_local(name);

	(void)err;
	if (xlsx_is_passed_over(name) || sheet->unknown > 0)
		sheet->unknown++;
	else if (strcmp(local, "c") == 0 || strcmp(local, "cell") == 0)
		xlsx_open_cell(sheet, attributes);
	else if (strcmp(local, "row") == 0)
		xlsx_open_row(sheet, attributes);
	else if (sheet->in_cell)
		xlsx_open_in_cell(sheet, local);
	else
		sheet->in_header = xlsx_is_page_header(local);
	ooxml_side_attributes(&sheet->side, attributes);
	return ST_OK;
}

static enum status
xlsx_give_other(struct xlsx_sheet *sheet, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, 0, sheet->name };
	enum status st = sbuf_status(&sheet->other, "xlsx: sheet", err);

	if (st == ST_OK && sheet->other.len_bytes > 0)
		st = sink_text(sheet->sink, &place, sbuf_span(&sheet->other),
			       err);
	sbuf_clear(&sheet->other);
	return st;
}

/* The text of a cell that is whole, at its place. */
static enum status
xlsx_give_cell(struct xlsx_sheet *sheet, struct span value, struct err *err)
{
	const struct cell cell = { sheet->name, sheet->row, sheet->column,
				   sheet->type == XLSX_CELL_NUMBER
					   ? CELL_NUMBER
					   : CELL_TEXT };

	return sink_cell(sheet->sink, &cell, value, err);
}

/* What the cell says; one that was never calculated, what its formula puts
 * together. */
static struct span
xlsx_cell_value(struct xlsx_sheet *sheet)
{
	struct span value = { 0 };
	uint64_t index = 0;
	const bool joined =
		xlsx_formula_join(sbuf_span(&sheet->formula), &sheet->shown);

	if (sheet->type == XLSX_CELL_TEXT)
		xlsx_text_unescape(&sheet->value, 0);
	value = sbuf_span(&sheet->value);
	if (sheet->type == XLSX_CELL_SHARED &&
	    parse_u64(value, UINT32_MAX, &index))
		(void)xlsx_strings_get(sheet->strings, index, &value);
	if (value.len_bytes == 0)
		return sbuf_span(joined ? &sheet->shown : &sheet->formula);
	if (sheet->formula.len_bytes > 0)
		ooxml_side_add(&sheet->side, OOXML_SIDE_CODES,
			       sbuf_span(&sheet->formula));
	if (joined)
		ooxml_side_add(&sheet->side, OOXML_SIDE_CODES,
			       sbuf_span(&sheet->shown));
	sbuf_clear(&sheet->shown);
	if (sheet->type != XLSX_CELL_NUMBER ||
	    !xlsx_formats_show(sheet->formats, sheet->style,
			       sbuf_text(&sheet->value), &sheet->shown))
		return value;
	sheet->type = XLSX_CELL_TEXT;
	return sbuf_span(&sheet->shown);
}

static enum status
xlsx_close_cell(struct xlsx_sheet *sheet, struct err *err)
{
	struct span value = { 0 };
	enum status st = sbuf_status(&sheet->value, "xlsx: cell", err);

	if (st == ST_OK)
		st = sbuf_status(&sheet->formula, "xlsx: cell", err);
	if (st == ST_OK) {
		value = xlsx_cell_value(sheet);
		st = sbuf_status(&sheet->shown, "xlsx: cell", err);
	}
	if (st == ST_OK && value.len_bytes > 0)
		st = xlsx_give_cell(sheet, value, err);
	sheet->in_cell = false;
	sbuf_clear(&sheet->value);
	sbuf_clear(&sheet->formula);
	sbuf_clear(&sheet->shown);
	return st;
}

static void
xlsx_close_in_cell(struct xlsx_sheet *sheet, const char *local)
{
	if (strcmp(local, "v") == 0 || strcmp(local, "t") == 0)
		sheet->in_value = false;
	else if (strcmp(local, "f") == 0)
		sheet->in_formula = false;
	else if (strcmp(local, "rPh") == 0)
		sheet->in_phonetic = false;
}

/* The code of a page's header, and the text that it makes. */
static enum status
xlsx_close_header(struct xlsx_sheet *sheet, struct err *err)
{
	const enum status st = sbuf_status(&sheet->header, "xlsx: header", err);

	sbuf_add_span(&sheet->other, sbuf_span(&sheet->header));
	sbuf_add_byte(&sheet->other, '\n');
	xlsx_text_header(sbuf_span(&sheet->header), &sheet->other);
	sbuf_clear(&sheet->header);
	sheet->in_header = false;
	return st;
}

static enum status
xlsx_sheet_close(void *context, const char *name, struct err *err)
{
	struct xlsx_sheet *sheet = context;
	struct sbuf *other = &sheet->other;
	const char *local = xml_local(name);
	const bool unknown = sheet->unknown > 0;
	enum status st = ST_OK;

	sheet->unknown -= unknown;
	if (!unknown && (strcmp(local, "c") == 0 || strcmp(local, "cell") == 0))
		return xlsx_close_cell(sheet, err);
	if (!unknown && sheet->in_cell) {
		xlsx_close_in_cell(sheet, local);
		return ST_OK;
	}
	if (!unknown && sheet->in_header)
		st = xlsx_close_header(sheet, err);
	if (other->len_bytes > 0 && other->bytes[other->len_bytes - 1] != '\n')
		sbuf_add_byte(other, '\n');
	if (st == ST_OK && !sheet->in_cell &&
	    other->len_bytes >= XLSX_FLUSH_BYTES)
		st = xlsx_give_other(sheet, err);
	return st;
}

static enum status
xlsx_sheet_text(void *context, struct span utf8, struct err *err)
{
	struct xlsx_sheet *sheet = context;

	(void)err;
	if (sheet->unknown == 0 && sheet->in_phonetic)
		ooxml_side_add(&sheet->side, OOXML_SIDE_PHONETIC, utf8);
	else if (sheet->unknown == 0 && sheet->in_value)
		sbuf_add_span(&sheet->value, utf8);
	else if (sheet->unknown == 0 && sheet->in_formula)
		sbuf_add_span(&sheet->formula, utf8);
	else if (sheet->unknown == 0 && sheet->in_header)
		sbuf_add_span(&sheet->header, utf8);
	else if (!field_is_blank(utf8))
		sbuf_add_span(&sheet->other, utf8);
	return ST_OK;
}

/* What was read before the damage counts. */
static enum status
xlsx_finish(struct xlsx_sheet *sheet, struct err *err)
{
	enum status st = ST_OK;

	if (sheet->in_cell)
		st = xlsx_close_cell(sheet, err);
	if (st == ST_OK)
		st = xlsx_give_other(sheet, err);
	return st == ST_OK ? ooxml_side_give(sheet->sink, &sheet->side, err)
			   : st;
}

enum status
xlsx_sheet_read(struct sink *sink, struct span document, const char *name,
		struct xlsx_strings *strings,
		const struct xlsx_formats *formats, struct err *err)
{
	struct xlsx_sheet sheet = { .sink = sink,
				    .name = name,
				    .strings = strings,
				    .formats = formats };
	const struct xml_handler handler = { xlsx_sheet_open, xlsx_sheet_close,
					     xlsx_sheet_text, &sheet };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	sbuf_init_secret(&sheet.value, SIZE_MAX / 2);
	sbuf_init_secret(&sheet.formula, SIZE_MAX / 2);
	sbuf_init_secret(&sheet.shown, SIZE_MAX / 2);
	sbuf_init_secret(&sheet.header, SIZE_MAX / 2);
	sbuf_init_secret(&sheet.other, SIZE_MAX / 2);
	ooxml_side_init(&sheet.side);
	st = xml_walk(sink, document, &handler, err);
	if (st == ST_OK || st == ST_FORMAT) {
		const enum status given = xlsx_finish(&sheet, &why);

		if (given != ST_OK) {
			st = given;
			*err = why;
		}
	}
	sbuf_done(&sheet.value);
	sbuf_done(&sheet.formula);
	sbuf_done(&sheet.shown);
	sbuf_done(&sheet.header);
	sbuf_done(&sheet.other);
	ooxml_side_done(&sheet.side);
	return st;
}
