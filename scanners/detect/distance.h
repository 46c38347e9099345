/*
 * distance.h - how much text lies between two places.
 *
 * Layer:    scanners/detect; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted UTF-8
 *
 * Letters count, neither white space nor ASCII digits, so that layout does not
 * stretch distances.
 */
#ifndef SCANNERS_DETECT_DISTANCE_H
#define SCANNERS_DETECT_DISTANCE_H

#include "lib/base/span.h"

/* The characters in text but for those. */
size_t distance_of(struct span text);

#endif
