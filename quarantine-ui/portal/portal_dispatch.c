/* The one way from a request to its page. */
#include <string.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "quarantine-ui/http/host.h"
#include "quarantine-ui/portal/portal_page.h"

enum { DISPATCH_RETRY_S = 30 };

static void
dispatch_failed(struct visit *visit, enum status st, const struct err *err)
{
	const unsigned status = http_status_of(st);

	if (status >= 500)
		log_event(LOG_LEVEL_ERROR, "page-failed", err);
	portal_error(visit, status);
	if (status == 503)
		visit->response->retry_after_s = DISPATCH_RETRY_S;
}

/*
 * The cookie is SameSite=Strict, so another site's form brings none; where it
 * comes from is the second lock. Browsers without Sec-Fetch-Site send our
 * Origin from our pages, thanks to their Referrer-Policy (with no-referrer it
 * would be "null", Fetch standard section 3.2); what sends "null" is none of
 * them: a sandboxed frame, a file, a data: address.
 */
static bool
dispatch_take_form(struct visit *visit)
{
	struct err err = { .st = ST_OK };

	if (!http_request_is_same_origin(visit->request)) {
		portal_error(visit, 403);
		return false;
	}
	if (!http_request_is_form(visit->request)) {
		portal_error(visit, 415);
		return false;
	}
	if (form_parse(visit->request->body, &visit->form, &err) != ST_OK) {
		portal_error(visit, 400);
		return false;
	}
	return true;
}

static void
dispatch(struct visit *visit)
{
	const char *allow = "";
	struct err err = { .st = ST_OK };
	enum status st = ST_OK;

	visit->route = portal_find_route(visit, visit->request->method,
					 visit->request->path, &allow);
	visit_begin(visit);
	if (visit->route == NULL) {
		if (allow[0] != '\0')
			visit->response->allow = allow;
		portal_error(visit, allow[0] != '\0' ? 405 : 404);
		return;
	}
	if (visit->route->form == PORTAL_FORM && !dispatch_take_form(visit))
		return;
	if (form_parse(visit->request->query, &visit->query, &err) != ST_OK) {
		portal_error(visit, 400);
		return;
	}
	st = visit->route->answer(visit, &err);
	if (st != ST_OK)
		dispatch_failed(visit, st, &err);
}

void
portal_handle(void *context, size_t worker, const struct http_request *request,
	      struct http_response *response)
{
	struct portal *portal = context;
	struct visit visit = { .portal = portal,
			       .view = portal_take_view(portal),
			       .vault = portal_vault(portal, worker),
			       .request = request,
			       .response = response };

	visit.vault->failure = VAULT_FAILURE_NONE;
	if (host_is_ours(request, visit.view->config->portal.url))
		dispatch(&visit);
	else
		host_refuse(request, response);
	visit_done(&visit);
	portal_release_view(portal, visit.view);
}
