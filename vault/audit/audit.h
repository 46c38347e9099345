/*
 * audit.h - every state change leaves a row in a chain of hashes.
 *
 * Layer:    vault/audit; over lib/crypto, vault/keys and vault/store
 * Threads:  as the store connection it is given
 */
#ifndef VAULT_AUDIT_AUDIT_H
#define VAULT_AUDIT_AUDIT_H

#include "vault/keys/key_ring.h"
#include "vault/store/store_audit.h"

struct audit_event {
	int64_t at_unix_ms;
	const char *actor; /* login, or "milter", "courier", "timer", "vault" */
	const char
		*via; /* "desk", "api", "cli", "milter", "courier", "vault" */
	const char *event;      /* "hold", "approve", … */
	const uint8_t *case_id; /* NULL: about no case */
	const char *detail;     /* counts and words of ours; no content, no
				 * address */
	const char *secret; /* what a person wrote, addresses; boxed under the
			     * row key; NULL or "" : none. Needs a ring */
};

/*
 * Append a row inside the caller's transaction. ring is NULL while the vault
 * is locked: rows are chained all the same, tree heads follow at unlock.
 * Returns: ST_OK, ST_IO, ST_NO_MEMORY, ST_DENIED (secret without a ring)
 */
MUST_CHECK enum status
audit_append(struct store *store, const struct key_ring *ring,
	     const struct audit_event *event, struct err *err);

/*
 * Count as ours what was appended while the vault was locked; at every unlock
 * and before anything is appended with the ring. Rows that come later from
 * elsewhere are found by audit_verify(). Inside the caller's transaction.
 */
MUST_CHECK enum status
audit_adopt(struct store *store, const struct key_ring *ring,
	    uint64_t *adopted_out, struct err *err);

/* Seal a tree head over all rows so far, when there are new ones: every 1000
 * rows or 60 s. Inside the caller's transaction. */
MUST_CHECK enum status
audit_seal(struct store *store, const struct key_ring *ring, struct err *err);

/* One row for people: texts live until the visitor returns. secret is opened
 * when ring is given, else "". */
struct audit_line {
	uint64_t seq;
	struct audit_event event;
};
typedef enum status (*audit_visit)(void *context, const struct audit_line *line,
				   struct err *err);
MUST_CHECK enum status
audit_each(struct store *store, const struct key_ring *ring,
	   const struct store_audit_query *query, audit_visit visit,
	   void *context, struct err *err);

/* How many rows there are; which cases the rows behind the given one name,
 * one after another. For who keeps something in step with the cases. */
MUST_CHECK enum status
audit_count(struct store *store, uint64_t *rows_out, struct err *err);
typedef enum status (*audit_case_visit)(void *context,
					const uint8_t case_id[CASE_ID_BYTES],
					struct err *err);
MUST_CHECK enum status
audit_each_case(struct store *store, uint64_t behind_seq,
		audit_case_visit visit, void *context, struct err *err);

struct audit_finding {
	bool intact;
	uint64_t rows;
	uint64_t bad_seq; /* first bad row, 0 when intact */
	char reason[200];
};
/* ring NULL: the chain alone, and reason says so. Run it on a snapshot.
 * Returns: ST_OK (finding_out says whether it is intact); ST_IO; … */
MUST_CHECK enum status
audit_verify(struct store *store, const struct key_ring *ring,
	     struct audit_finding *finding_out, struct err *err);

/* JSON lines of all rows to fd. */
MUST_CHECK enum status
audit_export(struct store *store, const struct key_ring *ring, int fd,
	     struct err *err);

#endif
