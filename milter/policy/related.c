/* What other mails between the same people tell about this one: words for what
 * is locked in it, and a held mail whose password it may be. See decision.h. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "milter/policy/decision.h"

enum { RELATED_MAX_CASES = 32 };

static bool
has_anchored_words(const struct scan_report *report)
{
	for (size_t i = 0; i < report->word_count; i++)
		if (!report->words[i].worked)
			return true;
	return false;
}

static size_t
count_locks(const struct scan_report *report, bool opened)
{
	size_t count = 0;

	for (size_t i = 0; i < report->lock_count; i++)
		count += report->locks[i].opened == opened;
	return count;
}

/* Nothing to tell, or nobody keeps it: the mail costs nothing more. */
static bool
is_worth_asking(const struct decision *d, const struct scan_report *report)
{
	const struct config *config = d->mail->config;
	const bool kept = config->vault.words_keep_s > 0 ||
			  config->vault.words_worked_keep_s > 0;

	if (d->finish->vault == NULL || d->related.asked)
		return false;
	return (kept &&
		(count_locks(report, false) > 0 || report->word_count > 0)) ||
	       (config->milter.hold_password_mail &&
		has_anchored_words(report));
}

/* The envelope's sender alone is a correspondent: see words_between.h. */
static enum status
ask_with(struct decision *d, const struct vault_related *about,
	 struct vault_related_answer *answer_out, struct err *err)
{
	const struct case_sender sender = { CASE_SENDER_ENVELOPE,
					    d->mail->sender };
	struct vault_related request = *about;
	struct case_recipient *recipients = decision_recipients(d->mail);
	struct vault_call call = VAULT_CALL(RELATED, &request, answer_out);
	enum status st = ST_OK;

	if (recipients == NULL)
		return err_set(err, ST_NO_MEMORY, "related: no memory");
	if (call.deadline_mono_ms > d->deadline_mono_ms)
		call.deadline_mono_ms = d->deadline_mono_ms;
	request.senders = &sender;
	request.sender_count = sender.address[0] != '\0' &&
			       strlen(sender.address) <= CASE_MAX_ADDRESS_BYTES;
	request.recipients = recipients;
	request.recipient_count = d->mail->recipient_count;
	st = vault_link_call(d->finish->vault, &call, &d->related.arena, err);
	free(recipients);
	return st;
}

static enum status
take_words(struct decision *d, const struct vault_related_answer *answer,
	   struct err *err)
{
	struct decision_related *related = &d->related;

	related->words =
		calloc(answer->word_count + 1, sizeof(*related->words));
	if (related->words == NULL)
		return err_set(err, ST_NO_MEMORY, "related: no memory");
	for (size_t i = 0; i < answer->word_count; i++)
		related->words[i] = (struct scan_word){
			answer->words[i].text,
			answer->words[i].source,
		};
	related->word_count = answer->word_count;
	related->waits = answer->waits;
	related->wait_count = answer->wait_count;
	return ST_OK;
}

static void
log_not_asked(const struct decision *d, const struct err *err)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, "related-not-asked");
	log_text(&line, "queue_id", d->queue_id);
	log_error(&line, err);
	log_send(&line);
}

bool
decision_ask_related(struct decision *d, const struct scan_report *report)
{
	const struct vault_related about = {
		.locked = count_locks(report, false) > 0,
		.wait = d->mail->config->milter.hold_password_mail,
		.words = report->words,
		.word_count = report->word_count,
	};
	struct vault_related_answer answer = { .word_count = 0 };
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (!is_worth_asking(d, report))
		return false;
	d->related.asked = true;
	st = ask_with(d, &about, &answer, &err);
	if (st == ST_OK)
		st = take_words(d, &answer, &err);
	if (st == ST_OK)
		return about.locked && d->related.word_count > 0;
	/* The mail that it opens may be held; nobody can say. What is locked
	 * itself is judged without the words. */
	if (about.wait && !d->monitor && has_anchored_words(report))
		mail_refuse(d->mail, REFUSAL_VAULT, &err);
	else
		log_not_asked(d, &err);
	return false;
}

/* In a request of its own: what the mail said was told before. */
void
decision_tell_opened(struct decision *d, const struct scan_report *report)
{
	struct report_word worked[REPORT_MAX_WORDS];
	struct vault_related about = { .words = worked };
	struct vault_related_answer answer = { .word_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *first = MOVE(d->related.arena);
	struct err err = { .st = ST_OK };

	for (size_t i = 0; i < report->word_count; i++)
		if (report->words[i].worked)
			worked[about.word_count++] = report->words[i];
	if (about.word_count > 0 && ask_with(d, &about, &answer, &err) != ST_OK)
		log_not_asked(d, &err);
	wire_arena_free(&d->related.arena);
	d->related.arena = MOVE(first);
}

/* --- who waits --------------------------------------------------------- */

/* One pointer for each case, so that its recipients stay together. */
static const uint8_t *
case_pointer(const uint8_t *seen[RELATED_MAX_CASES], size_t *seen_count,
	     const struct vault_wait *wait)
{
	for (size_t i = 0; i < *seen_count; i++)
		if (memcmp(seen[i], wait->case_id, CASE_ID_BYTES) == 0)
			return seen[i];
	if (*seen_count < RELATED_MAX_CASES)
		seen[(*seen_count)++] = wait->case_id;
	return wait->case_id;
}

/* It goes out with the other one, never as a link of itself. */
static struct policy_link
wait_link(const struct case_link_terms *terms)
{
	return (struct policy_link){
		.expires_after_s = terms->expires_after_s,
		.findings_only = terms->findings_only,
		.pictures = terms->pictures,
		.logo_bytes = terms->logo_bytes,
		.inside = terms->inside,
		.unknown_held = terms->unknown_held,
		.downloads = terms->downloads,
		.code = terms->needs_code,
		.certificate = terms->needs_certificate,
		.networks = terms->networks,
	};
}

void
decision_add_waits(struct decision *d)
{
	const uint8_t *seen[RELATED_MAX_CASES];
	size_t seen_count = 0;
	size_t next = 0;

	/* Both in the order of the envelope. */
	for (size_t i = 0;
	     i < d->mail->recipient_count && next < d->related.wait_count;
	     i++) {
		const struct vault_wait *wait = &d->related.waits[next];
		struct plan_wait order = { .recipient = i };

		if (strcmp(wait->recipient, d->mail->recipients[i].address) !=
		    0)
			continue;
		order.case_id = case_pointer(seen, &seen_count, wait);
		order.outcome = (struct policy_outcome){
			.rule = wait->terms.rule,
			.action = POLICY_ACTION_HOLD,
			.approvers = wait->terms.approvers,
			.expires_after_s = wait->terms.expires_after_s,
			.remind_after_s = wait->terms.remind_after_s,
			.approvals = wait->terms.approvals,
			.tag = wait->terms.tag,
			.reply = "",
			.link = wait_link(&wait->terms.link),
		};
		plan_add_wait(&d->plan, &order);
		next++;
	}
}

void
decision_related_done(struct decision_related *related)
{
	free(related->words);
	wire_arena_free(&related->arena);
	*related = (struct decision_related){ .asked = false };
}
