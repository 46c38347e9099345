/* sqlite_audit.c - rows of the audit log; contract: store_audit.h. */
#include <stdlib.h>

#include "vault/store/sqlite_call.h"
#include "vault/store/store_audit.h"

#define AUDIT_COLUMNS "seq, at_unix_ms, case_id, body, hash"

/*
 * A row that somebody changed must still be read, so that verification can
 * name it: with a column of a wrong size it has no hash, which fits nothing.
 */
static void
audit_load(struct call *call, struct store_audit_row *row)
{
	const bool has_case =
		sqlite3_column_type(call->statement, 2) != SQLITE_NULL;
	const struct span case_id = call_get_span(call, 2);
	const struct span hash = call_get_span(call, 4);

	*row = (struct store_audit_row){ 0 };
	row->seq = call_get_uint(call, 0);
	row->at_unix_ms = call_get_int(call, 1);
	row->has_case = has_case;
	row->body = call_get_span(call, 3);
	if (hash.len_bytes != sizeof(row->hash) ||
	    (has_case && case_id.len_bytes != sizeof(row->case_id)))
		return;
	memcpy(row->hash, hash.ptr, hash.len_bytes);
	if (has_case)
		memcpy(row->case_id, case_id.ptr, sizeof(row->case_id));
}

void
store_audit_row_done(struct store_audit_row *row)
{
	free(row->memory);
	*row = (struct store_audit_row){ 0 };
}

enum status
store_audit_insert(struct store *store, const struct store_audit_row *row,
		   struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin_write(&call, store,
			 "INSERT INTO audit (" AUDIT_COLUMNS ")"
			 " SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?1 ="
			 " (SELECT coalesce(max(seq), 0) + 1 FROM audit)");
	call_uint(&call, row->seq);
	call_int(&call, row->at_unix_ms);
	if (row->has_case)
		call_bytes(&call, row->case_id, sizeof(row->case_id));
	else
		call_null(&call);
	call_span(&call, row->body);
	call_bytes(&call, row->hash, sizeof(row->hash));
	st = call_run_found(&call, err);
	return st == ST_NOT_FOUND
		       ? err_set(err, ST_DENIED,
				 "store: not the next row of the audit log")
		       : st;
}

enum status
store_audit_last(struct store *store, struct store_audit_row *row_out,
		 struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_audit_row row;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT " AUDIT_COLUMNS " FROM audit"
		   " ORDER BY seq DESC LIMIT 1");
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND,
			       "store: the audit log is empty");
	if (st != ST_OK)
		return st;
	audit_load(&call, &row);
	const struct owned owned = { .spans = { &row.body } };

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

static const char *
audit_sql(const struct store_audit_query *query)
{
	if (query->case_id == NULL)
		return query->newest_first
			       ? "SELECT " AUDIT_COLUMNS " FROM audit"
				 " WHERE seq < ?1 AND ?3 IS NULL"
				 " ORDER BY seq DESC LIMIT ?2"
			       : "SELECT " AUDIT_COLUMNS " FROM audit"
				 " WHERE seq >= ?1 AND ?3 IS NULL"
				 " ORDER BY seq LIMIT ?2";
	return query->newest_first ? "SELECT " AUDIT_COLUMNS " FROM audit"
				     " WHERE seq < ?1 AND case_id = ?3"
				     " ORDER BY seq DESC LIMIT ?2"
				   : "SELECT " AUDIT_COLUMNS " FROM audit"
				     " WHERE seq >= ?1 AND case_id = ?3"
				     " ORDER BY seq LIMIT ?2";
}

enum status
store_audit_each(struct store *store, const struct store_audit_query *query,
		 store_audit_visit visit, void *context, struct err *err)
{
	const bool from_newest = query->newest_first && query->from_seq == 0;
	AUTO(call_end) struct call call;

	call_begin(&call, store, audit_sql(query));
	call_int(&call, from_newest || query->from_seq > INT64_MAX
				? INT64_MAX
				: (int64_t)query->from_seq);
	call_int(&call,
		 query->limit > INT64_MAX ? INT64_MAX : (int64_t)query->limit);
	if (query->case_id != NULL)
		call_bytes(&call, query->case_id, CASE_ID_BYTES);
	else
		call_null(&call);
	for (;;) {
		struct store_audit_row row;
		enum status st = call_row(&call, err);

		if (st == ST_OK) {
			audit_load(&call, &row);
			st = visit(context, &row, err);
		}
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_head_insert(struct store *store, const struct store_audit_head *row,
		  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO heads (seq, body) VALUES (?, ?)");
	call_uint(&call, row->seq);
	call_span(&call, row->body);
	return call_run(&call, err);
}

static enum status
head_visit_all(struct store *store, const char *sql, store_head_visit visit,
	       void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store, sql);
	for (;;) {
		enum status st = call_row(&call, err);

		if (st == ST_OK) {
			const struct store_audit_head row = {
				.seq = call_get_uint(&call, 0),
				.body = call_get_span(&call, 1),
			};

			st = visit(context, &row, err);
		}
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_head_last(struct store *store, store_head_visit visit, void *context,
		struct err *err)
{
	return head_visit_all(store,
			      "SELECT seq, body FROM heads"
			      " ORDER BY seq DESC LIMIT 1",
			      visit, context, err);
}

enum status
store_head_each(struct store *store, store_head_visit visit, void *context,
		struct err *err)
{
	return head_visit_all(store, "SELECT seq, body FROM heads ORDER BY seq",
			      visit, context, err);
}
