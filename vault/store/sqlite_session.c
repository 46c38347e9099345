/* sqlite_session.c - sessions, one-time sign-ins; contract: store_session.h. */
#include <stdlib.h>
#include <string.h>

#include "vault/store/sqlite_call.h"
#include "vault/store/store_session.h"

#define SESSION_COLUMNS                                        \
	"token, user_id, case_id, made_unix_ms, seen_unix_ms," \
	" proved, words"

void
store_session_done(struct store_session *row)
{
	free(row->memory);
	*row = (struct store_session){ 0 };
}

enum status
store_session_insert(struct store *store, const struct store_session *row,
		     struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO sessions (" SESSION_COLUMNS ")"
			 " VALUES (?, ?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->token, sizeof(row->token));
	if (row->user_id != 0) {
		call_uint(&call, row->user_id);
		call_null(&call);
	} else {
		call_null(&call);
		call_bytes(&call, row->case_id, sizeof(row->case_id));
	}
	call_int(&call, row->made_unix_ms);
	call_int(&call, row->seen_unix_ms);
	call_int(&call, row->proved);
	call_span(&call, row->words);
	return call_run(&call, err);
}

static bool
session_load(struct call *call, struct store_session *row)
{
	bool ok = true;

	*row = (struct store_session){ 0 };
	call_get_bytes(call, 0, row->token, sizeof(row->token), &ok);
	row->user_id = call_get_uint(call, 1); /* 0 for NULL */
	if (row->user_id == 0)
		call_get_bytes(call, 2, row->case_id, sizeof(row->case_id),
			       &ok);
	row->made_unix_ms = call_get_int(call, 3);
	row->seen_unix_ms = call_get_int(call, 4);
	row->proved = call_get_int(call, 5) != 0;
	row->words = call_get_span(call, 6);
	return ok;
}

enum status
store_session_find(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		   struct store_session *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_session row;
	const struct owned owned = { .spans = { &row.words } };
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT " SESSION_COLUMNS " FROM sessions WHERE token = ?");
	call_bytes(&call, token, STORE_HASH_BYTES);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such session");
	if (st != ST_OK)
		return st;
	if (!session_load(&call, &row))
		return call_damaged(&call, err);
	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_session_each(struct store *store, uint64_t user_id,
		   store_session_visit visit, void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " SESSION_COLUMNS " FROM sessions"
		   " WHERE user_id = ? ORDER BY seen_unix_ms DESC, token");
	call_uint(&call, user_id);
	for (;;) {
		struct store_session row;
		enum status st = call_row(&call, err);

		if (st == ST_OK && !session_load(&call, &row))
			st = call_damaged(&call, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_session_seen(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		   int64_t seen_unix_ms, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE sessions SET seen_unix_ms = ?"
			 " WHERE token = ?");
	call_int(&call, seen_unix_ms);
	call_bytes(&call, token, STORE_HASH_BYTES);
	return call_run_found(&call, err);
}

enum status
store_session_delete(struct store *store, const uint8_t token[STORE_HASH_BYTES],
		     struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store, "DELETE FROM sessions WHERE token = ?");
	call_bytes(&call, token, STORE_HASH_BYTES);
	return call_run_found(&call, err);
}

enum status
store_session_delete_user(struct store *store, uint64_t user_id,
			  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "DELETE FROM sessions WHERE user_id = ?");
	call_uint(&call, user_id);
	return call_run(&call, err);
}

enum status
store_session_expire(struct store *store, int64_t made_before_unix_ms,
		     int64_t seen_before_unix_ms, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "DELETE FROM sessions"
			 " WHERE made_unix_ms < ? OR seen_unix_ms < ?");
	call_int(&call, made_before_unix_ms);
	call_int(&call, seen_before_unix_ms);
	return call_run(&call, err);
}

/* --- one-time sign-ins ------------------------------------------------ */

#define ENTRY_COLUMNS                                                 \
	"id, case_id, job_id, code, failures, made_unix_ms,"          \
	" expires_unix_ms, used_unix_ms, again_count, again_unix_ms," \
	" words"

void
store_entry_done(struct store_entry *row)
{
	free(row->memory);
	*row = (struct store_entry){ 0 };
}

enum status
store_entry_insert(struct store *store, const struct store_entry *row,
		   struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO entries (" ENTRY_COLUMNS ")"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->id, sizeof(row->id));
	call_bytes(&call, row->case_id, sizeof(row->case_id));
	call_uint(&call, row->job_id);
	call_bytes(&call, row->code, sizeof(row->code));
	call_int(&call, row->failures);
	call_int(&call, row->made_unix_ms);
	call_int(&call, row->expires_unix_ms);
	call_int(&call, row->used_unix_ms);
	call_int(&call, row->again_count);
	call_int(&call, row->again_unix_ms);
	call_span(&call, row->words);
	return call_run(&call, err);
}

enum status
store_entry_update(struct store *store, const struct store_entry *row,
		   struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE entries SET failures = ?, used_unix_ms = ?,"
			 " again_count = ?, again_unix_ms = ?, words = ?"
			 " WHERE id = ?");
	call_int(&call, row->failures);
	call_int(&call, row->used_unix_ms);
	call_int(&call, row->again_count);
	call_int(&call, row->again_unix_ms);
	call_span(&call, row->words);
	call_bytes(&call, row->id, sizeof(row->id));
	return call_run_found(&call, err);
}

static enum status
entry_find(struct call *call, struct store_entry *row_out, struct err *err)
{
	struct store_entry row = { 0 };
	const struct owned owned = { .spans = { &row.words } };
	enum status st = call_row(call, err);
	bool ok = true;

	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such sign-in");
	if (st != ST_OK)
		return st;
	call_get_bytes(call, 0, row.id, sizeof(row.id), &ok);
	call_get_bytes(call, 1, row.case_id, sizeof(row.case_id), &ok);
	row.job_id = call_get_uint(call, 2);
	call_get_bytes(call, 3, row.code, sizeof(row.code), &ok);
	row.failures = (uint32_t)call_get_int(call, 4);
	row.made_unix_ms = call_get_int(call, 5);
	row.expires_unix_ms = call_get_int(call, 6);
	row.used_unix_ms = call_get_int(call, 7);
	row.again_count = (uint32_t)call_get_int(call, 8);
	row.again_unix_ms = call_get_int(call, 9);
	row.words = call_get_span(call, 10);
	if (!ok)
		return call_damaged(call, err);
	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_entry_find(struct store *store, const uint8_t id[STORE_ENTRY_ID_BYTES],
		 struct store_entry *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " ENTRY_COLUMNS " FROM entries WHERE id = ?");
	call_bytes(&call, id, STORE_ENTRY_ID_BYTES);
	return entry_find(&call, row_out, err);
}

enum status
store_entry_find_job(struct store *store, uint64_t job_id,
		     struct store_entry *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " ENTRY_COLUMNS " FROM entries WHERE job_id = ?");
	call_uint(&call, job_id);
	return entry_find(&call, row_out, err);
}
