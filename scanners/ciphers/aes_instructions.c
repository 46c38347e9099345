#include "scanners/ciphers/aes_instructions.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define AES_NI __attribute__((target("aes,sse2")))

enum { AES_NI_ROW = 8 }; /* blocks at once: one waits for the other */

bool
aes_has_instructions(void)
{
	return __builtin_cpu_supports("aes") != 0;
}

AES_NI void
aes_ni_invert(struct aes *aes)
{
	const size_t last = aes->count;

	for (size_t i = 0; i <= last; i++) {
		__m128i key = _mm_load_si128(
			(const __m128i *)(const void *)aes->rounds[last - i]);

		if (i > 0 && i < last)
			key = _mm_aesimc_si128(key);
		_mm_store_si128((__m128i *)(void *)aes->inverse[i], key);
	}
}

AES_NI static inline __m128i
aes_ni_key(const uint8_t *key)
{
	return _mm_load_si128((const __m128i *)(const void *)key);
}

AES_NI static inline __m128i
aes_ni_load(const uint8_t *block)
{
	return _mm_loadu_si128((const __m128i *)(const void *)block);
}

AES_NI static void
aes_ni_row(const struct aes *aes, const uint8_t *in, uint8_t *out, bool decrypt)
{
	const uint8_t(*keys)[AES_BLOCK_BYTES] =
		decrypt ? aes->inverse : aes->rounds;
	__m128i s[AES_NI_ROW];

	for (size_t i = 0; i < AES_NI_ROW; i++)
		s[i] = _mm_xor_si128(aes_ni_load(in + i * AES_BLOCK_BYTES),
				     aes_ni_key(keys[0]));
	for (size_t r = 1; r < aes->count; r++) {
		const __m128i key = aes_ni_key(keys[r]);

		for (size_t i = 0; i < AES_NI_ROW; i++)
			s[i] = decrypt ? _mm_aesdec_si128(s[i], key)
				       : _mm_aesenc_si128(s[i], key);
	}
	for (size_t i = 0; i < AES_NI_ROW; i++) {
		const __m128i key = aes_ni_key(keys[aes->count]);

		s[i] = decrypt ? _mm_aesdeclast_si128(s[i], key)
			       : _mm_aesenclast_si128(s[i], key);
		_mm_storeu_si128((__m128i *)(void *)(out + i * AES_BLOCK_BYTES),
				 s[i]);
	}
}

AES_NI static void
aes_ni_one(const struct aes *aes, const uint8_t *in, uint8_t *out, bool decrypt)
{
	const uint8_t(*keys)[AES_BLOCK_BYTES] =
		decrypt ? aes->inverse : aes->rounds;
	__m128i s = _mm_xor_si128(aes_ni_load(in), aes_ni_key(keys[0]));

	for (size_t r = 1; r < aes->count; r++)
		s = decrypt ? _mm_aesdec_si128(s, aes_ni_key(keys[r]))
			    : _mm_aesenc_si128(s, aes_ni_key(keys[r]));
	s = decrypt ? _mm_aesdeclast_si128(s, aes_ni_key(keys[aes->count]))
		    : _mm_aesenclast_si128(s, aes_ni_key(keys[aes->count]));
	_mm_storeu_si128((__m128i *)(void *)out, s);
}

AES_NI static void
aes_ni_all(const struct aes *aes, const uint8_t *in, size_t blocks,
	   uint8_t *out, bool decrypt)
{
	while (blocks >= AES_NI_ROW) {
		aes_ni_row(aes, in, out, decrypt);
		in += (size_t)AES_NI_ROW * AES_BLOCK_BYTES;
		out += (size_t)AES_NI_ROW * AES_BLOCK_BYTES;
		blocks -= AES_NI_ROW;
	}
	for (size_t i = 0; i < blocks; i++)
		aes_ni_one(aes, in + i * AES_BLOCK_BYTES,
			   out + i * AES_BLOCK_BYTES, decrypt);
}

void
aes_ni_encrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
	       uint8_t *out)
{
	aes_ni_all(aes, in, blocks, out, false);
}

void
aes_ni_decrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
	       uint8_t *out)
{
	aes_ni_all(aes, in, blocks, out, true);
}
#else
bool
aes_has_instructions(void)
{
	return false;
}

void
aes_ni_invert(struct aes *aes)
{
	(void)aes;
}

void
aes_ni_encrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
	       uint8_t *out)
{
	(void)aes, (void)in, (void)blocks, (void)out;
}

void
aes_ni_decrypt(const struct aes *aes, const uint8_t *in, size_t blocks,
	       uint8_t *out)
{
	(void)aes, (void)in, (void)blocks, (void)out;
}
#endif
