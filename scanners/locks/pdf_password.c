#include "scanners/locks/pdf_password.h"

#include <string.h>

#include "scanners/ciphers/aes.h"
#include "scanners/ciphers/hash.h"
#include "scanners/ciphers/rc4.h"

enum {
	PDF_PAD_BYTES = PDF_PASSWORD_PAD_BYTES,
	PDF_MD5_BYTES = 16,
	PDF_MD5_ROUNDS = 50,
	PDF_RC4_ROUNDS = 20,
	PDF_MAX_PASSWORD_BYTES = 127,
	PDF_REPEATS = 64,
	PDF_LEAST_ROUNDS = 64,
	PDF_UNIT_BYTES =
		PDF_MAX_PASSWORD_BYTES + HASH_MAX_BYTES + PDF_LONG_BYTES
};

static const uint8_t pdf_padding[PDF_PAD_BYTES] = {
	0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E,
	0x56, 0xFF, 0xFA, 0x01, 0x08, 0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68,
	0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
};

void
pdf_password_pad(struct span password, uint8_t out[PDF_PAD_BYTES])
{
	const size_t len = password.len_bytes < PDF_PAD_BYTES
				   ? password.len_bytes
				   : PDF_PAD_BYTES;

	if (len > 0)
		memcpy(out, password.ptr, len);
	memcpy(out + len, pdf_padding, PDF_PAD_BYTES - len);
}

/* Twenty times, each with another key; back: from the last one. */
static void
pdf_rc4_rounds(const uint8_t *key, size_t key_bytes, uint8_t *bytes, size_t len,
	       bool back)
{
	uint8_t round_key[PDF_MD5_BYTES];

	for (unsigned i = 0; i < PDF_RC4_ROUNDS; i++) {
		const uint8_t round =
			(uint8_t)(back ? PDF_RC4_ROUNDS - 1 - i : i);

		for (size_t k = 0; k < key_bytes; k++)
			round_key[k] = key[k] ^ round;
		rc4_once((struct span){ round_key, key_bytes },
			 (struct span){ bytes, len }, bytes);
	}
	explicit_bzero(round_key, sizeof(round_key));
}

static void
pdf_md5_rounds(uint8_t digest[PDF_MD5_BYTES], size_t len)
{
	for (size_t i = 0; i < PDF_MD5_ROUNDS; i++)
		hash_once(HASH_MD5, (struct span){ digest, len }, digest);
}

void
pdf_password_start(const struct pdf_encrypt *encrypt,
		   const uint8_t padded[PDF_PAD_BYTES],
		   uint8_t key[PDF_MD5_BYTES])
{
	const uint32_t p = encrypt->permission;
	const uint8_t number[4] = { (uint8_t)p, (uint8_t)(p >> 8),
				    (uint8_t)(p >> 16), (uint8_t)(p >> 24) };
	static const uint8_t clear[4] = { 0xFF, 0xFF, 0xFF, 0xFF };
	struct hash hash;

	hash_init(&hash, HASH_MD5);
	hash_add(&hash, (struct span){ padded, PDF_PAD_BYTES });
	hash_add(&hash, (struct span){ encrypt->owner.bytes, PDF_PAD_BYTES });
	hash_add(&hash, (struct span){ number, sizeof(number) });
	hash_add(&hash,
		 (struct span){ encrypt->id.bytes, encrypt->id.len_bytes });
	if (encrypt->revision >= 4 && !encrypt->metadata)
		hash_add(&hash, (struct span){ clear, sizeof(clear) });
	hash_end(&hash, key);
}

void
pdf_password_check(const struct pdf_encrypt *encrypt,
		   uint8_t check[PDF_MD5_BYTES])
{
	struct hash hash;

	hash_init(&hash, HASH_MD5);
	hash_add(&hash, (struct span){ pdf_padding, PDF_PAD_BYTES });
	hash_add(&hash,
		 (struct span){ encrypt->id.bytes, encrypt->id.len_bytes });
	hash_end(&hash, check);
}

/* Algorithm 2: the key of the file. */
static void
pdf_key(const struct pdf_encrypt *encrypt, const uint8_t padded[PDF_PAD_BYTES],
	uint8_t key[PDF_MD5_BYTES])
{
	pdf_password_start(encrypt, padded, key);
	if (encrypt->revision >= 3)
		pdf_md5_rounds(key, encrypt->key_bytes);
}

/* Algorithms 4 to 6. */
static bool
pdf_user_fits(const struct pdf_encrypt *encrypt,
	      const uint8_t padded[PDF_PAD_BYTES])
{
	uint8_t key[PDF_MD5_BYTES];
	uint8_t check[PDF_PAD_BYTES];
	size_t len = PDF_PAD_BYTES;

	pdf_key(encrypt, padded, key);
	if (encrypt->revision == 2) {
		rc4_once((struct span){ key, encrypt->key_bytes },
			 (struct span){ pdf_padding, PDF_PAD_BYTES }, check);
	} else {
		len = PDF_MD5_BYTES;
		pdf_password_check(encrypt, check);
		pdf_rc4_rounds(key, encrypt->key_bytes, check, len, false);
	}
	explicit_bzero(key, sizeof(key));
	return memcmp(check, encrypt->user.bytes, len) == 0;
}

/* Algorithm 7: the owner's password gives the user's. */
static bool
pdf_owner_fits(const struct pdf_encrypt *encrypt,
	       const uint8_t padded[PDF_PAD_BYTES])
{
	uint8_t key[PDF_MD5_BYTES];
	uint8_t user[PDF_PAD_BYTES];

	hash_once(HASH_MD5, (struct span){ padded, PDF_PAD_BYTES }, key);
	memcpy(user, encrypt->owner.bytes, sizeof(user));
	if (encrypt->revision >= 3) {
		pdf_md5_rounds(key, sizeof(key));
		pdf_rc4_rounds(key, encrypt->key_bytes, user, sizeof(user),
			       true);
	} else {
		rc4_once((struct span){ key, encrypt->key_bytes },
			 (struct span){ user, sizeof(user) }, user);
	}
	const bool fits = pdf_user_fits(encrypt, user);

	explicit_bzero(key, sizeof(key));
	explicit_bzero(user, sizeof(user));
	return fits;
}

/* What revision 6 hashes in a round. */
struct pdf_round {
	uint8_t bytes[PDF_REPEATS * PDF_UNIT_BYTES];
	uint8_t value[HASH_MAX_BYTES];
	size_t value_bytes;
};

/* A round of algorithm 2.B; the last byte that was encrypted. By itself: its
 * variables and those of the rounds are much for one frame of the stack. */
__attribute__((noinline)) static uint8_t
pdf_hash_round(struct pdf_round *round, struct span password, struct span user)
{
	static const enum hash_kind kinds[3] = { HASH_SHA256, HASH_SHA384,
						 HASH_SHA512 };
	uint8_t unit[PDF_UNIT_BYTES];
	uint8_t vector[AES_BLOCK_BYTES];
	size_t len = password.len_bytes;
	unsigned sum = 0;
	struct aes aes;

	if (len > 0)
		memcpy(unit, password.ptr, len);
	memcpy(unit + len, round->value, round->value_bytes);
	len += round->value_bytes;
	if (user.len_bytes > 0)
		memcpy(unit + len, user.ptr, user.len_bytes);
	len += user.len_bytes;
	for (size_t i = 0; i < PDF_REPEATS; i++)
		memcpy(round->bytes + i * len, unit, len);
	len *= PDF_REPEATS;
	memcpy(vector, round->value + AES_BLOCK_BYTES, sizeof(vector));
	aes_init(&aes, round->value, AES_BLOCK_BYTES);
	aes_cbc_encrypt(&aes, vector, round->bytes, len / AES_BLOCK_BYTES,
			round->bytes);
	aes_done(&aes);
	explicit_bzero(unit, sizeof(unit));
	/* 256 is 1 in this arithmetic: the number is the sum of its bytes. */
	for (size_t i = 0; i < AES_BLOCK_BYTES; i++)
		sum += round->bytes[i];
	hash_once(kinds[sum % 3], (struct span){ round->bytes, len },
		  round->value);
	round->value_bytes = hash_bytes(kinds[sum % 3]);
	return round->bytes[len - 1];
}

/* Algorithm 2.B; of revision 5 only its first line. */
static bool
pdf_long_fits(uint32_t revision, struct span password,
	      const struct pdf_string *wanted, struct span user)
{
	struct pdf_round round;
	struct hash hash;
	uint8_t last = 0;

	hash_init(&hash, HASH_SHA256);
	hash_add(&hash, password);
	hash_add(&hash, (struct span){ wanted->bytes + PDF_HASH_BYTES,
				       PDF_SALT_BYTES });
	hash_add(&hash, user);
	hash_end(&hash, round.value);
	round.value_bytes = PDF_HASH_BYTES;
	for (unsigned i = 0; revision == 6 && (i < PDF_LEAST_ROUNDS ||
					       last > i - PDF_LEAST_ROUNDS / 2);
	     i++)
		last = pdf_hash_round(&round, password, user);
	const bool fits =
		memcmp(round.value, wanted->bytes, PDF_HASH_BYTES) == 0;

	explicit_bzero(&round, sizeof(round));
	return fits;
}

bool
pdf_password_fits(const struct pdf_encrypt *encrypt, struct span password)
{
	uint8_t padded[PDF_PAD_BYTES];

	if (encrypt->revision >= 5) {
		const struct span user = { encrypt->user.bytes,
					   PDF_LONG_BYTES };

		if (password.len_bytes > PDF_MAX_PASSWORD_BYTES)
			password.len_bytes = PDF_MAX_PASSWORD_BYTES;
		return pdf_long_fits(encrypt->revision, password,
				     &encrypt->user,
				     (struct span){ NULL, 0 }) ||
		       pdf_long_fits(encrypt->revision, password,
				     &encrypt->owner, user);
	}
	pdf_password_pad(password, padded);
	const bool fits = pdf_user_fits(encrypt, padded) ||
			  pdf_owner_fits(encrypt, padded);

	explicit_bzero(padded, sizeof(padded));
	return fits;
}
