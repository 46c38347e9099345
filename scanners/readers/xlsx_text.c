#include "scanners/readers/xlsx_text.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/utf8.h"

enum {
	XLSX_ESCAPE_BYTES = 7, /* "_x0031_" */
	XLSX_SIZE_DIGITS = 2,  /* of a font */
	XLSX_COLOR_BYTES = 6
};

/* The character of the escape at at; false when there is none. */
static bool
xlsx_escape(struct span text, size_t at, uint32_t *cp_out)
{
	struct span digits = { 0 };
	uint8_t bytes[2];

	if (at + XLSX_ESCAPE_BYTES > text.len_bytes || text.ptr[at] != '_' ||
	    text.ptr[at + 1] != 'x' ||
	    text.ptr[at + XLSX_ESCAPE_BYTES - 1] != '_' ||
	    !span_cut(text, at + 2, 4, &digits) ||
	    !parse_hex(digits, bytes, sizeof(bytes)))
		return false;
	*cp_out = (uint32_t)bytes[0] << 8 | bytes[1];
	return true;
}

void
xlsx_text_unescape(struct sbuf *text, size_t from)
{
	size_t used = from;
	size_t at = from;

	if (text->len_bytes <= from ||
	    memmem(text->bytes + from, text->len_bytes - from, "_x", 2) == NULL)
		return;
	while (at < text->len_bytes) {
		uint32_t cp = 0;

		if (!xlsx_escape(sbuf_span(text), at, &cp)) {
			text->bytes[used++] = text->bytes[at++];
			continue;
		}
		/* No character takes more room than its escape. */
		used += utf8_encode(cp, text->bytes + used);
		at += XLSX_ESCAPE_BYTES;
	}
	sbuf_truncate(text, used);
}

static bool
xlsx_is_digit(struct span code, size_t at)
{
	return at < code.len_bytes && code.ptr[at] >= '0' &&
	       code.ptr[at] <= '9';
}

/* Behind the code whose letter stands at at. */
static size_t
xlsx_skip_code(struct span code, size_t at)
{
	const uint8_t letter = code.ptr[at];
	const uint8_t *quote = NULL;

	if (letter == '"') {
		quote = memchr(code.ptr + at + 1, '"', code.len_bytes - at - 1);
		return quote != NULL ? (size_t)(quote - code.ptr) + 1 : at + 1;
	}
	if (letter == 'K' && at + XLSX_COLOR_BYTES < code.len_bytes)
		return at + 1 + XLSX_COLOR_BYTES;
	if (!xlsx_is_digit(code, at))
		return at + 1;
	for (size_t i = 0; i < XLSX_SIZE_DIGITS && xlsx_is_digit(code, at); i++)
		at++;
	return at;
}

void
xlsx_text_header(struct span code, struct sbuf *out)
{
	for (size_t at = 0; at < code.len_bytes;) {
		const uint8_t c = code.ptr[at++];

		if (c != '&' || at == code.len_bytes) {
			sbuf_add_byte(out, c);
			continue;
		}
		if (code.ptr[at] == '&')
			sbuf_add_byte(out, '&');
		else if (code.ptr[at] == 'L' || code.ptr[at] == 'C' ||
			 code.ptr[at] == 'R')
			sbuf_add_byte(out, '\n');
		at = xlsx_skip_code(code, at);
	}
	sbuf_add_byte(out, '\n');
}
