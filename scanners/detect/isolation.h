/*
 * isolation.h - does a number stand alone, or is it a piece of something?
 *
 * Layer:    scanners/detect; includes lib/base and scanners/text
 */
#ifndef SCANNERS_DETECT_ISOLATION_H
#define SCANNERS_DETECT_ISOLATION_H

#include "lib/base/span.h"
#include "scanners/detect/check_digit.h"

enum isolation {
	ISOLATION_NONE = 0, /* part of a word, id, URL, address or fraction */
	ISOLATION_GLUED, /* only what follows looks so: a file name, a unit */
	ISOLATION_ALONE
};

/* How what is around [start, end) leaves the number. */
enum isolation isolation_of(struct span text, size_t start, size_t end);

/* One digit twelve times: a placeholder. */
bool isolation_is_repeated(const uint8_t digits[CHECK_DIGIT_COUNT]);

#endif
