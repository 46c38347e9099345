/* The look of label_starts.h for processors with AVX-512 BW, VBMI and VBMI2. */
#include "scanners/detect/label_starts.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define LABEL_AVX512           \
		__attribute__((target( \
			"avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

enum { LABEL_LANES = 32 };

/* The block at at: each byte, and the two behind each; zeros behind the end. */
struct label_block {
	__m512i bytes[3];
	uint64_t inside[3]; /* bit i: byte i of them is in the text */
};

LABEL_AVX512 static inline struct label_block
label_block_load(struct span text, size_t at)
{
	const size_t left = text.len_bytes - at;
	struct label_block block = { .inside = { 0 } };

	for (size_t i = 0; i < 3; i++) {
		const size_t shift = left > i ? i : left;

		block.inside[i] = _bzhi_u64(
			UINT64_MAX,
			left - shift < 64 ? (unsigned)(left - shift) : 64U);
		block.bytes[i] = _mm512_maskz_loadu_epi8(
			block.inside[i], (const void *)(text.ptr + at + shift));
	}
	return block;
}

/*
 * Which of count characters are in the set; their bytes stand side by side.
 * Loads one by one: gathering them is slower on processors of both makers.
 */
LABEL_AVX512 static inline uint64_t
label_lanes(const struct label_starts *starts, const __m512i *packed,
	    size_t count)
{
	uint16_t chars[LABEL_STARTS_BLOCK_BYTES];
	uint64_t found = 0;

	for (size_t half = 0; half * LABEL_LANES < count; half++) {
		__m512i wide[3];

		for (size_t i = 0; i < 3; i++)
			wide[i] = _mm512_cvtepu8_epi16(
				half == 0 ? _mm512_castsi512_si256(packed[i])
					  : _mm512_extracti64x4_epi64(packed[i],
								      1));
		/* first << 12 | (second & 63) << 6 | third & 63 */
		const __m512i low = _mm512_ternarylogic_epi32(
			_mm512_slli_epi16(
				_mm512_and_si512(wide[1],
						 _mm512_set1_epi16(0x3F)),
				6),
			wide[2], _mm512_set1_epi16(0x3F), 0xF8);

		_mm512_storeu_si512(
			(void *)(chars + half * LABEL_LANES),
			_mm512_or_si512(low, _mm512_slli_epi16(wide[0], 12)));
	}
	for (size_t i = 0; i < count; i++) {
		const bool hit = label_starts_has(starts, chars[i]);

		found |= (uint64_t)hit << i;
	}
	return found;
}

/* Two bytes: rare in Japanese. */
static uint64_t
label_pairs(const struct label_starts *starts, const uint8_t *bytes,
	    uint64_t pairs)
{
	uint64_t found = 0;

	while (pairs != 0) {
		const unsigned i = (unsigned)__builtin_ctzll(pairs);
		const uint32_t cp =
			(bytes[i] & 0x1FU) << 6 | (bytes[i + 1] & 0x3FU);

		const bool hit = label_starts_has(starts, cp);

		found |= (uint64_t)hit << i;
		pairs &= pairs - 1;
	}
	return found;
}

LABEL_AVX512 uint64_t
label_starts_look_avx512(const struct label_starts *starts, struct span text,
			 size_t at)
{
	const struct label_block block = label_block_load(text, at);
	const __m512i first = block.bytes[0];
	const uint64_t high = _mm512_movepi8_mask(first);
	const __m512i ascii = _mm512_permutex2var_epi8(
		_mm512_loadu_si512((const void *)starts->ascii), first,
		_mm512_loadu_si512((const void *)(starts->ascii + 64)));
	const uint64_t threes =
		_mm512_cmpeq_epi8_mask(
			_mm512_and_si512(first, _mm512_set1_epi8('\xF0')),
			_mm512_set1_epi8('\xE0')) &
		block.inside[2];
	/* 0xC2 to 0xDF, as signed bytes. */
	const uint64_t pairs =
		high & block.inside[1] &
		_mm512_cmpgt_epi8_mask(first, _mm512_set1_epi8('\xC1')) &
		_mm512_cmplt_epi8_mask(first, _mm512_set1_epi8('\xE0'));
	uint64_t found =
		_mm512_test_epi8_mask(ascii, ascii) & ~high & block.inside[0];

	if (pairs != 0)
		found |= label_pairs(starts, text.ptr + at, pairs);
	if (threes != 0) {
		__m512i packed[3];

		for (size_t i = 0; i < 3; i++)
			packed[i] = _mm512_maskz_compress_epi8(threes,
							       block.bytes[i]);
		found |= _pdep_u64(label_lanes(starts, packed,
					       (size_t)_mm_popcnt_u64(threes)),
				   threes);
	}
	return found;
}
#endif
