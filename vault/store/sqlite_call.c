#include "vault/store/sqlite_call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum status
store_alive(const struct store *store, struct err *err)
{
	if (store->lost)
		return err_set(err, ST_IO,
			       "store: failed before; must be opened again");
	return ST_OK;
}

static enum status
store_constraint(int code, const char *what, struct err *err)
{
	if (code == SQLITE_CONSTRAINT_UNIQUE ||
	    code == SQLITE_CONSTRAINT_PRIMARYKEY ||
	    code == SQLITE_CONSTRAINT_ROWID)
		return err_set(err, ST_DENIED, "store: %s: exists already",
			       what);
	if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
		return err_set(err, ST_NOT_FOUND,
			       "store: %s: belongs to a row that is not there",
			       what);
	return err_set(err, ST_FORMAT, "store: %s: refused by the schema",
		       what);
}

enum status
store_failed(struct store *store, const char *what, struct err *err)
{
	const int code = sqlite3_extended_errcode(store->db);
	/* SQLite keeps no errno for a full disk. */
	const int sys_errno = (code & 0xff) == SQLITE_FULL
				      ? ENOSPC
				      : sqlite3_system_errno(store->db);

	if ((code & 0xff) == SQLITE_CONSTRAINT)
		return store_constraint(code, what, err);
	/* A rollback of SQLite's own took the whole transaction with it. */
	store->lost = (code & 0xff) != SQLITE_NOMEM ||
		      (store->in_transaction &&
		       sqlite3_get_autocommit(store->db) != 0);
	if ((code & 0xff) == SQLITE_NOMEM)
		return err_set(err, ST_NO_MEMORY, "store: %s: no memory", what);
	(void)err_set(err, ST_IO, "store: %s: %s (%d)", what,
		      sqlite3_errstr(code), code);
	if (err != NULL)
		err->sys_errno = sys_errno;
	return ST_IO;
}

static enum status
call_prepare(struct call *call, const char *sql, unsigned int flags)
{
	struct store *store = call->store;

	if (sqlite3_prepare_v3(store->db, sql, -1, flags, &call->statement,
			       NULL) != SQLITE_OK)
		return store_failed(store, "prepare", &call->err);
	return ST_OK;
}

void
call_begin(struct call *call, struct store *store, const char *sql)
{
	*call = (struct call){ .store = store, .cached = true };
	call->st = store_alive(store, &call->err);
	for (size_t i = 0; i < store->cache_count; i++) {
		if (store->cache[i].sql == sql) {
			call->statement = store->cache[i].statement;
			return;
		}
	}
	if (call->st != ST_OK)
		return;
	if (store->cache_count == STORE_MAX_STATEMENTS) {
		call_begin_once(call, store, sql);
		return;
	}
	call->st = call_prepare(call, sql, SQLITE_PREPARE_PERSISTENT);
	if (call->st != ST_OK)
		return;
	store->cache[store->cache_count].sql = sql;
	store->cache[store->cache_count].statement = call->statement;
	store->cache_count++;
}

void
call_begin_write(struct call *call, struct store *store, const char *sql)
{
	call_begin(call, store, sql);
	if (call->st == ST_OK &&
	    (store->mode != STORE_MODE_WRITE || !store->in_transaction))
		call->st = err_set(&call->err, ST_UNSUPPORTED,
				   "store: a change outside a transaction");
}

void
call_begin_once(struct call *call, struct store *store, const char *sql)
{
	*call = (struct call){ .store = store };
	call->st = store_alive(store, &call->err);
	if (call->st == ST_OK)
		call->st = call_prepare(call, sql, 0);
}

void
call_end(struct call *call)
{
	if (call->statement == NULL)
		return;
	if (call->cached) {
		(void)sqlite3_reset(call->statement);
		(void)sqlite3_clear_bindings(call->statement);
	} else {
		(void)sqlite3_finalize(call->statement);
	}
	call->statement = NULL;
}

static void
call_bound(struct call *call, int code)
{
	if (code != SQLITE_OK)
		call->st = store_failed(call->store, "bind", &call->err);
}

void
call_int(struct call *call, int64_t value)
{
	if (call->st == ST_OK)
		call_bound(call, sqlite3_bind_int64(call->statement, ++call->at,
						    value));
}

void
call_uint(struct call *call, uint64_t value)
{
	if (call->st == ST_OK && value > INT64_MAX)
		call->st = err_set(&call->err, ST_LIMIT,
				   "store: number too large");
	call_int(call, (int64_t)value);
}

void
call_text(struct call *call, const char *text)
{
	if (call->st == ST_OK)
		call_bound(call,
			   sqlite3_bind_text64(call->statement, ++call->at,
					       text, strlen(text),
					       SQLITE_STATIC, SQLITE_UTF8));
}

void
call_bytes(struct call *call, const uint8_t *bytes, size_t len_bytes)
{
	/* A NULL pointer would bind NULL, an empty blob is meant. */
	static const uint8_t none[1] = { 0 };

	if (call->st == ST_OK)
		call_bound(call,
			   sqlite3_bind_blob64(call->statement, ++call->at,
					       len_bytes > 0 ? bytes : none,
					       len_bytes, SQLITE_STATIC));
}

void
call_span(struct call *call, struct span bytes)
{
	call_bytes(call, bytes.ptr, bytes.len_bytes);
}

void
call_null(struct call *call)
{
	if (call->st == ST_OK)
		call_bound(call,
			   sqlite3_bind_null(call->statement, ++call->at));
}

enum status
call_row(struct call *call, struct err *err)
{
	int code = 0;

	if (call->st != ST_OK) {
		if (err != NULL)
			*err = call->err;
		return call->st;
	}
	code = sqlite3_step(call->statement);
	if (code == SQLITE_ROW)
		return ST_OK;
	if (code == SQLITE_DONE)
		return ST_END;
	return store_failed(call->store, "step", err);
}

enum status
call_run(struct call *call, struct err *err)
{
	enum status st = ST_OK;

	while (st == ST_OK)
		st = call_row(call, err);
	return st == ST_END ? ST_OK : st;
}

enum status
call_run_found(struct call *call, struct err *err)
{
	const enum status st = call_run(call, err);

	if (st == ST_OK && sqlite3_changes64(call->store->db) == 0)
		return err_set(err, ST_NOT_FOUND, "store: no such row");
	return st;
}

int64_t
call_get_int(struct call *call, int column)
{
	return sqlite3_column_int64(call->statement, column);
}

uint64_t
call_get_uint(struct call *call, int column)
{
	return (uint64_t)call_get_int(call, column);
}

const char *
call_get_text(struct call *call, int column)
{
	const unsigned char *text =
		sqlite3_column_text(call->statement, column);

	return text != NULL ? (const char *)text : "";
}

struct span
call_get_span(struct call *call, int column)
{
	const void *bytes = sqlite3_column_blob(call->statement, column);

	return (struct span){ bytes, (size_t)sqlite3_column_bytes(
					     call->statement, column) };
}

void
call_get_bytes(struct call *call, int column, uint8_t *bytes, size_t len_bytes,
	       bool *ok)
{
	const struct span got = call_get_span(call, column);

	if (got.len_bytes == len_bytes)
		memcpy(bytes, got.ptr, len_bytes);
	else
		*ok = false;
}

enum status
call_damaged(struct call *call, struct err *err)
{
	call->store->lost = true;
	return err_set(err, ST_IO, "store: a row has a column of wrong size");
}

static size_t
owned_size(const struct owned *owned)
{
	size_t size_bytes = 1;

	for (size_t i = 0; i < ARRAY_LEN(owned->texts); i++) {
		if (owned->texts[i] != NULL)
			size_bytes += strlen(*owned->texts[i]) + 1;
	}
	for (size_t i = 0; i < ARRAY_LEN(owned->spans); i++) {
		if (owned->spans[i] != NULL)
			size_bytes += owned->spans[i]->len_bytes;
	}
	return size_bytes;
}

enum status
call_own(const struct owned *owned, void **memory_out, struct err *err)
{
	uint8_t *memory = malloc(owned_size(owned));
	uint8_t *at = memory;

	if (memory == NULL)
		return err_set(err, ST_NO_MEMORY, "store: no memory for a row");
	for (size_t i = 0; i < ARRAY_LEN(owned->texts); i++) {
		if (owned->texts[i] == NULL)
			continue;
		const size_t len_bytes = strlen(*owned->texts[i]) + 1;

		memcpy(at, *owned->texts[i], len_bytes);
		*owned->texts[i] = (const char *)at;
		at += len_bytes;
	}
	for (size_t i = 0; i < ARRAY_LEN(owned->spans); i++) {
		struct span *part = owned->spans[i];

		if (part == NULL)
			continue;
		if (part->len_bytes > 0)
			memcpy(at, part->ptr, part->len_bytes);
		part->ptr = part->len_bytes > 0 ? at : NULL;
		at += part->len_bytes;
	}
	*memory_out = memory;
	return ST_OK;
}
