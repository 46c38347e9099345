/*
 * four_eyes.h - nobody decides on mail that they sent.
 *
 * Layer:    vault/case
 * Threads:  as the struct vault
 *
 * DESIGN 1.5: the sender is the set {SASL login, envelope sender, From,
 * Sender, Resent-*} of the mail and of every retry that joined it. Who might
 * be in it, under any address they have or had, may not decide; neither may
 * an account to which somebody in that set gave its power shortly before, nor
 * who is a recipient of what is held.
 */
#ifndef VAULT_CASE_FOUR_EYES_H
#define VAULT_CASE_FOUR_EYES_H

#include "vault/case/people.h"

/* May this account decide on cases of that group at all? */
bool four_eyes_in_group(const struct store_user *user, const char *group);

/* May it see them? Handlers of a group see its cases and do not decide. */
bool four_eyes_sees_group(const struct store_user *user, const char *group);

/*
 * May user decide on this case?
 * Returns: ST_OK; ST_DENIED, err says why in words for people; ST_IO …
 */
MUST_CHECK enum status
four_eyes_check(struct vault *vault, const struct record *record,
		const struct people *people, const struct store_user *user,
		struct err *err);

#endif
