/*
 * store.h - rows that survive: connections, transactions, upkeep.
 *
 * Layer:    vault/store; the rows are in store_case.h, store_job.h,
 *           store_people.h, store_session.h, store_link.h, store_visit.h and
 *           store_audit.h, all over the same struct store
 * Threads:  a connection belongs to one thread at a time; one WRITE
 *           connection exists (the writer thread's), READ ones as needed
 *
 * The store sees bytes: what could tell about a mail is boxed, sealed or an
 * HMAC before it comes here. Every function of the rows returns
 *	ST_OK; ST_NOT_FOUND (find, update and delete of a row that is not
 *	there); ST_DENIED (insert of a row whose unique key exists);
 *	ST_NO_MEMORY; ST_IO: the store failed, err says how
 * and, when it changes something, needs a WRITE connection inside
 * store_begin() … store_commit().
 *
 * Rows that are found own their variable columns: release each with its
 * store_…_done(), which accepts a zeroed row. A visitor gets a row that lives
 * until it returns, and may not call the store on the same connection; it
 * returns ST_OK to go on, ST_END to stop (the function then returns ST_OK),
 * anything else to stop with that.
 */
#ifndef VAULT_STORE_STORE_H
#define VAULT_STORE_STORE_H

#include "vault/client/vault_messages.h"

struct store;

enum store_mode {
	STORE_MODE_NONE = 0,
	STORE_MODE_WRITE, /* creates what is missing, runs the migrations */
	STORE_MODE_READ
};

/*
 * Open the store that locator names: "sqlite:" (state_dir/store.db),
 * "sqlite:/path", "sqlite::memory:" (tests; WRITE only).
 * Returns: ST_OK; ST_FORMAT unknown locator, not our file, damaged or from a
 *          newer version; ST_IO; ST_NO_MEMORY
 */
MUST_CHECK enum status
store_open(const char *locator, const char *state_dir, enum store_mode mode,
	   struct store **store_out, struct err *err);
void store_close(struct store **store);

/*
 * A transaction. On a READ connection it is a snapshot. commit returns only
 * when everything is durable; when it fails nothing of it counts, and after
 * ST_IO the connection is to be closed. Without a transaction each read
 * stands alone. rollback never fails.
 */
MUST_CHECK enum status store_begin(struct store *store, struct err *err);
MUST_CHECK enum status store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);

/* One request inside a group commit: mark, then either keep it or undo back
 * to the mark. Marks do not nest. */
MUST_CHECK enum status store_mark(struct store *store, struct err *err);
MUST_CHECK enum status store_keep(struct store *store, struct err *err);
MUST_CHECK enum status store_undo(struct store *store, struct err *err);

/* Small named values: "public_key", "schema", … value is boxed or public. */
MUST_CHECK enum status store_meta_put(struct store *store, const char *name,
				      struct span value, struct err *err);
MUST_CHECK enum status store_meta_find(struct store *store, const char *name,
				       struct sbuf *value_out, struct err *err);
uint32_t store_schema_version(const struct store *store);

/* Totals for status and metrics. */
struct store_counts {
	uint64_t cases_open, cases_total, cases_unconfirmed;
	int64_t oldest_open_unix_ms;         /* 0: none */
	/* Searches wait for their next slice and for nobody: not counted.
	 * failing: attempts > 0 */
	uint64_t jobs_waiting, jobs_failing;
	uint64_t audit_rows, pairs, store_bytes;
};
MUST_CHECK enum status
store_count(struct store *store, struct store_counts *counts_out,
	    struct err *err);

/* The back end's own integrity check. ST_FORMAT: err holds the first fault. */
MUST_CHECK enum status store_check(struct store *store, struct err *err);

/*
 * After the commit that destroyed a key and before its blob is deleted: what
 * was deleted is then in no file of the store any more. Outside transactions.
 * ST_LIMIT: a reader stood in the way; the next one will do it.
 */
MUST_CHECK enum status store_scrub(struct store *store, struct err *err);

/* A consistent copy of all rows, written to the new file path. */
MUST_CHECK enum status
store_copy(struct store *store, const char *path, struct err *err);

#endif
