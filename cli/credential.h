/*
 * credential.h - the master key as systemd would hand it over, without systemd.
 *
 * Layer:    cli
 * Threads:  one
 *
 * "credential:NAME" lies in /etc/credstore/NAME, root's alone; systemd shows a
 * copy to the vault and nobody else. setup and run do the same when they are
 * root and nobody has set $CREDENTIALS_DIRECTORY.
 */
#ifndef CLI_CREDENTIAL_H
#define CLI_CREDENTIAL_H

#include "lib/config/config.h"

enum { CREDENTIAL_PATH_BYTES = 512 };

/* What credential_stage() has put down; empty: nothing. */
struct credential {
	char dir[CREDENTIAL_PATH_BYTES];
	char file[CREDENTIAL_PATH_BYTES];
};

/* Does the key come from /etc/credstore, by our hand? */
bool credential_is_ours(const struct config *config);

/*
 * A copy that only the vault's account can read, in run_dir/credentials, and
 * $CREDENTIALS_DIRECTORY set to it. Nothing when it is not ours.
 * Gives:   *staged_out; take it away with credential_remove()
 * Returns: ST_OK; ST_NOT_FOUND no such key; else as master_key_load()
 */
MUST_CHECK enum status
credential_stage(const struct config *config, struct credential *staged_out,
		 struct err *err);
void credential_remove(struct credential *staged);

/* Make /etc/credstore/NAME. Returns: ST_OK; ST_DENIED there is one; ST_IO */
MUST_CHECK enum status
credential_make(const struct config *config, struct err *err);

#endif
