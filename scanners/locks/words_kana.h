/*
 * words_kana.h - a password in Japanese letters that nothing quotes.
 *
 * Layer:    scanners/locks; for words_value.c
 * Threads:  no shared state
 * Input:    untrusted text, a secret
 */
#ifndef SCANNERS_LOCKS_WORDS_KANA_H
#define SCANNERS_LOCKS_WORDS_KANA_H

#include "scanners/locks/words_cursor.h"

/* Is what stands from from to to, behind an anchor, the password itself and no
 * sentence about it? With digits inside when it follows は, or is in the line
 * below (lone); of one word when a colon or the like promised it. */
bool words_kana_is_sure(const struct words_cursor *cursor, size_t from,
			size_t to, bool lone);

#endif
