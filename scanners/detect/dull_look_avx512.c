/* The look of dull_look.h for processors with AVX-512 BW. */
#include "scanners/detect/dull_look.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define DULL_AVX512 __attribute__((target("avx512f,avx512bw")))

DULL_AVX512 static inline uint64_t
dull_equal(__m512i bytes, uint8_t value)
{
	return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)value));
}

/* As of the portable look. */
DULL_AVX512 static inline bool
dull_is_wide(const uint8_t *bytes, __m512i first)
{
	const __m512i second = _mm512_loadu_si512((const void *)(bytes + 1));
	const __m512i third = _mm512_loadu_si512((const void *)(bytes + 2));
	const uint64_t kana =
		(dull_equal(second, 0x82) & dull_equal(third, 0xB3)) |
		(dull_equal(second, 0x83) & dull_equal(third, 0x8A));

	return (dull_equal(first, 0xEF) |
		(dull_equal(first, 0xE7) & dull_equal(second, 0x95)) |
		(dull_equal(first, 0xE2) & dull_equal(second, 0x84)) |
		(dull_equal(first, 0xE3) & kana)) != 0;
}

DULL_AVX512 struct dull_block
dull_look_avx512(const uint8_t bytes[DULL_READ_BYTES], uint8_t delimiter)
{
	const __m512i all = _mm512_loadu_si512((const void *)bytes);
	const uint64_t digits = _mm512_cmple_epu8_mask(
		_mm512_sub_epi8(all, _mm512_set1_epi8('0')),
		_mm512_set1_epi8(9));
	const uint64_t ends = dull_equal(all, delimiter) |
			      dull_equal(all, '"') | dull_equal(all, '\n') |
			      dull_equal(all, '\r');
	/* As signed bytes those beyond ASCII are below zero. */
	const uint64_t above =
		_mm512_cmpgt_epi8_mask(all, _mm512_set1_epi8(' '));

	return (struct dull_block){ digits, ends, above & ~digits & ~ends,
				    dull_is_wide(bytes, all) };
}
#endif
