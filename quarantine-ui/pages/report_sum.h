/*
 * report_sum.h - a month of held mail in figures.
 *
 * Layer:    quarantine-ui/pages
 * Threads:  values
 */
#ifndef QUARANTINE_UI_PAGES_REPORT_SUM_H
#define QUARANTINE_UI_PAGES_REPORT_SUM_H

#include "vault/client/vault_messages.h"

enum { REPORT_MAX_DAYS = 31, REPORT_MAX_RULES = 50 };

struct report_count {
	const char *rule; /* borrowed; "" in totals */
	uint64_t held, approved, returned, expired, cancelled, passed;
	uint64_t waited[VAULT_WAIT_BUCKETS];
};

struct report_sum {
	uint32_t year, month; /* 2026, 11 */
	uint32_t from_day;    /* days since 1970-01-01 */
	uint32_t day_count;
	struct report_count total;
	struct report_count days[REPORT_MAX_DAYS];
	struct report_count rules[REPORT_MAX_RULES]; /* in order of coming */
	size_t rule_count;
	bool rules_cut; /* there were more; the last counts them all */
};

/* The month that holds this instant, in the zone of the counts (UTC+9). */
void report_month_of(int64_t unix_ms, uint32_t *year, uint32_t *month);
/* "2026-11". False: it is none, or before 2000 or after 2199. */
bool report_month_parse(const char *text, uint32_t *year, uint32_t *month);
/* Set year, month, from_day, day_count; the rest is 0. */
void report_sum_init(struct report_sum *sum, uint32_t year, uint32_t month);
/* Lines of other days are left out. */
void
report_sum_add(struct report_sum *sum, const struct vault_stats_line *line);

/* Decisions with a waiting time. */
uint64_t report_decided(const struct report_count *count);
/* The bucket that the middle decision lies in; VAULT_WAIT_BUCKETS: none. */
size_t report_median_bucket(const struct report_count *count);

#endif
