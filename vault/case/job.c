#include "vault/case/job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/case/bounce.h"
#include "vault/case/entry.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_send.h"
#include "vault/case/notice.h"
#include "vault/case/rescan.h"
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
	const uint32_t look = 1U << JOB_KIND_PREVIEW | 1U << JOB_KIND_RESCAN;
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

/* --- what the courier gets -------------------------------------------- */

enum status
job_open_blob(struct vault *vault, const char *context,
	      const uint8_t blob_id[STORE_BLOB_ID_BYTES], struct span key,
	      int *fd_out, struct err *err)
{
	AUTO(fd_close) int from = FD_NONE;
	AUTO(fd_close) int to = FD_NONE;
	enum status st = blob_open(vault->config->general.state_dir, blob_id,
				   &from, err);

	if (st == ST_OK)
		st = fd_memory("mail", &to, err);
	if (st == ST_OK)
		st = key_ring_unseal_fd(vault->ring, context, key, from, to,
					err);
	if (st == ST_OK)
		st = fd_seal(to, err);
	if (st != ST_OK)
		return err->st == ST_NO_MEMORY
			       ? ST_NO_MEMORY
			       : err_set(err, ST_IO,
					 "store: the mail of a case cannot be "
					 "opened");
	*fd_out = FD_MOVE(to);
	return ST_OK;
}

static enum status
open_mail(struct vault *vault, const struct record *record, enum job_kind kind,
	  int *fd_out, struct err *err)
{
	if (kind == JOB_KIND_NOTICE)
		return ST_OK;
	if (kind == JOB_KIND_LINK)
		return link_open_mail(vault, record->row.id, fd_out, err);
	return job_open_blob(vault, CASE_SEAL_MAIL, record->row.blob_id,
			     record->row.blob_key, fd_out, err);
}

const char *
job_sender_for_people(const struct case_summary *summary)
{
	for (size_t i = 0; i < summary->sender_count; i++)
		if (summary->senders[i].kind == CASE_SENDER_HEADER)
			return summary->senders[i].address;
	return summary->envelope_sender;
}

/* One text of the answer, copied into its arena. */
static bool
put(struct wire_arena *arena, const char **place, const char *text)
{
	*place = wire_arena_text(arena, span_of(text));
	return *place != NULL;
}

static bool
compose_words(struct wire_arena *arena, const struct record *record,
	      const struct job_payload *payload, struct vault_job *job)
{
	const struct case_summary *summary = &record->summary;
	const char *people = payload->recipients_text[0] != '\0'
				     ? payload->recipients_text
				     : summary->recipients_text;
	struct vault_part_line *parts = wire_arena_alloc(
		arena, (summary->part_count + 1) * sizeof(*parts));

	if (parts == NULL)
		return false;
	for (size_t i = 0; i < summary->part_count; i++) {
		parts[i] = summary->parts[i];
		if (!put(arena, &parts[i].path, summary->parts[i].path) ||
		    !put(arena, &parts[i].type, summary->parts[i].type))
			return false;
	}
	job->parts = parts;
	job->part_count = summary->part_count;
	job->number_count = summary->number_count;
	job->received_unix_ms = summary->received_unix_ms;
	job->deadline_unix_ms = record->row.deadline_unix_ms;
	if (payload->event != NOTICE_NONE)
		job->event = payload->event;
	if (payload->audience != NOTICE_AUDIENCE_NONE)
		job->audience = payload->audience;
	return put(arena, &job->language, payload->language) &&
	       put(arena, &job->person, payload->person) &&
	       put(arena, &job->reason, payload->reason) &&
	       put(arena, &job->recipients_text, people) &&
	       put(arena, &job->subject, summary->subject) &&
	       put(arena, &job->rule, summary->terms.rule) &&
	       put(arena, &job->sender, job_sender_for_people(summary));
}

static enum status
compose_entry(struct vault *vault, struct wire_arena *arena,
	      struct vault_job *job, struct err *err)
{
	struct entry_texts texts;
	enum status st = entry_find_code(vault, job->job_id, &texts, err);

	if (st == ST_OK && (!put(arena, &job->entry_id, texts.id) ||
			    !put(arena, &job->entry_code, texts.code)))
		st = ST_NO_MEMORY;
	explicit_bzero(&texts, sizeof(texts));
	return st;
}

/* Envelope of the original for a release, of our own for the rest. */
static bool
compose_envelope(struct wire_arena *arena, const struct record *record,
		 const struct record_recipients *waiting,
		 const struct job_payload *payload, struct vault_job *job)
{
	const bool release = job->kind == JOB_KIND_RELEASE;
	const bool theirs = release || job->kind == JOB_KIND_LINK;
	const size_t count = release                       ? waiting->count
			     : payload->address[0] != '\0' ? 1
							   : 0;
	struct case_recipient *list =
		wire_arena_alloc(arena, (count + 1) * sizeof(*list));

	if (list == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!put(arena, &list[i].address,
			 release ? waiting->items[i].address
				 : payload->address) ||
		    !put(arena, &list[i].esmtp_args,
			 release ? waiting->items[i].esmtp_args : ""))
			return false;
	job->recipients = list;
	job->recipient_count = count;
	return put(arena, &job->envelope_sender,
		   theirs ? record->summary.envelope_sender : "") &&
	       put(arena, &job->sender_esmtp_args,
		   theirs ? record->summary.sender_esmtp_args : "");
}

static enum status
compose_all(struct vault *vault, const struct job_taken *taken,
	    const struct record *record, const struct job_payload *payload,
	    struct vault_job *job, struct wire_arena *arena)
{
	AUTO(record_recipients_done)
	struct record_recipients waiting = { .arena = NULL };
	char envid[BOUNCE_ENVID_BYTES];
	struct err why = { .st = ST_OK };
	struct sbuf names;
	enum status st = ST_OK;
	uint8_t *ticket = wire_arena_alloc(arena, VAULT_TOKEN_BYTES);

	sbuf_init(&names, VAULT_MAX_COMMENT_BYTES);
	if (ticket == NULL)
		return ST_NO_MEMORY;
	if (job->kind == JOB_KIND_RELEASE)
		st = record_owed(vault, record->row.id, &waiting, &why);
	if (st == ST_OK)
		st = bounce_envid(vault, record->row.id, envid, &why);
	if (st == ST_OK && job->kind == JOB_KIND_NOTICE)
		st = notice_approver_names(vault, record, &names, &why);
	if (st == ST_OK && taken->has_ticket) {
		memcpy(ticket, taken->ticket, VAULT_TOKEN_BYTES);
		job->ticket = (struct span){ ticket, VAULT_TOKEN_BYTES };
	}
	if (st == ST_OK &&
	    (!compose_envelope(arena, record, &waiting, payload, job) ||
	     !compose_words(arena, record, payload, job) ||
	     !put(arena, &job->envid, envid) ||
	     !put(arena, &job->approvers, sbuf_text(&names))))
		st = ST_NO_MEMORY;
	if (st == ST_OK)
		st = compose_entry(vault, arena, job, &why);
	sbuf_done(&names);
	return st;
}

static bool
job_scans(enum job_kind kind)
{
	return kind == JOB_KIND_RESCAN || kind == JOB_KIND_PREVIEW ||
	       kind == JOB_KIND_REVEAL || kind == JOB_KIND_UNLOCK ||
	       kind == JOB_KIND_SEARCH;
}

/* What looks at the mail again does so as when it was held. */
static enum status
compose_profile(struct vault *vault, struct vault_job *job, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	if (!job_scans(job->kind) && job->kind != JOB_KIND_REWRITE)
		return ST_OK;
	st = rescan_find(vault, job->case_id, &report, &arena, &why);
	if (st == ST_NO_MEMORY)
		return err_set(err, st, "%s", why.text);
	/* A damaged one is replaced by the scan: rather by one that finds
	 * too much. */
	job->profile = st == ST_OK ? report.profile : REPORT_PROFILE_STRICT;
	return ST_OK;
}

static enum status
compose_link(struct vault *vault, const struct job_payload *payload,
	     struct wire_arena *arena, struct vault_job *job, struct err *err)
{
	if (job->kind == JOB_KIND_LINK || payload->event == NOTICE_LINKED)
		return link_compose(vault, payload, arena, job, err);
	return link_notice_compose(vault, payload, arena, job, err);
}

enum status
job_compose(struct vault *vault, const struct job_taken *taken,
	    struct vault_job *job, struct wire_arena **arena_out, int *fd_out,
	    struct err *err)
{
	AUTO(record_done) struct record record;
	AUTO(wire_arena_free) struct wire_arena *payload_arena = NULL;
	AUTO(wire_arena_free) struct wire_arena *arena = wire_arena_new();
	AUTO(fd_close) int fd = FD_NONE;
	struct job_payload payload = { .event = NOTICE_NONE };
	enum status st = ST_OK;

	record_init(&record);
	if (arena == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	*job = (struct vault_job){ .present = true,
				   .job_id = taken->row.id,
				   .kind = taken->row.kind,
				   .attempt = taken->row.attempts + 1,
				   .event = NOTICE_HELD,
				   .audience = NOTICE_AUDIENCE_SENDER };
	memcpy(job->lease, taken->row.lease, sizeof(job->lease));
	memcpy(job->case_id, taken->row.case_id, sizeof(job->case_id));
	st = record_read(vault, taken->row.case_id, &record, err);
	if (st == ST_OK)
		st = vault_unbox(vault, &job_payload_table, taken->row.payload,
				 &payload, &payload_arena, err);
	if (st == ST_OK) {
		st = compose_all(vault, taken, &record, &payload, job, arena);
		if (st != ST_OK)
			st = err_set(err, st, "vault: job not composed");
	}
	if (st == ST_OK)
		st = compose_profile(vault, job, err);
	if (st == ST_OK && job_scans(job->kind))
		st = unlock_words(vault, &record, arena, job, err);
	if (st == ST_OK)
		st = compose_link(vault, &payload, arena, job, err);
	if (st == ST_OK)
		st = open_mail(vault, &record, job->kind, &fd, err);
	if (st != ST_OK)
		return st;
	*arena_out = MOVE(arena);
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}
