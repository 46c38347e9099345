/*
 * UTF-8: where it is valid. With AVX2, 32 bytes at a time by three lookups of
 * half bytes that name what may be wrong with a byte and the one before it
 * (J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per
 * byte", 2020); what they object to is looked at byte by byte.
 */
#include <string.h>

#include "lib/base/parse.h"

#if defined(__x86_64__) && defined(__GNUC__)
#	define UTF8_HAS_AVX2 1
#	include <immintrin.h>
#else
#	define UTF8_HAS_AVX2 0
#endif

/* Bytes of the character that starts with c, 0 when none may. */
static size_t
utf8_length(uint8_t c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

/* RFC 3629 section 4: the second byte also rules out overlongs, surrogates
 * and values over U+10FFFF. */
static bool
utf8_second_fits(uint8_t first, uint8_t second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0 && second <= 0xbf;
	case 0xed:
		return second >= 0x80 && second <= 0x9f;
	case 0xf0:
		return second >= 0x90 && second <= 0xbf;
	case 0xf4:
		return second >= 0x80 && second <= 0x8f;
	default:
		return second >= 0x80 && second <= 0xbf;
	}
}

size_t
parse_ascii_end(struct span text, size_t at)
{
	uint64_t eight = 0;

#if UTF8_HAS_AVX2 /* which is over SSE2 */
	for (; text.len_bytes - at >= sizeof(__m128i); at += sizeof(__m128i)) {
		__m128i block;

		memcpy(&block, text.ptr + at, sizeof(block));
		const unsigned high = (unsigned)_mm_movemask_epi8(block);

		if (high != 0)
			return at + (size_t)__builtin_ctz(high);
	}
#endif
	for (; text.len_bytes - at >= sizeof(eight); at += sizeof(eight)) {
		memcpy(&eight, text.ptr + at, sizeof(eight));
		if ((eight & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (at < text.len_bytes && text.ptr[at] < 0x80)
		at++;
	return at;
}

/* Bytes of the character at at; 0: none. */
static size_t
utf8_character(struct span text, size_t at)
{
	const size_t len = utf8_length(text.ptr[at]);

	if (len == 0 || len > text.len_bytes - at)
		return 0;
	if (len > 1 && !utf8_second_fits(text.ptr[at], text.ptr[at + 1]))
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((text.ptr[at + i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/* Byte by byte, up to stop or a little further. */
static size_t
utf8_walk(struct span text, size_t at, size_t stop)
{
	while ((at = parse_ascii_end(text, at)) < stop) {
		const size_t len = utf8_character(text, at);

		if (len == 0)
			return at;
		at += len;
	}
	return at;
}

#if UTF8_HAS_AVX2
enum { UTF8_BLOCK_BYTES = 32 };

/* What may be wrong with two bytes that follow each other: a bit each. */
enum utf8_fault {
	UTF8_TOO_SHORT = 1,           /* 11______ 0_______, 11______ 11______ */
	UTF8_TOO_LONG = 2,            /* 0_______ 10______ */
	UTF8_OVERLONG_3 = 4,          /* 11100000 100_____ */
	UTF8_TOO_LARGE = 8,           /* 11110100 1001____ and over */
	UTF8_SURROGATE = 16,          /* 11101101 101_____ */
	UTF8_OVERLONG_2 = 32,         /* 1100000_ 10______ */
	UTF8_TOO_LARGE_1000 = 64,     /* 11110101 1000____ and over */
	UTF8_OVERLONG_4 = 64,         /* 11110000 1000____ */
	UTF8_TWO_CONTINUATIONS = 128, /* 10______ 10______ */
	UTF8_CARRY = UTF8_TOO_SHORT | UTF8_TOO_LONG | UTF8_TWO_CONTINUATIONS
};

#	define UTF8_AVX2 __attribute__((target("avx2")))
#	define UTF8_TWICE(...)                  \
		{                                \
			__VA_ARGS__, __VA_ARGS__ \
		}

/* The faults that the first byte's halves and the second byte's upper half
 * leave possible. */
static const uint8_t utf8_first_high[UTF8_BLOCK_BYTES] = UTF8_TWICE(
	UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG,
	UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG, UTF8_TOO_LONG,
	UTF8_TWO_CONTINUATIONS, UTF8_TWO_CONTINUATIONS, UTF8_TWO_CONTINUATIONS,
	UTF8_TWO_CONTINUATIONS, UTF8_TOO_SHORT | UTF8_OVERLONG_2,
	UTF8_TOO_SHORT, UTF8_TOO_SHORT | UTF8_OVERLONG_3 | UTF8_SURROGATE,
	UTF8_TOO_SHORT | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000 |
		UTF8_OVERLONG_4);
static const uint8_t utf8_first_low[UTF8_BLOCK_BYTES] = UTF8_TWICE(
	UTF8_CARRY | UTF8_OVERLONG_3 | UTF8_OVERLONG_2 | UTF8_OVERLONG_4,
	UTF8_CARRY | UTF8_OVERLONG_2, UTF8_CARRY, UTF8_CARRY,
	UTF8_CARRY | UTF8_TOO_LARGE,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000 | UTF8_SURROGATE,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000,
	UTF8_CARRY | UTF8_TOO_LARGE | UTF8_TOO_LARGE_1000);
static const uint8_t utf8_second_high[UTF8_BLOCK_BYTES] = UTF8_TWICE(
	UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT,
	UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT,
	UTF8_TOO_LONG | UTF8_OVERLONG_2 | UTF8_TWO_CONTINUATIONS |
		UTF8_OVERLONG_3 | UTF8_TOO_LARGE_1000 | UTF8_OVERLONG_4,
	UTF8_TOO_LONG | UTF8_OVERLONG_2 | UTF8_TWO_CONTINUATIONS |
		UTF8_OVERLONG_3 | UTF8_TOO_LARGE,
	UTF8_TOO_LONG | UTF8_OVERLONG_2 | UTF8_TWO_CONTINUATIONS |
		UTF8_SURROGATE | UTF8_TOO_LARGE,
	UTF8_TOO_LONG | UTF8_OVERLONG_2 | UTF8_TWO_CONTINUATIONS |
		UTF8_SURROGATE | UTF8_TOO_LARGE,
	UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT, UTF8_TOO_SHORT);

UTF8_AVX2 static inline __m256i
utf8_load(const uint8_t *bytes)
{
	__m256i block;

	memcpy(&block, bytes, sizeof(block));
	return block;
}

/* Not zero where a byte of block is wrong. Bytes before the block's start
 * are looked at, too: there must be three of them. */
UTF8_AVX2 static inline __m256i
utf8_faults(const uint8_t *bytes)
{
	const __m256i low = _mm256_set1_epi8(0x0F);
	const __m256i block = utf8_load(bytes);
	const __m256i one_back = utf8_load(bytes - 1);
	const __m256i third = _mm256_subs_epu8(
		utf8_load(bytes - 2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
	const __m256i fourth = _mm256_subs_epu8(
		utf8_load(bytes - 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
	const __m256i first_high = _mm256_shuffle_epi8(
		utf8_load(utf8_first_high),
		_mm256_and_si256(_mm256_srli_epi16(one_back, 4), low));
	const __m256i first_low = _mm256_shuffle_epi8(
		utf8_load(utf8_first_low), _mm256_and_si256(one_back, low));
	const __m256i second_high = _mm256_shuffle_epi8(
		utf8_load(utf8_second_high),
		_mm256_and_si256(_mm256_srli_epi16(block, 4), low));
	const __m256i faults = _mm256_and_si256(
		_mm256_and_si256(first_high, first_low), second_high);
	/* Two continuations are right in the third and fourth byte. */
	const __m256i expected = _mm256_and_si256(
		_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));

	return _mm256_xor_si256(expected, faults);
}

/* As utf8_walk(), but may end early: before a fault or the end of text. */
UTF8_AVX2 static size_t
utf8_blocks(struct span text, size_t at)
{
	size_t i = at + 3;

	/* The start is looked at as what stands before a block. */
	if (text.len_bytes - at < UTF8_BLOCK_BYTES + 3 ||
	    utf8_walk(text, at, i) < i)
		return at;
	for (; text.len_bytes - i >= UTF8_BLOCK_BYTES; i += UTF8_BLOCK_BYTES) {
		const __m256i faults = utf8_faults(text.ptr + i);

		if (_mm256_testz_si256(faults, faults) == 0)
			break;
	}
	/* Back to the start of a character: it may be cut off here. */
	while (i > at && (text.ptr[i - 1] & 0xC0) == 0x80)
		i--;
	return i > at && text.ptr[i - 1] >= 0xC0 ? i - 1 : i;
}
#endif

size_t
parse_utf8_end_by(enum cpu_way way, struct span text, size_t at)
{
#if UTF8_HAS_AVX2
	enum { UTF8_FAULT_BYTES = 96 };

	while (way != CPU_WAY_PORTABLE &&
	       text.len_bytes - at > UTF8_FAULT_BYTES) {
		const size_t from = utf8_blocks(text, at);
		const size_t stop = text.len_bytes - from > UTF8_FAULT_BYTES
					    ? from + UTF8_FAULT_BYTES
					    : text.len_bytes;

		/* A fault is found here; at the end of text nothing is. */
		at = utf8_walk(text, from, stop);
		if (at < stop)
			return at;
	}
#else
	(void)way;
#endif
	return utf8_walk(text, at, text.len_bytes);
}

size_t
parse_utf8_end(struct span text, size_t at)
{
	return parse_utf8_end_by(cpu_best(), text, at);
}

bool
parse_is_utf8(struct span text)
{
	return parse_utf8_end(text, 0) == text.len_bytes;
}
