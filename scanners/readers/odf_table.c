/* Tables of an OpenDocument: a row is given when it is whole. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/odf_parts.h"
#include "scanners/readers/xml_kind.h"
#include "scanners/readers/xml_piece.h"

enum {
	ODF_MAX_ROW = 16 * 1024 * 1024,
	ODF_MAX_COLUMN = 1024 * 1024,
	/* A cell or row that stands for many is given so often: enough for
	 * equal digits of a number side by side. */
	ODF_REPEAT_GIVEN = 12,
	ODF_WORD_LETTERS = 4 /* fewer are a unit or an exponent */
};

void
odf_tables_init(struct odf_tables *tables)
{
	*tables = (struct odf_tables){ .depth = 0 };
	sbuf_init_secret(&tables->names, SIZE_MAX / 2);
	sbuf_init_secret(&tables->text, SIZE_MAX / 2);
	sbuf_init_secret(&tables->shown, SIZE_MAX / 2);
}

void
odf_tables_done(struct odf_tables *tables)
{
	sbuf_done(&tables->names);
	sbuf_done(&tables->text);
	sbuf_done(&tables->shown);
	free(tables->cells);
	tables->cells = NULL;
}

static struct odf_table *
odf_table(struct odf_text *odf)
{
	return odf->tables.depth == 0
		       ? NULL
		       : &odf->tables.open[odf->tables.depth - 1];
}

struct span
odf_attribute(struct span attributes, const char *name)
{
	struct html_attribute attribute;
	size_t at = 0;

	while (html_attribute_next(attributes, &at, &attribute))
		if (span_equal(xml_piece_local(attribute.name), span_of(name)))
			return attribute.value;
	return (struct span){ 0 };
}

/* A count of repetitions: 1 when there is none, or a wild one. */
static uint32_t
odf_repeat(struct span attributes, const char *name, uint32_t max)
{
	uint64_t count = 0;

	if (!parse_u64(odf_attribute(attributes, name), UINT64_MAX / 16,
		       &count) ||
	    count == 0)
		return 1;
	return count > max ? max : (uint32_t)count;
}

enum status
odf_open_table(struct odf_text *odf, struct span attributes, struct err *err)
{
	struct odf_tables *tables = &odf->tables;
	struct odf_table *table = NULL;

	if (tables->depth == ODF_MAX_TABLES)
		return ST_OK;
	table = &tables->open[tables->depth++];
	*table = (struct odf_table){ .level = odf->depth,
				     .name_at = tables->names.len_bytes };
	html_unescape(odf_attribute(attributes, "name"), &tables->names);
	sbuf_add_byte(&tables->names, '\0');
	if (tables->depth == 1) {
		const enum status st = odf_flush(odf, err);

		if (st != ST_OK)
			return st;
	}
	return sbuf_status(&tables->names, "odf: table", err);
}

void
odf_open_row(struct odf_text *odf, struct span attributes)
{
	struct odf_table *table = odf_table(odf);

	if (table == NULL || table->in_row)
		return;
	table->in_row = true;
	table->row++;
	table->column = 0;
	table->repeat =
		odf_repeat(attributes, "number-rows-repeated", ODF_MAX_ROW);
	table->first_cell = odf->tables.count;
	table->text_at = odf->tables.text.len_bytes;
}

static enum status
odf_cell_room(struct odf_tables *tables, struct err *err)
{
	const size_t room = tables->room * 2 + 32;
	struct odf_cell *cells = NULL;

	if (tables->count < tables->room)
		return ST_OK;
	cells = reallocarray(tables->cells, room, sizeof(*cells));
	if (cells == NULL)
		return err_set(err, ST_NO_MEMORY, "odf: no memory");
	tables->cells = cells;
	tables->room = room;
	return ST_OK;
}

/* The value that a cell's attributes say, whatever its kind. */
static void
odf_cell_value(struct span attributes, struct odf_cell *cell)
{
	struct html_attribute attribute;
	size_t at = 0;

	while (html_attribute_next(attributes, &at, &attribute)) {
		const struct span local = xml_piece_local(attribute.name);

		if (span_equal(local, span_of("value"))) {
			cell->value = attribute.value;
			cell->number = xml_is_number(attribute.value);
		} else if (span_equal(local, span_of("string-value")) &&
			   cell->value.len_bytes == 0) {
			cell->value = attribute.value;
		} else if (span_equal(local, span_of("value-type"))) {
			cell->type = attribute.value;
		}
	}
}

enum status
odf_open_cell(struct odf_text *odf, struct span attributes, struct err *err)
{
	struct odf_table *table = odf_table(odf);
	struct odf_tables *tables = &odf->tables;
	struct odf_cell cell = { .repeat = 1 };
	enum status st = ST_OK;

	if (table == NULL || !table->in_row)
		return odf_keep_attributes(odf, attributes, NULL, err);
	odf_close_cell(odf);
	cell.text_at = tables->text.len_bytes;
	st = odf_cell_room(tables, err);
	if (st != ST_OK)
		return st;
	cell.repeat = odf_repeat(attributes, "number-columns-repeated",
				 ODF_MAX_COLUMN);
	cell.column = table->column + 1;
	table->column = cell.column + cell.repeat - 1 < ODF_MAX_COLUMN
				? cell.column + cell.repeat - 1
				: ODF_MAX_COLUMN;
	odf_cell_value(attributes, &cell);
	tables->cells[tables->count++] = cell;
	table->in_cell = true;
	return odf_keep_attributes(odf, attributes, cell.value.ptr, err);
}

/* The cell that is open; NULL outside of tables. */
static struct odf_cell *
odf_cell(struct odf_text *odf)
{
	const struct odf_table *table = odf_table(odf);

	if (table == NULL || !table->in_cell)
		return NULL;
	return &odf->tables.cells[odf->tables.count - 1];
}

bool
odf_add_to_cell(struct odf_text *odf, struct span utf8)
{
	struct sbuf *text = &odf->tables.text;
	const struct odf_cell *cell = odf_cell(odf);

	if (cell == NULL)
		return false;
	if (text->len_bytes > cell->text_at)
		sbuf_add_byte(text, '\n');
	sbuf_add_span(text, utf8);
	return true;
}

/* The digits of text, from *at on; NUL at its end. */
static uint8_t
odf_next_digit(struct span text, size_t *at)
{
	while (*at < text.len_bytes) {
		const uint8_t c = text.ptr[(*at)++];

		if (c >= '0' && c <= '9')
			return c;
	}
	return 0;
}

/*
 * Does a cell show another number than its value? Its last digit may be
 * rounded, zeros behind its point are none of it, characters that are not
 * ASCII may be digits, and a word says what the value is.
 */
static bool
odf_shows_more(struct span shown, struct span value)
{
	size_t shown_at = 0;
	size_t value_at = 0;
	size_t letters = 0;
	uint8_t digit = 0;

	for (size_t i = 0; i < shown.len_bytes; i++) {
		const uint8_t c = shown.ptr[i] | 0x20;

		letters = c >= 'a' && c <= 'z' ? letters + 1 : 0;
		if (shown.ptr[i] >= 0x80 || letters >= ODF_WORD_LETTERS)
			return true;
	}
	while ((digit = odf_next_digit(shown, &shown_at)) != 0) {
		const uint8_t other = odf_next_digit(value, &value_at);
		size_t rest = shown_at;

		if (other == digit || (other == 0 && digit == '0'))
			continue;
		return other == 0 || odf_next_digit(shown, &rest) != 0;
	}
	return false;
}

static struct span
odf_cell_text(const struct odf_tables *tables, const struct odf_cell *cell)
{
	struct span text = { 0 };

	(void)span_cut(sbuf_span(&tables->text), cell->text_at, cell->len_bytes,
		       &text);
	return text;
}

void
odf_close_cell(struct odf_text *odf)
{
	struct odf_tables *tables = &odf->tables;
	struct odf_table *table = odf_table(odf);
	struct odf_cell *cell = odf_cell(odf);
	struct span text = { 0 };

	if (table == NULL || cell == NULL)
		return;
	table->in_cell = false;
	cell->len_bytes = tables->text.len_bytes - cell->text_at;
	text = odf_cell_text(tables, cell);
	if (cell->value.len_bytes == 0 || text.len_bytes == 0)
		return;
	if (cell->number ? !odf_shows_more(text, cell->value)
			 : span_equal(text, cell->value))
		return;
	sbuf_add_span(&tables->shown, text);
	sbuf_add_byte(&tables->shown, '\t');
}

/* One cell, as often as it is repeated. */
static enum status
odf_give_cell(struct odf_text *odf, const struct odf_cell *cell,
	      const struct odf_table *table, uint32_t row, struct err *err)
{
	const struct odf_tables *tables = &odf->tables;
	struct cell given = {
		.sheet = sbuf_text(&tables->names) + table->name_at,
		.row = row,
		.column = cell->column,
		.kind = cell->number ? CELL_NUMBER : CELL_TEXT,
	};
	struct span text = odf_cell_text(tables, cell);
	struct sbuf value;
	enum status st = ST_OK;

	if (cell->value.len_bytes == 0 && text.len_bytes == 0)
		return ST_OK;
	sbuf_init_secret(&value, SIZE_MAX / 2);
	if (cell->value.len_bytes > 0) {
		text = cell->value;
		if (memchr(text.ptr, '&', text.len_bytes) != NULL) {
			html_unescape(cell->value, &value);
			text = sbuf_span(&value);
			st = sbuf_status(&value, "odf: cell", err);
		}
	}
	for (uint32_t i = 0;
	     i < cell->repeat && i < ODF_REPEAT_GIVEN && st == ST_OK; i++) {
		st = field_give_cell(odf->sink, &given, text, err);
		given.column++;
	}
	sbuf_done(&value);
	return st;
}

enum status
odf_close_row(struct odf_text *odf, struct err *err)
{
	struct odf_tables *tables = &odf->tables;
	struct odf_table *table = odf_table(odf);
	enum status st = sbuf_status(&tables->text, "odf: cell", err);

	if (table == NULL || !table->in_row)
		return ST_OK;
	odf_close_cell(odf);
	for (uint32_t row = 0;
	     row < table->repeat && row < ODF_REPEAT_GIVEN && st == ST_OK;
	     row++)
		for (size_t i = table->first_cell;
		     i < tables->count && st == ST_OK; i++)
			st = odf_give_cell(odf, &tables->cells[i], table,
					   table->row + row, err);
	if (tables->shown.len_bytes > 0 &&
	    tables->shown.bytes[tables->shown.len_bytes - 1] == '\t')
		sbuf_add_byte(&tables->shown, '\n');
	table->row += table->repeat - 1;
	if (table->row > ODF_MAX_ROW)
		table->row = ODF_MAX_ROW;
	table->in_row = false;
	tables->count = table->first_cell;
	sbuf_truncate(&tables->text, table->text_at);
	return st;
}

/* What stood beside the outermost table. */
static enum status
odf_give_beside(struct odf_text *odf, struct err *err)
{
	const struct place beside = { PLACE_ELEMENT, odf->line,
				      "beside the table" };
	const struct place shown = { PLACE_ELEMENT, odf->line, "shown" };
	enum status st = sbuf_status(&odf->aside, "odf: text", err);

	if (st == ST_OK)
		st = sbuf_status(&odf->tables.shown, "odf: cell", err);
	if (st == ST_OK && odf->aside.len_bytes > 0)
		st = sink_text(odf->sink, &beside, sbuf_span(&odf->aside), err);
	if (st == ST_OK && odf->tables.shown.len_bytes > 0)
		st = sink_text(odf->sink, &shown, sbuf_span(&odf->tables.shown),
			       err);
	sbuf_clear(&odf->aside);
	sbuf_clear(&odf->tables.shown);
	return st;
}

enum status
odf_close_table(struct odf_text *odf, struct err *err)
{
	struct odf_tables *tables = &odf->tables;
	const struct odf_table *table = odf_table(odf);
	enum status st = ST_OK;

	if (table == NULL || table->level != odf->depth)
		return ST_OK;
	st = odf_close_row(odf, err);
	sbuf_truncate(&tables->names, table->name_at);
	tables->depth--;
	if (st == ST_OK && tables->depth == 0)
		st = odf_give_beside(odf, err);
	return st;
}
