/*
 * people.h - the accounts in memory, and whose address is whose.
 *
 * Layer:    vault/case
 * Threads:  as the struct vault
 */
#ifndef VAULT_CASE_PEOPLE_H
#define VAULT_CASE_PEOPLE_H

#include "vault/case/record.h"
#include "vault/store/store_people.h"

struct people {
	struct wire_arena *arena;
	struct store_user *items; /* texts in the arena; password is "" */
	size_t count;
};
void people_done(struct people *people);
/* *people must be zeroed. */
MUST_CHECK enum status
people_read(struct vault *vault, struct people *people, struct err *err);
/* NULL: no such account. */
const struct store_user *people_find(const struct people *people, uint64_t id);

/* Might address be this account's, in any disguise, now or earlier? For
 * refusing. */
bool person_may_be(const struct vault *vault, const struct store_user *user,
		   const char *address);

/* Is address this account's for sure: the same canonical form as its login
 * or one of its present addresses? For granting. */
bool person_is(const struct vault *vault, const struct store_user *user,
	       const char *address);

/* The first of an account's addresses, into text. False: it has none. */
bool
person_address(const struct store_user *user, char *text, size_t text_bytes);

/* Is any sender of the case this account's? may: as person_may_be(). */
bool
person_may_have_sent(const struct vault *vault, const struct store_user *user,
		     const struct case_summary *summary);
bool person_has_sent(const struct vault *vault, const struct store_user *user,
		     const struct case_summary *summary);

#endif
