/* The month in charts and as a table; the same as CSV. */
#include <inttypes.h>
#include <string.h>

#include "quarantine-ui/desk/ask_people.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/report_sum.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

enum {
	CHART_TOP = 20, /* above the highest bar, in units of the viewbox */
	CHART_GAP = 5,
	CHART_HEIGHT = 120, /* of the highest bar */
	CHART_STEP = 20,    /* from day to day */
	CHART_BAR = 14,
	CHART_LABEL_EVERY = 5,
	WAIT_STEP = 78,
	WAIT_BAR = 58,
	FULL_WIDTH = 620
};

/* A rectangle with what it says; y grows downwards. */
struct report_bar {
	uint64_t x, y, width, height, middle, value, label_y;
	const char *label, *title, *kind;
};

struct report_rule {
	const char *rule, *median;
	uint64_t held, approved, returned, expired, cancelled, passed, share;
};

struct report_page {
	const char *month, *month_words, *before, *after, *median;
	uint64_t held, approved, returned, expired, cancelled, passed, most;
	const struct report_bar *days, *waits, *outcomes;
	size_t day_count, wait_count, outcome_count;
	const struct report_rule *rules;
	size_t rule_count;
	bool any, decided, may_later;
};

static const struct template_field report_bar_fields[] = {
	TEMPLATE_NUMBER_F(struct report_bar, x),
	TEMPLATE_NUMBER_F(struct report_bar, y),
	TEMPLATE_NUMBER_F(struct report_bar, width),
	TEMPLATE_NUMBER_F(struct report_bar, height),
	TEMPLATE_NUMBER_F(struct report_bar, middle),
	TEMPLATE_NUMBER_F(struct report_bar, value),
	TEMPLATE_NUMBER_F(struct report_bar, label_y),
	TEMPLATE_TEXT_F(struct report_bar, label),
	TEMPLATE_TEXT_F(struct report_bar, title),
	TEMPLATE_TEXT_F(struct report_bar, kind),
};
static const struct template_shape report_bar_shape =
	TEMPLATE_SHAPE(report_bar, report_bar_fields);

static const struct template_field report_rule_fields[] = {
	TEMPLATE_TEXT_F(struct report_rule, rule),
	TEMPLATE_TEXT_F(struct report_rule, median),
	TEMPLATE_NUMBER_F(struct report_rule, held),
	TEMPLATE_NUMBER_F(struct report_rule, approved),
	TEMPLATE_NUMBER_F(struct report_rule, returned),
	TEMPLATE_NUMBER_F(struct report_rule, expired),
	TEMPLATE_NUMBER_F(struct report_rule, cancelled),
	TEMPLATE_NUMBER_F(struct report_rule, passed),
	TEMPLATE_NUMBER_F(struct report_rule, share),
};
static const struct template_shape report_rule_shape =
	TEMPLATE_SHAPE(report_rule, report_rule_fields);

static const struct template_field report_fields[] = {
	TEMPLATE_TEXT_F(struct report_page, month),
	TEMPLATE_TEXT_F(struct report_page, month_words),
	TEMPLATE_TEXT_F(struct report_page, before),
	TEMPLATE_TEXT_F(struct report_page, after),
	TEMPLATE_TEXT_F(struct report_page, median),
	TEMPLATE_NUMBER_F(struct report_page, held),
	TEMPLATE_NUMBER_F(struct report_page, approved),
	TEMPLATE_NUMBER_F(struct report_page, returned),
	TEMPLATE_NUMBER_F(struct report_page, expired),
	TEMPLATE_NUMBER_F(struct report_page, cancelled),
	TEMPLATE_NUMBER_F(struct report_page, passed),
	TEMPLATE_NUMBER_F(struct report_page, most),
	TEMPLATE_LIST_F(struct report_page, days, day_count, report_bar_shape),
	TEMPLATE_LIST_F(struct report_page, waits, wait_count,
			report_bar_shape),
	TEMPLATE_LIST_F(struct report_page, outcomes, outcome_count,
			report_bar_shape),
	TEMPLATE_LIST_F(struct report_page, rules, rule_count,
			report_rule_shape),
	TEMPLATE_FLAG_F(struct report_page, any),
	TEMPLATE_FLAG_F(struct report_page, decided),
	TEMPLATE_FLAG_F(struct report_page, may_later),
};
const struct template_shape shape_report =
	TEMPLATE_SHAPE(report_page, report_fields);

static const char *const report_wait_words[VAULT_WAIT_BUCKETS + 1] = {
	N_("up to 1 min"),  N_("up to 5 min"), N_("up to 15 min"),
	N_("up to 1 h"),    N_("up to 4 h"),   N_("up to 1 day"),
	N_("up to 3 days"), N_("longer"),      N_("–")
};

/* The month asked for, or this one; filled from the vault's counts. */
static enum status
report_ask(struct call *call, struct report_sum *sum,
	   struct wire_arena **arena_out, struct err *err)
{
	struct vault_stats_answer stats = { .line_count = 0 };
	const char *asked = form_get(&call->query, "month");
	uint32_t year = 0;
	uint32_t month = 0;
	enum status st = ST_OK;

	report_month_of(clock_unix_ms(), &year, &month);
	if (asked[0] != '\0' && !report_month_parse(asked, &year, &month))
		return err_set(err, ST_FORMAT,
			       N_("write the month as 2026-11"));
	report_sum_init(sum, year, month);
	st = ask_stats(call, sum->from_day, sum->from_day + sum->day_count - 1,
		       &stats, arena_out, err);
	for (size_t i = 0; st == ST_OK && i < stats.line_count; i++)
		report_sum_add(sum, &stats.lines[i]);
	return st;
}

static uint64_t
report_scaled(uint64_t value, uint64_t most, uint64_t size)
{
	const uint64_t scaled = most > 0 ? value * size / most : 0;

	return value > 0 && scaled == 0 ? 1 : scaled;
}

static void
report_fill_days(struct call *call, const struct report_sum *sum,
		 struct report_page *values)
{
	struct report_bar *bars =
		scratch_alloc(&call->scratch, sum->day_count, sizeof(*bars));

	for (size_t i = 0; i < sum->day_count; i++)
		if (sum->days[i].held > values->most)
			values->most = sum->days[i].held;
	for (size_t i = 0; bars != NULL && i < sum->day_count; i++) {
		const uint64_t held = sum->days[i].held;
		const bool named = i == 0 || (i + 1) % CHART_LABEL_EVERY == 0;

		bars[i].value = held;
		bars[i].x = i * CHART_STEP;
		bars[i].width = CHART_BAR;
		bars[i].middle = bars[i].x + CHART_BAR / 2;
		bars[i].height =
			report_scaled(held, values->most, CHART_HEIGHT);
		bars[i].y = CHART_TOP + CHART_HEIGHT - bars[i].height;
		bars[i].label =
			named ? scratch_textf(&call->scratch, "%zu", i + 1)
			      : "";
		bars[i].title = scratch_textf(
			&call->scratch,
			"%" PRIu32 "-%02" PRIu32 "-%02zu: %" PRIu64, sum->year,
			sum->month, i + 1, held);
	}
	values->days = bars;
	values->day_count = bars != NULL ? sum->day_count : 0;
}

static void
report_fill_waits(struct call *call, const struct report_sum *sum,
		  struct report_page *values)
{
	struct report_bar *bars = scratch_alloc(
		&call->scratch, VAULT_WAIT_BUCKETS, sizeof(*bars));
	uint64_t most = 0;

	for (size_t i = 0; i < VAULT_WAIT_BUCKETS; i++)
		if (sum->total.waited[i] > most)
			most = sum->total.waited[i];
	for (size_t i = 0; bars != NULL && i < VAULT_WAIT_BUCKETS; i++) {
		bars[i].value = sum->total.waited[i];
		bars[i].x = i * WAIT_STEP + (WAIT_STEP - WAIT_BAR) / 2;
		bars[i].width = WAIT_BAR;
		bars[i].middle = bars[i].x + WAIT_BAR / 2;
		bars[i].height =
			report_scaled(bars[i].value, most, CHART_HEIGHT);
		bars[i].y = CHART_TOP + CHART_HEIGHT - bars[i].height;
		bars[i].label_y = bars[i].y - CHART_GAP;
		bars[i].label = call_text(call, report_wait_words[i]);
	}
	values->waits = bars;
	values->wait_count = bars != NULL ? VAULT_WAIT_BUCKETS : 0;
	values->median = call_text(
		call, report_wait_words[report_median_bucket(&sum->total)]);
	values->decided = report_decided(&sum->total) > 0;
}

static void
report_fill_outcomes(struct call *call, const struct report_sum *sum,
		     struct report_page *values)
{
	const struct {
		const char *kind, *english;
		uint64_t count;
	} rows[] = {
		{ "approved", N_("Approved"), sum->total.approved },
		{ "returned", N_("Returned"), sum->total.returned },
		{ "expired", N_("Expired"), sum->total.expired },
		{ "cancelled", N_("Cancelled"), sum->total.cancelled },
		{ "passed", N_("Opened and sent"), sum->total.passed },
	};
	struct report_bar *bars =
		scratch_alloc(&call->scratch, ARRAY_LEN(rows), sizeof(*bars));
	uint64_t all = 0;
	uint64_t x = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		all += rows[i].count;
	for (size_t i = 0; bars != NULL && i < ARRAY_LEN(rows); i++) {
		bars[i].value = rows[i].count;
		bars[i].kind = rows[i].kind;
		bars[i].label = call_text(call, rows[i].english);
		bars[i].x = x;
		bars[i].width = report_scaled(rows[i].count, all, FULL_WIDTH);
		x += bars[i].width;
	}
	values->outcomes = bars;
	values->outcome_count = bars != NULL ? ARRAY_LEN(rows) : 0;
}

static void
report_fill_rules(struct call *call, const struct report_sum *sum,
		  struct report_page *values)
{
	struct report_rule *rows = scratch_alloc(
		&call->scratch, sum->rule_count + 1, sizeof(*rows));
	uint64_t most = 0;

	for (size_t i = 0; i < sum->rule_count; i++)
		if (sum->rules[i].held > most)
			most = sum->rules[i].held;
	for (size_t i = 0; rows != NULL && i < sum->rule_count; i++) {
		const struct report_count *count = &sum->rules[i];

		rows[i] = (struct report_rule){
			.rule = count->rule[0] != '\0'
					? count->rule
					: call_text(call, N_("other rules")),
			.held = count->held,
			.approved = count->approved,
			.returned = count->returned,
			.expired = count->expired,
			.cancelled = count->cancelled,
			.passed = count->passed,
			.median = call_text(
				call,
				report_wait_words[report_median_bucket(count)]),
			.share = report_scaled(count->held, most, 100),
		};
	}
	values->rules = rows;
	values->rule_count = rows != NULL ? sum->rule_count : 0;
}

static const char *
report_month_text(struct call *call, uint32_t year, uint32_t month)
{
	return scratch_textf(&call->scratch, "%04" PRIu32 "-%02" PRIu32, year,
			     month);
}

static void
report_fill_months(struct call *call, const struct report_sum *sum,
		   struct report_page *values)
{
	const bool first = sum->month == 1;
	const bool last = sum->month == 12;
	uint32_t year = 0;
	uint32_t month = 0;

	report_month_of(clock_unix_ms(), &year, &month);
	values->month = report_month_text(call, sum->year, sum->month);
	values->month_words =
		call->language == I18N_LANGUAGE_JA
			? scratch_textf(&call->scratch,
					"%" PRIu32 "年%" PRIu32 "月", sum->year,
					sum->month)
			: values->month;
	values->before = report_month_text(call, sum->year - first,
					   first ? 12 : sum->month - 1);
	values->after = report_month_text(call, sum->year + last,
					  last ? 1 : sum->month + 1);
	values->may_later =
		sum->year < year || (sum->year == year && sum->month < month);
}

enum status
page_report(struct call *call, struct err *err)
{
	struct report_sum sum = { .year = 0 };
	struct report_page values = { .month = NULL };
	const struct page page = { VIEW_TEMPLATE_REPORT, &values,
				   call_text(call, N_("Report")),
				   PAGE_MENU_REPORT };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = report_ask(call, &sum, &arena, err);

	if (st != ST_OK)
		return st;
	report_fill_months(call, &sum, &values);
	report_fill_days(call, &sum, &values);
	report_fill_waits(call, &sum, &values);
	report_fill_outcomes(call, &sum, &values);
	report_fill_rules(call, &sum, &values);
	values.held = sum.total.held;
	values.approved = sum.total.approved;
	values.returned = sum.total.returned;
	values.expired = sum.total.expired;
	values.cancelled = sum.total.cancelled;
	values.passed = sum.total.passed;
	values.any = sum.rule_count > 0;
	return page_render(call, &page, err);
}

/* --- CSV (RFC 4180) ---------------------------------------------------- */

/* Quoted always; a cell that a spreadsheet would take for a formula gets an
 * apostrophe in front (OWASP, CSV injection). */
static void
report_add_cell(struct sbuf *out, const char *text)
{
	sbuf_add_byte(out, '"');
	if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
		sbuf_add_byte(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			sbuf_add_byte(out, '"');
		sbuf_add_byte(out, (uint8_t)*text);
	}
	sbuf_add_byte(out, '"');
}

static void
report_add_line(struct call *call, struct sbuf *out,
		const struct report_sum *sum,
		const struct vault_stats_line *line)
{
	const uint64_t counts[] = { line->held,      line->approved,
				    line->returned,  line->expired,
				    line->cancelled, line->passed };
	uint32_t day = line->day - sum->from_day + 1;

	report_add_cell(out,
			scratch_textf(&call->scratch,
				      "%" PRIu32 "-%02" PRIu32 "-%02" PRIu32,
				      sum->year, sum->month, day));
	sbuf_add_byte(out, ',');
	report_add_cell(out, line->rule);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		sbuf_addf(out, ",%" PRIu64, counts[i]);
	for (size_t i = 0; i < VAULT_WAIT_BUCKETS; i++)
		sbuf_addf(out, ",%" PRIu64, line->waited[i]);
	sbuf_add_text(out, "\r\n");
}

static void
report_add_head(struct call *call, struct sbuf *out)
{
	static const char *const names[] = {
		N_("Day"),       N_("Rule"),           N_("Held"),
		N_("Approved"),  N_("Returned"),       N_("Expired"),
		N_("Cancelled"), N_("Opened and sent")
	};

	/* So that spreadsheets take it for UTF-8. */
	sbuf_add_text(out, "\xef\xbb\xbf");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		report_add_cell(out, call_text(call, names[i]));
		sbuf_add_byte(out, ',');
	}
	for (size_t i = 0; i < VAULT_WAIT_BUCKETS; i++) {
		report_add_cell(out, call_text(call, report_wait_words[i]));
		sbuf_add_text(out, i + 1 < VAULT_WAIT_BUCKETS ? "," : "\r\n");
	}
}

enum status
page_report_csv(struct call *call, struct err *err)
{
	struct report_sum sum = { .year = 0 };
	struct vault_stats_answer stats = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	AUTO(wire_arena_free) struct wire_arena *more = NULL;
	struct sbuf *out = &call->response->body;
	enum status st = report_ask(call, &sum, &arena, err);

	if (st == ST_OK)
		st = ask_stats(call, sum.from_day,
			       sum.from_day + sum.day_count - 1, &stats, &more,
			       err);
	if (st != ST_OK)
		return st;
	http_response_reset(call->response, 200);
	call->response->content_type = "text/csv; charset=utf-8";
	report_add_head(call, out);
	for (size_t i = 0; i < stats.line_count; i++)
		if (stats.lines[i].day >= sum.from_day &&
		    stats.lines[i].day - sum.from_day < sum.day_count)
			report_add_line(call, out, &sum, &stats.lines[i]);
	return sbuf_status(out, "desk: report", err);
}
