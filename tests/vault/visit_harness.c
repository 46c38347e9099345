#include "tests/vault/visit_harness.h"

#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/case/link_epochs.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_own.h"

enum { SENT_BOX_BYTES = 64 * 1024 };

static const int64_t sent_life_ms = 14LL * 86400 * 1000;
static const char sent_bytes[] = "the first filethe other one";
static const struct vault_link_file sent_files[SENT_FILES] = {
	{ .name = "名簿 123456.xlsx",
	  .shown = "名簿 ••••••.xlsx",
	  .type = "application/octet-stream",
	  .size_bytes = 14 },
	{ .name = "b.txt",
	  .shown = "b.txt",
	  .type = "text/plain",
	  .size_bytes = 13 },
};

const struct link_visitor visitor_usual = { .address = "192.0.2.7",
					    .agent = "Browser" };

/* --- what was sent ------------------------------------------------------ */

static void
make_files(struct scene *scene, struct sent *sent,
	   struct store_link_batch *batch)
{
	AUTO(fd_close) int from = FD_NONE;
	AUTO(fd_close) int to = FD_NONE;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, random_fill(sent->file_key, SEAL_KEY_BYTES, &err),
		     &err);
	check_status(ST_OK, fd_memory("plain", &from, &err), &err);
	check_status(ST_OK, fd_memory("sealed", &to, &err), &err);
	check_status(ST_OK, fd_write_all(from, span_of(sent_bytes), &err),
		     &err);
	check_status(ST_OK,
		     link_seal_fd(sent->file_key, from, 0,
				  sizeof(sent_bytes) - 1, to, &err),
		     &err);
	check_status(ST_OK,
		     blob_put(scene->fixture->dir, to, &batch->files, &err),
		     &err);
}

static void
make_batch(struct scene *scene, struct sent *sent)
{
	const struct link_batch_words words = { .files = sent_files,
						.file_count = SENT_FILES,
						.sender = "alice@example.co.jp",
						.language = "en" };
	const struct link_manifest manifest = { sent_files, SENT_FILES };
	struct store_link_batch batch = { .sealed_unix_ms =
						  scene->vault.now_unix_ms,
					  .file_count = SENT_FILES,
					  .total_bytes =
						  sizeof(sent_bytes) - 1 };
	struct sbuf plain;
	struct sbuf boxed;
	struct sbuf closed;
	struct err err = { .st = ST_OK };

	sbuf_init(&plain, SENT_BOX_BYTES);
	sbuf_init(&boxed, SENT_BOX_BYTES);
	sbuf_init(&closed, SENT_BOX_BYTES);
	memcpy(batch.case_id, sent->case_id, sizeof(batch.case_id));
	memset(batch.salt, 0x5a, sizeof(batch.salt));
	make_files(scene, sent, &batch);
	check_status(ST_OK,
		     wire_encode(&link_manifest_table, &manifest, &plain, &err),
		     &err);
	check_status(ST_OK,
		     box_close(sent->file_key, LINK_MANIFEST_CONTEXT,
			       sbuf_span(&plain), &closed, &err),
		     &err);
	check_status(ST_OK,
		     vault_box(&scene->vault, &link_batch_words_table, &words,
			       &boxed, &err),
		     &err);
	batch.manifest = sbuf_span(&closed);
	batch.words = sbuf_span(&boxed);
	scene_do(scene, ST_OK,
		 store_link_batch_insert(scene->vault.store, &batch, &err),
		 &err);
	sbuf_done(&plain);
	sbuf_done(&boxed);
	sbuf_done(&closed);
}

static void
fill_keys(struct scene *scene, struct sent *sent, size_t which,
	  struct store_link *row, struct sbuf *wrapped)
{
	uint8_t own[SEAL_KEY_BYTES];
	const struct span id = { row->id, sizeof(row->id) };
	uint8_t opening[SEAL_KEY_BYTES];
	uint8_t proof[SEAL_KEY_BYTES];
	uint8_t inner[LINK_WRAPPED_BYTES];
	const struct link_secret *secret = &sent->links[which].secret;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, link_key_proof(secret, id, proof, &err), &err);
	check_status(ST_OK,
		     digest_once((struct span){ proof, sizeof(proof) },
				 row->lookup, &err),
		     &err);
	check_status(ST_OK, link_key_opening(secret, NULL, id, opening, &err),
		     &err);
	check_status(ST_OK,
		     link_key_wrap(opening, id, sent->file_key, inner, &err),
		     &err);
	row->week = link_epochs_week(row->expires_unix_ms);
	check_status(ST_OK,
		     link_own_make(&scene->vault, row->id, &sent->own_keys, own,
				   &err),
		     &err);
	check_status(ST_OK,
		     link_wrapped_close(&scene->vault, row->week, own,
					(struct span){ inner, sizeof(inner) },
					wrapped, &err),
		     &err);
	row->wrapped = sbuf_span(wrapped);
}

static void
make_link(struct scene *scene, const struct sent_terms *terms,
	  struct sent *sent, size_t which)
{
	static const char *const addresses[SENT_LINKS] = {
		SENT_FIRST, SENT_SECOND, "alice@example.co.jp"
	};
	const int64_t now = scene->vault.now_unix_ms;
	const bool recipient = which < SENT_LINKS - 1;
	const struct link_words words = {
		.address = addresses[which],
		.networks = terms->networks != NULL ? terms->networks : "",
	};
	struct store_link row = {
		.kind = recipient ? LINK_KIND_RECIPIENT : LINK_KIND_SENDER,
		.state = LINK_STATE_LIVE,
		.downloads = !recipient || terms->often ? 0
			     : terms->downloads > 0     ? terms->downloads
							: 1,
		.needs_code = terms->needs_code,
		.needs_certificate = terms->needs_certificate,
		.made_unix_ms = now,
		.sent_unix_ms = now,
		.expires_unix_ms = now + sent_life_ms,
	};
	uint8_t hash[STORE_HASH_BYTES];
	struct sbuf boxed;
	struct sbuf wrapped;
	struct err err = { .st = ST_OK };

	sbuf_init(&boxed, SENT_BOX_BYTES);
	sbuf_init(&wrapped, SENT_BOX_BYTES);
	memset(row.recipient, (int)which + 1, sizeof(row.recipient));
	memcpy(row.case_id, sent->case_id, sizeof(row.case_id));
	check_status(ST_OK, random_fill(row.id, sizeof(row.id), &err), &err);
	memcpy(sent->links[which].id, row.id, sizeof(row.id));
	check_status(ST_OK, link_secret_make(&sent->links[which].secret, &err),
		     &err);
	fill_keys(scene, sent, which, &row, &wrapped);
	if (terms->password != NULL) {
		check_status(ST_OK,
			     digest_once(span_of(terms->password), hash, &err),
			     &err);
		row.password = (struct span){ hash, sizeof(hash) };
	}
	check_status(ST_OK,
		     vault_box(&scene->vault, &link_words_table, &words, &boxed,
			       &err),
		     &err);
	row.words = sbuf_span(&boxed);
	scene_do(scene, ST_OK,
		 store_link_insert(scene->vault.store, &row, &err), &err);
	sbuf_done(&boxed);
	sbuf_done(&wrapped);
}

void
sent_make(struct scene *scene, const struct sent_terms *terms,
	  struct sent *sent)
{
	const struct mail mail = { .to = { SENT_FIRST, SENT_SECOND } };
	struct store_case row = { .memory = NULL };
	struct job_taken taken = { .present = false };
	struct err err = { .st = ST_OK };

	scene_hold(scene, &mail, sent->case_id);
	check_status(
		ST_OK,
		store_case_find(scene->vault.store, sent->case_id, &row, &err),
		&err);
	row.state = CASE_STATE_RELEASED;
	row.ended_unix_ms = scene->vault.now_unix_ms;
	scene_do(scene, ST_OK,
		 store_case_update(scene->vault.store, &row, &err), &err);
	store_case_done(&row);
	make_batch(scene, sent);
	sbuf_init(&sent->own_keys, SENT_BOX_BYTES);
	for (size_t i = 0; i < SENT_LINKS; i++)
		make_link(scene, terms, sent, i);
	check_status(ST_OK,
		     link_own_write(&scene->vault, sent->case_id,
				    &sent->own_keys, &err),
		     &err);
	sbuf_done(&sent->own_keys);
	/* What was told about the hold is no news. */
	while (scene_take(scene, JOB_KIND_GIVE_BACK, &taken))
		job_taken_done(&taken);
}

void
sent_link(struct scene *scene, const struct sent *sent, size_t which,
	  struct store_link *row_out)
{
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     store_link_find(scene->vault.store, sent->links[which].id,
				     row_out, &err),
		     &err);
}

/* --- visits ------------------------------------------------------------- */

#define AS_SCENE(scene, st, call)                             \
	do {                                                  \
		scene_begin(scene);                           \
		(st) = (call);                                \
		if ((st) == ST_OK)                            \
			scene_commit(scene);                  \
		else                                          \
			store_rollback((scene)->vault.store); \
	} while (0)

enum status
visit_open(struct scene *scene, const struct sent *sent, size_t which,
	   const struct link_visitor *visitor, struct link_visit *visit,
	   struct err *err)
{
	struct vault_link_open request = { .visitor = *visitor };
	const struct span id = { sent->links[which].id, LINK_ID_BYTES };
	enum status st = link_key_proof(&sent->links[which].secret, id,
					request.proof, err);

	memcpy(request.link_id, id.ptr, LINK_ID_BYTES);
	if (st == ST_OK)
		AS_SCENE(scene, st,
			 link_visit_open(&scene->vault, &request, visit, err));
	return st;
}

void
visit_begin(struct scene *scene, const struct sent *sent, size_t which,
	    uint8_t claim_out[LINK_CLAIM_BYTES])
{
	struct link_visit visit = { .token = { 0 } };
	struct err err = { .st = ST_OK };

	check_status(
		ST_OK,
		visit_open(scene, sent, which, &visitor_usual, &visit, &err),
		&err);
	memcpy(claim_out, visit.token, LINK_CLAIM_BYTES);
	link_visit_done(&visit);
}

struct vault_link_visit
visit_of(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES])
{
	struct vault_link_visit visit = { .visitor = visitor_usual };
	struct store_claim row = { .memory = NULL };
	uint8_t hash[STORE_HASH_BYTES];
	struct err err = { .st = ST_OK };

	memcpy(visit.claim, claim, LINK_CLAIM_BYTES);
	check_status(ST_OK,
		     digest_once((struct span){ claim, LINK_CLAIM_BYTES }, hash,
				 &err),
		     &err);
	if (store_claim_find(scene->vault.store, hash, &row, &err) == ST_OK)
		memcpy(visit.link_id, row.link_id, LINK_ID_BYTES);
	store_claim_done(&row);
	return visit;
}

enum status
visit_take(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	   uint32_t file, struct err *err)
{
	struct vault_link_take request = { .visit = visit_of(scene, claim),
					   .file = file };
	struct link_visit visit = { .token = { 0 } };
	enum status st = ST_OK;

	AS_SCENE(scene, st, link_take(&scene->vault, &request, &visit, err));
	link_visit_done(&visit);
	return st;
}

enum status
visit_sent(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	   uint32_t file, bool complete, struct err *err)
{
	struct vault_link_sent request = { .visit = visit_of(scene, claim),
					   .file = file,
					   .sent_bytes = 5,
					   .complete = complete,
					   .broken = !complete };
	enum status st = ST_OK;

	AS_SCENE(scene, st, link_sent(&scene->vault, &request, err));
	return st;
}

enum status
visit_code(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	   struct err *err)
{
	const struct vault_link_visit request = visit_of(scene, claim);
	struct link_visit visit = { .token = { 0 } };
	enum status st = ST_OK;

	AS_SCENE(scene, st,
		 link_code_send(&scene->vault, &request, &visit, err));
	link_visit_done(&visit);
	return st;
}

enum status
visit_prove(struct scene *scene, const uint8_t claim[LINK_CLAIM_BYTES],
	    const char *code, const char *proof, enum link_stage *stage_out,
	    struct err *err)
{
	struct vault_link_prove request = {
		.visit = visit_of(scene, claim),
		.mailbox_code = code != NULL ? code : "",
		.password_proof = span_of(proof != NULL ? proof : ""),
	};
	struct link_visit visit = { .token = { 0 } };
	bool frozen = false;
	enum status st = ST_OK;

	AS_SCENE(scene, st,
		 link_prove(&scene->vault, &request, &visit, &frozen, err));
	if (st == ST_OK)
		*stage_out = visit.claim.stage;
	link_visit_done(&visit);
	return st;
}

/* --- what is told ------------------------------------------------------- */

bool
visit_notice(struct scene *scene, enum notice_event event,
	     struct vault_job *job_out, struct wire_arena **arena_out)
{
	struct err err = { .st = ST_OK };
	const struct reply reply = { "", 250 };
	struct job_taken taken = { .present = false };
	int fd = FD_NONE;

	while (scene_take(scene, JOB_KIND_NOTICE, &taken)) {
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;

		check_status(ST_OK,
			     job_compose(&scene->vault, &taken, job_out, &arena,
					 &fd, &err),
			     &err);
		check_status(ST_OK,
			     scene_finish(scene, &taken, &reply, 1, &err),
			     &err);
		job_taken_done(&taken);
		if (job_out->event == event) {
			*arena_out = MOVE(arena);
			return true;
		}
	}
	return false;
}

static enum status
add_event(void *context, const struct store_link_event *row, struct err *err)
{
	struct {
		struct scene *scene;
		struct sbuf *text;
	} *list = context;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_event_words words = { .event = "" };
	const enum status st =
		vault_unbox(&list->scene->vault, &link_event_words_table,
			    row->words, &words, &arena, err);

	if (st == ST_OK)
		sbuf_addf(list->text, "%s%s",
			  list->text->len_bytes > 0 ? "," : "", words.event);
	return st;
}

void
sent_events(struct scene *scene, const struct sent *sent, size_t which,
	    struct sbuf *text)
{
	struct {
		struct scene *scene;
		struct sbuf *text;
	} list = { scene, text };
	struct err err = { .st = ST_OK };

	check_status(ST_OK,
		     store_link_event_each(
			     scene->vault.store, sent->links[which].id,
			     (struct store_link_event_most){ 1000, 1000 },
			     add_event, &list, &err),
		     &err);
}
