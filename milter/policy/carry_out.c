/* Do what was decided. See decision.h. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"
#include "milter/policy/decision.h"

static enum status
carry_out_tags(const struct decision *d, struct err *err)
{
	enum status st = ST_OK;

	/* Tags are printable ASCII; the configuration sees to that. */
	for (size_t i = 0; st == ST_OK && i < d->plan.tag_count; i++)
		st = d->mta->ops->add_field(d->mta->self, "X-Sekimori-Tag",
					    d->plan.tags[i], err);
	return st;
}

/* How many fields of ours up to and with index have the same name. */
static int
field_occurrence(const struct mail *mail, size_t index)
{
	const struct span name = span_of(mail_field_name(mail, index));
	int count = 0;

	for (size_t i = 0; i <= index; i++) {
		if (mail->fields[i].ours &&
		    span_equal_nocase(span_of(mail_field_name(mail, i)), name))
			count++;
	}
	return count;
}

/* From the last to the first, so that the numbers of the others stay. */
static enum status
carry_out_removals(const struct decision *d, struct err *err)
{
	const struct mail *mail = d->mail;
	enum status st = ST_OK;

	for (size_t i = mail->field_count;
	     st == ST_OK && mail->ours_count > 0 && i > 0; i--) {
		if (mail->fields[i - 1].ours)
			st = d->mta->ops->delete_field(
				d->mta->self, mail_field_name(mail, i - 1),
				field_occurrence(mail, i - 1), err);
	}
	return st;
}

/* A recipient that was given twice is deleted once. */
static bool
given_before(const struct mail *mail, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (strcmp(mail->recipients[i].given,
			   mail->recipients[index].given) == 0)
			return true;
	}
	return false;
}

static enum status
carry_out_split(const struct decision *d, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < d->plan.recipient_count; i++) {
		if (d->plan.recipients[i].fate == PLAN_FATE_HELD &&
		    !given_before(d->mail, i))
			st = d->mta->ops->delete_recipient(
				d->mta->self, d->mail->recipients[i].given,
				err);
	}
	return st;
}

static enum mta_answer
answer_refusal(const struct decision *d)
{
	const struct refusal_words *words = refusal_words(d->mail->refusal);
	const char *text = words->text;

	if (d->mail->refusal == REFUSAL_RULE && d->plan.rejected != NULL &&
	    d->plan.rejected->outcome.reply[0] != '\0')
		text = d->plan.rejected->outcome.reply;
	/* Without our words the MTA uses its own for the same answer. */
	(void)d->mta->ops->set_reply(d->mta->self, words->code, words->enhanced,
				     text, NULL);
	return words->permanent ? MTA_ANSWER_REJECT : MTA_ANSWER_TEMPFAIL;
}

/* Everything that changes the message, after what is held is durable. */
static enum mta_answer
carry_out_changes(struct decision *d)
{
	struct err err = { .st = ST_OK };
	const bool planned = d->pass == PASS_NONE && !d->monitor;
	enum status st = carry_out_removals(d, &err);

	if (st == ST_OK && planned)
		st = carry_out_tags(d, &err);
	if (st == ST_OK && planned && d->plan.kind == PLAN_SPLIT)
		st = carry_out_split(d, &err);
	if (st == ST_OK)
		return MTA_ANSWER_ACCEPT;
	mail_refuse(d->mail, REFUSAL_CHANGE, &err);
	return answer_refusal(d);
}

enum mta_answer
decision_carry_out(struct decision *d)
{
	struct mail *mail = d->mail;

	/* Monitoring delivers whatever happens, unless a field of ours could
	 * then come in from outside. */
	if (d->monitor && !mail->ours_lost)
		return carry_out_changes(d);
	if (mail->refusal != REFUSAL_NONE)
		return answer_refusal(d);
	if (d->pass != PASS_NONE)
		return carry_out_changes(d);
	if (d->plan.kind == PLAN_REJECT) {
		mail_refuse(mail, REFUSAL_RULE, NULL);
		return answer_refusal(d);
	}
	if (d->plan.hold_count > 0 && !decision_hold(d))
		return answer_refusal(d);
	if (d->plan.kind == PLAN_TAKE)
		return MTA_ANSWER_DISCARD;
	return carry_out_changes(d);
}
