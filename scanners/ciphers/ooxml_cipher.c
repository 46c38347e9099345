#include "scanners/ciphers/ooxml_cipher.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/sbuf.h"
#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/derive.h"
#include "scanners/ciphers/password_form.h"

enum {
	OOXML_BLOCK_KEY_BYTES = 8,
	OOXML_SEGMENT_BYTES = 4096,
	OOXML_SIZE_BYTES = 8,
	OOXML_FILLER = 0x36,
	OOXML_PASSWORD_BYTES = 1024,
	OOXML_WIDE_BYTES = 64
};

const char ooxml_cipher_default_password[] = "VelvetSweatshop";

/* [MS-OFFCRYPTO] 2.3.4.13 and 14: what tells the keys of one password apart. */
static const uint8_t ooxml_for_verifier[] = { 0xFE, 0xA7, 0xD2, 0x76,
					      0x3B, 0x4B, 0x9E, 0x79 };
static const uint8_t ooxml_for_hash[] = { 0xD7, 0xAA, 0x0F, 0x6D,
					  0x30, 0x61, 0x34, 0x4E };
static const uint8_t ooxml_for_key[] = { 0x14, 0x6E, 0x0B, 0xE7,
					 0xAB, 0xAC, 0xD0, 0xD6 };
static const uint8_t ooxml_for_hmac_key[] = { 0x5F, 0xB2, 0xAD, 0x01,
					      0x0C, 0xB9, 0xE1, 0xF6 };
static const uint8_t ooxml_for_hmac[] = { 0xA0, 0x67, 0x7F, 0x02,
					  0xB2, 0x2C, 0x84, 0x33 };

const char *
ooxml_cipher_name(const struct ooxml_cipher *cipher)
{
	return cipher->agile ? "ooxml: agile" : "ooxml: standard";
}

static struct span
ooxml_span(const struct ooxml_field *field)
{
	return (struct span){ field->bytes, field->len_bytes };
}

/* hash(a || b), cut or filled to a key's length. */
static void
ooxml_hash_of(enum hash_kind kind, struct span a, struct span b,
	      uint8_t out[HASH_MAX_BYTES])
{
	struct hash hash;

	memset(out, OOXML_FILLER, HASH_MAX_BYTES);
	hash_init(&hash, kind);
	hash_add(&hash, a);
	hash_add(&hash, b);
	hash_end(&hash, out);
}

static void
ooxml_cbc(const uint8_t *key, size_t key_bytes, const uint8_t *start,
	  struct span in, uint8_t *out)
{
	uint8_t iv[AES_BLOCK_BYTES];
	struct aes aes;

	memcpy(iv, start, sizeof(iv));
	aes_init(&aes, key, key_bytes);
	aes_cbc_decrypt(&aes, iv, in.ptr, in.len_bytes / AES_BLOCK_BYTES, out);
	aes_done(&aes);
}

/* Decrypt a field of encryptedKey with the key that a use gives. */
static void
ooxml_field_open(const struct ooxml_cipher *cipher, const uint8_t *spun,
		 const uint8_t use[OOXML_BLOCK_KEY_BYTES],
		 const struct ooxml_field *field,
		 uint8_t out[OOXML_CIPHER_FIELD_BYTES])
{
	const struct ooxml_way *way = &cipher->password;
	uint8_t key[HASH_MAX_BYTES];
	uint8_t iv[OOXML_CIPHER_FIELD_BYTES];

	memset(iv, OOXML_FILLER, sizeof(iv));
	memcpy(iv, way->salt.bytes, way->salt.len_bytes);
	ooxml_hash_of(way->hash, (struct span){ spun, hash_bytes(way->hash) },
		      (struct span){ use, OOXML_BLOCK_KEY_BYTES }, key);
	ooxml_cbc(key, way->key_bytes, iv, ooxml_span(field), out);
	explicit_bzero(key, sizeof(key));
}

static bool
ooxml_fits_agile(const struct ooxml_cipher *cipher, const uint8_t *spun,
		 struct ooxml_key *key_out)
{
	const size_t salt = cipher->password.salt.len_bytes;
	uint8_t verifier[OOXML_CIPHER_FIELD_BYTES];
	uint8_t wanted[OOXML_CIPHER_FIELD_BYTES];
	uint8_t hash[HASH_MAX_BYTES];
	struct span in = { verifier, cipher->verifier.len_bytes };

	ooxml_field_open(cipher, spun, ooxml_for_verifier, &cipher->verifier,
			 verifier);
	ooxml_field_open(cipher, spun, ooxml_for_hash, &cipher->verifier_hash,
			 wanted);
	/* The verifier is as long as the salt; behind it the block is filled.
	 */
	if (salt > 0 && salt < in.len_bytes)
		in.len_bytes = salt;
	hash_once(cipher->password.hash, in, hash);
	const bool fits =
		memcmp(hash, wanted, hash_bytes(cipher->password.hash)) == 0;

	if (fits) {
		ooxml_field_open(cipher, spun, ooxml_for_key, &cipher->key,
				 wanted);
		memcpy(key_out->bytes, wanted, cipher->package.key_bytes);
	}
	explicit_bzero(verifier, sizeof(verifier));
	explicit_bzero(wanted, sizeof(wanted));
	return fits;
}

/* 2.3.4.7: the key is the start of two hashes of the hash. */
static void
ooxml_standard_key(const uint8_t *spun, struct ooxml_key *key_out)
{
	static const uint8_t number[4] = { 0 };
	uint8_t last[HASH_MAX_BYTES];
	uint8_t wide[OOXML_WIDE_BYTES];
	uint8_t keys[2 * HASH_MAX_BYTES];
	const size_t len = hash_bytes(HASH_SHA1);

	ooxml_hash_of(HASH_SHA1, (struct span){ spun, len },
		      (struct span){ number, sizeof(number) }, last);
	for (size_t k = 0; k < 2; k++) {
		memset(wide, k == 0 ? 0x36 : 0x5C, sizeof(wide));
		for (size_t i = 0; i < len; i++)
			wide[i] ^= last[i];
		hash_once(HASH_SHA1, (struct span){ wide, sizeof(wide) },
			  keys + k * len);
	}
	memcpy(key_out->bytes, keys, sizeof(key_out->bytes));
	explicit_bzero(last, sizeof(last));
	explicit_bzero(wide, sizeof(wide));
	explicit_bzero(keys, sizeof(keys));
}

static bool
ooxml_fits_standard(const struct ooxml_cipher *cipher, const uint8_t *spun,
		    struct ooxml_key *key_out)
{
	uint8_t verifier[AES_BLOCK_BYTES];
	uint8_t wanted[OOXML_CIPHER_FIELD_BYTES];
	uint8_t hash[HASH_MAX_BYTES];
	struct aes aes;

	ooxml_standard_key(spun, key_out);
	aes_init(&aes, key_out->bytes, cipher->password.key_bytes);
	aes_ecb_decrypt(&aes, cipher->verifier.bytes, 1, verifier);
	aes_ecb_decrypt(&aes, cipher->verifier_hash.bytes,
			cipher->verifier_hash.len_bytes / AES_BLOCK_BYTES,
			wanted);
	aes_done(&aes);
	hash_once(HASH_SHA1, (struct span){ verifier, sizeof(verifier) }, hash);
	explicit_bzero(verifier, sizeof(verifier));
	return memcmp(hash, wanted, hash_bytes(HASH_SHA1)) == 0;
}

/* Those of one batch. */
struct ooxml_batch {
	uint8_t values[LANES_MAX][HASH_MAX_BYTES];
};

static enum status
ooxml_batch_start(const struct ooxml_cipher *cipher,
		  const struct ooxml_trial *trial, size_t first, size_t count,
		  struct ooxml_batch *batch, struct err *err)
{
	const struct ooxml_way *way = &cipher->password;
	struct sbuf wide;
	enum status st = ST_OK;

	sbuf_init_secret(&wide, OOXML_PASSWORD_BYTES);
	for (size_t i = 0; i < count && st != ST_NO_MEMORY; i++) {
		sbuf_clear(&wide);
		/* One that is too long is tried cut short: it fits nothing. */
		if (!password_form(trial->passwords[first + i],
				   PASSWORD_FORM_UTF16LE, &wide))
			st = wide.st == ST_NO_MEMORY ? ST_NO_MEMORY : ST_OK;
		ooxml_hash_of(way->hash, ooxml_span(&way->salt),
			      sbuf_span(&wide), batch->values[i]);
	}
	sbuf_done(&wide);
	return st == ST_OK ? ST_OK : err_set(err, st, "ooxml: no memory");
}

static enum status
ooxml_batch_try(const struct ooxml_cipher *cipher,
		const struct ooxml_trial *trial, size_t count,
		struct ooxml_batch *batch, struct err *err)
{
	const struct derive_spin spin = { cipher->password.hash, cipher->rounds,
					  batch->values, count };

	return derive_spin(trial->lanes, &spin, trial->watch, err);
}

size_t
ooxml_cipher_batch(const struct ooxml_cipher *cipher, const struct lanes *lanes)
{
	return cipher->password.hash == HASH_SHA1 ||
			       cipher->password.hash == HASH_SHA256
		       ? lanes->short_count
		       : lanes->long_count;
}

enum status
ooxml_cipher_try(const struct ooxml_cipher *cipher,
		 const struct ooxml_trial *trial, size_t *index_out,
		 struct ooxml_key *key_out, struct err *err)
{
	const size_t step = ooxml_cipher_batch(cipher, trial->lanes);
	struct ooxml_batch batch;
	enum status st = ST_OK;
	bool fits = false;

	for (size_t at = 0; at < trial->count && st == ST_OK && !fits;
	     at += step) {
		const size_t count =
			trial->count - at < step ? trial->count - at : step;

		st = ooxml_batch_start(cipher, trial, at, count, &batch, err);
		if (st == ST_OK)
			st = ooxml_batch_try(cipher, trial, count, &batch, err);
		for (size_t i = 0; st == ST_OK && i < count && !fits; i++) {
			fits = cipher->agile
				       ? ooxml_fits_agile(cipher,
							  batch.values[i],
							  key_out)
				       : ooxml_fits_standard(cipher,
							     batch.values[i],
							     key_out);
			*index_out = fits ? at + i : *index_out;
		}
	}
	explicit_bzero(&batch, sizeof(batch));
	if (st == ST_OK && !fits)
		return err_set(err, ST_NOT_FOUND, "ooxml: wrong password");
	return st;
}

bool
ooxml_cipher_size(struct span package, size_t *size_out)
{
	uint32_t low = 0;
	uint32_t high = 0;

	if (!span_read_le(package, 0, 4, &low) ||
	    !span_read_le(package, 4, 4, &high))
		return false;
	const uint64_t size = (uint64_t)high << 32 | low;
	const uint64_t there =
		(package.len_bytes - OOXML_SIZE_BYTES) & ~(uint64_t)15;

	*size_out = (size_t)(size < there ? size : there);
	return true;
}

/* One segment. Its last block may be given in part only. */
static void
ooxml_segment(const struct ooxml_cipher *cipher, const struct aes *aes,
	      uint32_t number, struct span in, uint8_t *out)
{
	const uint8_t count[4] = { (uint8_t)number, (uint8_t)(number >> 8),
				   (uint8_t)(number >> 16),
				   (uint8_t)(number >> 24) };
	uint8_t iv[HASH_MAX_BYTES];

	if (!cipher->agile) {
		aes_ecb_decrypt(aes, in.ptr, in.len_bytes / AES_BLOCK_BYTES,
				out);
		return;
	}
	ooxml_hash_of(cipher->package.hash, ooxml_span(&cipher->package.salt),
		      (struct span){ count, sizeof(count) }, iv);
	aes_cbc_decrypt(aes, iv, in.ptr, in.len_bytes / AES_BLOCK_BYTES, out);
}

/* dataIntegrity: HMAC of the whole stream. */
static bool
ooxml_is_authentic(const struct ooxml_cipher *cipher,
		   const struct ooxml_key *key, struct span package)
{
	const struct ooxml_way *way = &cipher->package;
	const size_t len = hash_bytes(way->hash);
	uint8_t iv[HASH_MAX_BYTES];
	uint8_t salt[OOXML_CIPHER_FIELD_BYTES];
	uint8_t wanted[OOXML_CIPHER_FIELD_BYTES];
	uint8_t code[HASH_MAX_BYTES];
	struct hmac hmac;

	if (cipher->hmac_key.len_bytes < len ||
	    cipher->hmac_value.len_bytes < len)
		return false;
	ooxml_hash_of(
		way->hash, ooxml_span(&way->salt),
		(struct span){ ooxml_for_hmac_key, sizeof(ooxml_for_hmac_key) },
		iv);
	ooxml_cbc(key->bytes, way->key_bytes, iv, ooxml_span(&cipher->hmac_key),
		  salt);
	ooxml_hash_of(way->hash, ooxml_span(&way->salt),
		      (struct span){ ooxml_for_hmac, sizeof(ooxml_for_hmac) },
		      iv);
	ooxml_cbc(key->bytes, way->key_bytes, iv,
		  ooxml_span(&cipher->hmac_value), wanted);
	hmac_init(&hmac, way->hash, (struct span){ salt, len });
	hmac_add(&hmac, package);
	hmac_end(&hmac, code);
	return memcmp(code, wanted, len) == 0;
}

bool
ooxml_cipher_open(const struct ooxml_cipher *cipher,
		  const struct ooxml_key *key, struct span package,
		  uint8_t *out)
{
	const size_t key_bytes = cipher->agile ? cipher->package.key_bytes
					       : cipher->password.key_bytes;
	uint8_t plain[OOXML_SEGMENT_BYTES];
	struct aes aes;
	size_t size = 0;
	uint32_t number = 0;

	if (!ooxml_cipher_size(package, &size))
		return false;
	aes_init(&aes, key->bytes, key_bytes);
	for (size_t at = 0; at < size; at += OOXML_SEGMENT_BYTES) {
		const size_t wanted = size - at < OOXML_SEGMENT_BYTES
					      ? size - at
					      : OOXML_SEGMENT_BYTES;
		struct span in = { NULL, 0 };

		(void)span_cut(package, OOXML_SIZE_BYTES + at,
			       (wanted + 15) & ~(size_t)15, &in);
		ooxml_segment(cipher, &aes, number++, in, plain);
		memcpy(out + at, plain, wanted);
	}
	aes_done(&aes);
	explicit_bzero(plain, sizeof(plain));
	return !cipher->agile || ooxml_is_authentic(cipher, key, package);
}
