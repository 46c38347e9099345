/*
 * words_value.h - what stands behind an anchor: the password, if there is one.
 *
 * Layer:    scanners/locks; for words_anchor.c
 * Threads:  no shared state
 * Input:    untrusted text, a secret
 */
#ifndef SCANNERS_LOCKS_WORDS_VALUE_H
#define SCANNERS_LOCKS_WORDS_VALUE_H

#include "scanners/locks/words_anchor.h"
#include "scanners/locks/words_fold.h"

enum words_anchor_kind {
	WORDS_ANCHOR_NONE = 0,
	WORDS_ANCHOR_STRONG,
	WORDS_ANCHOR_WEAK,
	WORDS_ANCHOR_OPEN /* "to unpack it": what follows may be a program */
};

struct words_anchored {
	struct span raw; /* from the anchor on */
	const struct words_folded *folded;
	size_t at; /* in folded, behind the anchor */
	enum words_anchor_kind kind;
	bool in_name;
	bool alone; /* in its line */
};

/* Returns: ST_OK, what the taker said */
MUST_CHECK enum status
words_value_find(const struct words_anchored *anchored,
		 const struct words_taker *taker, struct err *err);

#endif
