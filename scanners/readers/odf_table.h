/*
 * odf_table.h - tables of an OpenDocument.
 *
 * Layer:    scanners/readers; private to odf_*.c
 */
#ifndef SCANNERS_READERS_ODF_TABLE_H
#define SCANNERS_READERS_ODF_TABLE_H

#include "scanners/readers/sink.h"

struct odf_text;

enum { ODF_MAX_TABLES = 8 }; /* tables in cells of tables */

/* A cell of the row that is being read. */
struct odf_cell {
	uint32_t column;
	uint32_t repeat;
	bool number;
	struct span type;  /* office:value-type, in the document */
	struct span value; /* office:value or the like, likewise */
	size_t text_at;    /* in odf_tables.text */
	size_t len_bytes;
};

struct odf_table {
	size_t level; /* of its element */
	size_t name_at;
	size_t first_cell;
	size_t text_at;
	uint32_t row;
	uint32_t column; /* of the last cell */
	uint32_t repeat; /* of the row */
	bool in_row;
	bool in_cell;
};

/* The tables around the place that is read, the innermost last. */
struct odf_tables {
	struct odf_table open[ODF_MAX_TABLES];
	size_t depth;
	struct sbuf names; /* of the open ones, each with its NUL */
	struct sbuf text;  /* of the cells of open rows */
	struct odf_cell *cells;
	size_t count;
	size_t room;
	struct sbuf shown; /* what cells show that is not their value */
};

void odf_tables_init(struct odf_tables *tables);
void odf_tables_done(struct odf_tables *tables);
MUST_CHECK enum status
odf_open_table(struct odf_text *odf, struct span attributes, struct err *err);
void odf_open_row(struct odf_text *odf, struct span attributes);
MUST_CHECK enum status
odf_open_cell(struct odf_text *odf, struct span attributes, struct err *err);
/* False: no cell is open. */
bool odf_add_to_cell(struct odf_text *odf, struct span utf8);
void odf_close_cell(struct odf_text *odf);
MUST_CHECK enum status odf_close_row(struct odf_text *odf, struct err *err);
MUST_CHECK enum status odf_close_table(struct odf_text *odf, struct err *err);

/* The value of an attribute of a tag, in any name space. */
struct span odf_attribute(struct span attributes, const char *name);

#endif
