/*
 * sqlite_call.h - one SQL statement from its parameters to its rows.
 *
 * Layer:    vault/store; only the files sqlite*.c
 * Threads:  as the connection
 *
 *	AUTO(call_end) struct call call;
 *	call_begin(&call, store, "SELECT a FROM t WHERE b = ? AND c = ?");
 *	call_int(&call, b);
 *	call_span(&call, c);
 *	st = call_row(&call, err);
 *
 * Failures are sticky: the first one is what call_row() or call_run() gives.
 * SQL is text of ours; whatever comes from outside is a parameter.
 */
#ifndef VAULT_STORE_SQLITE_CALL_H
#define VAULT_STORE_SQLITE_CALL_H

#include <sqlite3.h>

#include "vault/store/store.h"

enum { STORE_MAX_STATEMENTS = 180 };

struct store {
	sqlite3 *db;
	enum store_mode mode;
	uint32_t schema_version;
	bool in_transaction;
	/* After a failure of the file nothing is tried again on these
	 * descriptors: what fsync() lost once, a second fsync() hides. */
	bool lost;
	struct {
		const char *sql; /* a literal; found again by its address */
		sqlite3_stmt *statement;
	} cache[STORE_MAX_STATEMENTS];
	size_t cache_count;
};

struct call {
	struct store *store;
	sqlite3_stmt *statement;
	bool cached;
	int at; /* parameters bound so far */
	enum status st;
	struct err err;
};

/* A literal, kept prepared for the next time. */
void call_begin(struct call *call, struct store *store, const char *sql);
/* As call_begin() for a statement that changes rows. */
void call_begin_write(struct call *call, struct store *store, const char *sql);
/* SQL put together for this one time. */
void call_begin_once(struct call *call, struct store *store, const char *sql);
void call_end(struct call *call);

/* The next parameter. Bytes must live until call_end(). */
void call_int(struct call *call, int64_t value);
void call_uint(struct call *call, uint64_t value);
void call_text(struct call *call, const char *text);
void call_bytes(struct call *call, const uint8_t *bytes, size_t len_bytes);
void call_span(struct call *call, struct span bytes);
void call_null(struct call *call);

/* ST_OK a row is there; ST_END no more; ST_DENIED, ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status call_row(struct call *call, struct err *err);
/* For statements without rows. Returns: as call_row(), ST_OK when done */
MUST_CHECK enum status call_run(struct call *call, struct err *err);
/* As call_run(); ST_NOT_FOUND when no row was changed. */
MUST_CHECK enum status call_run_found(struct call *call, struct err *err);

/* Columns of the row, from 0; texts and spans live until the next row. */
int64_t call_get_int(struct call *call, int column);
uint64_t call_get_uint(struct call *call, int column);
const char *call_get_text(struct call *call, int column);
struct span call_get_span(struct call *call, int column);
/* Exactly len_bytes bytes, else *ok is cleared. */
void call_get_bytes(struct call *call, int column, uint8_t *bytes,
		    size_t len_bytes, bool *ok);

/* What a column that should not look so makes of a function. */
MUST_CHECK enum status call_damaged(struct call *call, struct err *err);

/* Remember a failure of the connection; gives its status. */
enum status
store_failed(struct store *store, const char *what, struct err *err);
/* ST_IO when the connection was lost before. */
MUST_CHECK enum status store_alive(const struct store *store, struct err *err);

/* Move what texts and spans point to into one block of *memory_out. */
struct owned {
	const char **texts[6];
	struct span *spans[8];
};
MUST_CHECK enum status
call_own(const struct owned *owned, void **memory_out, struct err *err);

/* The steps that bring a file to the newest version; see the schema. */
MUST_CHECK enum status sqlite_migrate(struct store *store, struct err *err);

#endif
