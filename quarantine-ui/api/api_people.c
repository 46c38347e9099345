#include <string.h>

#include "quarantine-ui/api/api.h"
#include "quarantine-ui/api/json.h"
#include "quarantine-ui/desk/ask_people.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/report_sum.h"

const char *
json_stage_name(enum session_stage stage)
{
	static const char *const names[] = { "", "full", "code", "enrol" };

	return (size_t)stage < ARRAY_LEN(names) ? names[stage] : "";
}

/* The code that ends stage "code"; the token is a new one from then on. */
enum status
api_second_factor(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	struct vault_second_factor_answer answer = { .uri = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const char *code = "";
	json_t *out = NULL;
	enum status st = ST_OK;

	if (!call_may_try_password(call)) {
		call->response->retry_after_s = 60;
		api_error(call, 429, "");
		return ST_OK;
	}
	st = json_read(call, &json, err);
	if (st == ST_OK)
		st = json_get_text(json, "code", &code, err);
	if (st == ST_OK)
		st = ask_factor(call, FACTOR_STEP_VERIFY, code, &answer, &arena,
				err);
	if (st != ST_OK)
		return st;
	out = json_pack("{s:o,s:s}", "token", json_of_base64url(answer.token),
			"stage", json_stage_name(answer.stage));
	return json_send(call, 200, &out, err);
}

static json_t *
people_session(const struct vault_session_line *line)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:b}", "id",
			 json_of_hex((struct span){ line->session_id,
						    sizeof(line->session_id) }),
			 "made", json_of_instant(line->made_unix_ms), "seen",
			 json_of_instant(line->seen_unix_ms), "client",
			 json_of_text(line->client_address), "agent",
			 json_of_text(line->agent), "current",
			 (int)line->current);
}

enum status
api_sessions(struct call *call, struct err *err)
{
	struct vault_session_list_answer list = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	json_t *lines = NULL;
	json_t *out = NULL;
	const enum status st = ask_sessions(call, &list, &arena, err);

	if (st != ST_OK)
		return st;
	lines = json_array();
	for (size_t i = 0; lines != NULL && i < list.line_count; i++) {
		json_t *line = people_session(&list.lines[i]);

		if (line == NULL || json_array_append_new(lines, line) != 0)
			json_free(&lines);
	}
	out = json_pack("{s:o}", "sessions", lines);
	return json_send(call, 200, &out, err);
}

/* One's own: ?session=ID, or all of them. */
enum status
api_sessions_end(struct call *call, struct err *err)
{
	const char *session = form_get(&call->query, "session");
	const enum status st = ask_session_end(
		call, session[0] != '\0' ? session : "all", err);

	if (st == ST_OK)
		http_response_reset(call->response, 204);
	return st;
}

enum status
api_comment(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	const char *text = "";
	enum status st = json_read(call, &json, err);

	if (st == ST_OK)
		st = json_get_text(json, "comment", &text, err);
	if (st == ST_OK && text[strspn(text, " \n\t")] == '\0')
		st = err_set(err, ST_FORMAT, "comment is empty");
	if (st == ST_OK)
		st = ask_comment(call, text, err);
	if (st == ST_OK)
		http_response_reset(call->response, 204);
	return st;
}

enum status
api_unlock(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	json_t *answer = NULL;
	const char *password = "";
	enum status st = json_read(call, &json, err);

	if (st == ST_OK)
		st = json_get_text(json, "password", &password, err);
	if (st == ST_OK)
		st = ask_unlock(call, password,
				json_is_true(json_object_get(json, "keep")),
				err);
	if (st != ST_OK)
		return st;
	answer = json_pack("{s:b}", "trying", 1);
	return json_send(call, 202, &answer, err);
}

enum status
api_search(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	const char *step = "";
	enum status st = json_read(call, &json, err);

	if (st == ST_OK)
		st = json_get_text(json, "step", &step, err);
	if (st == ST_OK)
		st = ask_search(call, step, err);
	if (st == ST_OK)
		http_response_reset(call->response, 204);
	return st;
}

/* --- figures ------------------------------------------------------------ */

static json_t *
people_waited(const struct vault_stats_line *line)
{
	json_t *waited = json_array();

	for (size_t i = 0; waited != NULL && i < VAULT_WAIT_BUCKETS; i++) {
		json_t *count = json_of_number(line->waited[i]);

		if (count == NULL || json_array_append_new(waited, count) != 0)
			json_free(&waited);
	}
	return waited;
}

static json_t *
people_stats_line(const struct vault_stats_line *line)
{
	return json_pack("{s:i,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "day",
			 (int)line->day, "rule", json_of_text(line->rule),
			 "held", json_of_number(line->held), "approved",
			 json_of_number(line->approved), "returned",
			 json_of_number(line->returned), "expired",
			 json_of_number(line->expired), "cancelled",
			 json_of_number(line->cancelled), "waited",
			 people_waited(line), "passed",
			 json_of_number(line->passed));
}

/* The month asked for, or this one. */
enum status
api_stats(struct call *call, struct err *err)
{
	const char *asked = form_get(&call->query, "month");
	struct vault_stats_answer stats = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct report_sum sum;
	uint32_t year = 0;
	uint32_t month = 0;
	json_t *lines = NULL;
	json_t *out = NULL;
	enum status st = ST_OK;

	report_month_of(clock_unix_ms(), &year, &month);
	if (asked[0] != '\0' && !report_month_parse(asked, &year, &month))
		return err_set(err, ST_FORMAT, "month is written as 2026-11");
	report_sum_init(&sum, year, month);
	st = ask_stats(call, sum.from_day, sum.from_day + sum.day_count - 1,
		       &stats, &arena, err);
	if (st != ST_OK)
		return st;
	lines = json_array();
	for (size_t i = 0; lines != NULL && i < stats.line_count; i++) {
		json_t *line = people_stats_line(&stats.lines[i]);

		if (line == NULL || json_array_append_new(lines, line) != 0)
			json_free(&lines);
	}
	out = json_pack("{s:i,s:i,s:o}", "from_day", (int)sum.from_day, "days",
			(int)sum.day_count, "lines", lines);
	return json_send(call, 200, &out, err);
}
