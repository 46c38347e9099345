/*
 * dull.h - records of a table in which nothing can be found.
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted; linear time, nothing is allocated
 *
 * Long tables are records of names, dates and amounts. Cutting each into cells
 * and looking at every cell costs ten times as much as a look at the whole
 * record, which tells whether it can hold a number, a piece of one, or a word
 * that governs numbers. It may say no too often, but never yes wrongly.
 */
#ifndef SCANNERS_DETECT_DULL_H
#define SCANNERS_DETECT_DULL_H

#include "scanners/detect/digit_filter.h"
#include "scanners/detect/labels.h"

/*
 * Is record, whose cells are parted by delimiter (ASCII, no blank), without
 *	- twelve digits that may be one number, nine and more in a row (zeros in
 *	  front may be lost), twelve cells of one digit, three of four digits,
 *	- words of labels, and nouns that name numbers (lead.h)?
 */
bool
dull_is_record(const struct labels *labels, const struct digit_filter *filter,
	       struct span record, uint8_t delimiter);

#endif
