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
 * 0 when text is better taken as it stands.
 */
size_t cell_number_digits(struct span text, enum cell_kind kind,
			  char digits[CELL_NUMBER_BYTES]);

/* Without blanks around it, and the marks that keep a program from reading
 * text as a number: '0123, ="0123". */
struct span cell_number_trim(struct span text);

/*
 * Put zeros before count digits so that they are twelve. False when so few or
 * many are none that lost them, or when they begin with one.
 */
bool cell_number_pad(char digits[CELL_NUMBER_BYTES], size_t *count);

#endif
