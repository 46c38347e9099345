#include "scanners/readers/mime_decode.h"

#include <ctype.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/mime_header.h"

enum mime_encoding
mime_encoding_find(struct span word)
{
	static const struct {
		const char *name;
		enum mime_encoding encoding;
	} names[] = {
		{ "7bit", MIME_ENCODING_PLAIN },
		{ "8bit", MIME_ENCODING_PLAIN },
		{ "7-bit", MIME_ENCODING_PLAIN },
		{ "8-bit", MIME_ENCODING_PLAIN },
		{ "binary", MIME_ENCODING_PLAIN },
		{ "none", MIME_ENCODING_PLAIN },
		{ "base64", MIME_ENCODING_BASE64 },
		{ "base-64", MIME_ENCODING_BASE64 },
		{ "x-base64", MIME_ENCODING_BASE64 },
		{ "quoted-printable", MIME_ENCODING_QUOTED },
		{ "quotedprintable", MIME_ENCODING_QUOTED },
		{ "x-uuencode", MIME_ENCODING_UU },
		{ "uuencode", MIME_ENCODING_UU },
		{ "x-uue", MIME_ENCODING_UU },
		{ "uue", MIME_ENCODING_UU },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_equal(word, span_of(names[i].name)))
			return names[i].encoding;
	return MIME_ENCODING_NONE;
}

/* Values of base64 digits; 64 "=", 65 white space, 66 junk. */
static uint8_t
mime_base64_class(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint8_t)(c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (uint8_t)(c - '0' + 52);
	switch (c) {
	case '+':
	case '-': /* base64url */
		return 62;
	case '/':
	case '_':
		return 63;
	case '=':
		return 64;
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return 65;
	default:
		return 66;
	}
}

static uint8_t *
mime_base64_flush(uint8_t *place, uint32_t bits, unsigned digits)
{
	if (digits >= 2)
		*place++ = (uint8_t)(bits >> (digits * 6 - 8));
	if (digits == 3)
		*place++ = (uint8_t)(bits >> 2);
	return place;
}

static bool
mime_base64_is_cut(struct span text)
{
	unsigned digits = 0;

	/* "=" ends a group: what counts is what stands behind the last one. */
	for (size_t i = text.len_bytes; i > 0; i--) {
		const uint8_t value = mime_base64_class(text.ptr[i - 1]);

		if (value == 64)
			break;
		digits += value < 64;
	}
	return digits % 4 == 1;
}

static bool
mime_quoted_is_cut(struct span text)
{
	const size_t n = text.len_bytes;

	return n >= 2 && text.ptr[n - 2] == '=' &&
	       isxdigit(text.ptr[n - 1]) != 0;
}

bool
mime_encoding_is_cut(enum mime_encoding encoding, struct span text)
{
	if (encoding == MIME_ENCODING_BASE64)
		return mime_base64_is_cut(text);
	return encoding == MIME_ENCODING_QUOTED && mime_quoted_is_cut(text);
}

size_t
mime_decode_base64(struct span text, struct sbuf *out)
{
	uint8_t classes[256];
	uint32_t bits = 0;
	unsigned digits = 0;
	size_t junk = 0;
	uint8_t *start = sbuf_extend(out, text.len_bytes / 4 * 3 + 3);
	uint8_t *place = start;

	if (start == NULL)
		return 0;
	for (unsigned c = 0; c < 256; c++)
		classes[c] = mime_base64_class((uint8_t)c);
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t value = classes[text.ptr[i]];

		if (value < 64) {
			bits = bits << 6 | value;
			if (++digits < 4)
				continue;
			*place++ = (uint8_t)(bits >> 16);
			*place++ = (uint8_t)(bits >> 8);
			*place++ = (uint8_t)bits;
			digits = 0;
		} else if (value == 64) {
			place = mime_base64_flush(place, bits & 0x3FFFF,
						  digits);
			digits = 0;
		}
		junk += value == 66;
	}
	place = mime_base64_flush(place, bits & 0x3FFFF, digits);
	sbuf_truncate(out, out->len_bytes - (text.len_bytes / 4 * 3 + 3 -
					     (size_t)(place - start)));
	return junk;
}

static int
mime_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that two hex digits at at mean, -1 when there are none. */
static int
mime_hex_byte(struct span text, size_t at)
{
	int high = 0;
	int low = 0;

	if (text.len_bytes < 2 || at > text.len_bytes - 2)
		return -1;
	high = mime_hex(text.ptr[at]);
	low = mime_hex(text.ptr[at + 1]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
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

void
mime_decode_quoted(struct span text, enum mime_quoted kind, struct sbuf *out)
{
	size_t at = 0;

	while (at < text.len_bytes) {
		const uint8_t c = text.ptr[at];
		const int byte = c == '=' ? mime_hex_byte(text, at + 1) : -1;

		if (byte >= 0) {
			sbuf_add_byte(out, (uint8_t)byte);
			at += 3;
			continue;
		}
		if (c == '=' && kind == MIME_QUOTED_BODY &&
		    mime_soft_break(text, at) > at) {
			at = mime_soft_break(text, at);
			continue;
		}
		sbuf_add_byte(out,
			      c == '_' && kind == MIME_QUOTED_WORD ? ' ' : c);
		at++;
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

/* Digits of the mode, then a blank, then the name. */
static bool
mime_uu_mode(struct span line, size_t at, struct span *name_out)
{
	size_t digits = 0;

	while (at + digits < line.len_bytes && line.ptr[at + digits] >= '0' &&
	       line.ptr[at + digits] <= '7')
		digits++;
	at += digits;
	if (digits < 3 || digits > 6 || at >= line.len_bytes ||
	    line.ptr[at] != ' ')
		return false;
	return span_cut(line, at + 1, line.len_bytes - at - 1, name_out);
}

static bool
mime_starts(struct span line, const char *text)
{
	const size_t len = strlen(text);

	return line.len_bytes >= len && memcmp(line.ptr, text, len) == 0;
}

/* Four letters of uuencode at at; those missing at the end are blanks. */
static uint32_t
mime_uu_group(struct span line, size_t at)
{
	uint32_t bits = 0;

	for (size_t i = at; i < at + 4; i++) {
		const uint32_t c = i < line.len_bytes ? line.ptr[i] : 0x20U;

		bits = bits << 6 | ((c - 0x20U) & 0x3F);
	}
	return bits;
}

/* One line of uuencode. False when it is none (or the empty last one). */
static bool
mime_uu_line(struct span line, struct sbuf *out)
{
	size_t want = 0;

	if (line.len_bytes == 0 || line.ptr[0] < 0x20 || line.ptr[0] > 0x60)
		return false;
	want = (line.ptr[0] - 0x20U) & 0x3F;
	if (want == 0 || line.len_bytes - 1 < (want * 4 + 2) / 3)
		return false;
	for (size_t i = 0; i < want; i++) {
		const uint32_t bits = mime_uu_group(line, 1 + i / 3 * 4);

		sbuf_add_byte(out, (uint8_t)(bits >> (16 - i % 3 * 8)));
	}
	return true;
}

/* The lines after "begin"; returns where the file ends. */
static size_t
mime_uu_body(struct span text, size_t at, bool base64, struct sbuf *out)
{
	struct span line = { 0 };

	while (at < text.len_bytes) {
		const size_t next = mime_line(text, at, &line);
		const bool end = base64 ? mime_starts(line, "====")
					: mime_starts(line, "end");

		if (end)
			return next;
		if (base64)
			(void)mime_decode_base64(line, out);
		else if (!mime_uu_line(line, out) && line.len_bytes > 1)
			return at;
		at = next;
	}
	return at;
}

bool
mime_uu_next(struct span text, size_t at, struct mime_uu *uu_out,
	     struct sbuf *out)
{
	struct span line = { 0 };
	struct mime_uu uu = { 0 };

	while (at < text.len_bytes) {
		const size_t next = mime_line(text, at, &line);
		const bool base64 = mime_starts(line, "begin-base64 ");
		const bool begins =
			(base64 && mime_uu_mode(line, 13, &uu.name)) ||
			(mime_starts(line, "begin ") &&
			 mime_uu_mode(line, 6, &uu.name));

		if (begins) {
			uu.start_at = at;
			uu.end_at = mime_uu_body(text, next, base64, out);
			*uu_out = uu;
			return true;
		}
		at = next;
	}
	return false;
}
