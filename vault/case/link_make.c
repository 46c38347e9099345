#include "vault/case/link_make.h"

#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/job.h"
#include "vault/case/link_epochs.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_own.h"
#include "vault/case/notice.h"

enum {
	MAKE_BOX_BYTES = 16 * 1024,
	MAKE_MANIFEST_BYTES = 4 * 1024 * 1024,
	MAKE_LANGUAGE_BYTES = 9
};

/* What all links of one mail share. */
struct maker {
	struct vault *vault;
	const struct record *record;
	struct link_making *making;
	struct case_link_terms terms;
	uint8_t salt[CASE_ID_BYTES];
	uint8_t password_key[SEAL_KEY_BYTES];
	bool has_password;
	struct sbuf *own_keys; /* of the links */
};

/* --- the sender's password --------------------------------------------- */

static enum status
take_password(struct maker *maker, struct err *err)
{
	AUTO(store_link_ask_done)
	struct store_link_ask row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_ask_words words = { .salt = { NULL, 0 } };
	struct vault *vault = maker->vault;
	enum status st = random_fill(maker->salt, sizeof(maker->salt), err);

	if (st == ST_OK)
		st = store_link_ask_find(vault->store, maker->record->row.id,
					 &row, err);
	if (st != ST_OK || row.words.len_bytes == 0)
		return st == ST_NOT_FOUND ? ST_OK : st;
	st = vault_unbox(vault, &link_ask_words_table, row.words, &words,
			 &arena, err);
	if (st != ST_OK)
		return st;
	if (words.salt.len_bytes != CASE_ID_BYTES ||
	    words.key.len_bytes != SEAL_KEY_BYTES)
		return err_set(err, ST_IO, "store: a password is damaged");
	memcpy(maker->salt, words.salt.ptr, CASE_ID_BYTES);
	memcpy(maker->password_key, words.key.ptr, SEAL_KEY_BYTES);
	maker->has_password = true;
	vault->after->scrub = true;
	return store_link_ask_forget(vault->store, row.case_id, err);
}

/* --- the batch --------------------------------------------------------- */

/* Names of files under their key alone. */
static enum status
box_manifest(const struct maker *maker, struct sbuf *boxed, struct err *err)
{
	AUTO(sbuf_done) struct sbuf plain;
	const struct vault_link_seal *request = maker->making->request;
	const struct link_manifest manifest = { request->files,
						request->file_count };
	enum status st = ST_OK;

	sbuf_init_secret(&plain, MAKE_MANIFEST_BYTES);
	st = wire_encode(&link_manifest_table, &manifest, &plain, err);
	return st == ST_OK ? box_close(maker->making->sealing->file_key,
				       LINK_MANIFEST_CONTEXT, sbuf_span(&plain),
				       boxed, err)
			   : st;
}

/* What may be shown of them. */
static enum status
box_words(const struct maker *maker, struct sbuf *boxed, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	const struct vault_link_seal *request = maker->making->request;
	char language[MAKE_LANGUAGE_BYTES];
	struct vault_link_file *files = NULL;
	struct link_batch_words words = {
		.file_count = request->file_count,
		.hole_offset = request->hole_offset,
		.whole_body = request->whole_body,
		.boundary = request->boundary,
		.sender = job_sender_for_people(&maker->record->summary),
		.language = language,
	};
	enum status st = notice_sender_language(
		maker->vault, maker->record, language, sizeof(language), err);

	if (arena != NULL)
		files = wire_arena_alloc(arena,
					 request->file_count * sizeof(*files));
	if (files == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	for (size_t i = 0; i < request->file_count; i++) {
		files[i] = request->files[i];
		files[i].name = "";
		files[i].crc32 = 0;
	}
	words.files = files;
	return st == ST_OK ? vault_box(maker->vault, &link_batch_words_table,
				       &words, boxed, err)
			   : st;
}

static enum status
make_batch(const struct maker *maker, struct err *err)
{
	AUTO(sbuf_done) struct sbuf manifest;
	AUTO(sbuf_done) struct sbuf words;
	const struct link_sealing *sealing = maker->making->sealing;
	struct store_link_batch row = {
		.sealed_unix_ms = maker->vault->now_unix_ms,
		.mail = sealing->mail,
		.mail_key = { sealing->mail_key, sizeof(sealing->mail_key) },
		.files = sealing->files,
		.file_count = (uint32_t)maker->making->request->file_count,
		.total_bytes = sealing->total_bytes,
	};
	enum status st = ST_OK;

	sbuf_init(&manifest, MAKE_MANIFEST_BYTES);
	sbuf_init(&words, MAKE_MANIFEST_BYTES);
	memcpy(row.case_id, maker->record->row.id, sizeof(row.case_id));
	memcpy(row.salt, maker->salt, sizeof(row.salt));
	st = box_manifest(maker, &manifest, err);
	if (st == ST_OK)
		st = box_words(maker, &words, err);
	row.manifest = sbuf_span(&manifest);
	row.words = sbuf_span(&words);
	return st == ST_OK
		       ? store_link_batch_insert(maker->vault->store, &row, err)
		       : st;
}

/* --- one link ---------------------------------------------------------- */

/* Columns of a row while it is made. */
struct columns {
	struct sbuf wrapped, secret, words;
	uint8_t password[DIGEST_BYTES];
};

static void
columns_init(struct columns *columns)
{
	sbuf_init(&columns->wrapped, MAKE_BOX_BYTES);
	sbuf_init(&columns->secret, MAKE_BOX_BYTES);
	sbuf_init(&columns->words, MAKE_BOX_BYTES);
}

static void
columns_done(struct columns *columns)
{
	sbuf_done(&columns->wrapped);
	sbuf_done(&columns->secret);
	sbuf_done(&columns->words);
}

/* Under a key of its own, and that of its week. */
static enum status
box_wrapped(const struct maker *maker, const struct store_link *row,
	    struct span wrapped, struct columns *columns, struct err *err)
{
	uint8_t own[SEAL_KEY_BYTES];
	enum status st =
		link_own_make(maker->vault, row->id, maker->own_keys, own, err);

	if (st == ST_OK)
		st = link_wrapped_close(maker->vault, row->week, own, wrapped,
					&columns->wrapped, err);
	explicit_bzero(own, sizeof(own));
	return st;
}

/* What the secret gives: how it is looked up, and what it opens. */
static enum status
use_secret(const struct maker *maker, const struct link_secret *secret,
	   struct store_link *row, struct columns *columns, struct err *err)
{
	const struct span id = { row->id, sizeof(row->id) };
	const uint8_t *password =
		maker->has_password && row->kind == LINK_KIND_RECIPIENT
			? maker->password_key
			: NULL;
	uint8_t proof[SEAL_KEY_BYTES];
	uint8_t opening[SEAL_KEY_BYTES];
	uint8_t wrapped[LINK_WRAPPED_BYTES];
	enum status st = link_key_proof(secret, id, proof, err);

	if (st == ST_OK)
		st = digest_once((struct span){ proof, sizeof(proof) },
				 row->lookup, err);
	if (st == ST_OK)
		st = link_key_opening(secret, password, id, opening, err);
	if (st == ST_OK)
		st = link_key_wrap(opening, id,
				   maker->making->sealing->file_key, wrapped,
				   err);
	if (st == ST_OK)
		st = box_wrapped(maker, row,
				 (struct span){ wrapped, sizeof(wrapped) },
				 columns, err);
	if (st == ST_OK && password != NULL) {
		st = link_password_proof(password, proof, err);
		if (st == ST_OK)
			st = digest_once((struct span){ proof, sizeof(proof) },
					 columns->password, err);
		row->password = (struct span){ columns->password,
					       sizeof(columns->password) };
	}
	row->wrapped = sbuf_span(&columns->wrapped);
	explicit_bzero(proof, sizeof(proof));
	explicit_bzero(opening, sizeof(opening));
	return st;
}

/* A secret of its own, kept until it is sent. */
static enum status
make_secret(const struct maker *maker, struct store_link *row,
	    struct columns *columns, struct err *err)
{
	struct link_secret secret;
	enum status st = link_secret_make(&secret, err);

	if (st == ST_OK)
		st = use_secret(maker, &secret, row, columns, err);
	if (st == ST_OK)
		st = link_secret_close(maker->vault, &secret, &columns->secret,
				       err);
	row->secret = sbuf_span(&columns->secret);
	explicit_bzero(&secret, sizeof(secret));
	return st;
}

static enum status
make_link(const struct maker *maker, const struct link_words *words,
	  struct store_link *row, struct err *err)
{
	struct vault *vault = maker->vault;
	struct columns columns;
	enum status st = random_fill(row->id, sizeof(row->id), err);

	columns_init(&columns);
	memcpy(row->case_id, maker->record->row.id, sizeof(row->case_id));
	row->state = LINK_STATE_PENDING;
	row->made_unix_ms = vault->now_unix_ms;
	row->expires_unix_ms = vault->now_unix_ms +
			       (int64_t)maker->terms.expires_after_s * 1000;
	row->week = link_epochs_week(row->expires_unix_ms);
	if (st == ST_OK)
		st = make_secret(maker, row, &columns, err);
	if (st == ST_OK)
		st = vault_box(vault, &link_words_table, words, &columns.words,
			       err);
	row->words = sbuf_span(&columns.words);
	if (st == ST_OK)
		st = store_link_insert(vault->store, row, err);
	columns_done(&columns);
	/* Behind them there is nothing any more. */
	row->wrapped = row->secret = row->words = (struct span){ NULL, 0 };
	row->password = (struct span){ NULL, 0 };
	maker->making->made++;
	return st;
}

static enum status
make_recipient(const struct maker *maker,
	       const struct record_recipient *recipient, struct err *err)
{
	const struct link_words words = { recipient->address,
					  maker->terms.networks };
	struct store_link row = {
		.kind = LINK_KIND_RECIPIENT,
		.downloads = maker->terms.downloads,
		.needs_code = maker->terms.needs_code,
		.needs_certificate = maker->terms.needs_certificate,
	};
	struct job_order order = {
		.case_id = maker->record->row.id,
		.kind = JOB_KIND_LINK,
		.payload = { .audience = NOTICE_AUDIENCE_RECIPIENT,
			     .address = recipient->address,
			     .language =
				     maker->vault->config->portal.language },
	};
	enum status st = ST_OK;

	memcpy(row.recipient, recipient->address_mac, sizeof(row.recipient));
	st = make_link(maker, &words, &row, err);
	order.payload.link_id = (struct span){ row.id, sizeof(row.id) };
	return st == ST_OK ? job_add(maker->vault, &order, err) : st;
}

static enum status
make_sender(const struct maker *maker, struct err *err)
{
	const char *address = maker->record->summary.envelope_sender;
	const struct link_words words = { address, "" };
	struct store_link row = { .kind = LINK_KIND_SENDER,
				  .needs_code = maker->terms.needs_code };
	const struct link_notice notice = { .event = NOTICE_LINKED };
	enum status st = ST_OK;

	if (!link_has_sender(maker->vault, maker->record))
		return ST_OK;
	st = make_link(maker, &words, &row, err);
	return st == ST_OK
		       ? link_notice_sender(maker->vault, &row, &notice, err)
		       : st;
}

static enum status
make_links(const struct maker *maker, struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients waiting = { .arena = NULL };
	enum status st = record_recipients(maker->vault, maker->record->row.id,
					   CASE_OUTCOME_WAITING, &waiting, err);

	for (size_t i = 0; st == ST_OK && i < waiting.count; i++)
		if (link_gets(maker->vault, maker->record,
			      waiting.items[i].address))
			st = make_recipient(maker, &waiting.items[i], err);
	return st == ST_OK ? make_sender(maker, err) : st;
}

enum status
link_make_all(struct vault *vault, const struct record *record,
	      struct link_making *making, struct err *err)
{
	AUTO(sbuf_done) struct sbuf own_keys;
	struct maker maker = { .vault = vault,
			       .record = record,
			       .making = making,
			       .terms = link_terms(vault, record),
			       .own_keys = &own_keys };
	enum status st = ST_OK;

	sbuf_init(&own_keys, LINK_OWN_MAX_BYTES);
	making->made = 0;
	st = take_password(&maker, err);
	if (st == ST_OK)
		st = make_batch(&maker, err);
	if (st == ST_OK)
		st = make_links(&maker, err);
	if (st == ST_OK)
		st = link_own_write(vault, record->row.id, &own_keys, err);
	explicit_bzero(maker.password_key, sizeof(maker.password_key));
	return st;
}
