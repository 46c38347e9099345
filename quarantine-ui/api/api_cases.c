#include <string.h>

#include "quarantine-ui/api/json.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"

static enum status
cases_send(struct call *call, const struct vault_list_answer *answer,
	   struct err *err)
{
	json_t *cases = json_array();
	json_t *json = NULL;

	for (size_t i = 0; cases != NULL && i < answer->line_count; i++) {
		json_t *line = json_of_case_line(&answer->lines[i]);

		if (line == NULL || json_array_append_new(cases, line) != 0)
			json_free(&cases);
	}
	json = json_pack("{s:o,s:o}", "cases", cases, "total",
			 json_of_number(answer->total));
	return json_send(call, 200, &json, err);
}

enum status
api_cases(struct call *call, struct err *err)
{
	const char *name = form_get(&call->query, "filter");
	const enum case_filter filter =
		ask_filter_of(name[0] != '\0' ? name : "open");
	uint64_t offset = 0;
	uint64_t limit = 50;
	const char *sort = form_get(&call->query, "sort");
	struct ask_page page = { .filter = filter,
				 .sort = ask_sort_of(sort),
				 .search = form_get(&call->query, "q") };
	struct vault_list_answer answer = { .lines = NULL };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	if (filter == CASE_FILTER_NONE)
		return err_set(err, ST_FORMAT,
			       "filter is todo, open, mine or all");
	if (sort[0] != '\0' && page.sort == CASE_SORT_NONE)
		return err_set(err, ST_FORMAT,
			       "sort is urgent, oldest, newest, deadline or "
			       "sender");
	st = json_query_number(call, "offset", UINT32_MAX, &offset, err);
	if (st == ST_OK)
		st = json_query_number(call, "limit", VAULT_MAX_PAGE, &limit,
				       err);
	if (st != ST_OK)
		return st;
	page.offset = (uint32_t)offset;
	page.limit = (uint32_t)limit;
	st = ask_list(call, &page, &answer, &arena, err);
	return st == ST_OK ? cases_send(call, &answer, err) : st;
}

enum status
api_case(struct call *call, struct err *err)
{
	struct asked_case asked = { .arena = NULL };
	json_t *json = NULL;
	enum status st = ask_case(call, &asked, err);

	if (st == ST_OK) {
		json = json_of_case(&asked);
		st = json_send(call, 200, &json, err);
	}
	ask_case_done(&asked);
	return st;
}

static enum case_decision
decision_of(const char *name)
{
	static const char *const names[CASE_DECISION_END] = {
		"", "approve", "return", "cancel", "confirm", "link"
	};

	for (size_t i = 1; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0)
			return (enum case_decision)i;
	}
	return CASE_DECISION_NONE;
}

static enum status
decision_read(const json_t *json, struct ask_decision *decision,
	      struct err *err)
{
	const char *name = "";
	enum status st = json_get_text(json, "decision", &name, err);

	if (st == ST_OK)
		st = json_get_text(json, "version", &decision->version, err);
	if (st == ST_OK)
		st = json_get_text(json, "purpose", &decision->purpose, err);
	if (st == ST_OK)
		st = json_get_text(json, "comment", &decision->comment, err);
	if (st != ST_OK)
		return st;
	decision->decision = decision_of(name);
	if (decision->decision == CASE_DECISION_NONE)
		return err_set(err, ST_FORMAT,
			       "decision is approve, return, cancel, "
			       "confirm or link");
	if (decision->decision == CASE_DECISION_RETURN &&
	    decision->comment[0] == '\0')
		return err_set(err, ST_FORMAT, "a return needs a comment");
	return ST_OK;
}

enum status
api_decision(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	json_t *answer = NULL;
	struct ask_decision decision = { .decision = CASE_DECISION_NONE };
	enum case_state state = CASE_STATE_NONE;
	enum status st = json_read(call, &json, err);

	if (st == ST_OK)
		st = decision_read(json, &decision, err);
	if (st == ST_OK)
		st = ask_decide(call, &decision, &state, err);
	if (st != ST_OK)
		return st;
	answer = json_pack("{s:s}", "state", case_state_name(state));
	return json_send(call, 200, &answer, err);
}

enum status
api_rescan(struct call *call, struct err *err)
{
	json_t *answer = NULL;
	const enum status st = ask_rescan(call, err);

	if (st != ST_OK)
		return st;
	answer = json_pack("{s:b}", "ordered", 1);
	return json_send(call, 202, &answer, err);
}
