/*
 * master_key.h - the vault's master key: its file, its source, its escrow.
 *
 * Layer:    lib/crypto
 * Threads:  no shared state
 *
 * Shape (ASCII, one line):
 *
 *	key file     "sekimori-key-1 " 64 hex digits "-" 8 hex digits
 *	             the key, and the first 4 bytes of the SHA-256 of the
 *	             words in front and the key: a copy that was typed wrong
 *	             is told apart from a wrong key
 *	escrow copy  "sekimori-escrow-1 " 32 hex digits " " hex digits
 *	             the salt of password_derive(), and box_close() of the key
 *	             under that key; worth nothing without the passphrase, so
 *	             it may be printed and locked away
 */
#ifndef LIB_CRYPTO_MASTER_KEY_H
#define LIB_CRYPTO_MASTER_KEY_H

#include "lib/base/sbuf.h"

enum { MASTER_KEY_BYTES = 32, MASTER_KEY_PATH_BYTES = 4200 };

/*
 * Path of the file behind a source (setting vault.key): "file:/path", or
 * "credential:NAME" in the directory $CREDENTIALS_DIRECTORY of systemd.
 * Returns: ST_OK; ST_NOT_FOUND there is no such directory; ST_FORMAT no such
 *          kind of source; ST_LIMIT
 */
MUST_CHECK enum status
master_key_find(const char *source, char path[MASTER_KEY_PATH_BYTES],
		struct err *err);

/*
 * Read the key of a source. Wipe key_out with explicit_bzero().
 * Returns: ST_OK; ST_NOT_FOUND no such file; ST_FORMAT not a key, or damaged;
 *          ST_DENIED file: others than its owner may read it; ST_IO
 */
MUST_CHECK enum status
master_key_load(const char *source, uint8_t key_out[MASTER_KEY_BYTES],
		struct err *err);

/* A new random key. Returns: ST_OK, ST_IO */
MUST_CHECK enum status
master_key_make(uint8_t key_out[MASTER_KEY_BYTES], struct err *err);

/*
 * Write the key to a new file at path, mode 0400, durably.
 * Returns: ST_OK; ST_DENIED there is a file already (never overwritten);
 *          ST_IO
 */
MUST_CHECK enum status
master_key_write(const char *path, const uint8_t key[MASTER_KEY_BYTES],
		 struct err *err);

/* Append the escrow copy of key under passphrase.
 * Returns: ST_OK; ST_LIMIT passphrase too short or long; ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status
master_key_escrow(const uint8_t key[MASTER_KEY_BYTES], const char *passphrase,
		  struct sbuf *text_out, struct err *err);

/* Returns: ST_OK; ST_FORMAT not an escrow copy; ST_DENIED wrong passphrase or
 *          a damaged copy; ST_NO_MEMORY */
MUST_CHECK enum status
master_key_restore(struct span text, const char *passphrase,
		   uint8_t key_out[MASTER_KEY_BYTES], struct err *err);

#endif
