/*
 * words_parts.h - passwords made of three parts, and of a word and a telephone
 * number.
 *
 * Layer:    scanners/locks; includes only lib/
 * Threads:  no shared state
 * Input:    untrusted texts; words are secrets
 *
 * Of the likeliest only, since the parts multiply: at most 4,608 words of
 * three parts and 1,152 with a telephone number.
 */
#ifndef SCANNERS_LOCKS_WORDS_PARTS_H
#define SCANNERS_LOCKS_WORDS_PARTS_H

#include "scanners/locks/words_dates.h"
#include "scanners/locks/words_list.h"

struct words_parts {
	const struct words_list *names;   /* of firms and people */
	const struct words_list *tokens;  /* that the mail says */
	const struct words_list *numbers; /* digits; telephones are picked */
	const struct words_date *date;    /* of the mail; NULL: none */
};

/* As TEMPLATE: sample_20261122_token, sample-token-20261122, sample5678.
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
words_parts_add(const struct words_parts *parts, struct words_list *list,
		struct err *err);

#endif
