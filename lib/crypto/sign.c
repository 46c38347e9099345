#include "lib/crypto/sign.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

static void
pkey_done(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void
sign_ctx_done(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

static void
sign_bio_done(BIO **bio)
{
	(void)BIO_free(*bio);
}

static enum status
sign_load(const uint8_t seed[SIGN_SEED_BYTES], EVP_PKEY **key_out,
	  struct err *err)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
						     seed, SIGN_SEED_BYTES);

	if (key == NULL)
		return err_set(err, ST_NO_MEMORY, "sign: no private key");
	*key_out = key;
	return ST_OK;
}

static enum status
sign_load_public(const uint8_t public_key[SIGN_PUBLIC_BYTES],
		 EVP_PKEY **key_out, struct err *err)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(
		EVP_PKEY_ED25519, NULL, public_key, SIGN_PUBLIC_BYTES);

	if (key == NULL)
		return err_set(err, ST_NO_MEMORY, "sign: no public key");
	*key_out = key;
	return ST_OK;
}

static enum status
sign_raw_public(const EVP_PKEY *key, uint8_t public_out[SIGN_PUBLIC_BYTES],
		struct err *err)
{
	uint8_t raw[SIGN_PUBLIC_BYTES];
	size_t len_bytes = sizeof(raw);

	if (EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 ||
	    EVP_PKEY_get_raw_public_key(key, raw, &len_bytes) != 1 ||
	    len_bytes != sizeof(raw))
		return err_set(err, ST_FORMAT, "sign: no Ed25519 key");
	memcpy(public_out, raw, sizeof(raw));
	return ST_OK;
}

enum status
sign_public(const uint8_t seed[SIGN_SEED_BYTES],
	    uint8_t public_out[SIGN_PUBLIC_BYTES], struct err *err)
{
	AUTO(pkey_done) EVP_PKEY *key = NULL;
	const enum status st = sign_load(seed, &key, err);

	return st == ST_OK ? sign_raw_public(key, public_out, err) : st;
}

enum status
sign(const uint8_t seed[SIGN_SEED_BYTES], struct span text,
     uint8_t signature_out[SIGNATURE_BYTES], struct err *err)
{
	AUTO(pkey_done) EVP_PKEY *key = NULL;
	AUTO(sign_ctx_done) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t signature[SIGNATURE_BYTES];
	size_t len_bytes = sizeof(signature);
	const enum status st = sign_load(seed, &key, err);

	if (st != ST_OK)
		return st;
	if (ctx == NULL)
		return err_set(err, ST_NO_MEMORY, "sign: no memory");
	if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) != 1 ||
	    EVP_DigestSign(ctx, signature, &len_bytes, text.ptr,
			   text.len_bytes) != 1 ||
	    len_bytes != sizeof(signature))
		return err_set(err, ST_IO, "sign: OpenSSL refuses");
	memcpy(signature_out, signature, sizeof(signature));
	return ST_OK;
}

enum status
sign_verify(const uint8_t public_key[SIGN_PUBLIC_BYTES], struct span text,
	    const uint8_t signature[SIGNATURE_BYTES], struct err *err)
{
	AUTO(pkey_done) EVP_PKEY *key = NULL;
	AUTO(sign_ctx_done) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const enum status st = sign_load_public(public_key, &key, err);

	if (st != ST_OK)
		return st;
	if (ctx == NULL)
		return err_set(err, ST_NO_MEMORY, "sign: no memory");
	if (EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) != 1)
		return err_set(err, ST_IO, "sign: OpenSSL refuses");
	if (EVP_DigestVerify(ctx, signature, SIGNATURE_BYTES, text.ptr,
			     text.len_bytes) != 1)
		return err_set(err, ST_DENIED,
			       "sign: the signature does not fit");
	return ST_OK;
}

enum status
sign_write_pem(const uint8_t public_key[SIGN_PUBLIC_BYTES],
	       struct sbuf *pem_out, struct err *err)
{
	AUTO(pkey_done) EVP_PKEY *key = NULL;
	AUTO(sign_bio_done) BIO *bio = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	const enum status st = sign_load_public(public_key, &key, err);

	if (st != ST_OK)
		return st;
	if (bio == NULL)
		return err_set(err, ST_NO_MEMORY, "sign: no memory");
	if (PEM_write_bio_PUBKEY(bio, key) != 1)
		return err_set(err, ST_IO, "sign: OpenSSL refuses");
	const long len_bytes = BIO_get_mem_data(bio, &bytes);

	if (len_bytes <= 0)
		return err_set(err, ST_IO, "sign: OpenSSL wrote no key");
	sbuf_add(pem_out, bytes, (size_t)len_bytes);
	return sbuf_status(pem_out, "sign", err);
}

enum status
sign_read_pem(struct span pem, uint8_t public_out[SIGN_PUBLIC_BYTES],
	      struct err *err)
{
	AUTO(pkey_done) EVP_PKEY *key = NULL;
	AUTO(sign_bio_done) BIO *bio = NULL;

	if (pem.len_bytes == 0 || pem.len_bytes > INT_MAX)
		return err_set(err, ST_FORMAT, "sign: no key in PEM");
	bio = BIO_new_mem_buf(pem.ptr, (int)pem.len_bytes);
	if (bio == NULL)
		return err_set(err, ST_NO_MEMORY, "sign: no memory");
	key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	if (key == NULL)
		return err_set(err, ST_FORMAT, "sign: no key in PEM");
	return sign_raw_public(key, public_out, err);
}
