/*
 * explain.h - why a number counts as one: every term in words, and their sum;
 * and what was not read.
 *
 * Layer:    cli
 * Threads:  one
 * Input:    reports quote names from mails; controls are shown as '?'
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/speech.h"
#include "lib/report/report.h"

/* To standard output, some lines; number is what is shown of it. */
void explain_finding(const struct speech *speech,
		     const struct report_finding *finding, const char *number);

/* A line for each part that was not read. */
void explain_opaques(const struct scan_report *report);
/* "opened: 2/a.zip: zip: ZipCrypto (the password in the body)" */
void explain_locks(const struct scan_report *report);

#endif
