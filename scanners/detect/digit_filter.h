/*
 * digit_filter.h - where in a text can a number of twelve digits be?
 *
 * Layer:    scanners/detect; includes lib/base
 * Threads:  the tables are made once and do not change
 * Input:    untrusted; linear time, nothing is allocated
 *
 * candidate.h decides character by character. Before it, this filter goes
 * over the bytes in blocks of 64 and leaves out what cannot hold a candidate:
 * a sequence of digits and of the marks that may stand between them has no
 * other character inside, so that twelve digits between two other characters
 * are needed. It may let too much through, but never too little:
 *
 *	D  bytes that may start a digit of any kind fold_digit() knows
 *	K  bytes that start a character which ends every sequence
 *
 * Bytes are told apart by tables over the first three bytes of a character.
 * They are made from what fold_digit(), fold_mark() and fold_is_invisible()
 * answer, so that a new digit or mark there is one here. The same search is
 * compiled for several processors, with tables of another form. The ranges may
 * differ by what is let through in vain, the candidates in them do not.
 */
#ifndef SCANNERS_DETECT_DIGIT_FILTER_H
#define SCANNERS_DETECT_DIGIT_FILTER_H

#include "lib/base/span.h"

/* Bytes that may hold candidates; what is around is no part of them. */
struct digit_range {
	size_t start_at;
	size_t end_at; /* the text's end, or a character that ends it */
	/* Bytes that may start digits, when they are known to stand side by
	 * side, as those of ASCII do; else count is 0. */
	size_t digits_at;
	size_t digit_count;
};

enum digit_filter_path {
	DIGIT_FILTER_NONE = 0,
	DIGIT_FILTER_PORTABLE,
	DIGIT_FILTER_AVX2,
	DIGIT_FILTER_AVX512, /* with VBMI */
	DIGIT_FILTER_PATHS
};

struct digit_filter;

/* The fastest one that this processor can do. */
const struct digit_filter *digit_filter_get(void);

/* One of them, for tests and measurements; NULL when it cannot be done. */
const struct digit_filter *digit_filter_of(enum digit_filter_path path);

/* "avx2" */
const char *digit_filter_name(const struct digit_filter *filter);

/*
 * The next range at or after at. False when there is none. at must be the
 * start of the text or of a range, or the end of one.
 */
bool digit_filter_next(const struct digit_filter *filter, struct span text,
		       size_t at, struct digit_range *range_out);

/*
 * As digit_filter_next(), several at once: up to max_count. Returns how many;
 * 0 when there are none. The next call goes on at the end of the last one.
 */
size_t
digit_filter_fill(const struct digit_filter *filter, struct span text,
		  size_t at, struct digit_range *ranges, size_t max_count);

/*
 * Bit i: a digit may start at text[at + i], for the next
 * DIGIT_FILTER_LOOK_BYTES of text; at is below text.len_bytes.
 * digit_filter_is_digit() knows better.
 */
enum { DIGIT_FILTER_LOOK_BYTES = 64 };
uint64_t digit_filter_look(const struct digit_filter *filter, struct span text,
			   size_t at);

/* May a digit start at at, which is below text.len_bytes? */
bool digit_filter_is_digit(struct span text, size_t at);

#endif
