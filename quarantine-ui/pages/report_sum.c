#include "quarantine-ui/pages/report_sum.h"

#include <string.h>

#include "lib/base/parse.h"

enum {
	MS_PER_DAY = 86400000,
	ZONE_MS = 9 * 3600000,
	FIRST_YEAR = 2000,
	LAST_YEAR = 2199,
	MONTHS = 12
};

static bool
report_is_leap(uint32_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint32_t
report_days_of(uint32_t year, uint32_t month)
{
	static const uint8_t days[MONTHS] = { 31, 28, 31, 30, 31, 30,
					      31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && report_is_leap(year) ? 1U : 0U);
}

void
report_month_of(int64_t unix_ms, uint32_t *year, uint32_t *month)
{
	int64_t day = (unix_ms + ZONE_MS) / MS_PER_DAY;

	*year = 1970;
	*month = 1;
	while (day >= report_days_of(*year, *month)) {
		day -= report_days_of(*year, *month);
		*year += *month == MONTHS;
		*month = *month % MONTHS + 1;
	}
}

bool
report_month_parse(const char *text, uint32_t *year, uint32_t *month)
{
	const struct span whole = span_of(text);
	struct span head = whole;
	struct span tail = whole;
	uint64_t y = 0;
	uint64_t m = 0;

	if (whole.len_bytes != 7 || text[4] != '-' ||
	    !span_cut(whole, 0, 4, &head) || !span_cut(whole, 5, 2, &tail) ||
	    !parse_u64(head, LAST_YEAR, &y) || !parse_u64(tail, MONTHS, &m) ||
	    y < FIRST_YEAR || m == 0)
		return false;
	*year = (uint32_t)y;
	*month = (uint32_t)m;
	return true;
}

void
report_sum_init(struct report_sum *sum, uint32_t year, uint32_t month)
{
	*sum = (struct report_sum){ .year = year, .month = month };
	for (uint32_t y = 1970; y < year; y++)
		sum->from_day += report_is_leap(y) ? 366 : 365;
	for (uint32_t m = 1; m < month; m++)
		sum->from_day += report_days_of(year, m);
	sum->day_count = report_days_of(year, month);
}

static void
report_count_add(struct report_count *count,
		 const struct vault_stats_line *line)
{
	count->held += line->held;
	count->approved += line->approved;
	count->returned += line->returned;
	count->expired += line->expired;
	count->cancelled += line->cancelled;
	count->passed += line->passed;
	for (size_t i = 0; i < VAULT_WAIT_BUCKETS; i++)
		count->waited[i] += line->waited[i];
}

static struct report_count *
report_find_rule(struct report_sum *sum, const char *rule)
{
	for (size_t i = 0; i < sum->rule_count; i++)
		if (strcmp(sum->rules[i].rule, rule) == 0)
			return &sum->rules[i];
	if (sum->rule_count == REPORT_MAX_RULES) {
		sum->rules_cut = true;
		sum->rules[REPORT_MAX_RULES - 1].rule = "";
		return &sum->rules[REPORT_MAX_RULES - 1];
	}
	sum->rules[sum->rule_count].rule = rule;
	return &sum->rules[sum->rule_count++];
}

void
report_sum_add(struct report_sum *sum, const struct vault_stats_line *line)
{
	if (line->day < sum->from_day ||
	    line->day - sum->from_day >= sum->day_count)
		return;
	report_count_add(&sum->total, line);
	report_count_add(&sum->days[line->day - sum->from_day], line);
	report_count_add(report_find_rule(sum, line->rule), line);
}

uint64_t
report_decided(const struct report_count *count)
{
	uint64_t decided = 0;

	for (size_t i = 0; i < VAULT_WAIT_BUCKETS; i++)
		decided += count->waited[i];
	return decided;
}

size_t
report_median_bucket(const struct report_count *count)
{
	const uint64_t decided = report_decided(count);
	uint64_t seen = 0;

	for (size_t i = 0; decided > 0 && i < VAULT_WAIT_BUCKETS; i++) {
		seen += count->waited[i];
		if (2 * seen >= decided)
			return i;
	}
	return VAULT_WAIT_BUCKETS;
}
