/*
 * own_id.h - twelve-digit ids that the organisation itself gives out.
 *
 * Layer:    lib/words; includes lib/base
 * Threads:  values
 *
 * A pattern is twelve characters, digits and "#" for any digit; blanks and
 * hyphens between them do not count: "2026########", "5551-####-####".
 */
#ifndef LIB_WORDS_OWN_ID_H
#define LIB_WORDS_OWN_ID_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum {
	OWN_ID_DIGITS = 12,
	OWN_ID_MIN_FIXED = 3, /* fewer would cover nearly everything */
	OWN_ID_MIN_OPEN = 4   /* fewer would name somebody */
};

/* Digits of four bits, the first one highest. */
struct own_id {
	uint64_t mask;
	uint64_t want;
};

/* The same form of a number. */
uint64_t own_id_pack(uint64_t number);

/* Returns: ST_OK; ST_FORMAT err says what is wrong, without the digits */
MUST_CHECK enum status
own_id_parse(const char *text, struct own_id *id_out, struct err *err);

/* Twelve digits, blanks and hyphens between them. Returns: ST_OK, ST_FORMAT */
MUST_CHECK enum status
own_id_parse_number(const char *text, uint64_t *number_out, struct err *err);

#endif
