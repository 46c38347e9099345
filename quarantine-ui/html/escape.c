#include "quarantine-ui/html/escape.h"

#include <string.h>

#include "lib/base/parse.h"

static const char replacement[] = "\xef\xbf\xbd";

/* Length of the character at the start of text, 0 when it is not UTF-8. */
static size_t
escape_character(struct span text)
{
	for (size_t len = 1; len <= 4 && len <= text.len_bytes; len++) {
		const struct span piece = { text.ptr, len };

		if (parse_is_utf8(piece))
			return len;
	}
	return 0;
}

/* U+202A..202E, U+2066..2069, U+200E, U+200F, U+061C and the C1 controls. */
static bool
escape_turns_direction(struct span c)
{
	if (c.len_bytes == 2)
		return (c.ptr[0] == 0xd8 && c.ptr[1] == 0x9c) ||
		       (c.ptr[0] == 0xc2 && c.ptr[1] < 0xa0);
	if (c.len_bytes != 3 || c.ptr[0] != 0xe2)
		return false;
	if (c.ptr[1] == 0x80)
		return (c.ptr[2] >= 0xaa && c.ptr[2] <= 0xae) ||
		       c.ptr[2] == 0x8e || c.ptr[2] == 0x8f;
	return c.ptr[1] == 0x81 && c.ptr[2] >= 0xa6 && c.ptr[2] <= 0xa9;
}

static void
escape_ascii(uint8_t c, struct sbuf *out)
{
	switch (c) {
	case '&':
		sbuf_add_text(out, "&amp;");
		return;
	case '<':
		sbuf_add_text(out, "&lt;");
		return;
	case '>':
		sbuf_add_text(out, "&gt;");
		return;
	case '"':
		sbuf_add_text(out, "&quot;");
		return;
	case '\'':
		sbuf_add_text(out, "&#39;");
		return;
	default:
		break;
	}
	if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
		sbuf_add_text(out, replacement);
	else
		sbuf_add_byte(out, c);
}

void
escape_html(struct span text, struct sbuf *out)
{
	size_t at = 0;

	while (at < text.len_bytes) {
		struct span rest;

		if (!span_cut(text, at, text.len_bytes - at, &rest) ||
		    rest.ptr == NULL)
			return;
		const size_t len = escape_character(rest);
		const struct span c = { rest.ptr, len };

		if (len == 1)
			escape_ascii(rest.ptr[0], out);
		else if (len == 0 || escape_turns_direction(c))
			sbuf_add_text(out, replacement);
		else
			sbuf_add_span(out, c);
		at += len == 0 ? 1 : len;
	}
}

static bool
escape_is_unreserved(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
	       c == '~';
}

void
escape_url(struct span text, struct sbuf *out)
{
	for (size_t i = 0; i < text.len_bytes; i++) {
		if (escape_is_unreserved(text.ptr[i]))
			sbuf_add_byte(out, text.ptr[i]);
		else
			sbuf_addf(out, "%%%02X", (unsigned)text.ptr[i]);
	}
}
