#include "courier/jobs/job_compose.h"
#include "courier/jobs/job_send.h"

/* Tell one person about one event. */
enum status
job_notice(struct job *job, struct err *err)
{
	AUTO(sbuf_done) struct sbuf mail;
	struct job_letter letter = { .sender = "",
				     .sender_args = "",
				     .envid = "" };
	enum status st = ST_OK;

	sbuf_init(&mail, JOB_LETTER_BYTES);
	st = job_compose(job, NULL, false, &mail, err);
	if (st == ST_NOT_FOUND)
		return job_refuse(job, "there is no such notice", err);
	if (st != ST_OK)
		return st;
	letter.parts[0] = sbuf_span(&mail);
	return job_send(job, &letter, err);
}
