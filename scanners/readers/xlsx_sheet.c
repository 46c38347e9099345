/* A worksheet: cells by their value, everything else as text. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/xlsx_parts.h"

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
	uint32_t row;
	uint32_t column;
	enum xlsx_cell_type type;
	bool in_cell;
	bool in_value; /* v or t of a cell */
	struct sbuf value;
	struct sbuf other; /* formulas, headers, validations … */
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
	const char *reference = xml_attribute(attributes, "r");
	const char *type = xml_attribute(attributes, "t");

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
	sbuf_clear(&sheet->value);
}

/* Attributes can hold text, too; what is short of a number is skipped. */
static void
xlsx_keep_attributes(struct xlsx_sheet *sheet, const char *const *attributes)
{
	enum { XLSX_LEAST_BYTES = 12 };

	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strlen(attributes[i + 1]) < XLSX_LEAST_BYTES ||
		    strncmp(attributes[i], "xmlns", 5) == 0)
			continue;
		sbuf_add_text(&sheet->other, attributes[i + 1]);
		sbuf_add_byte(&sheet->other, '\n');
	}
}

static enum status
xlsx_sheet_open(void *context, const char *name, const char *const *attributes,
		struct err *err)
{
	struct xlsx_sheet *sheet = context;
	uint64_t row = 0;

	if (strcmp(name, "c") == 0) {
		xlsx_open_cell(sheet, attributes);
	} else if (strcmp(name, "row") == 0) {
		const char *number = xml_attribute(attributes, "r");

		sheet->row++;
		sheet->column = 0;
		if (number != NULL &&
		    parse_u64(span_of(number), XLSX_MAX_ROW, &row) && row > 0)
			sheet->row = (uint32_t)row;
	} else if (sheet->in_cell &&
		   (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)) {
		sheet->in_value = true;
	} else {
		xlsx_keep_attributes(sheet, attributes);
	}
	return sbuf_status(&sheet->other, "xlsx: sheet", err);
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

static enum status
xlsx_close_cell(struct xlsx_sheet *sheet, struct err *err)
{
	const struct cell cell = { sheet->name, sheet->row, sheet->column,
				   sheet->type == XLSX_CELL_NUMBER
					   ? CELL_NUMBER
					   : CELL_TEXT };
	struct span value = sbuf_span(&sheet->value);
	uint64_t index = 0;
	enum status st = sbuf_status(&sheet->value, "xlsx: cell", err);

	sheet->in_cell = false;
	if (st == ST_OK && sheet->type == XLSX_CELL_SHARED &&
	    parse_u64(value, UINT32_MAX, &index))
		(void)xlsx_strings_get(sheet->strings, index, &value);
	if (st != ST_OK || value.len_bytes == 0)
		return st;
	return sink_cell(sheet->sink, &cell, value, err);
}

static enum status
xlsx_sheet_close(void *context, const char *name, struct err *err)
{
	struct xlsx_sheet *sheet = context;

	if (strcmp(name, "c") == 0)
		return xlsx_close_cell(sheet, err);
	if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		sheet->in_value = false;
	else if (sheet->other.len_bytes > 0 &&
		 sheet->other.bytes[sheet->other.len_bytes - 1] != '\n')
		sbuf_add_byte(&sheet->other, '\n');
	if (sheet->other.len_bytes >= XLSX_FLUSH_BYTES)
		return xlsx_give_other(sheet, err);
	return ST_OK;
}

static enum status
xlsx_sheet_text(void *context, struct span utf8, struct err *err)
{
	struct xlsx_sheet *sheet = context;

	(void)err;
	sbuf_add_span(sheet->in_value ? &sheet->value : &sheet->other, utf8);
	return ST_OK;
}

enum status
xlsx_sheet_read(struct sink *sink, struct span document, const char *name,
		struct xlsx_strings *strings, struct err *err)
{
	struct xlsx_sheet sheet = { .sink = sink,
				    .name = name,
				    .strings = strings };
	const struct xml_handler handler = { xlsx_sheet_open, xlsx_sheet_close,
					     xlsx_sheet_text, &sheet };
	enum status st = ST_OK;

	sbuf_init_secret(&sheet.value, SIZE_MAX / 2);
	sbuf_init_secret(&sheet.other, SIZE_MAX / 2);
	st = xml_walk(sink, document, &handler, err);
	if (st == ST_OK)
		st = xlsx_give_other(&sheet, err);
	sbuf_done(&sheet.value);
	sbuf_done(&sheet.other);
	return st;
}
