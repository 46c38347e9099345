#include "scanners/readers/glance_look.h"

#include <stdbool.h>

#ifdef __SSE2__
#	include <emmintrin.h>

static inline __m128i
look_load(const uint8_t *bytes)
{
	return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

static inline __m128i
look_is(__m128i bytes, char value)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(value));
}

/* From first on, so many. */
static inline __m128i
look_is_of(__m128i bytes, char first, char count)
{
	const __m128i value = _mm_sub_epi8(bytes, _mm_set1_epi8(first));

	return _mm_cmpeq_epi8(
		_mm_min_epu8(value, _mm_set1_epi8((char)(count - 1))), value);
}

static inline uint64_t
look_bits(__m128i found, size_t i)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(found) << i;
}

struct glance_block
glance_look_portable(const uint8_t bytes[GLANCE_READ_BYTES])
{
	struct glance_block block = { 0, 0, 0, 0 };

	for (size_t i = 0; i < GLANCE_BLOCK_BYTES; i += sizeof(__m128i)) {
		const __m128i all = look_load(bytes + i);
		const __m128i fifth = look_load(bytes + i + 4);
		const __m128i sixth = look_load(bytes + i + 5);
		const __m128i lower = _mm_or_si128(all, _mm_set1_epi8(0x20));
		/* "/" stands before "0". */
		const __m128i letters =
			_mm_or_si128(look_is_of(lower, 'a', 26),
				     _mm_or_si128(look_is_of(all, '/', 11),
						  look_is(all, '+')));
		const __m128i heads = _mm_or_si128(
			look_is(all, 'b'),
			_mm_or_si128(look_is(all, '='), look_is(all, '(')));
		const __m128i armor = _mm_and_si128(
			look_is(all, '-'), _mm_and_si128(look_is(fifth, '-'),
							 look_is(sixth, 'B')));
		const __m128i end =
			_mm_and_si128(look_is(all, 's'), look_is(sixth, 'x'));

		block.ends |= look_bits(
			_mm_or_si128(look_is(all, '\n'), look_is(all, '\r')),
			i);
		block.heads |= look_bits(heads, i);
		block.letters |= look_bits(letters, i);
		block.marks |= look_bits(_mm_or_si128(armor, end), i);
	}
	return block;
}
#else
static bool
look_is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '/';
}

struct glance_block
glance_look_portable(const uint8_t bytes[GLANCE_READ_BYTES])
{
	struct glance_block block = { 0, 0, 0, 0 };

	for (size_t i = 0; i < GLANCE_BLOCK_BYTES; i++) {
		const uint8_t *c = bytes + i;
		const bool end = c[0] == '\n' || c[0] == '\r';
		const bool head = c[0] == 'b' || c[0] == '=' || c[0] == '(';
		const bool mark = (c[0] == '-' && c[4] == '-' && c[5] == 'B') ||
				  (c[0] == 's' && c[5] == 'x');

		block.ends |= (uint64_t)end << i;
		block.heads |= (uint64_t)head << i;
		block.letters |= (uint64_t)look_is_letter(c[0]) << i;
		block.marks |= (uint64_t)mark << i;
	}
	return block;
}
#endif

glance_look *
glance_look_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (way >= CPU_WAY_AVX2 && cpu_can(CPU_WAY_AVX2))
		return glance_look_avx2;
#endif
	(void)way;
	return glance_look_portable;
}
