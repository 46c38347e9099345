#include "scanners/readers/mime_decode.h"

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
	uint8_t bytes[0x3F + 2];
	size_t want = 0;

	if (line.len_bytes == 0 || line.ptr[0] < 0x20 || line.ptr[0] > 0x60)
		return false;
	want = (line.ptr[0] - 0x20U) & 0x3F;
	if (want == 0 || line.len_bytes - 1 < (want * 4 + 2) / 3)
		return false;
	for (size_t i = 0; i < want; i += 3) {
		const uint32_t bits = mime_uu_group(line, 1 + i / 3 * 4);

		bytes[i] = (uint8_t)(bits >> 16);
		bytes[i + 1] = (uint8_t)(bits >> 8);
		bytes[i + 2] = (uint8_t)bits;
	}
	sbuf_add(out, bytes, want);
	explicit_bzero(bytes, sizeof(bytes));
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

/* Where the next line starts that begins with "begin", at or after at. */
static size_t
mime_uu_find(struct span text, size_t at)
{
	while (at < text.len_bytes) {
		const uint8_t *found =
			memmem(text.ptr + at, text.len_bytes - at, "begin", 5);

		if (found == NULL)
			break;
		at = (size_t)(found - text.ptr);
		if (at == 0 || found[-1] == '\n' || found[-1] == '\r')
			return at;
		at++;
	}
	return text.len_bytes;
}

bool
mime_uu_next(struct span text, size_t at, struct mime_uu *uu_out,
	     struct sbuf *out)
{
	struct span line = { 0 };
	struct mime_uu uu = { 0 };

	while ((at = mime_uu_find(text, at)) < text.len_bytes) {
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
