#include "vault/case/entry.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/base32.h"
#include "lib/base/parse.h"

enum {
	ENTRY_BOX_BYTES = 4 * 1024,
	ENTRY_CODE_BYTES = 10,
	ENTRY_CODE_GROUP = 4,
	ENTRY_AGAIN_MS = 3600 * 1000
};

/* Boxed in store_entry.words. */
struct entry_words {
	const char *address;
	const char *person;
	const char *language;
	struct span code; /* empty once the notice is sent */
};
static const struct wire_field words_fields[] = {
	WIRE_TEXT_F(struct entry_words, address, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_UTF8_F(struct entry_words, person, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct entry_words, language, 0, 8),
	WIRE_BYTES_F(struct entry_words, code, 0, ENTRY_CODE_BYTES),
};
static WIRE_TABLE(entry_words_table, 0x0322, 1, entry_words, words_fields);

/* The code is bound to its entry. */
static enum status
entry_mac(const struct vault *vault, const uint8_t id[STORE_ENTRY_ID_BYTES],
	  const uint8_t code[ENTRY_CODE_BYTES], uint8_t out[DIGEST_BYTES],
	  struct err *err)
{
	uint8_t both[STORE_ENTRY_ID_BYTES + ENTRY_CODE_BYTES];
	enum status st = ST_OK;

	memcpy(both, id, STORE_ENTRY_ID_BYTES);
	memcpy(both + STORE_ENTRY_ID_BYTES, code, ENTRY_CODE_BYTES);
	st = vault_mac(vault, KEY_USE_FORM, "entry",
		       (struct span){ both, sizeof(both) }, out, err);
	explicit_bzero(both, sizeof(both));
	return st;
}

/* --- made with the notice ---------------------------------------------- */

static enum status
entry_make(struct vault *vault, const struct store_job *job,
	   const struct job_payload *payload, struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	uint8_t code[ENTRY_CODE_BYTES];
	const struct entry_words words = {
		.address = payload->address,
		.person = payload->person,
		.language = payload->language,
		.code = { code, sizeof(code) },
	};
	struct store_entry row = {
		.job_id = job->id,
		.made_unix_ms = vault->now_unix_ms,
		.expires_unix_ms = vault->now_unix_ms +
				   vault->config->vault.entry_life_s * 1000,
	};
	enum status st = random_fill(code, sizeof(code), err);

	sbuf_init_secret(&boxed, ENTRY_BOX_BYTES);
	memcpy(row.case_id, job->case_id, sizeof(row.case_id));
	if (st == ST_OK)
		st = random_fill(row.id, sizeof(row.id), err);
	if (st == ST_OK)
		st = entry_mac(vault, row.id, code, row.code, err);
	if (st == ST_OK)
		st = vault_box(vault, &entry_words_table, &words, &boxed, err);
	row.words = sbuf_span(&boxed);
	if (st == ST_OK)
		st = store_entry_insert(vault->store, &row, err);
	explicit_bzero(code, sizeof(code));
	return st;
}

enum status
entry_prepare(struct vault *vault, const struct store_job *job, struct err *err)
{
	AUTO(store_entry_done) struct store_entry row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct job_payload payload = { .event = NOTICE_NONE };
	enum status st = ST_OK;

	if (job->kind != JOB_KIND_NOTICE && job->kind != JOB_KIND_GIVE_BACK)
		return ST_OK;
	st = vault_unbox(vault, &job_payload_table, job->payload, &payload,
			 &arena, err);
	if (st != ST_OK || payload.audience != NOTICE_AUDIENCE_SENDER ||
	    payload.to_postmaster || payload.address[0] == '\0')
		return st;
	/* A second try sends the same code. */
	st = store_entry_find_job(vault->store, job->id, &row, err);
	return st == ST_NOT_FOUND ? entry_make(vault, job, &payload, err) : st;
}

enum status
entry_find_code(struct vault *vault, uint64_t job_id,
		struct entry_texts *texts_out, struct err *err)
{
	AUTO(store_entry_done) struct store_entry row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf id;
	AUTO(sbuf_done) struct sbuf code;
	struct entry_words words = { .address = "" };
	enum status st = store_entry_find_job(vault->store, job_id, &row, err);

	sbuf_init(&id, VAULT_ENTRY_BYTES - 1);
	sbuf_init_secret(&code, VAULT_ENTRY_BYTES - 1);
	*texts_out = (struct entry_texts){ .id = "" };
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st == ST_OK)
		st = vault_unbox(vault, &entry_words_table, row.words, &words,
				 &arena, err);
	if (st != ST_OK || words.code.len_bytes == 0)
		return st;
	format_code(&id, (struct span){ row.id, sizeof(row.id) }, 0);
	format_code(&code, words.code, ENTRY_CODE_GROUP);
	st = sbuf_status(&code, "vault: code", err);
	if (st != ST_OK)
		return st;
	vault_lower(sbuf_text(&id), texts_out->id, sizeof(texts_out->id));
	(void)snprintf(texts_out->code, sizeof(texts_out->code), "%s",
		       sbuf_text(&code));
	return ST_OK;
}

enum status
entry_forget_code(struct vault *vault, uint64_t job_id, struct err *err)
{
	AUTO(store_entry_done) struct store_entry row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(sbuf_done) struct sbuf boxed;
	struct entry_words words = { .address = "" };
	enum status st = store_entry_find_job(vault->store, job_id, &row, err);

	sbuf_init(&boxed, ENTRY_BOX_BYTES);
	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st == ST_OK)
		st = vault_unbox(vault, &entry_words_table, row.words, &words,
				 &arena, err);
	words.code = (struct span){ NULL, 0 };
	if (st == ST_OK)
		st = vault_box(vault, &entry_words_table, &words, &boxed, err);
	if (st != ST_OK)
		return st;
	row.words = sbuf_span(&boxed);
	return store_entry_update(vault->store, &row, err);
}

/* --- used -------------------------------------------------------------- */

/* By the id as it stands in a path. ST_NOT_FOUND also when it is no id. */
static enum status
entry_find(struct vault *vault, const char *text, struct store_entry *row_out,
	   struct err *err)
{
	uint8_t id[STORE_ENTRY_ID_BYTES] = { 0 };
	const bool is_id = parse_code(span_of(text), id, sizeof(id));
	const enum status st = store_entry_find(vault->store, id, row_out, err);

	/* Looked for all the same: it takes as long. */
	if (st == ST_OK && !is_id) {
		store_entry_done(row_out);
		return ST_NOT_FOUND;
	}
	return st;
}

/* NULL: come in; else why not, for the log only. */
static const char *
entry_misfit(const struct vault *vault, const struct store_entry *row,
	     bool found, bool fits)
{
	if (!found)
		return "no such sign-in";
	if (row->used_unix_ms != 0)
		return "used already";
	if (row->failures >= ENTRY_MAX_TRIES)
		return "too many tries";
	if (row->expires_unix_ms <= vault->now_unix_ms)
		return "expired";
	return fits ? NULL : "wrong code";
}

static enum status
entry_audit(struct vault *vault, const struct store_entry *row, bool found,
	    struct vault_deed deed, struct err *err)
{
	deed.actor = ACCOUNT_GUEST;
	deed.via = "desk";
	deed.case_id = found ? row->case_id : NULL;
	return vault_audit(vault, &deed, err);
}

static enum status
entry_open(struct vault *vault, struct store_entry *row,
	   const struct vault_enter *request, struct entry_result *result,
	   struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	char secret[CASE_MAX_ADDRESS_BYTES + VAULT_MAX_NAME_BYTES + 16];
	struct entry_words words = { .address = "" };
	struct session_words of_session = { .client_address =
						    request->client_address };
	struct store_session session = { .user_id = 0 };
	const struct vault_deed deed = { .event = "entry", .secret = secret };
	enum status st = vault_unbox(vault, &entry_words_table, row->words,
				     &words, &arena, err);

	if (st != ST_OK)
		return st;
	of_session.address = words.address;
	memcpy(session.case_id, row->case_id, sizeof(session.case_id));
	row->used_unix_ms = vault->now_unix_ms;
	st = store_entry_update(vault->store, row, err);
	if (st == ST_OK)
		st = session_start(vault, &session, &of_session, result->token,
				   err);
	(void)snprintf(secret, sizeof(secret), "%s from %s", words.address,
		       request->client_address);
	result->entered = st == ST_OK;
	return st == ST_OK ? entry_audit(vault, row, true, deed, err) : st;
}

enum status
entry_enter(struct vault *vault, const struct vault_enter *request,
	    struct entry_result *result_out, struct err *err)
{
	AUTO(store_entry_done) struct store_entry row = { .memory = NULL };
	struct vault_deed deed = { .event = "entry-refused",
				   .secret = request->client_address };
	uint8_t code[ENTRY_CODE_BYTES] = { 0 };
	uint8_t mac[DIGEST_BYTES] = { 0 };
	bool found = false;
	bool fits = false;
	enum status st = vault_need_ring(vault, err);

	*result_out = (struct entry_result){ .entered = false };
	if (st == ST_OK)
		st = entry_find(vault, request->entry_id, &row, err);
	found = st == ST_OK;
	if (st == ST_NOT_FOUND)
		st = ST_OK;
	fits = parse_code(span_of(request->code), code, sizeof(code));
	if (st == ST_OK)
		st = entry_mac(vault, row.id, code, mac, err);
	explicit_bzero(code, sizeof(code));
	if (st != ST_OK)
		return st;
	fits = secret_equal((struct span){ mac, sizeof(mac) },
			    (struct span){ row.code, sizeof(row.code) }) &&
	       fits;
	deed.detail = entry_misfit(vault, &row, found, fits);
	if (deed.detail == NULL)
		return entry_open(vault, &row, request, result_out, err);
	if (found && !fits && row.failures < ENTRY_MAX_TRIES) {
		row.failures++;
		st = store_entry_update(vault->store, &row, err);
	}
	return st == ST_OK ? entry_audit(vault, &row, found, deed, err) : st;
}

/* --- once more --------------------------------------------------------- */

static enum status
entry_order(struct vault *vault, struct store_entry *row, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct entry_words words = { .address = "" };
	struct job_order order = { .case_id = row->case_id,
				   .kind = JOB_KIND_NOTICE,
				   .serial = (uint64_t)vault->now_unix_ms };
	enum status st = vault_unbox(vault, &entry_words_table, row->words,
				     &words, &arena, err);

	if (st != ST_OK)
		return st;
	order.payload = (struct job_payload){
		.event = NOTICE_ENTRY,
		.audience = NOTICE_AUDIENCE_SENDER,
		.address = words.address,
		.person = words.person,
		.language = words.language,
	};
	st = job_add(vault, &order, err);
	row->again_count++;
	return st == ST_OK ? store_entry_update(vault->store, row, err) : st;
}

enum status
entry_again(struct vault *vault, const struct vault_entry_again *request,
	    struct err *err)
{
	AUTO(store_entry_done) struct store_entry row = { .memory = NULL };
	struct vault_deed deed = { .event = "entry-again",
				   .detail = "no such sign-in",
				   .secret = request->client_address };
	bool found = false;
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = entry_find(vault, request->entry_id, &row, err);
	found = st == ST_OK;
	if (st != ST_OK && st != ST_NOT_FOUND)
		return st;
	/* An hour that lies ahead is of a clock that was turned back. */
	if (vault->now_unix_ms - row.again_unix_ms >= ENTRY_AGAIN_MS ||
	    row.again_unix_ms > vault->now_unix_ms) {
		row.again_unix_ms = vault->now_unix_ms;
		row.again_count = 0;
	}
	st = ST_OK;
	if (found && row.again_count >= ENTRY_MAX_AGAIN) {
		deed.detail = "too often";
	} else if (found) {
		deed.detail = "";
		st = entry_order(vault, &row, err);
	}
	return st == ST_OK ? entry_audit(vault, &row, found, deed, err) : st;
}
