#include "courier/jobs/job_compose.h"

#include <stdlib.h>

#include "courier/notices/letter.h"
#include "lib/base/clock.h"

enum status
job_compose(const struct job *job, const char *boundary, bool eight_bit,
	    struct sbuf *out, struct err *err)
{
	const struct letter_office office = {
		.config = job->setup->config,
		.i18n = job->setup->i18n,
		.notices = job->setup->notices,
	};
	const struct letter_form form = {
		.boundary = boundary,
		.eight_bit = eight_bit,
		.with_mail = boundary != NULL,
		.now_unix_ms = clock_unix_ms(),
	};

	return letter_write(&office, job->order, &form, out, err);
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
