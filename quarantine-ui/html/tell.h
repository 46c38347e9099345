/*
 * tell.h - numbers, times and sizes in the words of a person's language.
 *
 * Layer:    quarantine-ui/html; includes only lib/
 * Threads:  belongs to one worker
 */
#ifndef QUARANTINE_UI_HTML_TELL_H
#define QUARANTINE_UI_HTML_TELL_H

#include "lib/i18n/i18n.h"
#include "quarantine-ui/html/scratch.h"

struct tell {
	const struct i18n *i18n;
	enum i18n_language language;
	struct scratch *scratch; /* what is told lives there */
};

const char *tell_text(const struct tell *tell, const char *english);

/* english with "{n}" replaced by number, translated. */
const char *
tell_number(const struct tell *tell, const char *english, uint64_t number);

/* "2026-11-22 14:05 JST", in the zone of this host; "" for 0. */
const char *tell_time(const struct tell *tell, int64_t unix_ms);
/* "Sun 22 Nov, 14:05", without a year: for dates that are near. */
const char *tell_day(const struct tell *tell, int64_t unix_ms);
/* "Sun 22 Nov, 14:05 JST": for readers anywhere; "" for 0. */
const char *tell_day_zone(const struct tell *tell, int64_t unix_ms);
/* For <time datetime>; "" for 0. */
const char *tell_iso(const struct tell *tell, int64_t unix_ms);
/* "3 minutes ago", "in 2 days". */
const char *tell_age(const struct tell *tell, int64_t unix_ms);
/* "in 2 days", or "overdue". */
const char *tell_until(const struct tell *tell, int64_t unix_ms);
const char *tell_size(const struct tell *tell, uint64_t size_bytes);

#endif
