#include "lib/crypto/x25519.h"

#include <openssl/evp.h>

#include "lib/crypto/digest.h"

enum status
x25519_make(uint8_t private_out[X25519_BYTES], struct err *err)
{
	/* Any 32 bytes are a key: the scalar is clamped when it is used. */
	return random_fill(private_out, X25519_BYTES, err);
}

enum status
x25519_public(const uint8_t private_key[X25519_BYTES],
	      uint8_t public_out[X25519_BYTES], struct err *err)
{
	size_t len_bytes = X25519_BYTES;
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
						     private_key, X25519_BYTES);

	if (key == NULL)
		return err_set(err, ST_NO_MEMORY, "x25519: no private key");
	const int done =
		EVP_PKEY_get_raw_public_key(key, public_out, &len_bytes) == 1 &&
		len_bytes == X25519_BYTES;

	EVP_PKEY_free(key);
	if (!done)
		return err_set(err, ST_IO, "x25519: OpenSSL refuses");
	return ST_OK;
}

static enum status
x25519_derive(EVP_PKEY *mine, EVP_PKEY *theirs,
	      uint8_t secret_out[X25519_BYTES], struct err *err)
{
	size_t len_bytes = X25519_BYTES;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine, NULL);
	enum status st = ST_OK;

	if (ctx == NULL)
		return err_set(err, ST_NO_MEMORY, "x25519: no memory");
	if (EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer(ctx, theirs) != 1)
		st = err_set(err, ST_IO, "x25519: OpenSSL refuses");
	else if (EVP_PKEY_derive(ctx, secret_out, &len_bytes) != 1 ||
		 len_bytes != X25519_BYTES)
		st = err_set(err, ST_FORMAT, "x25519: not a usable public key");
	EVP_PKEY_CTX_free(ctx);
	return st;
}

enum status
x25519_agree(const uint8_t private_key[X25519_BYTES],
	     const uint8_t public_key[X25519_BYTES],
	     uint8_t secret_out[X25519_BYTES], struct err *err)
{
	EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(
		EVP_PKEY_X25519, NULL, private_key, X25519_BYTES);
	EVP_PKEY *theirs = EVP_PKEY_new_raw_public_key(
		EVP_PKEY_X25519, NULL, public_key, X25519_BYTES);
	const enum status st =
		mine != NULL && theirs != NULL
			? x25519_derive(mine, theirs, secret_out, err)
			: err_set(err, ST_NO_MEMORY, "x25519: no memory");

	EVP_PKEY_free(theirs);
	EVP_PKEY_free(mine);
	return st;
}
