/*
 * words_fold.h - a piece of text with widths folded, and where it came from.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values
 * Input:    untrusted text, a secret: the caller wipes what it folded
 *
 * What NFKC makes of full-width ASCII, half-width katakana, kana whose marks
 * stand apart, and blanks; nothing else is changed, since a password must stay
 * what it was.
 */
#ifndef SCANNERS_LOCKS_WORDS_FOLD_H
#define SCANNERS_LOCKS_WORDS_FOLD_H

#include "lib/base/span.h"

enum { WORDS_FOLD_BYTES = 1200 };

struct words_folded {
	size_t len_bytes;
	uint8_t text[WORDS_FOLD_BYTES];
	/* For each byte, and the end: where its character stands. */
	uint16_t from[WORDS_FOLD_BYTES + 1];
};

/* Fold as much of the start of text as fits. Line ends are "\n" then. */
void words_fold(struct span text, struct words_folded *folded_out);

/*
 * Cut the next line, or as much of a longer one as can be folded, off rest and
 * fold it. *line_out is what was cut, without the line end. False at the end.
 */
bool words_fold_line(struct span *rest, struct span *line_out,
		     struct words_folded *folded_out);

/* The next character of text at *at, which is moved behind it; bytes that are
 * no UTF-8 stand for themselves. 0 at the end. */
uint32_t words_fold_next(struct span text, size_t *at);

/* The same, folded, without what cannot be seen. */
uint32_t words_fold_char(struct span text, size_t *at);

#endif
