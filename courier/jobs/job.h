/*
 * job.h - one job of the vault while it is carried out.
 *
 * Layer:    courier/jobs; includes lib/, vault/client/, scanners/client/
 * Threads:  a job belongs to the worker that took it
 *
 * A kind of job is a row in jobs.def and a function job_<name>() in
 * job_<name>.c. It fills in what is to be reported and returns ST_OK; anything
 * else means that nothing was done, and the vault lets it be tried again. A
 * kind with an answer of its own (REWRITE) sends it and sets reported.
 */
#ifndef COURIER_JOBS_JOB_H
#define COURIER_JOBS_JOB_H

#include "courier/pause.h"
#include "courier/setup.h"
#include "courier/smtp/smtp_client.h"
#include "scanners/client/scan_client.h"
#include "vault/client/vault_client.h"

struct job {
	/* Borrowed from the worker. */
	const struct setup *setup;
	struct vault_client *vault;
	struct scan_client *scanner;
	const struct vault_job *order;
	int fd; /* sealed memory file, or FD_NONE; the taker's */
	int64_t deadline_mono_ms; /* the lease ends soon after */
	struct gate *gate;        /* stopped: a search ends early; or NULL */

	/* To be reported. */
	struct smtp_delivery *answers; /* one for each recipient of order */
	struct sbuf report;            /* RESCAN, UNLOCK, SEARCH */
	struct sbuf preview;           /* PREVIEW, REVEAL; wiped */
	struct report_word *words;     /* UNLOCK, SEARCH; wiped */
	size_t word_count;
	bool asked_next_hop; /* and err of the call is about it */
	bool asked_vault;    /* likewise, after the scanner */
	bool reported;       /* REWRITE: the vault has heard it by LINK_SEAL */
};

void job_init(struct job *job);
void job_done(struct job *job);

struct job_kind_row {
	enum job_kind kind;
	enum status (*run)(struct job *job, struct err *err);
};

#define JOB(symbol, name) \
	MUST_CHECK enum status job_##name(struct job *job, struct err *err);
#include "courier/jobs/jobs.def"
#undef JOB

/* NULL when there is no such kind. */
const struct job_kind_row *job_find_kind(enum job_kind kind);

/* The mail that came with the job; release with fd_unmap(). */
MUST_CHECK enum status
job_map_mail(const struct job *job, struct span *mail_out, struct err *err);

/*
 * The words of the job as a scan takes them.
 * Gives:    *words_out, release with free(); its texts stay the order's
 */
MUST_CHECK enum status
job_scan_words(const struct job *job, struct scan_word **words_out,
	       struct err *err);

/*
 * What became of job as the vault hears it. Replies become one line of
 * printable ASCII in which digit runs of four and more are masked.
 *
 * Takes:    st and err, from the kind's function
 * Gives:    deliveries[order->recipient_count], borrowing from job and order;
 *           *done_out borrows from all of them
 */
void
job_report(struct job *job, enum status st, struct err *err,
	   struct vault_delivery *deliveries, struct vault_job_done *done_out);

/* As job_report() does with a reply, in place. */
void job_mask_text(char *text);

#endif
