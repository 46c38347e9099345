/*
 * words_anchor.h - words of a text that stand behind one like "password".
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted text; linear, but for a bounded look behind each of a
 *           bounded number of anchors
 *
 * words_anchors.def has the anchors. A text without any costs one pass over
 * its bytes.
 */
#ifndef SCANNERS_LOCKS_WORDS_ANCHOR_H
#define SCANNERS_LOCKS_WORDS_ANCHOR_H

#include "lib/base/span.h"
#include "lib/base/status.h"

struct words_taker {
	/* word is borrowed for the call. sure: it looks like a password that
	 * the text gives; else it may just happen to stand there. Anything
	 * but ST_OK ends the search. */
	enum status (*take)(void *context, struct span word, bool sure,
			    struct err *err);
	void *context;
};

enum words_text {
	WORDS_TEXT_NONE = 0,
	WORDS_TEXT_LINES,
	WORDS_TEXT_NAMES /* a file name in each line */
};

/* Returns: ST_OK, what the taker said */
MUST_CHECK enum status
words_anchor_find(struct span text, enum words_text kind,
		  const struct words_taker *taker, struct err *err);

/* Does text, a subject, speak of a password? */
bool words_anchor_is_in(struct span text);

#endif
