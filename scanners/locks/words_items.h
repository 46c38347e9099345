/*
 * words_items.h - passwords made of what a mail names: dates, firms, people,
 * numbers, files.
 *
 * Layer:    scanners/locks; includes only lib/
 * Threads:  no shared state
 * Input:    untrusted texts; words are secrets
 */
#ifndef SCANNERS_LOCKS_WORDS_ITEMS_H
#define SCANNERS_LOCKS_WORDS_ITEMS_H

#include "scanners/locks/words_dates.h"
#include "scanners/locks/words_list.h"
#include "scanners/locks/words_mail.h"

/* When the mail was sent, as it says. False: it does not. */
bool
words_items_date(const struct words_mail *mail, struct words_date *date_out);

/*
 * Dates around that of the mail, alone and with names of the mail, and with
 * the words that list has so far (some notices give one part of a password and
 * the rest is agreed), as TEMPLATE. Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
words_items_dates(const struct words_mail *mail, struct words_list *list,
		  struct err *err);

/* Names of hosts, people and files, with what is put behind them; numbers of
 * telephones and bills: as ITEM. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
words_items_names(const struct words_mail *mail, struct words_list *list,
		  struct err *err);

/* Names, dates, the words that list has so far, and telephone numbers put
 * together (words_parts.h), as TEMPLATE. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
words_items_parts(const struct words_mail *mail, struct words_list *list,
		  struct err *err);

/* What many people use, in all its forms (word_forms.h), as COMMON. Returns:
 * ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
words_items_common(struct words_list *list, struct err *err);

#endif
