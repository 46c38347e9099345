/*
 * unlock.h - what is locked in held mails: words are tried, a search looks for
 * a password.
 *
 * Layer:    vault/case
 * Threads:  the writer's; unlock_may_type(), unlock_may_pause(),
 * unlock_words(): any
 *
 * Words come from people and from related mails. They are in memory only
 * (passwords.h) and are given to a job when it is taken; a job of which they
 * were lost in a restart runs without them. The search is one job that goes on
 * slice by slice, with its place kept in the case.
 */
#ifndef VAULT_CASE_UNLOCK_H
#define VAULT_CASE_UNLOCK_H

#include "vault/case/decide.h"
#include "vault/case/job.h"

enum {
	UNLOCK_TRIES_MAX = 10, /* typed for one case in UNLOCK_TRIES_MS */
	UNLOCK_TRIES_MS = 10 * 60 * 1000,
	/* Of the search: processor time. The first ones are short, so that
	 * people see soon that something is done. */
	UNLOCK_SLICE_MS = 10 * 1000,
	UNLOCK_FIRST_SLICE_MS = 2 * 1000,
	UNLOCK_STILL_SLICES = 8 /* that a slice which tries nothing costs */
};

/* Where the words of a try are from. */
enum unlock_reason {
	UNLOCK_REASON_NONE = 0,
	UNLOCK_REASON_TYPED,
	UNLOCK_REASON_RELATED, /* a related mail brought some */
	UNLOCK_REASON_END
};

/*
 * Try the words that are known now for this case: job, audit row, state.
 * Stores the row.
 * Returns: ST_OK; ST_END it is decided already, or nothing in it is locked
 */
MUST_CHECK enum status unlock_order(struct vault *vault, struct record *record,
				    enum unlock_reason reason, struct err *err);

/* Something may be locked in a case that is held now: begin the search, once,
 * when the settings want one. Stores the row. */
MUST_CHECK enum status
unlock_search(struct vault *vault, struct record *record, struct err *err);

/* --- people ------------------------------------------------------------ */

bool unlock_may_type(const struct vault *vault, const struct store_user *user,
		     const struct record *record);
bool unlock_may_pause(const struct vault *vault, const struct store_user *user,
		      const struct record *record);

/*
 * A person has typed a password.
 * Returns: ST_OK it is being tried; ST_LIMIT too many at once; ST_DENIED,
 *          ST_NOT_FOUND, ST_END as decide()
 */
MUST_CHECK enum status
unlock_type(struct vault *vault, const struct actor *actor,
	    const struct vault_unlock *request, struct err *err);

/* Pause the search or let it go on. */
MUST_CHECK enum status
unlock_steer(struct vault *vault, const struct actor *actor,
	     const struct vault_search *request, struct err *err);

/* --- jobs -------------------------------------------------------------- */

/* Does this UNLOCK or SEARCH job still make sense? */
bool unlock_makes_sense(const struct vault *vault, const struct store_job *job,
			const struct store_case *row);

/* Words and search of a job that scans the mail; texts go into arena. */
MUST_CHECK enum status
unlock_words(struct vault *vault, const struct record *record,
	     struct wire_arena *arena, struct vault_job *job, struct err *err);

/* How long the next slice of the search takes. */
uint32_t
unlock_slice_ms(const struct vault *vault, const struct case_unlock *unlock);

/*
 * The result of an UNLOCK or SEARCH job. An opened mail is judged anew: it may
 * be released by the policy (unlock_pass.c).
 * Gives:    *again_out: the job goes on, with its next slice or with more words
 */
MUST_CHECK enum status
unlock_finish(struct vault *vault, struct record *record,
	      const struct store_job *job, const struct vault_job_done *request,
	      bool *again_out, struct err *err);

/*
 * Release what is held when the policy in force delivers it to everybody who
 * waits: only a mail that was read to its end and is clean. Nobody decides
 * here; what the policy would need and the case does not know (header fields)
 * leaves it held.
 * Takes:    report, the one in force
 * Gives:    *passed_out
 */
MUST_CHECK enum status unlock_pass(struct vault *vault, struct record *record,
				   const struct scan_report *report,
				   bool *passed_out, struct err *err);

#endif
