/*
 * intake.h - a mail becomes a case, or joins one.
 *
 * Layer:    vault/case
 * Threads:  intake_check() and intake_blob(): any; the rest: the writer's
 */
#ifndef VAULT_CASE_INTAKE_H
#define VAULT_CASE_INTAKE_H

#include "vault/case/record.h"

/*
 * Before the writer is bothered: is the hold whole, can it be opened (when
 * unlocked), is there room? Then the mail is stored durably.
 * Gives:    *blob_out; the caller deletes it when intake_hold() fails
 * Returns:  ST_OK; ST_FORMAT it cannot be opened or is not whole; ST_IO no
 *           room or not durable; ST_UNSUPPORTED no keys were ever made
 */
MUST_CHECK enum status
intake_blob(struct vault *vault, const struct vault_hold *request, int fd,
	    struct blob *blob_out, struct err *err);

/*
 * Join an undecided case of the same content within retry_join, else make a
 * new one; SEALED while the vault is locked.
 */
MUST_CHECK enum status
intake_hold(struct vault *vault, const struct vault_hold *request,
	    const struct blob *blob, struct vault_hold_answer *answer_out,
	    struct err *err);

/* Unlocked: read one that came in meanwhile. What cannot be opened stays
 * SEALED; the caller names it in the log. */
MUST_CHECK enum status
intake_unseal(struct vault *vault, const uint8_t id[CASE_ID_BYTES],
	      struct err *err);

#endif
