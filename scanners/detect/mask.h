/*
 * mask.h - hide digits; detect_mask() of detect.h lives here, too.
 *
 * Layer:    scanners/detect
 */
#ifndef SCANNERS_DETECT_MASK_H
#define SCANNERS_DETECT_MASK_H

#include "scanners/detect/detect.h"

/* As detect_mask(), but every digit goes; only kanji digits that stand alone
 * stay, since they are words. */
void mask_all_digits(struct span utf8, struct sbuf *out);

#endif
