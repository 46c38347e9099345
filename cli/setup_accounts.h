/*
 * setup_accounts.h - the first admin and approvers, for the vault's --init.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_SETUP_ACCOUNTS_H
#define CLI_SETUP_ACCOUNTS_H

#include "cli/setup_answers.h"
#include "cli/speech.h"
#include "vault/client/vault_init.h"

/*
 * Append the accounts of answers to frames (sbuf_init_secret), asking for
 * each password; on a terminal until it is one.
 * Returns: ST_OK; ST_FORMAT not LOGIN[:ADDRESS[:UID]], or no password that is
 * taken; ST_NOT_FOUND no password; ST_LIMIT; ST_NO_MEMORY; ST_IO
 */
MUST_CHECK enum status
setup_accounts_write(const struct setup_answers *answers,
		     const struct speech *speech, const char *language,
		     struct sbuf *frames, struct err *err);

/* Run "sekimori-vault --config config_path --init" with frames as its
 * standard input. Returns: ST_OK; ST_IO it did not end well */
MUST_CHECK enum status
setup_accounts_send(const struct config *config, const char *config_path,
		    const struct sbuf *frames, struct err *err);

/* Has the store accounts already? False: there is no store, or one that an
 * earlier setup left behind half-way. */
bool
setup_accounts_are_there(const struct config *config, const char *config_path);

/* Is there a store at all? */
bool setup_accounts_has_store(const struct config *config);

#endif
