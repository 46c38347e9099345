/* The search of digit_filter.h for processors with AVX-512 BW and VBMI. */
#include "scanners/detect/digit_filter_loop.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define DIGIT_AVX512           \
		__attribute__((target( \
			"avx512f,avx512bw,avx512vbmi,bmi,bmi2,lzcnt,popcnt")))

DIGIT_AVX512 DIGIT_FILTER_INLINE __m512i
digit_load(const uint8_t *bytes)
{
	return _mm512_loadu_si512((const void *)bytes);
}

/* Instructions look up the low six or seven bits of a byte. */
DIGIT_AVX512 DIGIT_FILTER_INLINE struct digit_masks
digit_classify_avx512(const struct digit_classes *classes, const uint8_t *block)
{
	const __m512i first = digit_load(block);
	const __m512i rules = _mm512_and_si512(
		_mm512_permutexvar_epi8(digit_load(block + 1),
					digit_load(classes->bytes[1])),
		_mm512_permutexvar_epi8(digit_load(block + 2),
					digit_load(classes->bytes[2])));
	const __mmask64 starts =
		_mm512_cmpgt_epi8_mask(first, _mm512_set1_epi8('\xBF'));
	const __mmask64 high = _mm512_movepi8_mask(first);
	const __m512i of_long = _mm512_maskz_permutexvar_epi8(
		starts & high, first, digit_load(classes->bytes[0]));
	const __m512i of_ascii = _mm512_maskz_permutex2var_epi8(
		~high, digit_load(classes->ascii), first,
		digit_load(classes->ascii + 64));
	/* of_long & rules | of_ascii */
	const __m512i all =
		_mm512_ternarylogic_epi64(of_long, rules, of_ascii, 0xEA);

	return (struct digit_masks){
		_mm512_test_epi8_mask(
			all, _mm512_set1_epi8((char)DIGIT_RULES_OF_DIGITS)),
		starts & _mm512_testn_epi8_mask(all, all),
	};
}

/*
 * Without branches that depend on the text but for the answer: digits and
 * breaks of the block moved together show whether twelve digits have no break
 * between, and moved back where.
 */
DIGIT_AVX512 DIGIT_FILTER_INLINE bool
digit_find_avx512(struct digit_run *run, const struct digit_masks *masks,
		  size_t at, uint64_t *inside_out)
{
	const uint64_t all = masks->digits | masks->breaks;
	const uint64_t digits = _pext_u64(masks->digits, all);
	const uint64_t twelves = digit_twelves(digits);

	if (run->count + _tzcnt_u64(~digits) >= DIGIT_FILTER_LEAST) {
		*inside_out = digit_below(masks->breaks);
		return true;
	}
	if (twelves == 0)
		return false;
	const uint64_t first = _pdep_u64(twelves & (0 - twelves), all);
	const unsigned start =
		64 - (unsigned)_lzcnt_u64(masks->breaks & (first - 1));

	run->start_at = at + start;
	*inside_out =
		digit_below(masks->breaks & (0 - first)) & UINT64_MAX << start;
	return true;
}

DIGIT_AVX512 size_t
digit_search_avx512(const struct digit_classes *classes, struct span text,
		    size_t at, struct digit_room room)
{
	return digit_filter_search(classes, text, at, room,
				   digit_classify_avx512, digit_find_avx512);
}

DIGIT_AVX512 uint64_t
digit_look_avx512(const struct digit_classes *classes, struct span text,
		  size_t at)
{
	return digit_block(classes, text, at, digit_classify_avx512).digits;
}
#endif
