#include "courier/jobs/job_send.h"

/* The mail exactly as it came, to those who still wait for it. */
enum status
job_release(struct job *job, struct err *err)
{
	struct job_letter letter = {
		.sender = job->order->envelope_sender,
		.sender_args = job->order->sender_esmtp_args,
		.envid = job->order->envid,
	};
	enum status st = job_map_mail(job, &letter.parts[0], err);

	if (st != ST_OK)
		return st;
	st = job_send(job, &letter, err);
	fd_unmap(&letter.parts[0]);
	return st;
}
