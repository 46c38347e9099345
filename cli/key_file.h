/*
 * key_file.h - the master key's file belongs to the vault's account.
 *
 * Layer:    cli
 * Threads:  one
 */
#ifndef CLI_KEY_FILE_H
#define CLI_KEY_FILE_H

#include "cli/command.h"
#include "vault/client/master_key.h"

/*
 * Root made the file at path: give it to the account of vault.user, which is
 * the only one that reads it. Without root, or without a configuration that
 * names the account, it stays as it is.
 * Returns: ST_OK, ST_NOT_FOUND no such account, ST_IO
 */
MUST_CHECK enum status
key_file_give(const struct cli *cli, const char *path, struct err *err);

/* Give a file or directory to an account, when we are root. */
MUST_CHECK enum status
key_file_give_to(const char *path, const char *user, struct err *err);

/* Load the key as the vault's account would, also when root asks; a credential
 * that systemd has not handed over only root can read. */
MUST_CHECK enum status
key_file_load(const struct config *config, struct master_key *key_out,
	      struct err *err);

/* Can the vault's account read the file at path? Without root: can we?
 * Returns: ST_OK; ST_DENIED it cannot; ST_NOT_FOUND no such account; ST_IO */
MUST_CHECK enum status
key_file_check_readable(const struct config *config, const char *path,
			struct err *err);

/* Note the escrow copy in state_dir, as a file of the vault's account. */
MUST_CHECK enum status
key_file_note_escrow(const struct config *config, const struct master_key *key,
		     struct err *err);

#endif
