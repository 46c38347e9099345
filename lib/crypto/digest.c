#include "lib/crypto/digest.h"

#include <errno.h>
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { HKDF_MAX_BYTES = 64 };

struct digest {
	EVP_MD_CTX *ctx;
};

enum status
digest_new(struct digest **digest_out, struct err *err)
{
	AUTO(digest_free) struct digest *digest = calloc(1, sizeof(*digest));

	if (digest == NULL)
		return err_set(err, ST_NO_MEMORY, "digest: no memory");
	digest->ctx = EVP_MD_CTX_new();
	if (digest->ctx == NULL)
		return err_set(err, ST_NO_MEMORY, "digest: no memory");
	if (EVP_DigestInit_ex(digest->ctx, EVP_sha256(), NULL) != 1)
		return err_set(err, ST_IO, "digest: OpenSSL refuses SHA-256");
	*digest_out = MOVE(digest);
	return ST_OK;
}

enum status
digest_add(struct digest *digest, struct span bytes, struct err *err)
{
	if (EVP_DigestUpdate(digest->ctx, bytes.ptr, bytes.len_bytes) != 1)
		return err_set(err, ST_IO, "digest: OpenSSL refuses to go on");
	return ST_OK;
}

enum status
digest_end(struct digest *digest, uint8_t out[DIGEST_BYTES], struct err *err)
{
	unsigned int len_bytes = 0;

	if (EVP_DigestFinal_ex(digest->ctx, out, &len_bytes) != 1 ||
	    len_bytes != DIGEST_BYTES)
		return err_set(err, ST_IO, "digest: OpenSSL refuses to end");
	return ST_OK;
}

void
digest_free(struct digest **digest)
{
	if (*digest != NULL)
		EVP_MD_CTX_free((*digest)->ctx);
	free(*digest);
	*digest = NULL;
}

enum status
digest_once(struct span bytes, uint8_t out[DIGEST_BYTES], struct err *err)
{
	unsigned int len_bytes = 0;

	if (EVP_Digest(bytes.ptr, bytes.len_bytes, out, &len_bytes,
		       EVP_sha256(), NULL) != 1 ||
	    len_bytes != DIGEST_BYTES)
		return err_set(err, ST_IO, "digest: OpenSSL refuses SHA-256");
	return ST_OK;
}

enum status
hmac_once(struct span key, struct span bytes, uint8_t out[DIGEST_BYTES],
	  struct err *err)
{
	unsigned int len_bytes = 0;

	if (key.len_bytes > INT_MAX)
		return err_set(err, ST_LIMIT, "hmac: a key of %zu bytes",
			       key.len_bytes);
	if (HMAC(EVP_sha256(), key.ptr, (int)key.len_bytes, bytes.ptr,
		 bytes.len_bytes, out, &len_bytes) == NULL ||
	    len_bytes != DIGEST_BYTES)
		return err_set(err, ST_IO, "hmac: OpenSSL refuses");
	return ST_OK;
}

static OSSL_PARAM
hkdf_octets(const char *name, struct span value)
{
	/* OpenSSL takes a pointer to writable memory but only reads it. */
	return OSSL_PARAM_construct_octet_string(
		name, (void *)(uintptr_t)value.ptr, value.len_bytes);
}

enum status
hkdf(struct span secret, struct span salt, const char *label, uint8_t *out,
     size_t len_bytes, struct err *err)
{
	char name[] = "SHA256";
	const struct span info = { (const uint8_t *)label, strlen(label) };
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name,
						 0),
		hkdf_octets(OSSL_KDF_PARAM_KEY, secret),
		hkdf_octets(OSSL_KDF_PARAM_INFO, info),
		OSSL_PARAM_construct_end(),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = NULL;
	EVP_KDF_CTX *ctx = NULL;
	int done = 0;

	if (len_bytes == 0 || len_bytes > HKDF_MAX_BYTES)
		return err_set(err, ST_LIMIT, "hkdf: %zu bytes asked for",
			       len_bytes);
	if (salt.len_bytes > 0)
		params[3] = hkdf_octets(OSSL_KDF_PARAM_SALT, salt);
	kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
	ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	done = ctx != NULL && EVP_KDF_derive(ctx, out, len_bytes, params) == 1;
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	if (!done)
		return err_set(err, ST_IO, "hkdf: OpenSSL refuses");
	return ST_OK;
}

enum status
random_fill(void *place, size_t len_bytes, struct err *err)
{
	uint8_t *bytes = place;
	size_t at = 0;

	if (len_bytes > RANDOM_MAX_BYTES)
		return err_set(err, ST_LIMIT, "random: %zu bytes asked for",
			       len_bytes);
	while (at < len_bytes) {
		const ssize_t n = getrandom(bytes + at, len_bytes - at, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set_errno(err, "random: getrandom failed");
		at += (size_t)n;
	}
	return ST_OK;
}

bool
secret_equal(struct span a, struct span b)
{
	if (a.len_bytes != b.len_bytes)
		return false;
	return a.len_bytes == 0 ||
	       CRYPTO_memcmp(a.ptr, b.ptr, a.len_bytes) == 0;
}
