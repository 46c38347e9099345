#include "quarantine-ui/api/json.h"
#include "quarantine-ui/desk/route.h"

static json_t *
audit_of_line(const struct vault_audit_line *line)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "seq",
			 json_of_number(line->seq), "at",
			 json_of_instant(line->at_unix_ms), "actor",
			 json_of_text(line->actor), "via",
			 json_of_text(line->via), "event",
			 json_of_text(line->event), "case",
			 line->case_id.len_bytes == CASE_ID_BYTES
				 ? json_of_case_id(line->case_id.ptr)
				 : json_null(),
			 "detail", json_of_text(line->detail));
}

static enum status
audit_send(struct call *call, const struct vault_audit_list_answer *answer,
	   struct err *err)
{
	json_t *rows = json_array();
	json_t *json = NULL;

	for (size_t i = 0; rows != NULL && i < answer->line_count; i++) {
		json_t *row = audit_of_line(&answer->lines[i]);

		if (row == NULL || json_array_append_new(rows, row) != 0)
			json_free(&rows);
	}
	json = json_pack("{s:o,s:o}", "rows", rows, "total",
			 json_of_number(answer->total));
	return json_send(call, 200, &json, err);
}

enum status
api_audit(struct call *call, struct err *err)
{
	struct vault_audit_list request = { .actor = call_actor(call) };
	struct vault_audit_list_answer answer = { .lines = NULL };
	const struct vault_call ask = VAULT_CALL(AUDIT_LIST, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const char *case_text = form_get(&call->query, "case");
	/* cppcheck-suppress variableScope ; the request borrows it */
	uint8_t case_id[CASE_ID_BYTES];
	uint64_t limit = 100;
	enum status st = ST_OK;

	st = json_query_number(call, "from", UINT64_MAX, &request.from_seq,
			       err);
	if (st == ST_OK)
		st = json_query_number(call, "limit", VAULT_MAX_PAGE, &limit,
				       err);
	if (st != ST_OK)
		return st;
	request.limit = (uint32_t)limit;
	if (case_text[0] != '\0') {
		if (!case_id_parse(case_text, case_id))
			return err_set(err, ST_FORMAT, "case is no case id");
		request.case_id = (struct span){ case_id, sizeof(case_id) };
	}
	st = call_ask(call, &ask, &arena, err);
	return st == ST_OK ? audit_send(call, &answer, err) : st;
}

enum status
api_audit_verify(struct call *call, struct err *err)
{
	const struct vault_audit_verify request = { .actor = call_actor(call) };
	struct vault_audit_verify_answer answer = { .intact = false };
	const struct vault_call ask =
		VAULT_CALL(AUDIT_VERIFY, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = call_ask(call, &ask, &arena, err);
	json_t *json = NULL;

	if (st != ST_OK)
		return st;
	json = json_pack("{s:b,s:o,s:o,s:o}", "intact", answer.intact, "rows",
			 json_of_number(answer.rows), "bad_row",
			 answer.intact ? json_null()
				       : json_of_number(answer.bad_seq),
			 "reason", json_of_text(answer.reason));
	return json_send(call, 200, &json, err);
}
