#include "vault/case/decide.h"

#include <stdio.h>
#include <string.h>

#include "vault/case/case_change.h"
#include "vault/case/companion.h"
#include "vault/case/four_eyes.h"
#include "vault/case/job.h"
#include "vault/case/link_choice.h"
#include "vault/case/notice.h"
#include "vault/case/preview.h"
#include "vault/case/saying.h"
#include "vault/case/unlock.h"

enum { DECIDE_BOX_BYTES = 16 * 1024, DECIDE_SECRET_BYTES = 3000 };

struct decision {
	struct vault *vault;
	const struct actor *actor;
	const struct vault_decide *request;
	struct record record;
};

enum case_standing
decide_standing(const struct vault *vault, const struct store_user *user,
		const struct record *record)
{
	const unsigned operators = VAULT_ROLE_ADMIN | VAULT_ROLE_AUDITOR;

	if (record->row.state != CASE_STATE_SEALED &&
	    (four_eyes_sees_group(user, record->summary.terms.approvers) ||
	     ((user->roles & VAULT_ROLE_SENDER) != 0 &&
	      person_has_sent(vault, user, &record->summary))))
		return CASE_STANDING_INVOLVED;
	return (user->roles & operators) != 0 ? CASE_STANDING_OPERATOR
					      : CASE_STANDING_NONE;
}

bool
decide_may_cancel(const struct vault *vault, const struct store_user *user,
		  const struct record *record)
{
	return (user->roles & VAULT_ROLE_SENDER) != 0 &&
	       person_has_sent(vault, user, &record->summary);
}

/* --- may this person? -------------------------------------------------- */

static enum status
check_second_person(struct decision *decision, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	enum status st = people_read(decision->vault, &people, err);

	if (st != ST_OK)
		return st;
	st = four_eyes_check(decision->vault, &decision->record, &people,
			     &decision->actor->user, err);
	return st == ST_OK
		       ? companions_check(decision->vault, &decision->record,
					  &people, &decision->actor->user, err)
		       : st;
}

static enum status
check_operator(const struct decision *decision, struct err *err)
{
	const struct store_user *user = &decision->actor->user;
	const char *group = decision->record.summary.terms.approvers;

	if ((user->roles & VAULT_ROLE_ADMIN) != 0 ||
	    four_eyes_in_group(user, group))
		return ST_OK;
	return err_set(err, ST_DENIED, "this needs an administrator");
}

static enum status
check_person(struct decision *decision, struct err *err)
{
	switch (decision->request->decision) {
	case CASE_DECISION_APPROVE:
	case CASE_DECISION_RETURN:
	case CASE_DECISION_LINK:
		return check_second_person(decision, err);
	case CASE_DECISION_CANCEL:
		if (decide_may_cancel(decision->vault, &decision->actor->user,
				      &decision->record))
			return ST_OK;
		return err_set(err, ST_DENIED,
			       "only the sender can cancel a mail");
	case CASE_DECISION_CONFIRM:
		return check_operator(decision, err);
	case CASE_DECISION_NONE:
	case CASE_DECISION_END:
	default:
		return err_set(err, ST_FORMAT, "no such decision");
	}
}

static enum case_event
decision_event(enum case_decision decision)
{
	switch (decision) {
	case CASE_DECISION_APPROVE:
		return CASE_EVENT_APPROVE;
	case CASE_DECISION_RETURN:
		return CASE_EVENT_RETURN;
	case CASE_DECISION_CANCEL:
		return CASE_EVENT_CANCEL;
	case CASE_DECISION_CONFIRM:
		return CASE_EVENT_CONFIRM;
	case CASE_DECISION_LINK:
		return CASE_EVENT_LINK;
	case CASE_DECISION_NONE:
	case CASE_DECISION_END:
	default:
		return CASE_EVENT_NONE;
	}
}

/* A companion goes where its main case goes. */
static enum status
check_main(const struct decision *decision, struct err *err)
{
	if (!companion_is(&decision->record.row) ||
	    decision->request->decision == CASE_DECISION_CONFIRM)
		return ST_OK;
	return err_set(err, ST_END, COMPANION_WHY_NOT);
}

/* The person decided about what they saw, not about what came since. */
static enum status
check_same(const struct decision *decision, struct err *err)
{
	const struct store_case *row = &decision->record.row;
	const struct span seen = { decision->request->version,
				   sizeof(decision->request->version) };
	const struct span now = { row->version, sizeof(row->version) };
	const enum case_event event =
		decision_event(decision->request->decision);

	if (case_table_next(row->state, event) == CASE_STATE_NONE)
		return err_set(err, ST_END, "the case is %s already",
			       case_state_name(row->state));
	if (!secret_equal(seen, now))
		return err_set(err, ST_END,
			       "the case has changed since you looked at it");
	if (decision->request->decision == CASE_DECISION_RETURN &&
	    decision->request->comment[0] == '\0')
		return err_set(err, ST_FORMAT,
			       "returning a mail needs a reason");
	return ST_OK;
}

/* Both go into notices. */
static enum status
check_words(const struct vault_decide *request, struct err *err)
{
	const enum status st = saying_check(request->purpose, err);

	return st == ST_OK ? saying_check(request->comment, err) : st;
}

/* --- what follows ------------------------------------------------------ */

static enum status
box_ruling(struct decision *decision, struct err *err)
{
	struct record *record = &decision->record;
	const struct case_ruling ruling = {
		.user_id = decision->actor->user.id,
		.login = decision->actor->user.login,
		.name = decision->actor->user.name,
		.decision = decision->request->decision,
		.purpose = decision->request->purpose,
		.comment = decision->request->comment,
		.at_unix_ms = decision->vault->now_unix_ms,
	};
	const enum status st = vault_box(decision->vault, &case_ruling_table,
					 &ruling, &record->boxed_decision, err);

	if (st == ST_OK)
		record->row.decision = sbuf_span(&record->boxed_decision);
	return st;
}

static enum status
follow_approve(struct decision *decision, struct err *err)
{
	const struct job_order order = { .case_id = decision->record.row.id,
					 .kind = JOB_KIND_RELEASE };
	const enum status st = job_add(decision->vault, &order, err);

	if (st != ST_OK)
		return st;
	return notice_sender(decision->vault, &decision->record,
			     NOTICE_APPROVED, decision->request->comment, err);
}

static enum status
follow_return(struct decision *decision, struct err *err)
{
	const struct notice_give_back order = {
		.event = NOTICE_RETURNED,
		.reason = decision->request->comment,
		.recipients_text = "",
	};

	return notice_give_back(decision->vault, &decision->record, &order,
				err);
}

static enum status
follow_cancel(struct decision *decision, struct err *err)
{
	const enum status st = notice_sender(decision->vault, &decision->record,
					     NOTICE_CANCELLED,
					     decision->request->comment, err);

	return st == ST_OK ? case_shred(decision->vault, &decision->record, err)
			   : st;
}

static enum status
follow_confirm(struct decision *decision, struct err *err)
{
	struct vault *vault = decision->vault;
	bool moved = false;
	enum status st = ST_OK;

	if (companion_is(&decision->record.row))
		return ST_OK;
	st = link_at_once(vault, &decision->record, &moved, err);
	if (st != ST_OK || moved)
		return st;
	st = notice_held(vault, &decision->record, err);
	if (st == ST_OK)
		st = companions_tell(vault, &decision->record, err);

	if (st == ST_OK)
		st = preview_order(vault, &decision->record, err);
	return st == ST_OK ? unlock_search(vault, &decision->record, err) : st;
}

static enum status
follow(struct decision *decision, struct err *err)
{
	switch (decision->request->decision) {
	case CASE_DECISION_APPROVE:
		return follow_approve(decision, err);
	case CASE_DECISION_RETURN:
		return follow_return(decision, err);
	case CASE_DECISION_CANCEL:
		return follow_cancel(decision, err);
	case CASE_DECISION_CONFIRM:
		return follow_confirm(decision, err);
	case CASE_DECISION_LINK:
		return link_start(decision->vault, &decision->record, err);
	case CASE_DECISION_NONE:
	case CASE_DECISION_END:
	default:
		return err_set(err, ST_FORMAT, "no such decision");
	}
}

/* The outcome of everybody is known at once when the sender cancels. */
static enum status
settle_cancelled(struct decision *decision, struct err *err)
{
	if (decision->request->decision != CASE_DECISION_CANCEL)
		return ST_OK;
	decision->record.row.waiting_count = 0;
	return store_recipient_settle(decision->vault->store,
				      decision->record.row.id,
				      CASE_OUTCOME_CANCELLED, err);
}

static enum status
carry_out(struct decision *decision, struct err *err)
{
	char detail[64];
	char secret[DECIDE_SECRET_BYTES];
	const struct vault_decide *request = decision->request;
	const struct case_change change = {
		.event = decision_event(request->decision),
		.actor = decision->actor->user.login,
		.via = decision->actor->via,
		.detail = detail,
		.secret = secret,
	};
	enum status st = box_ruling(decision, err);

	(void)snprintf(detail, sizeof(detail), "recipients=%u",
		       decision->record.row.recipient_count);
	(void)snprintf(secret, sizeof(secret), "from %s; purpose: %s; %s",
		       request->client_address, request->purpose,
		       request->comment);
	/* Nobody could decide until now. */
	if (st == ST_OK && request->decision == CASE_DECISION_CONFIRM)
		st = companion_set_times(decision->vault, &decision->record,
					 err);
	if (st == ST_OK)
		st = settle_cancelled(decision, err);
	if (st == ST_OK)
		st = case_change(decision->vault, &decision->record, &change,
				 err);
	if (st == ST_OK)
		st = follow(decision, err);
	/* They go when the files are sealed. */
	if (request->decision == CASE_DECISION_LINK)
		return st;
	return st == ST_OK
		       ? companions_follow(decision->vault, &decision->record,
					   &change, request->comment, err)
		       : st;
}

enum status
decide(struct vault *vault, const struct actor *actor,
       const struct vault_decide *request,
       struct vault_decide_answer *answer_out, struct err *err)
{
	struct decision decision = { .vault = vault,
				     .actor = actor,
				     .request = request };
	enum status st = ST_OK;

	record_init(&decision.record);
	st = record_read(vault, request->case_id, &decision.record, err);
	if (st == ST_OK &&
	    decide_standing(vault, &actor->user, &decision.record) ==
		    CASE_STANDING_NONE)
		st = err_set(err, ST_NOT_FOUND, "no such case");
	if (st == ST_OK && decision.record.row.state == CASE_STATE_SEALED)
		st = err_set(err, ST_END, "the case is sealed still");
	if (st == ST_OK)
		st = check_person(&decision, err);
	if (st == ST_OK)
		st = check_main(&decision, err);
	if (st == ST_OK)
		st = check_same(&decision, err);
	if (st == ST_OK)
		st = check_words(request, err);
	if (st == ST_OK && request->decision == CASE_DECISION_LINK)
		st = link_can(vault, &decision.record, err);
	if (st == ST_OK)
		st = carry_out(&decision, err);
	if (st == ST_OK)
		answer_out->state = decision.record.row.state;
	record_done(&decision.record);
	return st;
}
