#include <string.h>

#include "quarantine-ui/desk/ask.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"

/* NIST SP 800-63B and ASVS 6.2: length counts, composition rules do not. */
enum { PASSWORD_MIN_CHARACTERS = 12, PASSWORD_MAX_BYTES = 1000 };

struct password_page {
	const char *form_token, *login, *failure;
	bool done;
};

static const struct template_field password_fields[] = {
	TEMPLATE_TEXT_F(struct password_page, form_token),
	TEMPLATE_TEXT_F(struct password_page, login),
	TEMPLATE_TEXT_F(struct password_page, failure),
	TEMPLATE_FLAG_F(struct password_page, done),
};
const struct template_shape shape_password =
	TEMPLATE_SHAPE(password_page, password_fields);

static enum status
password_show(struct call *call, const char *failure, bool done,
	      struct err *err)
{
	const struct password_page values = {
		.form_token = call->form_token,
		.login = call->session.user.login,
		.failure = call_text(call, failure),
		.done = done,
	};
	const struct page page = { VIEW_TEMPLATE_PASSWORD, &values,
				   call_text(call, N_("Change password")),
				   PAGE_MENU_ACCOUNT };

	if (failure[0] != '\0' && call->response->status == 200)
		call->response->status = 400;
	return page_render(call, &page, err);
}

enum status
page_password(struct call *call, struct err *err)
{
	return password_show(call, "",
			     form_get(&call->query, "done")[0] != '\0', err);
}

static size_t
password_characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

bool
page_password_is_fine(const char *text)
{
	return password_characters(text) >= PASSWORD_MIN_CHARACTERS &&
	       strlen(text) <= PASSWORD_MAX_BYTES;
}

/* "" when the new password may be taken. */
static const char *
password_check(const struct call *call)
{
	const char *fresh = form_get(&call->form, "new");

	if (strcmp(fresh, form_get(&call->form, "again")) != 0)
		return N_("The new password was not typed twice alike.");
	if (password_characters(fresh) < PASSWORD_MIN_CHARACTERS)
		return N_("The new password is too short: at least 12 "
			  "characters.");
	if (strlen(fresh) > PASSWORD_MAX_BYTES)
		return N_("The new password is too long.");
	if (strcmp(fresh, form_get(&call->form, "old")) == 0)
		return N_("The new password is the old one.");
	if (strcasestr(fresh, call->session.user.login) != NULL)
		return N_("The new password contains your name here.");
	return "";
}

/* Whoever finds an open session must not be able to take it over: the old
 * password is asked for, by a sign-in that is ended at once. */
static enum status
password_prove(struct call *call, struct err *err)
{
	struct vault_session session = { .token = { NULL, 0 } };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ask_sign_in(call, call->session.user.login,
				     form_get(&call->form, "old"), &session,
				     &arena, err);

	if (st == ST_OK)
		st = ask_sign_out(call, session.token, err);
	return st;
}

static enum status
password_change(struct call *call, struct err *err)
{
	const struct vault_user_change request = {
		.actor = call_actor(call),
		.change = USER_CHANGE_PASSWORD,
		.user = { .login = call->session.user.login, .uid = -1 },
		.password = form_get(&call->form, "new"),
	};
	struct vault_empty answer = { 0 };
	const struct vault_call ask =
		VAULT_CALL(USER_CHANGE, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;

	return call_ask(call, &ask, &arena, err);
}

enum status
page_password_post(struct call *call, struct err *err)
{
	const char *failure = password_check(call);
	enum status st = ST_OK;

	if (failure[0] != '\0')
		return password_show(call, failure, false, err);
	if (!call_may_try_password(call)) {
		call->response->status = 429;
		call->response->retry_after_s = 60;
		return password_show(call,
				     N_("Too many tries from your address. "
					"Wait a minute, then try again."),
				     false, err);
	}
	st = password_prove(call, err);
	if (st == ST_DENIED) {
		call->response->status = 403;
		return password_show(call, N_("The old password is wrong."),
				     false, err);
	}
	if (st == ST_OK)
		st = password_change(call, err);
	if (st == ST_FORMAT)
		return password_show(call, err->text, false, err);
	if (st == ST_OK) {
		http_response_redirect(call->response, "/password?done=1");
		http_response_end_streams(call->response,
					  call->session.user.user_id);
	}
	return st;
}
