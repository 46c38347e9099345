#include "vault/case/link_visit.h"

#include <string.h>

#include "lib/base/parse.h"
#include "lib/config/policy_match.h"
#include "lib/crypto/link_key.h"
#include "vault/case/link_keys.h"

enum {
	VISIT_BOX_BYTES = 4 * 1024,
	VISIT_AGENT_BYTES = 200,
	VISIT_NETWORK_BYTES = 64,
	VISIT_HOUR_MS = 3600 * 1000
};

static const struct wire_field claim_fields[] = {
	WIRE_TEXT_F(struct link_claim_words, client_address, 0,
		    VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct link_claim_words, agent, 0, VISIT_AGENT_BYTES),
	WIRE_TEXT_F(struct link_claim_words, code, 0, VAULT_LINK_TEXT_BYTES),
};
WIRE_TABLE(link_claim_words_table, 0x0333, 1, link_claim_words, claim_fields);

void
link_visit_done(struct link_visit *visit)
{
	store_claim_done(&visit->claim);
	store_link_done(&visit->link);
	store_link_batch_done(&visit->batch);
	wire_arena_free(&visit->arena);
	explicit_bzero(visit->token, sizeof(visit->token));
}

enum status
link_visit_refuse(struct err *err)
{
	return err_set(err, ST_NOT_FOUND, "no such link");
}

const char *
link_visit_actor(const struct store_link *link)
{
	return link->kind == LINK_KIND_SENDER ? "sender" : "recipient";
}

/* --- may somebody come in? --------------------------------------------- */

static bool
comes_from(const char *networks, const char *address)
{
	struct match_network client;
	struct span rest = span_of(networks);
	struct span word;
	bool found = networks[0] == '\0';

	if (!match_parse_network(address, &client))
		return found;
	while (vault_list_next(&rest, &word)) {
		char text[VISIT_NETWORK_BYTES] = "";
		struct match_network network;

		if (word.len_bytes >= sizeof(text))
			continue;
		memcpy(text, word.ptr, word.len_bytes);
		found |= match_parse_network(text, &network) &&
			 match_network(&network, &client);
	}
	return found;
}

/* All of it is looked at, whatever is wrong. */
static bool
may_come(const struct vault *vault, const struct link_visit *visit,
	 const struct link_visitor *visitor)
{
	const struct store_link *link = &visit->link;
	/* Before its mail is with the next hop nobody has its secret. */
	const bool alive = link->state == LINK_STATE_LIVE;
	const bool in_time = link->expires_unix_ms > vault_latest(vault);
	const bool from = comes_from(visit->words.networks, visitor->address);
	const bool shown = visitor->certificate || !link->needs_certificate;

	return alive && in_time && from && shown;
}

/* Batch and words of the link in *visit. */
static enum status
visit_complete(const struct vault *vault, struct link_visit *visit,
	       struct err *err)
{
	const enum status st = store_link_batch_find(
		vault->store, visit->link.case_id, &visit->batch, err);

	if (st == ST_NOT_FOUND)
		return err_set(err, ST_IO, "store: a link without files");
	return st == ST_OK ? link_open_words(vault, &visit->link, &visit->words,
					     &visit->arena, err)
			   : st;
}

/* Were too many visits to it begun within the hour? */
static enum status
is_crowded(const struct vault *vault, const struct store_link *link,
	   bool *crowded_out, struct err *err)
{
	const uint64_t most = (uint64_t)vault->config->portal.link_rate;
	const int64_t hour_unix_ms[] = { vault->now_unix_ms - VISIT_HOUR_MS,
					 vault->now_unix_ms };
	uint64_t count = 0;
	const enum status st = store_claim_count(
		vault->store, link->id, hour_unix_ms, most, &count, err);

	*crowded_out = most > 0 && count >= most;
	return st;
}

/* Does what visit_complete() and may_come() do, for nobody: a link that has
 * nothing to do with it stands in. */
static enum status
visit_pretend(const struct vault *vault, const struct link_visitor *visitor,
	      const uint8_t hash[STORE_HASH_BYTES], struct err *err)
{
	AUTO(link_visit_done) struct link_visit nobody = { .token = { 0 } };
	struct err why = { .st = ST_OK };
	enum status st =
		store_link_find_near(vault->store, hash, &nobody.link, &why);

	if (st == ST_OK)
		st = visit_complete(vault, &nobody, &why);
	if (st == ST_OK)
		(void)may_come(vault, &nobody, visitor);
	return link_visit_refuse(err);
}

enum status
link_visit_prove(const struct vault *vault,
		 const struct vault_link_open *request,
		 struct link_visit *visit, struct err *err)
{
	const struct span proof = { request->proof, sizeof(request->proof) };
	const struct span link = { visit->link.lookup, STORE_HASH_BYTES };
	const struct span id = { visit->link.id, LINK_ID_BYTES };
	uint8_t lookup[STORE_HASH_BYTES];
	bool known = false;
	bool crowded = false;
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = digest_once(proof, lookup, err);
	if (st == ST_OK)
		st = store_link_find_near(vault->store, lookup, &visit->link,
					  err);
	if (st == ST_NOT_FOUND)
		return link_visit_refuse(err);
	if (st != ST_OK)
		return st;
	known = secret_equal(link, (struct span){ lookup, sizeof(lookup) });
	st = visit_complete(vault, visit, err);
	if (st == ST_OK)
		st = is_crowded(vault, &visit->link, &crowded, err);
	/* What is wrong with another one is nothing to this visitor. */
	if (st != ST_OK)
		return known ? st : link_visit_refuse(err);
	const bool same = secret_equal(
		id, (struct span){ request->link_id, LINK_ID_BYTES });
	const bool may = may_come(vault, visit, &request->visitor);

	return known && may && same && !crowded ? ST_OK
						: link_visit_refuse(err);
}

/* --- claims ------------------------------------------------------------ */

enum link_stage
link_visit_first_stage(const struct store_link *link)
{
	if (link->needs_code)
		return LINK_STAGE_CODE;
	return link->password.len_bytes > 0 ? LINK_STAGE_PASSWORD
					    : LINK_STAGE_READY;
}

/* A visit lasts so long from now on, and no longer than its link. */
static int64_t
visit_end(const struct vault *vault, const struct store_link *link)
{
	const int64_t until_unix_ms =
		vault->now_unix_ms + vault->config->portal.visit_life_s * 1000;

	return until_unix_ms < link->expires_unix_ms ? until_unix_ms
						     : link->expires_unix_ms;
}

static enum status
claim_box(const struct vault *vault, const struct link_visitor *visitor,
	  struct sbuf *boxed, struct err *err)
{
	AUTO(sbuf_done) struct sbuf agent;
	struct link_claim_words words = { .client_address = visitor->address };

	sbuf_init(&agent, VISIT_AGENT_BYTES);
	vault_readable(&agent, visitor->agent, VISIT_AGENT_BYTES);
	words.agent = sbuf_text(&agent);
	return vault_box(vault, &link_claim_words_table, &words, boxed, err);
}

static enum status
claim_make(struct vault *vault, struct link_visit *visit,
	   const struct link_visitor *visitor, struct err *err)
{
	struct store_claim *claim = &visit->claim;
	AUTO(sbuf_done) struct sbuf boxed;
	const struct link_deed opened = { .event = "opened",
					  .actor = link_visit_actor(
						  &visit->link),
					  .via = "portal",
					  .address = visit->words.address,
					  .visitor = visitor };
	enum status st = random_fill(visit->token, sizeof(visit->token), err);

	sbuf_init(&boxed, VISIT_BOX_BYTES);
	claim->stage = link_visit_first_stage(&visit->link);
	claim->made_unix_ms = vault->now_unix_ms;
	claim->until_unix_ms = visit_end(vault, &visit->link);
	memcpy(claim->link_id, visit->link.id, sizeof(claim->link_id));
	if (st == ST_OK)
		st = digest_once(
			(struct span){ visit->token, sizeof(visit->token) },
			claim->token, err);
	if (st == ST_OK)
		st = claim_box(vault, visitor, &boxed, err);
	claim->words = sbuf_span(&boxed);
	if (st == ST_OK)
		st = store_claim_insert(vault->store, claim, err);
	claim->words = (struct span){ NULL, 0 };
	return st == ST_OK ? link_note(vault, &visit->link, &opened, err) : st;
}

enum status
link_visit_open(struct vault *vault, const struct vault_link_open *request,
		struct link_visit *visit, struct err *err)
{
	AUTO(sbuf_done) struct sbuf wrapped;
	enum status st = link_visit_prove(vault, request, visit, err);

	sbuf_init_secret(&wrapped, LINK_MAX_WRAPPED_BYTES);
	/* Lost with the weeks' keys, or of an older store: nobody need prove
	 * anything for it. */
	if (st == ST_OK)
		st = link_wrapped_open(vault, &visit->link, &wrapped, err);
	if (st == ST_NOT_FOUND)
		return link_visit_refuse(err);
	if (st == ST_OK)
		st = claim_make(vault, visit, &request->visitor, err);
	if (st != ST_OK || visit->claim.stage != LINK_STAGE_READY)
		return st;
	st = link_visit_ready(vault, visit, &request->visitor, err);
	return st == ST_OK ? store_link_update(vault->store, &visit->link, err)
			   : st;
}

enum status
link_visit_ready(struct vault *vault, struct link_visit *visit,
		 const struct link_visitor *visitor, struct err *err)
{
	const struct link_deed deed = { .event = "proved",
					.actor = link_visit_actor(&visit->link),
					.via = "portal",
					.address = visit->words.address,
					.visitor = visitor };

	visit->claim.stage = LINK_STAGE_READY;
	visit->claim.until_unix_ms = visit_end(vault, &visit->link);
	visit->link.opened++;
	/* Who holds a link that asks for nothing has proved nothing. */
	return visit->link.needs_code || visit->link.needs_certificate ||
			       visit->link.password.len_bytes > 0
		       ? link_note(vault, &visit->link, &deed, err)
		       : ST_OK;
}

enum status
link_visit_recall(const struct vault *vault,
		  const struct vault_link_visit *request,
		  struct link_visit *visit, struct err *err)
{
	const struct span bytes = { request->claim, LINK_CLAIM_BYTES };
	uint8_t hash[STORE_HASH_BYTES];
	enum status st = vault_need_ring(vault, err);

	memcpy(visit->token, request->claim, sizeof(visit->token));
	if (st == ST_OK)
		st = digest_once(bytes, hash, err);
	if (st == ST_OK)
		st = store_claim_find(vault->store, hash, &visit->claim, err);
	if (st == ST_NOT_FOUND)
		return visit_pretend(vault, &request->visitor, hash, err);
	if (st == ST_OK)
		st = store_link_find(vault->store, visit->claim.link_id,
				     &visit->link, err);
	if (st == ST_OK)
		st = visit_complete(vault, visit, err);
	if (st != ST_OK)
		return st;
	const bool same =
		secret_equal((struct span){ visit->link.id, LINK_ID_BYTES },
			     (struct span){ request->link_id, LINK_ID_BYTES });
	const bool may = may_come(vault, visit, &request->visitor);

	return may && same ? ST_OK : link_visit_refuse(err);
}

enum status
link_visit_find(const struct vault *vault,
		const struct vault_link_visit *request,
		struct link_visit *visit, struct err *err)
{
	const enum status st = link_visit_recall(vault, request, visit, err);

	if (st != ST_OK)
		return st;
	return visit->claim.until_unix_ms > vault->now_unix_ms
		       ? ST_OK
		       : link_visit_refuse(err);
}

enum status
link_visit_leave(struct vault *vault, const struct vault_link_visit *request,
		 struct err *err)
{
	AUTO(link_visit_done) struct link_visit visit = { .token = { 0 } };
	const enum status st = link_visit_find(vault, request, &visit, err);

	if (st != ST_OK)
		return st;
	visit.claim.until_unix_ms = vault->now_unix_ms;
	return store_claim_update(vault->store, &visit.claim, err);
}

/* --- what is shown ----------------------------------------------------- */

/* "t•••@example.com": enough to recognise one's own. */
static const char *
mask_address(struct wire_arena *arena, const char *address)
{
	AUTO(sbuf_done) struct sbuf masked;
	const struct span whole = span_of(address);
	const char *at = strrchr(address, '@');
	struct span first;

	sbuf_init(&masked, CASE_MAX_ADDRESS_BYTES);
	for (size_t n = 1; n <= 4 && span_cut(whole, 0, n, &first); n++)
		if (parse_is_utf8(first)) {
			if (at != address)
				sbuf_add_span(&masked, first);
			break;
		}
	sbuf_add_text(&masked, "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2");
	sbuf_add_text(&masked, at != NULL ? at : "");
	return wire_arena_text(arena, sbuf_span(&masked));
}

static struct span
arena_bytes(struct wire_arena *arena, struct span bytes)
{
	const char *copy = wire_arena_text(arena, bytes);

	return (struct span){ (const uint8_t *)copy,
			      copy != NULL ? bytes.len_bytes : 0 };
}

struct open_files {
	const struct store_claim *claim;
	uint8_t *mine; /* taken in this visit */
	uint8_t *left; /* takes */
	uint32_t count;
};

static enum status
count_take(void *context, const struct store_take *row, struct err *err)
{
	struct open_files *files = context;

	(void)err;
	if (row->file >= files->count)
		return ST_OK;
	files->mine[row->file] |=
		memcmp(row->claim, files->claim->token, STORE_HASH_BYTES) == 0;
	if (files->left[row->file] > 0)
		files->left[row->file]--;
	return ST_OK;
}

/* What may be taken, and how often. */
static enum status
view_files(const struct vault *vault, const struct link_visit *visit,
	   struct wire_arena *arena, struct vault_link_view *view,
	   struct err *err)
{
	const uint32_t most = visit->link.downloads;
	struct open_files files = { .claim = &visit->claim,
				    .count = visit->batch.file_count };
	enum status st = ST_OK;

	files.mine = wire_arena_alloc(arena, (size_t)files.count + 1);
	files.left = wire_arena_alloc(arena, (size_t)files.count + 1);
	if (files.mine == NULL || files.left == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	memset(files.mine, most == 0, files.count);
	memset(files.left, (int)most, files.count);
	if (most > 0)
		st = store_take_each(vault->store, visit->link.id, count_take,
				     &files, err);
	for (uint32_t i = 0; i < files.count; i++)
		files.mine[i] |= files.left[i] > 0;
	view->open_files = (struct span){ files.mine, files.count };
	if (most > 0)
		view->left_files = (struct span){ files.left, files.count };
	return st;
}

static enum status
view_ready(const struct vault *vault, const struct link_visit *visit,
	   struct wire_arena *arena, struct vault_link_view *view,
	   struct err *err)
{
	AUTO(sbuf_done) struct sbuf wrapped;
	enum status st = view_files(vault, visit, arena, view, err);

	sbuf_init_secret(&wrapped, LINK_MAX_WRAPPED_BYTES);
	if (st == ST_OK)
		st = link_wrapped_open(vault, &visit->link, &wrapped, err);
	/* Lost with the weeks' keys, or of an older store. */
	if (st == ST_NOT_FOUND)
		return link_visit_refuse(err);
	if (st != ST_OK)
		return st;
	view->wrapped = arena_bytes(arena, sbuf_span(&wrapped));
	view->manifest = arena_bytes(arena, visit->batch.manifest);
	if (view->wrapped.ptr == NULL || view->manifest.ptr == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

static enum status
view_people(const struct vault *vault, const struct link_visit *visit,
	    struct wire_arena *arena, struct vault_link_view *view,
	    struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *batch_arena = NULL;
	struct link_batch_words batch = { .sender = "" };
	const char *language = vault->config->portal.language;
	enum status st = link_open_batch(vault, &visit->batch, &batch,
					 &batch_arena, err);

	if (st != ST_OK)
		return st;
	if (visit->link.kind == LINK_KIND_SENDER && batch.language[0] != '\0')
		language = batch.language;
	view->recipient = mask_address(arena, visit->words.address);
	view->sender = wire_arena_text(arena, span_of(batch.sender));
	view->language = wire_arena_text(arena, span_of(language));
	view->password_salt =
		arena_bytes(arena, (struct span){ visit->batch.salt,
						  sizeof(visit->batch.salt) });
	if (view->recipient == NULL || view->sender == NULL ||
	    view->language == NULL || view->password_salt.ptr == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	return ST_OK;
}

enum status
link_visit_view(const struct vault *vault, const struct link_visit *visit,
		struct vault_link_view *view_out, struct wire_arena **arena_out,
		struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	const uint32_t most = (uint32_t)vault->config->portal.wrong_codes;
	const struct store_link *link = &visit->link;
	const struct store_claim *claim = &visit->claim;
	struct vault_link_view view = {
		.stage = claim->stage,
		.kind = link->kind,
		.sent_unix_ms = link->sent_unix_ms,
		.expires_unix_ms = link->expires_unix_ms,
		.claim_until_unix_ms = claim->until_unix_ms,
		.downloads = link->downloads,
		.code_sent = claim->code_until_unix_ms > vault->now_unix_ms,
		.tries_left = link->failures < most ? most - link->failures : 0,
		.file_count = visit->batch.file_count,
		.total_bytes = visit->batch.total_bytes,
	};
	enum status st = ST_OK;

	if (arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	memcpy(view.claim, visit->token, sizeof(view.claim));
	st = view_people(vault, visit, arena, &view, err);
	if (st == ST_OK && claim->stage != LINK_STAGE_PASSWORD)
		view.password_salt = (struct span){ NULL, 0 };
	if (st == ST_OK && claim->stage == LINK_STAGE_READY)
		st = view_ready(vault, visit, arena, &view, err);
	if (st != ST_OK)
		return st;
	*view_out = view;
	*arena_out = MOVE(arena);
	return ST_OK;
}
