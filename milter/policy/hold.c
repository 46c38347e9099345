/* What becomes a case: its detail, sealed and durable. See decision.h. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "milter/policy/decision.h"
#include "milter/session/header.h"

enum {
	HOLD_MAX_REPORT_BYTES = 6 * 1024 * 1024,
	HOLD_MAX_SUBJECT_BYTES = 900,
	HOLD_MAX_CLIENT_BYTES = 290,
	HOLD_MAX_WORD_BYTES = 128
};

/* Everything a detail borrows from. */
struct hold_room {
	struct sbuf report;
	struct sbuf subject;
	struct mail_senders senders;
	struct case_recipient *recipients;
	char client_name[HOLD_MAX_CLIENT_BYTES];
	char client_address[HOLD_MAX_WORD_BYTES];
};

static void
hold_room_init(struct hold_room *room)
{
	*room = (struct hold_room){ .recipients = NULL };
	sbuf_init(&room->report, HOLD_MAX_REPORT_BYTES);
	sbuf_init(&room->subject, HOLD_MAX_SUBJECT_BYTES);
}

static void
hold_room_done(struct hold_room *room)
{
	sbuf_done(&room->report);
	sbuf_done(&room->subject);
	mail_senders_done(&room->senders);
	free(room->recipients);
}

/*
 * A report larger than a detail may be loses first the tree of parts, then
 * the end of its lists; verdict and counts stay.
 */
static enum status
hold_encode_report(struct hold_room *room, const struct scan_report *full,
		   struct err *err)
{
	struct scan_report report = *full;
	enum status st = ST_OK;

	/* Passwords are for the vault's memory, never for its store. */
	report.words = NULL;
	report.word_count = 0;
	st = wire_encode(&report_table, &report, &room->report, err);

	while (st == ST_LIMIT &&
	       (report.part_count > 0 || report.finding_count > 1 ||
		report.opaque_count > 1)) {
		const size_t findings = (report.finding_count + 1) / 2;

		if (report.part_count == 0) {
			report.findings_left_out +=
				report.finding_count - findings;
			report.finding_count = findings;
			report.opaque_count = (report.opaque_count + 1) / 2;
		}
		report.part_count = 0;
		sbuf_clear(&room->report);
		st = wire_encode(&report_table, &report, &room->report, err);
	}
	return st;
}

/* The worker decoded it; without its help only plain ASCII can be shown. */
static void
hold_find_subject(struct hold_room *room, const struct decision *d,
		  const struct scan_report *report)
{
	if (report->subject != NULL && report->subject[0] != '\0' &&
	    strlen(report->subject) <= HOLD_MAX_SUBJECT_BYTES) {
		sbuf_add_text(&room->subject, report->subject);
		return;
	}
	for (size_t i = 0; i < d->mail->field_count; i++) {
		if (header_kind_of(mail_field_name(d->mail, i)) !=
		    HEADER_SUBJECT)
			continue;
		header_mask_subject(mail_field_value(d->mail, i),
				    &room->subject);
		break;
	}
	/* Too long to be shown: rather none than half of a masked run. */
	if (sbuf_status(&room->subject, "hold: subject", NULL) != ST_OK)
		sbuf_clear(&room->subject);
}

static bool
hold_is_listed(const struct case_recipient *list, size_t count,
	       const char *address)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].address, address) == 0)
			return true;
	}
	return false;
}

/* The recipients of case number hold, each address once. */
static enum status
hold_list_recipients(struct hold_room *room, const struct decision *d,
		     size_t hold, size_t *count_out, struct err *err)
{
	const struct mail *mail = d->mail;
	size_t count = 0;

	room->recipients =
		calloc(d->plan.recipient_count, sizeof(*room->recipients));
	if (room->recipients == NULL)
		return err_set(err, ST_NO_MEMORY, "hold: no memory");
	for (size_t i = 0; i < d->plan.recipient_count; i++) {
		const struct mail_recipient *from = &mail->recipients[i];

		if (d->plan.recipients[i].fate != PLAN_FATE_HELD ||
		    d->plan.recipients[i].hold != hold ||
		    hold_is_listed(room->recipients, count, from->address))
			continue;
		room->recipients[count++] =
			(struct case_recipient){ from->address,
						 from->esmtp_args };
	}
	*count_out = count;
	return ST_OK;
}

static const char *
text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* What a link would be like, also where an approver may choose one later. */
static struct case_link_terms
hold_link_terms(const struct policy_outcome *outcome)
{
	const struct policy_link *link = &outcome->link;

	return (struct case_link_terms){
		.at_once = outcome->action == POLICY_ACTION_LINK,
		.unknown_held = link->unknown_held,
		.findings_only = link->findings_only,
		.pictures = link->pictures,
		.logo_bytes = link->logo_bytes,
		.inside = link->inside,
		.downloads = link->downloads,
		.needs_code = link->code,
		.needs_certificate = link->certificate,
		.expires_after_s = link->expires_after_s,
		.networks = text_or_empty(link->networks),
	};
}

static struct case_terms
hold_terms(const struct policy_outcome *outcome)
{
	return (struct case_terms){
		.rule = outcome->rule,
		.approvers = outcome->approvers,
		.tag = text_or_empty(outcome->tag),
		.expires_after_s = outcome->expires_after_s,
		.remind_after_s = outcome->remind_after_s,
		.approvals = outcome->approvals,
		.link = hold_link_terms(outcome),
	};
}

/*
 * The digest that joins retries. It names the rule, so that the recipients of
 * another rule never join a case whose approvers are not theirs, and what the
 * mail waits with.
 */
static enum status
hold_digest(const struct decision *d, const char *rule, struct span waits_with,
	    uint8_t out[DIGEST_BYTES], struct err *err)
{
	AUTO(sbuf_done) struct sbuf bytes;
	enum status st = ST_OK;

	sbuf_init(&bytes, 1024);
	sbuf_add(&bytes, d->digest, sizeof(d->digest));
	sbuf_add_text(&bytes, rule);
	sbuf_add_span(&bytes, waits_with);
	st = sbuf_status(&bytes, "hold: digest", err);
	return st == ST_OK ? digest_once(sbuf_span(&bytes), out, err) : st;
}

static struct span
hold_waits_with(const struct decision *d, size_t hold)
{
	const uint8_t *case_id = d->plan.waits_with[hold];

	return (struct span){ case_id, case_id != NULL ? CASE_ID_BYTES : 0 };
}

static enum status
hold_send(struct decision *d, size_t number, const struct case_detail *detail,
	  struct err *err)
{
	uint8_t digest[DIGEST_BYTES];
	struct vault_hold_answer answer = { .joined = false };
	const struct vault_link_hold hold = {
		.content_digest = digest,
		.unconfirmed = d->mta_gone,
		.mail_fd = d->mail_fd,
		.detail = detail,
		.companion_of = hold_waits_with(d, number),
		.self_test = { d->mail->self_test, d->mail->self_test_bytes },
		/* Even a deadline that is over leaves the vault its time:
		 * the MTA has been told that we live. */
		.deadline_mono_ms = clock_mono_ms() + VAULT_CLIENT_WAIT_MS,
	};
	enum status st = hold_digest(d, detail->terms.rule, hold.companion_of,
				     digest, err);

	if (st == ST_OK)
		st = vault_link_hold(d->finish->vault, &hold, &answer, err);
	if (st != ST_OK)
		return st;
	if (d->case_count++ == 0)
		memcpy(d->case_id, answer.case_id, sizeof(d->case_id));
	d->joined = d->joined || answer.joined;
	return ST_OK;
}

static enum status
hold_one(struct decision *d, size_t hold, struct hold_room *room,
	 struct err *err)
{
	const struct mail *mail = d->mail;
	const enum report_profile profile = d->plan.holds[hold].profile;
	const struct scan_report *report = &d->scans[profile].report;
	struct case_detail detail = {
		.queue_id = d->queue_id,
		.client_name = room->client_name,
		.client_address = room->client_address,
		.envelope_sender = mail->sender,
		.sender_esmtp_args = mail->sender_args,
		.size_bytes = spool_size(mail->spool),
		.received_unix_ms = mail->received_unix_ms,
		.terms = hold_terms(&d->plan.holds[hold]),
	};
	enum status st = ST_OK;

	if (!d->scans[profile].has_report)
		return err_set(err, ST_UNSUPPORTED,
			       "hold: not scanned in the profile %s",
			       report_profile_name(profile));
	(void)snprintf(room->client_name, sizeof(room->client_name), "%s",
		       text_or_empty(d->client->name));
	(void)snprintf(room->client_address, sizeof(room->client_address), "%s",
		       text_or_empty(d->client->address));
	hold_find_subject(room, d, report);
	st = mail_collect_senders(mail, &room->senders, err);
	if (st == ST_OK)
		st = hold_list_recipients(room, d, hold,
					  &detail.recipient_count, err);
	if (st == ST_OK)
		st = hold_encode_report(room, report, err);
	if (st != ST_OK)
		return st;
	detail.senders = room->senders.senders;
	detail.sender_count = room->senders.count;
	/* Who signed in under a From that cannot be read is not known. */
	detail.authenticated = mail->login[0] != '\0' && !room->senders.unclear;
	detail.recipients = room->recipients;
	detail.subject = sbuf_text(&room->subject);
	detail.report = sbuf_span(&room->report);
	return hold_send(d, hold, &detail, err);
}

bool
decision_hold(struct decision *d)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (d->finish->vault == NULL)
		return true;
	decision_progress(d);
	for (size_t i = 0; st == ST_OK && i < d->plan.hold_count; i++) {
		AUTO(hold_room_done) struct hold_room room;

		hold_room_init(&room);
		st = hold_one(d, i, &room, &err);
		/* What it was to wait with has been decided since we asked. */
		if (st == ST_END && d->plan.waits_with[i] != NULL) {
			plan_drop_wait(&d->plan, i);
			st = ST_OK;
		}
		if (room.senders.count == CASE_MAX_SENDERS && st == ST_LIMIT)
			mail_refuse(d->mail, REFUSAL_HEADER, &err);
	}
	if (st != ST_OK)
		mail_refuse(d->mail, REFUSAL_VAULT, &err);
	return st == ST_OK;
}
