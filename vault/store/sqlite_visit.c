/* sqlite_visit.c - visits of links; contract: store_visit.h. */
#include "vault/store/store_visit.h"

#include <stdlib.h>

#include "vault/store/sqlite_call.h"

/* --- claims ----------------------------------------------------------- */

#define CLAIM_COLUMNS                                         \
	"token, link_id, stage, made_unix_ms, until_unix_ms," \
	" code, code_until_unix_ms, code_job, words"

void
store_claim_done(struct store_claim *row)
{
	free(row->memory);
	*row = (struct store_claim){ 0 };
}

/* In the order of CLAIM_COLUMNS, without token. */
static void
claim_bind(struct call *call, const struct store_claim *row)
{
	call_bytes(call, row->link_id, sizeof(row->link_id));
	call_int(call, row->stage);
	call_int(call, row->made_unix_ms);
	call_int(call, row->until_unix_ms);
	call_bytes(call, row->code, sizeof(row->code));
	call_int(call, row->code_until_unix_ms);
	call_uint(call, row->code_job);
	call_span(call, row->words);
}

enum status
store_claim_insert(struct store *store, const struct store_claim *row,
		   struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO link_claims (" CLAIM_COLUMNS ")"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->token, sizeof(row->token));
	claim_bind(&call, row);
	return call_run(&call, err);
}

enum status
store_claim_update(struct store *store, const struct store_claim *row,
		   struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE link_claims SET link_id = ?, stage = ?,"
			 " made_unix_ms = ?, until_unix_ms = ?, code = ?,"
			 " code_until_unix_ms = ?, code_job = ?, words = ?"
			 " WHERE token = ?");
	claim_bind(&call, row);
	call_bytes(&call, row->token, sizeof(row->token));
	return call_run_found(&call, err);
}

static enum status
claim_load(struct call *call, struct store_claim *row, struct err *err)
{
	const int64_t stage = call_get_int(call, 2);
	bool ok = stage > LINK_STAGE_NONE && stage < LINK_STAGE_END;

	*row = (struct store_claim){ 0 };
	row->stage = ok ? (enum link_stage)stage : LINK_STAGE_NONE;
	call_get_bytes(call, 0, row->token, sizeof(row->token), &ok);
	call_get_bytes(call, 1, row->link_id, sizeof(row->link_id), &ok);
	row->made_unix_ms = call_get_int(call, 3);
	row->until_unix_ms = call_get_int(call, 4);
	call_get_bytes(call, 5, row->code, sizeof(row->code), &ok);
	row->code_until_unix_ms = call_get_int(call, 6);
	row->code_job = call_get_uint(call, 7);
	row->words = call_get_span(call, 8);
	return ok ? ST_OK : call_damaged(call, err);
}

static enum status
claim_find(struct call *call, struct store_claim *row_out, struct err *err)
{
	struct store_claim row = { 0 };
	const struct owned owned = { .spans = { &row.words } };
	enum status st = call_row(call, err);

	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such visit");
	if (st == ST_OK)
		st = claim_load(call, &row, err);
	if (st == ST_OK)
		st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_claim_find(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		 struct store_claim *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " CLAIM_COLUMNS " FROM link_claims"
		   " WHERE token = ?");
	call_bytes(&call, token, STORE_HASH_BYTES);
	return claim_find(&call, row_out, err);
}

enum status
store_claim_find_job(struct store *store, uint64_t job_id,
		     struct store_claim *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " CLAIM_COLUMNS " FROM link_claims"
		   " WHERE code_job = ? AND code_job <> 0");
	call_uint(&call, job_id);
	return claim_find(&call, row_out, err);
}

enum status
store_claim_each(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		 store_claim_visit visit, void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " CLAIM_COLUMNS " FROM link_claims"
		   " WHERE link_id = ? ORDER BY made_unix_ms, token");
	call_bytes(&call, link_id, LINK_ID_BYTES);
	for (;;) {
		struct store_claim row;
		enum status st = call_row(&call, err);

		if (st == ST_OK)
			st = claim_load(&call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_claim_count(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		  const int64_t since_now_unix_ms[2], uint64_t most,
		  uint64_t *count_out, struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT count(*) FROM (SELECT 1 FROM link_claims"
		   " WHERE link_id = ? AND made_unix_ms > ?"
		   " AND made_unix_ms <= ? LIMIT ?)");
	call_bytes(&call, link_id, LINK_ID_BYTES);
	call_int(&call, since_now_unix_ms[0]);
	call_int(&call, since_now_unix_ms[1]);
	call_uint(&call, most);
	st = call_row(&call, err);
	if (st == ST_OK)
		*count_out = call_get_uint(&call, 0);
	return st;
}

enum status
store_claim_expire(struct store *store, int64_t until_unix_ms, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "DELETE FROM link_claims WHERE until_unix_ms < ?");
	call_int(&call, until_unix_ms);
	return call_run(&call, err);
}

enum status
store_claim_delete_link(struct store *store,
			const uint8_t link_id[LINK_ID_BYTES], struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "DELETE FROM link_claims WHERE link_id = ?");
	call_bytes(&call, link_id, LINK_ID_BYTES);
	return call_run(&call, err);
}

/* --- takes ------------------------------------------------------------ */

enum status
store_take_insert(struct store *store, const struct store_take *row,
		  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO link_takes (link_id, file, claim, once,"
			 " taken_unix_ms, complete_unix_ms, until_unix_ms)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->link_id, sizeof(row->link_id));
	call_int(&call, row->file);
	call_bytes(&call, row->claim, sizeof(row->claim));
	call_int(&call, row->once);
	call_int(&call, row->taken_unix_ms);
	call_int(&call, row->complete_unix_ms);
	call_int(&call, row->until_unix_ms);
	return call_run(&call, err);
}

enum status
store_take_update(struct store *store, const struct store_take *row,
		  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE link_takes SET complete_unix_ms = ?,"
			 " until_unix_ms = ? WHERE link_id = ? AND file = ?"
			 " AND claim = ?");
	call_int(&call, row->complete_unix_ms);
	call_int(&call, row->until_unix_ms);
	call_bytes(&call, row->link_id, sizeof(row->link_id));
	call_int(&call, row->file);
	call_bytes(&call, row->claim, sizeof(row->claim));
	return call_run_found(&call, err);
}

enum status
store_take_break(struct store *store, const struct store_take *row,
		 struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE link_takes SET broken = broken + 1"
			 " WHERE link_id = ? AND file = ? AND claim = ?");
	call_bytes(&call, row->link_id, sizeof(row->link_id));
	call_int(&call, row->file);
	call_bytes(&call, row->claim, sizeof(row->claim));
	return call_run_found(&call, err);
}

enum status
store_take_keep(struct store *store, const struct store_take *row,
		struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE link_takes SET until_unix_ms = ?"
			 " WHERE link_id = ? AND claim = ?"
			 " AND complete_unix_ms = 0 AND until_unix_ms < ?");
	call_int(&call, row->until_unix_ms);
	call_bytes(&call, row->link_id, sizeof(row->link_id));
	call_bytes(&call, row->claim, sizeof(row->claim));
	call_int(&call, row->until_unix_ms);
	return call_run(&call, err);
}

static enum status
take_load(struct call *call, struct store_take *row, struct err *err)
{
	bool ok = true;

	*row = (struct store_take){ 0 };
	call_get_bytes(call, 0, row->link_id, sizeof(row->link_id), &ok);
	row->file = (uint32_t)call_get_int(call, 1);
	call_get_bytes(call, 2, row->claim, sizeof(row->claim), &ok);
	row->once = call_get_int(call, 3) != 0;
	row->taken_unix_ms = call_get_int(call, 4);
	row->complete_unix_ms = call_get_int(call, 5);
	row->until_unix_ms = call_get_int(call, 6);
	row->broken = (uint32_t)call_get_int(call, 7);
	return ok ? ST_OK : call_damaged(call, err);
}

enum status
store_take_each(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		store_take_visit visit, void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT link_id, file, claim, once, taken_unix_ms,"
		   " complete_unix_ms, until_unix_ms, broken FROM link_takes"
		   " WHERE link_id = ? ORDER BY file, taken_unix_ms, claim");
	call_bytes(&call, link_id, LINK_ID_BYTES);
	for (;;) {
		struct store_take row;
		enum status st = call_row(&call, err);

		if (st == ST_OK)
			st = take_load(&call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

/* --- events ----------------------------------------------------------- */

enum status
store_link_event_insert(struct store *store, const struct store_link_event *row,
			struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO link_events (link_id, at_unix_ms, minor,"
			 " words) VALUES (?, ?, ?, ?)");
	call_bytes(&call, row->link_id, sizeof(row->link_id));
	call_int(&call, row->at_unix_ms);
	call_int(&call, row->minor);
	call_span(&call, row->words);
	return call_run(&call, err);
}

static enum status
event_load(struct call *call, struct store_link_event *row, struct err *err)
{
	bool ok = true;

	*row = (struct store_link_event){ 0 };
	call_get_bytes(call, 0, row->link_id, sizeof(row->link_id), &ok);
	row->at_unix_ms = call_get_int(call, 1);
	row->minor = call_get_int(call, 2) != 0;
	row->words = call_get_span(call, 3);
	return ok ? ST_OK : call_damaged(call, err);
}

enum status
store_link_event_each(struct store *store, const uint8_t link_id[LINK_ID_BYTES],
		      struct store_link_event_most most,
		      store_link_event_visit visit, void *context,
		      struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT link_id, at_unix_ms, minor, words FROM ("
		   "SELECT * FROM (SELECT * FROM link_events WHERE link_id = ?"
		   " AND minor = 0 ORDER BY id DESC LIMIT ?) UNION ALL "
		   "SELECT * FROM (SELECT * FROM link_events WHERE link_id = ?"
		   " AND minor = 1 ORDER BY id DESC LIMIT ?)) ORDER BY id");
	call_bytes(&call, link_id, LINK_ID_BYTES);
	call_int(&call, most.major);
	call_bytes(&call, link_id, LINK_ID_BYTES);
	call_int(&call, most.minor);
	for (;;) {
		struct store_link_event row;
		enum status st = call_row(&call, err);

		if (st == ST_OK)
			st = event_load(&call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}
