/* The transformation formats of Unicode, and Latin-1. */
#include "scanners/text/charset_ascii.h"

#include "lib/base/parse.h"

static uint32_t
charset_unit(struct span bytes, size_t at, bool big_endian)
{
	const uint32_t a = bytes.ptr[at];
	const uint32_t b = bytes.ptr[at + 1];

	return big_endian ? a << 8 | b : b << 8 | a;
}

static bool
charset_is_high(uint32_t unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool
charset_is_low(uint32_t unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

static uint32_t
charset_join(uint32_t high, uint32_t low)
{
	return 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00;
}

/* Controls other than white space do not occur in text. */
static void
charset_note_control(struct charset_writer *writer, uint32_t cp, size_t at)
{
	const bool low = cp < 0x20 && cp != '\n' && cp != '\r' && cp != '\t' &&
			 cp != '\f';

	if (!low && !(cp >= 0x7F && cp < 0xA0))
		return;
	if (writer->stats.errors++ == 0)
		writer->stats.first_error_at = at;
}

#ifdef __SSE2__
/* Eight units of printable ASCII; false when they are not. */
static inline bool
charset_eight_ascii(const uint8_t *from, bool big_endian, uint8_t *place)
{
	__m128i units;

	memcpy(&units, from, sizeof(units));
	if (big_endian)
		units = _mm_or_si128(_mm_slli_epi16(units, 8),
				     _mm_srli_epi16(units, 8));
	const __m128i outside =
		_mm_or_si128(_mm_cmplt_epi16(units, _mm_set1_epi16(0x20)),
			     _mm_cmpgt_epi16(units, _mm_set1_epi16(0x7E)));

	if (_mm_movemask_epi8(outside) != 0)
		return false;
	units = _mm_packus_epi16(units, units);
	memcpy(place, &units, 8);
	return true;
}
#endif

/* A unit below U+0800 or of a pair of surrogates. */
static uint8_t *
charset_rare_unit(struct charset_writer *writer, struct span bytes, size_t *at,
		  bool big_endian, uint8_t *place)
{
	const size_t i = *at;
	const uint32_t unit = charset_unit(bytes, i, big_endian);
	uint32_t low = 0;

	*at = i + 2;
	if (unit < 0x800) {
		charset_note_control(writer, unit, i);
		return charset_put(place, unit);
	}
	if (bytes.len_bytes - i >= 4)
		low = charset_unit(bytes, i + 2, big_endian);
	if (!charset_is_high(unit) || !charset_is_low(low))
		return charset_put_error(writer, place, i);
	*at = i + 4;
	return charset_put(place, charset_join(unit, low));
}

static inline size_t
charset_block_utf16(struct charset_writer *writer, struct span bytes, size_t at,
		    bool big_endian)
{
	const size_t stop = charset_block_end(bytes, at);
	uint8_t *place = writer->place;

	while (at < stop && stop - at >= 2) {
		const uint32_t unit = charset_unit(bytes, at, big_endian);

		if (unit >= 0x800 && (unit & 0xF800) != 0xD800) {
			place = charset_three(place, unit);
			at += 2;
			continue;
		}
#ifdef __SSE2__
		if (unit < 0x80 && bytes.len_bytes - at >= 16 &&
		    charset_eight_ascii(bytes.ptr + at, big_endian, place)) {
			place += 8;
			at += 16;
			continue;
		}
#endif
		if (unit >= 0x20 && unit < 0x7F) {
			*place++ = (uint8_t)unit;
			at += 2;
			continue;
		}
		place = charset_rare_unit(writer, bytes, &at, big_endian,
					  place);
	}
	writer->place = place;
	return at;
}

void
charset_decode_utf16(struct charset_writer *writer, struct span bytes,
		     bool big_endian)
{
	size_t at = 0;

	if (bytes.len_bytes >= 2 &&
	    charset_unit(bytes, 0, big_endian) == 0xFEFF)
		at = 2;
	/* Two loops, so that neither asks for the order of bytes. */
	while (bytes.len_bytes - at >= 2) {
		at = big_endian ? charset_block_utf16(writer, bytes, at, true)
				: charset_block_utf16(writer, bytes, at, false);
		charset_flush(writer);
	}
	if (at < bytes.len_bytes)
		writer->place = charset_put_error(writer, writer->place, at);
	charset_flush(writer);
}

static void
charset_step_utf32(struct charset_writer *writer, struct span bytes, size_t at,
		   bool big_endian)
{
	const uint32_t first = charset_unit(bytes, at, big_endian);
	const uint32_t second = charset_unit(bytes, at + 2, big_endian);
	const uint32_t cp =
		big_endian ? first << 16 | second : second << 16 | first;

	if (cp == 0xFEFF && at == 0)
		return;
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF)) {
		writer->place = charset_put_error(writer, writer->place, at);
		return;
	}
	charset_note_control(writer, cp, at);
	writer->place = charset_put(writer->place, cp);
}

void
charset_decode_utf32(struct charset_writer *writer, struct span bytes,
		     bool big_endian)
{
	size_t at = 0;

	while (bytes.len_bytes - at >= 4) {
		const size_t stop = charset_block_end(bytes, at);

		for (; stop - at >= 4; at += 4)
			charset_step_utf32(writer, bytes, at, big_endian);
		charset_flush(writer);
	}
	if (at < bytes.len_bytes)
		writer->place = charset_put_error(writer, writer->place, at);
	charset_flush(writer);
}

/* Value of a base64 digit, -1 when it is none. */
static int
charset_sextet(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Text in base64 (RFC 2152), as far as it was read. */
struct charset_shifted {
	bool on;
	uint32_t bits;
	unsigned bit_count;
	uint32_t high; /* half a pair of surrogates, or 0 */
};

/* A half that has no other one. */
static void
charset_end_high(struct charset_writer *writer, struct charset_shifted *shifted,
		 size_t at)
{
	if (shifted->high != 0)
		writer->place = charset_put_error(writer, writer->place, at);
	shifted->high = 0;
}

static void
charset_put_shifted(struct charset_writer *writer,
		    struct charset_shifted *shifted, uint32_t unit, size_t at)
{
	if (charset_is_low(unit) && shifted->high != 0) {
		writer->place = charset_put(writer->place,
					    charset_join(shifted->high, unit));
		shifted->high = 0;
		return;
	}
	charset_end_high(writer, shifted, at);
	if (charset_is_high(unit))
		shifted->high = unit;
	else if (charset_is_low(unit))
		writer->place = charset_put_error(writer, writer->place, at);
	else
		writer->place = charset_put(writer->place, unit);
}

/* One byte of shifted text; returns where the next one stands. */
static size_t
charset_step_shifted(struct charset_writer *writer, struct span bytes,
		     size_t at, struct charset_shifted *shifted)
{
	const int value = charset_sextet(bytes.ptr[at]);

	if (value < 0) {
		charset_end_high(writer, shifted, at);
		shifted->on = false;
		return bytes.ptr[at] == '-' ? at + 1 : at;
	}
	shifted->bits = shifted->bits << 6 | (uint32_t)value;
	shifted->bit_count += 6;
	if (shifted->bit_count >= 16) {
		shifted->bit_count -= 16;
		charset_put_shifted(
			writer, shifted,
			shifted->bits >> shifted->bit_count & 0xFFFF, at);
	}
	return at + 1;
}

static size_t
charset_step_utf7(struct charset_writer *writer, struct span bytes, size_t at,
		  struct charset_shifted *shifted)
{
	const uint8_t c = bytes.ptr[at];

	if (shifted->on)
		return charset_step_shifted(writer, bytes, at, shifted);
	if (c != '+') {
		writer->place =
			c < 0x80 ? charset_put(writer->place, c)
				 : charset_put_error(writer, writer->place, at);
		return at + 1;
	}
	if (at + 1 < bytes.len_bytes && bytes.ptr[at + 1] == '-') {
		*writer->place++ = '+';
		return at + 2;
	}
	*shifted = (struct charset_shifted){ .on = true };
	return at + 1;
}

void
charset_decode_utf7(struct charset_writer *writer, struct span bytes)
{
	struct charset_shifted shifted = { 0 };
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const size_t stop = charset_block_end(bytes, at);

		while (at < stop)
			at = charset_step_utf7(writer, bytes, at, &shifted);
		charset_flush(writer);
	}
	/* There is half a character only where there are bytes. */
	charset_end_high(writer, &shifted, at > 0 ? at - 1 : 0);
	charset_flush(writer);
}

/* Up to stop; what is valid is copied at once. */
static size_t
charset_step_utf8(struct charset_writer *writer, struct span bytes, size_t at,
		  size_t stop)
{
	const struct span head = { bytes.ptr, stop };
	size_t end = parse_utf8_end(head, at);

	memcpy(writer->place, bytes.ptr + at, end - at);
	writer->place += end - at;
	if (end < stop) {
		const size_t start = end;
		const uint32_t cp = utf8_next(bytes, &end);

		/* A character may stand across the end of the block. */
		writer->place = cp == UTF8_REPLACEMENT && end == start + 1
					? charset_put_error(
						  writer, writer->place, start)
					: charset_put(writer->place, cp);
	}
	return end;
}

void
charset_decode_utf8(struct charset_writer *writer, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const size_t stop = charset_block_end(bytes, at);

		while (at < stop)
			at = charset_step_utf8(writer, bytes, at, stop);
		charset_flush(writer);
	}
}

/* 0x80 to 0x9f as Windows-1252 has them (and browsers read Latin-1): its
 * dashes stand between digits. */
static uint32_t
charset_latin_point(uint8_t c)
{
	static const uint16_t windows[32] = {
		0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
		0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
	};

	if (c < 0x80 || c > 0x9F || windows[c - 0x80] == 0)
		return c;
	return windows[c - 0x80];
}

void
charset_decode_latin1(struct charset_writer *writer, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const size_t stop = charset_block_end(bytes, at);

		while (at < stop) {
			if (bytes.ptr[at] < 0x80)
				writer->place = charset_copy_ascii(
					bytes, &at, stop, writer->place, false);
			else
				writer->place = charset_put(
					writer->place,
					charset_latin_point(bytes.ptr[at++]));
		}
		charset_flush(writer);
	}
}
