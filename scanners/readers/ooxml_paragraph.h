/*
 * ooxml_paragraph.h - a paragraph of an office part, in all its readings.
 *
 * Layer:    scanners/readers; private to ooxml_*.c
 * Threads:  values; no shared state
 */
#ifndef SCANNERS_READERS_OOXML_PARAGRAPH_H
#define SCANNERS_READERS_OOXML_PARAGRAPH_H

#include "scanners/readers/ooxml_side.h"

/* Who reads it. */
enum ooxml_reading {
	OOXML_READ_NOW = 0, /* all text, tracked changes made */
	OOXML_READ_SHOWN,   /* without hidden text, and what no program knows */
	OOXML_READ_BEFORE,  /* without tracked changes */
	OOXML_READ_FALLBACK, /* by a program that knows no extensions */
	OOXML_READINGS
};
enum {
	OOXML_MASK_NOW = 1 << OOXML_READ_NOW,
	OOXML_MASK_SHOWN = 1 << OOXML_READ_SHOWN,
	OOXML_MASK_BEFORE = 1 << OOXML_READ_BEFORE,
	OOXML_MASK_FALLBACK = 1 << OOXML_READ_FALLBACK,
	OOXML_MASK_ALL = (1 << OOXML_READINGS) - 1
};

struct ooxml_paragraph {
	struct sbuf readings[OOXML_READINGS];
	bool parted; /* the readings differ; else only the first is kept */
	bool joins;  /* its end is deleted: the next goes on */
	bool hidden; /* the run that is open */
};

void ooxml_paragraph_init(struct ooxml_paragraph *paragraph);
void ooxml_paragraph_done(struct ooxml_paragraph *paragraph);

/* Append text to the readings in mask (none: to none). */
void ooxml_paragraph_add(struct ooxml_paragraph *paragraph, unsigned mask,
			 struct span text);

/*
 * The end: what stands there now to out, with a line end; readings that differ
 * to side. The paragraph is empty then.
 */
MUST_CHECK enum status
ooxml_paragraph_end(struct ooxml_paragraph *paragraph, struct sbuf *out,
		    struct ooxml_side *side, struct err *err);

#endif
