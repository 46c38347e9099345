#include "vault/case/session.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"

enum { SESSION_WORDS_BYTES = 4 * 1024, SESSION_ID_BYTES = 16 };

static const struct wire_field words_fields[] = {
	WIRE_TEXT_F(struct session_words, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct session_words, agent, 0, VAULT_MAX_NAME_BYTES),
	WIRE_TEXT_F(struct session_words, address, 0, CASE_MAX_ADDRESS_BYTES),
};
static WIRE_TABLE(session_words_table, 0x0320, 1, session_words, words_fields);

enum status
session_words_open(const struct vault *vault, const struct store_session *row,
		   struct session_words *words_out,
		   struct wire_arena **arena_out, struct err *err)
{
	return vault_unbox(vault, &session_words_table, row->words, words_out,
			   arena_out, err);
}

/* A new token into *row and token_out. */
static enum status
session_token(struct store_session *row, uint8_t token_out[VAULT_TOKEN_BYTES],
	      struct err *err)
{
	const struct span token = { token_out, VAULT_TOKEN_BYTES };
	const enum status st = random_fill(token_out, VAULT_TOKEN_BYTES, err);

	return st == ST_OK ? digest_once(token, row->token, err) : st;
}

enum status
session_start(struct vault *vault, struct store_session *row,
	      const struct session_words *words,
	      uint8_t token_out[VAULT_TOKEN_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	enum status st = ST_OK;

	sbuf_init(&boxed, SESSION_WORDS_BYTES);
	row->made_unix_ms = vault->now_unix_ms;
	row->seen_unix_ms = vault->now_unix_ms;
	st = vault_box(vault, &session_words_table, words, &boxed, err);
	row->words = sbuf_span(&boxed);
	if (st == ST_OK)
		st = session_token(row, token_out, err);
	if (st == ST_OK)
		st = store_session_insert(vault->store, row, err);
	row->words = (struct span){ NULL, 0 };
	return st;
}

enum status
session_replace(struct vault *vault, const struct actor *actor, bool proved,
		uint8_t token_out[VAULT_TOKEN_BYTES], struct err *err)
{
	struct store_session row = actor->session;
	enum status st =
		store_session_delete(vault->store, actor->session.token, err);

	/* Signed out meanwhile. */
	if (st == ST_NOT_FOUND)
		return err_set(err, ST_DENIED, "the session has ended");
	row.proved = proved;
	row.seen_unix_ms = vault->now_unix_ms;
	if (st == ST_OK)
		st = session_token(&row, token_out, err);
	return st == ST_OK ? store_session_insert(vault->store, &row, err) : st;
}

enum status
session_keep_own(struct vault *vault, const struct actor *actor,
		 struct err *err)
{
	struct store_session row = actor->session;
	enum status st =
		store_session_delete_user(vault->store, actor->user.id, err);

	row.proved = false;
	if (st != ST_OK || !actor->has_session)
		return st;
	return store_session_insert(vault->store, &row, err);
}

bool
session_has_ended(const struct vault *vault, const struct store_session *row)
{
	const struct config_vault *config = &vault->config->vault;
	const int64_t age_ms = vault->now_unix_ms - row->made_unix_ms;
	const int64_t idle_ms = vault->now_unix_ms - row->seen_unix_ms;

	return age_ms < 0 || age_ms > config->session_life_s * 1000 ||
	       idle_ms > config->session_idle_s * 1000;
}

/* --- listed and ended -------------------------------------------------- */

/* Whose sessions are meant? */
static enum status
session_owner(struct vault *vault, const struct actor *actor, const char *login,
	      uint64_t *user_id_out, struct err *err)
{
	AUTO(store_user_done) struct store_user user = { .memory = NULL };
	enum status st = vault_need_ring(vault, err);

	if (st != ST_OK)
		return st;
	*user_id_out = actor->user.id;
	if (login[0] == '\0' || strcmp(login, actor->user.login) == 0)
		return ST_OK;
	if ((actor->user.roles & VAULT_ROLE_ADMIN) == 0)
		return err_set(err, ST_DENIED, "this needs an administrator");
	st = store_user_find_login(vault->store, login, &user, err);
	if (st == ST_NOT_FOUND)
		return err_set(err, st, "no such account");
	*user_id_out = user.id;
	return st;
}

/* Tells sessions apart and opens none. */
static enum status
session_id(const struct vault *vault, const struct store_session *row,
	   uint8_t id_out[SESSION_ID_BYTES], struct err *err)
{
	uint8_t mac[DIGEST_BYTES];
	const enum status st = vault_mac(
		vault, KEY_USE_FORM, "session",
		(struct span){ row->token, sizeof(row->token) }, mac, err);

	if (st == ST_OK)
		memcpy(id_out, mac, SESSION_ID_BYTES);
	return st;
}

struct session_load {
	const struct vault *vault;
	const struct actor *actor;
	struct wire_arena *arena;
	struct vault_session_line *lines;
	size_t count;
};

static enum status
load_line(void *context, const struct store_session *row, struct err *err)
{
	struct session_load *load = context;
	struct vault_session_line *line = &load->lines[load->count];
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct session_words words = { .agent = "" };
	enum status st = ST_OK;

	if (session_has_ended(load->vault, row))
		return ST_OK;
	if (load->count == VAULT_MAX_PAGE)
		return ST_END;
	st = session_id(load->vault, row, line->session_id, err);
	if (st == ST_OK)
		st = session_words_open(load->vault, row, &words, &arena, err);
	if (st != ST_OK)
		return st;
	line->made_unix_ms = row->made_unix_ms;
	line->seen_unix_ms = row->seen_unix_ms;
	line->current = load->actor->has_session &&
			memcmp(row->token, load->actor->session.token,
			       sizeof(row->token)) == 0;
	line->client_address =
		wire_arena_text(load->arena, span_of(words.client_address));
	line->agent = wire_arena_text(load->arena, span_of(words.agent));
	if (line->client_address == NULL || line->agent == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	load->count++;
	return ST_OK;
}

enum status
session_list(struct vault *vault, const struct actor *actor,
	     const struct vault_session_list *request,
	     struct vault_session_list_answer *answer_out,
	     struct wire_arena **arena_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	struct session_load load = { .vault = vault,
				     .actor = actor,
				     .arena = arena };
	uint64_t user_id = 0;
	enum status st =
		session_owner(vault, actor, request->login, &user_id, err);

	if (st != ST_OK)
		return st;
	if (arena != NULL)
		load.lines = wire_arena_alloc(
			arena, VAULT_MAX_PAGE * sizeof(*load.lines));
	if (load.lines == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	st = store_session_each(vault->store, user_id, load_line, &load, err);
	if (st != ST_OK)
		return st;
	*answer_out =
		(struct vault_session_list_answer){ load.lines, load.count };
	*arena_out = MOVE(arena);
	return ST_OK;
}

struct session_search {
	const struct vault *vault;
	struct span id; /* wanted */
	uint8_t token[STORE_HASH_BYTES];
	bool found;
};

static enum status
look_at(void *context, const struct store_session *row, struct err *err)
{
	struct session_search *search = context;
	uint8_t id[SESSION_ID_BYTES];
	const enum status st = session_id(search->vault, row, id, err);

	if (st != ST_OK ||
	    !span_equal(search->id, (struct span){ id, sizeof(id) }))
		return st;
	memcpy(search->token, row->token, sizeof(search->token));
	search->found = true;
	return ST_END;
}

static enum status
end_one(struct vault *vault, uint64_t user_id, struct span id, struct err *err)
{
	struct session_search search = { .vault = vault, .id = id };
	enum status st = store_session_each(vault->store, user_id, look_at,
					    &search, err);

	if (st == ST_OK && !search.found)
		return err_set(err, ST_NOT_FOUND, "no such session");
	return st == ST_OK
		       ? store_session_delete(vault->store, search.token, err)
		       : st;
}

enum status
session_end(struct vault *vault, const struct actor *actor,
	    const struct vault_session_end *request, struct err *err)
{
	const bool all = request->session_id.len_bytes == 0;
	char detail[VAULT_MAX_NAME_BYTES + 32];
	const struct vault_deed deed = {
		.actor = actor->user.login,
		.via = actor->via,
		.event = all ? "sessions-ended" : "session-ended",
		.detail = detail,
	};
	uint64_t user_id = 0;
	enum status st =
		session_owner(vault, actor, request->login, &user_id, err);

	if (st != ST_OK)
		return st;
	(void)snprintf(
		detail, sizeof(detail), "account=%.*s", VAULT_MAX_NAME_BYTES,
		request->login[0] != '\0' ? request->login : actor->user.login);
	if (all)
		st = store_session_delete_user(vault->store, user_id, err);
	else
		st = end_one(vault, user_id, request->session_id, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}
