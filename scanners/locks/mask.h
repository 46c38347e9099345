/*
 * mask.h - what passwords of a shape look like, as people write it down.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values
 *
 * A mask is a row of places. A character stands for itself, and
 *
 *	?d  a digit          ?l  a lower case letter   ?u  an upper case letter
 *	?a  any of ASCII that is printed               ?s  those of ?a that are
 *	??  a question mark                                no letters and digits
 *	?[a-f0-9]  one of a set; "]" and "-" stand first in it
 *
 * may have {n} or {n,m} behind it for so many places of the kind: "?d{1,8}".
 */
#ifndef SCANNERS_LOCKS_MASK_H
#define SCANNERS_LOCKS_MASK_H

#include "lib/base/span.h"
#include "lib/base/status.h"

enum { MASK_MAX_PLACES = 64, MASK_MAX_CHARACTERS = 256, MASK_MAX_ITEMS = 64 };

/* The characters that may stand in a place. */
struct mask_set {
	uint8_t characters[MASK_MAX_CHARACTERS];
	uint16_t count;
};

struct mask_item {
	struct mask_set set;
	uint16_t least;
	uint16_t most;
};

/* A mask as it was written. */
struct mask {
	struct mask_item items[MASK_MAX_ITEMS];
	size_t count;
};

/* One of the shapes that it stands for: a set for each place. */
struct mask_shape {
	uint16_t repeats[MASK_MAX_ITEMS];
	const struct mask_set *places[MASK_MAX_PLACES];
	size_t count;
};

/* Gives: *mask_out, release with mask_free(). Returns: ST_OK; ST_FORMAT the
 * text is no mask, err says where; ST_LIMIT; ST_NO_MEMORY */
MUST_CHECK enum status
mask_parse(const char *text, struct mask **mask_out, struct err *err);
void mask_free(struct mask **mask);

/* The first shape, then the others, those with fewer places of the last kinds
 * first. Borrows mask. False: there are no more. */
void mask_first(const struct mask *mask, struct mask_shape *shape_out);
bool mask_next(const struct mask *mask, struct mask_shape *shape);

/* How many passwords; UINT64_MAX: that many or more. */
uint64_t mask_shape_size(const struct mask_shape *shape);
uint64_t mask_size(const struct mask *mask);

#endif
