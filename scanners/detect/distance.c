#include "scanners/detect/distance.h"

#include <string.h>

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

/* The first byte of everything but blanks and digits. */
static bool
distance_counts(uint8_t c)
{
	return c > ' ' && (c & 0xC0) != 0x80 && !(c >= '0' && c <= '9');
}

#ifdef __SSE2__
/* A one in each of 16 bytes that counts; as signed bytes those that start a
 * character in UTF-8 lie between -64 and -1. */
static inline __m128i
distance_of_block(const uint8_t *bytes)
{
	__m128i block;

	memcpy(&block, bytes, sizeof(block));
	const __m128i visible = _mm_or_si128(
		_mm_cmpgt_epi8(block, _mm_set1_epi8(' ')),
		_mm_and_si128(_mm_cmpgt_epi8(block, _mm_set1_epi8(-65)),
			      _mm_cmplt_epi8(block, _mm_setzero_si128())));
	const __m128i digits =
		_mm_and_si128(_mm_cmpgt_epi8(block, _mm_set1_epi8('0' - 1)),
			      _mm_cmplt_epi8(block, _mm_set1_epi8('9' + 1)));

	return _mm_and_si128(_mm_andnot_si128(digits, visible),
			     _mm_set1_epi8(1));
}

/* The blocks from *at on, which moves behind them. */
static size_t
distance_of_blocks(struct span text, size_t *at)
{
	__m128i sums = _mm_setzero_si128();
	uint64_t halves[2];

	for (; text.len_bytes - *at >= sizeof(__m128i); *at += sizeof(__m128i))
		sums = _mm_add_epi64(
			sums, _mm_sad_epu8(distance_of_block(text.ptr + *at),
					   _mm_setzero_si128()));
	memcpy(halves, &sums, sizeof(halves));
	return (size_t)(halves[0] + halves[1]);
}
#endif

size_t
distance_of(struct span text)
{
	size_t letters = 0;
	size_t at = 0;

#ifdef __SSE2__
	letters = distance_of_blocks(text, &at);
#endif
	for (; at < text.len_bytes; at++)
		letters += distance_counts(text.ptr[at]);
	return letters;
}
