#include <string.h>

#include "quarantine-ui/api/json.h"
#include "quarantine-ui/desk/route.h"

static enum status
users_send(struct call *call, const struct vault_user_list_answer *answer,
	   struct err *err)
{
	json_t *users = json_array();
	json_t *json = NULL;

	for (size_t i = 0; users != NULL && i < answer->user_count; i++) {
		json_t *user = json_of_user(&answer->users[i]);

		if (user == NULL || json_array_append_new(users, user) != 0)
			json_free(&users);
	}
	json = json_pack("{s:o}", "users", users);
	return json_send(call, 200, &json, err);
}

enum status
api_users(struct call *call, struct err *err)
{
	const struct vault_user_list request = { .actor = call_actor(call) };
	struct vault_user_list_answer answer = { .users = NULL };
	const struct vault_call ask = VAULT_CALL(USER_LIST, &request, &answer);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const enum status st = call_ask(call, &ask, &arena, err);

	return st == ST_OK ? users_send(call, &answer, err) : st;
}

static enum user_change
change_of(const char *name)
{
	static const char *const names[] = { "",         "create", "update",
					     "password", "enable", "disable",
					     "unlock" };
	_Static_assert(ARRAY_LEN(names) == USER_CHANGE_END, "all named");

	for (size_t i = 1; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0)
			return (enum user_change)i;
	}
	return USER_CHANGE_NONE;
}

static uint32_t
role_of(const char *name)
{
	static const char *const names[] = { "sender", "approver", "auditor",
					     "admin", "handler" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (name != NULL && strcmp(names[i], name) == 0)
			return 1U << i;
	}
	return 0;
}

static enum status
users_read_roles(const json_t *json, uint32_t *roles, struct err *err)
{
	const json_t *array = json_object_get(json, "roles");

	if (array == NULL)
		return ST_OK;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const uint32_t role =
			role_of(json_string_value(json_array_get(array, i)));

		if (role == 0)
			return err_set(err, ST_FORMAT,
				       "roles are sender, approver, auditor, "
				       "admin, handler");
		*roles |= role;
	}
	return json_is_array(array)
		       ? ST_OK
		       : err_set(err, ST_FORMAT, "roles is no list");
}

static enum status
users_read_uid(const json_t *json, int64_t *uid, struct err *err)
{
	const json_t *value = json_object_get(json, "uid");

	*uid = -1;
	if (value == NULL || json_is_null(value))
		return ST_OK;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > UINT32_MAX)
		return err_set(err, ST_FORMAT, "uid is no account number");
	*uid = json_integer_value(value);
	return ST_OK;
}

static enum status
users_read(const json_t *json, struct vault_user_change *request,
	   struct err *err)
{
	const struct {
		const char *key;
		const char **place;
	} texts[] = {
		{ "login", &request->user.login },
		{ "name", &request->user.name },
		{ "language", &request->user.language },
		{ "addresses", &request->user.addresses },
		{ "groups", &request->user.groups },
		{ "password", &request->password },
	};
	const char *change = "";
	enum status st = json_get_text(json, "change", &change, err);

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(texts); i++)
		st = json_get_text(json, texts[i].key, texts[i].place, err);
	if (st == ST_OK)
		st = users_read_roles(json, &request->user.roles, err);
	if (st == ST_OK)
		st = users_read_uid(json, &request->user.uid, err);
	if (st != ST_OK)
		return st;
	request->change = change_of(change);
	if (request->change == USER_CHANGE_NONE)
		return err_set(err, ST_FORMAT,
			       "change is create, update, password, enable, "
			       "disable or unlock");
	return ST_OK;
}

enum status
api_users_post(struct call *call, struct err *err)
{
	AUTO(json_free) json_t *json = NULL;
	struct vault_user_change request = { .actor = call_actor(call) };
	struct vault_empty nothing = { 0 };
	const struct vault_call ask =
		VAULT_CALL(USER_CHANGE, &request, &nothing);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	json_t *answer = NULL;
	enum status st = json_read(call, &json, err);

	if (st == ST_OK)
		st = users_read(json, &request, err);
	if (st == ST_OK)
		st = call_ask(call, &ask, &arena, err);
	if (st != ST_OK)
		return st;
	answer = json_pack("{s:o}", "login", json_of_text(request.user.login));
	return json_send(call, request.change == USER_CHANGE_CREATE ? 201 : 200,
			 &answer, err);
}
