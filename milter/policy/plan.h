/*
 * plan.h - what happens to each recipient of a mail, decided as a whole
 * before anything is done.
 *
 * Layer:    milter/policy; includes only lib/
 * Threads:  a plan belongs to one thread
 *
 * Each recipient gets the outcome of the first rule that matches it; the
 * action of the rule (milter/actions/) says where it belongs. Then the plan
 * settles:
 *
 * - Nobody is held or rejected: the mail passes, with the tags of all rules
 *   that tag (a field is one for all who stay; that is accepted).
 * - Everybody is rejected: the mail is rejected, with the words of the first
 *   recipient's rule.
 * - Some are rejected, others not: SMTP has one answer for all, and neither a
 *   5xx (those who may have it would lose it) nor a 4xx (it would come again
 *   for ever) is right. The rejected ones are held under their rule's name
 *   for POLICY_GROUP_OF_NOBODY, which has no members, for one second:
 *   nobody can release them, the mail goes back to its sender with the
 *   rule's name, as the bounce of a rejecting MTA would, and the outcome is
 *   on record like any other.
 * - Held recipients form one case per rule, because approvers and times are
 *   the rule's.
 * - Nobody stays: the mail is taken whole (DISCARD), never delrcpt for all.
 * - Who would have the mail by the rules may have to wait for it all the same,
 *   because it tells the password of a mail that is held: plan_add_wait().
 */
#ifndef MILTER_POLICY_PLAN_H
#define MILTER_POLICY_PLAN_H

#include "lib/config/policy.h"

enum { PLAN_REJECTED_AFTER_S = 1 };

enum plan_kind {
	PLAN_NONE = 0,
	PLAN_PASS,  /* all stay */
	PLAN_SPLIT, /* some are held, the others stay */
	PLAN_TAKE,  /* all are held */
	PLAN_REJECT
};

enum plan_fate {
	PLAN_FATE_NONE = 0,
	PLAN_FATE_STAYS,
	PLAN_FATE_HELD,
	PLAN_FATE_REJECTED
};

struct plan_recipient {
	struct policy_outcome outcome;
	enum plan_fate fate;         /* set by the action */
	size_t hold;                 /* HELD: index of its case */
	struct policy_outcome given; /* who waits: by the rules */
};

struct plan {
	enum plan_kind kind;
	struct plan_recipient *recipients;
	size_t recipient_count;
	struct policy_outcome *holds; /* terms of each case */
	const uint8_t **waits_with;   /* of each: a case, or NULL */
	size_t hold_count;
	const char **tags; /* different texts; borrowed from the policy */
	size_t tag_count;
	const struct plan_recipient *rejected; /* REJECT: whose words */
};

/*
 * Decide for recipient_count recipients, in their order. facts holds
 * everything but the recipient.
 *
 * Gives:    *plan_out, release with plan_done(); outcomes borrow from policy
 * Returns:  ST_OK; what policy_evaluate() returns; ST_UNSUPPORTED a rule
 *           names an action that is not built; ST_NO_MEMORY. On a failure
 *           nothing was decided: tempfail.
 */
MUST_CHECK enum status
plan_make(const struct policy *policy, const struct policy_facts *facts,
	  const char *const *recipients, size_t recipient_count,
	  struct plan *plan_out, struct err *err);
void plan_done(struct plan *plan);

/* A recipient's copy waits with a case that is held, on that case's terms. */
struct plan_wait {
	size_t recipient;       /* index */
	const uint8_t *case_id; /* borrowed; the same one by its pointer */
	struct policy_outcome outcome;
};
/* Hold it, unless the rules hold or reject it already. */
void plan_add_wait(struct plan *plan, const struct plan_wait *wait);
/* There is nothing to wait for any more in case number hold, whose recipients
 * stay as by the rules. */
void plan_drop_wait(struct plan *plan, size_t hold);

/* For actions: a tag for those who stay (each text once). */
void plan_add_tag(struct plan *plan, const char *tag);

/* The words for logs: "deliver", "tag", "split", "hold", "link",
 * "reject". */
const char *plan_name(const struct plan *plan);

/* The rule to name in a line about the whole mail: that of the first
 * recipient with the gravest fate. */
const char *plan_rule(const struct plan *plan);
/* Its profile; NONE when nothing was planned. */
enum report_profile plan_profile(const struct plan *plan);

#endif
