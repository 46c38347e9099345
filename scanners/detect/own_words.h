/*
 * own_words.h - what an admin's ids, samples and patterns say of a number.
 *
 * Layer:    scanners/detect
 * Threads:  belongs to one scan
 * Input:    untrusted text; a number costs at most one match of each pattern,
 *           see lib/words/words_match.h
 *
 * A pattern sees the line around the number, up to OWN_WORDS_SIDE_BYTES on
 * each side, in ASCII where it is full-width, and the number as twelve digits
 * however it is written; of a cell the heading of its column, a tab and the
 * cell.
 */
#ifndef SCANNERS_DETECT_OWN_WORDS_H
#define SCANNERS_DETECT_OWN_WORDS_H

#include "lib/words/words_match.h"
#include "scanners/detect/candidate.h"
#include "scanners/detect/evidence.h"
#include "scanners/readers/sink.h"

enum {
	OWN_WORDS_SIDE_BYTES = 200,
	OWN_WORDS_COLUMNS = 256, /* beyond: no heading */
	OWN_WORDS_TITLE_BYTES = 96
};

struct own_words {
	const struct words *words;     /* borrowed */
	struct words_matcher *matcher; /* NULL: there are no patterns */
	struct sbuf text;
	char (*titles)[OWN_WORDS_TITLE_BYTES];
	uint32_t row; /* of the last cell */
};

MUST_CHECK enum status
own_words_init(struct own_words *own, const struct words *words,
	       struct err *err);
void own_words_done(struct own_words *own);

/* A cell of a table that holds no number: the first one of a column is its
 * heading. */
void own_words_on_cell(struct own_words *own, const struct cell *cell,
		       struct span utf8);

/* Another table or part begins. */
void own_words_break(struct own_words *own);

/*
 * Set the rows OWN and PATTERN of a number with a right check digit; of one
 * with a wrong digit nothing is asked, since nothing may lift it.
 *
 * Takes:    cell, NULL when text is none
 */
void own_words_judge(struct own_words *own, struct span text,
		     const struct candidate *candidate, const struct cell *cell,
		     struct evidence_set *set);

#endif
