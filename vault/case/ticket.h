/*
 * ticket.h - passes for mail that we send in again ourselves (DESIGN 8).
 *
 * Layer:    vault/case
 * Threads:  the writer's
 *
 * A ticket is 32 random bytes that travel in X-Sekimori-Ticket; the store
 * keeps their hash. It fits one content digest, one envelope sender and the
 * recipients of one job, or some of them, and until the job is done it may be
 * shown again and again.
 */
#ifndef VAULT_CASE_TICKET_H
#define VAULT_CASE_TICKET_H

#include "vault/case/job.h"

/* A ticket for the recipients of the case that are still waiting, with its
 * original content. */
MUST_CHECK enum status
ticket_make_release(struct vault *vault, const struct store_job *job,
		    uint8_t ticket_out[VAULT_TOKEN_BYTES], struct err *err);

/* A ticket for a mail that the courier is about to send. */
MUST_CHECK enum status
ticket_bind(struct vault *vault, const struct vault_bind_ticket *request,
	    uint8_t ticket_out[VAULT_TOKEN_BYTES], struct err *err);

/* May the mail pass? A ticket that does not fit is an answer, no failure. */
MUST_CHECK enum status
ticket_redeem(struct vault *vault, const struct vault_redeem *request,
	      struct vault_redeem_answer *answer_out, struct err *err);

#endif
