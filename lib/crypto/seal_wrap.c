#include "lib/crypto/seal_wrap.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/gcm.h"
#include "lib/crypto/x25519.h"

enum {
	WRAP_VERSION = 1,
	WRAP_EPOCH_OFFSET = 1,
	WRAP_PUBLIC_OFFSET = 5,
	WRAP_KEY_OFFSET = 37
};
static const char wrap_label[] = "sekimori seal 1 wrap";

/*
 * The key that wraps: from the shared secret, bound to both public keys. It
 * is used for one data key only, so its nonce may be all zero.
 */
static enum status
wrap_gcm(const uint8_t mine[SEAL_KEY_BYTES],
	 const uint8_t theirs[SEAL_KEY_BYTES],
	 const uint8_t salt[2 * SEAL_KEY_BYTES], struct gcm **gcm_out,
	 struct err *err)
{
	uint8_t secret[X25519_BYTES];
	uint8_t key[GCM_KEY_BYTES];
	enum status st = x25519_agree(mine, theirs, secret, err);

	if (st == ST_OK)
		st = hkdf((struct span){ secret, sizeof(secret) },
			  (struct span){ salt, (size_t)2 * SEAL_KEY_BYTES },
			  wrap_label, key, sizeof(key), err);
	if (st == ST_OK)
		st = gcm_new(key, gcm_out, err);
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(key, sizeof(key));
	return st;
}

/* What the tag also covers: version, epoch, ephemeral key, context. */
static void
wrap_aad(struct sbuf *aad, const uint8_t *wrapped, const char *context)
{
	sbuf_add(aad, wrapped, WRAP_KEY_OFFSET);
	sbuf_add_text(aad, context);
}

static enum status
wrap_under(const struct seal_public *recipient, const char *context,
	   const struct seal_private *ephemeral, const uint8_t *data_key,
	   uint8_t *wrapped, struct err *err)
{
	static const uint8_t nonce[GCM_NONCE_BYTES] = { 0 };
	AUTO(gcm_free) struct gcm *gcm = NULL;
	AUTO(sbuf_done) struct sbuf aad;
	uint8_t salt[2 * SEAL_KEY_BYTES];
	enum status st = x25519_public(ephemeral->key,
				       wrapped + WRAP_PUBLIC_OFFSET, err);

	sbuf_init(&aad, SIZE_MAX / 2);
	if (st != ST_OK)
		return st;
	memcpy(salt, wrapped + WRAP_PUBLIC_OFFSET, SEAL_KEY_BYTES);
	memcpy(salt + SEAL_KEY_BYTES, recipient->key, SEAL_KEY_BYTES);
	wrap_aad(&aad, wrapped, context);
	st = sbuf_status(&aad, "seal", err);
	if (st == ST_OK)
		st = wrap_gcm(ephemeral->key, recipient->key, salt, &gcm, err);
	if (st != ST_OK)
		return st;
	return gcm_close(gcm, nonce, sbuf_span(&aad),
			 (struct span){ data_key, SEAL_KEY_BYTES },
			 wrapped + WRAP_KEY_OFFSET, err);
}

enum status
seal_wrap(const struct seal_public *recipient, const char *context,
	  const uint8_t data_key[SEAL_KEY_BYTES],
	  uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err)
{
	AUTO(seal_private_wipe) struct seal_private ephemeral = { 0 };
	uint8_t wrapped[SEAL_WRAPPED_BYTES] = { WRAP_VERSION };
	enum status st = x25519_make(ephemeral.key, err);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < sizeof(recipient->epoch); i++)
		wrapped[WRAP_EPOCH_OFFSET + i] =
			(uint8_t)(recipient->epoch >> (24 - 8 * i));
	st = wrap_under(recipient, context, &ephemeral, data_key, wrapped, err);
	if (st == ST_OK)
		memcpy(wrapped_out, wrapped, sizeof(wrapped));
	return st;
}

enum status
seal_epoch(struct span wrapped, uint32_t *epoch_out, struct err *err)
{
	uint32_t epoch = 0;

	if (wrapped.len_bytes != SEAL_WRAPPED_BYTES ||
	    wrapped.ptr[0] != WRAP_VERSION)
		return err_set(err, ST_FORMAT, "seal: no wrapped key");
	for (size_t i = 0; i < sizeof(epoch); i++)
		epoch = epoch << 8 | wrapped.ptr[WRAP_EPOCH_OFFSET + i];
	*epoch_out = epoch;
	return ST_OK;
}

static enum status
unwrap_with(const struct seal_private *private_key, const char *context,
	    struct span wrapped, uint8_t *data_key, struct err *err)
{
	static const uint8_t nonce[GCM_NONCE_BYTES] = { 0 };
	AUTO(gcm_free) struct gcm *gcm = NULL;
	AUTO(sbuf_done) struct sbuf aad;
	uint8_t salt[2 * SEAL_KEY_BYTES];
	struct span closed = { 0 };
	enum status st =
		x25519_public(private_key->key, salt + SEAL_KEY_BYTES, err);

	sbuf_init(&aad, SIZE_MAX / 2);
	if (st != ST_OK)
		return st;
	memcpy(salt, wrapped.ptr + WRAP_PUBLIC_OFFSET, SEAL_KEY_BYTES);
	wrap_aad(&aad, wrapped.ptr, context);
	st = sbuf_status(&aad, "seal", err);
	if (st == ST_OK)
		st = wrap_gcm(private_key->key, salt, salt, &gcm, err);
	if (st != ST_OK ||
	    !span_cut(wrapped, WRAP_KEY_OFFSET,
		      SEAL_WRAPPED_BYTES - WRAP_KEY_OFFSET, &closed))
		return st;
	return gcm_open(gcm, nonce, sbuf_span(&aad), closed, data_key, err);
}

enum status
seal_unwrap(const struct seal_private *private_key, const char *context,
	    struct span wrapped, uint8_t data_key_out[SEAL_KEY_BYTES],
	    struct err *err)
{
	uint32_t epoch = 0;
	enum status st = seal_epoch(wrapped, &epoch, err);

	if (st != ST_OK)
		return st;
	if (epoch != private_key->epoch)
		return err_set(err, ST_NOT_FOUND,
			       "seal: made for key epoch %" PRIu32
			       ", this is %" PRIu32,
			       epoch, private_key->epoch);
	st = unwrap_with(private_key, context, wrapped, data_key_out, err);
	return st == ST_FORMAT
		       ? err_set(err, ST_FORMAT,
				 "seal: wrapped key changed, or another key or "
				 "context")
		       : st;
}

enum status
seal_rewrap(const struct seal_private *from, const struct seal_public *to,
	    const char *context, struct span wrapped,
	    uint8_t wrapped_out[SEAL_WRAPPED_BYTES], struct err *err)
{
	uint8_t data_key[SEAL_KEY_BYTES];
	enum status st = seal_unwrap(from, context, wrapped, data_key, err);

	if (st == ST_OK)
		st = seal_wrap(to, context, data_key, wrapped_out, err);
	explicit_bzero(data_key, sizeof(data_key));
	return st;
}

enum status
seal_key_make(uint32_t epoch, struct seal_private *private_out,
	      struct seal_public *public_out, struct err *err)
{
	AUTO(seal_private_wipe) struct seal_private made = { .epoch = epoch };
	enum status st = x25519_make(made.key, err);

	if (st == ST_OK)
		st = seal_public_of(&made, public_out, err);
	if (st == ST_OK)
		*private_out = made;
	return st;
}

enum status
seal_public_of(const struct seal_private *private_key,
	       struct seal_public *public_out, struct err *err)
{
	struct seal_public made = { .epoch = private_key->epoch };
	const enum status st = x25519_public(private_key->key, made.key, err);

	if (st == ST_OK)
		*public_out = made;
	return st;
}

void
seal_private_wipe(struct seal_private *private_key)
{
	explicit_bzero(private_key, sizeof(*private_key));
}
