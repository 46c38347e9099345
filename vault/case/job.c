#include "vault/case/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/entry.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_send.h"
#include "vault/case/reveal.h"
#include "vault/case/ticket.h"
#include "vault/case/unlock.h"

enum {
	JOB_PAYLOAD_BYTES = 16 * 1024,
	JOB_DEFAULT_LEASE_S = 300,
	JOB_MAX_SKIPPED = 1000
};

static const struct wire_field payload_fields[] = {
	WIRE_ENUM_F(struct job_payload, event, 0, NOTICE_END - 1),
	WIRE_ENUM_F(struct job_payload, audience, 0, NOTICE_AUDIENCE_END - 1),
	WIRE_TEXT_F(struct job_payload, address, 0, CASE_MAX_ADDRESS_BYTES),
	WIRE_UTF8_F(struct job_payload, person, 0, VAULT_MAX_NAME_BYTES),
	WIRE_UTF8_F(struct job_payload, language, 0, 8),
	WIRE_UTF8_F(struct job_payload, reason, 0, VAULT_MAX_COMMENT_BYTES),
	WIRE_UTF8_F(struct job_payload, recipients_text, 0,
		    VAULT_MAX_COMMENT_BYTES),
	WIRE_BOOL_F(struct job_payload, to_postmaster),
	WIRE_BYTES_F(struct job_payload, link_id, 0, LINK_ID_BYTES),
	WIRE_BYTES_F(struct job_payload, files, 0, LINK_MAX_FILES),
};
WIRE_TABLE(job_payload_table, 0x0313, 1, job_payload, payload_fields);

struct job_reason {
	const char *text;
};
static const struct wire_field reason_fields[] = {
	WIRE_UTF8_F(struct job_reason, text, 0, VAULT_MAX_COMMENT_BYTES),
};
static WIRE_TABLE(job_reason_table, 0x0314, 1, job_reason, reason_fields);

enum status
job_dedupe(const struct vault *vault, const struct job_order *order,
	   uint8_t out[STORE_HASH_BYTES], struct err *err)
{
	struct sbuf key;
	enum status st = ST_OK;

	sbuf_init(&key, JOB_PAYLOAD_BYTES);
	sbuf_add(&key, order->case_id, CASE_ID_BYTES);
	sbuf_addf(&key, "%d %d %" PRIu64 " ", (int)order->kind,
		  (int)order->payload.event, order->serial);
	if (order->payload.address != NULL)
		sbuf_add_text(&key, order->payload.address);
	st = sbuf_status(&key, "vault: job", err);
	if (st == ST_OK)
		st = vault_mac(vault, KEY_USE_DEDUPE, "job", sbuf_span(&key),
			       out, err);
	sbuf_done(&key);
	return st;
}

enum status
job_add_new(struct vault *vault, const struct job_order *order,
	    uint64_t *id_out, struct err *err)
{
	struct store_job row = { .kind = order->kind,
				 .not_before_unix_ms =
					 order->not_before_unix_ms > 0
						 ? order->not_before_unix_ms
						 : vault->now_unix_ms };
	struct sbuf boxed;
	enum status st = job_dedupe(vault, order, row.dedupe, err);

	if (st != ST_OK)
		return st;
	memcpy(row.case_id, order->case_id, sizeof(row.case_id));
	sbuf_init(&boxed, JOB_PAYLOAD_BYTES);
	st = vault_box(vault, &job_payload_table, &order->payload, &boxed, err);
	if (st == ST_OK) {
		row.payload = sbuf_span(&boxed);
		st = store_job_insert(vault->store, &row, id_out, err);
	}
	sbuf_done(&boxed);
	if (st == ST_OK)
		vault->after->jobs_changed = true;
	return st;
}

enum status
job_add(struct vault *vault, const struct job_order *order, struct err *err)
{
	struct err why = { .st = ST_OK };
	uint64_t id = 0;
	const enum status st = job_add_new(vault, order, &id, &why);

	if (st == ST_OK || st == ST_DENIED)
		return ST_OK;
	return err_set(err, st, "%s", why.text);
}

void
job_taken_done(struct job_taken *taken)
{
	store_job_done(&taken->row);
	explicit_bzero(taken->ticket, sizeof(taken->ticket));
}

/* Jobs outlive the state they were made for when somebody decides. */
static bool
job_makes_sense(struct vault *vault, const struct store_job *job,
		const struct store_case *row)
{
	switch (job->kind) {
	case JOB_KIND_RELEASE:
	case JOB_KIND_REWRITE:
		return row->state == CASE_STATE_RELEASING &&
		       row->blob_key.len_bytes > 0;
	case JOB_KIND_LINK:
		return row->state == CASE_STATE_RELEASING &&
		       link_makes_sense(vault, job);
	case JOB_KIND_GIVE_BACK:
		return row->blob_key.len_bytes > 0;
	case JOB_KIND_REVEAL:
		return row->blob_key.len_bytes > 0 &&
		       reveal_is_awaited(vault, job);
	case JOB_KIND_RESCAN:
	case JOB_KIND_PREVIEW:
		return row->state == CASE_STATE_HELD ||
		       row->state == CASE_STATE_UNCONFIRMED;
	case JOB_KIND_UNLOCK:
	case JOB_KIND_SEARCH:
		return unlock_makes_sense(vault, job, row);
	case JOB_KIND_NOTICE:
		return link_notice_is_wanted(vault, job);
	case JOB_KIND_NONE:
	case JOB_KIND_END:
	default:
		return false;
	}
}

enum status
job_find_next(struct vault *vault, const struct vault_take_job *request,
	      struct store_job *row_out, struct err *err)
{
	const uint32_t search = 1U << JOB_KIND_SEARCH;
	const uint32_t unlock = 1U << JOB_KIND_UNLOCK;
	const uint32_t look = 1U << JOB_KIND_PREVIEW | 1U << JOB_KIND_RESCAN |
			      1U << JOB_KIND_REWRITE;
	const uint32_t skip[] = { search | unlock | look, ~unlock, ~look };
	const size_t count = request->quick ? 1 : ARRAY_LEN(skip);
	enum status st = ST_NOT_FOUND;

	if (request->idle)
		return store_job_next(vault->store, vault->now_unix_ms, ~search,
				      row_out, err);
	for (size_t i = 0; i < count && st == ST_NOT_FOUND; i++)
		st = store_job_next(vault->store, vault->now_unix_ms, skip[i],
				    row_out, err);
	return st;
}

/* The next job that still makes sense; the others are crossed out. */
static enum status
find_next(struct vault *vault, const struct vault_take_job *request,
	  struct job_taken *taken, struct err *err)
{
	for (int i = 0; i < JOB_MAX_SKIPPED; i++) {
		AUTO(store_case_done) struct store_case row = { .id = { 0 } };
		enum status st =
			job_find_next(vault, request, &taken->row, err);

		if (st == ST_NOT_FOUND)
			return ST_OK;
		if (st == ST_OK)
			st = store_case_find(vault->store, taken->row.case_id,
					     &row, err);
		if (st != ST_OK)
			return st;
		taken->present = job_makes_sense(vault, &taken->row, &row);
		if (taken->present)
			return ST_OK;
		taken->row.done = true;
		st = store_job_update(vault->store, &taken->row, err);
		store_job_done(&taken->row);
		taken->row = (struct store_job){ .memory = NULL };
		if (st != ST_OK)
			return st;
	}
	return ST_OK;
}

/* That a mail is about to be opened stands in the log before it is. */
static enum status
audit_job(struct vault *vault, const struct store_job *row, struct err *err)
{
	char event[32];
	char detail[64];
	const struct vault_deed deed = { .actor = "courier",
					 .via = "courier",
					 .event = event,
					 .case_id = row->case_id,
					 .detail = detail };

	/* That a search began or went on is on record (unlock.c): one deed,
	 * however many slices it has. */
	if (row->kind == JOB_KIND_NOTICE || row->kind == JOB_KIND_SEARCH)
		return ST_OK;
	(void)snprintf(event, sizeof(event), "job-%s",
		       job_kind_name(row->kind));
	(void)snprintf(detail, sizeof(detail),
		       "job=%" PRIu64 " attempt=%" PRIu32, row->id,
		       row->attempts + 1);
	return vault_audit(vault, &deed, err);
}

/* What goes along with a job and is made for it. */
static enum status
job_equip(struct vault *vault, struct job_taken *taken, struct err *err)
{
	enum status st = entry_prepare(vault, &taken->row, err);

	if (st == ST_OK && taken->row.kind == JOB_KIND_LINK)
		return link_prepare(vault, &taken->row, err);
	if (st != ST_OK || taken->row.kind != JOB_KIND_RELEASE)
		return st;
	st = ticket_make_release(vault, &taken->row, taken->ticket, err);
	taken->has_ticket = st == ST_OK;
	return st;
}

enum status
job_take(struct vault *vault, const struct vault_take_job *request,
	 struct job_taken *taken, struct err *err)
{
	struct store_job *row = &taken->row;
	const uint32_t lease_s =
		request->lease_s > 0 ? request->lease_s : JOB_DEFAULT_LEASE_S;
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK && request->fresh)
		st = store_job_free_leases(vault->store, err);
	if (st == ST_OK)
		st = find_next(vault, request, taken, err);
	if (st != ST_OK || !taken->present)
		return st;
	st = random_fill(row->lease, sizeof(row->lease), err);
	row->lease_until_unix_ms = vault->now_unix_ms + (int64_t)lease_s * 1000;
	if (st == ST_OK) {
		struct err why = { .st = ST_OK };

		/* One damaged case must not stand in the way of the rest. */
		if (job_equip(vault, taken, &why) != ST_OK) {
			taken->present = false;
			return job_put_back(vault, row, why.text, err);
		}
	}
	if (st == ST_OK)
		st = store_job_update(vault->store, row, err);
	return st == ST_OK ? audit_job(vault, row, err) : st;
}

enum status
job_find_leased(struct vault *vault, uint64_t job_id,
		const uint8_t lease[STORE_LEASE_BYTES],
		struct store_job *row_out, struct err *err)
{
	enum status st = vault_need_ring(vault, err);

	if (st == ST_OK)
		st = store_job_find(vault->store, job_id, row_out, err);
	if (st == ST_NOT_FOUND)
		return err_set(err, st, "no such job");
	if (st != ST_OK)
		return st;
	if (row_out->done || row_out->lease_until_unix_ms == 0 ||
	    !secret_equal((struct span){ row_out->lease, STORE_LEASE_BYTES },
			  (struct span){ lease, STORE_LEASE_BYTES }))
		return err_set(err, ST_END, "the job is not leased to you");
	return ST_OK;
}

enum status
job_give_back(struct vault *vault, uint64_t job_id,
	      const uint8_t lease[STORE_LEASE_BYTES], struct err *err)
{
	AUTO(store_job_done) struct store_job row = { .memory = NULL };
	enum status st = job_find_leased(vault, job_id, lease, &row, err);

	if (st != ST_OK)
		return st;
	row.lease_until_unix_ms = 0;
	vault->after->jobs_changed = true;
	return store_job_update(vault->store, &row, err);
}

/* retry_first, doubled with each attempt up to retry_most. */
static int64_t
job_backoff_ms(const struct vault *vault, uint32_t attempts)
{
	const int64_t most_s = vault->config->courier.retry_most_s;
	int64_t wait_s = vault->config->courier.retry_first_s;

	for (uint32_t i = 1; i < attempts && wait_s < most_s; i++)
		wait_s *= 2;
	return (wait_s < most_s ? wait_s : most_s) * 1000;
}

enum status
job_put_back(struct vault *vault, struct store_job *row, const char *reason,
	     struct err *err)
{
	const struct job_reason why = { reason };
	struct sbuf boxed;
	enum status st = ST_OK;

	sbuf_init(&boxed, JOB_PAYLOAD_BYTES);
	st = vault_box(vault, &job_reason_table, &why, &boxed, err);
	if (st == ST_OK) {
		row->attempts++;
		row->last_error = sbuf_span(&boxed);
		row->lease_until_unix_ms = 0;
		row->not_before_unix_ms = vault->now_unix_ms +
					  job_backoff_ms(vault, row->attempts);
		st = store_job_update(vault->store, row, err);
	}
	sbuf_done(&boxed);
	if (st == ST_OK)
		vault->after->jobs_changed = true;
	return st;
}
