#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/store/sqlite_call.h"
#include "vault/store/sqlite_wal.h"
#include "vault/store/store_job.h"

enum { STORE_BUSY_MS = 10000, STORE_SCRUB_BUSY_MS = 100 };

static const char locator_prefix[] = "sqlite:";
static const char locator_memory[] = ":memory:";

static enum status
sqlite_exec(struct store *store, const char *sql, const char *what,
	    struct err *err)
{
	enum status st = store_alive(store, err);

	if (st == ST_OK &&
	    sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		st = store_failed(store, what, err);
	return st;
}

/* The file that locator names; memory_out: none, all in memory. */
static enum status
sqlite_path(const char *locator, const char *state_dir, char path[PATH_MAX],
	    struct err *err)
{
	const size_t prefix_bytes = strlen(locator_prefix);
	int len = 0;

	if (strncmp(locator, locator_prefix, prefix_bytes) != 0)
		return err_set(
			err, ST_FORMAT,
			"store: \"%s\" does not start with sqlite:", locator);
	locator += prefix_bytes;
	if (*locator == '\0')
		len = snprintf(path, PATH_MAX, "%s/store.db", state_dir);
	else if (*locator == '/' || strcmp(locator, locator_memory) == 0)
		len = snprintf(path, PATH_MAX, "%s", locator);
	else
		return err_set(err, ST_FORMAT,
			       "store: \"%s\" is not an absolute path",
			       locator);
	if (len < 0 || len >= PATH_MAX)
		return err_set(err, ST_FORMAT, "store: path too long");
	return ST_OK;
}

static enum status
sqlite_configure(struct store *store, bool in_memory, struct err *err)
{
	AUTO(call_end) struct call call = { 0 };
	enum status st = ST_OK;

	(void)sqlite3_extended_result_codes(store->db, 1);
	(void)sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
	if (sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) !=
		    SQLITE_OK ||
	    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
			      NULL) != SQLITE_OK)
		return store_failed(store, "configure", err);
	call_begin_once(&call, store, "PRAGMA journal_mode = WAL");
	st = call_row(&call, err);
	if (st == ST_OK && !in_memory &&
	    strcmp(call_get_text(&call, 0), "wal") != 0)
		st = err_set(err, ST_IO,
			     "store: this file system or file "
			     "does not take a write-ahead log");
	call_end(&call);
	if (st != ST_OK)
		return st == ST_END ? err_set(err, ST_IO, "store: no answer")
				    : st;
	return sqlite_exec(store,
			   /* An acknowledged commit survives a power cut. */
			   "PRAGMA synchronous = FULL;"
			   "PRAGMA secure_delete = ON;"
			   "PRAGMA foreign_keys = ON;"
			   "PRAGMA cell_size_check = ON;"
			   "PRAGMA temp_store = MEMORY;"
			   "PRAGMA journal_size_limit = 16777216;",
			   "configure", err);
}

static enum status
sqlite_connect(struct store *store, const char *path, struct err *err)
{
	const bool in_memory = strcmp(path, locator_memory) == 0;
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
			  SQLITE_OPEN_EXRESCODE |
			  (in_memory ? SQLITE_OPEN_MEMORY : 0);
	enum status st = ST_OK;

	if (!in_memory && store->mode == STORE_MODE_WRITE) {
		st = sqlite_make_file(path, err);
		if (st == ST_OK)
			st = sqlite_rewrite_wal(path, err);
		if (st != ST_OK)
			return st;
	}
	if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK)
		return store->db == NULL
			       ? err_set(err, ST_NO_MEMORY, "store: no memory")
			       : store_failed(store, path, err);
	st = sqlite_configure(store, in_memory, err);
	if (st == ST_OK)
		st = sqlite_migrate(store, err);
	if (st == ST_OK && store->mode == STORE_MODE_READ)
		st = sqlite_exec(store, "PRAGMA query_only = ON", "configure",
				 err);
	return st;
}

enum status
store_open(const char *locator, const char *state_dir, enum store_mode mode,
	   struct store **store_out, struct err *err)
{
	AUTO(store_close) struct store *store = NULL;
	char path[PATH_MAX];
	enum status st = sqlite_path(locator, state_dir, path, err);

	if (st != ST_OK)
		return st;
	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return err_set(err, ST_NO_MEMORY, "store: no memory");
	store->mode = mode;
	st = sqlite_connect(store, path, err);
	if (st == ST_OK) {
		*store_out = MOVE(store);
		return ST_OK;
	}
	const int code =
		store->db != NULL ? sqlite3_errcode(store->db) : SQLITE_OK;

	if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
		return err_set(err, ST_FORMAT, "store: %s: damaged: %s", path,
			       sqlite3_errstr(code));
	return st;
}

void
store_close(struct store **store)
{
	if (*store != NULL) {
		for (size_t i = 0; i < (*store)->cache_count; i++)
			(void)sqlite3_finalize((*store)->cache[i].statement);
		(void)sqlite3_close((*store)->db);
	}
	free(*store);
	*store = NULL;
}

enum status
store_begin(struct store *store, struct err *err)
{
	AUTO(call_end) struct call call = { .statement = NULL };
	enum status st = ST_OK;

	if (store->in_transaction)
		return err_set(err, ST_UNSUPPORTED,
			       "store: a transaction inside another");
	call_begin(&call, store,
		   store->mode == STORE_MODE_WRITE ? "BEGIN IMMEDIATE"
						   : "BEGIN");
	st = call_run(&call, err);
	if (st != ST_OK)
		return st;
	store->in_transaction = true;
	if (store->mode == STORE_MODE_WRITE)
		return ST_OK;
	/* The snapshot is taken by the first read, so read something. */
	AUTO(call_end) struct call first;
	call_begin(&first, store, "SELECT 1 FROM meta LIMIT 1");
	st = call_run(&first, err);
	if (st != ST_OK)
		store_rollback(store);
	return st;
}

enum status
store_commit(struct store *store, struct err *err)
{
	AUTO(call_end) struct call call = { .statement = NULL };
	enum status st = ST_OK;

	if (!store->in_transaction)
		return err_set(err, ST_UNSUPPORTED, "store: nothing to commit");
	call_begin(&call, store, "COMMIT");
	st = call_run(&call, err);
	if (st == ST_OK) {
		store->in_transaction = false;
		return ST_OK;
	}
	call_end(&call);
	store_rollback(store);
	/* Whatever the reason, the caller's rows are not there. */
	store->lost = true;
	return st;
}

void
store_rollback(struct store *store)
{
	if (store->in_transaction && sqlite3_get_autocommit(store->db) == 0 &&
	    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
		store->lost = true;
	store->in_transaction = false;
}

static enum status
sqlite_savepoint(struct store *store, const char *sql, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store, sql);
	return call_run(&call, err);
}

enum status
store_mark(struct store *store, struct err *err)
{
	return sqlite_savepoint(store, "SAVEPOINT mark", err);
}

enum status
store_keep(struct store *store, struct err *err)
{
	return sqlite_savepoint(store, "RELEASE mark", err);
}

enum status
store_undo(struct store *store, struct err *err)
{
	const enum status st = sqlite_savepoint(store, "ROLLBACK TO mark", err);

	return st == ST_OK ? store_keep(store, err) : st;
}

enum status
store_meta_put(struct store *store, const char *name, struct span value,
	       struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO meta (name, value) VALUES (?, ?) "
			 "ON CONFLICT DO UPDATE SET value = excluded.value");
	call_text(&call, name);
	call_span(&call, value);
	return call_run(&call, err);
}

enum status
store_meta_find(struct store *store, const char *name, struct sbuf *value_out,
		struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store, "SELECT value FROM meta WHERE name = ?");
	call_text(&call, name);
	st = call_row(&call, err);
	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no value \"%s\"",
			       name);
	if (st != ST_OK)
		return st;
	sbuf_add_span(value_out, call_get_span(&call, 0));
	return sbuf_status(value_out, "store", err);
}

uint32_t
store_schema_version(const struct store *store)
{
	return store->schema_version;
}

static enum status
sqlite_count_rows(struct store *store, struct store_counts *counts,
		  struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT count(*) FILTER (WHERE self_test = 0"
		   "  AND companion_of = x''),"
		   " count(*) FILTER (WHERE ended_unix_ms = 0"
		   "  AND companion_of = x''),"
		   " count(*) FILTER (WHERE state = ?),"
		   " coalesce(min(taken_unix_ms)"
		   "  FILTER (WHERE ended_unix_ms = 0), 0) FROM cases");
	call_int(&call, CASE_STATE_UNCONFIRMED);
	st = call_row(&call, err);
	if (st != ST_OK)
		return st;
	counts->cases_total = call_get_uint(&call, 0);
	counts->cases_open = call_get_uint(&call, 1);
	counts->cases_unconfirmed = call_get_uint(&call, 2);
	counts->oldest_open_unix_ms = call_get_int(&call, 3);
	return ST_OK;
}

static enum status
sqlite_count_rest(struct store *store, struct store_counts *counts,
		  struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT (SELECT count(*) FROM jobs"
		   "  WHERE done = 0 AND kind <> ?),"
		   " (SELECT count(*) FROM jobs"
		   "  WHERE done = 0 AND attempts > 0),"
		   " (SELECT count(*) FROM audit),"
		   " (SELECT count(*) FROM pairs),"
		   " (SELECT page_count * page_size"
		   "  FROM pragma_page_count, pragma_page_size)");
	call_int(&call, JOB_KIND_SEARCH);
	st = call_row(&call, err);
	if (st != ST_OK)
		return st;
	counts->jobs_waiting = call_get_uint(&call, 0);
	counts->jobs_failing = call_get_uint(&call, 1);
	counts->audit_rows = call_get_uint(&call, 2);
	counts->pairs = call_get_uint(&call, 3);
	counts->store_bytes = call_get_uint(&call, 4);
	return ST_OK;
}

enum status
store_count(struct store *store, struct store_counts *counts_out,
	    struct err *err)
{
	struct store_counts counts = { 0 };
	enum status st = sqlite_count_rows(store, &counts, err);

	if (st == ST_OK)
		st = sqlite_count_rest(store, &counts, err);
	if (st == ST_OK)
		*counts_out = counts;
	return st;
}

enum status
store_check(struct store *store, struct err *err)
{
	AUTO(call_end) struct call call;
	AUTO(call_end) struct call keys;
	enum status st = ST_OK;

	call_begin(&call, store, "PRAGMA integrity_check(1)");
	st = call_row(&call, err);
	call_begin(&keys, store, "PRAGMA foreign_key_check");
	if (st == ST_OK && strcmp(call_get_text(&call, 0), "ok") != 0)
		return err_set(err, ST_FORMAT, "store: %s",
			       call_get_text(&call, 0));
	if (st != ST_OK)
		return st;
	st = call_row(&keys, err);
	if (st == ST_OK)
		return err_set(err, ST_FORMAT,
			       "store: a row of %s belongs to nothing",
			       call_get_text(&keys, 0));
	return st == ST_END ? ST_OK : st;
}

enum status
store_scrub(struct store *store, struct err *err)
{
	AUTO(call_end) struct call call = { .statement = NULL };
	enum status st = ST_OK;

	if (store->in_transaction || store->mode != STORE_MODE_WRITE)
		return err_set(err, ST_UNSUPPORTED,
			       "store: scrub inside a transaction");
	/* Holds wait behind this, so a reader is not waited for. */
	(void)sqlite3_busy_timeout(store->db, STORE_SCRUB_BUSY_MS);
	call_begin(&call, store, "PRAGMA wal_checkpoint(TRUNCATE)");
	st = call_row(&call, err);
	(void)sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
	if (st == ST_OK && call_get_int(&call, 0) != 0)
		return err_set(err, ST_LIMIT,
			       "store: a reader keeps the log in use");
	return st == ST_END ? ST_OK : st;
}

static enum status
sqlite_copy_to(struct store *store, sqlite3 *copy, struct err *err)
{
	sqlite3_backup *backup =
		sqlite3_backup_init(copy, "main", store->db, "main");
	int code = SQLITE_OK;

	if (backup == NULL)
		return err_set(err, ST_IO, "store: copy: %s",
			       sqlite3_errmsg(copy));
	code = sqlite3_backup_step(backup, -1);
	if (sqlite3_backup_finish(backup) != SQLITE_OK || code != SQLITE_DONE)
		return err_set(err, ST_IO, "store: copy: %s (%d)",
			       sqlite3_errmsg(copy),
			       sqlite3_extended_errcode(copy));
	return ST_OK;
}

enum status
store_copy(struct store *store, const char *path, struct err *err)
{
	sqlite3 *copy = NULL;
	enum status st = store_alive(store, err);

	if (st == ST_OK)
		st = sqlite_make_file(path, err);
	if (st != ST_OK)
		return st;
	st = sqlite3_open_v2(path, &copy,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			     NULL) == SQLITE_OK
		     ? sqlite_copy_to(store, copy, err)
		     : err_set(err, ST_IO, "store: %s: cannot open a copy",
			       path);
	(void)sqlite3_close(copy);
	return st;
}
