#include "vault/case/bounce.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "vault/case/case_change.h"
#include "vault/case/link_send.h"
#include "vault/case/notice.h"
#include "vault/client/identity.h"

enum { BOUNCE_TAG_BYTES = 8, BOUNCE_REPLY_BYTES = 500 };

enum status
bounce_envid(const struct vault *vault, const uint8_t case_id[CASE_ID_BYTES],
	     char envid_out[BOUNCE_ENVID_BYTES], struct err *err)
{
	char id[CASE_ID_TEXT_BYTES];
	uint8_t mac[DIGEST_BYTES];
	struct sbuf tag;
	const enum status st =
		vault_mac(vault, KEY_USE_DEDUPE, "envid",
			  (struct span){ case_id, CASE_ID_BYTES }, mac, err);

	if (st != ST_OK)
		return st;
	case_id_format(case_id, id);
	sbuf_init(&tag, BOUNCE_ENVID_BYTES);
	format_hex(&tag, (struct span){ mac, BOUNCE_TAG_BYTES });
	(void)snprintf(envid_out, BOUNCE_ENVID_BYTES, "sk.%s.%s", id,
		       sbuf_text(&tag));
	sbuf_done(&tag);
	return ST_OK;
}

/* Is envid one that we gave out? */
static enum status
envid_parse(const struct vault *vault, const char *envid,
	    uint8_t case_id[CASE_ID_BYTES], bool *ours_out, struct err *err)
{
	char id[CASE_ID_TEXT_BYTES];
	char want[BOUNCE_ENVID_BYTES];
	enum status st = ST_OK;

	*ours_out = false;
	if (strncmp(envid, "sk.", 3) != 0 || strlen(envid) < 3 + sizeof(id))
		return ST_OK;
	memcpy(id, envid + 3, sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	if (!case_id_parse(id, case_id))
		return ST_OK;
	st = bounce_envid(vault, case_id, want, err);
	if (st == ST_OK)
		*ours_out = secret_equal(span_of(envid), span_of(want));
	return st;
}

static bool
goes_to_sender_only(const struct vault *vault, const struct record *record,
		    const struct vault_bounce *request)
{
	for (size_t i = 0; i < request->recipient_count; i++)
		if (!identity_same(&vault->config->general.domain_aliases,
				   request->recipients[i].address,
				   record->summary.envelope_sender))
			return false;
	return request->recipient_count > 0;
}

/* Note it beside the recipient, when the DSN names one of ours; a link of his
 * ends. */
static enum status
note_recipient(struct vault *vault, const struct record *record,
	       const struct report_dsn *dsn, bool *told_out, struct err *err)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct record_recipient recipient = { .index = 0 };
	char reply[BOUNCE_REPLY_BYTES];
	enum status st = record_find_recipient(
		vault, record->row.id, dsn->recipient, &recipient, &arena, err);

	if (st == ST_NOT_FOUND)
		return ST_OK;
	if (st != ST_OK)
		return st;
	(void)snprintf(reply, sizeof(reply), BOUNCE_MARK "%s", dsn->code);
	recipient.last_reply = reply;
	st = record_update_recipient(vault, record->row.id, &recipient, err);
	return st == ST_OK ? link_bounced(vault, record->row.id, &recipient,
					  dsn->code, told_out, err)
			   : st;
}

static enum status
note_failure(struct vault *vault, struct record *record,
	     const struct report_dsn *dsn, struct err *err)
{
	const struct case_change change = { .event = CASE_EVENT_BOUNCE,
					    .actor = "milter",
					    .via = "milter",
					    .detail = "delivery failed later",
					    .secret = dsn->recipient };
	bool told = false;
	enum status st = note_recipient(vault, record, dsn, &told, err);

	if (st == ST_OK)
		st = case_change(vault, record, &change, err);
	/* Else he hears of his link, with whose it is. */
	return st == ST_OK && !told
		       ? notice_sender(vault, record, NOTICE_BOUNCED, dsn->code,
				       err)
		       : st;
}

enum status
bounce_take(struct vault *vault, const struct vault_bounce *request,
	    struct vault_bounce_answer *answer_out, struct err *err)
{
	AUTO(record_done) struct record record;
	uint8_t case_id[CASE_ID_BYTES];
	/* "delayed", "delivered": the sender gets it, nothing has failed. */
	const struct vault_deed passed = { .actor = "milter",
					   .via = "milter",
					   .event = "delivery-status",
					   .case_id = case_id };
	bool ours = false;
	enum status st = vault_need_ring(vault, err);

	record_init(&record);
	*answer_out = (struct vault_bounce_answer){ .known = false };
	if (st == ST_OK)
		st = envid_parse(vault, request->dsn.envid, case_id, &ours,
				 err);
	if (st != ST_OK || !ours)
		return st;
	st = record_read(vault, case_id, &record, err);
	if (st == ST_NOT_FOUND) /* its record is gone; the rules decide */
		return ST_OK;
	if (st != ST_OK || !goes_to_sender_only(vault, &record, request) ||
	    case_table_next(record.row.state, CASE_EVENT_BOUNCE) ==
		    CASE_STATE_NONE)
		return st;
	if (strcmp(request->dsn.action, "failed") == 0)
		st = note_failure(vault, &record, &request->dsn, err);
	else
		st = vault_audit(vault, &passed, err);
	if (st != ST_OK)
		return st;
	answer_out->known = true;
	memcpy(answer_out->case_id, case_id, sizeof(answer_out->case_id));
	return ST_OK;
}
