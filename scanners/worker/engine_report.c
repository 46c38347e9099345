/* The report of a scan that has come to its end. */
#include "scanners/worker/engine_hide.h"
#include "scanners/worker/engine_state.h"

static void
report_fill(const struct sink *sink, struct scan_report *report)
{
	report->opaques = sink->record.opaques;
	report->opaque_count = sink->record.opaque_count;
	report->parts = sink->record.parts;
	report->part_count = sink->record.part_count;
	report->ambiguous = sink->record.ambiguous;
	report->locks = sink->record.locks;
	report->lock_count = sink->record.lock_count;
	report->dsn = sink->record.has_dsn
			      ? sink->record.dsn
			      : (struct report_dsn){ "", "", "", "" };
	report->subject =
		sink->record.subject != NULL ? sink->record.subject : "";
	report->profile = sink->request->profile;
	report->elapsed_ms = (uint32_t)engine_budget_elapsed_ms(&sink->budget);
	if (report->level >= REPORT_LEVEL_SUSPECT)
		report->verdict = REPORT_VERDICT_FOUND;
	else if (report->opaque_count > 0)
		report->verdict = REPORT_VERDICT_UNSCANNABLE;
	else
		report->verdict = REPORT_VERDICT_CLEAN;
}

enum status
engine_report(struct sink *sink, struct scan_report *report, struct err *err)
{
	enum status st = ST_OK;

	*report = (struct scan_report){ .verdict = REPORT_VERDICT_NONE };
	st = detector_finish(sink->detector, report, err);
	if (st == ST_OK)
		st = engine_locks_report(sink, report, err);
	if (st == ST_OK)
		st = engine_hide_find(sink, &sink->hidden, err);
	if (st == ST_OK)
		st = engine_record_hide(&sink->record, sink->hidden, report,
					err);
	if (st != ST_OK)
		return st;
	report_fill(sink, report);
	return report_check(report, err);
}

void
engine_hide_words(const struct engine *engine, struct span text,
		  struct sbuf *out)
{
	(void)engine_hide_text(engine->sink.hidden, text, out);
}
