/*
 * link_choice.h - who decides that the files of a mail go as links.
 *
 * Layer:    vault/case
 * Threads:  link_can(), link_gets(), link_ask_prepare(): any; the rest: the
 *           writer's
 *
 * An approver (CASE_DECISION_LINK), the rule that held the mail, or the rule
 * and a password of the sender. The mail is then rewritten (JOB_KIND_REWRITE);
 * nothing is sent before that has worked (link_seal.h).
 */
#ifndef VAULT_CASE_LINK_CHOICE_H
#define VAULT_CASE_LINK_CHOICE_H

#include "vault/case/decide.h"
#include "vault/store/store_link.h"

enum { LINK_MAX_RECIPIENTS = 1000 }; /* of one mail */

/* The terms of the rule; where it had none (yet), the usual ones. */
struct case_link_terms
link_terms(const struct vault *vault, const struct record *record);

/* Does this recipient get a link, or the mail as it is? */
bool link_gets(const struct vault *vault, const struct record *record,
	       const char *address);

/* Does the mail's sender get a link of his own? Not one outside: whoever
 * submitted the mail chose that address, and nobody approved it. */
bool link_has_sender(const struct vault *vault, const struct record *record);

/* Could the files of this case go as links at all? ST_DENIED: why not. */
MUST_CHECK enum status
link_can(struct vault *vault, const struct record *record, struct err *err);

/* It was decided, the case is RELEASING: have it rewritten. */
MUST_CHECK enum status
link_start(struct vault *vault, const struct record *record, struct err *err);

/* The case is held from now on: does its rule want links at once? */
MUST_CHECK enum status link_at_once(struct vault *vault, struct record *record,
				    bool *moved_out, struct err *err);

/* The mail cannot be rewritten: it is held again, for people to decide. */
MUST_CHECK enum status link_refuse(struct vault *vault, struct record *record,
				   const char *reason, struct err *err);

/* --- the sender's wish ------------------------------------------------- */

/* Boxed in store_link_ask.words; empty without a password, and once the files
 * are sealed. */
struct link_ask_words {
	struct span salt;
	struct span key; /* link_password_key() */
};
extern const struct wire_table link_ask_words_table;

bool link_may_ask(struct vault *vault, const struct store_user *user,
		  const struct record *record);

/* What is slow about it, before the writer. Wipe *key. */
struct link_ask_key {
	bool has_password;
	uint8_t salt[CASE_ID_BYTES];
	uint8_t key[SEAL_KEY_BYTES];
};
MUST_CHECK enum status
link_ask_prepare(struct vault *vault, const struct actor *actor,
		 const struct vault_link_ask *request, struct link_ask_key *key,
		 struct err *err);
MUST_CHECK enum status
link_ask(struct vault *vault, const struct actor *actor,
	 const struct vault_link_ask *request, const struct link_ask_key *key,
	 struct err *err);

/* For the page of a case. */
struct link_ask_state {
	bool asked;
	bool has_password;
};
MUST_CHECK enum status
link_ask_find(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	      struct link_ask_state *state_out, struct err *err);

#endif
