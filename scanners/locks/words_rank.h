/*
 * words_rank.h - what may be a password of what a mail carries, in the order
 * of trying it.
 *
 * Layer:    scanners/locks; includes only lib/
 * Threads:  no shared state
 * Input:    untrusted texts; words are secrets
 */
#ifndef SCANNERS_LOCKS_WORDS_RANK_H
#define SCANNERS_LOCKS_WORDS_RANK_H

#include "scanners/locks/words_list.h"
#include "scanners/locks/words_mail.h"

/*
 * Words that stand behind one like "password" in body, subject and names, or at
 * the start of what is attached, and look like one: at most most. Below a
 * subject that speaks of a password, also those that look like one by
 * themselves.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
words_rank_said(const struct words_mail *mail, size_t most,
		struct words_list *said, struct err *err);

/*
 * All words of the mail and those of listed, one in each line, behind those
 * that list has already. The same mail gives the same order.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
words_rank(const struct words_mail *mail, struct span listed,
	   struct words_list *list, struct err *err);

#endif
