#include "vault/case/job.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/bounce.h"
#include "vault/case/case_change.h"
#include "vault/case/entry.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_prove.h"
#include "vault/case/link_send.h"
#include "vault/case/notice.h"
#include "vault/case/preview.h"
#include "vault/case/rescan.h"
#include "vault/case/reveal.h"
#include "vault/case/ticket.h"
#include "vault/case/unlock.h"

enum {
	RESULT_TEXT_BYTES = VAULT_MAX_COMMENT_BYTES - 8,
	RESULT_LINE_BYTES = 600,
	/* Of a search that gave way to others, or could not be made. */
	SEARCH_PAUSE_MS = 5000
};

struct result {
	struct vault *vault;
	struct store_job *job;
	struct record *record;
	const struct vault_job_done *request;
};

static bool
reply_is(const struct vault_delivery *delivery, uint32_t class)
{
	return delivery->reply_code / 100 == class;
}

enum status
job_end(struct vault *vault, struct store_job *row, struct err *err)
{
	enum status st = store_ticket_kill(vault->store, row->id, err);

	if (st == ST_OK)
		st = entry_forget_code(vault, row->id, err);
	if (st == ST_OK)
		st = link_code_forget(vault, row->id, err);
	if (st != ST_OK)
		return st;
	row->done = true;
	row->lease_until_unix_ms = 0;
	return store_job_update(vault->store, row, err);
}

static enum status
job_close(struct result *result, struct err *err)
{
	return job_end(result->vault, result->job, err);
}

/* "550 5.1.1 text": what the next hop said, in one line. */
static void
format_reply(const struct vault_delivery *delivery,
	     char text[RESULT_LINE_BYTES])
{
	if (delivery->reply_code == 0)
		(void)snprintf(text, RESULT_LINE_BYTES, "%s",
			       delivery->text[0] != '\0' ? delivery->text
							 : "no reply");
	else
		(void)snprintf(text, RESULT_LINE_BYTES, "%" PRIu32 "%s%s %s",
			       delivery->reply_code,
			       delivery->enhanced[0] != '\0' ? " " : "",
			       delivery->enhanced, delivery->text);
}

/* What came of the recipients of one release attempt. */
struct tally {
	enum case_outcome good; /* what 250 means */
	uint32_t delivered;
	uint32_t returned;
	struct sbuf refused; /* addresses, for the sender */
	struct sbuf reasons;
};

static void
tally_refusal(struct tally *tally, const char *address, const char *reply)
{
	if (tally->refused.len_bytes + strlen(address) + 2 <
	    RESULT_TEXT_BYTES) {
		if (tally->refused.len_bytes > 0)
			sbuf_add_text(&tally->refused, ", ");
		vault_readable(&tally->refused, address,
			       CASE_MAX_ADDRESS_BYTES + 1);
	}
	if (tally->reasons.len_bytes + strlen(reply) + 2 < RESULT_TEXT_BYTES) {
		if (tally->reasons.len_bytes > 0)
			sbuf_add_text(&tally->reasons, "\n");
		sbuf_add_text(&tally->reasons, reply);
	}
}

/* Its link ended while the link mail was on its way, and it has arrived. */
static bool
is_late(const struct vault_delivery *delivery,
	const struct record_recipient *recipient, const struct tally *tally)
{
	return tally->good == CASE_OUTCOME_LINK && reply_is(delivery, 2) &&
	       recipient->outcome == CASE_OUTCOME_CANCELLED;
}

/* An outcome is set once; only what is_late() takes back was said too early. */
static enum status
settle_recipient(struct result *result, const struct vault_delivery *delivery,
		 struct tally *tally, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient recipient = { .index = 0 };
	char reply[RESULT_LINE_BYTES];
	const uint8_t *case_id = result->record->row.id;
	bool late = false;
	enum status st = record_find_recipient(result->vault, case_id,
					       delivery->recipient, &recipient,
					       &arena, err);

	if (st == ST_NOT_FOUND)
		return err_set(err, ST_FORMAT,
			       "a delivery to somebody who is not in the job");
	if (st == ST_OK)
		late = is_late(delivery, &recipient, tally);
	if (st != ST_OK || (recipient.outcome != CASE_OUTCOME_WAITING && !late))
		return st;
	format_reply(delivery, reply);
	recipient.reply_code = delivery->reply_code;
	/* A bounce that was quicker than the courier is later news. */
	if (!reply_is(delivery, 2) || strncmp(recipient.last_reply, BOUNCE_MARK,
					      strlen(BOUNCE_MARK)) != 0)
		recipient.last_reply = reply;
	if (reply_is(delivery, 2)) {
		recipient.outcome = tally->good;
		tally->delivered += !late;
	} else if (reply_is(delivery, 5)) {
		recipient.outcome = CASE_OUTCOME_RETURNED;
		tally->returned++;
		tally_refusal(tally, recipient.address, reply);
	}
	if (recipient.outcome != CASE_OUTCOME_WAITING && !late)
		result->record->row.waiting_count--;
	result->vault->after->cases_changed = true; /* the last reply, too */
	return record_update_recipient(result->vault, case_id, &recipient, err);
}

/* Move the case on: settled when nobody waits any more. */
static enum status
change_after(struct result *result, const struct tally *tally, struct err *err)
{
	char detail[100];
	const uint32_t waiting = result->record->row.waiting_count;
	const struct case_change change = {
		.event = waiting == 0 ? CASE_EVENT_SETTLE : CASE_EVENT_PROGRESS,
		.actor = "courier",
		.via = "courier",
		.detail = detail,
	};

	if (waiting > 0 && tally->delivered + tally->returned == 0)
		return ST_OK;
	(void)snprintf(detail, sizeof(detail),
		       "%s=%" PRIu32 " returned=%" PRIu32 " waiting=%" PRIu32,
		       case_outcome_name(tally->good), tally->delivered,
		       tally->returned, waiting);
	return case_change(result->vault, result->record, &change, err);
}

static enum status
give_back_refused(struct result *result, const struct tally *tally,
		  struct err *err)
{
	struct notice_give_back order = {
		.event = NOTICE_FAILED,
		.serial = (uint64_t)result->job->attempts + 1,
	};

	if (tally->returned == 0)
		return ST_OK;
	order.reason = sbuf_text(&tally->reasons);
	order.recipients_text = sbuf_text(&tally->refused);
	return notice_give_back(result->vault, result->record, &order, err);
}

static enum status
count_one(void *context, const struct store_recipient *row, struct err *err)
{
	uint32_t *count = context;

	(void)row;
	(void)err;
	(*count)++;
	return ST_END;
}

/* All of them have it: the end of the sender's waiting. Who hears of a
 * refusal has its mail back for those, who has a link of his own knows. */
static enum status
tell_delivered(struct result *result, struct err *err)
{
	struct store_link_counts links = { .recipients = 0 };
	uint32_t returned = 0;
	enum status st = ST_OK;

	if (result->record->row.state != CASE_STATE_RELEASED)
		return ST_OK;
	st = store_link_count(result->vault->store, result->record->row.id,
			      &links, err);
	if (st != ST_OK || (links.recipients > 0 &&
			    link_has_sender(result->vault, result->record)))
		return st;
	st = store_recipient_each(result->vault->store, result->record->row.id,
				  CASE_OUTCOME_RETURNED, count_one, &returned,
				  err);
	if (st != ST_OK || returned > 0)
		return st;
	return notice_sender(result->vault, result->record, NOTICE_DELIVERED,
			     "", err);
}

static enum status
count_owed(struct result *result, uint32_t *owed_out, struct err *err)
{
	*owed_out = 0;
	return store_recipient_each_unlinked(result->vault->store,
					     result->record->row.id, count_one,
					     owed_out, err);
}

static enum status
finish_release(struct result *result, struct err *err)
{
	const struct vault_job_done *request = result->request;
	struct tally tally = { .good = CASE_OUTCOME_DELIVERED };
	char last[RESULT_LINE_BYTES] = "no reply";
	uint32_t owed = 0;
	enum status st = ST_OK;

	if (result->record->row.state != CASE_STATE_RELEASING)
		return err_set(err, ST_END, "the case is not being released");
	sbuf_init(&tally.refused, RESULT_TEXT_BYTES);
	sbuf_init(&tally.reasons, RESULT_TEXT_BYTES);
	for (size_t i = 0; st == ST_OK && i < request->delivery_count; i++) {
		st = settle_recipient(result, &request->deliveries[i], &tally,
				      err);
		if (!reply_is(&request->deliveries[i], 2))
			format_reply(&request->deliveries[i], last);
	}
	if (st == ST_OK)
		st = give_back_refused(result, &tally, err);
	if (st == ST_OK)
		st = change_after(result, &tally, err);
	if (st == ST_OK)
		st = tell_delivered(result, err);
	if (st == ST_OK)
		st = count_owed(result, &owed, err);
	if (st == ST_OK && owed > 0)
		st = job_put_back(result->vault, result->job, last, err);
	else if (st == ST_OK)
		st = job_close(result, err);
	sbuf_done(&tally.refused);
	sbuf_done(&tally.reasons);
	return st;
}

/* --- links ------------------------------------------------------------- */

static enum status
settle_link(struct result *result, const struct job_payload *payload,
	    struct tally *tally, struct err *err)
{
	const struct vault_delivery *delivery = result->request->deliveries;
	struct link_reply reply = { reply_is(delivery, 2), NULL };
	const bool open = result->record->row.state == CASE_STATE_RELEASING;
	enum status st = ST_OK;

	if (strcmp(delivery->recipient, payload->address) != 0)
		return err_set(err, ST_FORMAT,
			       "a delivery to somebody who is not in the job");
	st = settle_recipient(result, delivery, tally, err);
	if (st != ST_OK || (!reply_is(delivery, 2) && !reply_is(delivery, 5)))
		return st;
	reply.reason = sbuf_text(&tally->reasons);
	st = link_replied(result->vault, payload, &reply, err);
	if (st == ST_OK && open)
		st = change_after(result, tally, err);
	if (st == ST_OK && open)
		st = tell_delivered(result, err);
	return st == ST_OK ? job_close(result, err) : st;
}

static enum status
finish_link(struct result *result, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct tally tally = { .good = CASE_OUTCOME_LINK };
	struct job_payload payload = { .event = NOTICE_NONE };
	char reply[RESULT_LINE_BYTES] = "no reply";
	const enum case_state state = result->record->row.state;
	enum status st = ST_OK;

	/* RELEASED: its link was revoked meanwhile, and it was the last. */
	if (state != CASE_STATE_RELEASING && state != CASE_STATE_RELEASED)
		return err_set(err, ST_END, "the case is not being released");
	st = vault_unbox(result->vault, &job_payload_table,
			 result->job->payload, &payload, &arena, err);
	if (st != ST_OK)
		return st;
	if (result->request->delivery_count == 0)
		return job_put_back(result->vault, result->job, reply, err);
	sbuf_init(&tally.refused, RESULT_TEXT_BYTES);
	sbuf_init(&tally.reasons, RESULT_TEXT_BYTES);
	st = settle_link(result, &payload, &tally, err);
	format_reply(result->request->deliveries, reply);
	if (st == ST_OK && !result->job->done)
		st = job_put_back(result->vault, result->job, reply, err);
	sbuf_done(&tally.refused);
	sbuf_done(&tally.reasons);
	return st;
}

/* The sender's own link came with this notice. */
static enum status
reply_to_notice(struct result *result, const struct vault_delivery *delivery,
		struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct link_reply reply = { reply_is(delivery, 2), NULL };
	struct job_payload payload = { .event = NOTICE_NONE };
	const enum status st =
		vault_unbox(result->vault, &job_payload_table,
			    result->job->payload, &payload, &arena, err);

	if (st != ST_OK || payload.event != NOTICE_LINKED)
		return st;
	return link_replied(result->vault, &payload, &reply, err);
}

/* The mail is back with its sender: so are all who were still waiting. */
static enum status
settle_given_back(struct result *result, struct err *err)
{
	struct store_case *row = &result->record->row;
	char detail[64];
	const struct case_change change = { .event = CASE_EVENT_SETTLE,
					    .actor = "courier",
					    .via = "courier",
					    .detail = detail };
	const enum case_outcome outcome = row->state == CASE_STATE_EXPIRING
						  ? CASE_OUTCOME_EXPIRED
						  : CASE_OUTCOME_RETURNED;
	enum status st = ST_OK;

	if (row->state != CASE_STATE_RETURNING &&
	    row->state != CASE_STATE_EXPIRING)
		return ST_OK;
	(void)snprintf(detail, sizeof(detail), "%s=%" PRIu32,
		       case_outcome_name(outcome), row->waiting_count);
	st = store_recipient_settle(result->vault->store, row->id, outcome,
				    err);
	row->waiting_count = 0;
	return st == ST_OK ? case_change(result->vault, result->record, &change,
					 err)
			   : st;
}

/* The sender's own server does not want it: the postmaster keeps it. */
static enum status
redirect(struct result *result, const char *reply, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct vault *vault = result->vault;
	struct job_payload payload = { .event = NOTICE_NONE };
	struct sbuf boxed;
	const struct vault_deed deed = { .actor = "courier",
					 .via = "courier",
					 .event = "give-back-to-postmaster",
					 .case_id = result->job->case_id };
	enum status st =
		vault_unbox(vault, &job_payload_table, result->job->payload,
			    &payload, &arena, err);

	if (st != ST_OK || payload.to_postmaster)
		return st == ST_OK
			       ? job_put_back(vault, result->job, reply, err)
			       : st;
	payload.to_postmaster = true;
	payload.address = vault->config->general.postmaster;
	sbuf_init(&boxed, VAULT_MAX_DETAIL_BYTES);
	st = vault_box(vault, &job_payload_table, &payload, &boxed, err);
	if (st == ST_OK) {
		result->job->payload = sbuf_span(&boxed);
		result->job->lease_until_unix_ms = 0;
		result->job->not_before_unix_ms = vault->now_unix_ms;
		st = store_job_update(vault->store, result->job, err);
	}
	sbuf_done(&boxed);
	vault->after->jobs_changed = true;
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

static enum status
finish_give_back(struct result *result, struct err *err)
{
	const struct vault_delivery *delivery = result->request->deliveries;
	char reply[RESULT_LINE_BYTES];
	enum status st = ST_OK;

	if (result->request->delivery_count == 0)
		return job_put_back(result->vault, result->job, "no reply",
				    err);
	format_reply(delivery, reply);
	if (reply_is(delivery, 5))
		return redirect(result, reply, err);
	if (!reply_is(delivery, 2))
		return job_put_back(result->vault, result->job, reply, err);
	st = job_close(result, err);
	return st == ST_OK ? settle_given_back(result, err) : st;
}

static enum status
finish_notice(struct result *result, struct err *err)
{
	const struct vault_delivery *delivery = result->request->deliveries;
	char reply[RESULT_LINE_BYTES];
	const struct vault_deed refused = { .actor = "courier",
					    .via = "courier",
					    .event = "notice-refused",
					    .case_id = result->job->case_id,
					    .secret = reply };
	enum status st = ST_OK;

	if (result->request->delivery_count == 0)
		return job_put_back(result->vault, result->job, "no reply",
				    err);
	format_reply(delivery, reply);
	if (!reply_is(delivery, 2) && !reply_is(delivery, 5))
		return job_put_back(result->vault, result->job, reply, err);
	st = job_close(result, err);
	if (st == ST_OK)
		st = reply_to_notice(result, delivery, err);
	if (st == ST_OK && reply_is(delivery, 5))
		st = vault_audit(result->vault, &refused, err);
	return st;
}

static enum status
finish_rescan(struct result *result, struct err *err)
{
	const enum case_state state = result->record->row.state;
	enum status st = ST_OK;

	/* Decided meanwhile: what was found now changes nothing. */
	if (state == CASE_STATE_HELD || state == CASE_STATE_UNCONFIRMED)
		st = rescan_take(result->vault, result->record,
				 result->request->report, err);
	if (st == ST_OK)
		st = unlock_search(result->vault, result->record, err);
	return st == ST_OK ? job_close(result, err) : st;
}

/* The next slice of a search comes after what else is due. */
static enum status
job_go_on(struct result *result, int64_t pause_ms, struct err *err)
{
	struct store_job *job = result->job;

	job->lease_until_unix_ms = 0;
	job->not_before_unix_ms = result->vault->now_unix_ms + pause_ms;
	result->vault->after->jobs_changed = true;
	return store_job_update(result->vault->store, job, err);
}

static enum status
finish_unlock(struct result *result, struct err *err)
{
	const enum case_state state = result->record->row.state;
	bool again = false;
	enum status st = ST_OK;

	if (state == CASE_STATE_HELD || state == CASE_STATE_UNCONFIRMED)
		st = unlock_finish(result->vault, result->record, result->job,
				   result->request, &again, err);
	if (st != ST_OK)
		return st;
	if (again && result->job->kind == JOB_KIND_UNLOCK)
		result->job->attempts++;
	return again ? job_go_on(result, 0, err) : job_close(result, err);
}

/* Nothing waits for a preview: after a few tries the case stays without. */
static enum status
finish_preview(struct result *result, struct err *err)
{
	const struct vault_job_done *request = result->request;
	const enum case_state state = result->record->row.state;
	struct err why = { .st = ST_FORMAT };
	const char *reason = request->reason;
	const struct vault_deed failed = { .actor = "courier",
					   .via = "courier",
					   .event = "preview-failed",
					   .case_id = result->job->case_id };
	enum status st = ST_OK;

	if (state != CASE_STATE_HELD && state != CASE_STATE_UNCONFIRMED)
		return job_close(result, err);
	st = request->result == JOB_RESULT_DONE
		     ? preview_take(result->vault, result->record,
				    request->preview, &why)
		     : ST_FORMAT;
	if (st == ST_OK)
		return job_close(result, err);
	if (st != ST_FORMAT)
		return err_set(err, st, "%s", why.text);
	if (request->result == JOB_RESULT_DONE)
		reason = why.text;
	if (result->job->attempts + 1 < PREVIEW_TRIES)
		return job_put_back(result->vault, result->job, reason, err);
	st = job_close(result, err);
	return st == ST_OK ? vault_audit(result->vault, &failed, err) : st;
}

/* Somebody waits for it now, or for nothing: it is not tried again. */
static enum status
finish_reveal(struct result *result, struct err *err)
{
	reveal_finish(result->vault, result->job, result->request->preview);
	return job_close(result, err);
}

static enum status
finish_done(struct result *result, struct err *err)
{
	switch (result->job->kind) {
	case JOB_KIND_RELEASE:
		return finish_release(result, err);
	case JOB_KIND_GIVE_BACK:
		return finish_give_back(result, err);
	case JOB_KIND_NOTICE:
		return finish_notice(result, err);
	case JOB_KIND_RESCAN:
		return finish_rescan(result, err);
	case JOB_KIND_UNLOCK:
	case JOB_KIND_SEARCH:
		return finish_unlock(result, err);
	case JOB_KIND_PREVIEW:
		return finish_preview(result, err);
	case JOB_KIND_REVEAL:
		return finish_reveal(result, err);
	case JOB_KIND_LINK:
		return finish_link(result, err);
	case JOB_KIND_REWRITE:
		return err_set(err, ST_FORMAT,
			       "a rewritten mail is handed in to be sealed");
	case JOB_KIND_NONE:
	case JOB_KIND_END:
	default:
		return err_set(err, ST_IO, "store: a job of no kind");
	}
}

enum status
job_finish(struct vault *vault, const struct vault_job_done *request,
	   struct err *err)
{
	AUTO(store_job_done) struct store_job job = { .memory = NULL };
	AUTO(record_done) struct record record;
	struct result result = { vault, &job, &record, request };
	enum status st = ST_OK;

	record_init(&record);
	st = job_find_leased(vault, request->job_id, request->lease, &job, err);
	if (st == ST_OK)
		st = record_read(vault, job.case_id, &record, err);
	if (st != ST_OK)
		return st;
	if (request->result == JOB_RESULT_RETRY && job.kind == JOB_KIND_SEARCH)
		return job_go_on(&result, SEARCH_PAUSE_MS, err);
	if (request->result == JOB_RESULT_RETRY &&
	    job.kind != JOB_KIND_PREVIEW && job.kind != JOB_KIND_REVEAL)
		return job_put_back(vault, &job, request->reason, err);
	st = finish_done(&result, err);
	return st == ST_OK ? case_shred(vault, &record, err) : st;
}
