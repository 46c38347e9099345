/* The one way from a request to its page or API handler. */
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/api/api.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/http/host.h"
#include "quarantine-ui/pages/page.h"

static bool
dispatch_is_api(const struct call *call)
{
	return strncmp(call->request->path, "/api/", 5) == 0;
}

static void
dispatch_fail(struct call *call, unsigned status, const char *reason)
{
	if (dispatch_is_api(call))
		api_error(call, status, reason);
	else
		page_error(call, status, reason);
}

static void
dispatch_log(const struct call *call, const char *event)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_WARNING, event);
	log_text(&line, "client", call->request->client_address);
	log_text(&line, "page", call->route != NULL ? call->route->path : "");
	log_send(&line);
}

static void
dispatch_failed(struct call *call, enum status st, const struct err *err)
{
	const unsigned status = http_status_of(st);

	if (status >= 500)
		log_event(LOG_LEVEL_ERROR, "page-failed", err);
	/* The vault's own words are for people; ours about sockets are not. */
	dispatch_fail(call, status,
		      status < 500 || call->vault->failure != VAULT_FAILURE_NONE
			      ? err->text
			      : "");
}

/* Nobody is signed in, and the page is not open to all. */
static void
dispatch_ask_sign_in(struct call *call)
{
	const struct http_fields *fields = &call->request->fields;

	if (call->route->kind == ROUTE_API) {
		api_error(call, 401, "sign in first");
		return;
	}
	/* The link in a notice opens from another site, and a SameSite=Strict
	 * cookie does not come along. A page of ours that loads itself again
	 * brings it. */
	if (!call->had_token && call->request->method == HTTP_METHOD_GET &&
	    strcmp(fields->sec_fetch_site, "cross-site") == 0 &&
	    strcmp(fields->sec_fetch_mode, "navigate") == 0) {
		page_hop(call);
		return;
	}
	page_redirect_to_sign_in(call);
}

/* A posted form: of the right kind, decoded, and one of ours. */
static bool
dispatch_take_form(struct call *call)
{
	struct err err = { .st = ST_OK };

	if (!http_request_is_form(call->request)) {
		dispatch_fail(call, 415, "");
		return false;
	}
	if (form_parse(call->request->body, &call->form, &err) != ST_OK) {
		dispatch_fail(call, 400, err.text);
		return false;
	}
	if (!call_form_is_ours(call)) {
		dispatch_log(call, "form-refused");
		page_error_form(call);
		return false;
	}
	return true;
}

/* Whoever asks may. */
static void
dispatch_answer(struct call *call)
{
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	if (call->route->form == ROUTE_FORM && !dispatch_take_form(call))
		return;
	if (form_parse(call->request->query, &call->query, &err) != ST_OK) {
		dispatch_fail(call, 400, err.text);
		return;
	}
	st = call->route->answer(call, &err);
	if (st != ST_OK)
		dispatch_failed(call, st, &err);
}

static void
dispatch_route(struct call *call)
{
	const struct route *route = call->route;

	if (call->half && (route->roles & ROUTE_HALF) != 0) {
		dispatch_answer(call);
		return;
	}
	if (route->roles != 0 && !call->signed_in) {
		dispatch_ask_sign_in(call);
		return;
	}
	if (route->roles != 0 &&
	    (!call_has_role(call, route->roles) ||
	     (call_is_guest(call) && (route->roles & ROUTE_GUEST) == 0))) {
		dispatch_log(call, "role-refused");
		dispatch_fail(call, 403, "");
		return;
	}
	dispatch_answer(call);
}

static void
dispatch(struct call *call)
{
	struct err err = { .st = ST_OK };
	const char *allow = "";
	enum status st = ST_OK;

	call->route = route_find(call->request->method, call->request->path,
				 call->case_text, &allow);
	if (call->case_text[0] != '\0')
		(void)case_id_parse(call->case_text, call->case_id);
	st = call_identify(call, &err);
	/* Pages open to all (health) say themselves what is wrong. */
	if (st != ST_OK && (call->route == NULL || call->route->roles != 0)) {
		dispatch_failed(call, st, &err);
		return;
	}
	if (call->route != NULL) {
		dispatch_route(call);
		return;
	}
	if (allow[0] != '\0')
		call->response->allow = allow;
	dispatch_fail(call, allow[0] != '\0' ? 405 : 404, "");
}

void
desk_handle(void *context, size_t worker, const struct http_request *request,
	    struct http_response *response)
{
	struct desk *desk = context;
	struct call call = { .desk = desk,
			     .view = desk_take_view(desk),
			     .vault = desk_vault(desk, worker),
			     .request = request,
			     .response = response };

	call.vault->failure = VAULT_FAILURE_NONE;
	if (host_is_ours(request, call.view->config->desk.url))
		dispatch(&call);
	else
		host_refuse(request, response);
	call_done(&call);
	desk_release_view(desk, call.view);
}
