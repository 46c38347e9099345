/*
 * store_job.h - rows of jobs (the outbox), tickets, exports. Rules: store.h.
 */
#ifndef VAULT_STORE_STORE_JOB_H
#define VAULT_STORE_STORE_JOB_H

#include "vault/store/store_case.h"

enum { STORE_LEASE_BYTES = 16 };

struct store_job {
	void *memory;
	uint64_t id; /* given by insert, never used twice */
	uint8_t case_id[CASE_ID_BYTES];
	enum job_kind kind;
	/* Unique: one job per event and person can exist. Kept until the case
	 * is deleted, also when the job is done. */
	uint8_t dedupe[STORE_HASH_BYTES];
	bool done;
	int64_t not_before_unix_ms;
	uint32_t attempts;
	uint8_t lease[STORE_LEASE_BYTES];
	int64_t lease_until_unix_ms; /* 0: free */
	struct span payload;         /* boxed */
	struct span last_error;      /* boxed; empty: none */
};
void store_job_done(struct store_job *row);

/* id of row is ignored; ST_DENIED: there was such a job already. */
MUST_CHECK enum status
store_job_insert(struct store *store, const struct store_job *row,
		 uint64_t *id_out, struct err *err);
MUST_CHECK enum status
store_job_update(struct store *store, const struct store_job *row,
		 struct err *err);
MUST_CHECK enum status
store_job_find(struct store *store, uint64_t id, struct store_job *row_out,
	       struct err *err);
/* The first that is not done, due and not leased at now: by not_before, id.
 * skip_kinds: a bit (1 << kind) for each kind that is left out. */
MUST_CHECK enum status
store_job_next(struct store *store, int64_t now_unix_ms, uint32_t skip_kinds,
	       struct store_job *row_out, struct err *err);
typedef enum status (*store_job_visit)(void *context,
				       const struct store_job *row,
				       struct err *err);
/* Jobs of one case that are not done. */
MUST_CHECK enum status
store_job_each(struct store *store, const uint8_t case_id[CASE_ID_BYTES],
	       store_job_visit visit, void *context, struct err *err);
/* Those that would wait beyond latest are due now. */
MUST_CHECK enum status
store_job_recall(struct store *store, int64_t now_unix_ms,
		 int64_t latest_unix_ms, struct err *err);
/* At start: no lease survives the process. */
MUST_CHECK enum status
store_job_free_leases(struct store *store, struct err *err);

struct store_ticket {
	void *memory;
	uint8_t hash[STORE_HASH_BYTES]; /* SHA-256 of the ticket */
	uint8_t case_id[CASE_ID_BYTES];
	uint64_t job_id;
	uint8_t content[STORE_HASH_BYTES]; /* HMAC of the content digest */
	uint8_t sender[STORE_HASH_BYTES];  /* HMAC of the envelope sender */
	struct span recipients; /* their HMACs, sorted, one after another */
	int64_t made_unix_ms;
	bool dead;
};
void store_ticket_done(struct store_ticket *row);
MUST_CHECK enum status
store_ticket_insert(struct store *store, const struct store_ticket *row,
		    struct err *err);
MUST_CHECK enum status
store_ticket_find(struct store *store, const uint8_t hash[STORE_HASH_BYTES],
		  struct store_ticket *row_out, struct err *err);
/* Every ticket of the job is dead from now on; none is no error. */
MUST_CHECK enum status
store_ticket_kill(struct store *store, uint64_t job_id, struct err *err);

struct store_export {
	void *memory;
	uint64_t id;
	uint64_t asked_by;     /* user */
	uint64_t consented_by; /* 0: nobody yet */
	int64_t asked_unix_ms;
	int64_t consented_unix_ms;
	int64_t fetched_unix_ms;
	uint8_t public_key[32]; /* X25519 */
	bool one_case;
	uint8_t case_id[CASE_ID_BYTES]; /* when one_case */
	struct span reason;             /* boxed */
};
void store_export_done(struct store_export *row);
MUST_CHECK enum status
store_export_insert(struct store *store, const struct store_export *row,
		    uint64_t *id_out, struct err *err);
MUST_CHECK enum status
store_export_update(struct store *store, const struct store_export *row,
		    struct err *err);
MUST_CHECK enum status
store_export_find(struct store *store, uint64_t id,
		  struct store_export *row_out, struct err *err);

#endif
