/*
 * scan_text.h - what "sekimori scan" prints for one input.
 *
 * Layer:    cli; scan_json.c is JSON, scan_text.c and scan_preview.c are for
 *           people
 * Threads:  one
 * Input:    reports quote names from mails; controls are shown as '?'
 */
#ifndef CLI_SCAN_TEXT_H
#define CLI_SCAN_TEXT_H

#include "cli/speech.h"
#include "lib/report/preview.h"
#include "lib/report/report.h"

struct scan_print {
	const struct speech *speech; /* for explain */
	bool json;
	bool reveal;  /* numbers in clear */
	bool explain; /* all evidence, and what was only noted */
	bool preview; /* the text, in place of what was found */
};

/* Findings below "suspect" are background: shown to who asks why. */
bool
scan_shows(const struct scan_print *how, const struct report_finding *finding);

/* One JSON object and a line end to standard output; file is UTF-8.
 * Returns: ST_OK, ST_NO_MEMORY, ST_IO */
MUST_CHECK enum status
scan_print_json(const struct scan_print *how, const char *file,
		const struct scan_report *report, struct err *err);

/* A heading, a table of findings, a line for each part that was not read.
 * Returns: as scan_print_json() */
MUST_CHECK enum status
scan_print_text(const struct scan_print *how, const char *file,
		const struct scan_report *report, struct err *err);

/* Every part with its lines; "*" before those with numbers.
 * Returns: as scan_print_json() */
MUST_CHECK enum status
scan_print_preview(const char *file, const struct preview *preview,
		   struct err *err);

#endif
