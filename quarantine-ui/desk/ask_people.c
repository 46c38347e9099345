#include "quarantine-ui/desk/ask_people.h"

#include <string.h>

#include "lib/base/parse.h"

enum { ASK_SESSION_ID_BYTES = 16, ASK_MAX_CODE_BYTES = 64 };

/* People type codes in groups. */
static const char *
ask_code(struct call *call, const char *typed)
{
	AUTO(sbuf_done) struct sbuf code;

	sbuf_init_secret(&code, ASK_MAX_CODE_BYTES);
	for (; *typed != '\0'; typed++)
		if (*typed != ' ' && *typed != '\t' && *typed != '\n')
			sbuf_add_byte(&code, (uint8_t)*typed);
	return code.st == ST_OK ? scratch_text(&call->scratch, sbuf_span(&code))
				: "";
}

enum status
ask_factor(struct call *call, enum factor_step step, const char *code,
	   struct vault_second_factor_answer *answer,
	   struct wire_arena **arena_out, struct err *err)
{
	const struct vault_second_factor request = {
		.actor = call_actor(call),
		.step = step,
		.code = ask_code(call, code),
		.login = "",
		.client_address = call->request->client_address,
	};
	const struct vault_call ask =
		VAULT_CALL(SECOND_FACTOR, &request, answer);

	return call_ask(call, &ask, arena_out, err);
}

enum status
ask_factor_remove(struct call *call, const char *login, struct err *err)
{
	const struct vault_second_factor request = {
		.actor = call_actor(call),
		.step = FACTOR_STEP_REMOVE,
		.code = "",
		.login = login,
		.client_address = call->request->client_address,
	};
	struct vault_second_factor_answer answer = { .uri = NULL };
	const struct vault_call ask =
		VAULT_CALL(SECOND_FACTOR, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	return call_ask(call, &ask, &arena, err);
}

enum status
ask_sessions(struct call *call, struct vault_session_list_answer *answer,
	     struct wire_arena **arena_out, struct err *err)
{
	const struct vault_session_list request = { .actor = call_actor(call) };
	const struct vault_call ask =
		VAULT_CALL(SESSION_LIST, &request, answer);

	return call_ask(call, &ask, arena_out, err);
}

enum status
ask_session_end(struct call *call, const char *session_text, struct err *err)
{
	uint8_t id[ASK_SESSION_ID_BYTES];
	struct vault_session_end request = { .actor = call_actor(call) };
	struct vault_empty answer = { 0 };
	const struct vault_call ask =
		VAULT_CALL(SESSION_END, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	if (parse_hex(span_of(session_text), id, sizeof(id)))
		request.session_id = (struct span){ id, sizeof(id) };
	else if (strcmp(session_text, "all") != 0)
		return err_set(err, ST_FORMAT, "no such session");
	return call_ask(call, &ask, &arena, err);
}

enum status
ask_enter(struct call *call, const char *code, struct vault_session *session,
	  struct wire_arena **arena_out, struct err *err)
{
	const struct vault_enter request = {
		.entry_id = call->case_text,
		.code = ask_code(call, code),
		.client_address = call->request->client_address,
	};
	const struct vault_call ask = VAULT_CALL(ENTER, &request, session);
	const enum status st = call_ask(call, &ask, arena_out, err);

	return st == ST_FORMAT || st == ST_NOT_FOUND
		       ? err_set(err, ST_DENIED, "the code is not good")
		       : st;
}

enum status
ask_entry_again(struct call *call, struct err *err)
{
	const struct vault_entry_again request = {
		.entry_id = call->case_text,
		.client_address = call->request->client_address,
	};
	struct vault_empty answer = { 0 };
	const struct vault_call ask =
		VAULT_CALL(ENTRY_AGAIN, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	return call_ask(call, &ask, &arena, err);
}

enum status
ask_comment(struct call *call, const char *text, struct err *err)
{
	struct vault_comment request = { .actor = call_actor(call),
					 .text = text };
	struct vault_empty answer = { 0 };
	const struct vault_call ask = VAULT_CALL(COMMENT, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	return call_ask(call, &ask, &arena, err);
}

enum status
ask_unlock(struct call *call, const char *password, bool keep, struct err *err)
{
	struct vault_unlock request = { .actor = call_actor(call),
					.password = password,
					.keep = keep };
	struct vault_empty answer = { 0 };
	const struct vault_call ask = VAULT_CALL(UNLOCK, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	if (strlen(password) > REPORT_SECRET_BYTES)
		return err_set(err, ST_FORMAT, "the password is too long");
	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	return call_ask(call, &ask, &arena, err);
}

enum status
ask_search(struct call *call, const char *step, struct err *err)
{
	struct vault_search request = { .actor = call_actor(call) };
	struct vault_empty answer = { 0 };
	const struct vault_call ask = VAULT_CALL(SEARCH, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	if (strcmp(step, "pause") == 0)
		request.step = SEARCH_STEP_PAUSE;
	else if (strcmp(step, "resume") == 0)
		request.step = SEARCH_STEP_RESUME;
	else
		return err_set(err, ST_FORMAT, "step is pause or resume");
	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	return call_ask(call, &ask, &arena, err);
}

enum status
ask_users(struct call *call, struct vault_user_list_answer *answer,
	  struct wire_arena **arena_out, struct err *err)
{
	const struct vault_user_list request = { call_actor(call) };
	const struct vault_call ask = VAULT_CALL(USER_LIST, &request, answer);

	return call_ask(call, &ask, arena_out, err);
}

enum status
ask_user_change(struct call *call, enum user_change change,
		const struct vault_user *user, const char *password,
		struct err *err)
{
	const struct vault_user_change request = { .actor = call_actor(call),
						   .change = change,
						   .user = *user,
						   .password = password };
	struct vault_empty answer = { 0 };
	const struct vault_call ask =
		VAULT_CALL(USER_CHANGE, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	return call_ask(call, &ask, &arena, err);
}

enum status
ask_stats(struct call *call, uint32_t from_day, uint32_t to_day,
	  struct vault_stats_answer *answer, struct wire_arena **arena_out,
	  struct err *err)
{
	const struct vault_stats request = { .actor = call_actor(call),
					     .from_day = from_day,
					     .to_day = to_day };
	const struct vault_call ask = VAULT_CALL(STATS, &request, answer);

	return call_ask(call, &ask, arena_out, err);
}
