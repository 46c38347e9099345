/*
 * account.h - who asks: sessions, sign-in, changes of accounts.
 *
 * Layer:    vault/case
 * Threads:  account_find_actor(), account_prepare_login(): any; the rest: the
 *           writer's
 */
#ifndef VAULT_CASE_ACCOUNT_H
#define VAULT_CASE_ACCOUNT_H

#include "lib/crypto/password.h"
#include "vault/case/people.h"
#include "vault/store/store_session.h"

/* The login of guests in logs; no account can have it. */
#define ACCOUNT_GUEST "guest"

/* Somebody who asks; release with actor_done(). */
struct actor {
	/* Of a guest: no row of the store, but a sender with the mailbox that
	 * the one-time sign-in went to; id 0, login ACCOUNT_GUEST. */
	struct store_user user;
	const char *via; /* "desk" or "cli" */
	bool has_session;
	bool is_guest; /* for session.case_id only */
	enum session_stage stage;
	struct store_session session;
};
void actor_done(struct actor *actor);

/* How the request came: the programs the peer's uid stands for, and it. */
struct account_peer {
	unsigned programs; /* enum vault_peer */
	int64_t uid;
};

/*
 * The account behind a session token, or without one behind the uid.
 * Returns: ST_OK; ST_DENIED no session, ended, disabled, unknown uid; ST_IO
 */
MUST_CHECK enum status
account_find_actor(struct vault *vault, const struct account_peer *peer,
		   struct span token, struct actor *actor_out, struct err *err);
/* How far a sign-in has come in which a code was given, or not. */
enum session_stage account_stage(const struct vault *vault,
				 const struct store_user *user, bool proved);
/* Is it time to write down that the session was used? */
bool account_needs_seen(const struct vault *vault, const struct actor *actor);
MUST_CHECK enum status
account_seen(struct vault *vault, const struct actor *actor, struct err *err);

/*
 * Sign in, in two steps: the first reads the account and checks the password
 * (slow, on the asking thread), the second counts a failure or makes the
 * session. An unknown login, a locked or disabled account and a wrong
 * password take the same time and get the same words.
 */
struct login_attempt {
	uint64_t user_id; /* 0: no such account */
	bool password_fits;
};
MUST_CHECK enum status
account_prepare_login(struct vault *vault, const struct vault_login *request,
		      struct login_attempt *attempt_out, struct err *err);
struct login_result {
	bool signed_in; /* perhaps not all the way: account_stage() */
	uint8_t token[VAULT_TOKEN_BYTES];
};
MUST_CHECK enum status
account_login(struct vault *vault, const struct vault_login *request,
	      const struct login_attempt *attempt,
	      struct login_result *result_out, struct err *err);
/* A wrong password or code: written down, and the account may be locked. */
MUST_CHECK enum status
account_count_failure(struct vault *vault, struct store_user *user,
		      struct err *err);
MUST_CHECK enum status
account_logout(struct vault *vault, const struct actor *actor, struct err *err);

/* Form token of a session: an HMAC of its own token. */
MUST_CHECK enum status
account_form_token(const struct vault *vault, struct span token,
		   uint8_t out[DIGEST_BYTES], struct err *err);

/* An account as the programs see it; texts are borrowed from row. */
void account_show(const struct store_user *row, struct vault_user *out);

/* Change accounts. password_hash: of request->password, "" when it has none;
 * made by the caller, because it is slow. */
MUST_CHECK enum status
account_change(struct vault *vault, const struct actor *actor,
	       const struct vault_user_change *request,
	       const char *password_hash, struct err *err);

/* One of the first accounts, at installation: given by nobody. */
MUST_CHECK enum status
account_create_first(struct vault *vault, const struct vault_user *user,
		     const char *password_hash, struct err *err);

#endif
