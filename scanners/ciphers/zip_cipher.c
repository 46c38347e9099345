#include "scanners/ciphers/zip_cipher.h"

#include <string.h>

#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/derive.h"
#include "scanners/ciphers/hash.h"

enum {
	ZIP_CIPHER_ENCRYPTED = 1 << 0,
	ZIP_CIPHER_LATE = 1 << 3, /* the checksum stands behind the data */
	ZIP_CIPHER_STRONG = 1 << 6,
	ZIP_CIPHER_MASKED = 1 << 13,
	ZIP_CIPHER_METHOD_AES = 99,
	ZIP_CIPHER_EXTRA_STRONG = 0x0017,
	ZIP_CIPHER_EXTRA_AES = 0x9901,
	ZIP_CIPHER_FIELD_BYTES = 7,
	ZIP_CIPHER_KEYS_BYTES = 2 * 32 + ZIP_CIPHER_VERIFIER_BYTES
};

static bool
zip_cipher_extra(struct span extra, uint32_t id, struct span *field_out)
{
	size_t at = 0;
	uint32_t kind = 0;
	uint32_t len = 0;

	while (span_read_le(extra, at, 2, &kind) &&
	       span_read_le(extra, at + 2, 2, &len)) {
		if (kind == id)
			return span_cut(extra, at + 4, len, field_out);
		at += 4 + (size_t)len;
	}
	return false;
}

static enum status
zip_cipher_aes(const struct zip_cipher_member *member,
	       struct zip_cipher *cipher, struct err *err)
{
	struct span field = { NULL, 0 };
	struct span part = { NULL, 0 };
	uint32_t version = 0;
	uint32_t method = 0;

	if (!zip_cipher_extra(member->extra, ZIP_CIPHER_EXTRA_AES, &field) ||
	    field.len_bytes < ZIP_CIPHER_FIELD_BYTES ||
	    !span_read_le(field, 0, 2, &version) ||
	    !span_read_le(field, 5, 2, &method) || field.ptr[4] < 1 ||
	    field.ptr[4] > 3)
		return err_set(err, ST_FORMAT, "zip: damaged field of AES");
	const size_t salt_bytes = 4 + 4 * (size_t)field.ptr[4];
	const size_t head = salt_bytes + ZIP_CIPHER_VERIFIER_BYTES;
	const size_t whole = member->packed.len_bytes;

	if (whole < head + ZIP_CIPHER_CODE_BYTES)
		return err_set(err, ST_FORMAT, "zip: member too short for AES");
	*cipher = (struct zip_cipher){
		.kind = ZIP_CIPHER_AES,
		.method = method,
		.has_crc = version != 2,
		.key_bytes = 8 + 8 * (size_t)field.ptr[4],
		.salt = { member->packed.ptr, salt_bytes },
		.verifier = member->packed.ptr + salt_bytes,
		.code = member->packed.ptr + whole - ZIP_CIPHER_CODE_BYTES,
	};
	(void)span_cut(member->packed, head,
		       whole - head - ZIP_CIPHER_CODE_BYTES, &part);
	cipher->data = part;
	return ST_OK;
}

enum status
zip_cipher_parse(const struct zip_cipher_member *member,
		 struct zip_cipher *cipher_out, struct err *err)
{
	struct span field = { NULL, 0 };

	if ((member->flags & ZIP_CIPHER_ENCRYPTED) == 0)
		return err_set(err, ST_NOT_FOUND, "zip: not encrypted");
	if ((member->flags & ZIP_CIPHER_MASKED) != 0)
		return err_set(err, ST_UNSUPPORTED, "zip: encrypted directory");
	if (member->method == ZIP_CIPHER_METHOD_AES)
		return zip_cipher_aes(member, cipher_out, err);
	if ((member->flags & ZIP_CIPHER_STRONG) != 0 ||
	    zip_cipher_extra(member->extra, ZIP_CIPHER_EXTRA_STRONG, &field))
		return err_set(err, ST_UNSUPPORTED, "zip: strong encryption");
	if (member->packed.len_bytes < ZIPCRYPTO_HEADER_BYTES)
		return err_set(err, ST_FORMAT,
			       "zip: member too short for ZipCrypto");
	/* The last byte of the header in clear: of the checksum, or of the
	 * time when that was not known yet (APPNOTE 6.1.6, as everybody reads
	 * it). */
	*cipher_out = (struct zip_cipher){
		.kind = ZIP_CIPHER_TRADITIONAL,
		.method = member->method,
		.has_crc = true,
		.header = member->packed.ptr,
		.check = (member->flags & ZIP_CIPHER_LATE) != 0
				 ? (uint8_t)(member->time >> 8)
				 : (uint8_t)(member->crc >> 24),
	};
	(void)span_cut(member->packed, ZIPCRYPTO_HEADER_BYTES,
		       member->packed.len_bytes - ZIPCRYPTO_HEADER_BYTES,
		       &cipher_out->data);
	return ST_OK;
}

uint32_t
zip_cipher_verifier_block(const struct zip_cipher *cipher, size_t *at_out)
{
	const size_t at = 2 * cipher->key_bytes;

	*at_out = at % DERIVE_PBKDF2_BYTES;
	return (uint32_t)(at / DERIVE_PBKDF2_BYTES) + 1;
}

/* Key, key of the code, verifier: all blocks side by side. */
static void
zip_cipher_keys(const struct zip_cipher *cipher, struct span password,
		uint8_t out[ZIP_CIPHER_KEYS_BYTES])
{
	uint8_t blocks[4][DERIVE_PBKDF2_BYTES];
	struct derive_pbkdf2 works[4];

	for (uint32_t i = 0; i < 4; i++)
		works[i] = (struct derive_pbkdf2){ password, cipher->salt,
						   i + 1, blocks[i] };
	/* Nobody watches, so nobody ends it. */
	NEGLECT(derive_pbkdf2(lanes_get(), works, 4, ZIP_CIPHER_ROUNDS, NULL,
			      NULL));
	memcpy(out, blocks, ZIP_CIPHER_KEYS_BYTES);
	explicit_bzero(blocks, sizeof(blocks));
}

static bool
zip_cipher_code_fits(const struct zip_cipher *cipher, const uint8_t *keys)
{
	uint8_t code[HASH_MAX_BYTES];
	struct hmac hmac;

	if (memcmp(keys + 2 * cipher->key_bytes, cipher->verifier,
		   ZIP_CIPHER_VERIFIER_BYTES) != 0)
		return false;
	hmac_init(&hmac, HASH_SHA1,
		  (struct span){ keys + cipher->key_bytes, cipher->key_bytes });
	hmac_add(&hmac, cipher->data);
	hmac_end(&hmac, code);
	return memcmp(code, cipher->code, ZIP_CIPHER_CODE_BYTES) == 0;
}

bool
zip_cipher_is_authentic(const struct zip_cipher *cipher, struct span password)
{
	uint8_t keys[ZIP_CIPHER_KEYS_BYTES];

	zip_cipher_keys(cipher, password, keys);
	const bool fits = zip_cipher_code_fits(cipher, keys);

	explicit_bzero(keys, sizeof(keys));
	return fits;
}

bool
zip_cipher_header(const struct zip_cipher *cipher, struct zipcrypto_keys *keys)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();
	uint8_t last = 0;

	for (size_t i = 0; i < ZIPCRYPTO_HEADER_BYTES; i++)
		last = zipcrypto_next(tables, keys, cipher->header[i]);
	return last == cipher->check;
}

static bool
zip_cipher_open_aes(const struct zip_cipher *cipher, struct span password,
		    uint8_t *out)
{
	uint8_t keys[ZIP_CIPHER_KEYS_BYTES];
	struct aes aes;

	zip_cipher_keys(cipher, password, keys);
	const bool fits = zip_cipher_code_fits(cipher, keys);

	if (fits) {
		aes_init(&aes, keys, cipher->key_bytes);
		aes_ctr_winzip(&aes, cipher->data.ptr, cipher->data.len_bytes,
			       out);
		aes_done(&aes);
	}
	explicit_bzero(keys, sizeof(keys));
	return fits;
}

static bool
zip_cipher_open_traditional(const struct zip_cipher *cipher,
			    struct span password, uint8_t *out)
{
	struct zipcrypto_keys keys = zipcrypto_of(password);
	const bool fits = zip_cipher_header(cipher, &keys);

	if (fits)
		zipcrypto_decrypt(&keys, cipher->data, out);
	explicit_bzero(&keys, sizeof(keys));
	return fits;
}

enum status
zip_cipher_open(const struct zip_cipher *cipher, struct span password,
		uint8_t *out, struct err *err)
{
	const bool fits =
		cipher->kind == ZIP_CIPHER_AES
			? zip_cipher_open_aes(cipher, password, out)
			: zip_cipher_open_traditional(cipher, password, out);

	return fits ? ST_OK : err_set(err, ST_NOT_FOUND, "zip: wrong password");
}
