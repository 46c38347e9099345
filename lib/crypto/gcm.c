#include "lib/crypto/gcm.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum gcm_way { GCM_NONE = 0, GCM_CLOSES, GCM_OPENS };

struct gcm {
	EVP_CIPHER_CTX *ctx;
	enum gcm_way way; /* that ctx has the key for */
	uint8_t key[GCM_KEY_BYTES];
};

enum status
gcm_new(const uint8_t key[GCM_KEY_BYTES], struct gcm **gcm_out, struct err *err)
{
	AUTO(gcm_free) struct gcm *gcm = calloc(1, sizeof(*gcm));

	if (gcm == NULL)
		return err_set(err, ST_NO_MEMORY, "gcm: no memory");
	gcm->ctx = EVP_CIPHER_CTX_new();
	if (gcm->ctx == NULL)
		return err_set(err, ST_NO_MEMORY, "gcm: no memory");
	memcpy(gcm->key, key, GCM_KEY_BYTES);
	*gcm_out = MOVE(gcm);
	return ST_OK;
}

void
gcm_free(struct gcm **gcm)
{
	if (*gcm != NULL) {
		EVP_CIPHER_CTX_free((*gcm)->ctx); /* wipes its schedule */
		explicit_bzero(*gcm, sizeof(**gcm));
	}
	free(*gcm);
	*gcm = NULL;
}

/* A key schedule and a look-up of the cipher cost as much as 4 KB of it, so
 * that a run of chunks pays for them once. */
static bool
gcm_start(struct gcm *gcm, enum gcm_way way,
	  const uint8_t nonce[GCM_NONCE_BYTES], struct span aad)
{
	const bool known = gcm->way == way;
	int len = 0;

	gcm->way = GCM_NONE;
	if (EVP_CipherInit_ex(gcm->ctx, known ? NULL : EVP_aes_256_gcm(), NULL,
			      known ? NULL : gcm->key, nonce,
			      way == GCM_CLOSES) != 1)
		return false;
	gcm->way = way;
	return EVP_CipherUpdate(gcm->ctx, NULL, &len, aad.ptr,
				(int)aad.len_bytes) == 1;
}

enum status
gcm_close(struct gcm *gcm, const uint8_t nonce[GCM_NONCE_BYTES],
	  struct span aad, struct span plain, uint8_t *out, struct err *err)
{
	int len = 0;
	int tail = 0;

	if (aad.len_bytes > INT_MAX || plain.len_bytes > INT_MAX)
		return err_set(err, ST_LIMIT, "gcm: %zu bytes at once",
			       plain.len_bytes);
	if (!gcm_start(gcm, GCM_CLOSES, nonce, aad))
		return err_set(err, ST_IO, "gcm: OpenSSL refuses to start");
	if (plain.len_bytes > 0 &&
	    EVP_EncryptUpdate(gcm->ctx, out, &len, plain.ptr,
			      (int)plain.len_bytes) != 1)
		return err_set(err, ST_IO, "gcm: OpenSSL refuses to encrypt");
	if (EVP_EncryptFinal_ex(gcm->ctx, out + len, &tail) != 1 ||
	    EVP_CIPHER_CTX_ctrl(gcm->ctx, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES,
				out + plain.len_bytes) != 1)
		return err_set(err, ST_IO, "gcm: OpenSSL gives no tag");
	return ST_OK;
}

enum status
gcm_open(struct gcm *gcm, const uint8_t nonce[GCM_NONCE_BYTES], struct span aad,
	 struct span closed, uint8_t *out, struct err *err)
{
	uint8_t tag[GCM_TAG_BYTES];
	int len = 0;
	int tail = 0;

	if (closed.len_bytes < GCM_TAG_BYTES)
		return err_set(err, ST_FORMAT, "gcm: %zu bytes are no record",
			       closed.len_bytes);
	if (aad.len_bytes > INT_MAX || closed.len_bytes > INT_MAX)
		return err_set(err, ST_LIMIT, "gcm: %zu bytes at once",
			       closed.len_bytes);
	const size_t plain_bytes = closed.len_bytes - GCM_TAG_BYTES;

	memcpy(tag, closed.ptr + plain_bytes, sizeof(tag));
	if (!gcm_start(gcm, GCM_OPENS, nonce, aad) ||
	    EVP_CIPHER_CTX_ctrl(gcm->ctx, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES,
				tag) != 1)
		return err_set(err, ST_IO, "gcm: OpenSSL refuses to start");
	if (plain_bytes > 0 &&
	    EVP_DecryptUpdate(gcm->ctx, out, &len, closed.ptr,
			      (int)plain_bytes) != 1)
		return err_set(err, ST_IO, "gcm: OpenSSL refuses to decrypt");
	if (EVP_DecryptFinal_ex(gcm->ctx, out + len, &tail) == 1)
		return ST_OK;
	if (plain_bytes > 0)
		explicit_bzero(out, plain_bytes);
	return err_set(err, ST_FORMAT, "gcm: changed or not for this key");
}
