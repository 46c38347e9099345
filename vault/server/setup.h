/*
 * setup.h - a new vault: keys, store, first accounts.
 *
 * Layer:    vault/server
 * Threads:  before any others start
 */
#ifndef VAULT_SERVER_SETUP_H
#define VAULT_SERVER_SETUP_H

#include "vault/case/account.h"

/*
 * Put the accounts (as vault_init_add() wrote them) into a vault that has
 * none, in one transaction together with its key ring.
 * Returns: ST_OK; ST_FORMAT "account N: reason"; ST_DENIED there are accounts
 *          already; ST_NOT_FOUND no master key; ST_IO …
 */
MUST_CHECK enum status
setup_vault(const struct config *config, struct span accounts, struct err *err);

#endif
