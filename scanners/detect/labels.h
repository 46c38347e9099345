/*
 * labels.h - find the words that say what a number is.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  a table belongs to one scan; no shared state
 * Input:    untrusted text; linear time
 *
 * The words stand in conf/words/ and are compiled in: a worker has no files,
 * and a report made by one build can be explained by that build alone.
 */
#ifndef SCANNERS_DETECT_LABELS_H
#define SCANNERS_DETECT_LABELS_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum label_kind {
	LABEL_NONE = 0,
	LABEL_DIRECT, /* a My Number */
	LABEL_RIVAL,  /* something else */
	LABEL_FORM,   /* a form or process that handles My Numbers */
	LABEL_WEAK    /* contains a label, but is none */
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

/* Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status labels_new(struct labels **labels_out, struct err *err);
void labels_free(struct labels **labels);

/* The next word at or after at, longest first. False when there is none. */
bool labels_next(const struct labels *labels, struct span text, size_t at,
		 struct label *label_out);

#endif
