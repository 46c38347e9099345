#include "scanners/text/utf8.h"

#ifdef __SSE2__
#	include <emmintrin.h>
#endif

/* Bytes of the sequence that first starts, by RFC 3629; 0: none. */
static size_t
utf8_sequence_bytes(uint8_t first)
{
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if ((first & 0xF0) == 0xE0)
		return 3;
	if (first >= 0xF0 && first <= 0xF4)
		return 4;
	return 0;
}

/* Too small for its length, a surrogate, or over U+10FFFF. */
static bool
utf8_is_wrong(uint32_t cp, size_t len_bytes)
{
	static const uint32_t least[UTF8_MAX_BYTES + 1] = { 0, 0, 0x80, 0x800,
							    0x10000 };

	return cp < least[len_bytes] || (cp >= 0xD800 && cp <= 0xDFFF) ||
	       cp > 0x10FFFF;
}

/* Nearly all of Japanese text: three bytes, nothing wrong. 0: anything else. */
static uint32_t
utf8_three(const uint8_t *bytes)
{
	const uint32_t cp = (bytes[0] & 0x0FU) << 12 | (bytes[1] & 0x3FU) << 6 |
			    (bytes[2] & 0x3FU);

	if ((bytes[0] & 0xF0) != 0xE0 || (bytes[1] & 0xC0) != 0x80 ||
	    (bytes[2] & 0xC0) != 0x80 || utf8_is_wrong(cp, 3))
		return 0;
	return cp;
}

uint32_t
utf8_next_long(struct span text, size_t *at)
{
	const size_t start = *at;
	const uint8_t first = text.ptr[start];
	const size_t len_bytes = utf8_sequence_bytes(first);
	struct span part;
	uint32_t cp = 0;

	if (text.len_bytes - start >= 3 &&
	    (cp = utf8_three(text.ptr + start)) != 0) {
		*at = start + 3;
		return cp;
	}
	*at = start + 1;
	if (len_bytes == 0 || !span_cut(text, start, len_bytes, &part))
		return UTF8_REPLACEMENT;
	cp = first & (0x7FU >> len_bytes);
	for (size_t i = 1; i < len_bytes; i++) {
		if ((part.ptr[i] & 0xC0) != 0x80)
			return UTF8_REPLACEMENT;
		cp = cp << 6 | (part.ptr[i] & 0x3F);
	}
	if (utf8_is_wrong(cp, len_bytes))
		return UTF8_REPLACEMENT;
	*at = start + len_bytes;
	return cp;
}

size_t
utf8_encode(uint32_t cp, uint8_t room[UTF8_MAX_BYTES])
{
	if (cp < 0x80) {
		room[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		room[0] = (uint8_t)(0xC0 | cp >> 6);
		room[1] = (uint8_t)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = UTF8_REPLACEMENT;
	if (cp < 0x10000) {
		room[0] = (uint8_t)(0xE0 | cp >> 12);
		room[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
		room[2] = (uint8_t)(0x80 | (cp & 0x3F));
		return 3;
	}
	room[0] = (uint8_t)(0xF0 | cp >> 18);
	room[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
	room[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
	room[3] = (uint8_t)(0x80 | (cp & 0x3F));
	return 4;
}

void
utf8_put(struct sbuf *out, uint32_t cp)
{
	uint8_t room[UTF8_MAX_BYTES];

	sbuf_add(out, room, utf8_encode(cp, room));
}

/* Two characters of three bytes, from U+3000 to U+9FFF, at c. */
static bool
utf8_japanese_at(const uint8_t *c)
{
	for (size_t i = 0; i < 6; i += 3)
		if (c[i] < 0xE3 || c[i] > 0xE9 || (c[i + 1] & 0xC0) != 0x80 ||
		    (c[i + 2] & 0xC0) != 0x80)
			return false;
	return true;
}

#ifdef __SSE2__
enum { UTF8_LANES = 16, UTF8_LANES_READ = UTF8_LANES + 5 };

static inline __m128i
utf8_load(const uint8_t *bytes)
{
	return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/* As signed bytes: 0xE3 to 0xE9 is -29 to -23, 0x80 to 0xBF is below -64. */
static inline __m128i
utf8_first(__m128i bytes)
{
	return _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8(-30)),
			     _mm_cmplt_epi8(bytes, _mm_set1_epi8(-22)));
}

static inline __m128i
utf8_behind(__m128i bytes)
{
	return _mm_cmplt_epi8(bytes, _mm_set1_epi8(-64));
}

/* utf8_japanese_at() for sixteen places at once. */
static bool
utf8_japanese_lanes(const uint8_t *c)
{
	const __m128i one = _mm_and_si128(utf8_first(utf8_load(c)),
					  utf8_behind(utf8_load(c + 1)));

	if (_mm_movemask_epi8(one) == 0)
		return false;
	const __m128i two = _mm_and_si128(utf8_behind(utf8_load(c + 2)),
					  utf8_first(utf8_load(c + 3)));
	const __m128i three = _mm_and_si128(utf8_behind(utf8_load(c + 4)),
					    utf8_behind(utf8_load(c + 5)));

	return _mm_movemask_epi8(
		       _mm_and_si128(one, _mm_and_si128(two, three))) != 0;
}
#endif

static bool
utf8_japanese_in(struct span bytes)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; i + UTF8_LANES_READ <= bytes.len_bytes; i += UTF8_LANES)
		if (utf8_japanese_lanes(bytes.ptr + i))
			return true;
#endif
	for (; i + 6 <= bytes.len_bytes; i++)
		if (utf8_japanese_at(bytes.ptr + i))
			return true;
	return false;
}

bool
utf8_has_japanese(struct span bytes)
{
	enum { UTF8_PIECES = 16, UTF8_PIECE_BYTES = 64 * 1024 };
	struct span piece = bytes;

	if (bytes.len_bytes <= UTF8_PIECES * UTF8_PIECE_BYTES)
		return utf8_japanese_in(bytes);
	for (size_t i = 0; i < UTF8_PIECES; i++)
		if (span_cut(bytes,
			     (bytes.len_bytes - UTF8_PIECE_BYTES) /
				     (UTF8_PIECES - 1) * i,
			     UTF8_PIECE_BYTES, &piece) &&
		    utf8_japanese_in(piece))
			return true;
	return false;
}
