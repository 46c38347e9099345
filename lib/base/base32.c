#include "lib/base/base32.h"

#include <string.h>

static const char base32_rfc4648[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char base32_crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
format_with(struct sbuf *buf, struct span bytes, const char *alphabet,
	    size_t group)
{
	uint32_t bits = 0;
	unsigned int count = 0;
	size_t written = 0;
	size_t at = 0;

	while (at < bytes.len_bytes || count > 0) {
		if (count < 5 && at < bytes.len_bytes) {
			bits = bits << 8 | bytes.ptr[at++];
			count += 8;
		} else if (count < 5) { /* the last one is filled with 0 */
			bits <<= 5 - count;
			count = 5;
		}
		if (group > 0 && written > 0 && written % group == 0)
			sbuf_add_byte(buf, '-');
		sbuf_add_byte(buf, (uint8_t)alphabet[bits >> (count - 5) & 31]);
		count -= 5;
		bits &= (UINT32_C(1) << count) - 1;
		written++;
	}
}

void
format_base32(struct sbuf *buf, struct span bytes)
{
	format_with(buf, bytes, base32_rfc4648, 0);
}

void
format_code(struct sbuf *buf, struct span bytes, size_t group)
{
	format_with(buf, bytes, base32_crockford, group);
}

/* Value of a character as people type it; -1: none. */
static int
code_value(uint8_t c)
{
	const char *found = NULL;

	if (c >= 'a' && c <= 'z')
		c = (uint8_t)(c - 'a' + 'A');
	if (c == 'O')
		return 0;
	if (c == 'I' || c == 'L')
		return 1;
	found = c != '\0' ? strchr(base32_crockford, c) : NULL;
	return found != NULL ? (int)(found - base32_crockford) : -1;
}

bool
parse_code(struct span text, uint8_t *bytes, size_t len_bytes)
{
	uint32_t bits = 0;
	unsigned int count = 0;
	size_t written = 0;

	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];
		const int value = code_value(c);

		if (c == ' ' || c == '-' || c == '\t')
			continue;
		if (value < 0)
			return false;
		bits = bits << 5 | (uint32_t)value;
		count += 5;
		if (count < 8)
			continue;
		count -= 8;
		if (written == len_bytes)
			return false;
		bytes[written++] = (uint8_t)(bits >> count);
		bits &= (UINT32_C(1) << count) - 1;
	}
	/* What fills the last character is nothing but zeros. */
	return written == len_bytes && count < 5 && bits == 0;
}
