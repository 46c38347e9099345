/*
 * decide.h - the one function by which a person changes a case.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_DECIDE_H
#define VAULT_CASE_DECIDE_H

#include "vault/case/account.h"

/*
 * Check (group, four eyes, version, state), transition, audit row and the
 * jobs that follow: all of it in the caller's transaction or none.
 * Returns: ST_OK; ST_DENIED with the reason in words for people; ST_NOT_FOUND
 *          no such case for this person; ST_END the case is not what the
 *          person saw, or decided already; ST_FORMAT a comment is missing
 */
MUST_CHECK enum status
decide(struct vault *vault, const struct actor *actor,
       const struct vault_decide *request,
       struct vault_decide_answer *answer_out, struct err *err);

/* What an account has to do with a case. */
enum case_standing {
	CASE_STANDING_NONE = 0, /* nothing: for it there is no such case */
	CASE_STANDING_OPERATOR, /* administrator, auditor: no content */
	CASE_STANDING_INVOLVED, /* approver of its group, or its sender */
};
enum case_standing
decide_standing(const struct vault *vault, const struct store_user *user,
		const struct record *record);

/* May this account cancel it? */
bool decide_may_cancel(const struct vault *vault, const struct store_user *user,
		       const struct record *record);

#endif
