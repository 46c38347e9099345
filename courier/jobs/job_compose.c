#include "courier/jobs/job_compose.h"

#include <inttypes.h>
#include <stdlib.h>

#include "courier/notices/compose.h"
#include "lib/base/clock.h"

enum { JOB_SUBJECT_BYTES = 4096, JOB_ID_BYTES = 64 };

enum status
job_compose(const struct job *job, const char *boundary, bool eight_bit,
	    struct sbuf *out, struct err *err)
{
	const struct config *config = job->setup->config;
	const struct vault_job *order = job->order;
	const struct notice_request request = {
		.job = order,
		.i18n = job->setup->i18n,
		.language = job->setup->language,
		.desk_url = config->desk.url,
		.with_mail = boundary != NULL,
	};
	AUTO(sbuf_done) struct sbuf subject;
	AUTO(sbuf_done) struct sbuf text;
	char id[JOB_ID_BYTES];
	char case_id[CASE_ID_TEXT_BYTES];
	enum status st = ST_OK;

	sbuf_init(&subject, JOB_SUBJECT_BYTES);
	sbuf_init(&text, JOB_LETTER_BYTES);
	st = notices_write(job->setup->notices, &request, &subject, &text, err);
	if (st != ST_OK)
		return st;
	/* The same for each try, so that mailboxes know a second copy. */
	case_id_format(order->case_id, case_id);
	(void)snprintf(id, sizeof(id), "%s.%" PRIu64, case_id, order->job_id);
	const struct compose compose = {
		.from_name = config->courier.notice_name,
		.from = config->courier.notice_sender,
		.to_name = order->person,
		.to = order->recipient_count > 0 ? order->recipients[0].address
						 : "",
		.subject = sbuf_text(&subject),
		.language =
			i18n_language_of(order->language) != I18N_LANGUAGE_NONE
				? order->language
				: config->general.language,
		.host = config->general.host_name,
		.id = id,
		.now_unix_ms = clock_unix_ms(),
		.boundary = boundary,
		.eight_bit = eight_bit,
	};

	return compose_text(&compose, sbuf_text(&text), out, err);
}

enum status
job_refuse(struct job *job, const char *text, struct err *err)
{
	const size_t count = job->order->recipient_count;

	free(job->answers);
	job->answers = calloc(count > 0 ? count : 1, sizeof(*job->answers));
	if (job->answers == NULL)
		return err_set(err, ST_NO_MEMORY, "job: no memory");
	for (size_t i = 0; i < count; i++) {
		struct smtp_delivery *answer = &job->answers[i];

		answer->code = 554;
		(void)snprintf(answer->enhanced, sizeof(answer->enhanced),
			       "5.3.5");
		(void)snprintf(answer->text, sizeof(answer->text), "%s", text);
	}
	return ST_OK;
}
