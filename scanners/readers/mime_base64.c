/*
 * base64, tolerantly: four digits at a time by a table, 32 or 64 at a time
 * with AVX2 or AVX-512 (after W. Muła and D. Lemire, "Faster Base64 Encoding
 * and Decoding Using AVX2 Instructions", 2018). Whatever is no digit is left
 * to the loop that goes byte by byte.
 */
#include "scanners/readers/mime_decode.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#	define BASE64_HAS_SIMD 1
#	include <immintrin.h>
#else
#	define BASE64_HAS_SIMD 0
#endif

enum {
	BASE64_PAD = 0x80,
	BASE64_BLANK = 0x81,
	BASE64_JUNK = 0x82,
	BASE64_SLACK_BYTES = 64, /* written beyond what counts */
	BASE64_NO_DIGIT = 1 << 24
};

/* The value of a digit, of base64url as well; else one of the above. */
#define BASE64_VALUE(c)                                                      \
	((uint8_t)((c) >= 'A' && (c) <= 'Z'   ? (c) - 'A'                    \
		   : (c) >= 'a' && (c) <= 'z' ? (c) - 'a' + 26               \
		   : (c) >= '0' && (c) <= '9' ? (c) - '0' + 52               \
		   : (c) == '+' || (c) == '-' ? 62                           \
		   : (c) == '/' || (c) == '_' ? 63                           \
		   : (c) == '='               ? BASE64_PAD                   \
		   : (c) == ' ' || (c) == '\t' || (c) == '\r' || (c) == '\n' \
			   ? BASE64_BLANK                                    \
			   : BASE64_JUNK))
#define BASE64_BITS(c, shift)                                                \
	(BASE64_VALUE(c) < BASE64_PAD ? (uint32_t)BASE64_VALUE(c) << (shift) \
				      : BASE64_NO_DIGIT)
#define BASE64_FIRST(c)  BASE64_BITS(c, 18)
#define BASE64_SECOND(c) BASE64_BITS(c, 12)
#define BASE64_THIRD(c)  BASE64_BITS(c, 6)
#define BASE64_FOURTH(c) BASE64_BITS(c, 0)
#define BASE64_4(of, c)  of(c), of((c) + 1), of((c) + 2), of((c) + 3)
#define BASE64_16(of, c)                                               \
	BASE64_4(of, c), BASE64_4(of, (c) + 4), BASE64_4(of, (c) + 8), \
		BASE64_4(of, (c) + 12)
#define BASE64_64(of, c)                                                    \
	BASE64_16(of, c), BASE64_16(of, (c) + 16), BASE64_16(of, (c) + 32), \
		BASE64_16(of, (c) + 48)
#define BASE64_256(of)                                                   \
	{                                                                \
		BASE64_64(of, 0), BASE64_64(of, 64), BASE64_64(of, 128), \
			BASE64_64(of, 192)                               \
	}

static const uint8_t base64_values[256] = BASE64_256(BASE64_VALUE);

/* The bits of each digit of a group where they belong. */
static const uint32_t base64_bits[4][256] = {
	BASE64_256(BASE64_FIRST),
	BASE64_256(BASE64_SECOND),
	BASE64_256(BASE64_THIRD),
	BASE64_256(BASE64_FOURTH),
};

struct base64 {
	/* cppcheck-suppress unusedStructMember ; SIMD reads it */
	enum cpu_way way;
	struct span text;
	size_t at;
	uint8_t *place;
	uint32_t bits;
	unsigned digits; /* of a group that is not whole yet */
	size_t junk;
};

static void
base64_flush(struct base64 *base64)
{
	const uint32_t bits = base64->bits;

	if (base64->digits >= 2)
		*base64->place++ = (uint8_t)(bits >> (base64->digits * 6 - 8));
	if (base64->digits == 3)
		*base64->place++ = (uint8_t)(bits >> 2);
	base64->bits = 0;
	base64->digits = 0;
}

/* One byte, whatever it is. */
static void
base64_step(struct base64 *base64)
{
	const uint8_t value = base64_values[base64->text.ptr[base64->at++]];

	if (value == BASE64_PAD) {
		base64_flush(base64);
	} else if (value < BASE64_PAD) {
		base64->bits = base64->bits << 6 | value;
		if (++base64->digits < 4)
			return;
		*base64->place++ = (uint8_t)(base64->bits >> 16);
		*base64->place++ = (uint8_t)(base64->bits >> 8);
		*base64->place++ = (uint8_t)base64->bits;
		base64->bits = 0;
		base64->digits = 0;
	}
	base64->junk += value == BASE64_JUNK;
}

/* Behind the blanks at at. */
static inline size_t
base64_skip_blanks(struct span text, size_t at)
{
	while (at < text.len_bytes &&
	       base64_values[text.ptr[at]] == BASE64_BLANK)
		at++;
	return at;
}

/* The bits of a group; BASE64_NO_DIGIT and more: it is none. */
static inline uint32_t
base64_group(const uint8_t *from)
{
	return base64_bits[0][from[0]] | base64_bits[1][from[1]] |
	       base64_bits[2][from[2]] | base64_bits[3][from[3]];
}

static inline uint8_t *
base64_put(uint8_t *place, uint32_t bits)
{
	place[0] = (uint8_t)(bits >> 16);
	place[1] = (uint8_t)(bits >> 8);
	place[2] = (uint8_t)bits;
	return place + 3;
}

/* Whole groups, as many as follow each other. */
static void
base64_groups(struct base64 *base64)
{
	const struct span text = base64->text;
	uint8_t *place = base64->place;
	size_t at = base64->at;

	while (text.len_bytes - at >= 8) {
		const uint32_t first = base64_group(text.ptr + at);
		const uint32_t second = base64_group(text.ptr + at + 4);

		if ((first | second) < BASE64_NO_DIGIT) {
			place = base64_put(base64_put(place, first), second);
			at += 8;
			continue;
		}
		if (first < BASE64_NO_DIGIT) {
			place = base64_put(place, first);
			at += 4;
		}
		const size_t next = base64_skip_blanks(text, at);

		if (next == at)
			break;
		at = next;
	}
	base64->place = place;
	base64->at = at;
}

#if BASE64_HAS_SIMD
#	define BASE64_AVX2 __attribute__((target("avx2")))
#	define BASE64_AVX512                                        \
		__attribute__((target("avx512f,avx512bw,avx512vbmi," \
				      "avx512vbmi2,popcnt")))

/* 0xff where a byte lies in first to last. */
BASE64_AVX2 static inline __m256i
base64_between(__m256i bytes, char first, char last)
{
	return _mm256_and_si256(
		_mm256_cmpgt_epi8(bytes, _mm256_set1_epi8((char)(first - 1))),
		_mm256_cmpgt_epi8(_mm256_set1_epi8((char)(last + 1)), bytes));
}

/* Values of 32 digits; in *digits_out a bit for each byte that is one. */
BASE64_AVX2 static inline __m256i
base64_values_32(__m256i bytes, uint32_t *digits_out)
{
	const __m256i upper = base64_between(bytes, 'A', 'Z');
	const __m256i lower = base64_between(bytes, 'a', 'z');
	const __m256i digit = base64_between(bytes, '0', '9');
	const __m256i plus = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('+'));
	const __m256i slash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('/'));
	const __m256i letters = _mm256_or_si256(
		_mm256_and_si256(upper, _mm256_set1_epi8(-'A')),
		_mm256_and_si256(lower, _mm256_set1_epi8(26 - 'a')));
	const __m256i marks = _mm256_or_si256(
		_mm256_and_si256(plus, _mm256_set1_epi8(62 - '+')),
		_mm256_and_si256(slash, _mm256_set1_epi8(63 - '/')));
	const __m256i shift = _mm256_or_si256(
		_mm256_or_si256(letters, marks),
		_mm256_and_si256(digit, _mm256_set1_epi8(52 - '0')));
	const __m256i known = _mm256_or_si256(
		_mm256_or_si256(upper, lower),
		_mm256_or_si256(digit, _mm256_or_si256(plus, slash)));

	*digits_out = (uint32_t)_mm256_movemask_epi8(known);
	return _mm256_add_epi8(bytes, shift);
}

/* Groups of 32 bytes at a time; what is behind the last digit of a whole
 * group is written, too, but not counted. */
BASE64_AVX2 static void
base64_blocks_32(struct base64 *base64)
{
	const __m256i order = _mm256_setr_epi8(
		2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1, 0,
		6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);

	const struct span text = base64->text;
	size_t at = base64->at;
	uint8_t *place = base64->place;

	while (text.len_bytes - at >= sizeof(__m256i)) {
		__m256i block;
		uint32_t digits = 0;

		memcpy(&block, text.ptr + at, sizeof(block));
		block = base64_values_32(block, &digits);
		const unsigned count =
			digits == UINT32_MAX ? 32
					     : (unsigned)__builtin_ctz(~digits);

		block = _mm256_maddubs_epi16(block,
					     _mm256_set1_epi32(0x01400140));
		block = _mm256_madd_epi16(block, _mm256_set1_epi32(0x00011000));
		block = _mm256_shuffle_epi8(block, order);
		block = _mm256_permutevar8x32_epi32(block, lanes);
		memcpy(place, &block, sizeof(block));
		place += count / 4 * 3;
		at += count / 4 * 4;
		/* A line end mostly stands between groups. */
		const size_t next = base64_skip_blanks(text, at);

		if (count < 32 && next == at)
			break;
		at = next;
	}
	base64->at = at;
	base64->place = place;
}

/* Values of the digits among 64 bytes at the start of sextets; returns how
 * many. False when there is a byte that is neither digit nor blank. */
BASE64_AVX512 static inline bool
base64_gather_64(const uint8_t *from, uint8_t *sextets, size_t *count)
{
	__m512i low;
	__m512i high;
	__m512i bytes;

	memcpy(&low, base64_values, sizeof(low));
	memcpy(&high, base64_values + sizeof(low), sizeof(high));
	memcpy(&bytes, from, sizeof(bytes));
	__m512i values = _mm512_permutex2var_epi8(low, bytes, high);
	const uint64_t others =
		_mm512_movepi8_mask(_mm512_or_si512(bytes, values));

	if (others != 0) {
		const uint64_t blanks =
			_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) |
			_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r')) |
			_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\t')) |
			_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' '));

		if ((others & ~blanks) != 0)
			return false;
		values = _mm512_maskz_compress_epi8(~others, values);
	}
	memcpy(sextets + *count, &values, sizeof(values));
	*count += (size_t)__builtin_popcountll(~others);
	return true;
}

/* 64 values to 48 bytes, and 16 that do not count. */
BASE64_AVX512 static inline void
base64_pack_64(const uint8_t *sextets, uint8_t *place)
{
	const __m512i order = _mm512_set_epi32(
		0, 0, 0, 0, 0x3c3d3e38, 0x393a3435, 0x36303132, 0x2c2d2e28,
		0x292a2425, 0x26202122, 0x1c1d1e18, 0x191a1415, 0x16101112,
		0x0c0d0e08, 0x090a0405, 0x06000102);
	__m512i values;

	memcpy(&values, sextets, sizeof(values));
	values = _mm512_maddubs_epi16(values, _mm512_set1_epi32(0x01400140));
	values = _mm512_madd_epi16(values, _mm512_set1_epi32(0x00011000));
	values = _mm512_permutexvar_epi8(order, values);
	memcpy(place, &values, sizeof(values));
}

/* The digits of many lines together, then their bytes, so that neither waits
 * for the other. What is no whole group stays for the loop by bytes. */
BASE64_AVX512 static void
base64_blocks_64(struct base64 *base64)
{
	enum { BASE64_SEXTETS = 2048 };
	UNSET uint8_t sextets[BASE64_SEXTETS + 2 * sizeof(__m512i)];
	const struct span text = base64->text;
	size_t at = base64->at;
	uint8_t *place = base64->place;
	size_t count = 0;
	size_t most = 0;
	bool more = true;

	while (more) {
		while (more && count < BASE64_SEXTETS) {
			more = text.len_bytes - at >= sizeof(__m512i) &&
			       base64_gather_64(text.ptr + at, sextets, &count);
			at += more ? sizeof(__m512i) : 0;
		}
		const size_t whole = count / 4 * 4;

		most = count > most ? count : most;

		for (size_t i = 0; i < whole; i += sizeof(__m512i))
			base64_pack_64(sextets + i, place + i / 4 * 3);
		place += whole / 4 * 3;
		memmove(sextets, sextets + whole, count - whole);
		count -= whole;
	}
	for (size_t i = 0; i < count; i++)
		base64->bits = base64->bits << 6 | sextets[i];
	base64->digits = (unsigned)count;
	base64->at = at;
	base64->place = place;
	explicit_bzero(sextets, most + sizeof(__m512i));
}
#endif

static void
base64_fast(struct base64 *base64)
{
#if BASE64_HAS_SIMD
	if (base64->way == CPU_WAY_AVX512)
		base64_blocks_64(base64);
	else if (base64->way == CPU_WAY_AVX2)
		base64_blocks_32(base64);
#endif
	if (base64->digits == 0)
		base64_groups(base64);
}

struct mime_decoded
mime_decode_base64_by(enum cpu_way way, struct span text, struct sbuf *out)
{
	const size_t room_bytes =
		text.len_bytes / 4 * 3 + 3 + BASE64_SLACK_BYTES;
	uint8_t *start = sbuf_extend(out, room_bytes);
	struct base64 base64 = { .way = way, .text = text, .place = start };

	if (start == NULL)
		return (struct mime_decoded){ 0 };
	while (base64.at < text.len_bytes) {
		if (base64.digits == 0 &&
		    base64_values[text.ptr[base64.at]] < BASE64_PAD)
			base64_fast(&base64);
		if (base64.at < text.len_bytes)
			base64_step(&base64);
	}
	/* "=" ends a group, so these digits stand behind the last one. */
	const bool cut = base64.digits == 1;

	base64_flush(&base64);
	sbuf_truncate(out, out->len_bytes - room_bytes +
				   (size_t)(base64.place - start));
	return (struct mime_decoded){ .junk = base64.junk, .is_cut = cut };
}

struct mime_decoded
mime_decode_base64(struct span text, struct sbuf *out)
{
	return mime_decode_base64_by(cpu_best(), text, out);
}
