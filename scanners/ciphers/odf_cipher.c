#include "scanners/ciphers/odf_cipher.h"

#include <string.h>

#include "lib/base/attr.h"
#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/blowfish.h"
#include "scanners/ciphers/derive.h"

enum {
	ODF_CHECK_BYTES = 1024,
	ODF_BATCH = LANES_MAX / 2 /* each takes up to two blocks */
};

/* Several keys at once: password and member of each. */
struct odf_batch {
	const struct odf_cipher *ciphers[ODF_BATCH];
	struct span passwords[ODF_BATCH];
	uint8_t starts[ODF_BATCH][HASH_MAX_BYTES];
	uint8_t blocks[ODF_BATCH][2][DERIVE_PBKDF2_BYTES];
	size_t count;
};

/* Rounds are those of the first one: others go by themselves. */
static enum status
odf_batch_run(const struct lanes *lanes, struct odf_batch *batch,
	      const struct lanes_watch *watch, struct err *err)
{
	struct derive_pbkdf2 works[2 * ODF_BATCH];
	size_t count = 0;

	for (size_t i = 0; i < batch->count; i++) {
		const struct odf_cipher *cipher = batch->ciphers[i];
		const size_t blocks =
			cipher->key_bytes > DERIVE_PBKDF2_BYTES ? 2 : 1;

		hash_once(cipher->start, batch->passwords[i], batch->starts[i]);
		for (size_t k = 0; k < blocks; k++)
			works[count++] = (struct derive_pbkdf2){
				{ batch->starts[i], hash_bytes(cipher->start) },
				{ cipher->salt, cipher->salt_bytes },
				(uint32_t)k + 1,
				batch->blocks[i][k]
			};
	}
	return derive_pbkdf2(lanes, works, count, batch->ciphers[0]->rounds,
			     watch, err);
}

enum status
odf_cipher_keys(const struct odf_cipher *const *ciphers, size_t count,
		struct span password, const struct lanes_watch *watch,
		struct odf_key *keys_out, struct err *err)
{
	struct odf_batch batch;
	enum status st = ST_OK;
	size_t at = 0;

	while (at < count && st == ST_OK) {
		batch.count = 0;
		while (batch.count < ODF_BATCH && at + batch.count < count &&
		       ciphers[at + batch.count]->rounds ==
			       ciphers[at]->rounds) {
			batch.ciphers[batch.count] = ciphers[at + batch.count];
			batch.passwords[batch.count++] = password;
		}
		st = odf_batch_run(lanes_get(), &batch, watch, err);
		for (size_t i = 0; st == ST_OK && i < batch.count; i++)
			memcpy(keys_out[at + i].bytes, batch.blocks[i],
			       sizeof(keys_out[0].bytes));
		at += batch.count;
	}
	explicit_bzero(&batch, sizeof(batch));
	return st;
}

static void
odf_decrypt(const struct odf_cipher *cipher, const struct odf_key *key,
	    struct span data, uint8_t *out)
{
	if (cipher->blowfish) {
		struct blowfish blowfish;

		blowfish_init(&blowfish,
			      (struct span){ key->bytes, cipher->key_bytes });
		blowfish_cfb_decrypt(&blowfish, cipher->vector, data, out);
		explicit_bzero(&blowfish, sizeof(blowfish));
		return;
	}
	uint8_t vector[AES_BLOCK_BYTES];
	struct aes aes;

	memcpy(vector, cipher->vector, sizeof(vector));
	aes_init(&aes, key->bytes, cipher->key_bytes);
	aes_cbc_decrypt(&aes, vector, data.ptr,
			data.len_bytes / AES_BLOCK_BYTES, out);
	aes_done(&aes);
}

/* Without the padding of the last block, whose last byte says how much. */
static size_t
odf_plain_bytes(const struct odf_cipher *cipher, const uint8_t *plain,
		size_t len)
{
	if (cipher->blowfish)
		return len;
	len -= len % AES_BLOCK_BYTES;
	if (len == 0 || plain[len - 1] == 0 || plain[len - 1] > AES_BLOCK_BYTES)
		return len;
	return len - plain[len - 1];
}

bool
odf_cipher_fits(const struct odf_cipher *cipher, const struct odf_key *key,
		struct span data)
{
	uint8_t plain[ODF_CHECK_BYTES + AES_BLOCK_BYTES];
	uint8_t hash[HASH_MAX_BYTES];
	struct span start = data;

	if (start.len_bytes > sizeof(plain))
		start.len_bytes = sizeof(plain);
	odf_decrypt(cipher, key, start, plain);
	size_t len = start.len_bytes == data.len_bytes
			     ? odf_plain_bytes(cipher, plain, start.len_bytes)
			     : start.len_bytes;

	if (len > ODF_CHECK_BYTES)
		len = ODF_CHECK_BYTES;
	hash_once(cipher->check, (struct span){ plain, len }, hash);
	explicit_bzero(plain, sizeof(plain));
	return memcmp(hash, cipher->wanted, hash_bytes(cipher->check)) == 0;
}

void
odf_cipher_open(const struct odf_cipher *cipher, const struct odf_key *key,
		struct span data, uint8_t *out, size_t *len_out)
{
	odf_decrypt(cipher, key, data, out);
	*len_out = odf_plain_bytes(cipher, out, data.len_bytes);
}

enum status
odf_cipher_try(const struct odf_cipher *cipher, struct span data,
	       const struct odf_trial *trial, size_t *index_out,
	       struct err *err)
{
	struct odf_batch batch;
	struct odf_key key;
	enum status st = ST_OK;
	bool fits = false;
	size_t at = 0;

	while (at < trial->count && st == ST_OK && !fits) {
		batch.count = 0;
		while (batch.count < ODF_BATCH &&
		       at + batch.count < trial->count) {
			batch.ciphers[batch.count] = cipher;
			batch.passwords[batch.count] =
				trial->passwords[at + batch.count];
			batch.count++;
		}
		st = odf_batch_run(trial->lanes, &batch, trial->watch, err);
		for (size_t i = 0; st == ST_OK && i < batch.count && !fits;
		     i++) {
			memcpy(key.bytes, batch.blocks[i], sizeof(key.bytes));
			fits = odf_cipher_fits(cipher, &key, data);
			*index_out = fits ? at + i : *index_out;
		}
		at += batch.count;
	}
	explicit_bzero(&batch, sizeof(batch));
	explicit_bzero(&key, sizeof(key));
	if (st == ST_OK && !fits)
		return err_set(err, ST_NOT_FOUND, "odf: wrong password");
	return st;
}
