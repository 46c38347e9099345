/*
 * find_texts.h - what find_bench searches.
 *
 * Layer:    tests
 */
#ifndef TESTS_BENCH_FIND_TEXTS_H
#define TESTS_BENCH_FIND_TEXTS_H

#include "lib/base/sbuf.h"

/* Each appends about len_bytes; the same text in every run. */

/* Japanese business mail full of telephone numbers, dates and amounts; about
 * every ninth line has a number of twelve digits, in one of three forms. */
void find_text_mail(struct sbuf *out, size_t len_bytes);

/* ASCII, digits for the most part; every row has a number of twelve. */
void find_text_table(struct sbuf *out, size_t len_bytes);

/* Japanese prose without a digit. */
void find_text_prose(struct sbuf *out, size_t len_bytes);

#endif
