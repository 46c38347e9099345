/*
 * zip_cipher.h - the encryption of one member of a zip archive.
 *
 * Layer:    scanners/ciphers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted member; passwords are secrets
 *
 * Shape of the data of a member:
 *
 *	ZipCrypto  12 header  data                       APPNOTE 6.1
 *	AES        8, 12 or 16 salt  2 verifier  data  10 authentication code
 *
 * AES (WinZip, "AE-1" and "AE-2"): PBKDF2 with HMAC-SHA-1, 1000 rounds, gives
 * the key, the key of the code and the verifier; the mode is CTR. The extra
 * field 0x9901 has 2 version, 2 "AE", 1 strength, 2 method behind it.
 */
#ifndef SCANNERS_CIPHERS_ZIP_CIPHER_H
#define SCANNERS_CIPHERS_ZIP_CIPHER_H

#include "lib/base/span.h"
#include "lib/base/status.h"
#include "scanners/ciphers/zipcrypto.h"

enum zip_cipher_kind {
	ZIP_CIPHER_NONE = 0,
	ZIP_CIPHER_TRADITIONAL,
	ZIP_CIPHER_AES
};

enum {
	ZIP_CIPHER_ROUNDS = 1000,
	ZIP_CIPHER_CODE_BYTES = 10,
	ZIP_CIPHER_VERIFIER_BYTES = 2
};

/* What headers say of a member. */
struct zip_cipher_member {
	struct span packed; /* as many bytes as headers say */
	struct span extra;
	uint32_t flags;
	uint32_t method;
	uint32_t crc;
	uint32_t time; /* of the local header: two bytes at 10 */
};

struct zip_cipher {
	enum zip_cipher_kind kind;
	uint32_t method;  /* of what comes out */
	struct span data; /* as many bytes come out */
	bool has_crc;     /* false: AE-2, where headers have none */
	/* ZipCrypto: */
	const uint8_t *header; /* ZIPCRYPTO_HEADER_BYTES */
	uint8_t check;         /* its last byte in clear */
	/* AES: */
	size_t key_bytes;
	struct span salt;
	const uint8_t *verifier;
	const uint8_t *code;
};

/*
 * Take a member apart; it is borrowed.
 * Returns:  ST_OK; ST_NOT_FOUND it is not encrypted; ST_UNSUPPORTED in another
 *           way; ST_FORMAT it is too short, or its extra field is damaged
 */
MUST_CHECK enum status
zip_cipher_parse(const struct zip_cipher_member *member,
		 struct zip_cipher *cipher_out, struct err *err);

/*
 * Decrypt with a password, in the bytes that a program used
 * (password_form.h: UTF-8, then CP932).
 * Gives:    out, which has room for cipher->data; untouched when it is wrong
 * Returns:  ST_OK  AES: the authentication code is right. ZipCrypto: its one
 *                  byte is, as with each 256th wrong password; only when it
 *                  unpacks to the checksum the password counts
 *           ST_NOT_FOUND  the password is wrong
 */
MUST_CHECK enum status
zip_cipher_open(const struct zip_cipher *cipher, struct span password,
		uint8_t *out, struct err *err);

/* AES: which block of PBKDF2 has the verifier, and where in it. */
uint32_t
zip_cipher_verifier_block(const struct zip_cipher *cipher, size_t *at_out);

/* AES: is the authentication code right? Linear in the data. */
bool
zip_cipher_is_authentic(const struct zip_cipher *cipher, struct span password);

/* ZipCrypto: the keys behind the header; false when its last byte is wrong. */
bool
zip_cipher_header(const struct zip_cipher *cipher, struct zipcrypto_keys *keys);

#endif
