#include "cli/hold_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/explain.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum {
	HOLD_MAX_TEXT_BYTES = 4 * 1024 * 1024,
	HOLD_MAX_FINDINGS = 20 /* explained, the surest first */
};

/* --- JSON -------------------------------------------------------------- */

enum status
json_print(json_t *json, struct err *err)
{
	int failed = 0;

	if (json == NULL)
		return err_set(err, ST_NO_MEMORY, "json: no memory");
	failed = json_dumpf(json, stdout, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(json);
	if (failed != 0 || putchar('\n') == EOF || fflush(stdout) != 0)
		return err_set_errno(err, "standard output");
	return ST_OK;
}

json_t *
json_time(int64_t unix_ms)
{
	char text[CLOCK_RFC3339_BYTES];

	if (unix_ms <= 0 || unix_ms == INT64_MAX)
		return json_null();
	clock_format_rfc3339(unix_ms, text);
	return json_string(text);
}

json_t *
json_text(const char *text)
{
	AUTO(sbuf_done) struct sbuf utf8;
	const uint8_t *at = (const uint8_t *)text;

	sbuf_init(&utf8, HOLD_MAX_TEXT_BYTES);
	if (parse_is_utf8(span_of(text)))
		return json_string(text);
	for (; *at != '\0'; at++) {
		if (*at < 0x80) {
			sbuf_add_byte(&utf8, *at);
			continue;
		}
		sbuf_add_byte(&utf8, (uint8_t)(0xc0 | *at >> 6));
		sbuf_add_byte(&utf8, (uint8_t)(0x80 | (*at & 0x3f)));
	}
	return json_string(sbuf_text(&utf8));
}

static const char *
hold_level_name(enum report_level level)
{
	return level == REPORT_LEVEL_NONE ? "" : report_level_name(level);
}

json_t *
hold_line_json(const struct vault_case_line *line)
{
	char id[CASE_ID_TEXT_BYTES];

	case_id_format(line->case_id, id);
	return json_pack(
		"{s:s, s:s, s:o, s:o, s:i, s:o, s:I, s:s, s:s, s:I, s:o, s:o, "
		"s:o, s:b}",
		"id", id, "state", case_state_name(line->state), "sender",
		json_text(line->envelope_sender), "recipients",
		json_text(line->recipients_text), "recipient_count",
		(int)line->recipient_count, "subject", json_text(line->subject),
		"numbers", (json_int_t)line->number_count, "verdict",
		report_verdict_name(line->verdict), "level",
		hold_level_name(line->level), "score",
		(json_int_t)line->score_db, "rule", json_text(line->rule),
		"received", json_time(line->received_unix_ms), "deadline",
		json_time(line->deadline_unix_ms), "own", (int)line->own);
}

static json_t *
hold_finding_json(const struct report_finding *finding)
{
	json_t *terms = json_array();

	for (size_t i = 0; i < finding->term_count; i++)
		(void)json_array_append_new(
			terms,
			json_pack("{s:s, s:I}", "name", finding->terms[i].name,
				  "weight",
				  (json_int_t)finding->terms[i].weight_db));
	return json_pack("{s:o, s:o, s:o, s:s, s:I, s:I, s:o}", "part",
			 json_text(finding->part), "location",
			 json_text(finding->location), "masked",
			 json_text(finding->masked), "level",
			 report_level_name(finding->level), "score",
			 (json_int_t)finding->score_db, "count",
			 (json_int_t)finding->count, "evidence", terms);
}

static json_t *
hold_report_json(const struct scan_report *report)
{
	json_t *findings = json_array();
	json_t *opaques = json_array();
	json_t *locks = json_array();

	for (size_t i = 0; i < report->finding_count; i++)
		(void)json_array_append_new(
			findings, hold_finding_json(&report->findings[i]));
	for (size_t i = 0; i < report->opaque_count; i++)
		(void)json_array_append_new(
			opaques,
			json_pack("{s:o, s:s, s:o}", "part",
				  json_text(report->opaques[i].part), "reason",
				  report_reason_name(report->opaques[i].reason),
				  "detail",
				  json_text(report->opaques[i].detail)));
	for (size_t i = 0; i < report->lock_count; i++)
		(void)json_array_append_new(
			locks,
			json_pack("{s:o, s:o, s:b, s:s}", "part",
				  json_text(report->locks[i].part), "kind",
				  json_text(report->locks[i].kind), "opened",
				  (int)report->locks[i].opened, "source",
				  report_word_source_name(
					  report->locks[i].source)));
	return json_pack(
		"{s:o, s:o, s:o, s:o}", "profile",
		report->profile != REPORT_PROFILE_NONE
			? json_string(report_profile_name(report->profile))
			: json_null(),
		"findings", findings, "unscannable", opaques, "locks", locks);
}

static json_t *
hold_recipients_json(const struct vault_case *held)
{
	json_t *list = json_array();

	for (size_t i = 0; i < held->recipient_count; i++) {
		const struct vault_recipient_line *one = &held->recipients[i];

		(void)json_array_append_new(
			list,
			json_pack("{s:o, s:s, s:o, s:b}", "address",
				  json_text(one->address), "outcome",
				  case_outcome_name(one->outcome), "last_reply",
				  json_text(one->last_reply), "written_before",
				  (int)one->written_before));
	}
	return list;
}

static json_t *
hold_events_json(const struct vault_case *held)
{
	json_t *list = json_array();

	for (size_t i = 0; i < held->event_count; i++) {
		const struct vault_case_event *one = &held->events[i];

		(void)json_array_append_new(
			list, json_pack("{s:o, s:o, s:o, s:o}", "at",
					json_time(one->at_unix_ms), "actor",
					json_text(one->actor), "event",
					json_text(one->event), "detail",
					json_text(one->detail)));
	}
	return list;
}

json_t *
hold_case_json(const struct vault_case *held, const struct scan_report *report)
{
	json_t *json = hold_line_json(&held->line);
	json_t *more = json_pack(
		"{s:o, s:o, s:o, s:o, s:I, s:o, s:b, s:b, s:o, s:o}", "to",
		hold_recipients_json(held), "events", hold_events_json(held),
		"client", json_text(held->client), "queue_id",
		json_text(held->queue_id), "size", (json_int_t)held->size_bytes,
		"approvers", json_text(held->approvers), "may_decide",
		(int)held->may_decide, "may_cancel", (int)held->may_cancel,
		"why_not", json_text(held->why_not), "report",
		hold_report_json(report));

	if (json == NULL || more == NULL ||
	    json_object_update(json, more) != 0) {
		json_decref(json);
		json = NULL;
	}
	json_decref(more);
	return json;
}

/* --- text -------------------------------------------------------------- */

static void
hold_print_field(const char *name, const char *value)
{
	AUTO(sbuf_done) struct sbuf safe;

	sbuf_init(&safe, HOLD_MAX_TEXT_BYTES);
	text_add_safe(&safe, value);
	(void)printf("%-11s %s\n", name,
		     safe.len_bytes > 0 ? sbuf_text(&safe) : "-");
}

static void
hold_print_fieldf(const char *name, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void
hold_print_fieldf(const char *name, const char *fmt, ...)
{
	AUTO(sbuf_done) struct sbuf text;
	va_list args;

	sbuf_init(&text, HOLD_MAX_TEXT_BYTES);
	va_start(args, fmt);
	sbuf_addfv(&text, fmt, args);
	va_end(args);
	hold_print_field(name, sbuf_text(&text));
}

static void
hold_print_head(const struct vault_case *held)
{
	const struct vault_case_line *line = &held->line;
	char id[CASE_ID_TEXT_BYTES];
	char received[TEXT_TIME_BYTES];
	char deadline[TEXT_TIME_BYTES];

	case_id_format(line->case_id, id);
	text_format_time(line->received_unix_ms, received);
	text_format_time(line->deadline_unix_ms, deadline);
	hold_print_fieldf("case", "%s  %s", id, case_state_name(line->state));
	hold_print_field("sender", line->envelope_sender[0] != '\0'
					   ? line->envelope_sender
					   : "<>");
	hold_print_field("subject", line->subject);
	hold_print_fieldf(
		"numbers", "%" PRIu64 "  (%s, level %s, score %" PRId64 ")",
		line->number_count, report_verdict_name(line->verdict),
		report_level_name(line->level), line->score_db);
	hold_print_field("rule", line->rule);
	hold_print_fieldf(
		"received", "%s  from %s, queue id %s, %" PRIu64 " bytes",
		received, held->client, held->queue_id, held->size_bytes);
	hold_print_field("deadline", deadline);
	hold_print_field("approvers", held->approvers);
	hold_print_field("you",
			 held->may_decide ? "may decide" : held->why_not);
}

static enum status
hold_print_recipients(const struct vault_case *held, struct err *err)
{
	static const char *const heads[] = { "RECIPIENT", "OUTCOME",
					     "WRITTEN BEFORE", "LAST REPLY" };
	AUTO(table_done) struct table table;

	table_init(&table, heads, ARRAY_LEN(heads));
	for (size_t i = 0; i < held->recipient_count; i++) {
		const struct vault_recipient_line *one = &held->recipients[i];

		table_add(&table, one->address);
		table_add(&table, case_outcome_name(one->outcome));
		table_add(&table, one->written_before ? "yes" : "no");
		table_add(&table, one->last_reply);
	}
	(void)putchar('\n');
	return table_print(&table, err);
}

static void
hold_print_report(const struct scan_report *report, const struct speech *speech)
{
	size_t count = report->finding_count;

	if (count > HOLD_MAX_FINDINGS)
		count = HOLD_MAX_FINDINGS;
	for (size_t i = 0; i < count; i++)
		explain_finding(speech, &report->findings[i],
				report->findings[i].masked);
	if (count < report->finding_count)
		(void)printf("\nand %zu findings more; --json has all\n",
			     report->finding_count - count);
	if (report->opaque_count > 0 || report->lock_count > 0)
		(void)putchar('\n');
	explain_opaques(report);
	explain_locks(report);
}

static enum status
hold_print_events(const struct vault_case *held, struct err *err)
{
	static const char *const heads[] = { "WHEN", "WHO", "WHAT", "DETAIL" };
	AUTO(table_done) struct table table;

	table_init(&table, heads, ARRAY_LEN(heads));
	for (size_t i = 0; i < held->event_count; i++) {
		table_add_time(&table, held->events[i].at_unix_ms);
		table_add(&table, held->events[i].actor);
		table_add(&table, held->events[i].event);
		table_add(&table, held->events[i].detail);
	}
	(void)putchar('\n');
	return table_print(&table, err);
}

/* Mails that wait with it, or what it waits with. */
static void
hold_print_companions(const struct vault_case *held)
{
	char id[CASE_ID_TEXT_BYTES];

	if (held->companion_of.len_bytes == CASE_ID_BYTES) {
		case_id_format(held->companion_of.ptr, id);
		hold_print_field("waits with", id);
	}
	for (size_t i = 0; i < held->companion_count; i++) {
		case_id_format(held->companions[i].case_id, id);
		hold_print_field("with it", id);
	}
}

enum status
hold_print_case(const struct vault_case *held, const struct scan_report *report,
		const struct speech *speech, struct err *err)
{
	enum status st = ST_OK;

	hold_print_head(held);
	if (report->profile != REPORT_PROFILE_NONE)
		hold_print_field("profile",
				 report_profile_name(report->profile));
	hold_print_companions(held);
	st = hold_print_recipients(held, err);
	if (st != ST_OK)
		return st;
	hold_print_report(report, speech);
	return hold_print_events(held, err);
}
