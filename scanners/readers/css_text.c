#include "scanners/readers/css_text.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"
#include "scanners/text/utf8.h"

enum { CSS_ESCAPE_DIGITS = 6, CSS_MAX_CODE = 0x10FFFF };

static bool
css_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The value of a digit of base 16; 16 of what is none. */
static uint32_t
css_digit(uint8_t c)
{
	const uint8_t letter = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - (uint32_t)'0';
	return letter >= 'a' && letter <= 'f' ? letter - (uint32_t)'a' + 10
					      : 16;
}

/* Append what the escape at at means; returns where it ends. */
static size_t
css_escape(struct span text, size_t at, struct sbuf *out)
{
	size_t end = at + 1;
	uint32_t cp = 0;

	while (end < text.len_bytes && end - at <= CSS_ESCAPE_DIGITS &&
	       css_digit(text.ptr[end]) < 16)
		cp = cp * 16 + css_digit(text.ptr[end++]);
	if (end == at + 1) {
		/* What is no line end stands for itself. */
		if (end < text.len_bytes && text.ptr[end] == '\r')
			end++;
		if (end < text.len_bytes && text.ptr[end] == '\n')
			end++;
		return end;
	}
	/* A control would part or end lines. */
	utf8_put(out, cp < 0x20            ? ' '
		      : cp <= CSS_MAX_CODE ? cp
					   : UTF8_REPLACEMENT);
	if (end < text.len_bytes && css_is_blank(text.ptr[end]))
		end++;
	return end;
}

bool
css_unescape(struct span text, struct sbuf *out)
{
	size_t at = 0;
	bool any = false;

	while (at < text.len_bytes) {
		const uint8_t *mark =
			memchr(text.ptr + at, '\\', text.len_bytes - at);
		const size_t mark_at = mark != NULL ? (size_t)(mark - text.ptr)
						    : text.len_bytes;
		struct span plain = { 0 };

		if (mark == NULL && !any)
			break;
		any = true;
		(void)span_cut(text, at, mark_at - at, &plain);
		sbuf_add_span(out, plain);
		at = mark != NULL ? css_escape(text, mark_at, out) : mark_at;
	}
	return any;
}

/* Behind the string whose quote is at at; its text is appended. */
static size_t
css_add_string(struct span css, size_t at, struct sbuf *out)
{
	const uint8_t quote = css.ptr[at++];

	while (at < css.len_bytes && css.ptr[at] != quote) {
		if (css.ptr[at] == '\n')
			break;
		if (css.ptr[at] == '\\')
			at = css_escape(css, at, out);
		else
			sbuf_add_byte(out, css.ptr[at++]);
	}
	return at < css.len_bytes && css.ptr[at] == quote ? at + 1 : at;
}

/* The strings of the declaration whose value begins at at; returns its end. */
static size_t
css_add_strings(struct span css, size_t at, struct sbuf *out)
{
	const size_t before = out->len_bytes;
	size_t count = 0;

	while (at < css.len_bytes && css.ptr[at] != ';' && css.ptr[at] != '}') {
		if (css.ptr[at] == '"' || css.ptr[at] == '\'') {
			at = css_add_string(css, at, out);
			count++;
		} else {
			at++;
		}
	}
	/* One string stands in the text as it is. */
	if (count > 1)
		sbuf_add_byte(out, '\n');
	else
		sbuf_truncate(out, before);
	return at;
}

void
css_add_text(struct span css, struct sbuf *out)
{
	static const char key[] = "content";
	size_t at = 0;

	if (css_unescape(css, out))
		sbuf_add_byte(out, '\n');
	while (at < css.len_bytes) {
		at = find_next(css, at, key, sizeof(key) - 1);
		if (at == css.len_bytes)
			break;
		at += sizeof(key) - 1;
		while (at < css.len_bytes && css_is_blank(css.ptr[at]))
			at++;
		if (at < css.len_bytes && css.ptr[at] == ':')
			at = css_add_strings(css, at + 1, out);
	}
}
