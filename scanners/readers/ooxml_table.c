#include "scanners/readers/ooxml_table.h"

#include <string.h>

#include "scanners/readers/field_value.h"

enum {
	TABLE_CELL_MAX_BYTES = 400, /* a longer one is text */
	TABLE_MAX_COLUMNS = 16384,
	TABLE_SHEET_BYTES = 80
};

/* In front of the text of a cell that is held. */
struct table_record {
	uint32_t number;
	uint32_t row;
	uint32_t column;
	size_t len_bytes;
};

void
ooxml_tables_init(struct ooxml_tables *tables, const char *prefix)
{
	*tables = (struct ooxml_tables){ .prefix = prefix };
	for (size_t i = 0; i < OOXML_MAX_TABLES; i++) {
		sbuf_init_secret(&tables->open[i].text, SIZE_MAX / 2);
		sbuf_init_secret(&tables->open[i].held, SIZE_MAX / 2);
	}
	sbuf_init_secret(&tables->ready, SIZE_MAX / 2);
}

void
ooxml_tables_done(struct ooxml_tables *tables)
{
	for (size_t i = 0; i < OOXML_MAX_TABLES; i++) {
		sbuf_done(&tables->open[i].text);
		sbuf_done(&tables->open[i].held);
	}
	sbuf_done(&tables->ready);
}

struct ooxml_table *
ooxml_tables_top(struct ooxml_tables *tables)
{
	if (tables->depth == 0 || tables->depth > OOXML_MAX_TABLES)
		return NULL;
	return &tables->open[tables->depth - 1];
}

void
ooxml_tables_open(struct ooxml_tables *tables)
{
	struct ooxml_table *table = NULL;

	tables->depth++;
	table = ooxml_tables_top(tables);
	if (table == NULL)
		return;
	table->number = ++tables->count;
	table->row = 0;
	table->column = 0;
	table->next_column = 1;
}

void
ooxml_table_row(struct ooxml_table *table)
{
	table->row++;
	table->column = 0;
	table->next_column = 1;
}

void
ooxml_table_cell(struct ooxml_table *table)
{
	table->row += table->row == 0;
	table->column = table->next_column;
	table->next_column += table->column < TABLE_MAX_COLUMNS;
}

void
ooxml_table_span(struct ooxml_table *table, uint32_t columns)
{
	if (columns > 0 && columns <= TABLE_MAX_COLUMNS - table->column)
		table->next_column = table->column + columns;
}

void
ooxml_table_skip(struct ooxml_table *table, uint32_t columns)
{
	if (columns <= TABLE_MAX_COLUMNS - table->next_column)
		table->next_column += columns;
}

static enum status
table_give(const struct ooxml_tables *tables, struct sink *sink,
	   const struct table_record *record, struct span text, struct err *err)
{
	char sheet[TABLE_SHEET_BYTES];
	const struct cell cell = { sheet, record->row, record->column,
				   CELL_TEXT };

	(void)snprintf(sheet, sizeof(sheet), "%stable %u", tables->prefix,
		       (unsigned)record->number);
	return sink_cell(sink, &cell, text, err);
}

enum status
ooxml_tables_end_cell(struct ooxml_tables *tables, struct sink *sink,
		      bool *is_text_out, struct err *err)
{
	struct ooxml_table *table = ooxml_tables_top(tables);
	enum status st = ST_OK;

	*is_text_out = false;
	if (table == NULL)
		return ST_OK;
	struct span text = sbuf_span(&table->text);

	st = sbuf_status(&table->text, "ooxml: cell", err);
	if (st != ST_OK)
		return st;
	while (text.len_bytes > 0 && text.ptr[text.len_bytes - 1] <= ' ')
		text.len_bytes--;
	*is_text_out = text.len_bytes > TABLE_CELL_MAX_BYTES;
	if (field_is_blank(text) || *is_text_out)
		return ST_OK;
	const struct table_record record = { table->number, table->row,
					     table->column, text.len_bytes };

	if (tables->depth == 1)
		return table_give(tables, sink, &record, text, err);
	sbuf_add(&table->held, &record, sizeof(record));
	sbuf_add_span(&table->held, text);
	return ST_OK;
}

static enum status
table_give_ready(struct ooxml_tables *tables, struct sink *sink,
		 struct err *err)
{
	const struct span ready = sbuf_span(&tables->ready);
	struct table_record record;
	struct span head = { 0 };
	struct span text = { 0 };
	size_t at = 0;
	enum status st = sbuf_status(&tables->ready, "ooxml: tables", err);

	while (st == ST_OK && span_cut(ready, at, sizeof(record), &head)) {
		memcpy(&record, head.ptr, sizeof(record));
		at += sizeof(record);
		(void)span_cut(ready, at, record.len_bytes, &text);
		at += record.len_bytes;
		st = table_give(tables, sink, &record, text, err);
	}
	sbuf_clear(&tables->ready);
	return st;
}

enum status
ooxml_tables_close(struct ooxml_tables *tables, struct sink *sink,
		   struct err *err)
{
	struct ooxml_table *table = ooxml_tables_top(tables);
	enum status st = ST_OK;

	if (tables->depth == 0)
		return ST_OK;
	if (table != NULL && tables->depth > 1) {
		st = sbuf_status(&table->held, "ooxml: table", err);
		if (st == ST_OK)
			sbuf_add_span(&tables->ready, sbuf_span(&table->held));
		sbuf_clear(&table->held);
	}
	if (st == ST_OK && tables->depth == 1)
		st = table_give_ready(tables, sink, err);
	tables->depth--;
	return st;
}
