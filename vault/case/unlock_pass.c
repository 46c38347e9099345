#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/policy.h"
#include "vault/case/case_change.h"
#include "vault/case/companion.h"
#include "vault/case/notice.h"
#include "vault/case/unlock.h"

enum { PASS_DETAIL_BYTES = 200 };

/* The only one of its kind, "" when there is none; NULL: there are several,
 * since retries of others joined the case. */
static const char *
sole_sender(const struct case_summary *summary, enum case_sender_kind kind)
{
	const char *address = "";

	for (size_t i = 0; i < summary->sender_count; i++) {
		if (summary->senders[i].kind != kind)
			continue;
		if (address[0] != '\0')
			return NULL;
		address = summary->senders[i].address;
	}
	return address;
}

/* Read to its end, nothing found, nothing locked. */
static bool
is_clean(const struct record *record, const struct scan_report *report)
{
	return record->row.state == CASE_STATE_HELD &&
	       report->verdict == REPORT_VERDICT_CLEAN &&
	       report->opaque_count == 0 && record->unlock.locked == 0 &&
	       record->unlock.opened > 0;
}

/* ST_END: the policy does not deliver it to this recipient. */
static enum status
check_recipient(const struct vault *vault, struct policy_facts *facts,
		const char *recipient, struct policy_outcome *outcome,
		struct err *err)
{
	struct err why = { .st = ST_OK };
	enum status st = ST_OK;

	facts->recipient = recipient;
	st = policy_evaluate(vault->config->policy, facts, outcome, &why);
	if (st == ST_NO_MEMORY)
		return err_set(err, st, "%s", why.text);
	return st == ST_OK && outcome->action == POLICY_ACTION_DELIVER ? ST_OK
								       : ST_END;
}

/* The policy for all who wait: ST_END when one of them has to. */
static enum status
judge(struct vault *vault, const struct record *record,
      const struct scan_report *report, struct policy_outcome *outcome,
      struct err *err)
{
	AUTO(record_recipients_done)
	struct record_recipients waiting = { .arena = NULL };
	const struct case_summary *summary = &record->summary;
	const char *login = sole_sender(summary, CASE_SENDER_LOGIN);
	struct policy_facts facts = {
		.sender = summary->envelope_sender,
		.login = login,
		.client_address = summary->client_address,
		.authenticated = summary->authenticated,
		.now_unix_ms = vault->now_unix_ms,
		.size_bytes = summary->size_bytes,
		.headers_unknown = true,
	};
	enum status st = ST_OK;

	if (login == NULL ||
	    sole_sender(summary, CASE_SENDER_ENVELOPE) == NULL ||
	    vault->config->policy == NULL)
		return ST_END;
	facts.reports[report->profile] = report;
	st = record_recipients(vault, record->row.id, CASE_OUTCOME_WAITING,
			       &waiting, err);
	for (size_t i = 0; st == ST_OK && i < waiting.count; i++)
		st = check_recipient(vault, &facts, waiting.items[i].address,
				     outcome, err);
	return st == ST_OK && waiting.count == 0 ? ST_END : st;
}

enum status
unlock_pass(struct vault *vault, struct record *record,
	    const struct scan_report *report, bool *passed_out, struct err *err)
{
	struct policy_outcome outcome = { .rule = "" };
	const struct job_order order = { .case_id = record->row.id,
					 .kind = JOB_KIND_RELEASE };
	char detail[PASS_DETAIL_BYTES];
	const struct case_change change = { .event = CASE_EVENT_PASS,
					    .actor = "policy",
					    .via = "vault",
					    .detail = detail };
	enum status st = ST_OK;

	*passed_out = false;
	if (!is_clean(record, report))
		return ST_OK;
	st = judge(vault, record, report, &outcome, err);
	if (st != ST_OK)
		return st == ST_END ? ST_OK : st;
	(void)snprintf(detail, sizeof(detail), "recipients=%" PRIu32 " rule=%s",
		       record->row.waiting_count, outcome.rule);
	st = case_change(vault, record, &change, err);
	if (st == ST_OK)
		st = job_add(vault, &order, err);
	if (st == ST_OK)
		st = companions_follow(vault, record, &change, "", err);
	if (st == ST_OK)
		st = notice_sender(vault, record, NOTICE_PASSED, "", err);
	*passed_out = st == ST_OK;
	return st;
}
