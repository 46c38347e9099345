#include "vault/case/link_send.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/crypto/link_key.h"
#include "vault/case/bounce.h"
#include "vault/case/case_change.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_end.h"
#include "vault/case/link_keys.h"
#include "vault/case/link_make.h"
#include "vault/case/link_notice.h"

enum {
	/* Up to here the time that the recipient has counts from the making. */
	SEND_PROMPT_MS = 3600 * 1000,
	SEND_BOX_BYTES = 1024,
	SEND_DETAIL_BYTES = 80
};

static enum status
find_link(const struct vault *vault, const struct job_payload *payload,
	  struct store_link *row, struct err *err)
{
	if (payload->link_id.len_bytes != LINK_ID_BYTES)
		return err_set(err, ST_NOT_FOUND, "no link");
	return store_link_find(vault->store, payload->link_id.ptr, row, err);
}

static enum status
find_link_of(const struct vault *vault, const struct store_job *job,
	     struct store_link *row, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct job_payload payload = { .event = NOTICE_NONE };
	const enum status st = vault_unbox(vault, &job_payload_table,
					   job->payload, &payload, &arena, err);

	return st == ST_OK ? find_link(vault, &payload, row, err) : st;
}

bool
link_makes_sense(struct vault *vault, const struct store_job *job)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct err why = { .st = ST_OK };

	return find_link_of(vault, job, &row, &why) == ST_OK &&
	       row.state == LINK_STATE_PENDING;
}

/* --- what the courier gets --------------------------------------------- */

static bool
put(struct wire_arena *arena, const char **place, const char *text)
{
	*place = wire_arena_text(arena, span_of(text));
	return *place != NULL;
}

/* The secret as text. */
static enum status
compose_code(const struct vault *vault, const struct store_link *row,
	     struct wire_arena *arena, struct vault_link_order *order,
	     struct err *err)
{
	struct link_secret secret = { { 0 } };
	char text[LINK_CODE_TEXT_BYTES] = "";
	enum status st = link_secret_open(vault, row, &secret, err);

	if (st == ST_OK) {
		link_secret_format(&secret, text);
		if (!put(arena, &order->code, text))
			st = err_set(err, ST_NO_MEMORY, "vault: no memory");
	}
	explicit_bzero(&secret, sizeof(secret));
	explicit_bzero(text, sizeof(text));
	return st;
}

static enum status
compose_batch(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	      struct wire_arena *arena, struct vault_link_order *order,
	      struct err *err)
{
	AUTO(store_link_batch_done)
	struct store_link_batch row = { .memory = NULL };
	AUTO(wire_arena_free) struct wire_arena *own = NULL;
	struct link_batch_words words = { .file_count = 0 };
	const struct span all = { NULL, 0 };
	enum status st =
		store_link_batch_find(vault->store, case_id, &row, err);

	if (st == ST_OK)
		st = link_open_batch(vault, &row, &words, &own, err);
	if (st != ST_OK)
		return st;
	if (!put(arena, &order->boundary, words.boundary))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	order->hole_offset = words.hole_offset;
	order->whole_body = words.whole_body;
	return link_notice_files(&words, all, arena, order, err);
}

/* With what it was addressed at first. */
static enum status
compose_recipient(struct vault *vault, const struct job_payload *payload,
		  struct wire_arena *arena, struct vault_job *job,
		  struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *own = NULL;
	struct record_recipient recipient = { .index = 0 };
	struct case_recipient *list = wire_arena_alloc(arena, sizeof(*list));
	const enum status st = record_find_recipient(
		vault, job->case_id, payload->address, &recipient, &own, err);

	if (st != ST_OK)
		return st;
	if (list == NULL || !put(arena, &list->address, recipient.address) ||
	    !put(arena, &list->esmtp_args, recipient.esmtp_args))
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	job->recipients = list;
	job->recipient_count = 1;
	return ST_OK;
}

enum status
link_compose(struct vault *vault, const struct job_payload *payload,
	     struct wire_arena *arena, struct vault_job *job, struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct vault_link_order *order = &job->link;
	const char *id = NULL;
	enum status st = find_link(vault, payload, &row, err);

	if (st != ST_OK)
		return st;
	id = wire_arena_text(arena, (struct span){ row.id, LINK_ID_BYTES });
	if (id == NULL)
		return err_set(err, ST_NO_MEMORY, "vault: no memory");
	order->link_id = (struct span){ (const uint8_t *)id, LINK_ID_BYTES };
	order->expires_unix_ms = row.expires_unix_ms;
	order->downloads = row.downloads;
	order->needs_code = row.needs_code;
	order->needs_password = row.password.len_bytes > 0;
	st = compose_batch(vault, row.case_id, arena, order, err);
	if (st == ST_OK && job->kind == JOB_KIND_LINK)
		st = compose_recipient(vault, payload, arena, job, err);
	if (st == ST_OK &&
	    (job->kind == JOB_KIND_LINK || payload->event == NOTICE_LINKED))
		st = compose_code(vault, &row, arena, order, err);
	return st;
}

enum status
link_open_mail(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	       int *fd_out, struct err *err)
{
	AUTO(store_link_batch_done)
	struct store_link_batch row = { .memory = NULL };
	const enum status st =
		store_link_batch_find(vault->store, case_id, &row, err);

	return st == ST_OK ? job_open_blob(vault, LINK_SEAL_MAIL, row.mail.id,
					   row.mail_key, fd_out, err)
			   : st;
}

/* --- what follows ------------------------------------------------------ */

/* Not when it would come at once. */
static int64_t
remind_at(const struct vault *vault, const struct store_link *row)
{
	const int64_t before_ms = vault->config->portal.remind_before_s * 1000;
	const int64_t at = row->expires_unix_ms - before_ms;

	return before_ms > 0 && row->kind == LINK_KIND_RECIPIENT &&
			       at > vault->now_unix_ms
		       ? at
		       : 0;
}

static enum status
is_live(struct vault *vault, struct store_link *row, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	struct link_deed deed = { .event = "sent",
				  .actor = "courier",
				  .via = "courier" };
	enum status st = link_open_words(vault, row, &words, &arena, err);

	deed.address = words.address;
	row->state = LINK_STATE_LIVE;
	row->sent_unix_ms = vault->now_unix_ms;
	row->remind_unix_ms = remind_at(vault, row);
	row->secret = (struct span){ NULL, 0 };
	vault->after->scrub = true;
	vault->after->cases_changed = true;
	if (st == ST_OK)
		st = store_link_update(vault->store, row, err);
	return st == ST_OK ? link_note(vault, row, &deed, err) : st;
}

/* It ends as deed says; its sender hears of it without the mail, which is gone.
 * reason NULL: nobody does. */
static enum status
fail(struct vault *vault, struct store_link *row, struct link_deed *deed,
     const char *reason, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	struct link_notice notice = { .event = NOTICE_LINK_FAILED,
				      .reason = reason };
	enum status st = link_open_words(vault, row, &words, &arena, err);

	deed->address = words.address;
	notice.recipients_text = words.address;
	/* One for each link. */
	memcpy(&notice.serial, row->id, sizeof(notice.serial));
	if (st == ST_OK && reason != NULL)
		st = link_notice_sender(vault, row, &notice, err);
	return st == ST_OK ? link_end(vault, row, LINK_STATE_FAILED, deed, err)
			   : st;
}

static enum status
is_refused(struct vault *vault, struct store_link *row, const char *reason,
	   struct err *err)
{
	struct link_deed deed = { .event = "failed",
				  .actor = "courier",
				  .via = "courier" };

	return fail(vault, row, &deed, reason, err);
}

/* --- came back --------------------------------------------------------- */

struct bounced {
	const uint8_t *recipient; /* as store_link.recipient */
	uint8_t id[LINK_ID_BYTES];
	bool found;
	bool waits; /* PENDING: what the courier says of it is about to come */
};

static enum status
find_bounced(void *context, const struct store_link *row, struct err *err)
{
	struct bounced *bounced = context;

	(void)err;
	if (row->kind != LINK_KIND_RECIPIENT || row->opened > 0 ||
	    memcmp(row->recipient, bounced->recipient,
		   sizeof(row->recipient)) != 0)
		return ST_OK;
	bounced->waits |= row->state == LINK_STATE_PENDING;
	if (row->state != LINK_STATE_LIVE && row->state != LINK_STATE_FROZEN)
		return ST_OK;
	memcpy(bounced->id, row->id, sizeof(bounced->id));
	bounced->found = true;
	return ST_END;
}

static enum status
end_bounced(struct vault *vault, struct store_link *row, const char *code,
	    struct err *err)
{
	char reason[SEND_DETAIL_BYTES];
	struct link_deed deed = { .event = "bounced",
				  .actor = "milter",
				  .via = "milter",
				  .detail = reason };

	(void)snprintf(reason, sizeof(reason), "failed %s", code);
	return fail(vault, row, &deed, reason, err);
}

enum status
link_bounced(struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     const struct record_recipient *recipient, const char *code,
	     bool *told_out, struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	struct bounced bounced = { .recipient = recipient->address_mac };
	enum status st = store_link_each(vault->store, case_id, find_bounced,
					 &bounced, err);

	*told_out = bounced.found || bounced.waits;
	if (st != ST_OK || !bounced.found)
		return st;
	st = store_link_find(vault->store, bounced.id, &row, err);
	return st == ST_OK ? end_bounced(vault, &row, code, err) : st;
}

/* The bounce was quicker than the courier. */
static enum status
bounced_before(struct vault *vault, const struct job_payload *payload,
	       struct store_link *row, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient recipient = { .index = 0 };
	enum status st = ST_OK;

	if (row->kind != LINK_KIND_RECIPIENT)
		return ST_OK;
	st = record_find_recipient(vault, row->case_id, payload->address,
				   &recipient, &arena, err);
	if (st != ST_OK || strncmp(recipient.last_reply, BOUNCE_MARK,
				   strlen(BOUNCE_MARK)) != 0)
		return st;
	return end_bounced(vault, row,
			   recipient.last_reply + strlen(BOUNCE_MARK), err);
}

/* It ended while its mail was being handed over: that mail opens nothing, but
 * who asks is told that it was sent. */
static enum status
was_sent(struct vault *vault, struct store_link *row, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	struct link_deed deed = { .event = "sent",
				  .actor = "courier",
				  .via = "courier",
				  .detail = "after its end" };
	enum status st = link_open_words(vault, row, &words, &arena, err);

	deed.address = words.address;
	row->sent_unix_ms = vault->now_unix_ms;
	vault->after->cases_changed = true;
	if (st == ST_OK)
		st = store_link_update(vault->store, row, err);
	return st == ST_OK ? link_note(vault, row, &deed, err) : st;
}

enum status
link_replied(struct vault *vault, const struct job_payload *payload,
	     const struct link_reply *reply, struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	enum status st = find_link(vault, payload, &row, err);

	if (st == ST_OK && reply->taken && row.ended_unix_ms != 0 &&
	    row.sent_unix_ms == 0)
		return was_sent(vault, &row, err);
	if (st != ST_OK || row.state != LINK_STATE_PENDING)
		return st == ST_NOT_FOUND ? ST_OK : st;
	st = reply->taken ? is_live(vault, &row, err)
			  : is_refused(vault, &row, reply->reason, err);
	if (st == ST_OK && reply->taken)
		st = bounced_before(vault, payload, &row, err);
	return st == ST_OK ? link_shred_mail(vault, row.case_id, err) : st;
}

/* --- its outcome ------------------------------------------------------- */

/* Its outcome, when it has none yet. */
static enum status
settle(struct vault *vault, struct record *record, const char *address,
       enum case_outcome outcome, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient recipient = { .index = 0 };
	enum status st = record_find_recipient(vault, record->row.id, address,
					       &recipient, &arena, err);

	if (st != ST_OK || recipient.outcome != CASE_OUTCOME_WAITING)
		return st == ST_OK ? ST_END : st;
	recipient.outcome = outcome;
	record->row.waiting_count--;
	return record_update_recipient(vault, record->row.id, &recipient, err);
}

static enum status
move_on(struct vault *vault, struct record *record, enum case_outcome outcome,
	struct err *err)
{
	char detail[SEND_DETAIL_BYTES];
	const uint32_t waiting = record->row.waiting_count;
	const struct case_change change = {
		.event = waiting == 0 ? CASE_EVENT_SETTLE : CASE_EVENT_PROGRESS,
		.actor = "vault",
		.via = "vault",
		.detail = detail,
	};

	(void)snprintf(detail, sizeof(detail), "%s=1 waiting=%" PRIu32,
		       case_outcome_name(outcome), waiting);
	return case_change(vault, record, &change, err);
}

enum status
link_give_up(struct vault *vault, const struct store_link *row,
	     enum case_outcome outcome, struct err *err)
{
	AUTO(record_done) struct record record;
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct link_words words = { .address = "" };
	enum status st = ST_OK;

	if (row->kind != LINK_KIND_RECIPIENT)
		return ST_OK;
	record_init(&record);
	st = record_read(vault, row->case_id, &record, err);
	if (st == ST_OK)
		st = link_open_words(vault, row, &words, &arena, err);
	if (st == ST_OK)
		st = settle(vault, &record, words.address, outcome, err);
	if (st != ST_OK)
		return st == ST_END ? ST_OK : st;
	st = move_on(vault, &record, outcome, err);
	if (st == ST_OK)
		st = link_shred_mail(vault, row->case_id, err);
	return st == ST_OK ? case_shred(vault, &record, err) : st;
}

/* --- before it is sent ------------------------------------------------- */

/* Nothing would open it: the recipient gets no link, the sender hears why. */
static enum status
lose(struct vault *vault, struct store_link *row, struct err *err)
{
	enum status st =
		is_refused(vault, row, "the key of the link was lost", err);

	if (st == ST_OK)
		st = link_give_up(vault, row, CASE_OUTCOME_RETURNED, err);
	return st == ST_OK
		       ? err_set(err, ST_END, "the key of the link was lost")
		       : st;
}

static enum status
renew(struct vault *vault, const struct record *record, struct store_link *row,
      struct err *err)
{
	AUTO(sbuf_done) struct sbuf boxed;
	const int64_t life_ms =
		(int64_t)link_terms(vault, record).expires_after_s * 1000;
	enum status st = ST_OK;

	sbuf_init(&boxed, SEND_BOX_BYTES);
	if (row->expires_unix_ms - vault->now_unix_ms >=
	    life_ms - SEND_PROMPT_MS)
		return ST_OK;
	st = link_set_expiry(vault, row, vault->now_unix_ms + life_ms, &boxed,
			     err);
	return st == ST_OK ? store_link_update(vault->store, row, err) : st;
}

/* ST_NOT_FOUND: one of its keys is gone. */
static enum status
check_keys(const struct vault *vault, const struct store_link *row,
	   struct err *err)
{
	AUTO(sbuf_done) struct sbuf wrapped;
	struct link_secret secret = { { 0 } };
	enum status st = ST_OK;

	sbuf_init_secret(&wrapped, SEND_BOX_BYTES);
	st = link_wrapped_open(vault, row, &wrapped, err);
	if (st == ST_OK)
		st = link_secret_open(vault, row, &secret, err);
	explicit_bzero(&secret, sizeof(secret));
	return st;
}

enum status
link_prepare(struct vault *vault, const struct store_job *job, struct err *err)
{
	AUTO(store_link_done) struct store_link row = { .memory = NULL };
	AUTO(record_done) struct record record;
	struct err why = { .st = ST_OK };
	enum status st = find_link_of(vault, job, &row, err);

	record_init(&record);
	if (st == ST_OK)
		st = record_read(vault, job->case_id, &record, err);
	if (st != ST_OK)
		return st;
	st = check_keys(vault, &row, &why);
	if (st == ST_NOT_FOUND)
		return lose(vault, &row, err);
	return st == ST_OK ? renew(vault, &record, &row, err)
			   : err_set(err, st, "%s", why.text);
}
