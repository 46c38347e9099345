/*
 * words_list.h - words that may be passwords, in the order of trying them.
 *
 * Layer:    scanners/locks; includes only lib/
 * Threads:  a list belongs to one thread
 * Input:    secrets: wiped with the list
 */
#ifndef SCANNERS_LOCKS_WORDS_LIST_H
#define SCANNERS_LOCKS_WORDS_LIST_H

#include "lib/base/span.h"
#include "lib/base/status.h"
#include "lib/report/report.h"

enum { WORDS_LIST_MOST = 200000 };

struct words_list;

/* Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
words_list_new(struct words_list **list_out, struct err *err);
void words_list_free(struct words_list **list);

/*
 * Put a word (UTF-8) at the end, unless it is there already, is empty or
 * longer than REPORT_SECRET_BYTES, has controls in it or is no UTF-8, or the
 * list is full.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
words_list_add(struct words_list *list, struct span word,
	       enum report_word_source source, struct err *err);

size_t words_list_count(const struct words_list *list);
/* Followed by a NUL; borrowed until the next words_list_add(). */
struct span words_list_word(const struct words_list *list, size_t i);
enum report_word_source
words_list_source(const struct words_list *list, size_t i);

#endif
