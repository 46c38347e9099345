/* What a visit asks the vault, and what it makes of the secret. */
#include <string.h>

#include "lib/crypto/link_password.h"
#include "quarantine-ui/portal/visit.h"

enum { ASK_MAX_REQUEST_BYTES = 4096, ASK_MAX_MANIFEST_BYTES = 4 * 1024 * 1024 };

static struct link_visitor
ask_visitor(const struct visit *visit)
{
	return (struct link_visitor){
		.address = visit->request->client_address,
		.agent = visit->agent,
		.certificate = visit->request->certificate,
	};
}

static struct span
ask_link_id(const struct visit *visit)
{
	return (struct span){ visit->link_id, LINK_ID_BYTES };
}

/* Ask; a new view takes the place of the one before. */
static enum status
ask(struct visit *visit, const struct vault_call *call,
    struct vault_link_view *view, struct err *err)
{
	AUTO(sbuf_done) struct sbuf probe;
	struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	/* What does not fit its member was typed so: no outage. */
	sbuf_init_secret(&probe, ASK_MAX_REQUEST_BYTES);
	if (wire_encode(call->request_table, call->request, &probe, err) !=
	    ST_OK)
		return err_set(err, ST_FORMAT, "portal: cannot be asked");
	st = vault_client_call(visit->vault, call, &arena, err);
	if (st != ST_OK)
		return st;
	wire_arena_free(&visit->arena);
	visit->arena = arena;
	visit->link = *view;
	return ST_OK;
}

enum status
visit_open(struct visit *visit, const struct link_secret *secret,
	   struct err *err)
{
	struct vault_link_open request = { .visitor = ask_visitor(visit) };
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	const struct vault_call call = VAULT_CALL(LINK_OPEN, &request, &view);
	enum status st =
		link_key_proof(secret, ask_link_id(visit), request.proof, err);

	memcpy(request.link_id, visit->link_id, LINK_ID_BYTES);
	if (st == ST_OK)
		st = ask(visit, &call, &view, err);
	explicit_bzero(request.proof, sizeof(request.proof));
	if (st != ST_OK)
		return st;
	memcpy(visit->claim, visit->link.claim, LINK_CLAIM_BYTES);
	memcpy(visit->key, secret->bytes, sizeof(secret->bytes));
	visit->key_kind = VISIT_KEY_SECRET;
	if (visit->link.stage != LINK_STAGE_READY)
		return ST_OK;
	/* Nothing is to be mixed in: the secret need not be kept. */
	st = link_key_opening(secret, NULL, ask_link_id(visit), visit->key,
			      err);
	visit->key_kind = VISIT_KEY_OPENING;
	return st;
}

struct vault_link_visit
visit_claim(const struct visit *visit)
{
	struct vault_link_visit request = { .visitor = ask_visitor(visit) };

	memcpy(request.claim, visit->claim, LINK_CLAIM_BYTES);
	memcpy(request.link_id, visit->link_id, LINK_ID_BYTES);
	return request;
}

enum status
visit_look(struct visit *visit, struct err *err)
{
	struct vault_link_visit request = visit_claim(visit);
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	const struct vault_call call = VAULT_CALL(LINK_LOOK, &request, &view);
	const enum status st = ask(visit, &call, &view, err);

	explicit_bzero(request.claim, sizeof(request.claim));
	return st;
}

enum status
visit_end(struct visit *visit, struct err *err)
{
	struct vault_link_visit request = visit_claim(visit);
	struct vault_empty answer = { 0 };
	struct wire_arena *arena = NULL;
	const struct vault_call call =
		VAULT_CALL(LINK_LEAVE, &request, &answer);
	const enum status st =
		vault_client_call(visit->vault, &call, &arena, err);

	explicit_bzero(request.claim, sizeof(request.claim));
	wire_arena_free(&arena);
	return st;
}

enum status
visit_send_code(struct visit *visit, struct err *err)
{
	struct vault_link_visit request = visit_claim(visit);
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	const struct vault_call call = VAULT_CALL(LINK_CODE, &request, &view);
	const enum status st = ask(visit, &call, &view, err);

	explicit_bzero(request.claim, sizeof(request.claim));
	return st;
}

static enum status
ask_prove(struct visit *visit, const char *code, const struct span proofs[2],
	  struct err *err)
{
	struct vault_link_prove request = {
		.visit = visit_claim(visit),
		.mailbox_code = code,
		.password_proof = proofs[0],
		.typed_proof = proofs[1],
	};
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	const struct vault_call call = VAULT_CALL(LINK_PROVE, &request, &view);

	const enum status st = ask(visit, &call, &view, err);

	explicit_bzero(&request.visit, sizeof(request.visit));
	return st;
}

/* The secret of the cookie becomes the opening key. */
static enum status
ask_change_key(struct visit *visit, const uint8_t *password_key,
	       struct err *err)
{
	struct link_secret secret;
	enum status st = ST_OK;

	if (visit->key_kind != VISIT_KEY_SECRET)
		return ST_OK;
	memcpy(secret.bytes, visit->key, sizeof(secret.bytes));
	st = link_key_opening(&secret, password_key, ask_link_id(visit),
			      visit->key, err);
	explicit_bzero(&secret, sizeof(secret));
	if (st == ST_OK)
		visit->key_kind = VISIT_KEY_OPENING;
	return st;
}

enum status
visit_prove_mailbox(struct visit *visit, const char *code, struct err *err)
{
	const struct span none[2] = { { NULL, 0 }, { NULL, 0 } };
	const enum status st = ask_prove(visit, code, none, err);

	return st == ST_OK && visit->link.stage == LINK_STAGE_READY
		       ? ask_change_key(visit, NULL, err)
		       : st;
}

/* A password as its sender's was folded, and as it was typed, when that is
 * something else. */
struct password_ways {
	size_t count;
	uint8_t keys[2][SEAL_KEY_BYTES];
	uint8_t proofs[2][SEAL_KEY_BYTES];
};

static enum status
ask_stretch(const struct visit *visit, const char *password,
	    struct password_ways *ways, struct err *err)
{
	AUTO(sbuf_done) struct sbuf folded;
	const char *texts[2] = { "", password };
	enum status st = ST_OK;

	sbuf_init_secret(&folded, strlen(password));
	link_password_fold(password, &folded);
	st = sbuf_status(&folded, "portal: password", err);
	texts[0] = folded.len_bytes > 0 ? sbuf_text(&folded) : password;
	ways->count = strcmp(texts[0], texts[1]) == 0 ? 1 : 2;
	for (size_t i = 0; st == ST_OK && i < ways->count; i++) {
		st = link_password_key(texts[i], visit->link.password_salt,
				       ways->keys[i], err);
		if (st == ST_OK)
			st = link_password_proof(ways->keys[i], ways->proofs[i],
						 err);
	}
	return st;
}

/* The one of them that opens the files. */
static enum status
ask_change_key_by(struct visit *visit, const struct password_ways *ways,
		  struct err *err)
{
	uint8_t secret[SEAL_KEY_BYTES];
	uint8_t file_key[SEAL_KEY_BYTES];
	enum status st = ST_OK;

	memcpy(secret, visit->key, sizeof(secret));
	st = ask_change_key(visit, ways->keys[0], err);
	if (st == ST_OK && ways->count > 1 &&
	    link_key_unwrap(visit->key, ask_link_id(visit), visit->link.wrapped,
			    file_key, NULL) == ST_FORMAT) {
		memcpy(visit->key, secret, sizeof(secret));
		visit->key_kind = VISIT_KEY_SECRET;
		st = ask_change_key(visit, ways->keys[1], err);
	}
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(file_key, sizeof(file_key));
	return st;
}

enum status
visit_prove_password(struct visit *visit, const char *password, struct err *err)
{
	struct password_ways ways = { .count = 0 };
	struct span proofs[2] = { { NULL, 0 }, { NULL, 0 } };
	enum status st = visit_look(visit, err);

	if (st != ST_OK || visit->link.stage != LINK_STAGE_PASSWORD)
		return st;
	if (visit->key_kind != VISIT_KEY_SECRET)
		return err_set(err, ST_NOT_FOUND, "portal: begin again");
	if (!portal_begin_password(visit->portal))
		return err_set(err, ST_LIMIT, "portal: too many passwords");
	st = ask_stretch(visit, password, &ways, err);
	portal_end_password(visit->portal);
	for (size_t i = 0; i < ways.count; i++)
		proofs[i] = (struct span){ ways.proofs[i], SEAL_KEY_BYTES };
	if (st == ST_OK)
		st = ask_prove(visit, "", proofs, err);
	if (st == ST_OK && visit->link.stage == LINK_STAGE_READY)
		st = ask_change_key_by(visit, &ways, err);
	explicit_bzero(&ways, sizeof(ways));
	return st;
}

enum status
visit_take(struct visit *visit, uint32_t file, struct err *err)
{
	struct vault_link_take request = { .visit = visit_claim(visit),
					   .file = file };
	struct vault_link_view view = { .stage = LINK_STAGE_NONE };
	const struct vault_call call = VAULT_CALL(LINK_TAKE, &request, &view);

	const enum status st = ask(visit, &call, &view, err);

	explicit_bzero(&request.visit, sizeof(request.visit));
	return st;
}

static enum status
ask_file_key(const struct visit *visit, struct span wrapped,
	     uint8_t file_key_out[SEAL_KEY_BYTES], struct err *err)
{
	uint8_t opening[SEAL_KEY_BYTES];
	struct link_secret secret;
	enum status st = ST_OK;

	memcpy(opening, visit->key, sizeof(opening));
	/* A cookie from before the proof: it opens when no password was
	 * mixed in. */
	if (visit->key_kind == VISIT_KEY_SECRET) {
		memcpy(secret.bytes, visit->key, sizeof(secret.bytes));
		st = link_key_opening(&secret, NULL, ask_link_id(visit),
				      opening, err);
		explicit_bzero(&secret, sizeof(secret));
	}
	if (st == ST_OK)
		st = link_key_unwrap(opening, ask_link_id(visit), wrapped,
				     file_key_out, err);
	explicit_bzero(opening, sizeof(opening));
	return st == ST_FORMAT
		       ? err_set(err, ST_NOT_FOUND, "portal: begin again")
		       : st;
}

enum status
visit_unlock(const struct visit *visit, struct span wrapped,
	     struct span manifest, uint8_t file_key_out[SEAL_KEY_BYTES],
	     struct link_manifest *files_out, struct wire_arena **arena_out,
	     struct err *err)
{
	AUTO(sbuf_done) struct sbuf bytes;
	enum status st = ask_file_key(visit, wrapped, file_key_out, err);

	sbuf_init_secret(&bytes, ASK_MAX_MANIFEST_BYTES);
	if (st == ST_OK)
		st = box_open(file_key_out, LINK_MANIFEST_CONTEXT, manifest,
			      &bytes, err);
	if (st == ST_OK)
		st = wire_decode(&link_manifest_table, sbuf_span(&bytes),
				 files_out, arena_out, err);
	return st;
}
