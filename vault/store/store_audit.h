/*
 * store_audit.h - rows of the audit log. Rules: store.h. Only vault/audit/
 * uses it; what the bytes mean is its business.
 */
#ifndef VAULT_STORE_STORE_AUDIT_H
#define VAULT_STORE_STORE_AUDIT_H

#include "vault/store/store_case.h"

struct store_audit_row {
	void *memory;
	uint64_t seq; /* 1, 2, 3, … without gaps */
	int64_t at_unix_ms;
	bool has_case;
	uint8_t case_id[CASE_ID_BYTES];
	struct span body; /* encoded event */
	uint8_t hash[STORE_HASH_BYTES];
};
void store_audit_row_done(struct store_audit_row *row);
/* ST_DENIED: seq is not the next one. */
MUST_CHECK enum status
store_audit_insert(struct store *store, const struct store_audit_row *row,
		   struct err *err);
/* The newest row. */
MUST_CHECK enum status
store_audit_last(struct store *store, struct store_audit_row *row_out,
		 struct err *err);
typedef enum status (*store_audit_visit)(void *context,
					 const struct store_audit_row *row,
					 struct err *err);
struct store_audit_query {
	uint64_t from_seq; /* oldest first: from here on; newest first: below
			    * it, 0: from the newest */
	bool newest_first;
	const uint8_t *case_id; /* NULL: of every case and none */
	uint64_t limit;
};
MUST_CHECK enum status
store_audit_each(struct store *store, const struct store_audit_query *query,
		 store_audit_visit visit, void *context, struct err *err);

/* Sealed tree heads; */
struct store_audit_head {
	uint64_t seq; /* rows that it covers */
	struct span body;
};
MUST_CHECK enum status
store_head_insert(struct store *store, const struct store_audit_head *row,
		  struct err *err);
typedef enum status (*store_head_visit)(void *context,
					const struct store_audit_head *row,
					struct err *err);
/* The newest one, when there is one. */
MUST_CHECK enum status
store_head_last(struct store *store, store_head_visit visit, void *context,
		struct err *err);
/* In order of seq. */
MUST_CHECK enum status
store_head_each(struct store *store, store_head_visit visit, void *context,
		struct err *err);

#endif
