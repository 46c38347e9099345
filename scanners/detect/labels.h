/*
 * labels.h - find the words that say what a number is.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  the table is made once and does not change
 * Input:    untrusted text; linear time
 *
 * The words stand in conf/words/ and are compiled in: a worker has no files,
 * and a report made by one build can be explained by that build alone.
 */
#ifndef SCANNERS_DETECT_LABELS_H
#define SCANNERS_DETECT_LABELS_H

#include "lib/base/span.h"

enum label_kind {
	LABEL_NONE = 0,
	LABEL_DIRECT, /* a My Number */
	LABEL_RIVAL,  /* something else */
	LABEL_FORM,   /* a form or process that handles My Numbers */
	LABEL_WEAK,   /* contains a label, but is none */
	/* What else stands in a person's record: */
	LABEL_BIRTH,
	LABEL_FAMILY,
	LABEL_NAME,
	LABEL_ADDRESS
};

enum label_place {
	LABEL_PLACE_NONE = 0,
	LABEL_ANYWHERE,
	LABEL_TOUCHING /* counts only right beside the number */
};

struct label {
	enum label_kind kind;
	enum label_place place;
	size_t start_at;
	size_t end_at;
};

struct labels;

/* The table of all words: made once, the same for every scan. */
const struct labels *labels_get(void);

/* The next word at or after at, longest first. False when there is none. */
bool labels_next(const struct labels *labels, struct span text, size_t at,
		 struct label *label_out);

#endif
