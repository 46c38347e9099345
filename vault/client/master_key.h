/*
 * master_key.h - the key that unlocks the vault: file, credential, escrow.
 *
 * Layer:    vault/client; includes only lib/
 * Threads:  no shared state
 *
 * The vault only reads it; the command line makes it and its escrow copy, as
 * root and without the vault, so it never crosses a socket.
 *
 * Shape:    key file     "sekimori-key-1 ", 64 hex digits, line end
 *           escrow copy  comment lines starting with '#', then lines
 *                        "sekimori-escrow-1", "salt <32 hex>",
 *                        "key <120 hex>" (box of the key)
 */
#ifndef VAULT_CLIENT_MASTER_KEY_H
#define VAULT_CLIENT_MASTER_KEY_H

#include <limits.h>

#include "lib/base/sbuf.h"

enum {
	MASTER_KEY_BYTES = 32,
	MASTER_KEY_ESCROW_MAX_BYTES = 4096,
	MASTER_KEY_MARK_BYTES = 16
};

/* Where systemd looks for credentials by name; root's alone. */
#define MASTER_KEY_CREDSTORE "/etc/credstore"

/* Wipe with master_key_wipe(). */
struct master_key {
	uint8_t bytes[MASTER_KEY_BYTES];
};
void master_key_wipe(struct master_key *key);

/*
 * Write a new random key, or the given one, to a new file, mode 0400,
 * durably. An existing file is never touched.
 * Returns: ST_OK; ST_DENIED there is such a file; ST_IO
 */
MUST_CHECK enum status master_key_create(const char *path, struct err *err);
MUST_CHECK enum status
master_key_write(const char *path, const struct master_key *key,
		 struct err *err);

/*
 * source is the setting vault.key: "credential:NAME" (a file of that name in
 * $CREDENTIALS_DIRECTORY, or where that is not set in /etc/credstore) or
 * "file:/path".
 * Returns: ST_OK; ST_NOT_FOUND there is none; ST_DENIED a symbolic link, not
 *          a plain file, somebody else's, or readable by group or others;
 *          ST_FORMAT no source or no key; ST_IO
 */
MUST_CHECK enum status
master_key_load(const char *source, struct master_key *key_out,
		struct err *err);

/* The file that source names, whether it is there or not. Returns: ST_OK,
 * ST_FORMAT no source */
MUST_CHECK enum status
master_key_path(const char *source, char path[PATH_MAX], struct err *err);

/* Does the key lie on the file system of dir? Returns: as
 * master_key_load() */
MUST_CHECK enum status master_key_is_beside(const char *source, const char *dir,
					    bool *beside_out, struct err *err);

/*
 * An escrow copy: the key under a passphrase, as text to print and to lock
 * away. ST_LIMIT: the passphrase is too short or too long.
 */
MUST_CHECK enum status
master_key_escrow(const struct master_key *key, const char *passphrase,
		  struct sbuf *text_out, struct err *err);
/* Returns: ST_OK; ST_FORMAT no escrow copy; ST_DENIED wrong passphrase or
 * changed; ST_NO_MEMORY; ST_IO */
MUST_CHECK enum status
master_key_restore(struct span text, const char *passphrase,
		   struct master_key *key_out, struct err *err);

/*
 * That an escrow copy of this key was made is noted in state_dir/escrowed, by
 * a value that says nothing about the key; a new key has no such note.
 */
MUST_CHECK enum status
master_key_note_escrow(const struct master_key *key, const char *state_dir,
		       struct err *err);
MUST_CHECK enum status
master_key_is_escrowed(const struct master_key *key, const char *state_dir,
		       bool *escrowed_out, struct err *err);

#endif
