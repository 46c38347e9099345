/* The round of known_round.h for processors with AVX2. */
#include "scanners/locks/known_round.h"

#if defined(__x86_64__)
#	include <immintrin.h>

#	define AVX2        __attribute__((target("avx2")))
#	define AVX2_INLINE AVX2 static inline __attribute__((always_inline))

enum { AVX2_LANES = 8 };

struct avx2_list {
	uint32_t *sum;
	uint32_t *lows;
	size_t count;
};

AVX2_INLINE __m256i
avx2_all(uint32_t value)
{
	return _mm256_set1_epi32((int)value);
}

AVX2_INLINE __m256i
avx2_look(const uint32_t *table, __m256i at)
{
	return _mm256_i32gather_epi32((const int *)(const void *)table, at,
				      sizeof(uint32_t));
}

/* (value - 1) / KNOWN_FACTOR */
AVX2_INLINE __m256i
avx2_back(__m256i value)
{
	return _mm256_mullo_epi32(_mm256_sub_epi32(value, avx2_all(1)),
				  avx2_all(KNOWN_INVERSE));
}

AVX2_INLINE __m256i
avx2_byte(__m256i value, int at)
{
	return _mm256_and_si256(_mm256_srli_epi32(value, 8 * at),
				avx2_all(0xFF));
}

AVX2_INLINE __m256i
avx2_load(const uint32_t *from)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

/* value <= limit in every lane, without signs. */
AVX2_INLINE __m256i
avx2_fits(__m256i value, uint32_t limit)
{
	return _mm256_cmpeq_epi32(_mm256_min_epu32(value, avx2_all(limit)),
				  value);
}

AVX2_INLINE uint32_t
avx2_mask(__m256i fits)
{
	return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(fits));
}

/* The lanes of mask, one behind another; the rest of the store is for the
 * next ones to write over. */
AVX2_INLINE void
avx2_store(const struct known_tables *tables, uint32_t *to, uint32_t mask,
	   __m256i value)
{
	const __m256i order = _mm256_cvtepu8_epi32(_mm_loadl_epi64(
		(const __m128i *)(const void *)tables->pack[mask]));

	_mm256_storeu_si256((__m256i *)(void *)to,
			    _mm256_permutevar8x32_epi32(value, order));
}

AVX2_INLINE void
avx2_begin(const struct known_row *row, uint32_t block, struct avx2_list *to)
{
	const struct known_tables *tables = known_tables();
	const __m256i step = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);

	for (uint32_t i = 0; i < KNOWN_BLOCK; i += AVX2_LANES) {
		const __m256i middle = _mm256_add_epi32(
			avx2_all(block * KNOWN_BLOCK + i), step);
		const __m256i high = _mm256_or_si256(
			avx2_all(row->top[7]), _mm256_slli_epi32(middle, 8));
		const __m256i from = _mm256_sub_epi32(avx2_all(row->top[6]),
						      avx2_back(high));
		const __m256i at = _mm256_srli_epi32(from, 23);

		for (size_t k = 0; k < 2; k++) {
			const __m256i near = avx2_look(tables->near[k], at);
			const uint32_t fits = avx2_mask(avx2_fits(
				_mm256_sub_epi32(near, from), 0xFFFFFF + 0xFF));
			const __m256i low = _mm256_mullo_epi32(
				near, avx2_all(KNOWN_FACTOR));

			avx2_store(tables, to->sum + to->count, fits,
				   _mm256_or_si256(high, low));
			to->count += (size_t)__builtin_popcount(fits);
		}
	}
}

AVX2_INLINE void
avx2_step(const struct known_row *row, size_t i, const struct avx2_list *from,
	  struct avx2_list *to)
{
	const struct known_tables *tables = known_tables();
	const __m256i top = avx2_all(row->top[i - 1]);
	const __m256i below = avx2_all(row->top[i - 2] + 0xFFFFFF + 0xFF);

	to->count = 0;
	for (size_t n = 0; n < from->count; n += AVX2_LANES) {
		const size_t left = from->count - n;
		const uint32_t here =
			left < AVX2_LANES ? (1U << left) - 1 : 0xFF;
		const __m256i back = avx2_back(avx2_load(from->sum + n));
		const __m256i lows =
			_mm256_slli_epi32(avx2_load(from->lows + n), 8);
		const __m256i least = _mm256_sub_epi32(avx2_back(back), below);
		const __m256i at = _mm256_srli_epi32(least, 23);

		for (size_t k = 0; k < 2; k++) {
			const __m256i near = avx2_look(tables->near[k], at);
			const __m256i low = _mm256_mullo_epi32(
				near, avx2_all(KNOWN_FACTOR));
			const __m256i sum = _mm256_sub_epi32(back, low);
			const uint32_t fits =
				here &
				avx2_mask(_mm256_and_si256(
					avx2_fits(_mm256_sub_epi32(near, least),
						  0xFFFFFF + 0xFF),
					avx2_fits(_mm256_sub_epi32(sum, top),
						  0xFFFFFF)));

			avx2_store(tables, to->sum + to->count, fits, sum);
			avx2_store(tables, to->lows + to->count, fits,
				   _mm256_or_si256(lows, low));
			to->count += (size_t)__builtin_popcount(fits);
		}
	}
}

AVX2_INLINE uint32_t
avx2_ends(const struct known_row *row, __m256i sum, __m256i lows)
{
	const struct known_lows *tables = row->lows;
	__m256i third = avx2_look(tables->third[0], avx2_byte(lows, 0));

	for (int i = 1; i < 4; i++)
		third = _mm256_xor_si256(
			third, avx2_look(tables->third[i], avx2_byte(lows, i)));
	const __m256i second = _mm256_sub_epi32(avx2_back(sum), third);
	const __m256i first = avx2_back(second);

	return avx2_mask(_mm256_and_si256(
		avx2_fits(_mm256_sub_epi32(second, avx2_all(row->top[2])),
			  0xFFFFFF),
		avx2_fits(_mm256_sub_epi32(first, avx2_all(row->top[1])),
			  0x3FFFFFF + 0xFF)));
}

AVX2_INLINE size_t
avx2_end(const struct known_row *row, const struct avx2_list *from,
	 struct known_fit *fits)
{
	size_t count = 0;

	for (size_t n = 0; n < from->count; n += AVX2_LANES) {
		const size_t left = from->count - n;
		uint32_t found = avx2_ends(row, avx2_load(from->sum + n),
					   avx2_load(from->lows + n));

		if (left < AVX2_LANES)
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

AVX2 size_t
known_round_avx2(const struct known_row *row, uint32_t block,
		 struct known_room *room, struct known_fit *fits)
{
	struct avx2_list lists[2] = {
		{ room->sum[0], room->lows[0], 0 },
		{ room->sum[1], room->lows[1], 0 },
	};

	avx2_begin(row, block, &lists[0]);
	for (size_t n = 0; n < lists[0].count; n += AVX2_LANES)
		_mm256_storeu_si256((__m256i *)(void *)(lists[0].lows + n),
				    _mm256_setzero_si256());
	for (size_t i = 7; i > 3; i--)
		avx2_step(row, i, &lists[(7 - i) % 2], &lists[(8 - i) % 2]);
	return avx2_end(row, &lists[0], fits);
}

#endif
