/* The text of a held mail, for its page: masked to be kept, or unmasked for
 * the one page that waits for it. */
#include <stdlib.h>

#include "courier/jobs/job.h"
#include "lib/base/clock.h"

enum {
	/* So often a worker may fail on a mail; then its case has none. */
	PREVIEW_TRIES = 3,
	/* Somebody waits. */
	REVEAL_DEADLINE_MS = 30 * 1000
};

/* Never longer than the lease. */
static uint32_t
preview_deadline_ms(const struct job *job, bool reveal)
{
	const int64_t left_ms = clock_left_ms(job->deadline_mono_ms);

	if (reveal && left_ms > REVEAL_DEADLINE_MS)
		return REVEAL_DEADLINE_MS;
	/* 0 would mean that there is none. */
	return left_ms > 0 ? (uint32_t)left_ms : 1;
}

static enum status
preview_with(struct job *job, bool reveal, const struct scan_word *words,
	     struct err *err)
{
	const struct scan_request request = {
		.input = SCAN_INPUT_MAIL,
		.priority =
			reveal ? SCAN_PRIORITY_MAIL : SCAN_PRIORITY_BACKGROUND,
		.reveal = reveal,
		.preview = true,
		.name = "",
		.profile = job->order->profile,
		.deadline_ms = preview_deadline_ms(job, reveal),
		.search_from = job->order->search_from,
		.words = words,
		.word_count = job->order->word_count,
	};
	AUTO(scan_preview_free) struct scan_preview *preview = NULL;
	enum status st = ST_OK;

	st = scan_client_preview(job->scanner, &request, job->fd, NULL,
				 &preview, err);
	if (st != ST_OK)
		return st;
	sbuf_add_span(&job->preview, sbuf_span(&preview->payload));
	return sbuf_status(&job->preview, "job: preview", err);
}

/* What a password opened is shown, too. */
static enum status
preview_ask(struct job *job, bool reveal, struct err *err)
{
	struct scan_word *words = NULL;
	enum status st = ST_OK;

	if (job->fd == FD_NONE)
		return err_set(err, ST_FORMAT, "job: the mail is missing");
	st = job_scan_words(job, &words, err);
	if (st == ST_OK)
		st = preview_with(job, reveal, words, err);
	free(words);
	return st;
}

/* The mail, not the scanner, is the reason: an empty preview says so. */
static bool
preview_is_hopeless(enum status st)
{
	return st == ST_UNSUPPORTED || st == ST_FORMAT || st == ST_LIMIT;
}

enum status
job_preview(struct job *job, struct err *err)
{
	const enum status st = preview_ask(job, false, err);

	if (!preview_is_hopeless(st) || job->order->attempt < PREVIEW_TRIES)
		return st;
	sbuf_clear(&job->preview);
	return ST_OK;
}

enum status
job_reveal(struct job *job, struct err *err)
{
	const enum status st = preview_ask(job, true, err);

	if (!preview_is_hopeless(st))
		return st;
	sbuf_clear(&job->preview);
	return ST_OK;
}
