/*
 * detector_scan.h - a detector and its report, for tests.
 */
#ifndef TESTS_SCANNERS_DETECTOR_SCAN_H
#define TESTS_SCANNERS_DETECTOR_SCAN_H

#include "scanners/detect/detect.h"

/* The place that scan_text() uses: the body from its first line. */
extern const struct place scan_body;

struct scan {
	struct detector *detector;
	struct scan_report report;
	struct err err;
};

/* Begin part "1"; numbers are revealed. Every step checks its status. */
void scan_start(struct scan *scan);
/* The same; scan_start() is standard. */
void scan_start_in(struct scan *scan, enum report_profile profile);
/* Standard, with these words (borrowed). */
void scan_start_with(struct scan *scan, const struct words *words);
void scan_text(struct scan *scan, const char *text);
void
scan_cell(struct scan *scan, uint32_t row, uint32_t column, const char *text);
/* The report, after report_check(). */
void scan_finish(struct scan *scan);
void scan_one(struct scan *scan, const char *text);
void scan_end(struct scan *scan);

#endif
