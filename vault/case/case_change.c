#include "vault/case/case_change.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/passwords.h"
#include "vault/case/stats.h"
#include "vault/store/store_job.h"
#include "vault/store/store_link.h"
#include "vault/store/store_preview.h"

enum { DEED_DETAIL_BYTES = 300 };

/* Nobody scans it again: what opens it is of no use any more. */
static void
forget_passwords(const struct vault *vault, const struct store_case *row)
{
	if (vault->memory != NULL && vault->memory->passwords != NULL &&
	    case_table_next(row->state, CASE_EVENT_UNLOCKED) == CASE_STATE_NONE)
		passwords_forget(vault->memory->passwords, row->id);
}

enum status
case_change(struct vault *vault, struct record *record,
	    const struct case_change *change, struct err *err)
{
	struct store_case *row = &record->row;
	const enum case_state from = row->state;
	const enum case_state next = case_table_next(from, change->event);
	const struct vault_deed deed = {
		.actor = change->actor,
		.via = change->via,
		.event = case_event_name(change->event),
		.case_id = row->id,
		.detail = change->detail,
		.secret = change->secret,
	};
	enum status st = ST_OK;

	if (next == CASE_STATE_NONE)
		return err_set(err, ST_END, "the case is %s: no %s any more",
			       case_state_name(from),
			       case_event_name(change->event));
	row->state = next;
	if (case_state_is_end(next) && row->ended_unix_ms == 0)
		row->ended_unix_ms = vault->now_unix_ms;
	if (from == CASE_STATE_NONE)
		st = store_case_insert(vault->store, row, change->inserted,
				       err);
	else if (next != CASE_STATE_END)
		st = store_case_update(vault->store, row, err);
	else
		st = store_case_delete(vault->store, row->id, err);
	if (st == ST_OK)
		st = stats_note(vault, record, change->event, err);
	if (st == ST_OK && case_state_is_end(next))
		st = store_link_ask_forget(vault->store, row->id, err);
	/* What cannot be rewritten is held again, and then read. */
	if (change->event != CASE_EVENT_LINK)
		forget_passwords(vault, row);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}

struct needed {
	bool mail;
};

static enum status
look_for_owed(void *context, const struct store_recipient *row, struct err *err)
{
	struct needed *needed = context;

	(void)row;
	(void)err;
	needed->mail = true;
	return ST_END;
}

/* It was sealed as links, and nobody waits for the mail itself. */
static enum status
goes_as_links(struct vault *vault, const struct store_case *row, bool *goes_out,
	      struct err *err)
{
	struct store_link_counts links = { .recipients = 0 };
	struct needed needed = { false };
	enum status st = ST_OK;

	*goes_out = false;
	if (row->state != CASE_STATE_RELEASING)
		return ST_OK;
	st = store_link_count(vault->store, row->id, &links, err);
	if (st == ST_OK)
		st = store_recipient_each_unlinked(vault->store, row->id,
						   look_for_owed, &needed, err);
	*goes_out = links.recipients > 0 && !needed.mail;
	return st;
}

static enum status
look_for_need(void *context, const struct store_job *row, struct err *err)
{
	struct needed *needed = context;

	(void)err;
	if (row->kind == JOB_KIND_RELEASE || row->kind == JOB_KIND_GIVE_BACK)
		needed->mail = true;
	return needed->mail ? ST_END : ST_OK;
}

enum status
case_shred(struct vault *vault, struct record *record, struct err *err)
{
	struct store_case *row = &record->row;
	struct needed needed = { false };
	char detail[DEED_DETAIL_BYTES];
	struct sbuf hash;
	const struct vault_deed deed = { .actor = "vault",
					 .via = "vault",
					 .event = "shred",
					 .case_id = row->id,
					 .detail = detail };
	bool useless = case_state_is_end(row->state);
	enum status st = ST_OK;

	if (row->blob_key.len_bytes == 0)
		return ST_OK;
	if (!useless)
		st = goes_as_links(vault, row, &useless, err);
	if (st != ST_OK || !useless)
		return st;
	st = store_job_each(vault->store, row->id, look_for_need, &needed, err);
	if (st != ST_OK || needed.mail)
		return st;
	sbuf_init(&hash, sizeof(detail));
	format_hex(&hash,
		   (struct span){ row->blob_hash, sizeof(row->blob_hash) });
	(void)snprintf(detail, sizeof(detail),
		       "bytes=%" PRIu64 " ciphertext_sha256=%s",
		       row->blob_bytes, sbuf_text(&hash));
	sbuf_done(&hash);
	vault_after_delete(vault, row->blob_id);
	row->blob_key = (struct span){ NULL, 0 };
	memset(row->blob_id, 0, sizeof(row->blob_id));
	st = store_case_update(vault->store, row, err);
	if (st == ST_OK)
		st = store_preview_delete(vault->store, row->id, err);
	return st == ST_OK ? vault_audit(vault, &deed, err) : st;
}
