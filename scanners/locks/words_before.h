/*
 * words_before.h - the password that stands before its anchor: "Abc123 is the
 * password", 「Abc123」がパスワードです, Abc123（パスワード）.
 *
 * Layer:    scanners/locks; for words_anchor.c
 * Threads:  no shared state
 * Input:    untrusted text, a secret
 */
#ifndef SCANNERS_LOCKS_WORDS_BEFORE_H
#define SCANNERS_LOCKS_WORDS_BEFORE_H

#include "scanners/locks/words_value.h"

/*
 * before is all text up to the anchor, of which only its line counts.
 * Returns: ST_OK, *found_out set when there was one; what the taker said
 */
MUST_CHECK enum status
words_before_find(const struct words_anchored *anchored, struct span before,
		  const struct words_taker *taker, bool *found_out,
		  struct err *err);

#endif
