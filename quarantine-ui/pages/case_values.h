/*
 * case_values.h - what the page of a case shows.
 *
 * Layer:    quarantine-ui/pages; internal to page_case.c, page_reveal.c and
 *           case_*.c
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_PAGES_CASE_VALUES_H
#define QUARANTINE_UI_PAGES_CASE_VALUES_H

#include "lib/report/preview.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/pages/case_locks.h"

/* More rows than this are counted, not shown: a page is for people. */
enum { CASE_MAX_ROWS = 200 };

struct case_person {
	const char *address, *kind;
};

struct case_recipient_row {
	const char *address, *outcome, *outcome_name, *reply, *resembles;
	bool first_contact, waiting;
};

struct case_term {
	const char *group, *words, *weight;
	bool against;
};

struct case_finding {
	const char *masked, *place, *context, *level, *level_name, *score,
		*threshold;
	uint64_t count, percent;
	bool several; /* more than one number in it */
	bool open;    /* its reasons are shown at once */
	const struct case_term *terms;
	size_t term_count;
};

struct case_opaque {
	const char *reason, *detail;
};

/* A part of the mail, or a sheet of one. depth counts from 0. */
struct case_node {
	uint64_t depth;
	const char *name, *path, *type, *size;
	bool sheet, locked, text;
	bool bare; /* nothing was found in it */
	const struct case_finding *findings;
	size_t finding_count;
	const struct case_opaque *opaques;
	size_t opaque_count;
};

struct case_cell {
	const char *text;
};
struct case_line {
	const char *place, *text;
	const struct case_cell *cells; /* of a row */
	size_t cell_count;
	bool found;
	uint64_t skipped; /* so many lines before this one are not shown */
};
struct case_preview_part {
	const char *name, *path, *type;
	bool table, header, cut;
	uint64_t more; /* lines behind those shown */
	const struct case_line *lines;
	size_t line_count;
};
struct case_preview {
	const struct case_preview_part *parts;
	size_t part_count;
	bool cut;
};

struct case_event {
	const char *at, *iso, *actor, *words, *detail;
};

/* A mail that waits with this one. */
struct case_companion {
	const char *subject, *recipients, *received, *received_iso;
};

struct case_values {
	const char *id, *subject, *sender, *state, *state_name, *state_class,
		*verdict, *level, *level_name, *rule, *received, *age,
		*received_iso, *size, *client, *queue_id, *deadline,
		*deadline_in, *deadline_iso, *version, *form_token, *why_not,
		*approvers, *looking, *done;
	uint64_t number_count, recipient_total, first_contacts, more_recipients,
		more_parts, more_findings, more_events, revision;
	bool own, hidden, undecided, may_decide, may_cancel, may_rescan,
		may_reveal, may_comment, no_report, ambiguous, strict, overdue,
		soon, unconfirmed, resembling;
	/* The masked preview: there, being made, or not to be read. */
	bool has_preview, preview_waits, preview_bad, preview_cut;
	const struct case_person *senders;
	size_t sender_count;
	const struct case_recipient_row *recipients;
	size_t recipient_count;
	const struct case_node *nodes;
	size_t node_count;
	const struct case_preview_part *preview;
	size_t preview_count;
	const struct case_event *comments;
	size_t comment_count;
	const struct case_event *events;
	size_t event_count;
	const struct case_companion *companions;
	size_t companion_count;
	const char *waits_with; /* the case that this one waits with, or "" */
	/* What is locked; search_…: struct search_words. */
	const struct case_lock *locks;
	size_t lock_count;
	const char *lock_words, *lock_name, *unlock_name, *search_tried,
		*search_total, *search_rate, *search_end;
	uint64_t locked, opened, search_percent;
	bool trying, unlock_failed, may_unlock, may_search, search_on,
		search_paused, search_ended, search_counted;
	/* Secure links. */
	bool may_link, may_ask_link, link_asked, link_password, link_rate;
	uint64_t link_count;
	uint64_t link_pictures; /* in the text, unread, and not cut */
};

void case_fill_companions(struct call *call, const struct vault_case *held,
			  struct case_values *values);
void case_fill_people(struct call *call, const struct vault_case *held,
		      struct case_values *values);
void case_fill_events(struct call *call, const struct vault_case *held,
		      struct case_values *values);
/* What is locked, and the search. */
void case_fill_unlock(struct call *call, const struct asked_case *asked,
		      struct case_values *values);
/* The report as a tree of parts. */
void case_fill_tree(struct call *call, const struct scan_report *report,
		    struct case_values *values);
/* The rows of a preview; lines far from any finding are left out when there
 * are many. */
void case_fill_preview(struct call *call, const struct preview *preview,
		       struct case_preview *values);

extern const struct template_shape case_node_shape;
extern const struct template_shape case_preview_part_shape;

#endif
