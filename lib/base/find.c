#include "lib/base/find.h"

#include <string.h>

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

enum {
	/* Of longer parts the C library skips most bytes, whatever the text. */
	FIND_SHORT_BYTES = 24
};

#ifdef __SSE2__
/* Which of the sixteen places from at on have the first and the last byte of a
 * part of so many bytes? */
static inline unsigned
find_ends(const uint8_t *at, size_t part_bytes, __m128i first, __m128i last)
{
	__m128i heads;
	__m128i tails;

	memcpy(&heads, at, sizeof(heads));
	memcpy(&tails, at + part_bytes - 1, sizeof(tails));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(
		_mm_cmpeq_epi8(heads, first), _mm_cmpeq_epi8(tails, last)));
}

/* The part from *at on, as far as whole blocks are there; *at is where they
 * end. NULL: not in these. */
static const uint8_t *
find_in_blocks(struct span text, const uint8_t *part, size_t part_bytes,
	       size_t *at)
{
	const __m128i first = _mm_set1_epi8((char)part[0]);
	const __m128i last = _mm_set1_epi8((char)part[part_bytes - 1]);
	const size_t block_bytes = sizeof(__m128i) + part_bytes - 1;

	for (; text.len_bytes - *at >= block_bytes; *at += sizeof(__m128i)) {
		const uint8_t *block = text.ptr + *at;
		unsigned ends = find_ends(block, part_bytes, first, last);

		for (; ends != 0; ends &= ends - 1) {
			const uint8_t *found = block + __builtin_ctz(ends);

			if (memcmp(found, part, part_bytes) == 0)
				return found;
		}
	}
	return NULL;
}
#endif

size_t
find_next(struct span text, size_t at, const void *part, size_t part_bytes)
{
	const uint8_t *found = NULL;

	if (at >= text.len_bytes)
		return text.len_bytes;
	if (part_bytes == 1)
		found = memchr(text.ptr + at, *(const uint8_t *)part,
			       text.len_bytes - at);
#ifdef __SSE2__
	if (part_bytes > 1 && part_bytes <= FIND_SHORT_BYTES)
		found = find_in_blocks(text, part, part_bytes, &at);
#endif
	if (found == NULL && part_bytes > 1)
		found = memmem(text.ptr + at, text.len_bytes - at, part,
			       part_bytes);
	return found != NULL ? (size_t)(found - text.ptr) : text.len_bytes;
}

#ifdef __SSE2__
/* In the blocks from the start on; *at_out is behind them. */
static size_t
find_count_blocks(struct span text, uint8_t byte, size_t *at_out)
{
	const __m128i all = _mm_set1_epi8((char)byte);
	const __m128i one = _mm_set1_epi8(1);
	__m128i sums = _mm_setzero_si128();
	uint64_t halves[2];
	size_t at = 0;

	for (; text.len_bytes - at >= sizeof(__m128i); at += sizeof(__m128i)) {
		__m128i block;

		memcpy(&block, text.ptr + at, sizeof(block));
		block = _mm_and_si128(_mm_cmpeq_epi8(block, all), one);
		sums = _mm_add_epi64(sums,
				     _mm_sad_epu8(block, _mm_setzero_si128()));
	}
	memcpy(halves, &sums, sizeof(halves));
	*at_out = at;
	return (size_t)(halves[0] + halves[1]);
}
#endif

size_t
find_count(struct span text, uint8_t byte)
{
	size_t count = 0;
	size_t at = 0;

#ifdef __SSE2__
	count = find_count_blocks(text, byte, &at);
#endif
	for (; at < text.len_bytes; at++)
		count += text.ptr[at] == byte;
	return count;
}
