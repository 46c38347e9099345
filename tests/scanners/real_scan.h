/* real_scan.h - one scan by the engine with the readers of the mail worker. */
#ifndef TESTS_SCANNERS_REAL_SCAN_H
#define TESTS_SCANNERS_REAL_SCAN_H

#include "scanners/worker/engine.h"

struct real_scan {
	struct engine *engine;
	struct engine_request request;
	struct engine_readers readers;
	struct scan_report report; /* points into engine */
	uint8_t *body;             /* a heap block of exactly its size */
};

/* Scan body as a mail, or as a file of that name; the test fails when there is
 * no report. Limits as conf/sekimori.conf has them, with 20 s of time. */
void real_scan_mail(struct real_scan *scan, struct span body);
void real_scan_file(struct real_scan *scan, const char *name, struct span body);
/* As both, within other limits; name NULL: a mail. */
void real_scan_within(struct real_scan *scan, const char *name,
		      struct span body, const struct engine_limits *limits);
extern const struct engine_limits real_scan_limits;
void real_scan_done(struct real_scan *scan);

/* Was the number found, in the part (NULL: any)? */
bool real_scan_found(const struct real_scan *scan, const char *part);

/* Was something not read for this reason, with these words in its detail? */
bool real_scan_opaque(const struct real_scan *scan, enum report_reason reason,
		      const char *detail);

/* One line for each thing in the report, for messages of tests. */
void real_scan_print(const struct real_scan *scan);

#endif
