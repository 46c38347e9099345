#include "tests/scanners/detector_scan.h"

#include "lib/base/parse.h"
#include "tests/harness/check.h"

const struct place scan_body = { PLACE_BODY, 1, NULL };

void
scan_start(struct scan *scan)
{
	scan_start_in(scan, REPORT_PROFILE_STANDARD);
}

static void
scan_open(struct scan *scan, const struct detect_options *options)
{
	*scan = (struct scan){ 0 };
	check_status(ST_OK, detector_new(options, &scan->detector, &scan->err),
		     &scan->err);
	check_status(ST_OK, detector_part(scan->detector, "1", &scan->err),
		     &scan->err);
}

void
scan_start_in(struct scan *scan, enum report_profile profile)
{
	const struct detect_options options = { .profile = profile,
						.reveal = true,
						.max_findings = 1000 };

	scan_open(scan, &options);
}

void
scan_start_with(struct scan *scan, const struct words *words)
{
	const struct detect_options options = { .words = words,
						.profile =
							REPORT_PROFILE_STANDARD,
						.reveal = true,
						.max_findings = 1000 };

	scan_open(scan, &options);
}

void
scan_text(struct scan *scan, const char *text)
{
	check_status(ST_OK,
		     detector_text(scan->detector, &scan_body, span_of(text),
				   &scan->err),
		     &scan->err);
}

void
scan_cell(struct scan *scan, uint32_t row, uint32_t column, const char *text)
{
	const struct cell cell = { "Sheet1", row, column, CELL_TEXT };

	check_status(
		ST_OK,
		detector_cell(scan->detector, &cell, span_of(text), &scan->err),
		&scan->err);
}

void
scan_finish(struct scan *scan)
{
	check_status(ST_OK,
		     detector_finish(scan->detector, &scan->report, &scan->err),
		     &scan->err);
	scan->report.verdict = scan->report.level >= REPORT_LEVEL_SUSPECT
				       ? REPORT_VERDICT_FOUND
				       : REPORT_VERDICT_CLEAN;
	check_status(ST_OK, report_check(&scan->report, &scan->err),
		     &scan->err);
}

void
scan_one(struct scan *scan, const char *text)
{
	scan_start(scan);
	scan_text(scan, text);
	scan_finish(scan);
}

void
scan_end(struct scan *scan)
{
	detector_free(&scan->detector);
}
