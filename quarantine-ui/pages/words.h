/*
 * words.h - states, levels, reasons, evidence, times in words for people.
 *
 * Layer:    quarantine-ui/pages
 * Threads:  no shared state
 *
 * Every text is in the language of the person of the call. Names that this
 * version does not know (a newer scanner's evidence) are shown as they are.
 */
#ifndef QUARANTINE_UI_PAGES_WORDS_H
#define QUARANTINE_UI_PAGES_WORDS_H

#include "quarantine-ui/desk/call.h"

const char *words_state(const struct call *call, enum case_state state);
const char *words_outcome(const struct call *call, enum case_outcome outcome);
const char *words_verdict(const struct call *call, enum report_verdict verdict);
const char *words_level(const struct call *call, enum report_level level);
/* Classes of desk.css: of a level (or "unscannable"), of a state's chip. */
const char *
words_level_class(enum report_verdict verdict, enum report_level level);
const char *words_state_class(enum case_state state);
const char *words_reason(const struct call *call, enum report_reason reason);
const char *
words_sender_kind(const struct call *call, enum case_sender_kind kind);
const char *words_term(struct call *call, const char *name);
/* What kind of evidence a term is; "" for a kind that has no words. */
const char *words_term_group(const struct call *call, const char *name);
/* Which scores have this level. */
const char *words_threshold(const struct call *call, enum report_level level);
const char *words_event(const struct call *call, const char *name);

enum { WORDS_ROLES = 5 };
struct words_role {
	const char *name;
	const char *means;
};
/* The roles in words, most powerful last. Gives how many there are. */
size_t words_roles(const struct call *call, uint32_t roles,
		   struct words_role out[WORDS_ROLES]);

/* What the vault says to people, as a sentence; "" for "". They stand in
 * refusals.def. */
const char *words_refusal(struct call *call, const char *sentence);

/* "line 3", "Sheet1!C7": the words in it translated, the rest as it is. */
const char *words_location(struct call *call, const char *location);

/* english with "{n}" replaced by number, translated. */
const char *
words_number(struct call *call, const char *english, uint64_t number);

/* "2026-11-22 14:05 JST", in the zone of this host; "" for 0. */
const char *words_time(struct call *call, int64_t unix_ms);
/* "Sun 22 Nov, 14:05", without a year: for dates that are near. */
const char *words_day(struct call *call, int64_t unix_ms);
/* The same with the zone, for what people elsewhere read, too; "" for 0. */
const char *words_day_zone(struct call *call, int64_t unix_ms);
/* For <time datetime>; "" for 0. */
const char *words_iso(struct call *call, int64_t unix_ms);
/* "3 minutes ago", "in 2 days". */
const char *words_age(struct call *call, int64_t unix_ms);
/* "in 2 days", or "overdue". */
const char *words_until(struct call *call, int64_t unix_ms);
const char *words_size(struct call *call, uint64_t size_bytes);
/* "+12", "-3". */
const char *words_weight(struct call *call, int64_t weight_db);

#endif
