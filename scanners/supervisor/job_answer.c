/* Answers of our own, where no worker can give one. */
#include "lib/base/clock.h"
#include "scanners/supervisor/pool.h"

void
job_answer_part(struct job *job, const char *part, enum report_reason reason,
		const char *detail)
{
	AUTO(frame_done) struct frame frame;
	struct report_opaque room;
	struct scan_report report;
	struct err err = { .st = ST_OK };

	frame_init(&frame);
	frame.type = report_table.type;
	frame.version = report_table.version;
	report_set_unscannable(&report, &room, job->request.profile, reason,
			       detail);
	if (part[0] != '\0')
		room.part = part;
	report.elapsed_ms = (uint32_t)(clock_mono_ms() - job->accepted_mono_ms);
	if (wire_encode(&report_table, &report, &frame.payload, &err) == ST_OK)
		job->answer(job, &frame);
	else
		job->fail(job, err.text);
}

void
job_answer_unscannable(struct job *job, enum report_reason reason,
		       const char *detail)
{
	job_answer_part(job, "", reason, detail);
}
