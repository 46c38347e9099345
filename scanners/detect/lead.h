/*
 * lead.h - the words that lead up to a number in its own sentence.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted text; looks back a bounded way
 *
 * A number has a name of its own more often than any list of words can know:
 * 照会番号, 申込No. And a word for My Number in a sentence that is over names
 * the number of the next one only when it announces it (下記) or when nothing
 * else leads up to that number.
 */
#ifndef SCANNERS_DETECT_LEAD_H
#define SCANNERS_DETECT_LEAD_H

#include "lib/base/span.h"

struct lead {
	bool noun; /* it ends in a compound that names some number */
	uint64_t noun_distance; /* characters between that and the number */
	uint64_t stem_distance; /* the same for what "number" is said of */
	bool detached;          /* the label is of another sentence */
	bool words;             /* and others lead up to the number */
	bool ships;             /* and it sends a thing that has a number */
};

/*
 * What leads up to the number at at, when the last label before it ends
 * label_distance characters earlier; UINT64_MAX: there is none. Distances are
 * those of judge.h.
 */
struct lead lead_of(struct span text, size_t at, uint64_t label_distance);

/*
 * Is the label that ends label_distance characters before the number at at of
 * a sentence that is over, and neither announces a number nor sends one? "Thank
 * you for your call" names no telephone number.
 */
bool lead_is_past(struct span text, size_t at, uint64_t label_distance);

/* Is all that leads up to the number in its line a word for whose it is (本人,
 * 妻)? */
bool lead_refers(struct span text, size_t at);

/* Does a sentence end in the distance characters before at? */
bool lead_is_over(struct span text, size_t at, uint64_t distance);

enum lead_value {
	LEAD_VALUE_NONE = 0,
	LEAD_VALUE_SHORT, /* a few digits, as of an extension */
	LEAD_VALUE_LONG
};

/* Does a label that ends at at have a number right behind it? */
enum lead_value lead_value_behind(struct span text, size_t at);

/* Does text, a header or a name, end in a compound that names a number? */
bool lead_is_noun(struct span text);

#endif
