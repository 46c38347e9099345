#include "vault/server/setup.h"

#include <string.h>

#include "lib/base/clock.h"
#include "vault/client/vault_init.h"

static enum status
hash_of(const char *password, char hash[PASSWORD_HASH_BYTES], struct err *err)
{
	hash[0] = '\0';
	if (password[0] == '\0')
		return ST_OK;

	const enum status st = password_hash(password, hash, err);

	if (st == ST_LIMIT)
		return err_set(err, ST_FORMAT, "a password has %d to %d bytes",
			       PASSWORD_MIN_BYTES, PASSWORD_MAX_BYTES);
	return st;
}

static enum status
add_account(struct vault *vault, const struct vault_user_change *account,
	    struct err *err)
{
	char hash[PASSWORD_HASH_BYTES] = "";
	enum status st = ST_OK;

	if (account->change != USER_CHANGE_CREATE)
		return err_set(err, ST_FORMAT, "not a new account");
	st = hash_of(account->password, hash, err);
	if (st == ST_OK)
		st = account_create_first(vault, &account->user, hash, err);
	explicit_bzero(hash, sizeof(hash));
	return st;
}

static enum status
add_accounts(struct vault *vault, struct span rest, struct err *err)
{
	for (size_t number = 1;; number++) {
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		struct vault_user_change account = { .password = NULL };
		struct err why = { .st = ST_OK };
		enum status st = vault_init_next(&rest, &account, &arena, &why);

		if (st == ST_END)
			return ST_OK;
		if (st == ST_OK)
			st = add_account(vault, &account, &why);
		if (st != ST_OK)
			return err_set(err, st, "account %zu: %s", number,
				       why.text);
	}
}

static enum status
set_up(struct vault *vault, struct span accounts, struct err *err)
{
	AUTO(people_done) struct people people = { .arena = NULL };
	const struct vault_deed deed = { .actor = "setup",
					 .via = "vault",
					 .event = "setup" };
	enum status st = people_read(vault, &people, err);

	if (st == ST_OK && people.count > 0)
		return err_set(err, ST_DENIED,
			       "the vault has accounts already");
	if (st == ST_OK)
		st = key_ring_create(vault->config->vault.key, vault->store,
				     err);
	if (st == ST_DENIED) /* an earlier setup got that far */
		st = ST_OK;
	if (st == ST_OK)
		st = vault_audit(vault, &deed, err);
	return st == ST_OK ? add_accounts(vault, accounts, err) : st;
}

enum status
setup_vault(const struct config *config, struct span accounts, struct err *err)
{
	struct vault_after after = { .blob_count = 0 };
	struct vault vault = { .config = config,
			       .now_unix_ms = clock_unix_ms(),
			       .after = &after };
	struct store *store = NULL;
	enum status st =
		store_open(config->vault.store, config->general.state_dir,
			   STORE_MODE_WRITE, &store, err);

	if (st == ST_OK)
		st = blob_prepare(config->general.state_dir, err);
	if (st == ST_OK)
		st = store_begin(store, err);
	if (st == ST_OK) {
		vault.store = store;
		st = set_up(&vault, accounts, err);
		if (st == ST_OK)
			st = store_commit(store, err);
		else
			store_rollback(store);
	}
	store_close(&store);
	return st;
}
