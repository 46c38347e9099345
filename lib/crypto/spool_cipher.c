/* spool_cipher.c - spool files under a key of their own; see seal.h. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crypto/digest.h"
#include "lib/crypto/seal.h"

struct spool_cipher {
	EVP_CIPHER_CTX *ctx;
	uint8_t key[SEAL_KEY_BYTES];
};

enum status
spool_cipher_new(struct spool_cipher **cipher_out, struct err *err)
{
	AUTO(spool_cipher_free)
	struct spool_cipher *cipher = calloc(1, sizeof(*cipher));

	if (cipher == NULL)
		return err_set(err, ST_NO_MEMORY, "spool: no memory");
	cipher->ctx = EVP_CIPHER_CTX_new();
	if (cipher->ctx == NULL)
		return err_set(err, ST_NO_MEMORY, "spool: no memory");
	const enum status st =
		random_fill(cipher->key, sizeof(cipher->key), err);

	if (st != ST_OK)
		return st;
	*cipher_out = MOVE(cipher);
	return ST_OK;
}

void
spool_cipher_free(struct spool_cipher **cipher)
{
	if (*cipher != NULL) {
		EVP_CIPHER_CTX_free((*cipher)->ctx);
		explicit_bzero(*cipher, sizeof(**cipher));
	}
	free(*cipher);
	*cipher = NULL;
}

enum status
spool_cipher_run(struct spool_cipher *cipher, uint64_t block, uint8_t *bytes,
		 size_t len_bytes, struct err *err)
{
	uint8_t iv[16] = { 0 };
	int len = 0;

	if (len_bytes > SEAL_CHUNK_BYTES)
		return err_set(err, ST_LIMIT, "spool: a block of %zu bytes",
			       len_bytes);
	/* Block number in the high half; AES counts in the low half. */
	for (size_t i = 8; i > 0; i--) {
		iv[i - 1] = (uint8_t)block;
		block >>= 8;
	}
	if (len_bytes == 0)
		return ST_OK;
	if (EVP_EncryptInit_ex(cipher->ctx, EVP_aes_256_ctr(), NULL,
			       cipher->key, iv) != 1 ||
	    EVP_EncryptUpdate(cipher->ctx, bytes, &len, bytes,
			      (int)len_bytes) != 1)
		return err_set(err, ST_IO, "spool: OpenSSL refuses");
	return ST_OK;
}
