/*
 * job_send.h - hand a mail to the next hop so that our own milter knows it.
 *
 * Layer:    courier/jobs
 * Threads:  a job belongs to the worker that took it
 *
 * The milter lets a mail pass that carries X-Sekimori-Ticket with a ticket
 * that the vault has bound to the mail's content digest and envelope. The
 * digest is taken over the very bytes that go out (smtp_data.h), so it is the
 * one that the milter will take.
 */
#ifndef COURIER_JOBS_JOB_SEND_H
#define COURIER_JOBS_JOB_SEND_H

#include "courier/jobs/job.h"

enum { JOB_LETTER_PARTS = SMTP_MAIL_PARTS - 1 };

struct job_letter {
	const char *sender; /* "" is the null sender */
	const char *sender_args;
	const char *envid;
	struct span parts[JOB_LETTER_PARTS]; /* one behind the other */
};

/*
 * Bind a ticket and send letter to the job's recipients.
 * Gives:    job->answers
 * Returns:  ST_OK each recipient has an answer; else some have none, see
 *           smtp_send(); or the vault gave no ticket: nothing was sent
 */
MUST_CHECK enum status
job_send(struct job *job, const struct job_letter *letter, struct err *err);

/* What courier.tls says. */
enum smtp_tls job_tls(const char *choice);

/* The content digest (lib/crypto/content.h) of letter as it goes out. */
MUST_CHECK enum status
job_digest(const struct job_letter *letter, uint8_t digest[CASE_DIGEST_BYTES],
	   struct err *err);

#endif
