/*
 * ooxml_table.h - the tables of a document, also in each other, as cells.
 *
 * Layer:    scanners/readers; private to ooxml_*.c
 * Threads:  values; no shared state
 *
 * The cells of a table come one after another: those of tables inside of it
 * are held back until it ends, so that headers hold for what is below them.
 */
#ifndef SCANNERS_READERS_OOXML_TABLE_H
#define SCANNERS_READERS_OOXML_TABLE_H

#include "scanners/readers/sink.h"

enum { OOXML_MAX_TABLES = 32 }; /* in each other; deeper ones are text */

struct ooxml_table {
	uint32_t number;
	uint32_t row;
	uint32_t column;
	uint32_t next_column;
	struct sbuf text; /* of the cell that is open */
	struct sbuf held; /* cells, where it is inside of another table */
};

struct ooxml_tables {
	struct ooxml_table open[OOXML_MAX_TABLES];
	size_t depth; /* may be over OOXML_MAX_TABLES */
	uint32_t count;
	struct sbuf ready; /* cells of inner tables that are whole */
	const char *prefix;
};

/* prefix: in front of the names of tables; borrowed. */
void ooxml_tables_init(struct ooxml_tables *tables, const char *prefix);
void ooxml_tables_done(struct ooxml_tables *tables);

/* The innermost table that is read as one; NULL outside of any. */
struct ooxml_table *ooxml_tables_top(struct ooxml_tables *tables);

void ooxml_tables_open(struct ooxml_tables *tables);
MUST_CHECK enum status ooxml_tables_close(struct ooxml_tables *tables,
					  struct sink *sink, struct err *err);

void ooxml_table_row(struct ooxml_table *table);
void ooxml_table_cell(struct ooxml_table *table);
/* The open cell is so many columns wide. */
void ooxml_table_span(struct ooxml_table *table, uint32_t columns);
/* The row leaves out so many columns. */
void ooxml_table_skip(struct ooxml_table *table, uint32_t columns);

/*
 * The open cell of the innermost table ends. *is_text_out: it is too long to
 * be data, and the caller takes its text from table->text.
 */
MUST_CHECK enum status
ooxml_tables_end_cell(struct ooxml_tables *tables, struct sink *sink,
		      bool *is_text_out, struct err *err);

#endif
