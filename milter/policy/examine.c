/* What is this mail? See decision.h. */
#include <string.h>

#include "lib/base/clock.h"
#include "milter/policy/decision.h"

enum {
	/* What is left of the deadline after the scan, for the vault. */
	EXAMINE_VAULT_MS = 10 * 1000
};

struct case_recipient *
decision_recipients(const struct mail *mail)
{
	struct case_recipient *list =
		calloc(mail->recipient_count + 1, sizeof(*list));

	for (size_t i = 0; list != NULL && i < mail->recipient_count; i++)
		list[i] = (struct case_recipient){
			mail->recipients[i].address,
			mail->recipients[i].esmtp_args,
		};
	return list;
}

void
decision_progress(struct decision *d)
{
	struct err err = { .st = ST_OK };

	if (!d->mta_gone && d->mta->ops->progress(d->mta->self, &err) != ST_OK)
		d->mta_gone = true;
}

/* The scan goes on when the MTA is gone: what was found must be held. */
static enum status
examine_tick(void *context, struct err *err)
{
	struct decision *d = context;

	(void)err;
	decision_progress(d);
	return ST_OK;
}

static enum status
examine_redeem(struct decision *d, const uint8_t digest[DIGEST_BYTES],
	       const struct case_recipient *recipients, bool *valid_out,
	       struct err *err)
{
	const struct mail *mail = d->mail;
	struct vault_redeem request = {
		.ticket = { mail->ticket, mail->ticket_bytes },
		.envelope_sender = mail->sender,
		.recipients = recipients,
		.recipient_count = mail->recipient_count,
	};
	struct vault_redeem_answer answer = { .valid = false };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_call call = VAULT_CALL(REDEEM, &request, &answer);
	enum status st = ST_OK;

	memcpy(request.content_digest, digest, sizeof(request.content_digest));
	st = vault_link_call(d->finish->vault, &call, &arena, err);
	if (st != ST_OK)
		return st;
	*valid_out = answer.valid;
	if (answer.valid) {
		memcpy(d->case_id, answer.case_id, sizeof(d->case_id));
		d->case_count = 1;
	}
	return ST_OK;
}

/*
 * A ticket that the vault cannot look at now is a temporary failure, or a
 * mail that was released could be held a second time.
 */
static void
examine_ticket(struct decision *d)
{
	struct mail *mail = d->mail;
	struct err err = { .st = ST_OK };
	struct case_recipient *recipients = NULL;
	enum status st = ST_OK;
	bool valid = false;

	if (mail->ticket_count != 1 || mail->ticket_bytes == 0 ||
	    d->finish->vault == NULL)
		return;
	recipients = decision_recipients(mail);
	if (recipients == NULL)
		st = err_set(&err, ST_NO_MEMORY, "examine: no memory");
	if (st == ST_OK && mail->digest_dated != NULL) {
		uint8_t dated[DIGEST_BYTES];

		st = content_digest_end(mail->digest_dated, dated, &err);
		if (st == ST_OK)
			st = examine_redeem(d, dated, recipients, &valid, &err);
	}
	if (st == ST_OK && !valid)
		st = examine_redeem(d, d->digest, recipients, &valid, &err);
	free(recipients);
	if (st != ST_OK)
		mail_refuse(mail, REFUSAL_VAULT, &err);
	else if (valid)
		d->pass = PASS_TICKET;
}

static void
examine_set_unscannable(struct decision *d, enum report_profile profile,
			enum report_reason reason, const char *detail)
{
	struct decision_scan *scan = &d->scans[profile];

	report_set_unscannable(&scan->report, &scan->opaque_room, profile,
			       reason, detail);
	scan->has_report = true;
}

/* Until when there may be an answer of the scanner. */
static int64_t
examine_deadline(const struct decision *d)
{
	const int64_t half_ms = d->mail->config->milter.deadline_ms / 2;

	return d->deadline_mono_ms -
	       (EXAMINE_VAULT_MS < half_ms ? EXAMINE_VAULT_MS : half_ms);
}

static void
examine_scan(struct decision *d, enum report_profile profile)
{
	const struct scan_wait wait = { examine_tick, d,
					d->mail->config->milter.progress_ms };
	const struct scan_pool_mail mail = {
		.fd = d->mail_fd,
		.profile = profile,
		.deadline_mono_ms = examine_deadline(d),
		.words = d->related.words,
		.word_count = d->related.word_count,
	};
	struct decision_scan *scan = &d->scans[profile];
	struct err err = { .st = ST_OK };

	switch (scan_pool_scan(d->finish->scans, &mail, &wait, &scan->reply,
			       &err)) {
	case ST_OK:
		scan->report = scan->reply->report;
		scan->has_report = true;
		break;
	case ST_LIMIT:
		examine_set_unscannable(d, profile, REPORT_REASON_TIMEOUT,
					"no answer in time");
		break;
	case ST_FORMAT:
		examine_set_unscannable(d, profile, REPORT_REASON_INTERNAL,
					"invalid report");
		break;
	case ST_END:
	case ST_UNSUPPORTED:
	case ST_NOT_FOUND:
	case ST_DENIED:
	case ST_IO:
	case ST_NO_MEMORY:
	case ST_COUNT:
	default:
		mail_refuse(d->mail, REFUSAL_SCANNER, &err);
		return;
	}
	/* We could not look at all of the header ourselves. */
	if (d->mail->header_cut && scan->report.verdict == REPORT_VERDICT_CLEAN)
		examine_set_unscannable(d, profile, REPORT_REASON_LIMIT,
					"header");
}

/* Once more, with words of other mails. A scan that fails, or reads no more,
 * changes nothing. */
static void
examine_scan_again(struct decision *d, enum report_profile profile)
{
	struct decision_scan before = d->scans[profile];
	struct decision_scan *scan = &d->scans[profile];

	*scan = (struct decision_scan){ .reply = NULL };
	examine_scan(d, profile);
	if (d->mail->refusal == REFUSAL_NONE &&
	    report_reads_more(&before.report, &scan->report)) {
		scan_reply_free(&before.reply);
		decision_tell_opened(d, &scan->report);
		return;
	}
	scan_reply_free(&scan->reply);
	*scan = before;
	d->mail->refusal = REFUSAL_NONE;
}

static void
examine_first(struct decision *d, enum report_profile profile)
{
	examine_scan(d, profile);
	if (d->mail->refusal == REFUSAL_NONE &&
	    decision_ask_related(d, &d->scans[profile].report) &&
	    clock_left_ms(examine_deadline(d)) > 0)
		examine_scan_again(d, profile);
}

/* The profiles of all rules that some recipient may get; never none. */
static enum status
examine_profiles(const struct decision *d, uint32_t *profiles_out,
		 struct err *err)
{
	const struct policy *policy = d->mail->config->policy;
	struct policy_facts one = d->facts;
	enum status st = ST_OK;

	*profiles_out = 0;
	for (size_t i = 0; st == ST_OK && i < d->mail->recipient_count; i++) {
		one.recipient = d->mail->recipients[i].address;
		st = policy_profiles(policy, &one, profiles_out, err);
	}
	if (*profiles_out == 0)
		*profiles_out = UINT32_C(1) << policy_profile(policy);
	return st;
}

/* Once for each profile, nearly always for one; all before the deadline. */
static void
examine_scans(struct decision *d)
{
	struct err err = { .st = ST_OK };
	uint32_t profiles = 0;

	if (examine_profiles(d, &profiles, &err) != ST_OK) {
		mail_refuse(d->mail, REFUSAL_POLICY, &err);
		return;
	}
	for (unsigned i = 0; i < REPORT_PROFILE_END; i++) {
		const enum report_profile profile = (enum report_profile)i;
		const bool is_late = clock_left_ms(examine_deadline(d)) == 0;

		if ((profiles >> i & 1) == 0 ||
		    d->mail->refusal != REFUSAL_NONE)
			continue;
		/* The first scan may have taken all the time there was. */
		if (is_late && decision_report(d, profile) != NULL)
			examine_set_unscannable(d, profile,
						REPORT_REASON_TIMEOUT,
						"no time for a second scan");
		else
			examine_first(d, profile);
	}
}

const struct scan_report *
decision_report(const struct decision *d, enum report_profile profile)
{
	if (d->scans[profile].has_report)
		return &d->scans[profile].report;
	for (size_t i = 0; i < ARRAY_LEN(d->scans); i++) {
		if (d->scans[i].has_report)
			return &d->scans[i].report;
	}
	return NULL;
}

/* Ours begin with "sk."; only the vault can tell whether one is. */
static bool
examine_may_be_bounce(const struct decision *d,
		      const struct scan_report *report)
{
	return report != NULL && d->mail->sender[0] == '\0' &&
	       strncmp(report->dsn.envid, "sk.", 3) == 0 &&
	       d->finish->vault != NULL;
}

static enum status
examine_ask_bounce(const struct decision *d, const struct report_dsn *dsn,
		   const struct case_recipient *recipients,
		   struct vault_bounce_answer *answer_out, struct err *err)
{
	const struct vault_bounce request = {
		.dsn = *dsn,
		.recipients = recipients,
		.recipient_count = d->mail->recipient_count,
	};
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct vault_call call = VAULT_CALL(BOUNCE, &request, answer_out);

	return vault_link_call(d->finish->vault, &call, &arena, err);
}

static void
examine_bounce(struct decision *d, const struct report_dsn *dsn)
{
	struct case_recipient *recipients = decision_recipients(d->mail);
	struct vault_bounce_answer answer = { .known = false };
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (recipients == NULL)
		st = err_set(&err, ST_NO_MEMORY, "examine: no memory");
	else
		st = examine_ask_bounce(d, dsn, recipients, &answer, &err);
	free(recipients);
	if (st != ST_OK) {
		/* Passed unheard or held, it would be no event. */
		mail_refuse(d->mail, REFUSAL_VAULT, &err);
	} else if (answer.known) {
		d->pass = PASS_BOUNCE;
		memcpy(d->case_id, answer.case_id, sizeof(d->case_id));
		d->case_count = 1;
	}
}

void
decision_examine(struct decision *d)
{
	const struct scan_report *report = NULL;

	examine_ticket(d);
	if (d->mail->refusal != REFUSAL_NONE || d->pass != PASS_NONE)
		return;
	examine_scans(d);
	report = decision_report(d, REPORT_PROFILE_NONE);
	if (d->mail->refusal == REFUSAL_NONE &&
	    examine_may_be_bounce(d, report))
		examine_bounce(d, &report->dsn);
}
