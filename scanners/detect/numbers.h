/*
 * numbers.h - which distinct numbers a mail holds.
 *
 * Layer:    scanners/detect; includes lib/base
 * Threads:  a table belongs to one scan
 *
 * A hash table under a random key, so that nobody can send numbers that all
 * collide. The numbers are wiped when it is freed.
 */
#ifndef SCANNERS_DETECT_NUMBERS_H
#define SCANNERS_DETECT_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/status.h"

/* Beyond: not told apart any more. */
enum { NUMBERS_MAX = 1 << 20 };

struct number {
	uint64_t value;     /* the twelve digits, plus one; 0: free */
	int32_t local_db;   /* best score with a label of its own */
	int32_t distant_db; /* best score without: the mail's label is added */
	uint32_t subject;   /* 0: not numbered yet */
};

struct numbers;

/* Returns: ST_OK, ST_NO_MEMORY, ST_IO (no random bytes) */
MUST_CHECK enum status
numbers_new(struct numbers **numbers_out, struct err *err);
void numbers_free(struct numbers **numbers);

/* Score of a number that has none of that kind. */
enum { NUMBERS_NO_SCORE = -1000 };

/*
 * The entry of value, made when there is none; NULL when the table is full or
 * memory is short. Good until the next call.
 */
struct number *numbers_get(struct numbers *numbers, uint64_t value);

/* Step through all entries; *index starts at 0. */
struct number *numbers_next(struct numbers *numbers, size_t *index);

/* A hash under the table's key, for other tables of the same scan. */
uint64_t numbers_hash(const struct numbers *numbers, uint64_t a, uint64_t b);

#endif
