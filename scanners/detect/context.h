/*
 * context.h - the words around a number, for those who decide about it.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted text
 */
#ifndef SCANNERS_DETECT_CONTEXT_H
#define SCANNERS_DETECT_CONTEXT_H

#include "lib/base/sbuf.h"
#include "lib/base/span.h"

/*
 * Append the words around [start, end) of text on one line, all digits masked:
 * on each side some twenty characters, less where a line or sentence ends.
 */
void context_add(struct span text, size_t start, size_t end, struct sbuf *out);

/* The same of a number that is alone in its cell: the header above it, and the
 * first words of its row; NULL for none. */
void
context_add_cell(const char *title, const char *row_words, struct sbuf *out);

#endif
