/*
 * reveal.h - a mail unmasked, for one page that waits for it.
 *
 * Layer:    vault/case
 * Threads:  reveal_order(), reveal_finish(): the writer's; the rest: any, the
 *           struct reveals has a lock of its own
 *
 * What a worker made lies in pages of their own, locked into memory and left
 * out of core dumps, until it was fetched once by the session that asked, or
 * for REVEAL_LAST_MS. It is written nowhere. A job for which nobody waits any
 * more is not done: the mail stays closed.
 */
#ifndef VAULT_CASE_REVEAL_H
#define VAULT_CASE_REVEAL_H

#include "vault/case/decide.h"
#include "vault/case/job.h"

enum {
	REVEAL_MAX = 8,              /* at the same time */
	REVEAL_WAIT_MS = 120 * 1000, /* for the courier and its scanner */
	REVEAL_LAST_MS = 60 * 1000,  /* once it is there */
	REVEAL_ID_BYTES = 16,
	REVEAL_MIN_REASON_BYTES = 5,
	REVEAL_MAX_PAYLOAD_BYTES = 4 * 1024 * 1024
};

struct reveals;
/* last_ms: how long a text is kept. */
MUST_CHECK enum status
reveals_new(int64_t last_ms, struct reveals **reveals_out, struct err *err);
/* Wipes what was in it; wakes nobody. */
void reveals_free(struct reveals **reveals);

/* May this account see the case unmasked? */
bool reveal_may(const struct vault *vault, const struct store_user *user,
		const struct record *record);

/*
 * Check, audit with the reason, and order the job.
 * Gives:    reveal_id_out
 * Returns:  ST_OK; ST_DENIED; ST_NOT_FOUND no such case for this account;
 *           ST_END it has no content any more; ST_FORMAT no reason;
 *           ST_LIMIT too many at once
 */
MUST_CHECK enum status
reveal_order(struct vault *vault, const struct actor *actor,
	     const struct vault_reveal *request,
	     uint8_t reveal_id_out[REVEAL_ID_BYTES], struct err *err);

/* Does somebody wait for the result of this job? */
bool reveal_is_awaited(const struct vault *vault, const struct store_job *job);

/* The result: payload is untrusted; what is none ends the waiting. */
void reveal_finish(struct vault *vault, const struct store_job *job,
		   struct span payload);

/*
 * Wait for it, up to deadline, and take it: append it to payload_out, a
 * secret buffer.
 * Returns:  ST_OK; ST_END not ready yet; ST_NOT_FOUND there is none (not
 *           this session's, fetched, too old, failed); ST_NO_MEMORY
 */
MUST_CHECK enum status
reveal_fetch(struct reveals *reveals, const struct vault_reveal_fetch *request,
	     const uint8_t session[STORE_HASH_BYTES], struct sbuf *payload_out,
	     struct err *err);

#endif
