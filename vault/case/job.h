/*
 * job.h - what the courier is to do: the outbox, its leases and results.
 *
 * Layer:    vault/case
 * Threads:  job_add(), job_take(), job_finish(): the writer's; job_compose():
 *           any, on a READ connection
 */
#ifndef VAULT_CASE_JOB_H
#define VAULT_CASE_JOB_H

#include "vault/case/record.h"
#include "vault/store/store_job.h"

/* Boxed in store_job.payload. Texts may be NULL for "". */
struct job_payload {
	enum notice_event event;
	enum notice_audience audience;
	const char *address; /* NOTICE, GIVE_BACK: to whom */
	const char *person;
	const char *language;
	const char *reason;
	const char *recipients_text; /* "": those of the case */
	bool to_postmaster; /* GIVE_BACK: the sender could not be reached */
	/* LINK, and notices about a link: which. */
	struct span link_id;
	struct span files; /* RECEIPT: one byte each, 1: it is meant */
};
extern const struct wire_table job_payload_table;

/*
 * Put a job into the outbox. One job per case, kind, event, address and
 * serial can ever exist; asking for it again is ST_OK and does nothing.
 * job_dedupe() gives the HMAC that makes it so.
 */
struct job_order {
	const uint8_t *case_id;
	enum job_kind kind;
	struct job_payload payload;
	uint64_t serial;            /* 0, or what makes this one another job */
	int64_t not_before_unix_ms; /* 0: at once */
};
MUST_CHECK enum status
job_dedupe(const struct vault *vault, const struct job_order *order,
	   uint8_t out[STORE_HASH_BYTES], struct err *err);
MUST_CHECK enum status
job_add(struct vault *vault, const struct job_order *order, struct err *err);
/* The same, and which job it is. ST_DENIED: there was such a one already. */
MUST_CHECK enum status
job_add_new(struct vault *vault, const struct job_order *order,
	    uint64_t *id_out, struct err *err);

/* A job that was leased; release with job_taken_done(). */
struct job_taken {
	struct store_job row;
	bool present; /* false: nothing to do */
	uint8_t ticket[VAULT_TOKEN_BYTES];
	bool has_ticket;
};
void job_taken_done(struct job_taken *taken);
/*
 * The next job that is due: mail and notices before words that may be
 * passwords, those before what else waits for the scanner, and only the first
 * when quick; a search only when idle.
 * Returns: as store_job_next()
 */
MUST_CHECK enum status
job_find_next(struct vault *vault, const struct vault_take_job *request,
	      struct store_job *row_out, struct err *err);
MUST_CHECK enum status
job_take(struct vault *vault, const struct vault_take_job *request,
	 struct job_taken *taken, struct err *err);

/*
 * Fill *job for the courier; for kinds that come with the mail, *fd_out is a
 * sealed memory file with it in clear.
 * Gives:    *arena_out, behind the texts of *job; *fd_out
 */
MUST_CHECK enum status
job_compose(struct vault *vault, const struct job_taken *taken,
	    struct vault_job *job, struct wire_arena **arena_out, int *fd_out,
	    struct err *err);

/* The courier's result. ST_END: the lease is not valid any more. */
MUST_CHECK enum status
job_finish(struct vault *vault, const struct vault_job_done *request,
	   struct err *err);

/* It is done for good: its ticket dies, its secrets go. */
MUST_CHECK enum status
job_end(struct vault *vault, struct store_job *row, struct err *err);

/* Write a sealed blob in clear to the end of to. */
MUST_CHECK enum status
job_append_blob(struct vault *vault, const char *context,
		const uint8_t blob_id[STORE_BLOB_ID_BYTES], struct span key,
		int to, struct err *err);
/* The same as a sealed memory file. */
MUST_CHECK enum status
job_open_blob(struct vault *vault, const char *context,
	      const uint8_t blob_id[STORE_BLOB_ID_BYTES], struct span key,
	      int *fd_out, struct err *err);

/* Whom the mail is from, as people know it. */
const char *job_sender_for_people(const struct case_summary *summary);

/* Find a job and prove its lease. ST_END: not leased so. */
MUST_CHECK enum status
job_find_leased(struct vault *vault, uint64_t job_id,
		const uint8_t lease[STORE_LEASE_BYTES],
		struct store_job *row_out, struct err *err);

/* Nobody has heard of that lease: the job is due as before. ST_END: it is
 * another's by now. */
MUST_CHECK enum status
job_give_back(struct vault *vault, uint64_t job_id,
	      const uint8_t lease[STORE_LEASE_BYTES], struct err *err);

/* Not done: try again after the backoff; reason is boxed. */
MUST_CHECK enum status job_put_back(struct vault *vault, struct store_job *row,
				    const char *reason, struct err *err);

#endif
