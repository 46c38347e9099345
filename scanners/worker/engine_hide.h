/*
 * engine_hide.h - passwords do not stand in reports: stars for them.
 *
 * Layer:    scanners/worker; includes lib/ and scanners/locks
 * Threads:  as engine.h
 * Input:    untrusted texts; words are secrets
 *
 * A word is hidden wherever it stands in a name, a subject or the words around
 * a number, in whatever width and case, and with its digits masked already.
 * The stars are always as many, so that they do not tell its length.
 */
#ifndef SCANNERS_WORKER_ENGINE_HIDE_H
#define SCANNERS_WORKER_ENGINE_HIDE_H

#include "lib/base/sbuf.h"
#include "scanners/locks/words_anchor.h"
#include "scanners/locks/words_list.h"

struct engine_locks;

#define ENGINE_HIDE_STARS "********"

/* Append text to out with stars for every one of words (NULL: none), even for
 * the first half of one that a name was cut in. True: there are some. */
bool engine_hide_text(const struct words_list *words, struct span text,
		      struct sbuf *out);

/* Put stars over the bytes of every one of words in a text whose digits may
 * be hidden as preview_mask.h says, which they stay. */
void engine_hide_over(const struct words_list *words, struct sbuf *text);

/* The same as engine_hide_text() for what stands behind anchors in text itself,
 * before anything else of the mail is known. */
void engine_hide_said(struct span text, enum words_text kind, struct sbuf *out);

/*
 * What pages must not show of this mail: words behind anchors, and those that
 * opened something.
 *
 * Gives:    *list_out, NULL when there are none; words_list_free() it
 * Returns:  ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
engine_hide_find(const struct engine_locks *locks, struct words_list **list_out,
		 struct err *err);

#endif
