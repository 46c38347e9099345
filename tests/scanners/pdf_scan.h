/* pdf_scan.h - PDF documents through the whole scanner. */
#ifndef TESTS_SCANNERS_PDF_SCAN_H
#define TESTS_SCANNERS_PDF_SCAN_H

#include "lib/base/sbuf.h"
#include "scanners/client/scan_client.h"

/* Start and end the scanner of the build: setup and teardown of a group. */
int pdf_scan_start(void **state);
int pdf_scan_stop(void **state);

/* A file below tests/data. */
void pdf_scan_load(const char *name, struct sbuf *bytes);

/* The caller frees the reply. */
struct scan_reply *pdf_scan_bytes(struct span bytes);
/* With a password, or NULL. */
struct scan_reply *pdf_scan_with(struct span bytes, const char *password);
struct scan_reply *pdf_scan_sample(const char *name);

/* Was number found (suspect or sure) in a place with these words? */
bool pdf_scan_has(const struct scan_report *report, const char *number,
		  const char *location);

/* Scan a sample: number is found there, and all was read. */
void pdf_scan_check(const char *name, const char *number, const char *location);

#endif
