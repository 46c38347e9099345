/*
 * words_give.h - a word that may be a password, in all the ways to read it.
 *
 * Layer:    scanners/locks; for words_value.c and words_token.c
 * Threads:  no shared state
 * Input:    untrusted text, a secret
 */
#ifndef SCANNERS_LOCKS_WORDS_GIVE_H
#define SCANNERS_LOCKS_WORDS_GIVE_H

#include "scanners/locks/words_anchor.h"

enum { WORDS_LEAST_BYTES = 4, WORDS_STRONG_BYTES = 6, WORDS_MOST_BYTES = 64 };

/* With and without the marks at its end that may belong to the sentence. */
MUST_CHECK enum status words_give(const struct words_taker *taker,
				  struct span word, bool sure, struct err *err);

/* Printed ASCII but no blank. */
static inline bool
words_is_printed(uint8_t c)
{
	return c > ' ' && c < 0x7F;
}

static inline bool
words_is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* An address, a link, a file: no password, as far as one can tell. */
bool words_is_reference(struct span word);

/* Where a file is, with slashes; a program, with its version. */
bool words_is_path(struct span word);
bool words_is_program(struct span word);

/* Digits, or letters of both cases, or several kinds of characters. */
bool words_is_mixed(struct span word);

/* Nothing that stands in sentences: long, letters, and digits, odd marks or
 * capital letters inside. */
bool words_is_strong(struct span word);

/* Not one character again and again, and something but marks in it. */
bool words_is_plausible(struct span word);

#endif
