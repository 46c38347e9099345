/*
 * finish.h - the end of a mail: examine, decide, carry out, answer, log.
 *
 * Layer:    milter/policy
 * Threads:  any number of mails at a time; each on the thread of its session
 *
 * Order (promise 1): the plan is complete before anything changes; every case
 * is durable in the vault before the first change to the message; a change
 * that fails makes the answer a temporary failure. So whatever fails, the
 * sending MTA still owns the mail; a case that was made before the failure is
 * joined by the retry, which has the same content.
 */
#ifndef MILTER_POLICY_FINISH_H
#define MILTER_POLICY_FINISH_H

#include "milter/links/pairs.h"
#include "milter/links/scan_pool.h"
#include "milter/policy/plan.h"
#include "milter/session/session.h"

struct finish {
	struct scan_pool *scans;  /* borrowed */
	struct vault_link *vault; /* borrowed; NULL: nothing is held, no
				   * line is logged (--policy-test) */
	struct pairs *pairs;      /* borrowed; NULL: nothing is recorded */
	/* Told of every decision before it is carried out; may be NULL.
	 * reports as in struct policy_facts. */
	void (*watch)(void *context, const struct mail *mail,
		      const struct scan_report *const reports[],
		      const struct plan *plan);
	void *watch_context;
};

/* The finish of struct session_services; context is a struct finish. */
enum mta_answer
finish_mail(void *context, struct mail *mail,
	    const struct session_client *client, const struct mta *mta);

#endif
