/*
 * odf_changes.h - what a paragraph says without its hidden text, and what it
 * said before its recorded changes.
 *
 * Layer:    scanners/readers; private to odf_*.c
 */
#ifndef SCANNERS_READERS_ODF_CHANGES_H
#define SCANNERS_READERS_ODF_CHANGES_H

#include "scanners/readers/sink.h"

struct odf_text;
struct odf_level;

/* A stretch of a paragraph that not every reading has. */
enum odf_mark_kind {
	ODF_MARK_NONE = 0,
	ODF_MARK_HIDDEN,
	ODF_MARK_INSERTED, /* and recorded */
	ODF_MARK_DELETED   /* what was there: it is none of the text */
};
struct odf_mark {
	enum odf_mark_kind kind;
	size_t from; /* in odf_text.text */
	size_t to;
	struct span deleted;
};

/* A recorded change. */
struct odf_change {
	struct span id;
	enum odf_mark_kind kind;
	size_t text_at; /* of what was deleted, in odf_changes.deleted */
	size_t len_bytes;
};

struct odf_changes {
	struct odf_change *list;
	size_t count;
	size_t room;
	size_t looks; /* at these lists, so far */
	bool over;    /* more than that, or than there is room for */
	size_t next;  /* where the one looked for may be */
	bool in_deletion;
	struct sbuf deleted;
	struct odf_mark *marks; /* of the paragraphs that are open */
	size_t mark_count;
	size_t mark_room;
	bool inserting;
	size_t insert_at;
	struct span style;   /* that is being defined */
	struct span *hidden; /* styles of hidden text */
	size_t hidden_count;
	size_t hidden_room;
};

void odf_changes_init(struct odf_changes *changes);
void odf_changes_done(struct odf_changes *changes);
/* An element opens, and level is its own; it ends. */
MUST_CHECK enum status
odf_changes_open(struct odf_text *odf, struct odf_level *level,
		 struct span attributes, struct err *err);
MUST_CHECK enum status
odf_changes_close(struct odf_text *odf, const struct odf_level *level,
		  struct err *err);
/* The paragraph level ends: give what else it can be read as. */
MUST_CHECK enum status
odf_changes_give(struct odf_text *odf, const struct odf_level *level,
		 struct err *err);

#endif
