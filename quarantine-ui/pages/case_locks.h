/*
 * case_locks.h - what is locked in a mail, and what is done about it, in words.
 *
 * Layer:    quarantine-ui/pages
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_PAGES_CASE_LOCKS_H
#define QUARANTINE_UI_PAGES_CASE_LOCKS_H

#include "quarantine-ui/desk/call.h"
#include "quarantine-ui/html/template.h"

/* A line of the list of locks. */
struct case_lock {
	const char *name, *path, *kind, *words;
	bool opened;
};

/* The search for a password; the page of the case and the list show the same
 * words. */
struct search_words {
	const char *tried, *total, *rate, *end;
	uint64_t percent; /* of what ends first: the passwords or the time */
	bool on, paused, ended, counted; /* counted: total is known */
};

/* The locks of a report, those that are closed first. */
void case_fill_locks(struct call *call, const struct scan_report *report,
		     const struct case_lock **locks_out, size_t *count_out);

/* What came of the last words that were tried; "" when there were none. */
const char *
case_unlock_words(struct call *call, const struct vault_locks *locks);

void case_search_words(struct call *call, const struct vault_locks *locks,
		       struct search_words *out);

extern const struct template_shape case_lock_shape;

#endif
