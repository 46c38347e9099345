/*
 * seal.h - bytes that only the holder of a private key can open.
 *
 * Layer:    lib/crypto
 * Threads:  no shared state
 *
 * Every sealing makes a random data key. The bytes are encrypted with it in
 * chunks (AES-256-GCM; the chunk number and a last-chunk mark are part of the
 * nonce, the context part of the AAD), so order, length and end are
 * authenticated and a chunk of one blob cannot stand in another. The data key
 * is wrapped for an X25519 public key (ephemeral key, HKDF-SHA-256,
 * AES-256-GCM) and given to the caller apart from the bytes: destroying the
 * wrapped key destroys the content.
 *
 * Shape:
 *
 *	wrapped key   0  1  version 1
 *	              1  4  epoch of the recipient's key, big-endian
 *	              5 32  ephemeral X25519 public key
 *	             37 32  data key, encrypted
 *	             69 16  GCM tag
 *
 *	sealed bytes  chunks of SEAL_CHUNK_BYTES plaintext, each followed by
 *	              its 16-byte tag; the last may be shorter (or empty when
 *	              there is no plaintext at all)
 */
#ifndef LIB_CRYPTO_SEAL_H
#define LIB_CRYPTO_SEAL_H

#include "lib/base/sbuf.h"

enum {
	SEAL_KEY_BYTES = 32,
	SEAL_WRAPPED_BYTES = 85,
	SEAL_CHUNK_BYTES = 64 * 1024,
	SEAL_TAG_BYTES = 16
};

struct seal_public {
	uint32_t epoch;
	uint8_t key[SEAL_KEY_BYTES];
};

/* Private half; wipe with seal_private_wipe(). */
struct seal_private {
	uint32_t epoch;
	uint8_t key[SEAL_KEY_BYTES];
};

MUST_CHECK enum status
seal_key_make(uint32_t epoch, struct seal_private *private_out,
	      struct seal_public *public_out, struct err *err);
MUST_CHECK enum status
seal_public_of(const struct seal_private *private_key,
	       struct seal_public *public_out, struct err *err);
void seal_private_wipe(struct seal_private *private_key);

/*
 * Encrypt all bytes of from (from its start) to to.
 * context names the purpose ("case-mail", "case-detail"); the same must be
 * given for opening.
 * Returns: ST_OK; ST_FORMAT the recipient's key is no usable public key;
 *          ST_IO; ST_NO_MEMORY; ST_LIMIT sealed_out is full
 */
MUST_CHECK enum status
seal_fd(const struct seal_public *recipient, const char *context, int from,
	int to, uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err);
MUST_CHECK enum status
seal_bytes(const struct seal_public *recipient, const char *context,
	   struct span bytes, struct sbuf *sealed_out,
	   uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err);

/*
 * Decrypt. Nothing counts before ST_OK: what was written until a failure is
 * to be thrown away (seal_open_bytes wipes it itself).
 * Returns: ST_OK; ST_FORMAT not ours, changed, cut off or reordered;
 *          ST_NOT_FOUND the wrapped key is for another epoch; ST_IO;
 *          ST_NO_MEMORY
 */
MUST_CHECK enum status
seal_open_fd(const struct seal_private *private_key, const char *context,
	     struct span wrapped, int from, int to, struct err *err);
MUST_CHECK enum status
seal_open_bytes(const struct seal_private *private_key, const char *context,
		struct span wrapped, struct span sealed, struct sbuf *bytes_out,
		struct err *err);

/* Epoch a wrapped key was made for. ST_OK, ST_FORMAT */
MUST_CHECK enum status
seal_epoch(struct span wrapped, uint32_t *epoch_out, struct err *err);

/* Wrap the same data key for another public key (rotation, export). */
MUST_CHECK enum status
seal_rewrap(const struct seal_private *from, const struct seal_public *to,
	    const char *context, struct span wrapped,
	    uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err);

/*
 * Small records under a symmetric key (AES-256-GCM, random 96-bit nonce in
 * front, context as AAD): rows of the store, session tokens at rest.
 */
MUST_CHECK enum status
box_close(const uint8_t key[SEAL_KEY_BYTES], const char *context,
	  struct span bytes, struct sbuf *boxed_out, struct err *err);
MUST_CHECK enum status
box_open(const uint8_t key[SEAL_KEY_BYTES], const char *context,
	 struct span boxed, struct sbuf *bytes_out, struct err *err);

/*
 * A stream under a random key that never leaves the process: for spool files.
 * One cipher for each file; a block is written once only.
 */
struct spool_cipher;
MUST_CHECK enum status
spool_cipher_new(struct spool_cipher **cipher_out, struct err *err);
void spool_cipher_free(struct spool_cipher **cipher);
/* Encrypt bytes in place as the block number block (64 KiB blocks but for
 * the last) of this file; AES-256-CTR: secrecy only, the file is unlinked and
 * ours alone. Running it again decrypts. */
MUST_CHECK enum status
spool_cipher_run(struct spool_cipher *cipher, uint64_t block, uint8_t *bytes,
		 size_t len_bytes, struct err *err);

#endif
