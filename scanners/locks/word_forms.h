/*
 * word_forms.h - the ways in which people make a password of a word.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values
 */
#ifndef SCANNERS_LOCKS_WORD_FORMS_H
#define SCANNERS_LOCKS_WORD_FORMS_H

#include "lib/base/sbuf.h"

/* The next line of a list that is not empty; false at its end. *rest is what
 * follows. */
bool word_list_next(struct span *rest, struct span *word_out);

/* How many forms a word has. */
size_t word_forms_count(void);

/* Append form i of word to out, which is empty. False: it is the same as an
 * earlier one. */
bool word_form(struct span word, size_t i, struct sbuf *out);

#endif
