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
#include "scanners/locks/words_mail.h"

struct sink;

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
 * What pages must not show of this mail: words behind anchors, those that
 * opened something, and while something is locked those that may open it
 * though nobody says so.
 *
 * Gives:    *list_out, NULL when there are none; words_list_free() it
 * Returns:  ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
engine_hide_find(const struct sink *sink, struct words_list **list_out,
		 struct err *err);

/*
 * Append words of body and subject that are as random as passwords are
 * and ordinary words are not; not what a label of words (NULL: none) says to
 * be something else, as the number of an order. Returns: ST_OK, ST_NO_MEMORY
 */
struct words;
MUST_CHECK enum status
engine_hide_tokens(const struct words_mail *mail, const struct words *words,
		   struct words_list *list, struct err *err);

#endif
