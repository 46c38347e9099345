#include "scanners/ciphers/blowfish.h"

static uint32_t
blowfish_mix(const struct blowfish *blowfish, uint32_t x)
{
	return ((blowfish->boxes[0][x >> 24] +
		 blowfish->boxes[1][x >> 16 & 0xFF]) ^
		blowfish->boxes[2][x >> 8 & 0xFF]) +
	       blowfish->boxes[3][x & 0xFF];
}

void
blowfish_encrypt(const struct blowfish *blowfish, uint32_t words[2])
{
	uint32_t left = words[0];
	uint32_t right = words[1];

	for (size_t i = 0; i < BLOWFISH_SUBKEYS - 2; i++) {
		const uint32_t turned = left ^ blowfish->subkeys[i];

		left = right ^ blowfish_mix(blowfish, turned);
		right = turned;
	}
	words[0] = right ^ blowfish->subkeys[BLOWFISH_SUBKEYS - 1];
	words[1] = left ^ blowfish->subkeys[BLOWFISH_SUBKEYS - 2];
}

void
blowfish_init(struct blowfish *blowfish, struct span key)
{
	uint32_t words[2] = { 0, 0 };
	size_t at = 0;

	*blowfish = blowfish_start;
	for (size_t i = 0; i < BLOWFISH_SUBKEYS; i++) {
		uint32_t word = 0;

		for (size_t k = 0; k < 4; k++)
			word = word << 8 | key.ptr[at++ % key.len_bytes];
		blowfish->subkeys[i] ^= word;
	}
	for (size_t i = 0; i < BLOWFISH_SUBKEYS; i += 2) {
		blowfish_encrypt(blowfish, words);
		blowfish->subkeys[i] = words[0];
		blowfish->subkeys[i + 1] = words[1];
	}
	for (size_t box = 0; box < BLOWFISH_BOXES; box++)
		for (size_t i = 0; i < BLOWFISH_BOX_WORDS; i += 2) {
			blowfish_encrypt(blowfish, words);
			blowfish->boxes[box][i] = words[0];
			blowfish->boxes[box][i + 1] = words[1];
		}
}

void
blowfish_cfb_decrypt(const struct blowfish *blowfish,
		     const uint8_t iv[BLOWFISH_BLOCK_BYTES], struct span in,
		     uint8_t *out)
{
	const uint8_t *before = iv;

	for (size_t at = 0; at < in.len_bytes; at += BLOWFISH_BLOCK_BYTES) {
		uint32_t words[2] = { 0, 0 };

		for (size_t i = 0; i < BLOWFISH_BLOCK_BYTES; i++)
			words[i / 4] = words[i / 4] << 8 | before[i];
		blowfish_encrypt(blowfish, words);
		before = in.ptr + at;
		for (size_t i = 0;
		     i < BLOWFISH_BLOCK_BYTES && at + i < in.len_bytes; i++)
			out[at + i] =
				in.ptr[at + i] ^
				(uint8_t)(words[i / 4] >> (24 - 8 * (i % 4)));
	}
}
