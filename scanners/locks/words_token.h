/*
 * words_token.h - words of a text that stand alone, or look like passwords.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted text, a secret; linear
 */
#ifndef SCANNERS_LOCKS_WORDS_TOKEN_H
#define SCANNERS_LOCKS_WORDS_TOKEN_H

#include "scanners/locks/words_anchor.h"

enum words_token {
	WORDS_TOKEN_NONE = 0,
	WORDS_TOKEN_LINES, /* each alone in its line */
	WORDS_TOKEN_MIXED, /* of several kinds of characters, a quoted one */
	WORDS_TOKEN_PLAIN  /* whatever else is ASCII */
};

/* Give those of this kind, in the order of the text; sure is false. Returns:
 * ST_OK, what the taker said */
MUST_CHECK enum status
words_token_find(struct span text, enum words_token kind,
		 const struct words_taker *taker, struct err *err);

#endif
