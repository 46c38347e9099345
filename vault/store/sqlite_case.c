/* sqlite_case.c - cases and their details; contract: store_case.h. */
#include <stdlib.h>
#include <string.h>

#include "vault/store/sqlite_call.h"
#include "vault/store/store_case.h"

#define CASE_COLUMNS                                           \
	"id, state, content_key, version, taken_unix_ms,"      \
	" deadline_unix_ms, remind_unix_ms, ended_unix_ms,"    \
	" recipient_count, waiting_count, approvers, blob_id," \
	" blob_hash, blob_bytes, blob_key, summary, decision," \
	" comments, commented_unix_ms, self_test, unlock,"     \
	" companion_of"

static bool
has_companion_of(const struct store_case *row)
{
	static const uint8_t none[CASE_ID_BYTES];

	return memcmp(row->companion_of, none, sizeof(none)) != 0;
}

/* In the order of CASE_COLUMNS, without id. */
static void
case_bind(struct call *call, const struct store_case *row)
{
	call_int(call, row->state);
	call_bytes(call, row->content_key, sizeof(row->content_key));
	call_bytes(call, row->version, sizeof(row->version));
	call_int(call, row->taken_unix_ms);
	call_int(call, row->deadline_unix_ms);
	call_int(call, row->remind_unix_ms);
	call_int(call, row->ended_unix_ms);
	call_int(call, row->recipient_count);
	call_int(call, row->waiting_count);
	call_text(call, row->approvers);
	call_bytes(call, row->blob_id, sizeof(row->blob_id));
	call_bytes(call, row->blob_hash, sizeof(row->blob_hash));
	call_uint(call, row->blob_bytes);
	call_span(call, row->blob_key);
	call_span(call, row->summary);
	call_span(call, row->decision);
	call_int(call, row->comments);
	call_int(call, row->commented_unix_ms);
	call_int(call, row->self_test);
	call_span(call, row->unlock);
	call_bytes(call, row->companion_of,
		   has_companion_of(row) ? sizeof(row->companion_of) : 0);
}

/* The row that the call stands on; variable columns are borrowed from it. */
static enum status
case_load(struct call *call, struct store_case *row, struct err *err)
{
	const int64_t state = call_get_int(call, 1);
	bool ok = state > CASE_STATE_NONE && state < CASE_STATE_END;

	*row = (struct store_case){ 0 };
	call_get_bytes(call, 0, row->id, sizeof(row->id), &ok);
	row->state = ok ? (enum case_state)state : CASE_STATE_NONE;
	call_get_bytes(call, 2, row->content_key, sizeof(row->content_key),
		       &ok);
	call_get_bytes(call, 3, row->version, sizeof(row->version), &ok);
	row->taken_unix_ms = call_get_int(call, 4);
	row->deadline_unix_ms = call_get_int(call, 5);
	row->remind_unix_ms = call_get_int(call, 6);
	row->ended_unix_ms = call_get_int(call, 7);
	row->recipient_count = (uint32_t)call_get_int(call, 8);
	row->waiting_count = (uint32_t)call_get_int(call, 9);
	row->approvers = call_get_text(call, 10);
	call_get_bytes(call, 11, row->blob_id, sizeof(row->blob_id), &ok);
	call_get_bytes(call, 12, row->blob_hash, sizeof(row->blob_hash), &ok);
	row->blob_bytes = call_get_uint(call, 13);
	row->blob_key = call_get_span(call, 14);
	row->summary = call_get_span(call, 15);
	row->decision = call_get_span(call, 16);
	row->comments = (uint32_t)call_get_int(call, 17);
	row->commented_unix_ms = call_get_int(call, 18);
	row->self_test = call_get_int(call, 19) != 0;
	row->unlock = call_get_span(call, 20);
	if (call_get_span(call, 21).len_bytes > 0)
		call_get_bytes(call, 21, row->companion_of,
			       sizeof(row->companion_of), &ok);
	return ok ? ST_OK : call_damaged(call, err);
}

void
store_case_done(struct store_case *row)
{
	free(row->memory);
	*row = (struct store_case){ 0 };
}

static enum status
case_find(struct call *call, struct store_case *row_out, struct err *err)
{
	struct store_case row;
	enum status st = call_row(call, err);

	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such case");
	if (st == ST_OK)
		st = case_load(call, &row, err);
	if (st != ST_OK)
		return st;
	const struct owned owned = {
		.texts = { &row.approvers },
		.spans = { &row.blob_key, &row.summary, &row.decision,
			   &row.unlock },
	};

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

static void
detail_bind(struct call *call, const struct store_case_detail *detail)
{
	call_span(call, detail->detail_key);
	call_span(call, detail->detail);
	call_span(call, detail->report_key);
	call_span(call, detail->report);
	call_span(call, detail->digest_key);
	call_span(call, detail->digest);
}

static enum status
case_insert_detail(struct store *store, const struct store_case *row,
		   const struct store_case_detail *detail, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO case_details (case_id, detail_key,"
			 " detail, report_key, report, digest_key, digest)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->id, sizeof(row->id));
	detail_bind(&call, detail);
	return call_run(&call, err);
}

enum status
store_case_insert(struct store *store, const struct store_case *row,
		  const struct store_case_detail *detail, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO cases (" CASE_COLUMNS ") VALUES (?, ?,"
			 " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			 " ?, ?, ?)");
	call_bytes(&call, row->id, sizeof(row->id));
	case_bind(&call, row);
	const enum status st = call_run(&call, err);

	return st == ST_OK ? case_insert_detail(store, row, detail, err) : st;
}

enum status
store_case_update(struct store *store, const struct store_case *row,
		  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE cases SET state = ?, content_key = ?,"
			 " version = ?, taken_unix_ms = ?,"
			 " deadline_unix_ms = ?, remind_unix_ms = ?,"
			 " ended_unix_ms = ?, recipient_count = ?,"
			 " waiting_count = ?, approvers = ?, blob_id = ?,"
			 " blob_hash = ?, blob_bytes = ?, blob_key = ?,"
			 " summary = ?, decision = ?, comments = ?,"
			 " commented_unix_ms = ?, self_test = ?,"
			 " unlock = ?, companion_of = ? WHERE id = ?");
	case_bind(&call, row);
	call_bytes(&call, row->id, sizeof(row->id));
	return call_run_found(&call, err);
}

enum status
store_case_update_detail(struct store *store, const uint8_t id[CASE_ID_BYTES],
			 const struct store_case_detail *detail,
			 struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE case_details SET detail_key = ?, detail = ?,"
			 " report_key = ?, report = ?, digest_key = ?,"
			 " digest = ? WHERE case_id = ?");
	detail_bind(&call, detail);
	call_bytes(&call, id, CASE_ID_BYTES);
	return call_run_found(&call, err);
}

enum status
store_case_find(struct store *store, const uint8_t id[CASE_ID_BYTES],
		struct store_case *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " CASE_COLUMNS " FROM cases WHERE id = ?");
	call_bytes(&call, id, CASE_ID_BYTES);
	return case_find(&call, row_out, err);
}

void
store_case_detail_done(struct store_case_detail *row)
{
	free(row->memory);
	*row = (struct store_case_detail){ 0 };
}

enum status
store_case_find_detail(struct store *store, const uint8_t id[CASE_ID_BYTES],
		       struct store_case_detail *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_case_detail row = { 0 };
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT detail_key, detail, report_key, report, digest_key,"
		   " digest FROM case_details WHERE case_id = ?");
	call_bytes(&call, id, CASE_ID_BYTES);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such case");
	if (st != ST_OK)
		return st;
	row.detail_key = call_get_span(&call, 0);
	row.detail = call_get_span(&call, 1);
	row.report_key = call_get_span(&call, 2);
	row.report = call_get_span(&call, 3);
	row.digest_key = call_get_span(&call, 4);
	row.digest = call_get_span(&call, 5);
	const struct owned owned = {
		.spans = { &row.detail_key, &row.detail, &row.report_key,
			   &row.report, &row.digest_key, &row.digest },
	};

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

/* The newest one of the content in one of these states. */
static enum status
find_content(struct store *store, const uint8_t content_key[STORE_HASH_BYTES],
	     int64_t since_unix_ms, const enum case_state states[2],
	     struct store_case *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " CASE_COLUMNS " FROM cases"
		   " WHERE content_key = ? AND taken_unix_ms >= ?"
		   " AND state IN (?, ?)"
		   " ORDER BY taken_unix_ms DESC, id LIMIT 1");
	call_bytes(&call, content_key, STORE_HASH_BYTES);
	call_int(&call, since_unix_ms);
	call_int(&call, states[0]);
	call_int(&call, states[1]);
	return case_find(&call, row_out, err);
}

enum status
store_case_find_content(struct store *store,
			const uint8_t content_key[STORE_HASH_BYTES],
			int64_t since_unix_ms, struct store_case *row_out,
			struct err *err)
{
	static const enum case_state undecided[2] = { CASE_STATE_UNCONFIRMED,
						      CASE_STATE_HELD };

	return find_content(store, content_key, since_unix_ms, undecided,
			    row_out, err);
}

enum status
store_case_find_released(struct store *store,
			 const uint8_t content_key[STORE_HASH_BYTES],
			 int64_t since_unix_ms, struct store_case *row_out,
			 struct err *err)
{
	static const enum case_state released[2] = { CASE_STATE_RELEASING,
						     CASE_STATE_RELEASED };

	return find_content(store, content_key, since_unix_ms, released,
			    row_out, err);
}

enum status
store_case_delete(struct store *store, const uint8_t id[CASE_ID_BYTES],
		  struct err *err)
{
	AUTO(call_end) struct call call;

	/* What belongs to it goes with it (ON DELETE CASCADE). */
	call_begin_write(&call, store, "DELETE FROM cases WHERE id = ?");
	call_bytes(&call, id, CASE_ID_BYTES);
	return call_run_found(&call, err);
}

enum status
store_case_add_sender(struct store *store, const uint8_t id[CASE_ID_BYTES],
		      const uint8_t address[STORE_HASH_BYTES], struct err *err)
{
	AUTO(call_end) struct call call;

	/* The same address may come from several fields and retries. */
	call_begin_write(&call, store,
			 "INSERT INTO case_senders (address, case_id)"
			 " VALUES (?, ?) ON CONFLICT DO NOTHING");
	call_bytes(&call, address, STORE_HASH_BYTES);
	call_bytes(&call, id, CASE_ID_BYTES);
	return call_run(&call, err);
}

/* --- lists ---------------------------------------------------------- */

static void
query_add_places(struct sbuf *sql, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sbuf_add_text(sql, i == 0 ? "?" : ", ?");
}

static void
query_add_where(struct sbuf *sql, const struct store_case_query *query)
{
	sbuf_add_text(sql, " FROM cases WHERE (1 << state) & ? AND (?");
	if (query->group_count > 0) {
		sbuf_add_text(sql, " OR approvers IN (");
		query_add_places(sql, query->group_count);
		sbuf_add_text(sql, ")");
	}
	if (query->sender_count > 0) {
		sbuf_add_text(sql, " OR id IN (SELECT case_id FROM"
				   " case_senders WHERE address IN (");
		query_add_places(sql, query->sender_count);
		sbuf_add_text(sql, "))");
	}
	sbuf_add_text(sql, ")");
}

static void
query_bind(struct call *call, const struct store_case_query *query)
{
	call_int(call, query->state_mask);
	call_int(call, query->everything);
	for (size_t i = 0; i < query->group_count; i++)
		call_text(call, query->groups[i]);
	for (size_t i = 0; i < query->sender_count; i++)
		call_bytes(call, query->senders[i], STORE_HASH_BYTES);
}

static enum status
query_total(struct store *store, const struct store_case_query *query,
	    uint32_t *total_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf sql;
	AUTO(call_end) struct call call = { 0 };
	enum status st = ST_OK;

	sbuf_init(&sql, 1 << 20);
	sbuf_add_text(&sql, "SELECT count(*)");
	query_add_where(&sql, query);
	st = sbuf_status(&sql, "store", err);
	if (st != ST_OK)
		return st;
	call_begin_once(&call, store, sbuf_text(&sql));
	query_bind(&call, query);
	st = call_row(&call, err);
	if (st == ST_OK)
		*total_out = (uint32_t)call_get_int(&call, 0);
	return st;
}

static enum status
case_visit_all(struct call *call, store_case_visit visit, void *context,
	       struct err *err)
{
	for (;;) {
		struct store_case row;
		enum status st = call_row(call, err);

		if (st == ST_OK)
			st = case_load(call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_case_each(struct store *store, const struct store_case_query *query,
		store_case_visit visit, void *context, uint32_t *total_out,
		struct err *err)
{
	AUTO(sbuf_done) struct sbuf sql;
	AUTO(call_end) struct call call = { 0 };
	enum status st = ST_OK;

	if (total_out != NULL)
		st = query_total(store, query, total_out, err);
	sbuf_init(&sql, 1 << 20);
	sbuf_add_text(&sql, "SELECT " CASE_COLUMNS);
	query_add_where(&sql, query);
	sbuf_add_text(&sql, query->newest_first
				    ? " ORDER BY taken_unix_ms DESC, id DESC"
				    : " ORDER BY taken_unix_ms, id");
	sbuf_add_text(&sql, " LIMIT ? OFFSET ?");
	if (st == ST_OK)
		st = sbuf_status(&sql, "store", err);
	if (st != ST_OK)
		return st;
	call_begin_once(&call, store, sbuf_text(&sql));
	query_bind(&call, query);
	call_int(&call, query->limit);
	call_int(&call, query->offset);
	return case_visit_all(&call, visit, context, err);
}

static const char *
due_sql(enum store_due due)
{
	switch (due) {
	case STORE_DUE_DEADLINE:
		return "SELECT id FROM cases WHERE state = ?1"
		       " AND deadline_unix_ms BETWEEN 1 AND ?2"
		       " ORDER BY deadline_unix_ms, id LIMIT ?3";
	case STORE_DUE_REMINDER:
		return "SELECT id FROM cases WHERE state = ?1"
		       " AND remind_unix_ms BETWEEN 1 AND ?2"
		       " ORDER BY remind_unix_ms, id LIMIT ?3";
	case STORE_DUE_RETENTION:
		return "SELECT id FROM cases WHERE ?1 IS NOT NULL"
		       " AND ended_unix_ms BETWEEN 1 AND ?2"
		       " AND NOT EXISTS (SELECT 1 FROM links"
		       " WHERE links.case_id = cases.id"
		       " AND NOT links.ended_unix_ms BETWEEN 1 AND ?2)"
		       " ORDER BY ended_unix_ms, id LIMIT ?3";
	case STORE_DUE_SELF_TEST:
		return "SELECT id FROM cases WHERE ?1 IS NOT NULL"
		       " AND self_test = 1"
		       " AND ended_unix_ms BETWEEN 1 AND ?2"
		       " ORDER BY ended_unix_ms, id LIMIT ?3";
	case STORE_DUE_SEALED:
		return "SELECT id FROM cases WHERE state = ?1"
		       " AND ?2 IS NOT NULL"
		       " ORDER BY taken_unix_ms, id LIMIT ?3";
	case STORE_DUE_NONE:
		break;
	}
	return NULL;
}

static enum status
due_collect(struct call *call, uint8_t (*ids_out)[CASE_ID_BYTES],
	    size_t *count_out, struct err *err)
{
	size_t count = 0;
	bool ok = true;

	for (;;) {
		const enum status st = call_row(call, err);

		if (st == ST_END)
			break;
		if (st != ST_OK)
			return st;
		call_get_bytes(call, 0, ids_out[count], CASE_ID_BYTES, &ok);
		count++;
	}
	if (!ok)
		return call_damaged(call, err);
	*count_out = count;
	return ST_OK;
}

enum status
store_case_due(struct store *store, const struct store_due_query *query,
	       uint8_t (*ids_out)[CASE_ID_BYTES], size_t *count_out,
	       struct err *err)
{
	AUTO(call_end) struct call call = { 0 };
	const char *sql = due_sql(query->due);

	if (sql == NULL)
		return err_set(err, ST_UNSUPPORTED, "store: no such due");
	call_begin(&call, store, sql);
	call_int(&call, query->due == STORE_DUE_SEALED ? CASE_STATE_SEALED
						       : CASE_STATE_HELD);
	call_int(&call, query->until_unix_ms);
	call_uint(&call, query->limit);
	return due_collect(&call, ids_out, count_out, err);
}

enum status
store_case_companions(struct store *store, const uint8_t id[CASE_ID_BYTES],
		      uint8_t (*ids_out)[CASE_ID_BYTES], size_t limit,
		      size_t *count_out, struct err *err)
{
	AUTO(call_end) struct call call = { 0 };

	call_begin(&call, store,
		   "SELECT id FROM cases WHERE companion_of = ?"
		   " AND companion_of <> x''"
		   " ORDER BY taken_unix_ms, id LIMIT ?");
	call_bytes(&call, id, CASE_ID_BYTES);
	call_uint(&call, limit);
	return due_collect(&call, ids_out, count_out, err);
}

enum status
store_case_next_due(struct store *store, int64_t *unix_ms_out, struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT min("
		   "coalesce((SELECT min(deadline_unix_ms) FROM cases"
		   " WHERE state = ?1 AND deadline_unix_ms > 0), ?2),"
		   "coalesce((SELECT min(remind_unix_ms) FROM cases"
		   " WHERE state = ?1 AND remind_unix_ms > 0), ?2))");
	call_int(&call, CASE_STATE_HELD);
	call_int(&call, INT64_MAX);
	st = call_row(&call, err);
	if (st == ST_OK)
		*unix_ms_out = call_get_int(&call, 0);
	return st;
}

enum status
store_blob_has_case(struct store *store,
		    const uint8_t blob_id[STORE_BLOB_ID_BYTES], bool *found_out,
		    struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT 1 FROM cases WHERE blob_id = ?1 UNION ALL"
		   " SELECT 1 FROM link_batches"
		   " WHERE mail_id = ?1 OR files_id = ?1");
	call_bytes(&call, blob_id, STORE_BLOB_ID_BYTES);
	st = call_row(&call, err);
	if (st != ST_OK && st != ST_END)
		return st;
	*found_out = st == ST_OK;
	return ST_OK;
}
