#include "vault/case/account.h"

#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/session.h"

enum { SESSION_SEEN_MS = 60 * 1000, LOCK_MAX_COUNT = 1000 };

void
actor_done(struct actor *actor)
{
	store_user_done(&actor->user);
	store_session_done(&actor->session);
}

static uint32_t
role_bit(const char *word)
{
	static const struct {
		const char *word;
		uint32_t bit;
	} roles[] = {
		{ "sender", VAULT_ROLE_SENDER },
		{ "approver", VAULT_ROLE_APPROVER },
		{ "auditor", VAULT_ROLE_AUDITOR },
		{ "admin", VAULT_ROLE_ADMIN },
		{ "handler", VAULT_ROLE_HANDLER },
	};

	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (strcmp(roles[i].word, word) == 0)
			return roles[i].bit;
	return VAULT_ROLE_ALL; /* not understood: everybody needs one */
}

enum session_stage
account_stage(const struct vault *vault, const struct store_user *user,
	      bool proved)
{
	const struct config_list *words = &vault->config->vault.second_factor;
	uint32_t needed = 0;

	if (user->factor.len_bytes > 0)
		return proved ? SESSION_STAGE_FULL : SESSION_STAGE_CODE;
	for (size_t i = 0; i < words->count; i++)
		needed |= role_bit(words->items[i]);
	return (user->roles & needed) != 0 ? SESSION_STAGE_ENROL
					   : SESSION_STAGE_FULL;
}

/* A sender without an account, or with one: the rights are a guest's. */
static enum status
find_guest(const struct vault *vault, struct actor *actor, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct session_words words = { .address = "" };
	char *address = NULL;
	enum status st =
		session_words_open(vault, &actor->session, &words, &arena, err);

	if (st != ST_OK)
		return st;
	address = strdup(words.address);
	if (address == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	actor->is_guest = true;
	actor->stage = SESSION_STAGE_FULL;
	actor->user = (struct store_user){
		.memory = address,
		.login = ACCOUNT_GUEST,
		.name = "",
		.language = "",
		.roles = VAULT_ROLE_SENDER,
		.enabled = true,
		.uid = -1,
		.addresses = address,
		.former_addresses = "",
		.groups = "",
		.password = "",
	};
	return ST_OK;
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
	if (actor->session.user_id == 0)
		return find_guest(vault, actor, err);
	st = store_user_find(vault->store, actor->session.user_id, &actor->user,
			     err);
	if (st == ST_OK)
		actor->stage = account_stage(vault, &actor->user,
					     actor->session.proved);
	return st;
}

static enum status
find_by_uid(struct vault *vault, const struct account_peer *peer,
	    struct actor *actor, struct err *err)
{
	actor->via = "cli";
	actor->stage = SESSION_STAGE_FULL;
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

enum status
account_count_failure(struct vault *vault, struct store_user *user,
		      struct err *err)
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
	      const struct vault_login *request, struct login_result *result,
	      struct err *err)
{
	struct store_session session = { .user_id = user->id };
	const struct session_words words = {
		.client_address = request->client_address,
		.agent = request->agent,
		.address = "",
	};
	const enum status st =
		session_start(vault, &session, &words, result->token, err);

	result->signed_in = st == ST_OK;
	/* Who has the password only goes on counting wrong codes. */
	if (st != ST_OK || user->factor.len_bytes > 0)
		return st;
	user->failures = 0;
	user->locked_until_unix_ms = 0;
	return store_user_update(vault->store, user, err);
}

/* What a right password alone has come to, for the log. */
static void
describe_stage(enum session_stage stage, struct vault_deed *deed)
{
	deed->event = stage == SESSION_STAGE_CODE ? "sign-in-begun" : "sign-in";
	deed->detail = stage == SESSION_STAGE_ENROL
			       ? "a second factor has to be set up"
			       : "";
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
			describe_stage(account_stage(vault, &user, false),
				       &deed);
			st = start_session(vault, &user, request, result_out,
					   err);
		} else if (!attempt->password_fits) {
			st = account_count_failure(vault, &user, err);
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
		.second_factor = row->factor.len_bytes > 0,
	};
}
