#include "milter/policy/finish.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "milter/policy/decision.h"

enum { FINISH_REASONS_BYTES = 200 };

/* Room for values of fields without the line ends of folds. */
struct header_room {
	struct policy_header *headers;
	uint8_t *bytes;
	size_t used_bytes;
};

static void
header_room_done(struct header_room *room)
{
	free(room->headers);
	free(room->bytes);
}

static struct span
header_unfold(struct header_room *room, struct span value)
{
	uint8_t *start = room->bytes + room->used_bytes;
	size_t len_bytes = 0;

	for (size_t i = 0; i < value.len_bytes; i++) {
		const uint8_t byte = value.ptr[i];

		if (byte == '\r' || byte == '\n' ||
		    (len_bytes == 0 && (byte == ' ' || byte == '\t')))
			continue;
		start[len_bytes++] = byte;
	}
	room->used_bytes += len_bytes;
	return (struct span){ start, len_bytes };
}

/* What conditions on fields see: names, and values unfolded. */
static bool
header_room_fill(struct header_room *room, const struct mail *mail,
		 size_t *count_out)
{
	size_t count = 0;

	room->headers = calloc(mail->field_count + 1, sizeof(*room->headers));
	room->bytes = malloc(mail->header.len_bytes + 1);
	if (room->headers == NULL || room->bytes == NULL)
		return false;
	for (size_t i = 0; i < mail->field_count; i++) {
		if (mail->fields[i].ours)
			continue;
		room->headers[count].name = mail_field_name(mail, i);
		room->headers[count].value =
			header_unfold(room, mail_field_value(mail, i));
		count++;
	}
	*count_out = count;
	return true;
}

/* Everything but the recipient and the scans. */
static enum status
finish_collect_facts(struct decision *d, struct header_room *room,
		     struct err *err)
{
	const struct mail *mail = d->mail;
	struct policy_facts facts = {
		.sender = mail->sender,
		.login = mail->login,
		.client_address =
			d->client->address != NULL ? d->client->address : "",
		.authenticated = mail->login[0] != '\0',
		.now_unix_ms = mail->received_unix_ms,
		.size_bytes = spool_size(mail->spool),
	};

	if (!header_room_fill(room, mail, &facts.header_count))
		return err_set(err, ST_NO_MEMORY, "finish: no memory");
	facts.headers = room->headers;
	d->facts = facts;
	return ST_OK;
}

static enum status
finish_plan(struct decision *d, struct err *err)
{
	const struct mail *mail = d->mail;
	const char **addresses = NULL;
	enum status st = ST_OK;

	addresses = calloc(mail->recipient_count + 1, sizeof(*addresses));
	if (addresses == NULL)
		return err_set(err, ST_NO_MEMORY, "finish: no memory");
	for (size_t i = 0; i < mail->recipient_count; i++)
		addresses[i] = mail->recipients[i].address;
	for (size_t i = 0; i < REPORT_PROFILE_END; i++) {
		if (d->scans[i].has_report)
			d->facts.reports[i] = &d->scans[i].report;
	}
	st = plan_make(mail->config->policy, &d->facts, addresses,
		       mail->recipient_count, &d->plan, err);
	free(addresses);
	if (st == ST_OK)
		decision_add_waits(d);
	return st;
}

static void
finish_decide(struct decision *d)
{
	AUTO(header_room_done) struct header_room room = { .headers = NULL };
	struct err err = { .st = ST_OK };
	enum status st = spool_finish(d->mail->spool, &d->mail_fd, &err);

	if (st == ST_OK)
		st = content_digest_end(d->mail->digest, d->digest, &err);
	if (st == ST_OK)
		st = finish_collect_facts(d, &room, &err);
	if (st != ST_OK) {
		mail_refuse(d->mail, REFUSAL_INTERNAL, &err);
		return;
	}
	decision_examine(d);
	if (d->mail->refusal != REFUSAL_NONE || d->pass != PASS_NONE)
		return;
	st = finish_plan(d, &err);
	if (st != ST_OK)
		mail_refuse(d->mail, REFUSAL_POLICY, &err);
	else if (d->finish->watch != NULL)
		d->finish->watch(d->finish->watch_context, d->mail,
				 d->facts.reports, &d->plan);
}

static void
finish_record_pairs(const struct decision *d)
{
	const struct mail *mail = d->mail;

	if (d->finish->pairs == NULL || !mail->config->milter.record_pairs ||
	    mail->sender[0] == '\0')
		return;
	for (size_t i = 0; i < mail->recipient_count; i++) {
		if (d->plan.kind == PLAN_SPLIT && !d->monitor &&
		    d->plan.recipients[i].fate == PLAN_FATE_HELD)
			continue;
		pairs_add(d->finish->pairs, mail->sender,
			  mail->recipients[i].address, mail->received_unix_ms);
	}
}

static const char *
finish_action(const struct decision *d)
{
	if (d->mail->refusal != REFUSAL_NONE &&
	    d->mail->refusal != REFUSAL_RULE)
		return "refuse";
	if (d->pass == PASS_TICKET)
		return "released";
	if (d->pass == PASS_BOUNCE)
		return "bounce";
	return plan_name(&d->plan);
}

/* For which reasons parts were not read, each once: "image,locked". */
static void
finish_log_unread(struct log_line *line, const struct scan_report *report)
{
	AUTO(sbuf_done) struct sbuf reasons;
	uint32_t seen = 0;

	sbuf_init(&reasons, FINISH_REASONS_BYTES);
	for (size_t i = 0; i < report->opaque_count; i++) {
		const enum report_reason reason = report->opaques[i].reason;
		const uint32_t bit = UINT32_C(1) << (unsigned)reason;

		if ((seen & bit) == 0)
			sbuf_addf(&reasons, "%s%s", seen != 0 ? "," : "",
				  report_reason_name(reason));
		seen |= bit;
	}
	if (seen != 0)
		log_text(line, "unread", sbuf_text(&reasons));
}

/* One line per message (DESIGN 10); nothing else about content. */
static void
finish_log(const struct decision *d, enum mta_answer answer)
{
	const struct mail *mail = d->mail;
	const bool refused = mail->refusal != REFUSAL_NONE;
	const struct scan_report *report =
		decision_report(d, plan_profile(&d->plan));
	char case_text[CASE_ID_TEXT_BYTES] = "";
	struct log_line line;

	if (d->case_count > 0)
		case_id_format(d->case_id, case_text);
	log_begin(&line, LOG_LEVEL_INFO, "message");
	log_text(&line, "queue_id", d->queue_id);
	log_text(&line, "case", case_text);
	log_text(&line, "from", mail->sender);
	log_number(&line, "recipients", (int64_t)mail->recipient_count);
	log_number(&line, "size", (int64_t)spool_size(mail->spool));
	log_text(&line, "verdict",
		 report != NULL ? report_verdict_name(report->verdict)
				: "none");
	if (report != NULL)
		log_text(&line, "profile",
			 report_profile_name(report->profile));
	log_text(&line, "action", finish_action(d));
	log_text(&line, "answer", mta_answer_name(answer));
	log_text(&line, "rule", plan_rule(&d->plan));
	if (report != NULL)
		finish_log_unread(&line, report);
	log_number(&line, "ms", clock_mono_ms() - d->mail->ended_mono_ms);
	if (d->monitor)
		log_text(&line, "mode", "monitor");
	if (d->joined)
		log_text(&line, "case_was", "open");
	if (d->mta_gone)
		log_text(&line, "mta", "gone");
	if (refused) {
		log_text(&line, "refusal", refusal_words(mail->refusal)->name);
		if (mail->why.st != ST_OK)
			log_error(&line, &mail->why);
	}
	log_send(&line);
}

enum mta_answer
finish_mail(void *context, struct mail *mail,
	    const struct session_client *client, const struct mta *mta)
{
	const struct config *config = mail->config;
	struct decision d = {
		.finish = context,
		.mail = mail,
		.client = client,
		.mta = mta,
		.monitor = strcmp(config->general.mode, "monitor") == 0,
		.mail_fd = FD_NONE,
	};
	enum mta_answer answer = MTA_ANSWER_TEMPFAIL;

	mail->ended_mono_ms = clock_mono_ms();
	d.deadline_mono_ms = mail->ended_mono_ms + config->milter.deadline_ms;
	(void)snprintf(d.queue_id, sizeof(d.queue_id), "%s",
		       mta->ops->macro(mta->self, "i"));
	if (mail->refusal == REFUSAL_NONE)
		finish_decide(&d);
	answer = decision_carry_out(&d);
	if (d.finish->vault != NULL)
		finish_log(&d, answer);
	if (answer == MTA_ANSWER_ACCEPT)
		finish_record_pairs(&d);
	for (size_t i = 0; i < ARRAY_LEN(d.scans); i++)
		scan_reply_free(&d.scans[i].reply);
	plan_done(&d.plan);
	decision_related_done(&d.related);
	return answer;
}
