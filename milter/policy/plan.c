#include "milter/policy/plan.h"

#include <stdlib.h>
#include <string.h>

#include "milter/actions/action.h"

void
plan_done(struct plan *plan)
{
	free(plan->recipients);
	free(plan->holds);
	free(plan->tags);
	free(plan->waits_with);
	*plan = (struct plan){ .kind = PLAN_NONE };
}

void
plan_add_tag(struct plan *plan, const char *tag)
{
	for (size_t i = 0; i < plan->tag_count; i++) {
		if (strcmp(plan->tags[i], tag) == 0)
			return;
	}
	/* There is room for one a recipient. */
	plan->tags[plan->tag_count++] = tag;
}

static size_t
plan_count(const struct plan *plan, enum plan_fate fate)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->recipient_count; i++)
		count += plan->recipients[i].fate == fate;
	return count;
}

/* A rejected recipient among others: back to the sender; see plan.h. */
static void
plan_return(struct plan_recipient *recipient)
{
	recipient->fate = PLAN_FATE_HELD;
	recipient->outcome.approvers = POLICY_GROUP_OF_NOBODY;
	recipient->outcome.expires_after_s = PLAN_REJECTED_AFTER_S;
	recipient->outcome.remind_after_s = 0;
	recipient->outcome.approvals = 1;
}

/* One case for each rule, in the order of their first recipients. */
static void
plan_group(struct plan *plan, struct plan_recipient *recipient)
{
	size_t i = 0;

	while (i < plan->hold_count &&
	       (plan->waits_with[i] != NULL ||
		strcmp(plan->holds[i].rule, recipient->outcome.rule) != 0))
		i++;
	if (i == plan->hold_count)
		plan->holds[plan->hold_count++] = recipient->outcome;
	recipient->hold = i;
}

static void
plan_settle_kind(struct plan *plan)
{
	if (plan_count(plan, PLAN_FATE_HELD) == 0)
		plan->kind = PLAN_PASS;
	else if (plan_count(plan, PLAN_FATE_STAYS) == 0)
		plan->kind = PLAN_TAKE;
	else
		plan->kind = PLAN_SPLIT;
}

static void
plan_settle(struct plan *plan)
{
	const size_t rejected = plan_count(plan, PLAN_FATE_REJECTED);

	if (rejected == plan->recipient_count) {
		plan->kind = PLAN_REJECT;
		plan->rejected = &plan->recipients[0];
		return;
	}
	for (size_t i = 0; i < plan->recipient_count; i++) {
		struct plan_recipient *recipient = &plan->recipients[i];

		if (recipient->fate == PLAN_FATE_REJECTED)
			plan_return(recipient);
		if (recipient->fate == PLAN_FATE_HELD)
			plan_group(plan, recipient);
	}
	plan_settle_kind(plan);
}

void
plan_add_wait(struct plan *plan, const struct plan_wait *wait)
{
	struct plan_recipient *recipient = &plan->recipients[wait->recipient];
	const enum report_profile profile = recipient->outcome.profile;
	size_t i = 0;

	if (recipient->fate != PLAN_FATE_STAYS)
		return;
	recipient->fate = PLAN_FATE_HELD;
	recipient->given = recipient->outcome;
	recipient->outcome = wait->outcome;
	/* The report is the one that let it pass. */
	recipient->outcome.profile = profile;
	while (i < plan->hold_count && plan->waits_with[i] != wait->case_id)
		i++;
	if (i == plan->hold_count) {
		plan->holds[i] = recipient->outcome;
		plan->waits_with[i] = wait->case_id;
		plan->hold_count++;
	}
	recipient->hold = i;
	plan_settle_kind(plan);
}

void
plan_drop_wait(struct plan *plan, size_t hold)
{
	for (size_t i = 0; i < plan->recipient_count; i++) {
		struct plan_recipient *recipient = &plan->recipients[i];

		if (recipient->fate != PLAN_FATE_HELD ||
		    recipient->hold != hold)
			continue;
		recipient->fate = PLAN_FATE_STAYS;
		recipient->outcome = recipient->given;
	}
	plan_settle_kind(plan);
}

static enum status
plan_place(struct plan *plan, const struct policy *policy,
	   const struct policy_facts *facts, struct err *err)
{
	struct plan_recipient *place = &plan->recipients[plan->recipient_count];
	const enum status st =
		policy_evaluate(policy, facts, &place->outcome, err);
	const struct action *action = NULL;

	if (st != ST_OK)
		return st;
	action = action_find(place->outcome.action);
	if (action == NULL)
		return err_set(err, ST_UNSUPPORTED,
			       "plan: action %s of rule \"%.60s\" is not built",
			       policy_action_name(place->outcome.action),
			       place->outcome.rule);
	action->apply(plan, place);
	plan->recipient_count++;
	return ST_OK;
}

enum status
plan_make(const struct policy *policy, const struct policy_facts *facts,
	  const char *const *recipients, size_t recipient_count,
	  struct plan *plan_out, struct err *err)
{
	struct plan plan = { .kind = PLAN_NONE };
	struct policy_facts one = *facts;
	enum status st = ST_OK;

	if (recipient_count == 0)
		return err_set(err, ST_FORMAT, "plan: no recipients");
	plan.recipients = calloc(recipient_count, sizeof(*plan.recipients));
	plan.holds = calloc(recipient_count, sizeof(*plan.holds));
	plan.tags = calloc(recipient_count, sizeof(*plan.tags));
	plan.waits_with = calloc(recipient_count, sizeof(uint8_t *));
	if (plan.recipients == NULL || plan.holds == NULL ||
	    plan.tags == NULL || plan.waits_with == NULL) {
		plan_done(&plan);
		return err_set(err, ST_NO_MEMORY, "plan: no memory");
	}
	for (size_t i = 0; st == ST_OK && i < recipient_count; i++) {
		one.recipient = recipients[i];
		st = plan_place(&plan, policy, &one, err);
	}
	if (st != ST_OK) {
		plan_done(&plan);
		return st;
	}
	plan_settle(&plan);
	*plan_out = plan;
	return ST_OK;
}

/* Everybody who is held gets a link. */
static bool
plan_is_link(const struct plan *plan)
{
	for (size_t i = 0; i < plan->hold_count; i++) {
		if (plan->holds[i].action != POLICY_ACTION_LINK)
			return false;
	}
	return plan->hold_count > 0;
}

const char *
plan_name(const struct plan *plan)
{
	switch (plan->kind) {
	case PLAN_PASS:
		return plan->tag_count > 0 ? "tag" : "deliver";
	case PLAN_SPLIT:
		return "split";
	case PLAN_TAKE:
		return plan_is_link(plan) ? "link" : "hold";
	case PLAN_REJECT:
		return "reject";
	case PLAN_NONE:
	default:
		return "none";
	}
}

static const struct plan_recipient *
plan_gravest(const struct plan *plan)
{
	const struct plan_recipient *gravest = NULL;

	for (size_t i = 0; i < plan->recipient_count; i++) {
		if (gravest == NULL || plan->recipients[i].fate > gravest->fate)
			gravest = &plan->recipients[i];
	}
	return gravest;
}

const char *
plan_rule(const struct plan *plan)
{
	const struct plan_recipient *gravest = plan_gravest(plan);

	return gravest != NULL ? gravest->outcome.rule : "";
}

enum report_profile
plan_profile(const struct plan *plan)
{
	const struct plan_recipient *gravest = plan_gravest(plan);

	return gravest != NULL ? gravest->outcome.profile : REPORT_PROFILE_NONE;
}
