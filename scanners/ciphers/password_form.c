#include "scanners/ciphers/password_form.h"

#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/text/charset.h"
#include "scanners/text/utf8.h"

enum {
	FORM_LEAD_FIRST = 0x81,
	FORM_LEAD_LAST = 0xFC,
	FORM_TRAIL_FIRST = 0x40,
	FORM_TRAIL_LAST = 0xFC,
	FORM_LINE_BYTES = 3,
	FORM_MAX_LIST_BYTES = 1 << 20
};

static bool
form_is_ascii(struct span utf8)
{
	for (size_t i = 0; i < utf8.len_bytes; i++)
		if (utf8.ptr[i] >= 0x80)
			return false;
	return true;
}

/* Lines with each code of one or two bytes, one after another. */
static void
form_list_codes(struct sbuf *codes)
{
	for (unsigned one = 0xA1; one <= 0xDF; one++) {
		const uint8_t line[FORM_LINE_BYTES] = { (uint8_t)one, ' ',
							'\n' };

		sbuf_add(codes, line, sizeof(line));
	}
	for (unsigned lead = FORM_LEAD_FIRST; lead <= FORM_LEAD_LAST; lead++) {
		if (lead >= 0xA0 && lead <= 0xDF)
			continue;
		for (unsigned trail = FORM_TRAIL_FIRST;
		     trail <= FORM_TRAIL_LAST; trail++) {
			const uint8_t line[FORM_LINE_BYTES] = { (uint8_t)lead,
								(uint8_t)trail,
								'\n' };

			sbuf_add(codes, line, sizeof(line));
		}
	}
}

/* The code of a character: the line that decodes to it. */
static bool
form_put_code(struct span codes, struct span texts, struct span character,
	      struct sbuf *out)
{
	for (size_t at = 0; at < codes.len_bytes && texts.len_bytes > 0;
	     at += FORM_LINE_BYTES) {
		const uint8_t *end = memchr(texts.ptr, '\n', texts.len_bytes);

		if (end == NULL)
			return false;
		struct span text = { texts.ptr, (size_t)(end - texts.ptr) };

		texts.ptr = end + 1;
		texts.len_bytes -= text.len_bytes + 1;
		const bool is_short = text.len_bytes > 0 &&
				      text.ptr[text.len_bytes - 1] == ' ';

		text.len_bytes -= is_short ? 1 : 0;
		if (span_equal(text, character)) {
			sbuf_add(out, codes.ptr + at, is_short ? 1 : 2);
			return true;
		}
	}
	return false;
}

static bool
form_cp932(struct span utf8, struct sbuf *out)
{
	AUTO(sbuf_done) struct sbuf codes;
	AUTO(sbuf_done) struct sbuf texts;
	bool all = true;

	sbuf_init(&codes, FORM_MAX_LIST_BYTES);
	sbuf_init(&texts, FORM_MAX_LIST_BYTES);
	form_list_codes(&codes);
	charset_decode(CHARSET_CP932, sbuf_span(&codes), &texts);
	for (size_t at = 0; all && at < utf8.len_bytes;) {
		const size_t start = at;

		(void)utf8_next(utf8, &at);
		if (at == start + 1)
			sbuf_add_byte(out, utf8.ptr[start]);
		else
			all = form_put_code(
				sbuf_span(&codes), sbuf_span(&texts),
				(struct span){ utf8.ptr + start, at - start },
				out);
	}
	return all;
}

/* Windows-1252, as far as it is Latin-1. */
static bool
form_latin1(struct span utf8, struct sbuf *out)
{
	for (size_t at = 0; at < utf8.len_bytes;) {
		const uint32_t cp = utf8_next(utf8, &at);

		if (cp > 0xFF)
			return false;
		sbuf_add_byte(out, (uint8_t)cp);
	}
	return true;
}

static void
form_utf16le(struct span utf8, struct sbuf *out)
{
	for (size_t at = 0; at < utf8.len_bytes;) {
		uint32_t cp = utf8_next(utf8, &at);

		if (cp > 0xFFFF) {
			const uint32_t high = 0xD7C0 + (cp >> 10);

			sbuf_add_byte(out, (uint8_t)high);
			sbuf_add_byte(out, (uint8_t)(high >> 8));
			cp = 0xDC00 | (cp & 0x3FF);
		}
		sbuf_add_byte(out, (uint8_t)cp);
		sbuf_add_byte(out, (uint8_t)(cp >> 8));
	}
}

bool
password_form(struct span utf8, enum password_form form, struct sbuf *out)
{
	bool fits = true;

	if (form == PASSWORD_FORM_UTF8)
		sbuf_add_span(out, utf8);
	else if (form == PASSWORD_FORM_UTF16LE)
		form_utf16le(utf8, out);
	else if (form_is_ascii(utf8))
		return false;
	else
		fits = form == PASSWORD_FORM_CP932 ? form_cp932(utf8, out)
						   : form_latin1(utf8, out);
	return fits && out->st == ST_OK;
}
