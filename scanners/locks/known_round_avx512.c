/* The round of known_round.h for processors with AVX-512. */
#include "scanners/locks/known_round.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define AVX512 __attribute__((target("avx512f")))
#	define AVX512_INLINE \
		AVX512 static inline __attribute__((always_inline))

enum { AVX512_LANES = 16 };

struct avx512_list {
	uint32_t *sum;
	uint32_t *lows;
	size_t count;
};

AVX512_INLINE __m512i
avx512_all(uint32_t value)
{
	return _mm512_set1_epi32((int)value);
}

AVX512_INLINE __m512i
avx512_look(const uint32_t *table, __m512i at)
{
	return _mm512_i32gather_epi32(at, table, sizeof(uint32_t));
}

/* (value - 1) / KNOWN_FACTOR */
AVX512_INLINE __m512i
avx512_back(__m512i value)
{
	const __m512i one = avx512_all(1);

	return _mm512_mullo_epi32(_mm512_sub_epi32(value, one),
				  avx512_all(KNOWN_INVERSE));
}

AVX512_INLINE __m512i
avx512_byte(__m512i value, unsigned at)
{
	return _mm512_and_si512(_mm512_srli_epi32(value, 8 * at),
				avx512_all(0xFF));
}

AVX512_INLINE __m512i
avx512_load(const uint32_t *from)
{
	return _mm512_loadu_si512((const void *)from);
}

/* The lanes of mask, one behind another; the rest of the store is for the
 * next ones to write over. */
AVX512_INLINE void
avx512_store(uint32_t *to, __mmask16 mask, __m512i value)
{
	_mm512_storeu_si512((void *)to,
			    _mm512_maskz_compress_epi32(mask, value));
}

AVX512_INLINE void
avx512_begin(const struct known_row *row, uint32_t block,
	     struct avx512_list *to)
{
	const struct known_tables *tables = known_tables();
	const __m512i span = avx512_all(0xFFFFFF + 0xFF);
	const __m512i step = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
					       11, 12, 13, 14, 15);

	for (uint32_t i = 0; i < KNOWN_BLOCK; i += AVX512_LANES) {
		const __m512i middle = _mm512_add_epi32(
			avx512_all(block * KNOWN_BLOCK + i), step);
		const __m512i high = _mm512_or_si512(
			avx512_all(row->top[7]), _mm512_slli_epi32(middle, 8));
		const __m512i from = _mm512_sub_epi32(avx512_all(row->top[6]),
						      avx512_back(high));
		const __m512i at = _mm512_srli_epi32(from, 23);

		for (size_t k = 0; k < 2; k++) {
			const __m512i near = avx512_look(tables->near[k], at);
			const __mmask16 fits = _mm512_cmple_epu32_mask(
				_mm512_sub_epi32(near, from), span);
			const __m512i low = _mm512_mullo_epi32(
				near, avx512_all(KNOWN_FACTOR));

			avx512_store(to->sum + to->count, fits,
				     _mm512_or_si512(high, low));
			to->count += (size_t)__builtin_popcount(fits);
		}
	}
}

AVX512_INLINE void
avx512_step(const struct known_row *row, size_t i,
	    const struct avx512_list *from, struct avx512_list *to)
{
	const struct known_tables *tables = known_tables();
	const __m512i span = avx512_all(0xFFFFFF + 0xFF);
	const __m512i same = avx512_all(0xFFFFFF);
	const __m512i top = avx512_all(row->top[i - 1]);
	const __m512i below = avx512_all(row->top[i - 2] + 0xFFFFFF + 0xFF);

	to->count = 0;
	for (size_t n = 0; n < from->count; n += AVX512_LANES) {
		const size_t left = from->count - n;
		const __mmask16 here = left < AVX512_LANES
					       ? (__mmask16)((1U << left) - 1)
					       : (__mmask16)0xFFFF;
		const __m512i back = avx512_back(avx512_load(from->sum + n));
		const __m512i lows =
			_mm512_slli_epi32(avx512_load(from->lows + n), 8);
		const __m512i least =
			_mm512_sub_epi32(avx512_back(back), below);
		const __m512i at = _mm512_srli_epi32(least, 23);

		for (size_t k = 0; k < 2; k++) {
			const __m512i near = avx512_look(tables->near[k], at);
			const __m512i low = _mm512_mullo_epi32(
				near, avx512_all(KNOWN_FACTOR));
			const __m512i sum = _mm512_sub_epi32(back, low);
			__mmask16 fits = _mm512_mask_cmple_epu32_mask(
				here, _mm512_sub_epi32(near, least), span);

			fits = _mm512_mask_cmple_epu32_mask(
				fits, _mm512_sub_epi32(sum, top), same);
			avx512_store(to->sum + to->count, fits, sum);
			avx512_store(to->lows + to->count, fits,
				     _mm512_or_si512(lows, low));
			to->count += (size_t)__builtin_popcount(fits);
		}
	}
}

AVX512_INLINE __mmask16
avx512_ends(const struct known_row *row, __m512i sum, __m512i lows)
{
	const struct known_lows *tables = row->lows;
	__m512i third = avx512_look(tables->third[0], avx512_byte(lows, 0));

	for (unsigned i = 1; i < 4; i++)
		third = _mm512_xor_si512(
			third,
			avx512_look(tables->third[i], avx512_byte(lows, i)));
	const __m512i second = _mm512_sub_epi32(avx512_back(sum), third);
	const __m512i first = avx512_back(second);
	const __mmask16 fits = _mm512_cmple_epu32_mask(
		_mm512_sub_epi32(second, avx512_all(row->top[2])),
		avx512_all(0xFFFFFF));

	return _mm512_mask_cmple_epu32_mask(
		fits, _mm512_sub_epi32(first, avx512_all(row->top[1])),
		avx512_all(0x3FFFFFF + 0xFF));
}

AVX512_INLINE size_t
avx512_end(const struct known_row *row, const struct avx512_list *from,
	   struct known_fit *fits)
{
	size_t count = 0;

	for (size_t n = 0; n < from->count; n += AVX512_LANES) {
		const size_t left = from->count - n;
		uint32_t found = avx512_ends(row, avx512_load(from->sum + n),
					     avx512_load(from->lows + n));

		if (left < AVX512_LANES)
			found &= (1U << left) - 1;
		while (found != 0) {
			const size_t lane = (size_t)__builtin_ctz(found);

			fits[count++] =
				(struct known_fit){ from->sum[n + lane],
						    from->lows[n + lane] };
			found &= found - 1;
		}
	}
	return count;
}

AVX512 size_t
known_round_avx512(const struct known_row *row, uint32_t block,
		   struct known_room *room, struct known_fit *fits)
{
	struct avx512_list lists[2] = {
		{ room->sum[0], room->lows[0], 0 },
		{ room->sum[1], room->lows[1], 0 },
	};

	avx512_begin(row, block, &lists[0]);
	for (size_t n = 0; n < lists[0].count; n += AVX512_LANES)
		_mm512_storeu_si512((void *)(lists[0].lows + n),
				    _mm512_setzero_si512());
	for (size_t i = 7; i > 3; i--)
		avx512_step(row, i, &lists[(7 - i) % 2], &lists[(8 - i) % 2]);
	return avx512_end(row, &lists[0], fits);
}

#endif
