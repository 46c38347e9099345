/* sqlite_link.c - links and what they open; contract: store_link.h. */
#include "vault/store/store_link.h"

#include <stdlib.h>

#include "vault/store/sqlite_call.h"

/* --- what senders wish ------------------------------------------------ */

void
store_link_ask_done(struct store_link_ask *row)
{
	free(row->memory);
	*row = (struct store_link_ask){ 0 };
}

enum status
store_link_ask_put(struct store *store, const struct store_link_ask *row,
		   struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO link_asks (case_id, asked_unix_ms, words)"
			 " VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
			 " asked_unix_ms = excluded.asked_unix_ms,"
			 " words = excluded.words");
	call_bytes(&call, row->case_id, sizeof(row->case_id));
	call_int(&call, row->asked_unix_ms);
	call_span(&call, row->words);
	return call_run(&call, err);
}

enum status
store_link_ask_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		    struct store_link_ask *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_link_ask row = { 0 };
	const struct owned owned = { .spans = { &row.words } };
	enum status st = ST_OK;
	bool ok = true;

	call_begin(&call, store,
		   "SELECT case_id, asked_unix_ms, words FROM link_asks"
		   " WHERE case_id = ?");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: nobody asked");
	if (st != ST_OK)
		return st;
	call_get_bytes(&call, 0, row.case_id, sizeof(row.case_id), &ok);
	row.asked_unix_ms = call_get_int(&call, 1);
	row.words = call_get_span(&call, 2);
	if (!ok)
		return call_damaged(&call, err);
	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_link_ask_forget(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		      struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE link_asks SET words = x'' WHERE case_id = ?");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	return call_run(&call, err);
}

/* --- batches ---------------------------------------------------------- */

#define BATCH_COLUMNS                                             \
	"case_id, salt, sealed_unix_ms, ended_unix_ms, mail_id,"  \
	" mail_hash, mail_bytes, mail_key, files_id, files_hash," \
	" files_bytes, file_count, total_bytes, manifest, words"

void
store_link_batch_done(struct store_link_batch *row)
{
	free(row->memory);
	*row = (struct store_link_batch){ 0 };
}

static void
batch_bind_blob(struct call *call, const struct blob *blob)
{
	call_bytes(call, blob->id, sizeof(blob->id));
	call_bytes(call, blob->hash, sizeof(blob->hash));
	call_uint(call, blob->size_bytes);
}

/* In the order of BATCH_COLUMNS, without case_id. */
static void
batch_bind(struct call *call, const struct store_link_batch *row)
{
	call_bytes(call, row->salt, sizeof(row->salt));
	call_int(call, row->sealed_unix_ms);
	call_int(call, row->ended_unix_ms);
	batch_bind_blob(call, &row->mail);
	call_span(call, row->mail_key);
	batch_bind_blob(call, &row->files);
	call_int(call, row->file_count);
	call_uint(call, row->total_bytes);
	call_span(call, row->manifest);
	call_span(call, row->words);
}

enum status
store_link_batch_insert(struct store *store, const struct store_link_batch *row,
			struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO link_batches (" BATCH_COLUMNS ") VALUES"
			 " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->case_id, sizeof(row->case_id));
	batch_bind(&call, row);
	return call_run(&call, err);
}

enum status
store_link_batch_update(struct store *store, const struct store_link_batch *row,
			struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE link_batches SET salt = ?, sealed_unix_ms = ?,"
			 " ended_unix_ms = ?, mail_id = ?, mail_hash = ?,"
			 " mail_bytes = ?, mail_key = ?, files_id = ?,"
			 " files_hash = ?, files_bytes = ?, file_count = ?,"
			 " total_bytes = ?, manifest = ?, words = ?"
			 " WHERE case_id = ?");
	batch_bind(&call, row);
	call_bytes(&call, row->case_id, sizeof(row->case_id));
	return call_run_found(&call, err);
}

static void
batch_load_blob(struct call *call, int column, struct blob *blob, bool *ok)
{
	call_get_bytes(call, column, blob->id, sizeof(blob->id), ok);
	call_get_bytes(call, column + 1, blob->hash, sizeof(blob->hash), ok);
	blob->size_bytes = call_get_uint(call, column + 2);
}

static enum status
batch_load(struct call *call, struct store_link_batch *row, struct err *err)
{
	bool ok = true;

	*row = (struct store_link_batch){ 0 };
	call_get_bytes(call, 0, row->case_id, sizeof(row->case_id), &ok);
	call_get_bytes(call, 1, row->salt, sizeof(row->salt), &ok);
	row->sealed_unix_ms = call_get_int(call, 2);
	row->ended_unix_ms = call_get_int(call, 3);
	batch_load_blob(call, 4, &row->mail, &ok);
	row->mail_key = call_get_span(call, 7);
	batch_load_blob(call, 8, &row->files, &ok);
	row->file_count = (uint32_t)call_get_int(call, 11);
	row->total_bytes = call_get_uint(call, 12);
	row->manifest = call_get_span(call, 13);
	row->words = call_get_span(call, 14);
	return ok ? ST_OK : call_damaged(call, err);
}

enum status
store_link_batch_find(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		      struct store_link_batch *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_link_batch row = { 0 };
	const struct owned owned = {
		.spans = { &row.mail_key, &row.manifest, &row.words },
	};
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT " BATCH_COLUMNS " FROM link_batches"
		   " WHERE case_id = ?");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no links");
	if (st == ST_OK)
		st = batch_load(&call, &row, err);
	if (st == ST_OK)
		st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_link_batch_each(struct store *store, store_link_batch_visit visit,
		      void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store, "SELECT " BATCH_COLUMNS " FROM link_batches");
	for (;;) {
		struct store_link_batch row;
		enum status st = call_row(&call, err);

		if (st == ST_OK)
			st = batch_load(&call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

/* --- links ------------------------------------------------------------ */

#define LINK_COLUMNS                                                    \
	"id, case_id, kind, state, lookup, recipient, wrapped, week,"   \
	" secret, once, needs_code, needs_certificate, password,"       \
	" made_unix_ms, sent_unix_ms, expires_unix_ms, remind_unix_ms," \
	" ended_unix_ms, opened, fetched, failures, codes,"             \
	" codes_since_unix_ms, words"

void
store_link_done(struct store_link *row)
{
	free(row->memory);
	*row = (struct store_link){ 0 };
}

/* In the order of LINK_COLUMNS, without id. */
static void
link_bind(struct call *call, const struct store_link *row)
{
	call_bytes(call, row->case_id, sizeof(row->case_id));
	call_int(call, row->kind);
	call_int(call, row->state);
	call_bytes(call, row->lookup, sizeof(row->lookup));
	call_bytes(call, row->recipient, sizeof(row->recipient));
	call_span(call, row->wrapped);
	call_int(call, row->week);
	call_span(call, row->secret);
	call_int(call, row->downloads); /* column once: it was 0 or 1 */
	call_int(call, row->needs_code);
	call_int(call, row->needs_certificate);
	call_span(call, row->password);
	call_int(call, row->made_unix_ms);
	call_int(call, row->sent_unix_ms);
	call_int(call, row->expires_unix_ms);
	call_int(call, row->remind_unix_ms);
	call_int(call, row->ended_unix_ms);
	call_int(call, row->opened);
	call_int(call, row->fetched);
	call_int(call, row->failures);
	call_int(call, row->codes);
	call_int(call, row->codes_since_unix_ms);
	call_span(call, row->words);
}

enum status
store_link_insert(struct store *store, const struct store_link *row,
		  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO links (" LINK_COLUMNS ") VALUES (?, ?,"
			 " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			 " ?, ?, ?, ?, ?)");
	call_bytes(&call, row->id, sizeof(row->id));
	link_bind(&call, row);
	return call_run(&call, err);
}

enum status
store_link_update(struct store *store, const struct store_link *row,
		  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE links SET case_id = ?, kind = ?, state = ?,"
			 " lookup = ?, recipient = ?, wrapped = ?, week = ?,"
			 " secret = ?, once = ?, needs_code = ?,"
			 " needs_certificate = ?, password = ?,"
			 " made_unix_ms = ?, sent_unix_ms = ?,"
			 " expires_unix_ms = ?, remind_unix_ms = ?,"
			 " ended_unix_ms = ?, opened = ?, fetched = ?,"
			 " failures = ?, codes = ?, codes_since_unix_ms = ?,"
			 " words = ? WHERE id = ?");
	link_bind(&call, row);
	call_bytes(&call, row->id, sizeof(row->id));
	return call_run_found(&call, err);
}

static enum status
link_load(struct call *call, struct store_link *row, struct err *err)
{
	const int64_t kind = call_get_int(call, 2);
	const int64_t state = call_get_int(call, 3);
	bool ok = kind > LINK_KIND_NONE && kind < LINK_KIND_END &&
		  state > LINK_STATE_NONE && state < LINK_STATE_END;

	*row = (struct store_link){ 0 };
	row->kind = ok ? (enum link_kind)kind : LINK_KIND_NONE;
	row->state = ok ? (enum link_state)state : LINK_STATE_NONE;
	call_get_bytes(call, 0, row->id, sizeof(row->id), &ok);
	call_get_bytes(call, 1, row->case_id, sizeof(row->case_id), &ok);
	call_get_bytes(call, 4, row->lookup, sizeof(row->lookup), &ok);
	call_get_bytes(call, 5, row->recipient, sizeof(row->recipient), &ok);
	row->wrapped = call_get_span(call, 6);
	row->week = (uint32_t)call_get_int(call, 7);
	row->secret = call_get_span(call, 8);
	row->downloads = (uint32_t)call_get_int(call, 9);
	row->needs_code = call_get_int(call, 10) != 0;
	row->needs_certificate = call_get_int(call, 11) != 0;
	row->password = call_get_span(call, 12);
	row->made_unix_ms = call_get_int(call, 13);
	row->sent_unix_ms = call_get_int(call, 14);
	row->expires_unix_ms = call_get_int(call, 15);
	row->remind_unix_ms = call_get_int(call, 16);
	row->ended_unix_ms = call_get_int(call, 17);
	row->opened = (uint32_t)call_get_int(call, 18);
	row->fetched = (uint32_t)call_get_int(call, 19);
	row->failures = (uint32_t)call_get_int(call, 20);
	row->codes = (uint32_t)call_get_int(call, 21);
	row->codes_since_unix_ms = call_get_int(call, 22);
	row->words = call_get_span(call, 23);
	return ok ? ST_OK : call_damaged(call, err);
}

static enum status
link_find(struct call *call, struct store_link *row_out, struct err *err)
{
	struct store_link row = { 0 };
	const struct owned owned = {
		.spans = { &row.wrapped, &row.secret, &row.password,
			   &row.words },
	};
	enum status st = call_row(call, err);

	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such link");
	if (st == ST_OK)
		st = link_load(call, &row, err);
	if (st == ST_OK)
		st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_link_find(struct store *store, const uint8_t id[LINK_ID_BYTES],
		struct store_link *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " LINK_COLUMNS " FROM links WHERE id = ?");
	call_bytes(&call, id, LINK_ID_BYTES);
	return link_find(&call, row_out, err);
}

enum status
store_link_find_near(struct store *store,
		     const uint8_t lookup[STORE_HASH_BYTES],
		     struct store_link *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " LINK_COLUMNS " FROM links WHERE lookup ="
		   " coalesce((SELECT min(lookup) FROM links"
		   " WHERE lookup >= ?), (SELECT min(lookup) FROM links))");
	call_bytes(&call, lookup, STORE_HASH_BYTES);
	return link_find(&call, row_out, err);
}

static enum status
visit_all(struct call *call, store_link_visit visit, void *context,
	  struct err *err)
{
	for (;;) {
		struct store_link row;
		enum status st = call_row(call, err);

		if (st == ST_OK)
			st = link_load(call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_link_each(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		store_link_visit visit, void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " LINK_COLUMNS " FROM links WHERE case_id = ?"
		   " ORDER BY serial");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	return visit_all(&call, visit, context, err);
}

enum status
store_link_each_living(struct store *store, store_link_visit visit,
		       void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " LINK_COLUMNS " FROM links WHERE ended_unix_ms = 0"
		   " AND state IN (?, ?) ORDER BY serial");
	call_int(&call, LINK_STATE_LIVE);
	call_int(&call, LINK_STATE_FROZEN);
	return visit_all(&call, visit, context, err);
}

enum status
store_link_has_secrets(struct store *store, bool *has_out, struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT EXISTS (SELECT 1 FROM links WHERE ended_unix_ms = 0"
		   " AND secret <> x'')");
	st = call_row(&call, err);
	if (st == ST_OK)
		*has_out = call_get_int(&call, 0) != 0;
	return st;
}

enum status
store_link_count(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		 struct store_link_counts *counts_out, struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT count(*) FILTER (WHERE kind = ?1),"
		   " count(*) FILTER (WHERE kind = ?1 AND ended_unix_ms = 0),"
		   " count(*) FILTER (WHERE kind = ?1 AND state = ?2),"
		   " count(*) FILTER (WHERE ended_unix_ms = 0) FROM links"
		   " WHERE case_id = ?3");
	call_int(&call, LINK_KIND_RECIPIENT);
	call_int(&call, LINK_STATE_PENDING);
	call_bytes(&call, case_id, CASE_ID_BYTES);
	st = call_row(&call, err);
	if (st != ST_OK)
		return st;
	*counts_out = (struct store_link_counts){
		.recipients = (uint32_t)call_get_int(&call, 0),
		.living = (uint32_t)call_get_int(&call, 1),
		.pending = (uint32_t)call_get_int(&call, 2),
		.all_living = (uint32_t)call_get_int(&call, 3),
	};
	return ST_OK;
}

enum status
store_link_made(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
		int64_t since_unix_ms, uint64_t *made_out, struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT count(*) FROM links INDEXED BY links_made"
		   " WHERE made_unix_ms > ?1 AND kind = ?2 AND EXISTS"
		   " (SELECT 1 FROM case_senders AS his JOIN case_senders"
		   " AS ours ON his.address = ours.address"
		   " WHERE his.case_id = links.case_id AND ours.case_id = ?3)");
	call_int(&call, since_unix_ms);
	call_int(&call, LINK_KIND_RECIPIENT);
	call_bytes(&call, case_id, CASE_ID_BYTES);
	st = call_row(&call, err);
	if (st == ST_OK)
		*made_out = call_get_uint(&call, 0);
	return st;
}

static const char *
link_due_sql(enum store_link_due due)
{
	switch (due) {
	case STORE_LINK_DUE_EXPIRY:
		return "SELECT id FROM links WHERE ended_unix_ms = 0"
		       " AND expires_unix_ms <= ?1 AND state IN (?2, ?3)"
		       " ORDER BY expires_unix_ms, serial LIMIT ?4";
	case STORE_LINK_DUE_REMINDER:
		return "SELECT id FROM links WHERE ended_unix_ms = 0"
		       " AND remind_unix_ms > 0 AND remind_unix_ms <= ?1"
		       " AND state = ?2"
		       " ORDER BY remind_unix_ms, serial LIMIT ?4";
	case STORE_LINK_DUE_VISITED:
		return "SELECT links.id FROM links JOIN link_batches"
		       " ON link_batches.case_id = links.case_id"
		       " WHERE links.ended_unix_ms = 0 AND links.once > 0"
		       /* No file is taken more often than it may be. */
		       " AND links.once * link_batches.file_count BETWEEN 1 AND"
		       " (SELECT count(*) FROM link_takes"
		       " WHERE link_id = links.id"
		       " AND (complete_unix_ms <> 0 OR until_unix_ms <= ?1))"
		       " ORDER BY links.serial LIMIT ?4";
	case STORE_LINK_DUE_NONE:
	default:
		return "SELECT id FROM links WHERE ?1 IS NULL LIMIT ?4";
	}
}

enum status
store_link_due(struct store *store, const struct store_link_due_query *query,
	       uint8_t (*ids_out)[LINK_ID_BYTES], size_t *count_out,
	       struct err *err)
{
	AUTO(call_end) struct call call;
	size_t count = 0;
	bool ok = true;

	call_begin(&call, store, link_due_sql(query->due));
	call_int(&call, query->until_unix_ms);
	call_int(&call, LINK_STATE_LIVE);
	call_int(&call, LINK_STATE_FROZEN);
	call_uint(&call, query->limit);
	for (;;) {
		const enum status st = call_row(&call, err);

		if (st == ST_END)
			break;
		if (st != ST_OK)
			return st;
		call_get_bytes(&call, 0, ids_out[count], LINK_ID_BYTES, &ok);
		count++;
	}
	if (!ok)
		return call_damaged(&call, err);
	*count_out = count;
	return ST_OK;
}

enum status
store_link_next_due(struct store *store, int64_t now_unix_ms,
		    int64_t *unix_ms_out, struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT min("
		   "coalesce((SELECT min(expires_unix_ms) FROM links"
		   " WHERE ended_unix_ms = 0 AND state IN (?1, ?2)), ?3),"
		   "coalesce((SELECT min(remind_unix_ms) FROM links"
		   " WHERE ended_unix_ms = 0 AND remind_unix_ms > 0"
		   " AND state = ?1), ?3),"
		   "coalesce((SELECT min(until_unix_ms) FROM links"
		   " JOIN link_takes ON link_takes.link_id = links.id"
		   " WHERE ended_unix_ms = 0 AND links.once > 0"
		   " AND complete_unix_ms = 0 AND until_unix_ms > ?4), ?3))");
	call_int(&call, LINK_STATE_LIVE);
	call_int(&call, LINK_STATE_FROZEN);
	call_int(&call, INT64_MAX);
	call_int(&call, now_unix_ms);
	st = call_row(&call, err);
	if (st == ST_OK)
		*unix_ms_out = call_get_int(&call, 0);
	return st;
}
