/*
 * split_number.h - digits behind a label that unusual marks part.
 *
 * Layer:    scanners/detect
 * Threads:  values
 * Input:    untrusted text; looks a bounded way ahead
 *
 * "1234,5678,9018", "1234の5678の9018", groups or single digits with blank
 * lines between: what candidate.h takes for several numbers, since tables,
 * times and amounts are written so. Right behind a direct label it is one; and
 * so are digits on two lines that are quoted with a name, "Taro> ".
 */
#ifndef SCANNERS_DETECT_SPLIT_NUMBER_H
#define SCANNERS_DETECT_SPLIT_NUMBER_H

#include "scanners/detect/candidate.h"

/* Is there one behind at, where a direct label ends, with a right check digit?
 * What candidate_next() yields is none. */
bool split_number_behind(struct span text, size_t at,
			 struct candidate *candidate_out);

#endif
