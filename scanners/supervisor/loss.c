#include "scanners/supervisor/loss.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
loss_say(struct loss *loss, const char *what)
{
	const char *reader = loss->note.reader;

	(void)snprintf(loss->detail, sizeof(loss->detail), "%s%s%.60s", reader,
		       reader[0] != '\0' ? ": " : "", what);
}

static void
loss_say_limit(struct loss *loss, const char *name, uint32_t limit_ms)
{
	char what[LOSS_DETAIL_BYTES];

	(void)snprintf(what, sizeof(what), "limit %s %" PRIu32 " ms", name,
		       limit_ms);
	loss->reason = REPORT_REASON_TIMEOUT;
	loss->final = true;
	loss_say(loss, what);
}

void
loss_judge(const struct worker_seat *seat, enum report_reason reason,
	   struct loss *loss)
{
	*loss = (struct loss){ .reason = reason };
	worker_note_read(seat->note_fd, &loss->note);
	switch ((enum worker_end)loss->note.end) {
	case WORKER_END_WALL:
		loss_say_limit(loss, "wall", seat->wall_ms);
		return;
	case WORKER_END_CPU:
		loss_say_limit(loss, "cpu", seat->cpu_ms);
		return;
	case WORKER_END_MEMORY:
		loss->reason = REPORT_REASON_LIMIT;
		loss_say(loss, "limit memory");
		return;
	case WORKER_END_NONE:
	default:
		loss_say(loss, reason == REPORT_REASON_TIMEOUT
				       ? "no answer in time"
				       : "the worker ended");
		return;
	}
}
