/*
 * cell_number.h - the whole number that a numeric cell means.
 *
 * Layer:    scanners/detect
 *
 * Writers put 123456789018 into XML as "1.23456789018E11" or
 * "123456789018.0", and a number format drops leading zeros.
 */
#ifndef SCANNERS_DETECT_CELL_NUMBER_H
#define SCANNERS_DETECT_CELL_NUMBER_H

#include "scanners/readers/sink.h"

enum { CELL_NUMBER_BYTES = 24 };

/*
 * Write the digits of text to digits (no NUL) and return how many there are;
 * 0 when text is better taken as it stands. labelled: under a label of a My
 * Number, so that lost zeros in front are put back if that makes it valid.
 */
size_t cell_number_digits(struct span text, enum cell_kind kind, bool labelled,
			  char digits[CELL_NUMBER_BYTES]);

#endif
