/*
 * link_key.h - secrets of secure links, and files under a file key.
 *
 * Layer:    lib/crypto
 * Threads:  no shared state; a reader belongs to one thread at a time
 *
 * A secret (256 bits) travels as 開封コード in one mail. From it follow, by
 * HKDF-SHA-256 with the link's id as salt, a proof (what the vault looks up
 * and compares; it says nothing about the rest) and a wrapping key. A password
 * that the sender told otherwise goes through argon2id and gives a proof of
 * its own and takes part in the wrapping key.
 *
 * Files lie one behind the other under a random file key: AES-256-GCM in
 * chunks of SEAL_CHUNK_BYTES with number and end in the nonce, as in seal.h;
 * any place can be read without what is before it.
 */
#ifndef LIB_CRYPTO_LINK_KEY_H
#define LIB_CRYPTO_LINK_KEY_H

#include "lib/crypto/seal.h"

enum {
	LINK_SECRET_BYTES = 32,
	LINK_CODE_TEXT_BYTES = 65, /* 52 base32 characters in 13 groups of 4
				    * with '-' between, and NUL */
	LINK_WRAPPED_BYTES = 60    /* nonce 12, key 32, tag 16 */
};

/* Wipe with explicit_bzero(). */
struct link_secret {
	uint8_t bytes[LINK_SECRET_BYTES];
};

MUST_CHECK enum status
link_secret_make(struct link_secret *secret_out, struct err *err);
/* Crockford base32, lower case; parsing takes any case, blanks, '-', and o, i,
 * l for 0, 1, 1. */
void link_secret_format(const struct link_secret *secret,
			char text[LINK_CODE_TEXT_BYTES]);
bool link_secret_parse(const char *text, struct link_secret *secret_out);

/* What is shown to the vault; link_id is LINK_ID_BYTES. */
MUST_CHECK enum status
link_key_proof(const struct link_secret *secret, struct span link_id,
	       uint8_t out[SEAL_KEY_BYTES], struct err *err);

/* argon2id of a password, with the link mail's id as salt: expensive (64 MiB);
 * bound how many run at once. */
MUST_CHECK enum status
link_password_key(const char *password, struct span salt,
		  uint8_t out[SEAL_KEY_BYTES], struct err *err);
MUST_CHECK enum status
link_password_proof(const uint8_t password_key[SEAL_KEY_BYTES],
		    uint8_t out[SEAL_KEY_BYTES], struct err *err);

/* The key that opens a link's wrapped file key; password_key: NULL for none.
 * It is all that a visit needs to keep. */
MUST_CHECK enum status
link_key_opening(const struct link_secret *secret, const uint8_t *password_key,
		 struct span link_id, uint8_t opening_out[SEAL_KEY_BYTES],
		 struct err *err);
MUST_CHECK enum status
link_key_wrap(const uint8_t opening[SEAL_KEY_BYTES], struct span link_id,
	      const uint8_t file_key[SEAL_KEY_BYTES],
	      uint8_t wrapped_out[LINK_WRAPPED_BYTES], struct err *err);
/* Returns: ST_OK; ST_FORMAT wrong key, or changed; ST_IO */
MUST_CHECK enum status
link_key_unwrap(const uint8_t opening[SEAL_KEY_BYTES], struct span link_id,
		struct span wrapped, uint8_t file_key_out[SEAL_KEY_BYTES],
		struct err *err);

/*
 * Encrypt len_bytes of from, from offset on, to to.
 * Returns: ST_OK; ST_IO; ST_NO_MEMORY; ST_FORMAT from ends too early
 */
MUST_CHECK enum status
link_seal_fd(const uint8_t file_key[SEAL_KEY_BYTES], int from, uint64_t offset,
	     uint64_t len_bytes, int to, struct err *err);

/*
 * Read sealed bytes at any place. The descriptor stays the caller's.
 * Returns: ST_OK; ST_FORMAT changed, cut off, another key; ST_IO;
 *          ST_NO_MEMORY
 */
struct link_reader;
MUST_CHECK enum status
link_reader_open(const uint8_t file_key[SEAL_KEY_BYTES], int fd,
		 uint64_t sealed_bytes, struct link_reader **reader_out,
		 struct err *err);
/* Up to room bytes from offset on; *len_out is 0 only at the end. A chunk is
 * decrypted once when places follow each other; with room for it and its tag,
 * in out itself (what lies behind *len_out bytes there is used, too). */
MUST_CHECK enum status
link_reader_read(struct link_reader *reader, uint64_t offset, void *out,
		 size_t room, size_t *len_out, struct err *err);
/* Wipes. Accepts NULL; fits AUTO(). */
void link_reader_free(struct link_reader **reader);

#endif
