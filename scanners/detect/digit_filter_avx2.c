/* The search of digit_filter.h for processors with AVX2. */
#include "scanners/detect/digit_filter_loop.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define DIGIT_AVX2 __attribute__((target("avx2,bmi,popcnt")))

enum { DIGIT_AVX2_BYTES = 32 };

/* Sixteen entries, in both halves of a register. */
DIGIT_AVX2 DIGIT_FILTER_INLINE __m256i
digit_table(const uint8_t entries[16])
{
	return _mm256_broadcastsi128_si256(
		_mm_loadu_si128((const void *)entries));
}

DIGIT_AVX2 DIGIT_FILTER_INLINE __m256i
digit_load(const uint8_t *bytes)
{
	return _mm256_loadu_si256((const void *)bytes);
}

DIGIT_AVX2 DIGIT_FILTER_INLINE __m256i
digit_high(__m256i bytes)
{
	return _mm256_and_si256(_mm256_srli_epi16(bytes, 4),
				_mm256_set1_epi8(15));
}

/* Rules of the bytes that are the index-th ones of characters. */
DIGIT_AVX2 DIGIT_FILTER_INLINE __m256i
digit_rules_of(const struct digit_classes *classes, size_t index, __m256i bytes)
{
	const __m256i low = _mm256_and_si256(bytes, _mm256_set1_epi8(15));

	return _mm256_and_si256(
		_mm256_shuffle_epi8(digit_table(classes->high_halves[index]),
				    digit_high(bytes)),
		_mm256_shuffle_epi8(digit_table(classes->low_halves[index]),
				    low));
}

/* Bytes from first to first + 9. */
DIGIT_AVX2 DIGIT_FILTER_INLINE __m256i
digit_ten_from(__m256i bytes, char first)
{
	const __m256i value = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));

	return _mm256_cmpeq_epi8(_mm256_min_epu8(value, _mm256_set1_epi8(9)),
				 value);
}

/* ASCII marks: the bit of a byte's high half in the entry of its low one. */
DIGIT_AVX2 DIGIT_FILTER_INLINE __m256i
digit_ascii_marks(const struct digit_classes *classes, __m256i bytes)
{
	const __m256i bits = _mm256_broadcastsi128_si256(_mm_setr_epi8(
		1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));

	return _mm256_and_si256(
		_mm256_shuffle_epi8(digit_table(classes->ascii_halves), bytes),
		_mm256_shuffle_epi8(bits, digit_high(bytes)));
}

/* Half a block. */
DIGIT_AVX2 DIGIT_FILTER_INLINE struct digit_masks
digit_classify_half(const struct digit_classes *classes, const uint8_t *block)
{
	const __m256i zero = _mm256_setzero_si256();
	const __m256i first = digit_load(block);
	const __m256i second = digit_load(block + 1);
	const __m256i third = digit_load(block + 2);
	const __m256i rules = _mm256_and_si256(
		_mm256_and_si256(digit_rules_of(classes, 0, first),
				 digit_rules_of(classes, 1, second)),
		digit_rules_of(classes, 2, third));
	const __m256i wide = _mm256_and_si256(
		_mm256_and_si256(
			_mm256_cmpeq_epi8(first, _mm256_set1_epi8('\xEF')),
			_mm256_cmpeq_epi8(second, _mm256_set1_epi8('\xBC'))),
		digit_ten_from(third, '\x90'));
	const __m256i plain = _mm256_or_si256(digit_ten_from(first, '0'), wide);
	const __m256i others = _mm256_and_si256(
		rules, _mm256_set1_epi8((char)DIGIT_RULES_OF_DIGITS));
	const __m256i marks = _mm256_or_si256(
		_mm256_or_si256(rules, digit_ascii_marks(classes, first)),
		plain);
	const __m256i starts =
		_mm256_cmpgt_epi8(first, _mm256_set1_epi8('\xBF'));
	const __m256i no_digits =
		_mm256_andnot_si256(plain, _mm256_cmpeq_epi8(others, zero));
	const __m256i breaks =
		_mm256_and_si256(starts, _mm256_cmpeq_epi8(marks, zero));

	return (struct digit_masks){
		(uint32_t)~_mm256_movemask_epi8(no_digits),
		(uint32_t)_mm256_movemask_epi8(breaks),
	};
}

DIGIT_AVX2 DIGIT_FILTER_INLINE struct digit_masks
digit_classify_avx2(const struct digit_classes *classes, const uint8_t *block)
{
	const struct digit_masks low = digit_classify_half(classes, block);
	const struct digit_masks high =
		digit_classify_half(classes, block + DIGIT_AVX2_BYTES);

	return (struct digit_masks){
		low.digits | high.digits << DIGIT_AVX2_BYTES,
		low.breaks | high.breaks << DIGIT_AVX2_BYTES,
	};
}

DIGIT_AVX2 size_t
digit_search_avx2(const struct digit_classes *classes, struct span text,
		  size_t at, struct digit_room room)
{
	return digit_filter_search(classes, text, at, room, digit_classify_avx2,
				   digit_find_plainly);
}

DIGIT_AVX2 uint64_t
digit_look_avx2(const struct digit_classes *classes, struct span text,
		size_t at)
{
	return digit_block(classes, text, at, digit_classify_avx2).digits;
}
#endif
