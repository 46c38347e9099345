/*
 * ooxml_cipher.h - a whole Office document that is encrypted.
 *
 * Layer:    scanners/ciphers; includes only lib/base and scanners/text
 * Threads:  values; no shared state
 * Input:    untrusted streams; passwords and keys are secrets
 *
 * [MS-OFFCRYPTO] 2.3.4. A compound file has two streams:
 *
 *	EncryptionInfo    2 major 2 minor version  4 flags, then
 *	    standard (n.2)  4 size of header; header: 4 flags 4 0 4 cipher 4
 *hash 4 bits of key 12 - name; verifier: 4 16 16 salt 16 verifier 4 20 32 its
 *hash agile (4.4)     XML: keyData, dataIntegrity, encryptedKey
 *	EncryptedPackage  8 bytes of the package  the package, encrypted
 */
#ifndef SCANNERS_CIPHERS_OOXML_CIPHER_H
#define SCANNERS_CIPHERS_OOXML_CIPHER_H

#include "scanners/ciphers/hash.h"
#include "scanners/ciphers/lanes.h"

enum {
	/* What a file may ask for. Office writes 100,000, and 50,000 before
	 * 2010; ten million is what the format allows. */
	OOXML_CIPHER_MAX_ROUNDS = 1000000,
	OOXML_CIPHER_STANDARD_ROUNDS = 50000,
	OOXML_CIPHER_KEY_BYTES = 32,
	OOXML_CIPHER_FIELD_BYTES = 80 /* of salts, verifiers, keys */
};

/* What Excel locks with when it is to open without a question. */
extern const char ooxml_cipher_default_password[];

/* Bytes of an attribute or field. */
struct ooxml_field {
	uint8_t bytes[OOXML_CIPHER_FIELD_BYTES];
	size_t len_bytes;
};

/* What one element says of how its things are encrypted. */
struct ooxml_way {
	enum hash_kind hash;
	size_t key_bytes;
	struct ooxml_field salt;
};

struct ooxml_cipher {
	bool agile;
	uint32_t rounds;
	struct ooxml_way password; /* encryptedKey, or all of standard */
	struct ooxml_field verifier;
	struct ooxml_field verifier_hash;
	/* Agile: */
	struct ooxml_way package; /* keyData */
	struct ooxml_field key;
	struct ooxml_field hmac_key; /* empty: no dataIntegrity */
	struct ooxml_field hmac_value;
};

/* Of the package. Wipe it. */
struct ooxml_key {
	uint8_t bytes[OOXML_CIPHER_KEY_BYTES];
};

/* "ooxml: agile" */
const char *ooxml_cipher_name(const struct ooxml_cipher *cipher);

/*
 * Take EncryptionInfo apart.
 * Returns:  ST_OK; ST_UNSUPPORTED another version, cipher, hash, or no
 *           password (err names it); ST_LIMIT "limit rounds"; ST_FORMAT
 */
MUST_CHECK enum status
ooxml_cipher_parse(struct span info, struct ooxml_cipher *cipher_out,
		   struct err *err);

struct ooxml_trial {
	const struct lanes *lanes;
	const struct span *passwords; /* UTF-8 */
	size_t count;
	const struct lanes_watch *watch; /* or NULL */
};

/*
 * Which of the passwords is it? A batch costs as much as one.
 * Gives:    *index_out, the first one; *key_out
 * Returns:  ST_OK the hash of the verifier is right; ST_NOT_FOUND none;
 *           ST_NO_MEMORY; what watch said
 */
MUST_CHECK enum status
ooxml_cipher_try(const struct ooxml_cipher *cipher,
		 const struct ooxml_trial *trial, size_t *index_out,
		 struct ooxml_key *key_out, struct err *err);

/* How many passwords cost as much as one. */
size_t ooxml_cipher_batch(const struct ooxml_cipher *cipher,
			  const struct lanes *lanes);

/* How many bytes EncryptedPackage holds in clear, at most as many as are
 * there. False: it is no such stream. */
bool ooxml_cipher_size(struct span package, size_t *size_out);

/* Decrypt EncryptedPackage: a zip archive. out: ooxml_cipher_size() bytes.
 * False: the integrity check (agile) fails, or has none; out is filled. */
bool ooxml_cipher_open(const struct ooxml_cipher *cipher,
		       const struct ooxml_key *key, struct span package,
		       uint8_t *out);

#endif
