/* What a manifest says of encryption. */
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/blowfish.h"
#include "scanners/ciphers/cipher_text.h"
#include "scanners/ciphers/odf_cipher.h"

enum { ODF_OLD_KEY_BYTES = 16 };

/* What a tag's attribute says, and what follows from it. */
struct odf_word {
	const char *part; /* of the value */
	const char *name; /* of what is not done; else how it is called */
	size_t key_bytes; /* 0: not done */
};

static const struct odf_word odf_algorithms[] = {
	{ "aes256-cbc", "odf: aes256-cbc", 32 },
	{ "aes192-cbc", "odf: aes192-cbc", 24 },
	{ "aes128-cbc", "odf: aes128-cbc", 16 },
	{ "lowfish", "odf: blowfish", 16 },
	{ "aes256-gcm", "odf: aes256-gcm", 0 },
};

static const struct odf_word odf_derivations[] = {
	{ "argon2id", "odf: argon2id", 0 },
	{ "PGP", "odf: openpgp", 0 },
	{ "openpgp", "odf: openpgp", 0 },
};

static const struct odf_word *
odf_find_word(const struct odf_word *words, size_t count, struct span value)
{
	for (size_t i = 0; i < count; i++)
		if (value.len_bytes > 0 &&
		    memmem(value.ptr, value.len_bytes, words[i].part,
			   strlen(words[i].part)) != NULL)
			return &words[i];
	return NULL;
}

static bool
odf_has(struct span value, const char *part)
{
	return value.len_bytes > 0 &&
	       memmem(value.ptr, value.len_bytes, part, strlen(part)) != NULL;
}

static void
odf_refuse(struct odf_sealed *sealed, enum status st, const char *name)
{
	if (sealed->st != ST_OK)
		return;
	sealed->st = st;
	sealed->name = name;
}

static void
odf_check_of(struct odf_sealed *sealed, struct span attributes)
{
	struct odf_cipher *cipher = &sealed->cipher;
	const struct span type = cipher_attribute(attributes, "checksum-type");
	size_t len = 0;

	cipher->check = odf_has(type, "sha256-1k") || odf_has(type, "SHA256/1K")
				? HASH_SHA256
				: HASH_SHA1;
	if (!cipher_base64(cipher_attribute(attributes, "checksum"),
			   cipher->wanted, sizeof(cipher->wanted), &len) ||
	    len != hash_bytes(cipher->check))
		odf_refuse(sealed, ST_FORMAT, "odf: damaged manifest");
}

static void
odf_algorithm_of(struct odf_sealed *sealed, struct span attributes)
{
	struct odf_cipher *cipher = &sealed->cipher;
	const struct odf_word *word =
		odf_find_word(odf_algorithms, ARRAY_LEN(odf_algorithms),
			      cipher_attribute(attributes, "algorithm-name"));
	size_t len = 0;

	if (word == NULL || word->key_bytes == 0) {
		odf_refuse(sealed, ST_UNSUPPORTED,
			   word == NULL ? "odf: unknown cipher" : word->name);
		return;
	}
	sealed->name = sealed->st == ST_OK ? word->name : sealed->name;
	cipher->key_bytes = word->key_bytes;
	cipher->blowfish = word == &odf_algorithms[3];
	if (!cipher_base64(
		    cipher_attribute(attributes, "initialisation-vector"),
		    cipher->vector, sizeof(cipher->vector), &len) ||
	    len != (cipher->blowfish ? (size_t)BLOWFISH_BLOCK_BYTES
				     : (size_t)AES_BLOCK_BYTES))
		odf_refuse(sealed, ST_FORMAT, "odf: damaged manifest");
}

static void
odf_derivation_of(struct odf_sealed *sealed, struct span attributes)
{
	struct odf_cipher *cipher = &sealed->cipher;
	const struct span name =
		cipher_attribute(attributes, "key-derivation-name");
	const struct span size = cipher_attribute(attributes, "key-size");
	const struct odf_word *word = odf_find_word(
		odf_derivations, ARRAY_LEN(odf_derivations), name);
	uint32_t key_bytes = 0;

	if (!odf_has(name, "PBKDF2") && !odf_has(name, "pbkdf2")) {
		odf_refuse(sealed, ST_UNSUPPORTED,
			   word == NULL ? "odf: unknown key derivation"
					: word->name);
		return;
	}
	if (size.len_bytes > 0 &&
	    (!cipher_number(size, ODF_CIPHER_KEY_BYTES, &key_bytes) ||
	     key_bytes != cipher->key_bytes))
		odf_refuse(sealed, ST_UNSUPPORTED, "odf: unknown size of keys");
	if (!cipher_number(cipher_attribute(attributes, "iteration-count"),
			   UINT32_MAX, &cipher->rounds) ||
	    cipher->rounds == 0 ||
	    !cipher_base64(cipher_attribute(attributes, "salt"), cipher->salt,
			   sizeof(cipher->salt), &cipher->salt_bytes))
		odf_refuse(sealed, ST_FORMAT, "odf: damaged manifest");
	else if (cipher->rounds > ODF_CIPHER_MAX_ROUNDS)
		odf_refuse(sealed, ST_LIMIT, "limit rounds");
}

static void
odf_start_of(struct odf_sealed *sealed, struct span attributes)
{
	const struct span name =
		cipher_attribute(attributes, "start-key-generation-name");

	if (odf_has(name, "sha256") || odf_has(name, "SHA256"))
		sealed->cipher.start = HASH_SHA256;
	else if (!odf_has(name, "sha1") && !odf_has(name, "SHA1"))
		odf_refuse(sealed, ST_UNSUPPORTED, "odf: unknown hash");
}

static void
odf_begin(struct odf_sealed *sealed, struct span path)
{
	*sealed = (struct odf_sealed){
		.path = path,
		.name = "odf: unknown cipher",
		.cipher = { .start = HASH_SHA1,
			    .key_bytes = ODF_OLD_KEY_BYTES },
	};
}

/* Was everything said? */
static void
odf_end(struct odf_sealed *sealed)
{
	if (sealed->cipher.rounds == 0 || sealed->cipher.check == HASH_NONE)
		odf_refuse(sealed, ST_FORMAT, "odf: damaged manifest");
}

bool
odf_cipher_next(struct span manifest, size_t *at, struct odf_sealed *sealed_out)
{
	struct cipher_tag tag;
	struct span path = { NULL, 0 };
	bool inside = false;

	while (cipher_next_any(manifest, at, &tag)) {
		if (!inside && cipher_tag_is(&tag, "file-entry")) {
			path = cipher_attribute(tag.attributes, "full-path");
		} else if (cipher_tag_is(&tag, "/encryption-data")) {
			break;
		} else if (!inside && cipher_tag_is(&tag, "encryption-data")) {
			inside = true;
			odf_begin(sealed_out, path);
			odf_check_of(sealed_out, tag.attributes);
		} else if (inside && cipher_tag_is(&tag, "algorithm")) {
			odf_algorithm_of(sealed_out, tag.attributes);
		} else if (inside && cipher_tag_is(&tag, "key-derivation")) {
			odf_derivation_of(sealed_out, tag.attributes);
		} else if (inside &&
			   cipher_tag_is(&tag, "start-key-generation")) {
			odf_start_of(sealed_out, tag.attributes);
		}
	}
	if (inside)
		odf_end(sealed_out);
	return inside;
}
