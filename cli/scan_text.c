#include "cli/scan_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/explain.h"
#include "cli/table.h"

enum { SCAN_TEXT_BYTES = 8192, PERCENT = 100 };

bool
scan_shows(const struct scan_print *how, const struct report_finding *finding)
{
	return how->explain || finding->level >= REPORT_LEVEL_SUSPECT;
}

static void
scan_print_heading(const char *file, const struct scan_report *report)
{
	AUTO(sbuf_done) struct sbuf line;

	sbuf_init(&line, SCAN_TEXT_BYTES);
	text_add_safe(&line, file);
	sbuf_addf(&line, ": %s", report_verdict_name(report->verdict));
	if (report->level >= REPORT_LEVEL_SUSPECT)
		sbuf_addf(&line,
			  " (%s, score %+" PRId64 ", %" PRIu64
			  " different number%s)",
			  report_level_name(report->level), report->score_db,
			  report->number_count,
			  report->number_count == 1 ? "" : "s");
	if (report->profile == REPORT_PROFILE_STRICT)
		sbuf_addf(&line, " in the profile %s",
			  report_profile_name(report->profile));
	(void)printf("%s\n", sbuf_text(&line));
}

static const char *
scan_number(const struct scan_print *how, const struct report_finding *finding)
{
	return how->reveal && finding->number[0] != '\0' ? finding->number
							 : finding->masked;
}

static void
scan_add_finding(const struct scan_print *how, struct table *table,
		 const struct report_finding *finding)
{
	table_add(table, finding->part);
	table_add(table, finding->location);
	if (finding->count > 1)
		table_addf(table, "%" PRIu64 " numbers", finding->count);
	else
		table_add(table, scan_number(how, finding));
	table_add(table, report_level_name(finding->level));
	table_addf(table, "%.1f %%",
		   PERCENT * report_confidence(finding->score_db));
}

static enum status
scan_print_findings(const struct scan_print *how,
		    const struct scan_report *report, struct err *err)
{
	static const char *const heads[] = { "PART", "LOCATION", "NUMBER",
					     "LEVEL", "SURE" };
	AUTO(table_done) struct table table;
	size_t shown = 0;

	table_init(&table, heads, ARRAY_LEN(heads));
	for (size_t i = 0; i < report->finding_count; i++) {
		if (!scan_shows(how, &report->findings[i]))
			continue;
		scan_add_finding(how, &table, &report->findings[i]);
		shown++;
	}
	return shown > 0 ? table_print(&table, err) : ST_OK;
}

static void
scan_print_locks(const struct scan_report *report)
{
	static const char *const sources[REPORT_WORD_SOURCE_END] = {
#define WORD_SOURCE(symbol, name, english) \
	[REPORT_WORD_SOURCE_##symbol] = (english),
#include "lib/report/word_sources.def"
#undef WORD_SOURCE
	};

	for (size_t i = 0; i < report->lock_count; i++) {
		const struct report_lock *lock = &report->locks[i];
		AUTO(sbuf_done) struct sbuf line;

		if (!lock->opened)
			continue;
		sbuf_init(&line, SCAN_TEXT_BYTES);
		text_add_safe(&line, lock->part);
		sbuf_add_text(&line, ": opened with ");
		sbuf_add_text(&line, sources[lock->source]);
		sbuf_add_text(&line, " (");
		text_add_safe(&line, lock->kind);
		(void)printf("%s)\n", sbuf_text(&line));
	}
}

static void
scan_explain_findings(const struct scan_print *how,
		      const struct scan_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++)
		explain_finding(how->speech, &report->findings[i],
				scan_number(how, &report->findings[i]));
}

enum status
scan_print_text(const struct scan_print *how, const char *file,
		const struct scan_report *report, struct err *err)
{
	enum status st = ST_OK;

	scan_print_heading(file, report);
	if (how->explain)
		scan_explain_findings(how, report);
	else
		st = scan_print_findings(how, report, err);
	if (report->findings_left_out > 0)
		(void)printf("and %" PRIu64 " findings more\n",
			     report->findings_left_out);
	explain_opaques(report);
	scan_print_locks(report);
	if (st == ST_OK && fflush(stdout) != 0)
		st = err_set_errno(err, "standard output");
	return st;
}
