#include "lib/base/crc32.h"

enum { CRC32_SLICES = 4, CRC32_BYTES = 256, CRC32_BITS = 8 };

#define CRC32_POLYNOMIAL UINT32_C(0xedb88320)

/* [k][b]: what byte b does k bytes further on. */
static void
crc32_fill(uint32_t table[CRC32_SLICES][CRC32_BYTES])
{
	for (uint32_t b = 0; b < CRC32_BYTES; b++) {
		uint32_t crc = b;

		for (int bit = 0; bit < CRC32_BITS; bit++)
			crc = crc >> 1 ^
			      ((crc & 1) != 0 ? CRC32_POLYNOMIAL : 0);
		table[0][b] = crc;
	}
	for (size_t k = 1; k < CRC32_SLICES; k++) {
		for (size_t b = 0; b < CRC32_BYTES; b++)
			table[k][b] = table[k - 1][b] >> CRC32_BITS ^
				      table[0][table[k - 1][b] & 0xff];
	}
}

uint32_t
crc32_of(struct span bytes)
{
	/* 4096 steps to fill: nothing beside a file. */
	uint32_t table[CRC32_SLICES][CRC32_BYTES];
	const uint8_t *at = bytes.ptr;
	const size_t whole = bytes.len_bytes / CRC32_SLICES * CRC32_SLICES;
	uint32_t crc = UINT32_MAX;

	crc32_fill(table);
	for (size_t i = 0; i < whole; i += CRC32_SLICES) {
		crc ^= (uint32_t)at[i] | (uint32_t)at[i + 1] << 8 |
		       (uint32_t)at[i + 2] << 16 | (uint32_t)at[i + 3] << 24;
		crc = table[3][crc & 0xff] ^ table[2][crc >> 8 & 0xff] ^
		      table[1][crc >> 16 & 0xff] ^ table[0][crc >> 24];
	}
	for (size_t i = whole; i < bytes.len_bytes; i++)
		crc = crc >> CRC32_BITS ^ table[0][(crc ^ at[i]) & 0xff];
	return ~crc;
}
