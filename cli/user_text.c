#include "cli/user_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/hold_text.h"
#include "lib/base/clock.h"
#include "lib/base/parse.h"

static const struct {
	const char *name;
	uint32_t role;
} user_roles[] = {
	{ "sender", VAULT_ROLE_SENDER },   { "approver", VAULT_ROLE_APPROVER },
	{ "auditor", VAULT_ROLE_AUDITOR }, { "admin", VAULT_ROLE_ADMIN },
	{ "handler", VAULT_ROLE_HANDLER },
};

static uint32_t
user_find_role(const char *word, size_t len_bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(user_roles); i++) {
		if (strlen(user_roles[i].name) == len_bytes &&
		    memcmp(user_roles[i].name, word, len_bytes) == 0)
			return user_roles[i].role;
	}
	return VAULT_ROLE_NONE;
}

bool
user_parse_roles(const char *text, uint32_t *roles_out)
{
	uint32_t roles = 0;

	for (;;) {
		const size_t len_bytes = strcspn(text, ",");
		const uint32_t role = user_find_role(text, len_bytes);

		if (role == VAULT_ROLE_NONE)
			return false;
		roles |= role;
		if (text[len_bytes] == '\0')
			break;
		text += len_bytes + 1;
	}
	*roles_out = roles;
	return true;
}

void
user_format_roles(uint32_t roles, char text[USER_ROLES_BYTES])
{
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(user_roles); i++) {
		int len = 0;

		if ((roles & user_roles[i].role) == 0)
			continue;
		len = snprintf(text + at, USER_ROLES_BYTES - at, "%s%s",
			       at > 0 ? "," : "", user_roles[i].name);
		if (len > 0 && (size_t)len < USER_ROLES_BYTES - at)
			at += (size_t)len;
	}
}

json_t *
user_json(const struct vault_user *user)
{
	char roles[USER_ROLES_BYTES];

	user_format_roles(user->roles, roles);
	return json_pack("{s:o, s:o, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, "
			 "s:b}",
			 "login", json_text(user->login), "name",
			 json_text(user->name), "roles", roles, "language",
			 user->language, "enabled", (int)user->enabled, "uid",
			 user->uid < 0 ? json_null() : json_integer(user->uid),
			 "addresses", json_text(user->addresses), "groups",
			 json_text(user->groups), "created",
			 json_time(user->created_unix_ms), "locked_until",
			 json_time(user->locked_until_unix_ms), "second_factor",
			 (int)user->second_factor);
}

void
user_add_row(const struct vault_user *user, struct table *table)
{
	char roles[USER_ROLES_BYTES];

	user_format_roles(user->roles, roles);
	table_add(table, user->login);
	table_add(table, user->name);
	table_add(table, roles);
	table_add(table, user->groups);
	table_add(table, user->addresses);
	if (user->uid < 0)
		table_add(table, "");
	else
		table_addf(table, "%" PRId64, user->uid);
	if (!user->enabled)
		table_add(table, "disabled");
	else
		table_add(table, user->locked_until_unix_ms > clock_unix_ms()
					 ? "locked"
					 : "enabled");
	table_add(table, user->second_factor ? "yes" : "");
}

/* uid: a number, or "none". */
static bool
user_parse_uid(const char *text, int64_t *uid_out)
{
	uint64_t uid = 0;

	if (strcmp(text, "none") == 0) {
		*uid_out = -1;
		return true;
	}
	if (!parse_u64(span_of(text), UINT32_MAX - 1, &uid))
		return false;
	*uid_out = (int64_t)uid;
	return true;
}

int
user_apply_words(const char *command, const struct user_words *words,
		 struct vault_user *user)
{
	if (words->name != NULL)
		user->name = words->name;
	if (words->addresses != NULL)
		user->addresses = words->addresses;
	if (words->groups != NULL)
		user->groups = words->groups;
	if (words->language != NULL)
		user->language = words->language;
	if (words->roles != NULL &&
	    !user_parse_roles(words->roles, &user->roles))
		return cli_misuse(command, "--roles: of sender, approver, "
					   "handler, auditor, admin, "
					   "separated by commas");
	if (words->uid != NULL && !user_parse_uid(words->uid, &user->uid))
		return cli_misuse(command, "--uid takes a number, or none");
	if (strcmp(user->language, "ja") != 0 &&
	    strcmp(user->language, "en") != 0)
		return cli_misuse(command, "--language: ja or en");
	return 0;
}
