/*
 * odf_cipher.h - the encrypted members of an OpenDocument package.
 *
 * Layer:    scanners/ciphers; includes only lib/base and scanners/text
 * Threads:  values; no shared state
 * Input:    untrusted manifest and members; passwords and keys are secrets
 *
 * OpenDocument 1.2 part 3, 3.4 (and 1.1, 17.3). META-INF/manifest.xml says
 * for each member how it is encrypted: hash of the password, PBKDF2 with
 * HMAC-SHA-1 (a salt for each), AES in CBC mode or Blowfish in CFB mode over
 * the deflated bytes, and a hash of their first 1024. A package that is
 * encrypted as a whole has one member of that kind, "encrypted-package".
 */
#ifndef SCANNERS_CIPHERS_ODF_CIPHER_H
#define SCANNERS_CIPHERS_ODF_CIPHER_H

#include "scanners/ciphers/hash.h"
#include "scanners/ciphers/lanes.h"

enum {
	ODF_CIPHER_KEY_BYTES = 32,
	ODF_CIPHER_FIELD_BYTES = 64, /* salts, vectors, hashes */
	/* What a file may ask for; LibreOffice writes 100,000. */
	ODF_CIPHER_MAX_ROUNDS = 2000000
};

struct odf_cipher {
	bool blowfish; /* else AES */
	enum hash_kind start;
	size_t key_bytes;
	uint32_t rounds;
	uint8_t salt[ODF_CIPHER_FIELD_BYTES];
	size_t salt_bytes;
	uint8_t vector[ODF_CIPHER_FIELD_BYTES];
	enum hash_kind check;
	uint8_t wanted[ODF_CIPHER_FIELD_BYTES]; /* of that hash */
};

/* An entry of the manifest that is encrypted. */
struct odf_sealed {
	struct span path; /* as it stands in the XML, with references */
	struct odf_cipher cipher;
	enum status st;   /* ST_OK; ST_UNSUPPORTED, ST_LIMIT, ST_FORMAT */
	const char *name; /* "odf: aes256-cbc", or why it is not tried */
};

/* The next one at or after *at (0 at first). False: there is none. */
bool odf_cipher_next(struct span manifest, size_t *at,
		     struct odf_sealed *sealed_out);

/* Wipe it. */
struct odf_key {
	uint8_t bytes[ODF_CIPHER_KEY_BYTES];
};

/* The keys that one password (UTF-8) gives for several members; a batch of
 * them costs as much as one.
 * Returns: ST_OK; ST_NO_MEMORY; what watch said */
MUST_CHECK enum status
odf_cipher_keys(const struct odf_cipher *const *ciphers, size_t count,
		struct span password, const struct lanes_watch *watch,
		struct odf_key *keys_out, struct err *err);

/* Does key fit? By the hash, of data's start. */
bool odf_cipher_fits(const struct odf_cipher *cipher, const struct odf_key *key,
		     struct span data);

/* Decrypt data (as it lies in the package) to out, which has room for as many
 * bytes: deflated bytes (RFC 1951), *len_out of them. */
void odf_cipher_open(const struct odf_cipher *cipher, const struct odf_key *key,
		     struct span data, uint8_t *out, size_t *len_out);

struct odf_trial {
	const struct lanes *lanes;
	const struct span *passwords; /* UTF-8 */
	size_t count;
	const struct lanes_watch *watch; /* or NULL */
};

/* Which password is it, by one member?
 * Returns: ST_OK with *index_out; ST_NOT_FOUND; what watch said */
MUST_CHECK enum status
odf_cipher_try(const struct odf_cipher *cipher, struct span data,
	       const struct odf_trial *trial, size_t *index_out,
	       struct err *err);

#endif
