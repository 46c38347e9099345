/*
 * charset_ascii.h - runs of ASCII, sixteen bytes at a time.
 *
 * Layer:    scanners/text; private to charset_*.c
 */
#ifndef SCANNERS_TEXT_CHARSET_ASCII_H
#define SCANNERS_TEXT_CHARSET_ASCII_H

#include "scanners/text/charset_writer.h"

#ifdef __SSE2__
#	include <emmintrin.h>
enum { CHARSET_STEP_BYTES = 16 };

/* A bit for each byte at from that ends a run; all are copied to place. */
static inline unsigned
charset_copy_step(const uint8_t *from, uint8_t *place, bool shifts)
{
	__m128i bytes;
	__m128i ends;

	memcpy(&bytes, from, sizeof(bytes));
	memcpy(place, &bytes, sizeof(bytes));
	ends = bytes;
	if (shifts) {
		const __m128i even = _mm_and_si128(bytes, _mm_set1_epi8(0x7E));

		ends = _mm_or_si128(ends,
				    _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x1B)));
		ends = _mm_or_si128(ends,
				    _mm_cmpeq_epi8(even, _mm_set1_epi8(0x0E)));
	}
	return (unsigned)_mm_movemask_epi8(ends);
}
#endif

/*
 * Copy the bytes below 0x80 that start at *at, up to stop or a little further
 * (less than CHARSET_SLACK_BYTES), and move *at behind them. With shifts, the
 * bytes ESC, SO and SI end a run as well. Returns where writing goes on.
 */
static inline uint8_t *
charset_copy_ascii(struct span bytes, size_t *at, size_t stop, uint8_t *place,
		   bool shifts)
{
	size_t i = *at;

#ifdef __SSE2__
	while (i < stop && bytes.len_bytes - i >= CHARSET_STEP_BYTES) {
		const unsigned ends =
			charset_copy_step(bytes.ptr + i, place, shifts);
		const unsigned run = ends == 0 ? CHARSET_STEP_BYTES
					       : (unsigned)__builtin_ctz(ends);

		i += run;
		place += run;
		if (run < CHARSET_STEP_BYTES) {
			*at = i;
			return place;
		}
	}
#endif
	while (i < stop && bytes.ptr[i] < 0x80 &&
	       !(shifts &&
		 (bytes.ptr[i] == 0x1B || (bytes.ptr[i] & 0xFE) == 0x0E)))
		*place++ = bytes.ptr[i++];
	*at = i;
	return place;
}

#endif
