/* doctor: what leaves unread. */

#include "cli/doctor.h"
#include "lib/base/parse.h"
#include "lib/config/policy.h"

/* Of this host, and to a place that is nobody's (RFC 2606). */
static const char policy_sender[] = "postmaster";
static const char policy_recipient[] = "somebody@example.invalid";

/*
 * What becomes of a mail with a picture and nothing else that was not read,
 * by the rules in force: a My Number in it is not seen, and whoever looks after
 * the gateway should know.
 */
void
doctor_look_at_policy(struct doctor *doctor)
{
	static const struct report_opaque picture = {
		.part = "2", .reason = REPORT_REASON_IMAGE, .detail = ""
	};
	const struct policy *policy = doctor->config->policy;
	struct scan_report report = {
		.verdict = REPORT_VERDICT_UNSCANNABLE,
		.opaques = &picture,
		.opaque_count = 1,
		.subject = "",
		.profile = policy_profile(policy),
	};
	struct policy_facts facts = {
		.sender = policy_sender,
		.recipient = policy_recipient,
		.login = "",
		.client_address = "",
	};
	struct policy_outcome outcome;
	struct err err = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(facts.reports); i++)
		facts.reports[i] = &report;
	if (policy_evaluate(policy, &facts, &outcome, &err) != ST_OK)
		doctor_skipped(doctor, DOCTOR_PICTURES, "%s", err.text);
	else if (outcome.action == POLICY_ACTION_DELIVER ||
		 outcome.action == POLICY_ACTION_TAG)
		doctor_found(doctor, DOCTOR_PICTURES, "rule \"%s\"",
			     outcome.rule);
	else
		doctor_fine(doctor, DOCTOR_PICTURES, "rule \"%s\"",
			    outcome.rule);
}
