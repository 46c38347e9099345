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

#endif
