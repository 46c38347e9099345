/*
 * fold.h - one meaning for the many ways to write a digit, mark or letter.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  no shared state
 *
 * A table of our own and not NFKC, which makes "12" of a circled twelve and
 * leaves kanji digits and most hyphens as they are.
 */
#ifndef SCANNERS_DETECT_FOLD_H
#define SCANNERS_DETECT_FOLD_H

#include "lib/base/span.h"

enum fold_digit_kind {
	FOLD_DIGIT_NONE = 0,
	FOLD_DIGIT_ASCII,
	FOLD_DIGIT_WIDE,     /* full-width */
	FOLD_DIGIT_OTHER,    /* mathematical, of another script */
	FOLD_DIGIT_ENCLOSED, /* circled, in parentheses: they also count points
			      */
	FOLD_DIGIT_RAISED,   /* superscript, subscript: they also mark notes */
	FOLD_DIGIT_KANJI     /* a circle counts as a zero of these */
};

/* What kind of digit cp is; its value to *value_out when it is one. */
enum fold_digit_kind fold_digit(uint32_t cp, uint8_t *value_out);

/* Not seen by a reader, or no character of its own: zero-width characters,
 * soft hyphen, NUL, what is put over or around the character before (keycaps,
 * lines, accents). */
bool fold_is_invisible(uint32_t cp);

/* Marks that may stand between groups of digits. */
enum fold_mark {
	FOLD_MARK_NONE = 0,
	FOLD_MARK_SPACE, /* blank or tab, no line end */
	FOLD_MARK_HYPHEN,
	FOLD_MARK_DOT, /* full stop and middle dot */
	FOLD_MARK_SLASH,
	FOLD_MARK_BAR,
	FOLD_MARK_UNDERSCORE,
	FOLD_MARK_WAVE,
	FOLD_MARK_BRACKET /* of any kind, opening or closing */
};
enum fold_mark fold_mark(uint32_t cp);

/* Full-width ASCII to ASCII; everything else as it is. */
uint32_t fold_width(uint32_t cp);

/*
 * The next letter at or after *at as labels compare it: width, case and kana
 * folded, half-width kana composed with their marks; white space, invisible
 * characters, long vowels, middle dots, hyphens, underscores, colons and the
 * quote marks behind a line end left out. Moves *at behind it; *start_out is
 * where it started. 0 at the end.
 */
uint32_t fold_letter_next(struct span text, size_t *at, size_t *start_out);

#endif
