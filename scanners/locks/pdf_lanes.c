#include "scanners/locks/pdf_lanes.h"

#include <string.h>

#include "scanners/ciphers/hash.h"
#include "scanners/ciphers/rc4.h"
#include "scanners/locks/pdf_password.h"

enum {
	PDF_LANES_KEY_BYTES = 16,
	PDF_LANES_KEY_WORDS = 4,
	PDF_LANES_MD5_ROUNDS = 50,
	PDF_LANES_RC4_ROUNDS = 20,
	PDF_LANES_LENGTH_WORD = 14
};

/* The same step of all passwords. */
struct pdf_lanes {
	const struct pdf_encrypt *encrypt;
	const struct lanes *lanes;
	size_t count;
	uint8_t keys[LANES_MAX][PDF_LANES_KEY_BYTES];
	uint8_t texts[LANES_MAX][PDF_PASSWORD_PAD_BYTES]; /* RC4 in place */
	uint8_t padded[LANES_MAX][PDF_PASSWORD_PAD_BYTES];
	uint32_t from[PDF_LANES_KEY_WORDS * LANES_MAX];
	uint32_t block[LANES_BLOCK_WORDS * LANES_MAX];
};

bool
pdf_lanes_can(const struct pdf_encrypt *encrypt)
{
	return (encrypt->revision == 3 || encrypt->revision == 4) &&
	       encrypt->key_bytes == PDF_LANES_KEY_BYTES;
}

static uint32_t
pdf_lanes_word(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

/* What is behind a key in its block, and where MD5 begins. */
static void
pdf_lanes_begin(struct pdf_lanes *x)
{
	static const uint32_t start[PDF_LANES_KEY_WORDS] = {
		0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476
	};
	const size_t n = x->lanes->short_count;

	memset(x->block, 0, sizeof(x->block));
	for (size_t l = 0; l < n; l++) {
		for (size_t w = 0; w < PDF_LANES_KEY_WORDS; w++)
			x->from[w * n + l] = start[w];
		x->block[PDF_LANES_KEY_WORDS * n + l] = 0x80;
		x->block[PDF_LANES_LENGTH_WORD * n + l] =
			8 * PDF_LANES_KEY_BYTES;
	}
}

static void
pdf_lanes_md5(struct pdf_lanes *x)
{
	const size_t n = x->lanes->short_count;

	for (size_t l = 0; l < x->count; l++)
		for (size_t w = 0; w < PDF_LANES_KEY_WORDS; w++)
			x->block[w * n + l] =
				pdf_lanes_word(&x->keys[l][4 * w]);
	for (size_t i = 0; i < PDF_LANES_MD5_ROUNDS; i++)
		x->lanes->md5(x->from, x->block, x->block);
	for (size_t l = 0; l < x->count; l++)
		for (size_t i = 0; i < PDF_LANES_KEY_BYTES; i++)
			x->keys[l][i] = (uint8_t)(x->block[i / 4 * n + l] >>
						  8 * (i % 4));
}

/* Twenty times, each with another key; back: from the last one. */
static void
pdf_lanes_rc4(struct pdf_lanes *x, size_t len, bool back)
{
	uint8_t keys[RC4_EACH][PDF_LANES_KEY_BYTES];
	const size_t rounds = PDF_LANES_RC4_ROUNDS;

	for (size_t at = 0; at < x->count; at += RC4_EACH)
		for (size_t i = 0; i < rounds; i++) {
			const size_t mask = back ? rounds - 1 - i : i;

			for (size_t l = 0; l < RC4_EACH; l++)
				for (size_t k = 0; k < sizeof(keys[l]); k++)
					keys[l][k] = x->keys[at + l][k] ^
						     (uint8_t)mask;
			rc4_each(&keys[0][0], PDF_LANES_KEY_BYTES,
				 &x->texts[at][0], PDF_PASSWORD_PAD_BYTES, len);
		}
	explicit_bzero(keys, sizeof(keys));
}

/* Algorithm 5, of what is in padded: the first that fits, or count. */
static size_t
pdf_lanes_user(struct pdf_lanes *x)
{
	const struct pdf_encrypt *encrypt = x->encrypt;
	uint8_t check[PDF_LANES_KEY_BYTES];

	pdf_password_check(encrypt, check);
	for (size_t l = 0; l < x->count; l++) {
		pdf_password_start(encrypt, x->padded[l], x->keys[l]);
		memcpy(x->texts[l], check, sizeof(check));
	}
	pdf_lanes_md5(x);
	pdf_lanes_rc4(x, sizeof(check), false);
	for (size_t l = 0; l < x->count; l++)
		if (memcmp(x->texts[l], encrypt->user.bytes, sizeof(check)) ==
		    0)
			return l;
	return x->count;
}

/* Algorithm 7: the owner's password gives the user's. */
static size_t
pdf_lanes_owner(struct pdf_lanes *x)
{
	for (size_t l = 0; l < x->count; l++) {
		hash_once(HASH_MD5,
			  (struct span){ x->padded[l], PDF_PASSWORD_PAD_BYTES },
			  x->keys[l]);
		memcpy(x->texts[l], x->encrypt->owner.bytes,
		       PDF_PASSWORD_PAD_BYTES);
	}
	pdf_lanes_md5(x);
	pdf_lanes_rc4(x, PDF_PASSWORD_PAD_BYTES, true);
	memcpy(x->padded, x->texts, sizeof(x->padded));
	return pdf_lanes_user(x);
}

size_t
pdf_lanes_find(const struct pdf_encrypt *encrypt, const struct lanes *lanes,
	       const struct span *passwords, size_t count)
{
	struct pdf_lanes x = { .encrypt = encrypt,
			       .lanes = lanes,
			       .count = count };
	size_t user = count;
	size_t owner = count;

	pdf_lanes_begin(&x);
	for (size_t l = 0; l < count; l++)
		pdf_password_pad(passwords[l], x.padded[l]);
	user = pdf_lanes_user(&x);
	if (user > 0)
		owner = pdf_lanes_owner(&x);
	explicit_bzero(&x, sizeof(x));
	return user < owner ? user : owner;
}
