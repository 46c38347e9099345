#include "scanners/readers/crc.h"

#include <zlib.h>

#if defined(__x86_64__) && defined(__GNUC__)
#	define CRC_MULTIPLIES 1
#	include <immintrin.h>
#else
#	define CRC_MULTIPLIES 0
#endif

#if CRC_MULTIPLIES
#	define CRC_TARGET __attribute__((target("pclmul,sse4.1")))

enum {
	CRC_BLOCK_BYTES = 16,
	CRC_STEP_BYTES = 64, /* four blocks are folded side by side */
	/* Shorter, zlib is as fast. */
	CRC_LEAST_BYTES = 4 * CRC_STEP_BYTES
};

CRC_TARGET static inline __m128i
crc_load(struct span bytes, size_t at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)(bytes.ptr + at));
}

/* Move folded over the distance that by stands for, onto next. */
CRC_TARGET static inline __m128i
crc_fold(__m128i folded, __m128i by, __m128i next)
{
	return _mm_xor_si128(
		_mm_xor_si128(_mm_clmulepi64_si128(folded, by, 0x00),
			      _mm_clmulepi64_si128(folded, by, 0x11)),
		next);
}

/* What 128 bits leave over, divided by the polynomial (Barrett). */
CRC_TARGET static inline uint32_t
crc_reduce(__m128i folded, __m128i by_128)
{
	const __m128i low = _mm_setr_epi32(-1, 0, -1, 0);
	const __m128i by_64 = _mm_set_epi64x(0, 0x0163cd6124);
	const __m128i poly = _mm_set_epi64x(0x01f7011641, 0x01db710641);
	__m128i part = _mm_clmulepi64_si128(folded, by_128, 0x10);

	folded = _mm_xor_si128(_mm_srli_si128(folded, 8), part);
	part = _mm_srli_si128(folded, 4);
	folded = _mm_xor_si128(
		_mm_clmulepi64_si128(_mm_and_si128(folded, low), by_64, 0x00),
		part);
	part = _mm_clmulepi64_si128(_mm_and_si128(folded, low), poly, 0x10);
	part = _mm_clmulepi64_si128(_mm_and_si128(part, low), poly, 0x00);
	return (uint32_t)_mm_extract_epi32(_mm_xor_si128(folded, part), 1);
}

/* Of whole blocks, four at least; *used_out: how many bytes these are. */
CRC_TARGET static uint32_t
crc_multiply(struct span bytes, size_t *used_out)
{
	const __m128i by_512 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
	const __m128i by_128 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
	__m128i folded[4];
	__m128i all;
	size_t at = CRC_STEP_BYTES;

	for (size_t i = 0; i < 4; i++)
		folded[i] = crc_load(bytes, i * CRC_BLOCK_BYTES);
	folded[0] = _mm_xor_si128(folded[0], _mm_cvtsi32_si128(-1));
	for (; bytes.len_bytes - at >= CRC_STEP_BYTES; at += CRC_STEP_BYTES)
		for (size_t i = 0; i < 4; i++)
			folded[i] = crc_fold(
				folded[i], by_512,
				crc_load(bytes, at + i * CRC_BLOCK_BYTES));
	all = folded[0];
	for (size_t i = 1; i < 4; i++)
		all = crc_fold(all, by_128, folded[i]);
	for (; bytes.len_bytes - at >= CRC_BLOCK_BYTES; at += CRC_BLOCK_BYTES)
		all = crc_fold(all, by_128, crc_load(bytes, at));
	*used_out = at;
	return ~crc_reduce(all, by_128);
}
#endif

uint32_t
crc_of_by(enum cpu_way way, struct span bytes)
{
	uint32_t crc = 0;
	size_t used = 0;

#if CRC_MULTIPLIES
	if (way != CPU_WAY_PORTABLE && bytes.len_bytes >= CRC_LEAST_BYTES &&
	    __builtin_cpu_supports("pclmul") != 0 &&
	    __builtin_cpu_supports("sse4.1") != 0)
		crc = crc_multiply(bytes, &used);
#else
	(void)way;
#endif
	return used < bytes.len_bytes
		       ? (uint32_t)crc32_z(crc, bytes.ptr + used,
					   bytes.len_bytes - used)
		       : crc;
}

uint32_t
crc_of(struct span bytes)
{
	return crc_of_by(CPU_WAY_AVX2, bytes);
}
