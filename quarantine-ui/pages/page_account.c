/* One's own account: what one may do, second factor, open sessions. */
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/desk/ask_people.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

enum { ACCOUNT_ID_TEXT_BYTES = 40 };

struct account_session {
	const char *id, *made, *seen, *address, *agent;
	bool current;
};

struct account_page {
	const char *form_token, *login, *name, *addresses, *groups, *done;
	const struct words_role *roles;
	size_t role_count;
	const struct account_session *sessions;
	size_t session_count;
	bool second_factor, several;
};

static const struct template_field account_role_fields[] = {
	TEMPLATE_TEXT_F(struct words_role, name),
	TEMPLATE_TEXT_F(struct words_role, means),
};
static const struct template_shape account_role_shape =
	TEMPLATE_SHAPE(words_role, account_role_fields);

static const struct template_field account_session_fields[] = {
	TEMPLATE_TEXT_F(struct account_session, id),
	TEMPLATE_TEXT_F(struct account_session, made),
	TEMPLATE_TEXT_F(struct account_session, seen),
	TEMPLATE_TEXT_F(struct account_session, address),
	TEMPLATE_TEXT_F(struct account_session, agent),
	TEMPLATE_FLAG_F(struct account_session, current),
};
static const struct template_shape account_session_shape =
	TEMPLATE_SHAPE(account_session, account_session_fields);

static const struct template_field account_fields[] = {
	TEMPLATE_TEXT_F(struct account_page, form_token),
	TEMPLATE_TEXT_F(struct account_page, login),
	TEMPLATE_TEXT_F(struct account_page, name),
	TEMPLATE_TEXT_F(struct account_page, addresses),
	TEMPLATE_TEXT_F(struct account_page, groups),
	TEMPLATE_TEXT_F(struct account_page, done),
	TEMPLATE_LIST_F(struct account_page, roles, role_count,
			account_role_shape),
	TEMPLATE_LIST_F(struct account_page, sessions, session_count,
			account_session_shape),
	TEMPLATE_FLAG_F(struct account_page, second_factor),
	TEMPLATE_FLAG_F(struct account_page, several),
};
const struct template_shape shape_account =
	TEMPLATE_SHAPE(account_page, account_fields);

static const char *
account_done_words(const struct call *call)
{
	static const struct page_done words[] = {
		{ "removed", N_("The second factor is off.") },
		{ "ended", N_("That session has ended.") },
	};

	return page_done_text(call, words, ARRAY_LEN(words));
}

static void
account_fill_session(struct call *call, const struct vault_session_line *line,
		     struct account_session *row)
{
	AUTO(sbuf_done) struct sbuf id;

	sbuf_init(&id, ACCOUNT_ID_TEXT_BYTES);
	format_hex(&id,
		   (struct span){ line->session_id, sizeof(line->session_id) });
	*row = (struct account_session){
		.id = scratch_text(&call->scratch, sbuf_span(&id)),
		.made = words_time(call, line->made_unix_ms),
		.seen = words_age(call, line->seen_unix_ms),
		.address = line->client_address,
		.agent = line->agent,
		.current = line->current,
	};
}

static void
account_fill_sessions(struct call *call,
		      const struct vault_session_list_answer *list,
		      struct account_page *values)
{
	struct account_session *rows = scratch_alloc(
		&call->scratch, list->line_count + 1, sizeof(*rows));

	if (rows == NULL)
		return;
	for (size_t i = 0; i < list->line_count; i++)
		account_fill_session(call, &list->lines[i], &rows[i]);
	values->sessions = rows;
	values->session_count = list->line_count;
	values->several = list->line_count > 1;
}

enum status
page_account(struct call *call, struct err *err)
{
	const struct vault_user *user = &call->session.user;
	struct words_role roles[WORDS_ROLES];
	struct account_page values = {
		.form_token = call->form_token,
		.login = user->login,
		.name = user->name,
		.addresses = user->addresses,
		.groups = user->groups,
		.done = account_done_words(call),
		.roles = roles,
		.role_count = words_roles(call, user->roles, roles),
		.second_factor = user->second_factor,
	};
	const struct page page = { VIEW_TEMPLATE_ACCOUNT, &values,
				   call_text(call, N_("Your account")),
				   PAGE_MENU_ACCOUNT };
	struct vault_session_list_answer list = { .line_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = ask_sessions(call, &list, &arena, err);

	if (st != ST_OK)
		return st;
	account_fill_sessions(call, &list, &values);
	return page_render(call, &page, err);
}

enum status
page_session_end(struct call *call, struct err *err)
{
	const char *session = form_get(&call->form, "session");
	const enum status st = ask_session_end(call, session, err);

	if (st != ST_OK)
		return st;
	http_response_end_streams(call->response, call->session.user.user_id);
	if (strcmp(session, "all") == 0) {
		http_response_set_cookie(call->response, call->request->secure,
					 "sid", "", 0);
		http_response_redirect(call->response, "/sign-in");
	} else {
		http_response_redirect(call->response, "/account?done=ended");
	}
	return ST_OK;
}
