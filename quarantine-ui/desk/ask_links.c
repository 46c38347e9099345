#include "quarantine-ui/desk/ask_links.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum { ASK_MAX_DAYS = 365, ASK_DAY_MS = 24 * 3600 * 1000 };

enum status
ask_links(struct call *call, struct vault_link_list_answer *answer,
	  struct wire_arena **arena_out, struct err *err)
{
	struct vault_link_case request = { .actor = call_actor(call) };
	const struct vault_call ask = VAULT_CALL(LINK_LIST, &request, answer);

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	return call_ask(call, &ask, arena_out, err);
}

enum status
ask_for_link(struct call *call, const char *password, struct err *err)
{
	struct vault_link_ask request = { .actor = call_actor(call),
					  .password = password };
	struct vault_empty answer = { 0 };
	const struct vault_call ask = VAULT_CALL(LINK_ASK, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	return call_ask(call, &ask, &arena, err);
}

static enum link_step
step_of(const char *name)
{
	static const char *const names[LINK_STEP_END] = { "", "revoke",
							  "extend", "thaw",
							  "wrong" };

	for (size_t i = 1; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum link_step)i;
	return LINK_STEP_NONE;
}

static enum status
link_of(const char *link, uint8_t id[LINK_ID_BYTES], struct err *err)
{
	_Static_assert((int)LINK_ID_BYTES == (int)CASE_ID_BYTES, "one form");
	return case_id_parse(link, id)
		       ? ST_OK
		       : err_set(err, ST_FORMAT, "there is no such link");
}

/* From today on, so that nobody has to know how long it lives already. */
static enum status
until_of(const char *days, int64_t *until_unix_ms, struct err *err)
{
	uint64_t count = 0;

	if (!parse_u64(span_of(days), ASK_MAX_DAYS, &count) || count == 0)
		return err_set(err, ST_FORMAT, "days: 1 to 365");
	*until_unix_ms = clock_unix_ms() + (int64_t)count * ASK_DAY_MS;
	return ST_OK;
}

enum status
ask_link_change(struct call *call, const char *link, const char *step,
		const char *days, struct err *err)
{
	struct vault_link_change request = {
		.actor = call_actor(call),
		.step = step_of(step),
		.client_address = call->request->client_address,
	};
	struct vault_empty answer = { 0 };
	const struct vault_call ask =
		VAULT_CALL(LINK_CHANGE, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = link_of(link, request.link_id, err);

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	if (st == ST_OK && request.step == LINK_STEP_NONE)
		st = err_set(err, ST_FORMAT,
			     "step is revoke, extend, thaw or wrong");
	if (st == ST_OK && request.step == LINK_STEP_EXTEND)
		st = until_of(days, &request.until_unix_ms, err);
	return st == ST_OK ? call_ask(call, &ask, &arena, err) : st;
}

enum status
ask_link_record(struct call *call, const char *link,
		struct vault_link_record *answer, struct wire_arena **arena_out,
		struct err *err)
{
	struct vault_link_of request = { .actor = call_actor(call) };
	const struct vault_call ask = VAULT_CALL(LINK_RECORD, &request, answer);
	const enum status st = link_of(link, request.link_id, err);

	memcpy(request.case_id, call->case_id, sizeof(request.case_id));
	return st == ST_OK ? call_ask(call, &ask, arena_out, err) : st;
}
