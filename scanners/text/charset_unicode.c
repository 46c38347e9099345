/* The transformation formats of Unicode but UTF-8. */
#include "scanners/text/charset_writer.h"

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

/* Controls other than white space do not occur in text. */
static void
charset_put_unit(struct charset_writer *writer, uint32_t cp)
{
	if (cp < 0x20 && cp != '\n' && cp != '\r' && cp != '\t' && cp != '\f')
		writer->stats.errors++;
	charset_put(writer, cp);
}

void
charset_decode_utf16(struct charset_writer *writer, struct span bytes,
		     bool big_endian)
{
	size_t at = 0;

	if (bytes.len_bytes >= 2 &&
	    charset_unit(bytes, 0, big_endian) == 0xFEFF)
		at = 2;
	while (bytes.len_bytes - at >= 2) {
		const uint32_t unit = charset_unit(bytes, at, big_endian);

		at += 2;
		if (unit < 0xD800 || unit > 0xDFFF) {
			charset_put_unit(writer, unit);
			continue;
		}
		const uint32_t low =
			bytes.len_bytes - at >= 2
				? charset_unit(bytes, at, big_endian)
				: 0;
		if (!charset_is_high(unit) || !charset_is_low(low)) {
			charset_put_error(writer);
			continue;
		}
		charset_put(writer,
			    0x10000 + ((unit - 0xD800) << 10) + low - 0xDC00);
		at += 2;
	}
	if (at < bytes.len_bytes)
		charset_put_error(writer);
}

void
charset_decode_utf32(struct charset_writer *writer, struct span bytes,
		     bool big_endian)
{
	size_t at = 0;

	for (; bytes.len_bytes - at >= 4; at += 4) {
		const uint32_t first = charset_unit(bytes, at, big_endian);
		const uint32_t second = charset_unit(bytes, at + 2, big_endian);
		const uint32_t cp = big_endian ? first << 16 | second
					       : second << 16 | first;

		if (cp == 0xFEFF && at == 0)
			continue;
		if (cp > 0x10FFFF)
			charset_put_error(writer);
		else
			charset_put_unit(writer, cp);
	}
	if (at < bytes.len_bytes)
		charset_put_error(writer);
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

/* The shifted text that starts at at; returns where it ends (RFC 2152). */
static size_t
charset_utf7_shifted(struct charset_writer *writer, struct span bytes,
		     size_t at)
{
	uint32_t bits = 0;
	unsigned bit_count = 0;
	uint32_t high = 0;

	for (; at < bytes.len_bytes; at++) {
		const int value = charset_sextet(bytes.ptr[at]);

		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		bit_count += 6;
		if (bit_count < 16)
			continue;
		bit_count -= 16;
		const uint32_t unit = bits >> bit_count & 0xFFFF;

		if (charset_is_high(unit))
			high = unit;
		else if (charset_is_low(unit) && high != 0)
			charset_put(writer, 0x10000 + ((high - 0xD800) << 10) +
						    unit - 0xDC00);
		else
			charset_put(writer, unit);
	}
	return at < bytes.len_bytes && bytes.ptr[at] == '-' ? at + 1 : at;
}

void
charset_decode_utf7(struct charset_writer *writer, struct span bytes)
{
	size_t at = 0;

	while (at < bytes.len_bytes) {
		const uint8_t c = bytes.ptr[at++];

		if (c != '+') {
			charset_put(writer, c);
			continue;
		}
		if (at < bytes.len_bytes && bytes.ptr[at] == '-') {
			charset_put(writer, '+');
			at++;
			continue;
		}
		at = charset_utf7_shifted(writer, bytes, at);
	}
}
