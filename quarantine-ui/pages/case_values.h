/*
 * case_values.h - what the page of a case shows.
 *
 * Layer:    quarantine-ui/pages; internal to page_case.c, case_values.c
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_PAGES_CASE_VALUES_H
#define QUARANTINE_UI_PAGES_CASE_VALUES_H

#include "quarantine-ui/desk/ask.h"

/* More rows than this are counted, not shown: a page is for people. */
enum { CASE_MAX_ROWS = 200 };

struct case_person {
	const char *address, *kind;
};

struct case_recipient_row {
	const char *address, *outcome, *outcome_name, *reply;
	bool first_contact;
};

struct case_term {
	const char *words, *weight;
	bool against;
};

struct case_finding {
	const char *masked, *part, *location, *context, *level, *level_name,
		*score;
	uint64_t count, percent;
	bool several; /* more than one number in it */
	bool open;    /* its reasons are shown at once */
	const struct case_term *terms;
	size_t term_count;
};

struct case_opaque {
	const char *part, *reason, *detail;
};

struct case_part {
	const char *path, *name, *type, *size;
	bool locked;
};

struct case_event {
	const char *at, *actor, *words, *detail;
};

struct case_values {
	const char *id, *subject, *sender, *state, *state_name, *verdict,
		*level, *level_name, *score, *rule, *received, *age, *size,
		*client, *queue_id, *deadline, *deadline_in, *version,
		*form_token, *why_not, *approvers, *done;
	uint64_t number_count, more_recipients, more_findings, more_opaques,
		more_parts, more_events;
	bool own, hidden, undecided, may_decide, may_cancel, may_rescan,
		no_report, ambiguous;
	const struct case_person *senders;
	size_t sender_count;
	const struct case_recipient_row *recipients;
	size_t recipient_count;
	const struct case_finding *findings;
	size_t finding_count;
	const struct case_opaque *opaques;
	size_t opaque_count;
	const struct case_part *parts;
	size_t part_count;
	const struct case_event *events;
	size_t event_count;
};

void case_fill_people(struct call *call, const struct vault_case *held,
		      struct case_values *values);
void case_fill_events(struct call *call, const struct vault_case *held,
		      struct case_values *values);
void case_fill_report(struct call *call, const struct asked_case *asked,
		      struct case_values *values);

#endif
