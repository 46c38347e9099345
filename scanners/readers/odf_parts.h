/*
 * odf_parts.h - the pieces of the reader of OpenDocument.
 *
 * Layer:    scanners/readers; private to odf_*.c and reader_odf.c
 * Threads:  one document is read by one thread
 * Input:    untrusted; nothing in it makes a reading fail, entities of its own
 *           are not expanded
 *
 * A paragraph may hold notes, frames and tables with paragraphs of their own.
 * So texts that are not whole yet lie one behind another in one buffer, and
 * each element that has a text of its own remembers where its text starts.
 */
#ifndef SCANNERS_READERS_ODF_PARTS_H
#define SCANNERS_READERS_ODF_PARTS_H

#include "scanners/readers/html_walk.h"
#include "scanners/readers/sink.h"

enum {
	ODF_MAX_LEVELS = 192, /* what is deeper is part of the last */
	ODF_MAX_TABLES = 8,   /* tables in cells of tables */
	ODF_LABEL_BYTES = 64
};

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

/* What an element's text is. */
enum odf_flow {
	ODF_FLOW_NONE = 0,
	ODF_FLOW_VALUE, /* a value with the element's name */
	ODF_FLOW_BODY,  /* paragraphs: of the text, */
	ODF_FLOW_CELL,  /* of a cell, */
	ODF_FLOW_ASIDE  /* of what stands beside: notes, deleted text */
};

struct odf_level {
	struct span name;   /* local */
	struct span label;  /* of a value */
	enum odf_flow flow; /* of paragraphs inside */
	const char *aside;  /* their label */
	bool paragraph;
	bool joins; /* its text is part of the text around it */
	size_t text_at;
};

/* One XML document of a package, or a flat one. */
struct odf_text {
	struct sink *sink;
	struct odf_level levels[ODF_MAX_LEVELS];
	size_t depth; /* may be over ODF_MAX_LEVELS */
	struct sbuf text;
	struct sbuf attributes;
	/* Whole paragraphs on their way to the sink: */
	struct sbuf batch;
	const char *batch_label;
	uint64_t line; /* of the next paragraph of the body, from 1 */
	uint64_t batch_line;
	struct sbuf aside; /* beside the table that is read */
	struct odf_tables tables;
	bool faulty; /* tags that do not fit */
	bool subset; /* it defines entities, or may */
};

/* odf_read.c: read document (in the set it says) into sink. */
MUST_CHECK enum status
odf_read_document(struct sink *sink, struct span document, struct err *err);

/* odf_text.c: the way of finished texts to the sink. */
MUST_CHECK enum status
odf_give_paragraph(struct odf_text *odf, const struct odf_level *level,
		   struct span utf8, struct err *err);
MUST_CHECK enum status
odf_give_value(struct odf_text *odf, const struct odf_level *level,
	       struct span utf8, struct err *err);
MUST_CHECK enum status odf_flush(struct odf_text *odf, struct err *err);
MUST_CHECK enum status
odf_flush_attributes(struct odf_text *odf, struct err *err);
/* Keep the attributes of a tag that may hold a number or a name; the value
 * that starts at used (or NULL) is given already. */
MUST_CHECK enum status
odf_keep_attributes(struct odf_text *odf, struct span attributes,
		    const uint8_t *used, struct err *err);
/* Append text of a paragraph: blanks and line ends are one blank each. */
void odf_add_running(struct sbuf *text, size_t start, struct span raw);

/* odf_table.c */
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

/* Members of a package. */
struct odf_member {
	char *name;
	uint8_t *bytes; /* NULL: none, or given away */
	size_t len_bytes;
	bool locked; /* by the zip archive */
	const char *lock;
	bool sealed; /* by the document */
	struct odf_member *next;
};

/* odf_manifest.c: mark the members that manifest says are encrypted. Gives
 * how, as "odf: aes256-cbc"; *cipher_out is kept when none is. */
MUST_CHECK enum status
odf_manifest_mark(struct span manifest, struct odf_member *members,
		  const char **cipher_out, struct err *err);

#endif
