/* job_compose.c - what the courier gets of a job; contract: job.h. */
#include "vault/case/job.h"

#include <string.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "vault/case/beside.h"
#include "vault/case/bounce.h"
#include "vault/case/entry.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_notice.h"
#include "vault/case/link_send.h"
#include "vault/case/notice.h"
#include "vault/case/rescan.h"
#include "vault/case/unlock.h"

enum status
job_append_blob(struct vault *vault, const char *context,
		const uint8_t blob_id[STORE_BLOB_ID_BYTES], struct span key,
		int to, struct err *err)
{
	AUTO(fd_close) int from = FD_NONE;
	enum status st = blob_open(vault->config->general.state_dir, blob_id,
				   &from, err);

	if (st == ST_OK)
		st = key_ring_unseal_fd(vault->ring, context, key, from, to,
					err);
	return st == ST_OK || st == ST_NO_MEMORY
		       ? st
		       : err_set(err, ST_IO,
				 "store: the mail of a case cannot be opened");
}

enum status
job_open_blob(struct vault *vault, const char *context,
	      const uint8_t blob_id[STORE_BLOB_ID_BYTES], struct span key,
	      int *fd_out, struct err *err)
{
	AUTO(fd_close) int to = FD_NONE;
	enum status st = fd_memory("mail", &to, err);

	if (st == ST_OK)
		st = job_append_blob(vault, context, blob_id, key, to, err);
	if (st == ST_OK)
		st = fd_seal(to, err);
	if (st == ST_OK)
		*fd_out = FD_MOVE(to);
	return st;
}

/* Who tries passwords has the other mails of the case, too. */
static enum status
open_mail(struct vault *vault, const struct record *record,
	  struct vault_job *job, int *fd_out, struct err *err)
{
	if (job->kind == JOB_KIND_NOTICE)
		return ST_OK;
	if (job->kind == JOB_KIND_UNLOCK || job->kind == JOB_KIND_SEARCH)
		return beside_open(vault, record, fd_out, &job->mail_bytes,
				   err);
	if (job->kind == JOB_KIND_LINK)
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

/* The original's for its recipients, the null sender for our own. */
static bool
compose_sender(struct wire_arena *arena, const struct record *record,
	       struct vault_job *job)
{
	const bool theirs =
		job->kind == JOB_KIND_RELEASE || job->kind == JOB_KIND_LINK;
	const struct case_summary *summary = &record->summary;

	return put(arena, &job->envelope_sender,
		   theirs ? summary->envelope_sender : "") &&
	       put(arena, &job->sender_esmtp_args,
		   theirs ? summary->sender_esmtp_args : "");
}

/* Those who wait for a release, one for the rest. */
static bool
compose_recipients(struct wire_arena *arena,
		   const struct record_recipients *waiting,
		   const struct job_payload *payload, struct vault_job *job)
{
	const bool release = job->kind == JOB_KIND_RELEASE;
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
	return true;
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
	    (!compose_sender(arena, record, job) ||
	     !compose_recipients(arena, &waiting, payload, job) ||
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
	       kind == JOB_KIND_SEARCH || kind == JOB_KIND_REWRITE;
}

/* What looks at the mail again does so as when it was held. */
static enum status
compose_profile(struct vault *vault, struct vault_job *job, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report report = { .verdict = REPORT_VERDICT_NONE };
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	if (!job_scans(job->kind))
		return ST_OK;
	st = rescan_find(vault, job->case_id, &report, &arena, &why);
	if (st == ST_NO_MEMORY)
		return err_set(err, st, "%s", why.text);
	/* A damaged one is replaced by the scan: rather by one that finds
	 * too much. */
	job->profile = st == ST_OK ? report.profile : REPORT_PROFILE_STRICT;
	return ST_OK;
}

/* What is cut out of the mail. */
static void
compose_rewrite(const struct vault *vault, const struct record *record,
		struct vault_job *job)
{
	const struct case_link_terms terms = link_terms(vault, record);

	if (job->kind != JOB_KIND_REWRITE)
		return;
	job->findings_only = terms.findings_only;
	job->cut_pictures = terms.pictures == REWRITE_PICTURES_CUT;
	job->logo_bytes = terms.logo_bytes;
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
	compose_rewrite(vault, &record, job);
	if (st == ST_OK)
		st = compose_link(vault, &payload, arena, job, err);
	if (st == ST_OK)
		st = open_mail(vault, &record, job, &fd, err);
	if (st == ST_OK && job_scans(job->kind))
		st = unlock_words(vault, &record, arena, job, err);
	if (st != ST_OK)
		return st;
	*arena_out = MOVE(arena);
	*fd_out = FD_MOVE(fd);
	return ST_OK;
}
