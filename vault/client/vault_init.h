/*
 * vault_init.h - the first accounts, told to a vault that has none.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  values
 *
 * "sekimori-vault --config FILE --init" makes the store and its key ring and
 * creates the accounts that it reads from standard input, before any socket
 * is open. Nobody is there yet who could allow it: it works only while the
 * store has no account, and only for who may write the store.
 *
 * Shape:    frames as in lib/wire/table.h, type VAULT_TYPE_USER_CHANGE
 *           (change CREATE, actor empty), one an account, up to the end
 */
#ifndef VAULT_CLIENT_VAULT_INIT_H
#define VAULT_CLIENT_VAULT_INIT_H

#include "vault/client/vault_messages.h"

enum { VAULT_INIT_MAX_BYTES = 1024 * 1024 };

/* Append an account to buf, which holds passwords: sbuf_init_secret().
 * Returns: ST_OK, ST_LIMIT, ST_FORMAT, ST_NO_MEMORY */
MUST_CHECK enum status
vault_init_add(struct sbuf *buf, const struct vault_user_change *account,
	       struct err *err);

/*
 * The next account of *rest, which moves on behind it.
 * Gives:    *arena_out holds its texts; free with wire_arena_free()
 * Returns:  ST_OK; ST_END there is no more; ST_FORMAT; ST_LIMIT;
 *           ST_NO_MEMORY
 */
MUST_CHECK enum status
vault_init_next(struct span *rest, struct vault_user_change *account_out,
		struct wire_arena **arena_out, struct err *err);

#endif
