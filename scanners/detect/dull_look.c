#include "scanners/detect/dull_look.h"

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

#ifdef __SSE2__
static inline __m128i
dull_load(const uint8_t *bytes)
{
	return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

static inline __m128i
dull_is(__m128i bytes, uint8_t value)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)value));
}

static uint64_t
dull_equal(const __m128i *bytes, uint8_t value)
{
	const __m128i wanted = _mm_set1_epi8((char)value);
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++)
		bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(
				_mm_cmpeq_epi8(bytes[i], wanted))
			<< 16 * i;
	return bits;
}

static uint64_t
dull_digits(const __m128i *bytes)
{
	const __m128i zero = _mm_set1_epi8('0');
	const __m128i nine = _mm_set1_epi8(9);
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++) {
		const __m128i value = _mm_sub_epi8(bytes[i], zero);

		bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
				_mm_min_epu8(value, nine), value))
			<< 16 * i;
	}
	return bits;
}

/* As signed bytes those beyond ASCII are below zero. */
static uint64_t
dull_above_blank(const __m128i *bytes)
{
	const __m128i blank = _mm_set1_epi8(' ');
	uint64_t bits = 0;

	for (unsigned i = 0; i < 4; i++)
		bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(
				_mm_cmpgt_epi8(bytes[i], blank))
			<< 16 * i;
	return bits;
}

/* What begins like 番号, コー, ナン, №, or is of the forms of half and full
 * width, by as many bytes as tell. */
static bool
dull_is_wide(const uint8_t *bytes)
{
	__m128i found = _mm_setzero_si128();

	for (size_t i = 0; i < DULL_BLOCK_BYTES; i += sizeof(found)) {
		const __m128i first = dull_load(bytes + i);
		const __m128i second = dull_load(bytes + i + 1);
		const __m128i third = dull_load(bytes + i + 2);
		const __m128i kana =
			_mm_or_si128(_mm_and_si128(dull_is(second, 0x82),
						   dull_is(third, 0xB3)),
				     _mm_and_si128(dull_is(second, 0x83),
						   dull_is(third, 0x8A)));
		const __m128i signs =
			_mm_or_si128(_mm_and_si128(dull_is(first, 0xE7),
						   dull_is(second, 0x95)),
				     _mm_and_si128(dull_is(first, 0xE2),
						   dull_is(second, 0x84)));

		found = _mm_or_si128(
			_mm_or_si128(found, dull_is(first, 0xEF)),
			_mm_or_si128(signs, _mm_and_si128(dull_is(first, 0xE3),
							  kana)));
	}
	return _mm_movemask_epi8(found) != 0;
}

struct dull_block
dull_look_portable(const uint8_t bytes[DULL_READ_BYTES], uint8_t delimiter)
{
	__m128i parts[4];

	for (size_t i = 0; i < 4; i++)
		parts[i] = _mm_loadu_si128(
			(const __m128i *)(const void *)(bytes + 16 * i));
	const uint64_t digits = dull_digits(parts);
	const uint64_t ends = dull_equal(parts, delimiter) |
			      dull_equal(parts, '"') | dull_equal(parts, '\n') |
			      dull_equal(parts, '\r');

	return (struct dull_block){ digits, ends,
				    dull_above_blank(parts) & ~digits & ~ends,
				    dull_is_wide(bytes) };
}
#else
/* What begins like 番号, コー, ナン, №, or is of the forms of half and full
 * width, by as many bytes as tell. */
static bool
dull_begins(const uint8_t c[3])
{
	return c[0] == 0xEF || (c[0] == 0xE7 && c[1] == 0x95) ||
	       (c[0] == 0xE2 && c[1] == 0x84) ||
	       (c[0] == 0xE3 && ((c[1] == 0x82 && c[2] == 0xB3) ||
				 (c[1] == 0x83 && c[2] == 0x8A)));
}

struct dull_block
dull_look_portable(const uint8_t bytes[DULL_READ_BYTES], uint8_t delimiter)
{
	struct dull_block block = { 0, 0, 0, false };

	for (size_t i = 0; i < DULL_BLOCK_BYTES; i++) {
		const uint8_t c = bytes[i];

		const bool digit = c >= '0' && c <= '9';
		const bool end =
			c == delimiter || c == '"' || c == '\n' || c == '\r';

		block.digits |= (uint64_t)digit << i;
		block.ends |= (uint64_t)end << i;
		block.signs |= (uint64_t)(c > ' ' && c < 0x80 && !digit && !end)
			       << i;
		block.wide |= dull_begins(bytes + i);
	}
	return block;
}
#endif

dull_look *
dull_look_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (way == CPU_WAY_AVX512 && cpu_can(way))
		return dull_look_avx512;
#endif
	(void)way;
	return dull_look_portable;
}
