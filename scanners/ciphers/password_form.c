#include "scanners/ciphers/password_form.h"

#include <assert.h>
#include <stdlib.h>

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

struct password_codes {
	uint16_t of[0x10000]; /* a character's code, 0: none; not of ASCII */
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

/* What stands in the line of texts at *at, when it is one character of this
 * code; else 0. *at is then that of the next line. */
static uint32_t
form_next_line(struct span texts, const uint8_t *code, size_t *at)
{
	const uint32_t cp = utf8_next(texts, at);
	const size_t tail = code[1] == ' ' ? 1 : 0;
	const bool alone =
		*at + tail < texts.len_bytes && texts.ptr[*at + tail] == '\n';

	while (*at < texts.len_bytes && texts.ptr[(*at)++] != '\n')
		;
	return alone ? cp : 0;
}

static void
form_fill_codes(struct span lines, struct span texts,
		struct password_codes *codes)
{
	size_t at = 0;

	for (size_t i = 0;
	     i + FORM_LINE_BYTES <= lines.len_bytes && at < texts.len_bytes;
	     i += FORM_LINE_BYTES) {
		const uint8_t *code = lines.ptr + i;
		const uint32_t cp = form_next_line(texts, code, &at);

		/* The first of several codes is the one that is used. */
		if (cp < 0x80 || cp >= ARRAY_LEN(codes->of) ||
		    codes->of[cp] != 0)
			continue;
		codes->of[cp] = code[1] == ' '
					? code[0]
					: (uint16_t)(code[0] << 8 | code[1]);
	}
}

enum status
password_codes_new(struct password_codes **made_out, struct err *err)
{
	AUTO(sbuf_done) struct sbuf lines;
	AUTO(sbuf_done) struct sbuf texts;
	struct password_codes *made = calloc(1, sizeof(*made));

	sbuf_init(&lines, FORM_MAX_LIST_BYTES);
	sbuf_init(&texts, FORM_MAX_LIST_BYTES);
	form_list_codes(&lines);
	charset_decode(CHARSET_CP932, sbuf_span(&lines), &texts);
	if (made == NULL || lines.st != ST_OK || texts.st != ST_OK) {
		free(made);
		return err_set(err, ST_NO_MEMORY, "passwords: no memory");
	}
	form_fill_codes(sbuf_span(&lines), sbuf_span(&texts), made);
	*made_out = made;
	return ST_OK;
}

void
password_codes_free(struct password_codes **codes)
{
	free(*codes);
	*codes = NULL;
}

bool
password_codes_form(const struct password_codes *codes, struct span utf8,
		    struct sbuf *out)
{
	assert(codes != NULL);
	if (form_is_ascii(utf8))
		return false;
	for (size_t at = 0; at < utf8.len_bytes;) {
		const uint32_t cp = utf8_next(utf8, &at);
		const uint32_t code =
			cp < ARRAY_LEN(codes->of) ? codes->of[cp] : 0;

		if (cp >= 0x80 && code == 0)
			return false;
		if (code > 0xFF)
			sbuf_add_byte(out, (uint8_t)(code >> 8));
		sbuf_add_byte(out, (uint8_t)(cp < 0x80 ? cp : code));
	}
	return out->st == ST_OK;
}

static bool
form_cp932(struct span utf8, struct sbuf *out)
{
	AUTO(password_codes_free) struct password_codes *codes = NULL;
	struct err err = { .st = ST_OK };

	return password_codes_new(&codes, &err) == ST_OK &&
	       password_codes_form(codes, utf8, out);
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
