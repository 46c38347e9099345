/* The held mail once more, with words that may be passwords, or for one slice
 * of the search for one. */
#include <stdlib.h>
#include <string.h>

#include "courier/jobs/job.h"
#include "lib/base/clock.h"

/* The words that opened something; the arena of the reply wipes its own. */
static enum status
unlock_keep_words(struct job *job, const struct scan_report *report,
		  struct err *err)
{
	job->words = calloc(REPORT_MAX_WORDS, sizeof(*job->words));
	if (job->words == NULL)
		return err_set(err, ST_NO_MEMORY, "job: no memory");
	for (size_t i = 0; i < report->word_count; i++) {
		char *text = NULL;

		if (!report->words[i].worked)
			continue;
		text = strdup(report->words[i].text);
		if (text == NULL)
			return err_set(err, ST_NO_MEMORY, "job: no memory");
		job->words[job->word_count++] =
			(struct report_word){ text, true };
	}
	return ST_OK;
}

static enum status
unlock_hand_in(struct job *job, struct scan_report *report, struct err *err)
{
	const enum status st = unlock_keep_words(job, report, err);

	if (st != ST_OK)
		return st;
	report_forget_numbers(report);
	report_forget_words(report);
	sbuf_clear(&job->report);
	return wire_encode(&report_table, report, &job->report, err);
}

/* The courier is to end: the slice is done again later. */
static enum status
unlock_tick(void *context, struct err *err)
{
	const struct job *job = context;

	return job->gate != NULL && gate_is_stopped(job->gate)
		       ? err_set(err, ST_END, "job: the courier ends")
		       : ST_OK;
}

static enum status
unlock_scan(struct job *job, const struct scan_word *words, struct err *err)
{
	const int64_t left_ms = clock_left_ms(job->deadline_mono_ms);
	const struct scan_request request = {
		.input = SCAN_INPUT_MAIL,
		.priority = SCAN_PRIORITY_BACKGROUND,
		.name = "",
		.profile = job->order->profile,
		.deadline_ms = left_ms > 0 ? (uint32_t)left_ms : 1,
		.words = words,
		.word_count = job->order->word_count,
		.search_from = job->order->search_from,
		.search_ms = job->order->search_ms,
		.mail_bytes = job->order->mail_bytes,
	};
	const struct scan_wait wait = { .tick = unlock_tick,
					.context = job,
					.interval_ms = 100 };
	AUTO(scan_reply_free) struct scan_reply *reply = NULL;
	const enum status st = scan_client_scan(
		job->scanner, &request, job->fd,
		request.search_ms > 0 ? &wait : NULL, &reply, err);

	return st == ST_OK ? unlock_hand_in(job, &reply->report, err) : st;
}

/* Nothing could be read: what was known before stays as it is. */
static enum status
unlock_unscannable(struct job *job, struct err *err)
{
	struct scan_report report = { 0 };
	struct report_opaque room = { 0 };

	report_set_unscannable(&report, &room, job->order->profile,
			       REPORT_REASON_CRASHED, "no valid report");
	return unlock_hand_in(job, &report, err);
}

enum status
job_unlock(struct job *job, struct err *err)
{
	struct scan_word *words = NULL;
	enum status st = ST_OK;

	if (job->fd == FD_NONE)
		return err_set(err, ST_FORMAT, "job: the mail is missing");
	st = job_scan_words(job, &words, err);
	if (st != ST_OK)
		return st;
	st = unlock_scan(job, words, err);
	free(words);
	if (st == ST_FORMAT || st == ST_LIMIT)
		return unlock_unscannable(job, err);
	return st;
}

enum status
job_search(struct job *job, struct err *err)
{
	return job_unlock(job, err);
}
