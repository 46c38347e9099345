/*
 * way_out.h - held mails leave for a named key, when two people agree.
 *
 * Layer:    vault/case
 * Threads:  way_out_write(): any, on a READ connection; the rest: the writer's
 */
#ifndef VAULT_CASE_WAY_OUT_H
#define VAULT_CASE_WAY_OUT_H

#include "vault/case/account.h"

MUST_CHECK enum status
way_out_ask(struct vault *vault, const struct actor *actor,
	    const struct vault_export_ask *request,
	    struct vault_export_answer *answer_out, struct err *err);

/* By another account than the one that asked, and not one that it made or
 * changed within new_approver_wait. ST_DENIED otherwise. */
MUST_CHECK enum status
way_out_consent(struct vault *vault, const struct actor *actor,
		uint64_t export_id, struct vault_export_answer *answer_out,
		struct err *err);

/* By the one who asked, once, within a day of the consent; audited before
 * anything is written. */
MUST_CHECK enum status
way_out_begin(struct vault *vault, const struct actor *actor,
	      uint64_t export_id, struct err *err);

/* The mails, sealed for the key, to fd; see export_file.h. */
MUST_CHECK enum status
way_out_write(struct vault *vault, uint64_t export_id, int fd,
	      struct vault_export_answer *answer_out, struct err *err);

#endif
