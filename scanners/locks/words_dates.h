/*
 * words_dates.h - the ways to write a day as a password.
 *
 * Layer:    scanners/locks; includes only lib/base
 * Threads:  values
 * Input:    untrusted text
 */
#ifndef SCANNERS_LOCKS_WORDS_DATES_H
#define SCANNERS_LOCKS_WORDS_DATES_H

#include "lib/base/sbuf.h"

struct words_date {
	int64_t day; /* since 1970 */
	unsigned hour;
	unsigned minute;
};

/* Take a Date field (RFC 5322) apart, in its own zone. False: it is none. */
bool words_date_parse(struct span value, struct words_date *date_out);

/* How many ways there are; those that are put behind names come first. */
enum { WORDS_DATE_SHORT_FORMS = 6, WORDS_DATE_FORMS = 30 };

/* Append date, days later, in form i to out. */
void words_date_add(const struct words_date *date, int days, size_t i,
		    struct sbuf *out);

#endif
