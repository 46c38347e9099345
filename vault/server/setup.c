#include "vault/server/setup.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/parse.h"

enum { SETUP_FIELDS = 7, SETUP_LINE_BYTES = 8192, SETUP_MAX_ACCOUNTS = 1000 };

static bool
parse_role(struct span word, uint32_t *roles)
{
	static const struct {
		const char *name;
		uint32_t role;
	} names[] = {
		{ "sender", VAULT_ROLE_SENDER },
		{ "approver", VAULT_ROLE_APPROVER },
		{ "auditor", VAULT_ROLE_AUDITOR },
		{ "admin", VAULT_ROLE_ADMIN },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_equal(word, span_of(names[i].name))) {
			*roles |= names[i].role;
			return true;
		}
	return false;
}

static enum status
parse_roles(const char *text, uint32_t *roles_out, struct err *err)
{
	struct span rest = span_of(text);
	struct span word = { NULL, 0 };
	uint32_t roles = 0;

	while (vault_list_next(&rest, &word))
		if (!parse_role(word, &roles))
			return err_set(err, ST_FORMAT,
				       "a role is sender, approver, auditor "
				       "or admin");
	*roles_out = roles;
	return ST_OK;
}

static enum status
parse_uid(const char *text, int64_t *uid_out, struct err *err)
{
	uint64_t uid = 0;

	if (strcmp(text, "-") == 0) {
		*uid_out = -1;
		return ST_OK;
	}
	if (!parse_u64(span_of(text), UINT32_MAX - 1, &uid))
		return err_set(err, ST_FORMAT, "a uid is a number or -");
	*uid_out = (int64_t)uid;
	return ST_OK;
}

enum status
setup_parse_line(struct span line, struct setup_line *out, struct err *err)
{
	const char *fields[SETUP_FIELDS] = { NULL };
	size_t count = 1;
	char *text = NULL;
	enum status st = ST_OK;

	sbuf_init_secret(&out->room, SETUP_LINE_BYTES);
	sbuf_add_span(&out->room, line);
	st = sbuf_status(&out->room, "setup: line", err);
	if (st != ST_OK)
		return st;
	if (!parse_is_utf8(line) || out->room.bytes == NULL)
		return err_set(err, ST_FORMAT, "not UTF-8");
	text = (char *)out->room.bytes;
	fields[0] = text;
	for (; *text != '\0'; text++) {
		if (*text != '\t')
			continue;
		*text = '\0';
		if (count == SETUP_FIELDS)
			return err_set(err, ST_FORMAT, "too many fields");
		fields[count++] = text + 1;
	}
	if (count != SETUP_FIELDS)
		return err_set(err, ST_FORMAT, "%zu fields instead of %d",
			       count, SETUP_FIELDS);
	out->user = (struct vault_user){ .login = fields[0],
					 .name = fields[1],
					 .language = "",
					 .enabled = true,
					 .addresses = fields[3],
					 .groups = fields[4] };
	out->password = strcmp(fields[6], "-") == 0 ? "" : fields[6];
	st = parse_roles(fields[2], &out->user.roles, err);
	return st == ST_OK ? parse_uid(fields[5], &out->user.uid, err) : st;
}

static enum status
hash_of(const char *password, char hash[PASSWORD_HASH_BYTES], struct err *err)
{
	const size_t len_bytes = strlen(password);

	hash[0] = '\0';
	if (len_bytes == 0)
		return ST_OK;
	if (strncmp(password, "$argon2id$", 10) == 0) {
		if (len_bytes >= PASSWORD_HASH_BYTES)
			return err_set(err, ST_FORMAT, "not a password hash");
		memcpy(hash, password, len_bytes + 1);
		return ST_OK;
	}
	return password_hash(password, hash, err);
}

static enum status
add_account(struct vault *vault, struct span line, struct err *err)
{
	struct setup_line account = { .password = NULL };
	char hash[PASSWORD_HASH_BYTES] = "";
	enum status st = setup_parse_line(line, &account, err);

	if (st == ST_OK)
		st = hash_of(account.password, hash, err);
	if (st == ST_OK)
		st = account_create_first(vault, &account.user, hash, err);
	explicit_bzero(hash, sizeof(hash));
	sbuf_done(&account.room);
	return st;
}

static enum status
add_accounts(struct vault *vault, struct span rest, struct err *err)
{
	size_t number = 0;
	size_t added = 0;

	while (rest.len_bytes > 0) {
		const uint8_t *end = memchr(rest.ptr, '\n', rest.len_bytes);
		const size_t len_bytes =
			end != NULL ? (size_t)(end - rest.ptr) : rest.len_bytes;
		const size_t used = len_bytes + (end != NULL ? 1 : 0);
		struct err why = { .st = ST_OK };
		struct span line = { NULL, 0 };
		enum status st = ST_OK;

		(void)span_cut(rest, 0, len_bytes, &line);
		(void)span_cut(rest, used, rest.len_bytes - used, &rest);
		number++;
		if (line.len_bytes == 0)
			continue;
		if (added++ == SETUP_MAX_ACCOUNTS)
			return err_set(err, ST_FORMAT, "too many accounts");
		st = add_account(vault, line, &why);
		if (st != ST_OK)
			return err_set(err, st, "line %zu: %s", number,
				       why.text);
	}
	return ST_OK;
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
