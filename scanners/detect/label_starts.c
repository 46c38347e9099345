#include "scanners/detect/label_starts.h"

#include <string.h>

void
label_starts_add(struct label_starts *starts, uint32_t cp)
{
	if (cp < LABEL_STARTS_PLANE)
		starts->bits[cp / LABEL_STARTS_WORD_BITS] |=
			(uint32_t)1 << cp % LABEL_STARTS_WORD_BITS;
	if (cp < LABEL_STARTS_ASCII)
		starts->ascii[cp] = 1;
	starts->low |= cp < 'A';
}

/* 8 when as many bytes of text at at are digits, marks and blanks, else 1. */
static inline size_t
label_starts_low_bytes(struct span text, size_t at)
{
	const uint64_t high = 0x8080808080808080U;
	uint64_t bytes = 0;

	if (text.len_bytes - at < sizeof(bytes))
		return 1;
	memcpy(&bytes, text.ptr + at, sizeof(bytes));
	/* Below 'A', which 0x3F lifts to 0x80. */
	return ((bytes | (bytes + 0x3F3F3F3F3F3F3F3FU)) & high) == 0
		       ? sizeof(bytes)
		       : 1;
}

/* The character of two or three bytes at at; returns how many. 1 and no
 * character for any other byte beyond ASCII. */
static inline size_t
label_starts_wide(struct span text, size_t at, uint32_t *cp_out)
{
	const uint8_t *c = text.ptr + at;
	const size_t left_bytes = text.len_bytes - at;

	if (c[0] >= 0xE0 && c[0] < 0xF0 && left_bytes >= 3) {
		*cp_out = (c[0] & 0x0FU) << 12 | (c[1] & 0x3FU) << 6 |
			  (c[2] & 0x3FU);
		return 3;
	}
	if (c[0] >= 0xC2 && c[0] < 0xE0 && left_bytes >= 2) {
		*cp_out = (c[0] & 0x1FU) << 6 | (c[1] & 0x3FU);
		return 2;
	}
	return 1;
}

uint64_t
label_starts_look_portable(const struct label_starts *starts, struct span text,
			   size_t at)
{
	const size_t left = text.len_bytes - at;
	const size_t end = left < LABEL_STARTS_BLOCK_BYTES
				   ? left
				   : LABEL_STARTS_BLOCK_BYTES;
	const bool low = starts->low;
	uint64_t found = 0;
	size_t i = 0;

	while (i < end) {
		const uint8_t c = text.ptr[at + i];
		uint32_t cp = 0;
		size_t step = 1;

		if (c < LABEL_STARTS_ASCII) {
			found |= (uint64_t)starts->ascii[c] << i;
			if (c < 'A' && !low)
				step = label_starts_low_bytes(text, at + i);
		} else {
			step = label_starts_wide(text, at + i, &cp);
			if (step > 1 && label_starts_has(starts, cp))
				found |= (uint64_t)1 << i;
		}
		i += step;
	}
	return found;
}

label_starts_look *
label_starts_of(enum cpu_way way)
{
#if defined(__x86_64__)
	if (way == CPU_WAY_AVX512 && cpu_can(way))
		return label_starts_look_avx512;
#endif
	(void)way;
	return label_starts_look_portable;
}
