/*
 * seven_cipher.h - a 7z archive that is encrypted, in whole or in part.
 *
 * Layer:    scanners/ciphers; includes only lib/base and scanners/text
 * Threads:  a cipher belongs to one thread
 * Input:    untrusted archive, borrowed; passwords are secrets
 *
 * 7z has AES-256 in CBC mode as one more coder of a stream; its key is SHA-256
 * over 2^power times salt, password (UTF-16LE) and a number. Opening takes the
 * coder away: what comes out is a 7z archive that is not encrypted, with
 * everything else as it was. Any reader of 7z reads it.
 */
#ifndef SCANNERS_CIPHERS_SEVEN_CIPHER_H
#define SCANNERS_CIPHERS_SEVEN_CIPHER_H

#include "lib/base/sbuf.h"
#include "scanners/ciphers/derive.h"

enum {
	/* What a file may ask for; 7-Zip writes 2^19. */
	SEVEN_CIPHER_MAX_POWER = 24,
	SEVEN_CIPHER_MAX_HEADER_BYTES = 32 * 1024 * 1024
};

struct seven_cipher;

/*
 * Returns:  ST_OK          something in it is encrypted
 *           ST_NOT_FOUND   nothing is, or it is no 7z archive
 *           ST_LIMIT       "limit rounds", "limit memory of a header"
 *           ST_UNSUPPORTED its headers say something strange
 *           ST_FORMAT; ST_NO_MEMORY
 */
MUST_CHECK enum status
seven_cipher_new(struct span archive, struct seven_cipher **cipher_out,
		 struct err *err);
void seven_cipher_free(struct seven_cipher **cipher);

/* "7z: AES-256"; with names, when the header is encrypted, too. */
const char *seven_cipher_name(const struct seven_cipher *cipher);

/* Is the header encrypted? Then it tells whether a key is right. */
bool seven_cipher_hides_names(const struct seven_cipher *cipher);

/* For derive_7z(): of what is opened first. */
unsigned seven_cipher_power(const struct seven_cipher *cipher);
struct span seven_cipher_salt(const struct seven_cipher *cipher);

/*
 * May this be the key? Few wrong ones pass, by the first bytes of what comes
 * out; with an encrypted header none, by its checksum.
 * Returns: ST_OK, ST_NOT_FOUND, ST_NO_MEMORY
 */
MUST_CHECK enum status
seven_cipher_may_open(const struct seven_cipher *cipher,
		      const uint8_t key[DERIVE_7Z_BYTES], struct err *err);

/* Has everything a checksum? Is everything encrypted? */
bool seven_cipher_has_digests(const struct seven_cipher *cipher);
bool seven_cipher_is_whole(const struct seven_cipher *cipher);

/* How large what comes out is at most. */
uint64_t seven_cipher_open_bytes(const struct seven_cipher *cipher);

/*
 * Append the archive in clear to out, which should wipe; once, since it uses
 * the cipher up. Takes the time of one
 * key for each salt in it.
 * Returns:  ST_OK         the password is right if the checksums in it are
 *           ST_NOT_FOUND  it is wrong (only with an encrypted header)
 *           ST_UNSUPPORTED, ST_LIMIT, ST_FORMAT of what the header held
 *           ST_NO_MEMORY; what watch said
 */
MUST_CHECK enum status
seven_cipher_open(struct seven_cipher *cipher, struct span password,
		  const struct lanes_watch *watch, struct sbuf *out,
		  struct err *err);

/* The same, with the key of what is opened first: who tries has it already. */
struct seven_password {
	struct span utf8;
	const uint8_t *key; /* DERIVE_7Z_BYTES, or NULL */
};
MUST_CHECK enum status
seven_cipher_open_known(struct seven_cipher *cipher,
			const struct seven_password *password,
			const struct lanes_watch *watch, struct sbuf *out,
			struct err *err);

#endif
