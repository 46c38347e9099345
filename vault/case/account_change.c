#include "vault/case/account.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/config/policy.h"
#include "vault/client/identity.h"

enum { FORMER_MAX_BYTES = 16 * 1024 };

/* --- is the account fit to exist? -------------------------------------- */

static bool
is_login(const char *text)
{
	size_t i = 0;

	for (; text[i] != '\0'; i++) {
		const char c = text[i];
		const bool letter =
			(c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (!letter && (i == 0 || strchr("._-@+", c) == NULL))
			return false;
	}
	return i > 0 && i <= VAULT_MAX_NAME_BYTES;
}

static bool
is_language(const char *text)
{
	return text[0] == '\0' || strcmp(text, "ja") == 0 ||
	       strcmp(text, "en") == 0;
}

static enum status
check_addresses(const char *list, struct err *err)
{
	struct span rest = span_of(list);
	struct span word = { NULL, 0 };

	while (vault_list_next(&rest, &word)) {
		const uint8_t *at = memchr(word.ptr, '@', word.len_bytes);

		if (at == NULL || at == word.ptr ||
		    at == word.ptr + word.len_bytes - 1 ||
		    memchr(word.ptr, ' ', word.len_bytes) != NULL ||
		    word.len_bytes > CASE_MAX_ADDRESS_BYTES)
			return err_set(err, ST_FORMAT, "an address is not one");
	}
	return ST_OK;
}

static enum status
check_user(const struct vault_user *user, struct err *err)
{
	struct span rest = span_of(user->addresses);
	struct span word = { NULL, 0 };

	if (!is_login(user->login))
		return err_set(err, ST_FORMAT,
			       "a login has small letters, digits and . _ - "
			       "@ + only");
	if (strcmp(user->login, ACCOUNT_GUEST) == 0)
		return err_set(err, ST_FORMAT,
			       "the login \"%s\" stands for senders without "
			       "an account",
			       ACCOUNT_GUEST);
	if (!is_language(user->language))
		return err_set(err, ST_FORMAT, "a language is ja or en");
	if (user->roles == 0 || (user->roles & ~(uint32_t)VAULT_ROLE_ALL) != 0)
		return err_set(err, ST_FORMAT, "an account needs a role");
	if (user->uid == 0 || user->uid < -1 || user->uid > UINT32_MAX - 1LL)
		return err_set(err, ST_FORMAT,
			       "a uid is a number above 0; root is nobody");
	if (vault_list_has(user->groups, POLICY_GROUP_OF_NOBODY))
		return err_set(err, ST_FORMAT,
			       "the group \"%s\" is kept for rejected mail and "
			       "has no members",
			       POLICY_GROUP_OF_NOBODY);
	/* Without an address nobody could tell who an approver is. */
	if ((user->roles & VAULT_ROLE_APPROVER) != 0 &&
	    !vault_list_next(&rest, &word))
		return err_set(err, ST_FORMAT, "an approver needs an address");
	return check_addresses(user->addresses, err);
}

/* One person with two accounts would be two people to the four-eyes rule. */
static enum status
check_unshared(struct vault *vault, uint64_t user_id, const char *addresses,
	       struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	enum status st = people_read(vault, &people, err);

	for (size_t i = 0; st == ST_OK && i < people.count; i++) {
		struct span rest = span_of(addresses);
		struct span word = { NULL, 0 };

		if (people.items[i].id == user_id)
			continue;
		while (vault_list_next(&rest, &word)) {
			char one[CASE_MAX_ADDRESS_BYTES + 1];

			memcpy(one, word.ptr, word.len_bytes);
			one[word.len_bytes] = '\0';
			if (person_is(vault, &people.items[i], one))
				return err_set(err, ST_FORMAT,
					       "an address belongs to another "
					       "account");
		}
	}
	return st;
}

/* --- changes ----------------------------------------------------------- */

struct change_work {
	struct vault *vault;
	const struct actor *actor; /* NULL: the installation */
	const struct vault_user_change *request;
	const char *password_hash;
	struct store_user row;
	struct sbuf former; /* memory behind row.former_addresses */
	char detail[200];
};

/* Whoever gives an account power is remembered for four_eyes_check(). */
static enum status
remember_grant(struct change_work *work, struct err *err)
{
	const struct store_grant grant = {
		.user_id = work->row.id,
		.by_user_id = work->actor != NULL ? work->actor->user.id : 0,
		.at_unix_ms = work->vault->now_unix_ms,
	};

	return store_grant_insert(work->vault->store, &grant, err);
}

static enum status
audit_change(struct change_work *work, const char *event, struct err *err)
{
	const struct vault_deed deed = {
		.actor =
			work->actor != NULL ? work->actor->user.login : "setup",
		.via = work->actor != NULL ? work->actor->via : "vault",
		.event = event,
		.detail = work->detail,
	};

	work->vault->after->cases_changed = true; /* who may see and decide */
	return vault_audit(work->vault, &deed, err);
}

static void
describe(struct change_work *work)
{
	(void)snprintf(work->detail, sizeof(work->detail),
		       "account=%.*s roles=%u", VAULT_MAX_NAME_BYTES,
		       work->row.login, work->row.roles);
}

static void
take_words(struct store_user *row, const struct vault_user *user)
{
	row->name = user->name;
	row->roles = user->roles;
	row->language = user->language;
	row->uid = user->uid;
	row->addresses = user->addresses;
	row->groups = user->groups;
}

static enum status
do_create(struct change_work *work, struct err *err)
{
	const struct vault_user *user = &work->request->user;
	enum status st = check_user(user, err);

	if (st == ST_OK)
		st = check_unshared(work->vault, 0, user->addresses, err);
	if (st != ST_OK)
		return st;
	work->row = (struct store_user){
		.login = user->login,
		.former_addresses = "",
		.enabled = true,
		.password = work->password_hash,
		.created_unix_ms = work->vault->now_unix_ms,
	};
	take_words(&work->row, user);
	st = store_user_insert(work->vault->store, &work->row, &work->row.id,
			       err);
	if (st == ST_DENIED)
		return err_set(err, ST_FORMAT,
			       "there is an account of this login or uid");
	describe(work);
	if (st == ST_OK)
		st = remember_grant(work, err);
	return st == ST_OK ? audit_change(work, "account-created", err) : st;
}

/* Addresses once held stay on record: taking one away must not turn its
 * owner into somebody else. */
static enum status
keep_former(struct change_work *work, struct err *err)
{
	struct span rest = span_of(work->row.addresses);
	struct span word = { NULL, 0 };

	sbuf_add_text(&work->former, work->row.former_addresses);
	while (vault_list_next(&rest, &word)) {
		char one[CASE_MAX_ADDRESS_BYTES + 1];

		if (word.len_bytes >= sizeof(one))
			continue;
		memcpy(one, word.ptr, word.len_bytes);
		one[word.len_bytes] = '\0';
		if (vault_list_has(work->row.former_addresses, one))
			continue;
		if (work->former.len_bytes > 0)
			sbuf_add_byte(&work->former, ',');
		sbuf_add_text(&work->former, one);
	}
	work->row.former_addresses = sbuf_text(&work->former);
	return sbuf_status(&work->former, "account: former addresses", err);
}

static enum status
do_update(struct change_work *work, struct err *err)
{
	const struct vault_user *user = &work->request->user;
	enum status st = check_user(user, err);

	if (st == ST_OK)
		st = check_unshared(work->vault, work->row.id, user->addresses,
				    err);
	if (st == ST_OK && work->row.id == work->actor->user.id &&
	    (user->roles != work->row.roles ||
	     strcmp(user->groups, work->row.groups) != 0 ||
	     strcmp(user->addresses, work->row.addresses) != 0 ||
	     user->uid != work->row.uid))
		return err_set(err, ST_DENIED,
			       "somebody else has to change your own roles, "
			       "groups, addresses or uid");
	if (st == ST_OK)
		st = keep_former(work, err);
	if (st != ST_OK)
		return st;
	take_words(&work->row, user);
	st = store_user_update(work->vault->store, &work->row, err);
	if (st == ST_DENIED)
		return err_set(err, ST_FORMAT,
			       "there is an account of this "
			       "uid");
	describe(work);
	if (st == ST_OK)
		st = remember_grant(work, err);
	return st == ST_OK ? audit_change(work, "account-changed", err) : st;
}

static enum status
do_password(struct change_work *work, struct err *err)
{
	const bool own = work->row.id == work->actor->user.id;
	enum status st = ST_OK;

	if (work->password_hash[0] == '\0')
		return err_set(err, ST_FORMAT, "a password is missing");
	work->row.password = work->password_hash;
	work->row.failures = 0;
	work->row.locked_until_unix_ms = 0;
	describe(work);
	st = store_user_update(work->vault->store, &work->row, err);
	/* Whoever knew the old one is out. */
	if (st == ST_OK)
		st = store_session_delete_user(work->vault->store, work->row.id,
					       err);
	if (st == ST_OK && !own)
		st = remember_grant(work, err);
	return st == ST_OK ? audit_change(work, "password-changed", err) : st;
}

static enum status
do_enable(struct change_work *work, bool enabled, struct err *err)
{
	enum status st = ST_OK;

	if (work->row.id == work->actor->user.id)
		return err_set(err, ST_DENIED,
			       "somebody else has to enable or disable your "
			       "own account");
	work->row.enabled = enabled;
	work->row.failures = 0;
	work->row.locked_until_unix_ms = 0;
	describe(work);
	st = store_user_update(work->vault->store, &work->row, err);
	if (st == ST_OK && !enabled)
		st = store_session_delete_user(work->vault->store, work->row.id,
					       err);
	if (st == ST_OK && enabled)
		st = remember_grant(work, err);
	return st == ST_OK ? audit_change(work,
					  enabled ? "account-enabled"
						  : "account-disabled",
					  err)
			   : st;
}

static enum status
do_unlock(struct change_work *work, struct err *err)
{
	enum status st = ST_OK;

	if (work->row.id == work->actor->user.id)
		return err_set(err, ST_DENIED,
			       "somebody else has to unlock your own account");
	work->row.failures = 0;
	work->row.locked_until_unix_ms = 0;
	describe(work);
	st = store_user_update(work->vault->store, &work->row, err);
	return st == ST_OK ? audit_change(work, "account-unlocked", err) : st;
}

static enum status
do_change(struct change_work *work, struct err *err)
{
	switch (work->request->change) {
	case USER_CHANGE_UPDATE:
		return do_update(work, err);
	case USER_CHANGE_PASSWORD:
		return do_password(work, err);
	case USER_CHANGE_ENABLE:
		return do_enable(work, true, err);
	case USER_CHANGE_DISABLE:
		return do_enable(work, false, err);
	case USER_CHANGE_UNLOCK:
		return do_unlock(work, err);
	case USER_CHANGE_CREATE:
	case USER_CHANGE_NONE:
	case USER_CHANGE_END:
	default:
		return err_set(err, ST_FORMAT, "no such change");
	}
}

enum status
account_change(struct vault *vault, const struct actor *actor,
	       const struct vault_user_change *request,
	       const char *password_hash, struct err *err)
{
	struct change_work work = { .vault = vault,
				    .actor = actor,
				    .request = request,
				    .password_hash = password_hash };
	const bool own = strcmp(request->user.login, actor->user.login) == 0;
	enum status st = vault_need_ring(vault, err);

	if (st != ST_OK)
		return st;
	if ((actor->user.roles & VAULT_ROLE_ADMIN) == 0 &&
	    !(own && request->change == USER_CHANGE_PASSWORD))
		return err_set(err, ST_DENIED, "this needs an administrator");
	if (request->change == USER_CHANGE_CREATE)
		return do_create(&work, err);
	sbuf_init(&work.former, FORMER_MAX_BYTES);
	st = store_user_find_login(vault->store, request->user.login, &work.row,
				   err);
	if (st == ST_NOT_FOUND)
		st = err_set(err, st, "no such account");
	if (st == ST_OK)
		st = do_change(&work, err);
	store_user_done(&work.row);
	sbuf_done(&work.former);
	return st;
}

enum status
account_create_first(struct vault *vault, const struct vault_user *user,
		     const char *password_hash, struct err *err)
{
	const struct vault_user_change request = { .change = USER_CHANGE_CREATE,
						   .user = *user };
	struct change_work work = { .vault = vault,
				    .request = &request,
				    .password_hash = password_hash };

	return do_create(&work, err);
}
