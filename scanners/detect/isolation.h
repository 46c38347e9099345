/*
 * isolation.h - does a number stand alone, or is it a piece of something?
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 */
#ifndef SCANNERS_DETECT_ISOLATION_H
#define SCANNERS_DETECT_ISOLATION_H

#include "lib/base/span.h"
#include "scanners/detect/check_digit.h"

/*
 * True when nothing around [start, end) makes the number part of a word, id,
 * URL, address or decimal fraction.
 */
bool isolation_holds(struct span text, size_t start, size_t end);

/* One digit twelve times: a placeholder. */
bool isolation_is_repeated(const uint8_t digits[CHECK_DIGIT_COUNT]);

#endif
