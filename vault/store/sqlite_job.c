/* sqlite_job.c - jobs, tickets, exports; contract: store_job.h. */
#include <stdlib.h>

#include "vault/store/sqlite_call.h"
#include "vault/store/store_job.h"

#define JOB_COLUMNS                                            \
	"id, case_id, kind, dedupe, done, not_before_unix_ms," \
	" attempts, lease, lease_until_unix_ms, payload, last_error"

static enum status
job_load(struct call *call, struct store_job *row, struct err *err)
{
	const int64_t kind = call_get_int(call, 2);
	bool ok = kind > JOB_KIND_NONE && kind < JOB_KIND_END;

	*row = (struct store_job){ 0 };
	row->id = call_get_uint(call, 0);
	call_get_bytes(call, 1, row->case_id, sizeof(row->case_id), &ok);
	row->kind = ok ? (enum job_kind)kind : JOB_KIND_NONE;
	call_get_bytes(call, 3, row->dedupe, sizeof(row->dedupe), &ok);
	row->done = call_get_int(call, 4) != 0;
	row->not_before_unix_ms = call_get_int(call, 5);
	row->attempts = (uint32_t)call_get_int(call, 6);
	call_get_bytes(call, 7, row->lease, sizeof(row->lease), &ok);
	row->lease_until_unix_ms = call_get_int(call, 8);
	row->payload = call_get_span(call, 9);
	row->last_error = call_get_span(call, 10);
	return ok ? ST_OK : call_damaged(call, err);
}

void
store_job_done(struct store_job *row)
{
	free(row->memory);
	*row = (struct store_job){ 0 };
}

/* In the order of JOB_COLUMNS, without id. */
static void
job_bind(struct call *call, const struct store_job *row)
{
	call_bytes(call, row->case_id, sizeof(row->case_id));
	call_int(call, row->kind);
	call_bytes(call, row->dedupe, sizeof(row->dedupe));
	call_int(call, row->done);
	call_int(call, row->not_before_unix_ms);
	call_int(call, row->attempts);
	call_bytes(call, row->lease, sizeof(row->lease));
	call_int(call, row->lease_until_unix_ms);
	call_span(call, row->payload);
	call_span(call, row->last_error);
}

enum status
store_job_insert(struct store *store, const struct store_job *row,
		 uint64_t *id_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO jobs (case_id, kind, dedupe, done,"
			 " not_before_unix_ms, attempts, lease,"
			 " lease_until_unix_ms, payload, last_error)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	job_bind(&call, row);
	const enum status st = call_run(&call, err);

	if (st == ST_OK)
		*id_out = (uint64_t)sqlite3_last_insert_rowid(store->db);
	return st;
}

enum status
store_job_update(struct store *store, const struct store_job *row,
		 struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE jobs SET case_id = ?, kind = ?, dedupe = ?,"
			 " done = ?, not_before_unix_ms = ?, attempts = ?,"
			 " lease = ?, lease_until_unix_ms = ?, payload = ?,"
			 " last_error = ? WHERE id = ?");
	job_bind(&call, row);
	call_uint(&call, row->id);
	return call_run_found(&call, err);
}

static enum status
job_find(struct call *call, struct store_job *row_out, struct err *err)
{
	struct store_job row;
	enum status st = call_row(call, err);

	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such job");
	if (st == ST_OK)
		st = job_load(call, &row, err);
	if (st != ST_OK)
		return st;
	const struct owned owned = {
		.spans = { &row.payload, &row.last_error },
	};

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_job_find(struct store *store, uint64_t id, struct store_job *row_out,
	       struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " JOB_COLUMNS " FROM jobs WHERE id = ?");
	call_uint(&call, id);
	return job_find(&call, row_out, err);
}

enum status
store_job_next(struct store *store, int64_t now_unix_ms, uint32_t skip_kinds,
	       struct store_job *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " JOB_COLUMNS " FROM jobs WHERE done = 0"
		   " AND not_before_unix_ms <= ?1"
		   " AND lease_until_unix_ms <= ?1"
		   " AND ((?2 >> kind) & 1) = 0"
		   " ORDER BY not_before_unix_ms, id LIMIT 1");
	call_int(&call, now_unix_ms);
	call_int(&call, skip_kinds);
	return job_find(&call, row_out, err);
}

enum status
store_job_each(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
	       store_job_visit visit, void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " JOB_COLUMNS " FROM jobs"
		   " WHERE case_id = ? AND done = 0 ORDER BY id");
	call_bytes(&call, case_id, CASE_ID_BYTES);
	for (;;) {
		struct store_job row;
		enum status st = call_row(&call, err);

		if (st == ST_OK)
			st = job_load(&call, &row, err);
		if (st == ST_OK)
			st = visit(context, &row, err);
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_job_recall(struct store *store, int64_t now_unix_ms,
		 int64_t latest_unix_ms, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE jobs SET not_before_unix_ms = ?"
			 " WHERE done = 0 AND not_before_unix_ms > ?");
	call_int(&call, now_unix_ms);
	call_int(&call, latest_unix_ms);
	return call_run(&call, err);
}

enum status
store_job_free_leases(struct store *store, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE jobs SET lease_until_unix_ms = 0,"
			 " lease = zeroblob(16)"
			 " WHERE lease_until_unix_ms <> 0");
	return call_run(&call, err);
}

/* --- tickets -------------------------------------------------------- */

void
store_ticket_done(struct store_ticket *row)
{
	free(row->memory);
	*row = (struct store_ticket){ 0 };
}

enum status
store_ticket_insert(struct store *store, const struct store_ticket *row,
		    struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO tickets (hash, case_id, job_id, content,"
			 " sender, recipients, made_unix_ms, dead)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	call_bytes(&call, row->hash, sizeof(row->hash));
	call_bytes(&call, row->case_id, sizeof(row->case_id));
	call_uint(&call, row->job_id);
	call_bytes(&call, row->content, sizeof(row->content));
	call_bytes(&call, row->sender, sizeof(row->sender));
	call_span(&call, row->recipients);
	call_int(&call, row->made_unix_ms);
	call_int(&call, row->dead);
	return call_run(&call, err);
}

enum status
store_ticket_find(struct store *store, const uint8_t hash[STORE_HASH_BYTES],
		  struct store_ticket *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_ticket row = { 0 };
	enum status st = ST_OK;
	bool ok = true;

	call_begin(&call, store,
		   "SELECT hash, case_id, job_id, content, sender, recipients,"
		   " made_unix_ms, dead FROM tickets WHERE hash = ?");
	call_bytes(&call, hash, STORE_HASH_BYTES);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such ticket");
	if (st != ST_OK)
		return st;
	call_get_bytes(&call, 0, row.hash, sizeof(row.hash), &ok);
	call_get_bytes(&call, 1, row.case_id, sizeof(row.case_id), &ok);
	row.job_id = call_get_uint(&call, 2);
	call_get_bytes(&call, 3, row.content, sizeof(row.content), &ok);
	call_get_bytes(&call, 4, row.sender, sizeof(row.sender), &ok);
	row.recipients = call_get_span(&call, 5);
	row.made_unix_ms = call_get_int(&call, 6);
	row.dead = call_get_int(&call, 7) != 0;
	if (!ok)
		return call_damaged(&call, err);
	const struct owned owned = { .spans = { &row.recipients } };

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_ticket_kill(struct store *store, uint64_t job_id, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE tickets SET dead = 1 WHERE job_id = ?");
	call_uint(&call, job_id);
	return call_run(&call, err);
}

/* --- exports -------------------------------------------------------- */

void
store_export_done(struct store_export *row)
{
	free(row->memory);
	*row = (struct store_export){ 0 };
}

static void
export_bind(struct call *call, const struct store_export *row)
{
	call_uint(call, row->asked_by);
	call_uint(call, row->consented_by);
	call_int(call, row->asked_unix_ms);
	call_int(call, row->consented_unix_ms);
	call_int(call, row->fetched_unix_ms);
	call_bytes(call, row->public_key, sizeof(row->public_key));
	if (row->one_case)
		call_bytes(call, row->case_id, sizeof(row->case_id));
	else
		call_null(call);
	call_span(call, row->reason);
}

enum status
store_export_insert(struct store *store, const struct store_export *row,
		    uint64_t *id_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO exports (asked_by, consented_by,"
			 " asked_unix_ms, consented_unix_ms, fetched_unix_ms,"
			 " public_key, case_id, reason)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	export_bind(&call, row);
	const enum status st = call_run(&call, err);

	if (st == ST_OK)
		*id_out = (uint64_t)sqlite3_last_insert_rowid(store->db);
	return st;
}

enum status
store_export_update(struct store *store, const struct store_export *row,
		    struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE exports SET asked_by = ?, consented_by = ?,"
			 " asked_unix_ms = ?, consented_unix_ms = ?,"
			 " fetched_unix_ms = ?, public_key = ?, case_id = ?,"
			 " reason = ? WHERE id = ?");
	export_bind(&call, row);
	call_uint(&call, row->id);
	return call_run_found(&call, err);
}

enum status
store_export_find(struct store *store, uint64_t id,
		  struct store_export *row_out, struct err *err)
{
	AUTO(call_end) struct call call;
	struct store_export row = { .id = id };
	enum status st = ST_OK;
	bool ok = true;

	call_begin(&call, store,
		   "SELECT asked_by, consented_by, asked_unix_ms,"
		   " consented_unix_ms, fetched_unix_ms, public_key, case_id,"
		   " reason FROM exports WHERE id = ?");
	call_uint(&call, id);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such export");
	if (st != ST_OK)
		return st;
	row.asked_by = call_get_uint(&call, 0);
	row.consented_by = call_get_uint(&call, 1);
	row.asked_unix_ms = call_get_int(&call, 2);
	row.consented_unix_ms = call_get_int(&call, 3);
	row.fetched_unix_ms = call_get_int(&call, 4);
	call_get_bytes(&call, 5, row.public_key, sizeof(row.public_key), &ok);
	row.one_case = call_get_span(&call, 6).len_bytes > 0;
	if (row.one_case)
		call_get_bytes(&call, 6, row.case_id, sizeof(row.case_id), &ok);
	row.reason = call_get_span(&call, 7);
	if (!ok)
		return call_damaged(&call, err);
	const struct owned owned = { .spans = { &row.reason } };

	st = call_own(&owned, &row.memory, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}
