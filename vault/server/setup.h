/*
 * setup.h - a new vault: keys, store, first accounts.
 *
 * Layer:    vault/server
 * Threads:  before any others start
 *
 * Accounts come one a line, fields separated by tabs:
 *
 *	login  name  roles  addresses  groups  uid  password
 *
 * roles, addresses and groups separated by commas; roles: sender, approver,
 * auditor, admin; uid "-": none; password in clear or, beginning with
 * "$argon2id$", as a hash; "-": cannot sign in.
 */
#ifndef VAULT_SERVER_SETUP_H
#define VAULT_SERVER_SETUP_H

#include "vault/case/account.h"

/* Read accounts from text and put them into a vault that has none, in one
 * transaction together with its key ring.
 * Returns: ST_OK; ST_FORMAT "line N: reason"; ST_DENIED there are accounts
 *          already; ST_NOT_FOUND no master key; ST_IO … */
MUST_CHECK enum status
setup_vault(const struct config *config, struct span accounts, struct err *err);

/* One line. Gives: texts in room. ST_FORMAT */
struct setup_line {
	struct vault_user user;
	const char *password;
	struct sbuf room;
};
MUST_CHECK enum status
setup_parse_line(struct span line, struct setup_line *out, struct err *err);

#endif
