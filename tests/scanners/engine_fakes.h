/* engine_fakes.h - readers and a detector that do what a body says, and one
 * scan with them. */
#ifndef TESTS_SCANNERS_ENGINE_FAKES_H
#define TESTS_SCANNERS_ENGINE_FAKES_H

#include "scanners/worker/engine.h"
#include "tests/harness/check.h"

struct taints {
	int count;
	bool refuse;
};

struct scan {
	struct taints taints;
	struct engine *engine;
	struct engine_request request;
	struct engine_readers readers;
	struct scan_report report;
	uint8_t *body;
	enum status st;
	struct err err;
};

/* What the detector of the last scan was given. */
extern struct sbuf heard;
/* Let detector_finish() fail. */
extern bool finish_fails;
extern const struct engine_limits roomy;

void scan_run(struct scan *scan, const char *body, enum scan_input input,
	      const struct engine_limits *limits);
void scan_done(struct scan *scan);
void scan_mail(struct scan *scan, const char *body);
void assert_heard(const char *words);
void assert_opaque(const struct scan *scan, size_t i, const char *part,
		   enum report_reason reason, const char *detail);

#endif
