#include "courier/jobs/job_compose.h"
#include "courier/jobs/job_send.h"
#include "courier/notices/link_part.h"

/* A plan's hole may be at either end, and never behind it. */
static enum status
link_cut(struct span mail, uint64_t hole_offset, struct job_letter *letter,
	 struct err *err)
{
	const size_t at = (size_t)hole_offset;

	if (hole_offset > mail.len_bytes ||
	    !span_cut(mail, 0, at, &letter->parts[0]) ||
	    !span_cut(mail, at, mail.len_bytes - at, &letter->parts[2]))
		return err_set(err, ST_FORMAT,
			       "link: the hole is behind the mail's end");
	return ST_OK;
}

static enum status
link_send(struct job *job, struct span mail, struct err *err)
{
	const struct letter_office office = {
		.config = job->setup->config,
		.i18n = job->setup->i18n,
		.notices = job->setup->notices,
	};
	struct job_letter letter = {
		.sender = job->order->envelope_sender,
		.sender_args = job->order->sender_esmtp_args,
		.envid = job->order->envid,
	};
	AUTO(sbuf_done) struct sbuf part;
	enum status st =
		link_cut(mail, job->order->link.hole_offset, &letter, err);

	sbuf_init_secret(&part, JOB_LETTER_BYTES);
	if (st == ST_OK)
		st = link_part_write(&office, job->order, &part, err);
	if (st != ST_OK)
		return st;
	letter.parts[1] = sbuf_span(&part);
	return job_send(job, &letter, err);
}

/* The mail without its files, and the way to them, to one recipient. */
enum status
job_link(struct job *job, struct err *err)
{
	struct span mail = { NULL, 0 };
	enum status st = ST_OK;

	/* A link is one person's. */
	if (job->order->recipient_count != 1)
		return err_set(err, ST_FORMAT,
			       "link: %zu recipients instead of one",
			       job->order->recipient_count);
	st = job_map_mail(job, &mail, err);
	if (st != ST_OK)
		return st;
	st = link_send(job, mail, err);
	fd_unmap(&mail);
	return st;
}
