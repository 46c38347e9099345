#include "vault/case/account.h"

#include <string.h>

#include "lib/base/parse.h"

enum { SESSION_SEEN_MS = 60 * 1000, LOCK_MAX_COUNT = 1000 };

void
actor_done(struct actor *actor)
{
	store_user_done(&actor->user);
	explicit_bzero(&actor->session, sizeof(actor->session));
}

/* Also a session from the future has ended: the clock was turned back. */
static bool
session_has_ended(const struct vault *vault, const struct store_session *one)
{
	const struct config_vault *config = &vault->config->vault;
	const int64_t age_ms = vault->now_unix_ms - one->made_unix_ms;
	const int64_t idle_ms = vault->now_unix_ms - one->seen_unix_ms;

	return age_ms < 0 || age_ms > config->session_life_s * 1000 ||
	       idle_ms > config->session_idle_s * 1000;
}

static enum status
find_by_session(struct vault *vault, struct span token, struct actor *actor,
		struct err *err)
{
	uint8_t hash[STORE_HASH_BYTES];
	enum status st = digest_once(token, hash, err);

	if (st == ST_OK)
		st = store_session_find(vault->store, hash, &actor->session,
					err);
	if (st == ST_NOT_FOUND ||
	    (st == ST_OK && session_has_ended(vault, &actor->session)))
		return err_set(err, ST_DENIED, "the session has ended");
	if (st != ST_OK)
		return st;
	actor->has_session = true;
	actor->via = "desk";
	return store_user_find(vault->store, actor->session.user_id,
			       &actor->user, err);
}

static enum status
find_by_uid(struct vault *vault, const struct account_peer *peer,
	    struct actor *actor, struct err *err)
{
	actor->via = "cli";
	/* Who is root could be anybody. */
	if (peer->uid == 0)
		return err_set(err, ST_DENIED,
			       "root is nobody here: use your own account");
	return store_user_find_uid(vault->store, peer->uid, &actor->user, err);
}

enum status
account_find_actor(struct vault *vault, const struct account_peer *peer,
		   struct span token, struct actor *actor_out, struct err *err)
{
	struct actor actor = { .via = "" };
	enum status st = ST_DENIED;

	if (token.len_bytes > 0 && (peer->programs & VAULT_PEER_DESK) != 0)
		st = find_by_session(vault, token, &actor, err);
	else if (token.len_bytes == 0 && (peer->programs & VAULT_PEER_CLI) != 0)
		st = find_by_uid(vault, peer, &actor, err);
	else
		st = err_set(err, ST_DENIED, "not signed in");
	if (st == ST_NOT_FOUND)
		st = err_set(err, ST_DENIED, "no account is yours");
	if (st == ST_OK && !actor.user.enabled)
		st = err_set(err, ST_DENIED, "your account is disabled");
	if (st != ST_OK) {
		actor_done(&actor);
		return st;
	}
	*actor_out = actor;
	return ST_OK;
}

bool
account_needs_seen(const struct vault *vault, const struct actor *actor)
{
	return actor->has_session &&
	       vault->now_unix_ms - actor->session.seen_unix_ms >
		       SESSION_SEEN_MS;
}

enum status
account_seen(struct vault *vault, const struct actor *actor, struct err *err)
{
	const enum status st = store_session_seen(
		vault->store, actor->session.token, vault->now_unix_ms, err);

	/* Signed out meanwhile: the next request will hear so. */
	return st == ST_NOT_FOUND ? ST_OK : st;
}

/* --- sign-in ----------------------------------------------------------- */

enum status
account_prepare_login(struct vault *vault, const struct vault_login *request,
		      struct login_attempt *attempt_out, struct err *err)
{
	AUTO(store_user_done) struct store_user user = { .memory = NULL };
	char login[VAULT_MAX_NAME_BYTES + 1];
	enum status st = vault_need_ring(vault, err);

	*attempt_out = (struct login_attempt){ .user_id = 0 };
	if (st != ST_OK)
		return st;
	vault_lower(request->login, login, sizeof(login));
	st = store_user_find_login(vault->store, login, &user, err);
	if (st == ST_OK)
		attempt_out->user_id = user.id;
	if (st == ST_NOT_FOUND || (st == ST_OK && user.password[0] == '\0')) {
		password_waste_time(request->password);
		return ST_OK;
	}
	if (st != ST_OK)
		return st;
	st = password_verify(request->password, user.password, err);
	attempt_out->password_fits = st == ST_OK;
	return st == ST_DENIED ? ST_OK : st;
}

static enum status
count_failure(struct vault *vault, struct store_user *user, struct err *err)
{
	const struct config_vault *config = &vault->config->vault;

	if (user->failures < LOCK_MAX_COUNT)
		user->failures++;
	if (user->failures >= (uint32_t)config->lock_after) {
		user->locked_until_unix_ms =
			vault->now_unix_ms + config->lock_for_s * 1000;
		user->failures = 0;
	}
	return store_user_update(vault->store, user, err);
}

static enum status
start_session(struct vault *vault, struct store_user *user,
	      struct login_result *result, struct err *err)
{
	struct store_session session = { .user_id = user->id,
					 .made_unix_ms = vault->now_unix_ms,
					 .seen_unix_ms = vault->now_unix_ms };
	enum status st = random_fill(result->token, sizeof(result->token), err);

	if (st == ST_OK)
		st = digest_once(
			(struct span){ result->token, sizeof(result->token) },
			session.token, err);
	if (st == ST_OK)
		st = store_session_insert(vault->store, &session, err);
	if (st != ST_OK)
		return st;
	user->failures = 0;
	user->locked_until_unix_ms = 0;
	result->signed_in = true;
	return store_user_update(vault->store, user, err);
}

static bool
may_sign_in(const struct vault *vault, const struct store_user *user,
	    const struct login_attempt *attempt)
{
	return attempt->password_fits && user->enabled &&
	       user->locked_until_unix_ms <= vault->now_unix_ms;
}

enum status
account_login(struct vault *vault, const struct vault_login *request,
	      const struct login_attempt *attempt,
	      struct login_result *result_out, struct err *err)
{
	AUTO(store_user_done) struct store_user user = { .memory = NULL };
	struct vault_deed deed = { .actor = "nobody",
				   .via = "desk",
				   .event = "sign-in-refused",
				   .detail = "no such account",
				   .secret = request->client_address };
	enum status st = ST_OK;

	*result_out = (struct login_result){ .signed_in = false };
	if (attempt->user_id != 0)
		st = store_user_find(vault->store, attempt->user_id, &user,
				     err);
	if (st == ST_NOT_FOUND)
		st = ST_OK;
	if (st == ST_OK && user.id != 0) {
		deed.actor = user.login;
		deed.detail = !user.enabled ? "disabled"
			      : user.locked_until_unix_ms > vault->now_unix_ms
				      ? "locked"
				      : "wrong password";
		if (may_sign_in(vault, &user, attempt)) {
			deed.event = "sign-in";
			deed.detail = "";
			st = start_session(vault, &user, result_out, err);
		} else if (!attempt->password_fits) {
			st = count_failure(vault, &user, err);
		}
	}
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

enum status
account_logout(struct vault *vault, const struct actor *actor, struct err *err)
{
	const struct vault_deed deed = { .actor = actor->user.login,
					 .via = actor->via,
					 .event = "sign-out" };
	enum status st =
		store_session_delete(vault->store, actor->session.token, err);

	if (st == ST_NOT_FOUND)
		st = ST_OK;
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

enum status
account_form_token(const struct vault *vault, struct span token,
		   uint8_t out[DIGEST_BYTES], struct err *err)
{
	return vault_mac(vault, KEY_USE_FORM, "form", token, out, err);
}

void
account_show(const struct store_user *row, struct vault_user *out)
{
	*out = (struct vault_user){
		.user_id = row->id,
		.login = row->login,
		.name = row->name,
		.roles = row->roles,
		.language = row->language,
		.enabled = row->enabled,
		.uid = row->uid,
		.addresses = row->addresses,
		.groups = row->groups,
		.created_unix_ms = row->created_unix_ms,
		.locked_until_unix_ms = row->locked_until_unix_ms,
	};
}
