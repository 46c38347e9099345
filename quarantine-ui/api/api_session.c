#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/api/api.h"
#include "quarantine-ui/api/json.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"

static void
session_log(const struct call *call, enum log_level level, const char *event)
{
	struct log_line line;

	log_begin(&line, level, event);
	log_text(&line, "client", call->request->client_address);
	log_text(&line, "via", "api");
	log_send(&line);
}

static enum status
session_open(struct call *call, const char *login, const char *password,
	     struct err *err)
{
	struct vault_session session = { .token = { NULL, 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st =
		ask_sign_in(call, login, password, &session, &arena, err);
	json_t *json = NULL;

	if (st == ST_DENIED) {
		session_log(call, LOG_LEVEL_WARNING, "sign-in-refused");
		api_error(call, 401,
			  "name or password is wrong, or the account is "
			  "locked for a while");
		return ST_OK;
	}
	if (st != ST_OK)
		return st;
	session_log(call, LOG_LEVEL_INFO, "sign-in");
	json = json_pack("{s:o,s:s,s:o}", "token",
			 json_of_base64url(session.token), "stage",
			 json_stage_name(session.stage), "user",
			 json_of_user(&session.user));
	return json_send(call, 201, &json, err);
}

enum status
api_sign_in(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	const char *login = "";
	const char *password = "";
	enum status st = ST_OK;

	if (!call_may_try_password(call)) {
		session_log(call, LOG_LEVEL_WARNING, "sign-in-rate");
		call->response->retry_after_s = 60;
		api_error(call, 429, "");
		return ST_OK;
	}
	st = json_read(call, &json, err);
	if (st == ST_OK)
		st = json_get_text(json, "login", &login, err);
	if (st == ST_OK)
		st = json_get_text(json, "password", &password, err);
	return st == ST_OK ? session_open(call, login, password, err) : st;
}

enum status
api_sign_out(struct call *call, struct err *err)
{
	const struct span token = { call->token, sizeof(call->token) };
	const enum status st = ask_sign_out(call, token, err);

	if (st == ST_OK)
		http_response_reset(call->response, 204);
	return st;
}
