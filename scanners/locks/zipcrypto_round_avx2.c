/* The trial of zipcrypto_round.h for processors with AVX2. */
#include "scanners/locks/zipcrypto_round.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define AVX2        __attribute__((target("avx2")))
#	define AVX2_INLINE AVX2 static inline __attribute__((always_inline))

enum { AVX2_LANES = 32 };

/*
 * As in zipcrypto_round_gfni.c, for 32 passwords; a step of CRC-32 is looked
 * up by halves of the byte. Word k of a half of sum[j] is lane 4 * j + k of
 * that half.
 */
struct avx2_keys {
	__m256i low[4];
	__m256i sum[4];
	__m256i high[4];
};

struct avx2_constants {
	__m256i low_half[4];
	__m256i high_half[4];
	__m256i spread[4]; /* four bytes to the low ends of four words */
	__m256i nibble;
	__m256i factor;
	__m256i one;
	__m256i one16;
	__m256i two;
};

AVX2_INLINE void
avx2_prepare(struct avx2_constants *made)
{
	const struct zipcrypto_tables *tables = zipcrypto_tables();

	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 4; i++) {
		const char k = (char)(4 * i);

		made->low_half[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128(
			(const __m128i *)(const void *)tables->low_half[i]));
		made->high_half[i] = _mm256_broadcastsi128_si256(
			_mm_loadu_si128((const __m128i *)(const void *)
						tables->high_half[i]));
		made->spread[i] = _mm256_broadcastsi128_si256(_mm_setr_epi8(
			k, -1, -1, -1, (char)(k + 1), -1, -1, -1, (char)(k + 2),
			-1, -1, -1, (char)(k + 3), -1, -1, -1));
	}
	made->nibble = _mm256_set1_epi8(15);
	made->factor = _mm256_set1_epi32(134775813);
	made->one = _mm256_set1_epi32(1);
	made->one16 = _mm256_set1_epi16(1);
	made->two = _mm256_set1_epi8(2);
}

AVX2_INLINE void
avx2_crc(const struct avx2_constants *with, __m256i key[4], __m256i x)
{
	const __m256i low = _mm256_and_si256(x, with->nibble);
	const __m256i high =
		_mm256_and_si256(_mm256_srli_epi16(x, 4), with->nibble);

	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 4; i++) {
		const __m256i crc = _mm256_xor_si256(
			_mm256_shuffle_epi8(with->low_half[i], low),
			_mm256_shuffle_epi8(with->high_half[i], high));

		key[i] = i < 3 ? _mm256_xor_si256(key[i + 1], crc) : crc;
	}
}

AVX2_INLINE void
avx2_update(const struct avx2_constants *with, struct avx2_keys *keys,
	    __m256i plain)
{
	__m256i top[4];

	avx2_crc(with, keys->low, plain);
	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 4; i++) {
		const __m256i low =
			_mm256_shuffle_epi8(keys->low[0], with->spread[i]);

		keys->sum[i] = _mm256_add_epi32(
			_mm256_mullo_epi32(_mm256_add_epi32(keys->sum[i], low),
					   with->factor),
			with->one);
		top[i] = _mm256_srli_epi32(keys->sum[i], 24);
	}
	const __m256i all =
		_mm256_packus_epi16(_mm256_packus_epi32(top[0], top[1]),
				    _mm256_packus_epi32(top[2], top[3]));

	avx2_crc(with, keys->high, _mm256_xor_si256(keys->high[0], all));
}

AVX2_INLINE __m256i
avx2_stream(const struct avx2_constants *with, const __m256i high[4])
{
	const __m256i low = _mm256_or_si256(high[0], with->two);
	const __m256i a = _mm256_unpacklo_epi8(low, high[1]);
	const __m256i b = _mm256_unpackhi_epi8(low, high[1]);

	return _mm256_packus_epi16(
		_mm256_srli_epi16(
			_mm256_mullo_epi16(a, _mm256_xor_si256(a, with->one16)),
			8),
		_mm256_srli_epi16(
			_mm256_mullo_epi16(b, _mm256_xor_si256(b, with->one16)),
			8));
}

AVX2_INLINE void
avx2_start(struct avx2_keys *keys, const struct zipcrypto_keys *start)
{
	ZIPCRYPTO_UNROLL
	for (size_t i = 0; i < 4; i++) {
		keys->low[i] =
			_mm256_set1_epi8((char)(start->low >> 8 * i & 0xFF));
		keys->high[i] =
			_mm256_set1_epi8((char)(start->high >> 8 * i & 0xFF));
		keys->sum[i] = _mm256_set1_epi32((int)start->sum);
	}
}

/* tails: of the first of 32 lanes. */
AVX2_INLINE uint32_t
avx2_lanes(const struct avx2_constants *with,
	   const struct zipcrypto_round *round,
	   const struct zipcrypto_keys *start, const uint8_t *tails)
{
	const __m256i wanted = _mm256_set1_epi8(
		(char)(round->header[ZIPCRYPTO_HEADER_BYTES - 1] ^
		       round->check));
	struct avx2_keys keys;
	__m256i plain = _mm256_setzero_si256();

	avx2_start(&keys, start);
	for (size_t k = 0; k < round->tail_bytes; k++)
		avx2_update(
			with, &keys,
			_mm256_xor_si256(
				keys.low[0],
				_mm256_loadu_si256((
					const __m256i
						*)(const void
							   *)(tails +
							      k * ZIPCRYPTO_LANES))));
	for (size_t k = 0; k + 1 < ZIPCRYPTO_HEADER_BYTES; k++) {
		const __m256i byte = _mm256_set1_epi8((char)round->header[k]);

		plain = _mm256_xor_si256(byte, avx2_stream(with, keys.high));
		avx2_update(with, &keys, _mm256_xor_si256(keys.low[0], plain));
	}
	plain = _mm256_and_si256(
		_mm256_xor_si256(plain, _mm256_set1_epi8((char)round->before)),
		_mm256_set1_epi8((char)round->before_mask));
	return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(
		_mm256_cmpeq_epi8(plain, _mm256_setzero_si256()),
		_mm256_cmpeq_epi8(avx2_stream(with, keys.high), wanted)));
}

AVX2 void
zipcrypto_try_avx2(const struct zipcrypto_round *round, uint64_t *hits)
{
	const size_t group_bytes = round->tail_bytes * ZIPCRYPTO_LANES;
	struct avx2_constants with;

	avx2_prepare(&with);
	for (size_t g = 0; g < round->groups; g++) {
		for (size_t n = 0; n < ZIPCRYPTO_SETS; n++) {
			const struct zipcrypto_keys *start = &round->starts[n];
			const uint8_t *tails =
				round->tails[n] + g * group_bytes;
			const uint64_t first =
				avx2_lanes(&with, round, start, tails);
			const uint64_t second = avx2_lanes(&with, round, start,
							   tails + AVX2_LANES);

			hits[g * ZIPCRYPTO_SETS + n] =
				first | second << AVX2_LANES;
		}
	}
}
#endif
