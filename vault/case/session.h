/*
 * session.h - sessions of people and of guests: made, listed, ended.
 *
 * Layer:    vault/case
 * Threads:  session_list(), session_words_open(): any; the rest: the writer's
 *
 * The browser has the token, the store its SHA-256. Between the two steps of
 * a sign-in the token is replaced, so that nobody can plant one.
 */
#ifndef VAULT_CASE_SESSION_H
#define VAULT_CASE_SESSION_H

#include "vault/case/account.h"

/* Boxed in store_session.words. */
struct session_words {
	const char *client_address;
	const char *agent;
	const char *address; /* of a guest: the mailbox; else "" */
};
MUST_CHECK enum status
session_words_open(const struct vault *vault, const struct store_session *row,
		   struct session_words *words_out,
		   struct wire_arena **arena_out, struct err *err);

/* Insert *row with these words under a new token. */
MUST_CHECK enum status
session_start(struct vault *vault, struct store_session *row,
	      const struct session_words *words,
	      uint8_t token_out[VAULT_TOKEN_BYTES], struct err *err);
/* The actor's session goes on under a new token; proved as given. */
MUST_CHECK enum status
session_replace(struct vault *vault, const struct actor *actor, bool proved,
		uint8_t token_out[VAULT_TOKEN_BYTES], struct err *err);
/* End all of the account but the actor's, which counts as not proved. */
MUST_CHECK enum status
session_keep_own(struct vault *vault, const struct actor *actor,
		 struct err *err);

/* Too old or not used for too long, also when the clock was turned back. */
bool
session_has_ended(const struct vault *vault, const struct store_session *row);

/* Own sessions, or as an administrator those of an account.
 * Gives: *arena_out, behind the lines. */
MUST_CHECK enum status
session_list(struct vault *vault, const struct actor *actor,
	     const struct vault_session_list *request,
	     struct vault_session_list_answer *answer_out,
	     struct wire_arena **arena_out, struct err *err);
/* One of them, or all. ST_NOT_FOUND: no such account or session. */
MUST_CHECK enum status
session_end(struct vault *vault, const struct actor *actor,
	    const struct vault_session_end *request, struct err *err);

#endif
