#include "courier/jobs/job.h"

#include <stdlib.h>
#include <string.h>

enum {
	JOB_MASK_RUN = 4, /* digits in a row that may tell something */
	/* Of so many answers only the start is reported: together they must
	 * fit into a frame (CHANNEL_MAX_FRAME_BYTES). */
	JOB_MANY_ANSWERS = 10000,
	JOB_SHORT_ANSWER_BYTES = 60,
	JOB_MAIL_MARGIN_BYTES = 16 * 1024 * 1024
};

void
job_init(struct job *job)
{
	*job = (struct job){ .fd = FD_NONE };
	sbuf_init(&job->report, VAULT_MAX_DETAIL_BYTES);
	sbuf_init_secret(&job->preview, VAULT_MAX_DETAIL_BYTES);
}

void
job_done(struct job *job)
{
	free(job->answers);
	job->answers = NULL;
	sbuf_done(&job->report);
	sbuf_done(&job->preview);
	for (size_t i = 0; i < job->word_count; i++) {
		char *text = (char *)(uintptr_t)job->words[i].text;

		explicit_bzero(text, strlen(text));
		free(text);
	}
	free(job->words);
	job->words = NULL;
	job->word_count = 0;
}

const struct job_kind_row *
job_find_kind(enum job_kind kind)
{
	static const struct job_kind_row rows[] = {
#define JOB(symbol, name) { JOB_KIND_##symbol, job_##name },
#include "courier/jobs/jobs.def"
#undef JOB
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == kind)
			return &rows[i];
	}
	return NULL;
}

enum status
job_map_mail(const struct job *job, struct span *mail_out, struct err *err)
{
	const uint64_t most =
		(uint64_t)job->setup->config->milter.max_message_bytes * 2 +
		JOB_MAIL_MARGIN_BYTES;

	if (job->fd == FD_NONE)
		return err_set(err, ST_FORMAT, "job: the mail is missing");
	return fd_map_sealed(job->fd, most, mail_out, err);
}

_Static_assert((int)VAULT_MAX_WORDS <= (int)SCAN_MAX_WORDS,
	       "a scan takes all words");

enum status
job_scan_words(const struct job *job, struct scan_word **words_out,
	       struct err *err)
{
	const struct vault_job *order = job->order;
	struct scan_word *words = calloc(order->word_count + 1, sizeof(*words));

	if (words == NULL)
		return err_set(err, ST_NO_MEMORY, "job: no memory");
	for (size_t i = 0; i < order->word_count; i++)
		words[i] = (struct scan_word){ order->words[i].text,
					       order->words[i].source };
	*words_out = words;
	return ST_OK;
}

void
job_mask_text(char *text)
{
	size_t run = 0;

	for (char *p = text;; p++) {
		if (*p >= '0' && *p <= '9') {
			run++;
			continue;
		}
		if (run >= JOB_MASK_RUN)
			memset(p - run, '*', run);
		run = 0;
		if (*p == '\0')
			return;
		if (*p < ' ' || *p >= 0x7f)
			*p = '?';
	}
}

/* Nothing is known about anybody. */
static bool
job_has_answers(const struct job *job)
{
	for (size_t i = 0;
	     job->answers != NULL && i < job->order->recipient_count; i++) {
		if (job->answers[i].code != 0)
			return true;
	}
	return false;
}

void
job_report(struct job *job, enum status st, struct err *err,
	   struct vault_delivery *deliveries, struct vault_job_done *done_out)
{
	const struct vault_job *order = job->order;
	struct vault_job_done done = { .job_id = order->job_id,
				       .result = JOB_RESULT_DONE,
				       .reason = "" };

	memcpy(done.lease, order->lease, sizeof(done.lease));
	job_mask_text(err->text);
	if (st != ST_OK)
		done.reason = err->text;
	if (st != ST_OK && !job_has_answers(job))
		done.result = JOB_RESULT_RETRY;
	if (done.result == JOB_RESULT_DONE && job->answers != NULL) {
		for (size_t i = 0; i < order->recipient_count; i++) {
			struct smtp_delivery *answer = &job->answers[i];

			if (answer->code == 0)
				(void)snprintf(answer->text,
					       sizeof(answer->text), "%s",
					       err->text);
			if (order->recipient_count > JOB_MANY_ANSWERS)
				answer->text[JOB_SHORT_ANSWER_BYTES] = '\0';
			job_mask_text(answer->text);
			deliveries[i] = (struct vault_delivery){
				.recipient = order->recipients[i].address,
				.reply_code = answer->code,
				.enhanced = answer->enhanced,
				.text = answer->text,
			};
		}
		done.deliveries = deliveries;
		done.delivery_count = order->recipient_count;
	}
	if (done.result == JOB_RESULT_DONE) {
		done.report = sbuf_span(&job->report);
		done.preview = sbuf_span(&job->preview);
		done.words = job->words;
		done.word_count = job->word_count;
	}
	*done_out = done;
}
