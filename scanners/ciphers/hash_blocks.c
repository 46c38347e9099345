/* The compression functions of MD5 (RFC 1321) and SHA-1 (FIPS 180-4). */
#include "scanners/ciphers/hash_blocks.h"

#include <stddef.h>
#include <string.h>

const uint32_t md5_start[4] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE,
				0x10325476 };
const uint32_t sha1_start[SHA1_WORDS] = { 0x67452301, 0xEFCDAB89, 0x98BADCFE,
					  0x10325476, 0xC3D2E1F0 };

const uint32_t md5_constants[MD5_ROUNDS] = {
	0xD76AA478, 0xE8C7B756, 0x242070DB, 0xC1BDCEEE, 0xF57C0FAF, 0x4787C62A,
	0xA8304613, 0xFD469501, 0x698098D8, 0x8B44F7AF, 0xFFFF5BB1, 0x895CD7BE,
	0x6B901122, 0xFD987193, 0xA679438E, 0x49B40821, 0xF61E2562, 0xC040B340,
	0x265E5A51, 0xE9B6C7AA, 0xD62F105D, 0x02441453, 0xD8A1E681, 0xE7D3FBC8,
	0x21E1CDE6, 0xC33707D6, 0xF4D50D87, 0x455A14ED, 0xA9E3E905, 0xFCEFA3F8,
	0x676F02D9, 0x8D2A4C8A, 0xFFFA3942, 0x8771F681, 0x6D9D6122, 0xFDE5380C,
	0xA4BEEA44, 0x4BDECFA9, 0xF6BB4B60, 0xBEBFBC70, 0x289B7EC6, 0xEAA127FA,
	0xD4EF3085, 0x04881D05, 0xD9D4D039, 0xE6DB99E5, 0x1FA27CF8, 0xC4AC5665,
	0xF4292244, 0x432AFF97, 0xAB9423A7, 0xFC93A039, 0x655B59C3, 0x8F0CCC92,
	0xFFEFF47D, 0x85845DD1, 0x6FA87E4F, 0xFE2CE6E0, 0xA3014314, 0x4E0811A1,
	0xF7537E82, 0xBD3AF235, 0x2AD7D2BB, 0xEB86D391,
};

static inline uint32_t
hash_rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static uint32_t
md5_mix(size_t i, const uint32_t s[4])
{
	switch (i / 16) {
	case 0:
		return (s[1] & s[2]) | (~s[1] & s[3]);
	case 1:
		return (s[1] & s[3]) | (s[2] & ~s[3]);
	case 2:
		return s[1] ^ s[2] ^ s[3];
	default:
		return s[2] ^ (s[1] | ~s[3]);
	}
}

void
md5_block(uint32_t state[4], const uint8_t *block)
{
	static const uint8_t turns[4][4] = {
		{ 7, 12, 17, 22 },
		{ 5, 9, 14, 20 },
		{ 4, 11, 16, 23 },
		{ 6, 10, 15, 21 },
	};
	static const uint8_t step[4] = { 1, 5, 3, 7 };
	static const uint8_t first[4] = { 0, 1, 5, 0 };
	uint32_t s[4];

	memcpy(s, state, sizeof(s));
	for (size_t i = 0; i < 64; i++) {
		const size_t turn = i / 16;
		const uint8_t *at =
			block + 4 * ((step[turn] * i + first[turn]) % 16);
		const uint32_t word = (uint32_t)at[0] | (uint32_t)at[1] << 8 |
				      (uint32_t)at[2] << 16 |
				      (uint32_t)at[3] << 24;
		const uint32_t sum =
			s[0] + md5_mix(i, s) + md5_constants[i] + word;

		s[0] = s[3];
		s[3] = s[2];
		s[2] = s[1];
		s[1] += hash_rotate(sum, turns[turn][i % 4]);
	}
	for (size_t i = 0; i < 4; i++)
		state[i] += s[i];
}

static inline __attribute__((always_inline)) uint32_t
sha1_mix(size_t turn, const uint32_t s[SHA1_WORDS])
{
	switch (turn) {
	case 0:
		return (s[3] ^ (s[1] & (s[2] ^ s[3]))) + 0x5A827999;
	case 1:
		return (s[1] ^ s[2] ^ s[3]) + 0x6ED9EBA1;
	case 2:
		return ((s[1] & s[2]) | (s[3] & (s[1] | s[2]))) + 0x8F1BBCDC;
	default:
		return (s[1] ^ s[2] ^ s[3]) + 0xCA62C1D6;
	}
}

/* Twenty rounds; unrolled, the state stays in registers. */
static inline __attribute__((always_inline)) void
sha1_turn(size_t turn, uint32_t s[SHA1_WORDS], const uint32_t *w)
{
#ifdef __clang__
	_Pragma("clang loop unroll(full)")
#else
	_Pragma("GCC unroll 20")
#endif
		for (size_t i = 0; i < 20; i++)
	{
		const uint32_t sum = hash_rotate(s[0], 5) + sha1_mix(turn, s) +
				     s[4] + w[20 * turn + i];

		s[4] = s[3];
		s[3] = s[2];
		s[2] = hash_rotate(s[1], 30);
		s[1] = s[0];
		s[0] = sum;
	}
}

void
sha1_block(uint32_t state[SHA1_WORDS], const uint8_t *block)
{
	uint32_t w[80];
	uint32_t s[SHA1_WORDS];

	for (size_t i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 |
		       (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < 80; i++)
		w[i] = hash_rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16],
				   1);
	memcpy(s, state, sizeof(s));
	sha1_turn(0, s, w);
	sha1_turn(1, s, w);
	sha1_turn(2, s, w);
	sha1_turn(3, s, w);
	for (size_t i = 0; i < SHA1_WORDS; i++)
		state[i] += s[i];
}
