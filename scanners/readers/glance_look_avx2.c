/* The look of glance_look.h for processors with AVX2. */
#include "scanners/readers/glance_look.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define LOOK_AVX2 __attribute__((target("avx2")))

LOOK_AVX2 static inline __m256i
look_load(const uint8_t *bytes)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

LOOK_AVX2 static inline __m256i
look_is(__m256i bytes, char value)
{
	return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(value));
}

/* From first on, so many. */
LOOK_AVX2 static inline __m256i
look_is_of(__m256i bytes, char first, char count)
{
	const __m256i value = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));

	return _mm256_cmpeq_epi8(
		_mm256_min_epu8(value, _mm256_set1_epi8((char)(count - 1))),
		value);
}

LOOK_AVX2 static inline uint64_t
look_bits(__m256i found, size_t i)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(found) << i;
}

/* As the portable one. */
LOOK_AVX2 struct glance_block
glance_look_avx2(const uint8_t bytes[GLANCE_READ_BYTES])
{
	struct glance_block block = { 0, 0, 0, 0 };

	for (size_t i = 0; i < GLANCE_BLOCK_BYTES; i += sizeof(__m256i)) {
		const __m256i all = look_load(bytes + i);
		const __m256i fifth = look_load(bytes + i + 4);
		const __m256i sixth = look_load(bytes + i + 5);
		const __m256i lower =
			_mm256_or_si256(all, _mm256_set1_epi8(0x20));
		const __m256i letters = _mm256_or_si256(
			look_is_of(lower, 'a', 26),
			_mm256_or_si256(look_is_of(all, '/', 11),
					look_is(all, '+')));
		const __m256i heads = _mm256_or_si256(
			look_is(all, 'b'),
			_mm256_or_si256(look_is(all, '='), look_is(all, '(')));
		const __m256i armor =
			_mm256_and_si256(look_is(all, '-'),
					 _mm256_and_si256(look_is(fifth, '-'),
							  look_is(sixth, 'B')));
		const __m256i end = _mm256_and_si256(look_is(all, 's'),
						     look_is(sixth, 'x'));

		block.ends |= look_bits(
			_mm256_or_si256(look_is(all, '\n'), look_is(all, '\r')),
			i);
		block.heads |= look_bits(heads, i);
		block.letters |= look_bits(letters, i);
		block.marks |= look_bits(_mm256_or_si256(armor, end), i);
	}
	return block;
}
#endif
