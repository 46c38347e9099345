/*
 * entry.h - one-time sign-in of senders, who need no account for it.
 *
 * Layer:    vault/case
 * Threads:  entry_find_code(): any; the rest: the writer's
 *
 * Each notice to the sender of a case carries an id and a code of 80 bits.
 * The store keeps an HMAC of the code; the code itself only as long as the
 * notice may have to be sent again. It proves that somebody reads that
 * mailbox and opens this one case, as its sender.
 */
#ifndef VAULT_CASE_ENTRY_H
#define VAULT_CASE_ENTRY_H

#include "vault/case/job.h"
#include "vault/case/session.h"

enum { ENTRY_MAX_TRIES = 10, ENTRY_MAX_AGAIN = 3 };

/* Make the entry of a job that is being taken, unless it has one or its
 * notice is not for the sender. */
MUST_CHECK enum status
entry_prepare(struct vault *vault, const struct store_job *job,
	      struct err *err);

/* The texts of a job's entry; "" when there is none. */
struct entry_texts {
	char id[VAULT_ENTRY_BYTES];
	char code[VAULT_ENTRY_BYTES]; /* a secret */
};
MUST_CHECK enum status
entry_find_code(struct vault *vault, uint64_t job_id,
		struct entry_texts *texts_out, struct err *err);

/* The job is done: nobody can find out the code any more. */
MUST_CHECK enum status
entry_forget_code(struct vault *vault, uint64_t job_id, struct err *err);

struct entry_result {
	bool entered; /* false: refused, for whatever reason; on record */
	uint8_t token[VAULT_TOKEN_BYTES];
};
MUST_CHECK enum status
entry_enter(struct vault *vault, const struct vault_enter *request,
	    struct entry_result *result_out, struct err *err);

/* Mail a new code to the same mailbox, a few times an hour at most.
 * Returns: ST_OK, whether there is such an entry or not; ST_IO … */
MUST_CHECK enum status
entry_again(struct vault *vault, const struct vault_entry_again *request,
	    struct err *err);

#endif
