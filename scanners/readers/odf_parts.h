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
#include "scanners/readers/odf_changes.h"
#include "scanners/readers/odf_table.h"

enum { ODF_MAX_LEVELS = 128 }; /* what is deeper is part of the last */

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
	bool hides;
	size_t text_at;
	size_t paragraph_at; /* start of the paragraph it is part of */
	size_t first_mark;
};

/* One XML document of a package, or a flat one. */
struct odf_text {
	struct sink *sink;
	struct odf_level levels[ODF_MAX_LEVELS];
	size_t depth; /* may be over ODF_MAX_LEVELS */
	struct sbuf text;
	struct sbuf attributes;
	struct sbuf boxes;     /* values of a few digits, field by field */
	struct span box_names; /* what the names of the last ones start with */
	/* Whole paragraphs on their way to the sink: */
	struct sbuf batch;
	const char *batch_label;
	uint64_t line; /* of the next paragraph of the body, from 1 */
	uint64_t batch_line;
	struct sbuf aside; /* beside the table that is read */
	struct odf_tables tables;
	struct odf_changes changes;
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

/* Members of a package. */
struct odf_member {
	char *name;
	uint8_t *bytes; /* NULL: none, or given away */
	size_t len_bytes;
	bool locked; /* by the zip archive */
	const char *lock;
	bool sealed; /* by the document */
	bool opened; /* it was sealed */
	struct odf_member *next;
};

/* odf_manifest.c: mark the members that manifest says are encrypted. Gives
 * how, as "odf: aes256-cbc"; *cipher_out is kept when none is. */
MUST_CHECK enum status
odf_manifest_mark(struct span manifest, struct odf_member *members,
		  const char **cipher_out, struct err *err);

/* odf_unseal.c: decrypt those of members that manifest says are encrypted and
 * that one of hint's passwords opens. */
MUST_CHECK enum status
odf_unseal(struct sink *sink, struct span manifest, struct odf_member *members,
	   const struct child *hint, struct err *err);

/* odf_salt.c: give the random comment that member, which was sealed, begins
 * with as the text that it is, and blank it: it is nothing that was packed. */
MUST_CHECK enum status
odf_give_salt(struct sink *sink, struct odf_member *member, struct err *err);

#endif
