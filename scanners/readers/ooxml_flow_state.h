/*
 * ooxml_flow_state.h - where the reader of a part of a package stands.
 *
 * Layer:    scanners/readers; private to ooxml_flow*.c
 */
#ifndef SCANNERS_READERS_OOXML_FLOW_STATE_H
#define SCANNERS_READERS_OOXML_FLOW_STATE_H

#include "scanners/readers/ooxml_element.h"
#include "scanners/readers/ooxml_paragraph.h"
#include "scanners/readers/ooxml_table.h"
#include "scanners/readers/xml_walk.h"

enum {
	OOXML_MAX_PARAGRAPHS = 16, /* in each other, by text boxes */
	OOXML_CONTROL_BYTES = 400,
	OOXML_PLACE_BYTES = 160,
	OOXML_MASK_PHONETIC = 1 << OOXML_READINGS
};

/* An element that is open. */
struct ooxml_level {
	uint8_t element; /* enum ooxml_element */
	uint8_t mask;    /* who reads its text */
	uint8_t table;   /* in a cell of this table, from 1; 0: running text */
	bool chose;      /* alternate content: the first choice was seen */
};

struct ooxml_flow {
	struct sink *sink;
	const struct place *place;
	struct sbuf text; /* running text, not yet given */
	uint64_t line;    /* of its first byte */
	struct ooxml_side side;
	struct ooxml_paragraph paragraphs[OOXML_MAX_PARAGRAPHS];
	size_t paragraph_depth; /* may be over OOXML_MAX_PARAGRAPHS */
	struct ooxml_tables tables;
	struct sbuf loose; /* text of an element that is none of ours */
	/* The content control that is open, with its name. */
	struct sbuf control_name;
	struct sbuf control_text;
	size_t control_depth;
	/* The name of the element around. */
	struct sbuf name;
	size_t name_depth;
	/* Where the comment stands that is open: "Sheet1!B2"; empty: none. */
	const char *cells; /* in front of its cell; the caller's */
	char cell[OOXML_PLACE_BYTES];
	struct ooxml_level levels[XML_WALK_DEPTH + 1];
	size_t depth; /* of the innermost; at 0 is the document */
};

/* The paragraph that is open, or NULL. */
struct ooxml_paragraph *ooxml_flow_paragraph(struct ooxml_flow *flow);

/* Where text of the innermost element goes: a cell, or the running text. */
struct sbuf *ooxml_flow_out(struct ooxml_flow *flow);

/* Text of a run. */
void ooxml_flow_add(struct ooxml_flow *flow, unsigned mask, struct span text);

/* Give the running text. */
MUST_CHECK enum status
ooxml_flow_give(struct ooxml_flow *flow, struct err *err);

/* The innermost element was opened; or is about to be closed. */
MUST_CHECK enum status
ooxml_flow_on_open(struct ooxml_flow *flow, const char *const *attributes,
		   struct err *err);
MUST_CHECK enum status
ooxml_flow_on_close(struct ooxml_flow *flow, struct err *err);

#endif
