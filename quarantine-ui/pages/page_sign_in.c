#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"

struct sign_in_page {
	const char *form_token, *next, *failure;
};

static const struct template_field sign_in_fields[] = {
	TEMPLATE_TEXT_F(struct sign_in_page, form_token),
	TEMPLATE_TEXT_F(struct sign_in_page, next),
	TEMPLATE_TEXT_F(struct sign_in_page, failure),
};
const struct template_shape shape_sign_in =
	TEMPLATE_SHAPE(sign_in_page, sign_in_fields);

static enum status
sign_in_show(struct call *call, const char *next, const char *failure,
	     struct err *err)
{
	const struct sign_in_page values = { call->form_token,
					     call_next(call, next),
					     call_text(call, failure) };
	const struct page page = { VIEW_TEMPLATE_SIGN_IN, &values,
				   call_text(call, N_("Sign in")),
				   PAGE_MENU_NONE };

	return page_render(call, &page, err);
}

enum status
page_sign_in(struct call *call, struct err *err)
{
	/* A guest may have an account, too. */
	if (call->signed_in && !call_is_guest(call)) {
		http_response_redirect(call->response, "/");
		return ST_OK;
	}
	return sign_in_show(call, form_get(&call->query, "next"), "", err);
}

static void
sign_in_log(const struct call *call, enum log_level level, const char *event,
	    const char *login)
{
	struct log_line line;

	log_begin(&line, level, event);
	log_text(&line, "client", call->request->client_address);
	if (login != NULL)
		log_text(&line, "login", login);
	log_send(&line);
}

/* To where the person wanted to go, by way of the second factor. */
static enum status
sign_in_done(struct call *call, const struct vault_session *session,
	     struct err *err)
{
	const char *next = call_next(call, form_get(&call->form, "next"));
	const enum status st = call_take_session(call, session->token, err);

	if (st != ST_OK)
		return st;
	if (session->stage == SESSION_STAGE_FULL)
		http_response_redirect(call->response, next);
	else
		http_response_redirect(
			call->response,
			scratch_textf(&call->scratch, "%s?next=%.*s",
				      session->stage == SESSION_STAGE_CODE
					      ? "/second-factor"
					      : "/second-factor/set-up",
				      (int)strcspn(next, "?"), next));
	sign_in_log(call, LOG_LEVEL_INFO, "sign-in", session->user.login);
	return ST_OK;
}

enum status
page_sign_in_post(struct call *call, struct err *err)
{
	const char *next = form_get(&call->form, "next");
	struct vault_session session = { .token = { NULL, 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	if (!call_may_try_password(call)) {
		sign_in_log(call, LOG_LEVEL_WARNING, "sign-in-rate", NULL);
		call->response->status = 429;
		call->response->retry_after_s = 60;
		return sign_in_show(call, next,
				    N_("Too many tries from your address. "
				       "Wait a minute, then try again."),
				    err);
	}
	st = ask_sign_in(call, form_get(&call->form, "login"),
			 form_get(&call->form, "password"), &session, &arena,
			 err);
	if (st == ST_OK)
		return sign_in_done(call, &session, err);
	if (st != ST_DENIED)
		return st;
	/* What was typed as a name may be a password: it is not logged. */
	sign_in_log(call, LOG_LEVEL_WARNING, "sign-in-refused", NULL);
	call->response->status = 403;
	return sign_in_show(call, next,
			    N_("Name or password is wrong, or the account is "
			       "locked for a while."),
			    err);
}

enum status
page_sign_out(struct call *call, struct err *err)
{
	const struct span token = { call->token, sizeof(call->token) };
	enum status st = ST_OK;

	if (call->signed_in || call->half)
		st = ask_sign_out(call, token, err);
	/* An error here must not leave somebody signed in unawares. */
	if (st != ST_OK && st != ST_DENIED && st != ST_NOT_FOUND)
		return st == ST_END ? err_set(err, ST_IO, "vault: conflict")
				    : st;
	http_response_set_cookie(call->response, call->request->secure, "sid",
				 "", 0);
	http_response_redirect(call->response, "/sign-in");
	if (call->signed_in)
		http_response_end_streams(call->response,
					  call->session.user.user_id);
	return ST_OK;
}
