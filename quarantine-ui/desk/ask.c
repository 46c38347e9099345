#include "quarantine-ui/desk/ask.h"

#include <string.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/desk/agent.h"

enum { ASK_SHOWN_DIGITS = 4 };

/* A report that does not hold together is as good as none. */
static void
ask_read_report(struct asked_case *asked)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (asked->held.report.len_bytes == 0)
		return;
	st = report_decode(asked->held.report, &asked->report,
			   &asked->report_arena, &err);
	if (st == ST_OK) {
		report_forget_numbers(&asked->report);
		st = report_check(&asked->report, &err);
	}
	if (st != ST_OK)
		log_event(LOG_LEVEL_ERROR, "report-unreadable", &err);
	asked->has_report = st == ST_OK;
}

enum status
ask_case(struct call *call, struct asked_case *asked, struct err *err)
{
	struct vault_show request = { .actor = call_actor(call) };
	const struct vault_call ask = VAULT_CALL(SHOW, &request, &asked->held);
	enum status st = ST_OK;

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	st = call_ask(call, &ask, &asked->arena, err);
	if (st == ST_OK)
		ask_read_report(asked);
	return st;
}

void
ask_case_done(struct asked_case *asked)
{
	wire_arena_free(&asked->report_arena);
	wire_arena_free(&asked->arena);
}

enum status
ask_decide(struct call *call, const struct ask_decision *decision,
	   enum case_state *state_out, struct err *err)
{
	struct vault_decide request = {
		.actor = call_actor(call),
		.decision = decision->decision,
		.purpose = decision->purpose,
		.comment = decision->comment,
		.client_address = call->request->client_address,
	};
	struct vault_decide_answer answer = { CASE_STATE_NONE };
	const struct vault_call ask = VAULT_CALL(DECIDE, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	if (!parse_hex(span_of(decision->version), request.version,
		       sizeof(request.version)))
		return err_set(err, ST_FORMAT,
			       "the version of the case is missing");
	st = call_ask(call, &ask, &arena, err);
	if (st == ST_OK)
		*state_out = answer.state;
	return st;
}

enum status
ask_rescan(struct call *call, struct err *err)
{
	struct vault_rescan request = { .actor = call_actor(call) };
	struct vault_empty answer = { 0 };
	const struct vault_call ask = VAULT_CALL(RESCAN, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	return call_ask(call, &ask, &arena, err);
}

const char *
ask_masked(const struct report_finding *finding)
{
	size_t digits = 0;

	for (const char *c = finding->masked; *c != '\0'; c++) {
		if (*c >= '0' && *c <= '9')
			digits++;
		else if (*c != '*' && *c != '-' && *c != ' ')
			return "************";
	}
	return digits <= ASK_SHOWN_DIGITS ? finding->masked : "************";
}

enum status
ask_list(struct call *call, const struct ask_page *page,
	 struct vault_list_answer *answer, struct wire_arena **arena_out,
	 struct err *err)
{
	struct vault_list request = { .actor = call_actor(call),
				      .filter = page->filter,
				      .sort = page->sort,
				      .search = page->search,
				      .offset = page->offset,
				      .limit = page->limit };
	const struct vault_call ask = VAULT_CALL(LIST, &request, answer);

	if (request.search == NULL)
		request.search = "";
	return call_ask(call, &ask, arena_out, err);
}

static const char *const filter_names[CASE_FILTER_END] = { "", "todo", "open",
							   "mine", "all" };

enum case_filter
ask_filter_of(const char *name)
{
	for (size_t i = 1; i < ARRAY_LEN(filter_names); i++) {
		if (strcmp(filter_names[i], name) == 0)
			return (enum case_filter)i;
	}
	return CASE_FILTER_NONE;
}

const char *
ask_filter_name(enum case_filter filter)
{
	return (size_t)filter < ARRAY_LEN(filter_names) ? filter_names[filter]
							: "";
}

static const char *const sort_names[CASE_SORT_END] = { "",         "urgent",
						       "oldest",   "newest",
						       "deadline", "sender" };

enum case_sort
ask_sort_of(const char *name)
{
	for (size_t i = 1; i < ARRAY_LEN(sort_names); i++) {
		if (strcmp(sort_names[i], name) == 0)
			return (enum case_sort)i;
	}
	return CASE_SORT_NONE;
}

const char *
ask_sort_name(enum case_sort sort)
{
	return (size_t)sort < ARRAY_LEN(sort_names) ? sort_names[sort] : "";
}

enum status
ask_sign_in(struct call *call, const char *login, const char *password,
	    struct vault_session *session, struct wire_arena **arena_out,
	    struct err *err)
{
	const struct vault_login request = {
		.login = login,
		.password = password,
		.client_address = call->request->client_address,
		.agent = agent_known(&call->scratch,
				     call->request->fields.user_agent),
	};
	const struct vault_call ask = VAULT_CALL(LOGIN, &request, session);
	const enum status st = call_ask(call, &ask, arena_out, err);

	/* A name or password that no account can have is as wrong as any. */
	return st == ST_FORMAT || st == ST_NOT_FOUND
		       ? err_set(err, ST_DENIED, "sign-in refused")
		       : st;
}

enum status
ask_sign_out(struct call *call, struct span token, struct err *err)
{
	const struct vault_whoami request = { .actor = { token } };
	struct vault_empty answer = { 0 };
	const struct vault_call ask = VAULT_CALL(LOGOUT, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	return call_ask(call, &ask, &arena, err);
}
