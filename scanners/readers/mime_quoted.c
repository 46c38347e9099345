/*
 * quoted-printable and its relatives: runs without an escape by 16 bytes,
 * with AVX-512 also the escapes, 64 bytes at a time.
 */
#include <string.h>

#include "scanners/readers/mime_decode.h"

#if defined(__x86_64__) && defined(__GNUC__)
#	define QUOTED_HAS_SIMD 1
#	include <immintrin.h>
#else
#	define QUOTED_HAS_SIMD 0
#endif

enum { MIME_QUOTED_BLOCK_BYTES = 4096, MIME_QUOTED_SLACK_BYTES = 128 };

/* Values of hex digits; 128: none. */
/* clang-format off */
static const uint8_t mime_hex_values[256] = {
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	0,1,2,3,4,5,6,7,8,9,128,128,128,128,128,128,
	128,10,11,12,13,14,15,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,10,11,12,13,14,15,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
	128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,128,
};
/* clang-format on */

/* The byte that two hex digits at at mean, -1 when there are none. */
static inline int
mime_hex_byte(struct span text, size_t at)
{
	if (text.len_bytes < 2 || at > text.len_bytes - 2)
		return -1;
	const int high = mime_hex_values[text.ptr[at]];
	const int low = mime_hex_values[text.ptr[at + 1]];

	return (high | low) >= 16 ? -1 : high * 16 + low;
}

/* Where the line after a soft line break at at ("=", blanks, line end)
 * starts; at itself when there is no such break. */
static size_t
mime_soft_break(struct span text, size_t at)
{
	size_t next = at + 1;

	while (next < text.len_bytes &&
	       (text.ptr[next] == ' ' || text.ptr[next] == '\t'))
		next++;
	if (next >= text.len_bytes)
		return next;
	if (text.ptr[next] == '\r') {
		next++;
		return next < text.len_bytes && text.ptr[next] == '\n'
			       ? next + 1
			       : next;
	}
	return text.ptr[next] == '\n' ? next + 1 : at;
}

/* The run without "=" that starts at *at, up to stop or a little further. */
static uint8_t *
mime_quoted_run(struct span text, size_t *at, size_t stop, uint8_t *place)
{
	size_t i = *at;

#ifdef __SSE2__
	while (i < stop && text.len_bytes - i >= sizeof(__m128i)) {
		__m128i bytes;

		memcpy(&bytes, text.ptr + i, sizeof(bytes));
		memcpy(place, &bytes, sizeof(bytes));
		const unsigned marks = (unsigned)_mm_movemask_epi8(
			_mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')));
		const unsigned run = marks == 0
					     ? (unsigned)sizeof(bytes)
					     : (unsigned)__builtin_ctz(marks);

		i += run;
		place += run;
		if (marks != 0) {
			*at = i;
			return place;
		}
	}
#endif
	while (i < stop && text.ptr[i] != '=')
		*place++ = text.ptr[i++];
	*at = i;
	return place;
}

/* A "=" that starts no escape: a soft line break, or itself. */
static uint8_t *
mime_quoted_odd(struct span text, size_t *at, uint8_t *place)
{
	const size_t next = mime_soft_break(text, *at);

	if (next == *at) {
		*place++ = '=';
		++*at;
		return place;
	}
	*at = next;
	return place;
}

#if QUOTED_HAS_SIMD
#	define QUOTED_AVX512                                        \
		__attribute__((target("avx512f,avx512bw,avx512vbmi," \
				      "avx512vbmi2,popcnt")))

/* 64 bytes, and what stands one and two behind each. */
struct quoted_64 {
	__m512i bytes;
	__m512i one;
	__m512i two;
};

/* Which "=" are what; a bit for each. */
struct quoted_marks {
	uint64_t escapes;
	uint64_t breaks_2; /* "=" LF */
	uint64_t breaks_3; /* "=" CR LF */
	uint64_t odd;
};

QUOTED_AVX512 static inline struct quoted_64
quoted_load(const uint8_t *from)
{
	struct quoted_64 block;

	memcpy(&block.bytes, from, sizeof(block.bytes));
	memcpy(&block.one, from + 1, sizeof(block.one));
	memcpy(&block.two, from + 2, sizeof(block.two));
	return block;
}

/* Also the bytes that the escapes mean. */
QUOTED_AVX512 static inline struct quoted_marks
quoted_look(const struct quoted_64 *block, uint64_t equals, __m512i *meant_out)
{
	struct quoted_marks marks = { 0 };
	__m512i low;
	__m512i high;

	memcpy(&low, mime_hex_values, sizeof(low));
	memcpy(&high, mime_hex_values + sizeof(low), sizeof(high));
	const __m512i first = _mm512_permutex2var_epi8(low, block->one, high);
	const __m512i second = _mm512_permutex2var_epi8(low, block->two, high);
	const uint64_t no_hex = _mm512_movepi8_mask(
		_mm512_or_si512(_mm512_or_si512(first, second),
				_mm512_or_si512(block->one, block->two)));

	marks.escapes = equals & ~no_hex;
	marks.breaks_2 = equals & _mm512_cmpeq_epi8_mask(
					  block->one, _mm512_set1_epi8('\n'));
	marks.breaks_3 =
		equals &
		_mm512_cmpeq_epi8_mask(block->one, _mm512_set1_epi8('\r')) &
		_mm512_cmpeq_epi8_mask(block->two, _mm512_set1_epi8('\n'));
	marks.odd = equals & ~(marks.escapes | marks.breaks_2 | marks.breaks_3);
	/* The neighbour's bits are shifted in, too. */
	*meant_out =
		_mm512_or_si512(_mm512_and_si512(_mm512_slli_epi16(first, 4),
						 _mm512_set1_epi8((char)0xF0)),
				second);
	return marks;
}

/* Up to a "=" that is neither escape nor line break in its usual form. */
QUOTED_AVX512 static uint8_t *
quoted_blocks_64(struct span text, size_t *at, size_t stop, uint8_t *place)
{
	size_t i = *at;
	uint64_t gone = 0; /* bytes of an escape that began before the block */
	uint64_t ends = 0;

	while (i < stop && ends == 0 &&
	       text.len_bytes - i >= sizeof(__m512i) + 2) {
		const struct quoted_64 block = quoted_load(text.ptr + i);
		const uint64_t equals = _mm512_cmpeq_epi8_mask(
			block.bytes, _mm512_set1_epi8('='));
		__m512i meant;
		const struct quoted_marks marks =
			quoted_look(&block, equals, &meant);
		const uint64_t three = marks.escapes | marks.breaks_3;
		const uint64_t two = three | marks.breaks_2;
		uint64_t kept = ~(gone | marks.breaks_2 | marks.breaks_3 |
				  two << 1 | three << 2);

		ends = marks.odd;
		if (ends != 0)
			kept &= (ends & (0 - ends)) - 1;
		const __m512i written = _mm512_maskz_compress_epi8(
			kept, _mm512_mask_mov_epi8(block.bytes, marks.escapes,
						   meant));

		memcpy(place, &written, sizeof(written));
		place += __builtin_popcountll(kept);
		gone = ends != 0 ? 0 : three >> 62 | two >> 63;
		i += ends != 0 ? (size_t)__builtin_ctzll(ends)
			       : sizeof(__m512i);
	}
	*at = i + (size_t)__builtin_popcountll(gone);
	return place;
}
#endif

/* Escapes that follow each other. */
static uint8_t *
mime_quoted_escapes(struct span text, size_t *at, size_t stop, uint8_t *place)
{
	size_t i = *at;

	while (i < stop && text.len_bytes - i >= 3 && text.ptr[i] == '=') {
		const unsigned high = mime_hex_values[text.ptr[i + 1]];
		const unsigned low = mime_hex_values[text.ptr[i + 2]];

		if ((high | low) >= 16)
			break;
		*place++ = (uint8_t)(high << 4 | low);
		i += 3;
	}
	*at = i;
	return place;
}

static uint8_t *
mime_quoted_fast(enum cpu_way way, struct span text, size_t *at, size_t stop,
		 uint8_t *place)
{
#if QUOTED_HAS_SIMD
	if (way == CPU_WAY_AVX512)
		place = quoted_blocks_64(text, at, stop, place);
#else
	(void)way;
#endif
	return mime_quoted_escapes(text, at, stop, place);
}

/* A block of text to place. */
static uint8_t *
mime_quoted_block(enum cpu_way way, struct span text, size_t *at,
		  uint8_t *place)
{
	const size_t stop = text.len_bytes - *at > MIME_QUOTED_BLOCK_BYTES
				    ? *at + MIME_QUOTED_BLOCK_BYTES
				    : text.len_bytes;

	while (*at < stop) {
		const size_t start = *at;

		place = mime_quoted_fast(way, text, at, stop, place);
		if (*at < stop && text.ptr[*at] != '=')
			place = mime_quoted_run(text, at, stop, place);
		else if (*at == start)
			place = mime_quoted_odd(text, at, place);
	}
	return place;
}

static bool
mime_quoted_is_cut(struct span text)
{
	const size_t n = text.len_bytes;

	return n >= 2 && text.ptr[n - 2] == '=' &&
	       mime_hex_values[text.ptr[n - 1]] < 16;
}

struct mime_decoded
mime_decode_quoted_by(enum cpu_way way, struct span text, struct sbuf *out)
{
	UNSET uint8_t room[MIME_QUOTED_BLOCK_BYTES + MIME_QUOTED_SLACK_BYTES];
	size_t at = 0;
	size_t most = 0;

	sbuf_expect(out, text.len_bytes);
	while (at < text.len_bytes) {
		const size_t used =
			(size_t)(mime_quoted_block(way, text, &at, room) -
				 room);

		sbuf_add(out, room, used);
		most = used > most ? used : most;
	}
	explicit_bzero(room, most + MIME_QUOTED_SLACK_BYTES < sizeof(room)
				     ? most + MIME_QUOTED_SLACK_BYTES
				     : sizeof(room));
	return (struct mime_decoded){ .is_cut = mime_quoted_is_cut(text) };
}

struct mime_decoded
mime_decode_quoted(struct span text, struct sbuf *out)
{
	return mime_decode_quoted_by(cpu_best(), text, out);
}

void
mime_decode_word_q(struct span text, struct sbuf *out)
{
	size_t at = 0;

	while (at < text.len_bytes) {
		const uint8_t c = text.ptr[at];
		const int byte = c == '=' ? mime_hex_byte(text, at + 1) : -1;

		if (byte >= 0)
			sbuf_add_byte(out, (uint8_t)byte);
		else
			sbuf_add_byte(out, c == '_' ? ' ' : c);
		at += byte >= 0 ? 3 : 1;
	}
}

void
mime_decode_percent(struct span text, struct sbuf *out)
{
	size_t at = 0;

	while (at < text.len_bytes) {
		const int byte =
			text.ptr[at] == '%' ? mime_hex_byte(text, at + 1) : -1;

		sbuf_add_byte(out, byte >= 0 ? (uint8_t)byte : text.ptr[at]);
		at += byte >= 0 ? 3 : 1;
	}
}
