/* Objects that a reader in another program reads: remote.h. */
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "scanners/worker/engine_state.h"
#include "scanners/worker/remote.h"

/* So much of the time must be left to send the report. */
enum { ENGINE_REMOTE_MARGIN_MS = 100 };

/* Its failure is one of this part alone; the scan goes on. */
static enum status
engine_remote_failed(struct sink *sink, const char *kind, enum status st,
		     struct err *err)
{
	char detail[ENGINE_DETAIL_BYTES];
	enum report_reason reason = REPORT_REASON_CRASHED;

	if (sink->recorded || (st != ST_LIMIT && st != ST_IO))
		return st;
	if (st == ST_LIMIT)
		reason = REPORT_REASON_TIMEOUT;
	(void)snprintf(detail, sizeof(detail), "%.12s: %.60s", kind, err->text);
	sink->recorded = true;
	const enum status recorded = engine_record_opaque(
		&sink->record, sink->current->path, reason, detail, err);

	return recorded != ST_OK ? recorded : st;
}

enum status
engine_remote_read(struct sink *sink, const char *kind, struct span body,
		   struct err *err)
{
	const struct engine_readers *readers = sink->readers;
	const struct child *hint = &sink->current->hint;
	struct remote_terms terms = {
		.deadline_mono_ms = clock_mono_ms() +
				    engine_budget_left_ms(&sink->budget) -
				    ENGINE_REMOTE_MARGIN_MS,
		.cpu_ms = (uint32_t)engine_budget_left_cpu_ms(&sink->budget),
		.max_pages = sink->request->limits.max_pages,
		.max_objects = sink->request->limits.max_objects,
		.password = "",
	};
	struct channel channel = { .fd = FD_NONE };
	enum status st = ST_OK;

	/* They end with a NUL (engine_unlock.c). */
	if (hint->password_count > 0)
		terms.password =
			(const char *)hint->passwords[hint->password_count - 1]
				.ptr;
	if (readers->lend == NULL)
		return err_set(err, ST_UNSUPPORTED, "%s", kind);
	st = readers->lend(readers->context, kind, terms.deadline_mono_ms,
			   &channel, err);
	const int64_t lent_mono_ms = clock_mono_ms();

	if (st == ST_OK)
		st = remote_read(&channel, sink, body, &terms, err);
	channel_close(&channel);
	/* One that was killed did not say: it may have computed all along. */
	engine_budget_remote_cpu(
		&sink->budget, terms.said_cpu ? (int64_t)terms.cpu_used_ms
					      : clock_mono_ms() - lent_mono_ms);
	return st == ST_OK ? ST_OK : engine_remote_failed(sink, kind, st, err);
}
