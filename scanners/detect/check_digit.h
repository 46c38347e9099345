/*
 * check_digit.h - the check digit of a My Number.
 *
 * Layer:    scanners/detect
 *
 * Ministry ordinance 85 of 2014, article 5: weights 6 5 4 3 2 7 6 5 4 3 2 from
 * the left, remainder of the sum by 11; 0 when it is 0 or 1, else 11 less it.
 */
#ifndef SCANNERS_DETECT_CHECK_DIGIT_H
#define SCANNERS_DETECT_CHECK_DIGIT_H

#include <stdbool.h>
#include <stdint.h>

enum { CHECK_DIGIT_COUNT = 12 };

/* digits are values 0 to 9, the check digit last. */
bool check_digit_is_valid(const uint8_t digits[CHECK_DIGIT_COUNT]);

#endif
