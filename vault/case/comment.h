/*
 * comment.h - the sender's words to those who decide.
 *
 * Layer:    vault/case
 * Threads:  the writer's; comment_may(): any
 *
 * The words are boxed in an audit row of the case, and nowhere else.
 */
#ifndef VAULT_CASE_COMMENT_H
#define VAULT_CASE_COMMENT_H

#include "vault/case/decide.h"

enum {
	COMMENT_MAX_BYTES = 1500,
	COMMENT_MAX = 20,                  /* of one case */
	COMMENT_NOTICE_MS = 10 * 60 * 1000 /* between two notices */
};

/* Is this account a sender of the undecided case, and room left? */
bool comment_may(const struct vault *vault, const struct store_user *user,
		 const struct record *record);

/*
 * Note it, and tell the approvers: at once, or COMMENT_NOTICE_MS after they
 * were told the last time.
 * Returns: ST_OK; ST_NOT_FOUND; ST_DENIED not the sender, or too many;
 *          ST_END decided already; ST_FORMAT empty or too long
 */
MUST_CHECK enum status
comment_add(struct vault *vault, const struct actor *actor,
	    const struct vault_comment *request, struct err *err);

#endif
