#include "courier/jobs/job.h"

#include <stdlib.h>

static enum status
rescan_encode(struct job *job, const struct scan_report *report,
	      struct err *err)
{
	sbuf_clear(&job->report);
	return wire_encode(&report_table, report, &job->report, err);
}

/* Nothing could be read: that is a report as well, and never "clean". */
static enum status
rescan_unscannable(struct job *job, enum report_reason reason,
		   const char *detail, struct err *err)
{
	struct scan_report report = { 0 };
	struct report_opaque room = { 0 };

	report_set_unscannable(&report, &room, job->order->profile, reason,
			       detail);
	return rescan_encode(job, &report, err);
}

static enum status
rescan_with(struct job *job, const struct scan_word *words, struct err *err)
{
	const struct scan_request request = {
		.input = SCAN_INPUT_MAIL,
		.priority = SCAN_PRIORITY_BACKGROUND,
		.name = "",
		.profile = job->order->profile,
		.words = words,
		.word_count = job->order->word_count,
	};
	AUTO(scan_reply_free) struct scan_reply *reply = NULL;
	enum status st = ST_OK;

	st = scan_client_scan(job->scanner, &request, job->fd, NULL, &reply,
			      err);
	if (st == ST_FORMAT)
		return rescan_unscannable(job, REPORT_REASON_CRASHED,
					  "no valid report", err);
	if (st != ST_OK)
		return st;
	report_forget_numbers(&reply->report);
	report_forget_words(&reply->report);
	st = rescan_encode(job, &reply->report, err);
	if (st == ST_LIMIT)
		return rescan_unscannable(job, REPORT_REASON_LIMIT,
					  "report too large", err);
	return st;
}

/* Scan the held mail again, with the larger budgets and the passwords that are
 * known by now, and hand the report in. */
enum status
job_rescan(struct job *job, struct err *err)
{
	struct scan_word *words = NULL;
	enum status st = ST_OK;

	if (job->fd == FD_NONE)
		return err_set(err, ST_FORMAT, "job: the mail is missing");
	st = job_scan_words(job, &words, err);
	if (st == ST_OK)
		st = rescan_with(job, words, err);
	free(words);
	return st;
}
