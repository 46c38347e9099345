/*
 * shape.h - what else a number of twelve digits looks like.
 *
 * Layer:    scanners/detect; includes lib/base and lib/report
 * Threads:  values
 * Input:    untrusted text
 *
 * Dates, years, orders of a day, telephone numbers, registration, licence and
 * parcel numbers: each is a small share of all numbers (the shares stand in
 * conf/words/weights.conf), so a real My Number seldom looks like one. A
 * number that is several of them is the rarest.
 */
#ifndef SCANNERS_DETECT_SHAPE_H
#define SCANNERS_DETECT_SHAPE_H

#include "lib/base/span.h"
#include "lib/report/evidence.h"
#include "scanners/detect/check_digit.h"

/*
 * The row of the group SHAPE for digits; written is the text they stand in,
 * whose groups some shapes need.
 */
enum evidence
shape_of(const uint8_t digits[CHECK_DIGIT_COUNT], struct span written);

#endif
