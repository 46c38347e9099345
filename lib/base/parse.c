#include "lib/base/parse.h"

#include <string.h>

bool
parse_u64(struct span text, uint64_t max, uint64_t *value_out)
{
	uint64_t value = 0;

	if (text.len_bytes == 0)
		return false;
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];

		if (c < '0' || c > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(c - '0'), &value))
			return false;
	}
	if (value > max)
		return false;
	*value_out = value;
	return true;
}

static bool
parse_nibble(uint8_t c, uint8_t *nibble_out)
{
	if (c >= '0' && c <= '9')
		*nibble_out = (uint8_t)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*nibble_out = (uint8_t)(c - 'a' + 10);
	else if (c >= 'A' && c <= 'F')
		*nibble_out = (uint8_t)(c - 'A' + 10);
	else
		return false;
	return true;
}

bool
parse_hex(struct span text, uint8_t *bytes, size_t len_bytes)
{
	if (text.len_bytes / 2 != len_bytes || text.len_bytes % 2 != 0)
		return false;
	for (size_t i = 0; i < len_bytes; i++) {
		uint8_t high = 0;
		uint8_t low = 0;

		if (!parse_nibble(text.ptr[2 * i], &high) ||
		    !parse_nibble(text.ptr[2 * i + 1], &low))
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
parse_sextet(uint8_t c, uint32_t *sextet_out)
{
	if (c >= 'A' && c <= 'Z')
		*sextet_out = (uint32_t)(c - 'A');
	else if (c >= 'a' && c <= 'z')
		*sextet_out = (uint32_t)(c - 'a' + 26);
	else if (c >= '0' && c <= '9')
		*sextet_out = (uint32_t)(c - '0' + 52);
	else if (c == '-')
		*sextet_out = 62;
	else if (c == '_')
		*sextet_out = 63;
	else
		return false;
	return true;
}

bool
parse_base64url(struct span text, uint8_t *bytes, size_t len_bytes)
{
	uint32_t bits = 0;
	unsigned held_bits = 0;
	size_t at = 0;

	if (text.len_bytes != (len_bytes * 8 + 5) / 6)
		return false;
	for (size_t i = 0; i < text.len_bytes; i++) {
		uint32_t sextet = 0;

		if (!parse_sextet(text.ptr[i], &sextet))
			return false;
		bits = (bits << 6 | sextet) & 0xffffff;
		held_bits += 6;
		if (held_bits >= 8) {
			held_bits -= 8;
			bytes[at++] = (uint8_t)(bits >> held_bits);
		}
	}
	/* One text per value: the unused low bits must be zero. */
	return at == len_bytes && (bits & ((1U << held_bits) - 1)) == 0;
}

void
format_hex(struct sbuf *buf, struct span bytes)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < bytes.len_bytes; i++) {
		sbuf_add_byte(buf, (uint8_t)digits[bytes.ptr[i] >> 4]);
		sbuf_add_byte(buf, (uint8_t)digits[bytes.ptr[i] & 15]);
	}
}

static void
format_sextets(struct sbuf *buf, struct span bytes, const char *alphabet,
	       bool pad)
{
	for (size_t i = 0; i < bytes.len_bytes; i += 3) {
		const size_t left = bytes.len_bytes - i;
		const uint32_t b0 = bytes.ptr[i];
		const uint32_t b1 = left > 1 ? bytes.ptr[i + 1] : 0;
		const uint32_t b2 = left > 2 ? bytes.ptr[i + 2] : 0;
		const uint32_t bits = b0 << 16 | b1 << 8 | b2;

		sbuf_add_byte(buf, (uint8_t)alphabet[bits >> 18]);
		sbuf_add_byte(buf, (uint8_t)alphabet[bits >> 12 & 63]);
		if (left > 1)
			sbuf_add_byte(buf, (uint8_t)alphabet[bits >> 6 & 63]);
		else if (pad)
			sbuf_add_byte(buf, '=');
		if (left > 2)
			sbuf_add_byte(buf, (uint8_t)alphabet[bits & 63]);
		else if (pad)
			sbuf_add_byte(buf, '=');
	}
}

void
format_base64url(struct sbuf *buf, struct span bytes)
{
	format_sextets(buf, bytes,
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		       "0123456789-_",
		       false);
}

void
format_base64(struct sbuf *buf, struct span bytes)
{
	format_sextets(buf, bytes,
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		       "0123456789+/",
		       true);
}

struct span
span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static uint8_t
ascii_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

bool
span_equal_nocase(struct span a, struct span b)
{
	if (a.len_bytes != b.len_bytes)
		return false;
	for (size_t i = 0; i < a.len_bytes; i++) {
		if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
			return false;
	}
	return true;
}

bool
span_equal(struct span a, struct span b)
{
	return a.len_bytes == b.len_bytes &&
	       (a.len_bytes == 0 || memcmp(a.ptr, b.ptr, a.len_bytes) == 0);
}
