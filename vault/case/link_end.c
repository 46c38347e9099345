#include "vault/case/link_end.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"

enum { LINK_DETAIL_BYTES = 300 };

static enum status
note_shredded(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	      const char *what, const struct blob *blob, struct err *err)
{
	AUTO(sbuf_done) struct sbuf hash;
	char detail[LINK_DETAIL_BYTES];
	const struct vault_deed deed = { .actor = "vault",
					 .via = "vault",
					 .event = "link-shredded",
					 .case_id = case_id,
					 .detail = detail };

	sbuf_init(&hash, 2 * sizeof(blob->hash));
	format_hex(&hash, (struct span){ blob->hash, sizeof(blob->hash) });
	(void)snprintf(detail, sizeof(detail),
		       "%s bytes=%" PRIu64 " ciphertext_sha256=%s", what,
		       blob->size_bytes, sbuf_text(&hash));
	return vault_audit(vault, &deed, err);
}

static bool
has_blob(const struct blob *blob)
{
	static const uint8_t none[STORE_BLOB_ID_BYTES];

	return memcmp(blob->id, none, sizeof(none)) != 0;
}

/* After the commit its bytes go; what they were stays on record. */
static enum status
drop_blob(struct vault *vault, const struct store_link_batch *batch,
	  const char *what, struct blob *blob, struct err *err)
{
	vault->after->scrub = true;
	vault_after_delete(vault, blob->id);
	memset(blob->id, 0, sizeof(blob->id));
	return note_shredded(vault, batch->case_id, what, blob, err);
}

enum status
link_shred_mail(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
		struct err *err)
{
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	struct store_link_counts counts = { .pending = 0 };
	enum status st = store_link_count(vault->store, case_id, &counts, err);

	if (st == ST_OK)
		st = store_link_batch_find(vault->store, case_id, &batch, err);
	if (st != ST_OK || counts.pending > 0 || batch.mail_key.len_bytes == 0)
		return st;
	st = drop_blob(vault, &batch, "mail", &batch.mail, err);
	batch.mail_key = (struct span){ NULL, 0 };
	return st == ST_OK ? store_link_batch_update(vault->store, &batch, err)
			   : st;
}

/* No link opens the files any more. */
static enum status
shred_files(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	    struct err *err)
{
	AUTO(store_link_batch_done)
	struct store_link_batch batch = { .memory = NULL };
	enum status st =
		store_link_batch_find(vault->store, case_id, &batch, err);

	if (st != ST_OK || !has_blob(&batch.files))
		return st;
	st = drop_blob(vault, &batch, "files", &batch.files, err);
	batch.ended_unix_ms = vault->now_unix_ms;
	batch.manifest = (struct span){ NULL, 0 };
	return st == ST_OK ? store_link_batch_update(vault->store, &batch, err)
			   : st;
}

static enum status
end_one(struct vault *vault, struct store_link *row, enum link_state state,
	const struct link_deed *deed, struct err *err)
{
	const struct span none = { NULL, 0 };
	enum status st = ST_OK;

	row->state = state;
	row->ended_unix_ms = vault->now_unix_ms;
	row->remind_unix_ms = 0;
	row->wrapped = none;
	row->secret = none;
	row->password = none;
	vault->after->scrub = true;
	vault->after->cases_changed = true;
	vault_after_link(vault, row->case_id);
	st = store_link_update(vault->store, row, err);
	/* Claims stay for a day: what is still on its way reports by them. */
	return st == ST_OK ? link_note(vault, row, deed, err) : st;
}

struct sender_search {
	uint8_t id[LINK_ID_BYTES];
	bool found;
};

static enum status
find_sender(void *context, const struct store_link *row, struct err *err)
{
	struct sender_search *search = context;

	(void)err;
	if (row->kind != LINK_KIND_SENDER || row->ended_unix_ms != 0)
		return ST_OK;
	memcpy(search->id, row->id, sizeof(search->id));
	search->found = true;
	return ST_END;
}

/* Nobody else has a link: the sender's opens nothing that is sent. */
static enum status
end_sender(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	   enum link_state state, const struct link_deed *deed, struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct sender_search search = { .found = false };
	enum status st = store_link_each(vault->store, case_id, find_sender,
					 &search, err);

	if (st != ST_OK || !search.found)
		return st;
	st = store_link_find(vault->store, search.id, &row, err);
	return st == ST_OK ? end_one(vault, &row, state, deed, err) : st;
}

enum status
link_end(struct vault *vault, struct store_link *row, enum link_state state,
	 const struct link_deed *deed, struct err *err)
{
	struct store_link_counts counts = { .living = 0 };
	enum status st = ST_OK;

	if (row->ended_unix_ms != 0)
		return ST_OK;
	st = end_one(vault, row, state, deed, err);
	if (st == ST_OK)
		st = store_link_count(vault->store, row->case_id, &counts, err);
	if (st != ST_OK || counts.living > 0)
		return st;
	st = end_sender(vault, row->case_id, state, deed, err);
	return st == ST_OK ? shred_files(vault, row->case_id, err) : st;
}
