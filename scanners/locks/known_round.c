#include "scanners/locks/known_round.h"

enum {
	/* sum[i - 1] lies so far above its highest byte at most, with the low
	 * byte of Key(0) of i. */
	ROUND_SPAN = 0xFFFFFF + 0xFF,
	ROUND_SPAN_SIX_BITS = 0x3FFFFFF + 0xFF
};

uint32_t
known_lows_join(const uint8_t plain[KNOWN_ROW_BYTES], uint32_t lows)
{
	const uint32_t *crc = zipcrypto_tables()->crc;
	uint32_t key = 0;

	for (size_t i = 4; i < 7; i++) {
		const uint8_t low = (uint8_t)(lows >> 8 * (i - 4));

		key = key >> 8 ^ crc[low ^ plain[i]];
	}
	return (key & ~UINT32_C(0xFF)) | lows >> 24;
}

static uint8_t
round_third(const uint8_t plain[KNOWN_ROW_BYTES], uint32_t lows)
{
	const struct known_tables *tables = known_tables();
	uint32_t key = known_lows_join(plain, lows);

	for (size_t i = 7; i-- > 3;)
		key = known_crc_back(tables, key, plain[i]);
	return (uint8_t)key;
}

/* All of it is linear but for the constant, which stands in the first table. */
void
known_lows_make(const uint8_t plain[KNOWN_ROW_BYTES], struct known_lows *lows)
{
	const uint8_t none = round_third(plain, 0);

	for (uint32_t i = 0; i < 4; i++) {
		for (uint32_t byte = 0; byte < ZIPCRYPTO_BYTE_VALUES; byte++) {
			const uint8_t third = round_third(plain, byte << 8 * i);

			lows->third[i][byte] =
				i == 0 ? third : (uint32_t)(third ^ none);
		}
	}
}

/* What arrived at one of the keys. */
struct round_list {
	uint32_t *sum;
	uint32_t *lows;
	size_t count;
};

static size_t
round_begin(const struct known_row *row, uint32_t block, struct round_list *to)
{
	const struct known_tables *tables = known_tables();

	to->count = 0;
	for (uint32_t i = 0; i < KNOWN_BLOCK; i++) {
		const uint32_t high = row->top[7] | (block * KNOWN_BLOCK + i)
							    << 8;
		const uint32_t from = row->top[6] - (high - 1) * KNOWN_INVERSE;

		for (size_t k = 0; k < 2; k++) {
			const uint32_t near = tables->near[k][from >> 23];

			to->sum[to->count] = high | (near * KNOWN_FACTOR);
			to->count += near - from <= ROUND_SPAN ? 1 : 0;
		}
	}
	return to->count;
}

/* From sum[i] to sum[i - 1]. */
static void
round_step(const struct known_row *row, size_t i, const struct round_list *from,
	   struct round_list *to)
{
	const struct known_tables *tables = known_tables();

	to->count = 0;
	for (size_t n = 0; n < from->count; n++) {
		const uint32_t back = (from->sum[n] - 1) * KNOWN_INVERSE;
		const uint32_t least = (back - 1) * KNOWN_INVERSE -
				       row->top[i - 2] - ROUND_SPAN;

		for (size_t k = 0; k < 2; k++) {
			const uint32_t near = tables->near[k][least >> 23];
			const uint32_t low = near * KNOWN_FACTOR;
			const uint32_t sum = back - low;

			to->sum[to->count] = sum;
			to->lows[to->count] = from->lows[n] << 8 | low;
			to->count += near - least <= ROUND_SPAN &&
						     sum - row->top[i - 1] <=
							     0xFFFFFF
					     ? 1
					     : 0;
		}
	}
}

/* Which of those at sum[3] have the sum[2] and sum[1] that are known? */
static size_t
round_end(const struct known_row *row, const struct round_list *from,
	  struct known_fit *fits)
{
	const struct known_lows *lows = row->lows;
	size_t count = 0;

	for (size_t n = 0; n < from->count; n++) {
		const uint32_t low = from->lows[n];
		const uint32_t third = lows->third[0][(uint8_t)low] ^
				       lows->third[1][(uint8_t)(low >> 8)] ^
				       lows->third[2][(uint8_t)(low >> 16)] ^
				       lows->third[3][low >> 24];
		const uint32_t second =
			(from->sum[n] - 1) * KNOWN_INVERSE - third;
		const uint32_t first = (second - 1) * KNOWN_INVERSE;

		fits[count] = (struct known_fit){ from->sum[n], low };
		count += second - row->top[2] <= 0xFFFFFF &&
					 first - row->top[1] <=
						 ROUND_SPAN_SIX_BITS
				 ? 1
				 : 0;
	}
	return count;
}

size_t
known_round_portable(const struct known_row *row, uint32_t block,
		     struct known_room *room, struct known_fit *fits)
{
	struct round_list lists[2] = {
		{ room->sum[0], room->lows[0], 0 },
		{ room->sum[1], room->lows[1], 0 },
	};
	size_t count = round_begin(row, block, &lists[0]);

	for (size_t n = 0; n < count; n++)
		room->lows[0][n] = 0;
	for (size_t i = 7; i > 3; i--)
		round_step(row, i, &lists[(7 - i) % 2], &lists[(8 - i) % 2]);
	return round_end(row, &lists[0], fits);
}

known_round *
known_round_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (way == CPU_WAY_AVX512 && cpu_can(way))
		return known_round_avx512;
	if (way != CPU_WAY_PORTABLE && cpu_can(CPU_WAY_AVX2))
		return known_round_avx2;
#endif
	(void)way;
	return known_round_portable;
}
