/* Accounts: a list for auditors and admins, a form for admins. */
#include <string.h>

#include "lib/base/parse.h"
#include "quarantine-ui/desk/ask_people.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/page.h"
#include "quarantine-ui/pages/shapes.h"
#include "quarantine-ui/pages/words.h"

struct people_row {
	const char *login, *name, *addresses, *groups, *locked;
	const struct words_role *roles;
	size_t role_count;
	bool enabled, second_factor, self;
};

struct people_page {
	const char *form_token, *done;
	const struct people_row *people;
	size_t people_count;
	bool may_change;
};

static const struct template_field people_role_fields[] = {
	TEMPLATE_TEXT_F(struct words_role, name),
	TEMPLATE_TEXT_F(struct words_role, means),
};
static const struct template_shape people_role_shape =
	TEMPLATE_SHAPE(words_role, people_role_fields);

static const struct template_field people_row_fields[] = {
	TEMPLATE_TEXT_F(struct people_row, login),
	TEMPLATE_TEXT_F(struct people_row, name),
	TEMPLATE_TEXT_F(struct people_row, addresses),
	TEMPLATE_TEXT_F(struct people_row, groups),
	TEMPLATE_TEXT_F(struct people_row, locked),
	TEMPLATE_LIST_F(struct people_row, roles, role_count,
			people_role_shape),
	TEMPLATE_FLAG_F(struct people_row, enabled),
	TEMPLATE_FLAG_F(struct people_row, second_factor),
	TEMPLATE_FLAG_F(struct people_row, self),
};
static const struct template_shape people_row_shape =
	TEMPLATE_SHAPE(people_row, people_row_fields);

static const struct template_field people_fields[] = {
	TEMPLATE_TEXT_F(struct people_page, form_token),
	TEMPLATE_TEXT_F(struct people_page, done),
	TEMPLATE_LIST_F(struct people_page, people, people_count,
			people_row_shape),
	TEMPLATE_FLAG_F(struct people_page, may_change),
};
const struct template_shape shape_people =
	TEMPLATE_SHAPE(people_page, people_fields);

static const char *
people_done_words(const struct call *call)
{
	static const struct page_done words[] = {
		{ "create", N_("The account was made.") },
		{ "update", N_("The account was changed.") },
		{ "enable", N_("The account is enabled.") },
		{ "disable", N_("The account is disabled; its sessions "
				"ended.") },
		{ "unlock", N_("The account is unlocked.") },
		{ "password", N_("The password was set; sessions of the "
				 "account ended.") },
		{ "factor", N_("The second factor was removed.") },
	};

	return page_done_text(call, words, ARRAY_LEN(words));
}

static void
people_fill_row(struct call *call, const struct vault_user *user,
		struct people_row *row)
{
	struct words_role *roles =
		scratch_alloc(&call->scratch, WORDS_ROLES, sizeof(*roles));

	*row = (struct people_row){
		.login = user->login,
		.name = user->name,
		.addresses = user->addresses,
		.groups = user->groups,
		.locked = user->locked_until_unix_ms > clock_unix_ms()
				  ? words_time(call, user->locked_until_unix_ms)
				  : "",
		.enabled = user->enabled,
		.second_factor = user->second_factor,
		.self = strcmp(user->login, call->session.user.login) == 0,
	};
	if (roles == NULL)
		return;
	row->roles = roles;
	row->role_count = words_roles(call, user->roles, roles);
}

enum status
page_people(struct call *call, struct err *err)
{
	struct people_page values = {
		.form_token = call->form_token,
		.done = people_done_words(call),
		.may_change = call_has_role(call, VAULT_ROLE_ADMIN),
	};
	const struct page page = { VIEW_TEMPLATE_PEOPLE, &values,
				   call_text(call, N_("Accounts")),
				   PAGE_MENU_PEOPLE };
	struct vault_user_list_answer list = { .user_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct people_row *rows = NULL;
	const enum status st = ask_users(call, &list, &arena, err);

	if (st != ST_OK)
		return st;
	rows = scratch_alloc(&call->scratch, list.user_count + 1,
			     sizeof(*rows));
	for (size_t i = 0; rows != NULL && i < list.user_count; i++)
		people_fill_row(call, &list.users[i], &rows[i]);
	values.people = rows;
	values.people_count = rows != NULL ? list.user_count : 0;
	return page_render(call, &page, err);
}

/* --- one account ------------------------------------------------------- */

struct person_page {
	const char *form_token, *failure, *login, *name, *addresses, *groups;
	const char *uid;
	bool fresh, self, enabled, locked, second_factor, japanese, english;
	bool sender, approver, handler, auditor, admin;
};

static const struct template_field person_fields[] = {
	TEMPLATE_TEXT_F(struct person_page, form_token),
	TEMPLATE_TEXT_F(struct person_page, failure),
	TEMPLATE_TEXT_F(struct person_page, login),
	TEMPLATE_TEXT_F(struct person_page, name),
	TEMPLATE_TEXT_F(struct person_page, addresses),
	TEMPLATE_TEXT_F(struct person_page, groups),
	TEMPLATE_TEXT_F(struct person_page, uid),
	TEMPLATE_FLAG_F(struct person_page, fresh),
	TEMPLATE_FLAG_F(struct person_page, self),
	TEMPLATE_FLAG_F(struct person_page, enabled),
	TEMPLATE_FLAG_F(struct person_page, locked),
	TEMPLATE_FLAG_F(struct person_page, second_factor),
	TEMPLATE_FLAG_F(struct person_page, japanese),
	TEMPLATE_FLAG_F(struct person_page, english),
	TEMPLATE_FLAG_F(struct person_page, sender),
	TEMPLATE_FLAG_F(struct person_page, approver),
	TEMPLATE_FLAG_F(struct person_page, handler),
	TEMPLATE_FLAG_F(struct person_page, auditor),
	TEMPLATE_FLAG_F(struct person_page, admin),
};
const struct template_shape shape_person =
	TEMPLATE_SHAPE(person_page, person_fields);

static enum status
person_show(struct call *call, const struct vault_user *user,
	    const char *failure, struct err *err)
{
	struct person_page values = {
		.form_token = call->form_token,
		.failure = failure,
		.login = user->login,
		.name = user->name,
		.addresses = user->addresses,
		.groups = user->groups,
		.uid = "",
		.fresh = user->user_id == 0,
		.self = strcmp(user->login, call->session.user.login) == 0,
		.enabled = user->enabled,
		.locked = user->locked_until_unix_ms > clock_unix_ms(),
		.second_factor = user->second_factor,
		.english = strcmp(user->language, "en") == 0,
		.japanese = strcmp(user->language, "en") != 0,
		.sender = (user->roles & VAULT_ROLE_SENDER) != 0,
		.approver = (user->roles & VAULT_ROLE_APPROVER) != 0,
		.handler = (user->roles & VAULT_ROLE_HANDLER) != 0,
		.auditor = (user->roles & VAULT_ROLE_AUDITOR) != 0,
		.admin = (user->roles & VAULT_ROLE_ADMIN) != 0,
	};
	const struct page page = { VIEW_TEMPLATE_PERSON, &values,
				   values.fresh
					   ? call_text(call, N_("New account"))
					   : user->name,
				   PAGE_MENU_PEOPLE };

	if (user->uid >= 0)
		values.uid = scratch_textf(&call->scratch, "%lld",
					   (long long)user->uid);
	return page_render(call, &page, err);
}

static enum status
person_find(const struct vault_user_list_answer *list, const char *login,
	    struct vault_user *user_out, struct err *err)
{
	for (size_t i = 0; i < list->user_count; i++) {
		if (strcmp(list->users[i].login, login) == 0) {
			*user_out = list->users[i];
			return ST_OK;
		}
	}
	return err_set(err, ST_NOT_FOUND, "no such account");
}

enum status
page_person(struct call *call, struct err *err)
{
	const char *login = form_get(&call->query, "login");
	struct vault_user user = { .login = "",
				   .name = "",
				   .roles = VAULT_ROLE_SENDER,
				   .language = "",
				   .enabled = true,
				   .uid = -1,
				   .addresses = "",
				   .groups = "" };
	struct vault_user_list_answer list = { .user_count = 0 };
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	enum status st = ST_OK;

	if (login[0] != '\0')
		st = ask_users(call, &list, &arena, err);
	if (st == ST_OK && login[0] != '\0')
		st = person_find(&list, login, &user, err);
	return st == ST_OK ? person_show(call, &user, "", err) : st;
}

static enum status
person_read_form(const struct call *call, struct vault_user *user,
		 struct err *err)
{
	static const struct {
		const char *name;
		uint32_t role;
	} roles[] = { { "sender", VAULT_ROLE_SENDER },
		      { "approver", VAULT_ROLE_APPROVER },
		      { "handler", VAULT_ROLE_HANDLER },
		      { "auditor", VAULT_ROLE_AUDITOR },
		      { "admin", VAULT_ROLE_ADMIN } };
	const char *uid_text = form_get(&call->form, "uid");
	uint64_t uid = 0;

	*user = (struct vault_user){
		.login = form_get(&call->form, "login"),
		.name = form_get(&call->form, "name"),
		.language = form_get(&call->form, "language"),
		.enabled = true,
		.uid = -1,
		.addresses = form_get(&call->form, "addresses"),
		.groups = form_get(&call->form, "groups"),
		/* Not a new one on the page that comes back with an error. */
		.user_id = form_get(&call->form, "fresh")[0] == '\0',
	};
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (form_get(&call->form, roles[i].name)[0] != '\0')
			user->roles |= roles[i].role;
	if (uid_text[0] == '\0')
		return ST_OK;
	if (!parse_u64(span_of(uid_text), INT32_MAX, &uid))
		return err_set(err, ST_FORMAT, "uid is not a number");
	user->uid = (int64_t)uid;
	return ST_OK;
}

static enum status
person_change(struct call *call, const char *what,
	      const struct vault_user *user, struct err *err)
{
	static const struct {
		const char *name;
		enum user_change change;
	} changes[] = { { "create", USER_CHANGE_CREATE },
			{ "update", USER_CHANGE_UPDATE },
			{ "enable", USER_CHANGE_ENABLE },
			{ "disable", USER_CHANGE_DISABLE },
			{ "unlock", USER_CHANGE_UNLOCK },
			{ "password", USER_CHANGE_PASSWORD } };
	struct vault_user asked = *user;

	asked.user_id = 0;
	if ((strcmp(what, "create") == 0 || strcmp(what, "password") == 0) &&
	    !page_password_is_fine(form_get(&call->form, "password")))
		return err_set(err, ST_FORMAT,
			       N_("The new password is too short: at least 12 "
				  "characters."));
	for (size_t i = 0; i < ARRAY_LEN(changes); i++)
		if (strcmp(changes[i].name, what) == 0)
			return ask_user_change(
				call, changes[i].change, &asked,
				form_get(&call->form, "password"), err);
	return err_set(err, ST_FORMAT, "no such change");
}

enum status
page_person_post(struct call *call, struct err *err)
{
	const char *what = form_get(&call->form, "change");
	struct vault_user user;
	enum status st = person_read_form(call, &user, err);

	if (st == ST_OK)
		st = strcmp(what, "factor") == 0
			     ? ask_factor_remove(call, user.login, err)
			     : person_change(call, what, &user, err);
	/* What was typed stays, with the reason above it. */
	if (st == ST_FORMAT || st == ST_DENIED || st == ST_NOT_FOUND) {
		call->response->status = st == ST_DENIED ? 403 : 400;
		return person_show(call, &user, words_refusal(call, err->text),
				   err);
	}
	if (st == ST_OK)
		http_response_redirect(
			call->response,
			scratch_textf(&call->scratch, "/people?done=%s", what));
	return st;
}
