/*
 * ooxml_side.h - what stands beside the running text of an office part.
 *
 * Layer:    scanners/readers; private to ooxml_*.c and xlsx_*.c
 * Threads:  values; no shared state
 *
 * Attributes, field codes and further readings would part a number of the
 * text if they were given where they stand: they follow behind it.
 */
#ifndef SCANNERS_READERS_OOXML_SIDE_H
#define SCANNERS_READERS_OOXML_SIDE_H

#include "scanners/readers/sink.h"

enum ooxml_side_kind {
	OOXML_SIDE_NONE = 0,
	OOXML_SIDE_ATTRIBUTES,
	OOXML_SIDE_CODES,    /* of fields */
	OOXML_SIDE_PHONETIC, /* readings of Japanese words */
	OOXML_SIDE_SHOWN,    /* paragraphs without what is not shown */
	OOXML_SIDE_BEFORE,   /* paragraphs before tracked changes */
	OOXML_SIDE_FALLBACK, /* paragraphs as older programs show them */
	OOXML_SIDE_OTHER,    /* text where none should be */
	OOXML_SIDE_KINDS
};

struct ooxml_side {
	struct sbuf texts[OOXML_SIDE_KINDS]; /* lines */
	struct sbuf fields;                  /* label, NUL, value, NUL, … */
};

void ooxml_side_init(struct ooxml_side *side);
void ooxml_side_done(struct ooxml_side *side);

/* Append text and a line end. */
void ooxml_side_add(struct ooxml_side *side, enum ooxml_side_kind kind,
		    struct span text);

/* A value with a name of its own. */
void
ooxml_side_field(struct ooxml_side *side, const char *label, struct span value);

/* Values of attributes that are as long as a number; of a name and a value in
 * the same element, the value as a field. */
void
ooxml_side_attributes(struct ooxml_side *side, const char *const *attributes);

/* Give it all to sink, and forget it. */
MUST_CHECK enum status
ooxml_side_give(struct sink *sink, struct ooxml_side *side, struct err *err);

#endif
