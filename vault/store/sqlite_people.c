/* sqlite_people.c - accounts, pairs; contract: store_people.h. */
#include <stdlib.h>

#include "vault/store/sqlite_call.h"
#include "vault/store/store_people.h"

#define USER_COLUMNS                                                 \
	"id, login, name, language, roles, enabled, uid, addresses," \
	" former_addresses, groups, password, created_unix_ms,"      \
	" failures, locked_until_unix_ms, factor, factor_new"

/* In the order of USER_COLUMNS, without id. */
static void
user_bind(struct call *call, const struct store_user *row)
{
	call_text(call, row->login);
	call_text(call, row->name);
	call_text(call, row->language);
	call_int(call, row->roles);
	call_int(call, row->enabled);
	call_int(call, row->uid);
	call_text(call, row->addresses);
	call_text(call, row->former_addresses);
	call_text(call, row->groups);
	call_text(call, row->password);
	call_int(call, row->created_unix_ms);
	call_int(call, row->failures);
	call_int(call, row->locked_until_unix_ms);
	call_span(call, row->factor);
	call_span(call, row->factor_new);
}

static void
user_load(struct call *call, struct store_user *row)
{
	*row = (struct store_user){ 0 };
	row->id = call_get_uint(call, 0);
	row->login = call_get_text(call, 1);
	row->name = call_get_text(call, 2);
	row->language = call_get_text(call, 3);
	row->roles = (uint32_t)call_get_int(call, 4);
	row->enabled = call_get_int(call, 5) != 0;
	row->uid = call_get_int(call, 6);
	row->addresses = call_get_text(call, 7);
	row->former_addresses = call_get_text(call, 8);
	row->groups = call_get_text(call, 9);
	row->password = call_get_text(call, 10);
	row->created_unix_ms = call_get_int(call, 11);
	row->failures = (uint32_t)call_get_int(call, 12);
	row->locked_until_unix_ms = call_get_int(call, 13);
	row->factor = call_get_span(call, 14);
	row->factor_new = call_get_span(call, 15);
}

void
store_user_done(struct store_user *row)
{
	free(row->memory);
	*row = (struct store_user){ 0 };
}

/* Seven texts are more than struct owned carries at once, so the password
 * hash travels as a span with its NUL. */
static enum status
user_own(struct store_user *row, struct err *err)
{
	struct span password = { (const uint8_t *)row->password,
				 strlen(row->password) + 1 };
	const struct owned owned = {
		.texts = { &row->login, &row->name, &row->language,
			   &row->addresses, &row->former_addresses,
			   &row->groups },
		.spans = { &password, &row->factor, &row->factor_new },
	};
	const enum status st = call_own(&owned, &row->memory, err);

	if (st == ST_OK)
		row->password = (const char *)password.ptr;
	return st;
}

static enum status
user_find(struct call *call, struct store_user *row_out, struct err *err)
{
	struct store_user row;
	enum status st = call_row(call, err);

	if (st == ST_END)
		return err_set(err, ST_NOT_FOUND, "store: no such account");
	if (st != ST_OK)
		return st;
	user_load(call, &row);
	st = user_own(&row, err);
	if (st == ST_OK)
		*row_out = row;
	return st;
}

enum status
store_user_insert(struct store *store, const struct store_user *row,
		  uint64_t *id_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO users (login, name, language, roles,"
			 " enabled, uid, addresses, former_addresses, groups,"
			 " password, created_unix_ms, failures,"
			 " locked_until_unix_ms, factor, factor_new)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
			 " ?, ?)");
	user_bind(&call, row);
	const enum status st = call_run(&call, err);

	if (st == ST_OK)
		*id_out = (uint64_t)sqlite3_last_insert_rowid(store->db);
	return st;
}

enum status
store_user_update(struct store *store, const struct store_user *row,
		  struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "UPDATE users SET login = ?, name = ?, language = ?,"
			 " roles = ?, enabled = ?, uid = ?, addresses = ?,"
			 " former_addresses = ?, groups = ?, password = ?,"
			 " created_unix_ms = ?, failures = ?,"
			 " locked_until_unix_ms = ?, factor = ?,"
			 " factor_new = ? WHERE id = ?");
	user_bind(&call, row);
	call_uint(&call, row->id);
	return call_run_found(&call, err);
}

enum status
store_user_find(struct store *store, uint64_t id, struct store_user *row_out,
		struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " USER_COLUMNS " FROM users WHERE id = ?");
	call_uint(&call, id);
	return user_find(&call, row_out, err);
}

enum status
store_user_find_login(struct store *store, const char *login,
		      struct store_user *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " USER_COLUMNS " FROM users WHERE login = ?");
	call_text(&call, login);
	return user_find(&call, row_out, err);
}

enum status
store_user_find_uid(struct store *store, int64_t uid,
		    struct store_user *row_out, struct err *err)
{
	AUTO(call_end) struct call call;

	/* -1 stands for "none" and must not find all who have none. */
	call_begin(&call, store,
		   "SELECT " USER_COLUMNS " FROM users"
		   " WHERE uid = ? AND uid <> -1");
	call_int(&call, uid);
	return user_find(&call, row_out, err);
}

enum status
store_user_each(struct store *store, store_user_visit visit, void *context,
		struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT " USER_COLUMNS " FROM users ORDER BY login");
	for (;;) {
		struct store_user row;
		enum status st = call_row(&call, err);

		if (st == ST_OK) {
			user_load(&call, &row);
			st = visit(context, &row, err);
		}
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

enum status
store_grant_insert(struct store *store, const struct store_grant *row,
		   struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO grants (user_id, by_user_id, at_unix_ms)"
			 " VALUES (?, ?, ?)");
	call_uint(&call, row->user_id);
	call_uint(&call, row->by_user_id);
	call_int(&call, row->at_unix_ms);
	return call_run(&call, err);
}

enum status
store_grant_each(struct store *store, uint64_t user_id, int64_t since_unix_ms,
		 store_grant_visit visit, void *context, struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin(&call, store,
		   "SELECT user_id, by_user_id, at_unix_ms FROM grants"
		   " WHERE user_id = ? AND at_unix_ms >= ?"
		   " ORDER BY at_unix_ms, rowid");
	call_uint(&call, user_id);
	call_int(&call, since_unix_ms);
	for (;;) {
		enum status st = call_row(&call, err);

		if (st == ST_OK) {
			const struct store_grant row = {
				.user_id = call_get_uint(&call, 0),
				.by_user_id = call_get_uint(&call, 1),
				.at_unix_ms = call_get_int(&call, 2),
			};

			st = visit(context, &row, err);
		}
		if (st != ST_OK)
			return st == ST_END ? ST_OK : st;
	}
}

/* --- correspondence ------------------------------------------------- */

enum status
store_pair_put(struct store *store, const struct store_pair *row,
	       struct err *err)
{
	AUTO(call_end) struct call call;

	call_begin_write(&call, store,
			 "INSERT INTO pairs (sender, recipient, domain,"
			 " first_day, last_day) VALUES (?, ?, ?, ?, ?)"
			 " ON CONFLICT DO UPDATE SET"
			 " first_day = min(first_day, excluded.first_day),"
			 " last_day = max(last_day, excluded.last_day)");
	call_bytes(&call, row->sender, sizeof(row->sender));
	call_bytes(&call, row->recipient, sizeof(row->recipient));
	call_text(&call, row->domain);
	call_int(&call, row->first_day);
	call_int(&call, row->last_day);
	return call_run(&call, err);
}

enum status
store_pair_has(struct store *store, const uint8_t sender[STORE_HASH_BYTES],
	       const uint8_t recipient[STORE_HASH_BYTES], uint32_t before_day,
	       bool *found_out, struct err *err)
{
	AUTO(call_end) struct call call;
	enum status st = ST_OK;

	call_begin(&call, store,
		   "SELECT 1 FROM pairs WHERE sender = ? AND recipient = ?"
		   " AND first_day < ?");
	call_bytes(&call, sender, STORE_HASH_BYTES);
	call_bytes(&call, recipient, STORE_HASH_BYTES);
	call_int(&call, before_day);
	st = call_row(&call, err);
	if (st != ST_OK && st != ST_END)
		return st;
	*found_out = st == ST_OK;
	return ST_OK;
}
