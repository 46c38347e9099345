/* EncryptionInfo, taken apart. */
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/cipher_text.h"
#include "scanners/ciphers/ooxml_cipher.h"

enum {
	INFO_XML_AT = 8,
	INFO_HEADER_SIZE_AT = 8,
	INFO_HEADER_AT = 12,
	INFO_CIPHER_AT = INFO_HEADER_AT + 8,
	INFO_HASH_AT = INFO_HEADER_AT + 12,
	INFO_BITS_AT = INFO_HEADER_AT + 16,
	INFO_RC4 = 0x6801,
	INFO_AES = 0x660E, /* of 128 bits; 192 and 256 behind it */
	INFO_SALT_BYTES = 16,
	INFO_SHA1_BYTES = 20,
	INFO_HASH_BYTES = 32, /* of a verifier: SHA-1, to whole blocks */
	INFO_MAX_BITS = 256
};

static bool
info_field(struct span attributes, const char *name, struct ooxml_field *out)
{
	const struct span text = cipher_attribute(attributes, name);

	return text.len_bytes > 0 &&
	       cipher_base64(text, out->bytes, sizeof(out->bytes),
			     &out->len_bytes);
}

static enum hash_kind
info_hash(struct span name)
{
	static const struct {
		const char *name;
		enum hash_kind kind;
	} all[] = {
		{ "SHA1", HASH_SHA1 },     { "SHA-1", HASH_SHA1 },
		{ "SHA256", HASH_SHA256 }, { "SHA-256", HASH_SHA256 },
		{ "SHA384", HASH_SHA384 }, { "SHA-384", HASH_SHA384 },
		{ "SHA512", HASH_SHA512 }, { "SHA-512", HASH_SHA512 },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (span_equal(name, span_of(all[i].name)))
			return all[i].kind;
	return HASH_NONE;
}

static enum status
info_way(struct span attributes, struct ooxml_way *way, struct err *err)
{
	uint32_t bits = 0;

	if (!span_equal(cipher_attribute(attributes, "cipherAlgorithm"),
			span_of("AES")) ||
	    !span_equal(cipher_attribute(attributes, "cipherChaining"),
			span_of("ChainingModeCBC")))
		return err_set(err, ST_UNSUPPORTED,
			       "ooxml: agile with another cipher");
	way->hash = info_hash(cipher_attribute(attributes, "hashAlgorithm"));
	if (way->hash == HASH_NONE)
		return err_set(err, ST_UNSUPPORTED,
			       "ooxml: agile with another hash");
	if (!cipher_number(cipher_attribute(attributes, "keyBits"),
			   INFO_MAX_BITS, &bits) ||
	    (bits != 128 && bits != 192 && bits != 256) ||
	    !info_field(attributes, "saltValue", &way->salt))
		return err_set(err, ST_FORMAT, "ooxml: damaged EncryptionInfo");
	way->key_bytes = bits / 8;
	return ST_OK;
}

static bool
info_is_blocks(const struct ooxml_field *field, size_t least)
{
	return field->len_bytes >= least &&
	       field->len_bytes % AES_BLOCK_BYTES == 0;
}

static enum status
info_password(struct span attributes, struct ooxml_cipher *cipher,
	      struct err *err)
{
	const struct span rounds = cipher_attribute(attributes, "spinCount");
	const enum status st = info_way(attributes, &cipher->password, err);

	if (st != ST_OK)
		return st;
	if (!cipher_number(rounds, UINT32_MAX, &cipher->rounds) ||
	    !info_field(attributes, "encryptedVerifierHashInput",
			&cipher->verifier) ||
	    !info_field(attributes, "encryptedVerifierHashValue",
			&cipher->verifier_hash) ||
	    !info_field(attributes, "encryptedKeyValue", &cipher->key) ||
	    !info_is_blocks(&cipher->verifier, AES_BLOCK_BYTES) ||
	    !info_is_blocks(&cipher->verifier_hash,
			    hash_bytes(cipher->password.hash)) ||
	    !info_is_blocks(&cipher->key, cipher->package.key_bytes))
		return err_set(err, ST_FORMAT, "ooxml: damaged EncryptionInfo");
	return cipher->rounds > OOXML_CIPHER_MAX_ROUNDS
		       ? err_set(err, ST_LIMIT, "limit rounds")
		       : ST_OK;
}

static enum status
info_agile(struct span xml, struct ooxml_cipher *cipher, struct err *err)
{
	struct span attributes = { NULL, 0 };
	size_t at = 0;
	enum status st = ST_OK;

	if (!cipher_next_tag(xml, "keyData", &at, &attributes))
		return err_set(err, ST_FORMAT, "ooxml: damaged EncryptionInfo");
	st = info_way(attributes, &cipher->package, err);
	if (st != ST_OK)
		return st;
	at = 0;
	if (cipher_next_tag(xml, "dataIntegrity", &at, &attributes) &&
	    (!info_field(attributes, "encryptedHmacKey", &cipher->hmac_key) ||
	     !info_field(attributes, "encryptedHmacValue",
			 &cipher->hmac_value)))
		cipher->hmac_key.len_bytes = 0;
	at = 0;
	/* Those of certificates have the same name and no rounds. */
	while (cipher_next_tag(xml, "encryptedKey", &at, &attributes))
		if (cipher_attribute(attributes, "spinCount").len_bytes > 0)
			return info_password(attributes, cipher, err);
	return err_set(err, ST_UNSUPPORTED, "ooxml: agile without a password");
}

static enum status
info_standard(struct span info, struct ooxml_cipher *cipher, struct err *err)
{
	uint32_t header = 0;
	uint32_t algorithm = 0;
	uint32_t hash = 0;
	uint32_t bits = 0;
	struct span verifier = { NULL, 0 };

	if (!span_read_le(info, INFO_HEADER_SIZE_AT, 4, &header) ||
	    !span_read_le(info, INFO_CIPHER_AT, 4, &algorithm) ||
	    !span_read_le(info, INFO_HASH_AT, 4, &hash) ||
	    !span_read_le(info, INFO_BITS_AT, 4, &bits) ||
	    !span_cut(info, INFO_HEADER_AT + (size_t)header,
		      4 + INFO_SALT_BYTES + AES_BLOCK_BYTES + 4 +
			      INFO_HASH_BYTES,
		      &verifier))
		return err_set(err, ST_FORMAT, "ooxml: damaged EncryptionInfo");
	if (algorithm == INFO_RC4)
		return err_set(err, ST_UNSUPPORTED, "ooxml: RC4");
	if (algorithm < INFO_AES || algorithm > INFO_AES + 2 ||
	    bits != 128 + 64 * (algorithm - INFO_AES))
		return err_set(err, ST_UNSUPPORTED,
			       "ooxml: standard with another cipher");
	cipher->rounds = OOXML_CIPHER_STANDARD_ROUNDS;
	cipher->password.hash = HASH_SHA1;
	cipher->password.key_bytes = bits / 8;
	const uint8_t *at = verifier.ptr + 4;

	memcpy(cipher->password.salt.bytes, at, INFO_SALT_BYTES);
	cipher->password.salt.len_bytes = INFO_SALT_BYTES;
	at += INFO_SALT_BYTES;
	memcpy(cipher->verifier.bytes, at, AES_BLOCK_BYTES);
	cipher->verifier.len_bytes = AES_BLOCK_BYTES;
	at += AES_BLOCK_BYTES + 4;
	memcpy(cipher->verifier_hash.bytes, at, INFO_HASH_BYTES);
	cipher->verifier_hash.len_bytes = INFO_HASH_BYTES;
	return ST_OK;
}

enum status
ooxml_cipher_parse(struct span info, struct ooxml_cipher *cipher_out,
		   struct err *err)
{
	uint32_t major = 0;
	uint32_t minor = 0;
	struct span xml = { NULL, 0 };
	struct ooxml_cipher cipher = { .agile = false };
	enum status st = ST_OK;

	if (!span_read_le(info, 0, 2, &major) ||
	    !span_read_le(info, 2, 2, &minor) ||
	    !span_cut(info, INFO_XML_AT, info.len_bytes - INFO_XML_AT, &xml))
		return err_set(err, ST_FORMAT, "ooxml: damaged EncryptionInfo");
	cipher.agile = major == 4 && minor == 4;
	if (cipher.agile)
		st = info_agile(xml, &cipher, err);
	else if (major >= 2 && major <= 4 && minor == 2)
		st = info_standard(info, &cipher, err);
	else
		st = err_set(err, ST_UNSUPPORTED,
			     "ooxml: another kind of encryption");
	if (st == ST_OK)
		*cipher_out = cipher;
	return st;
}
