/*
 * labels.h - find the words that say what a number is.
 *
 * Layer:    scanners/detect; includes lib/ and scanners/text
 * Threads:  a table does not change once made
 * Input:    untrusted text; linear time
 *
 * The words are those of lib/words. Of words that start at one place the
 * longest wins; of words that are written alike the one that was added last.
 */
#ifndef SCANNERS_DETECT_LABELS_H
#define SCANNERS_DETECT_LABELS_H

#include "lib/words/words.h"

struct label {
	enum label_kind kind;
	enum label_place place;
	size_t start_at;
	size_t end_at;
};

struct labels;

/*
 * The table of all words: once for many scans.
 * Gives: *labels_out, release with labels_free(). Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status labels_new(const struct words *words,
				  struct labels **labels_out, struct err *err);
void labels_free(struct labels **labels);

/* The next word at or after at, longest first. False when there is none. */
bool labels_next(const struct labels *labels, struct span text, size_t at,
		 struct label *label_out);

/* As labels_next(), but of words that start like no direct label and no form
 * word some are left out: for text in which only these count. */
bool labels_next_distant(const struct labels *labels, struct span text,
			 size_t at, struct label *label_out);

#endif
