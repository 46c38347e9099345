#include "scanners/readers/text_escapes.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/readings.h"
#include "scanners/text/utf8.h"

enum {
	ESCAPE_MAX_RUN_BYTES = 4096, /* of bytes one after another */
	ESCAPE_SURROGATE_FIRST = 0xD800,
	ESCAPE_SURROGATE_SECOND = 0xDC00,
	ESCAPE_SURROGATE_END = 0xE000,
	ESCAPE_MAX_NUMBER = 0x10FFFF,
	ESCAPE_MAX_DIGITS = 7
};

static bool
escape_hex(struct span text, size_t at, size_t digits, uint32_t *value_out)
{
	uint32_t value = 0;

	if (at > text.len_bytes || digits > text.len_bytes - at)
		return false;
	for (size_t i = 0; i < digits; i++) {
		const uint8_t c = text.ptr[at + i];
		const uint8_t letter = c | 0x20;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if (letter >= 'a' && letter <= 'f')
			value = value << 4 | (uint32_t)(letter - 'a' + 10);
		else
			return false;
	}
	*value_out = value;
	return true;
}

/* "\u500b", two of them for what lies beyond U+FFFF, "\U0001f600". The bytes
 * it takes, 0 when there is none at at. */
static size_t
escape_unicode(struct span text, size_t at, uint32_t *cp_out)
{
	uint32_t cp = 0;
	uint32_t second = 0;

	if (at + 1 >= text.len_bytes || text.ptr[at] != '\\')
		return 0;
	if (text.ptr[at + 1] == 'U' && escape_hex(text, at + 2, 8, &cp) &&
	    cp <= ESCAPE_MAX_NUMBER) {
		*cp_out = cp;
		return 10;
	}
	if (text.ptr[at + 1] != 'u' || !escape_hex(text, at + 2, 4, &cp))
		return 0;
	*cp_out = cp;
	if (cp < ESCAPE_SURROGATE_FIRST || cp >= ESCAPE_SURROGATE_SECOND)
		return 6;
	if (at + 7 < text.len_bytes && text.ptr[at + 6] == '\\' &&
	    text.ptr[at + 7] == 'u' && escape_hex(text, at + 8, 4, &second) &&
	    second >= ESCAPE_SURROGATE_SECOND &&
	    second < ESCAPE_SURROGATE_END) {
		*cp_out = 0x10000 + ((cp - ESCAPE_SURROGATE_FIRST) << 10) +
			  (second - ESCAPE_SURROGATE_SECOND);
		return 12;
	}
	return 6;
}

/* "&#20491;" or "&#x500b;". */
static size_t
escape_reference(struct span text, size_t at, uint32_t *cp_out)
{
	const bool hex =
		at + 2 < text.len_bytes && (text.ptr[at + 2] | 0x20) == 'x';
	const size_t from = at + (hex ? 3 : 2);
	uint32_t cp = 0;
	size_t end = from;

	if (at + 1 >= text.len_bytes || text.ptr[at] != '&' ||
	    text.ptr[at + 1] != '#')
		return 0;
	while (end < text.len_bytes && end - from <= ESCAPE_MAX_DIGITS &&
	       text.ptr[end] != ';') {
		uint32_t digit = 0;

		if (!escape_hex(text, end, 1, &digit) || (!hex && digit > 9))
			return 0;
		cp = cp * (hex ? 16 : 10) + digit;
		end++;
	}
	if (end == from || end >= text.len_bytes || text.ptr[end] != ';' ||
	    cp > ESCAPE_MAX_NUMBER)
		return 0;
	*cp_out = cp;
	return end + 1 - at;
}

/* One byte as "\xe5" or "%E5". */
static size_t
escape_byte(struct span text, size_t at, uint32_t *byte_out)
{
	if (text.ptr[at] == '%' && escape_hex(text, at + 1, 2, byte_out))
		return 3;
	if (text.ptr[at] == '\\' && at + 1 < text.len_bytes &&
	    text.ptr[at + 1] == 'x' && escape_hex(text, at + 2, 2, byte_out))
		return 4;
	return 0;
}

/* Bytes one after another, of which one is no ASCII or a digit; their reading.
 * Other ASCII is left: what addresses quote names no number. */
static size_t
escape_bytes(struct span text, size_t at, struct sbuf *out)
{
	uint8_t bytes[ESCAPE_MAX_RUN_BYTES];
	size_t count = 0;
	size_t taken = 0;
	size_t to = at;
	bool meant = false;
	uint32_t byte = 0;

	while (to < text.len_bytes && count < sizeof(bytes) &&
	       (taken = escape_byte(text, to, &byte)) > 0) {
		meant |= byte >= 0x80 || (byte >= '0' && byte <= '9');
		bytes[count++] = (uint8_t)byte;
		to += taken;
	}
	if (meant)
		text_decode_best((struct span){ bytes, count },
				 (struct span){ 0 }, out);
	explicit_bzero(bytes, count);
	return meant ? to - at : 0;
}

/* What stands at at as an escape, appended; the bytes it takes, or 0. */
static size_t
escape_take(struct span text, size_t at, struct sbuf *out)
{
	uint32_t cp = 0;
	size_t taken = escape_unicode(text, at, &cp);

	if (taken == 0)
		taken = escape_reference(text, at, &cp);
	if (taken == 0)
		return escape_bytes(text, at, out);
	/* A control would part or end lines. */
	utf8_put(out, cp < 0x20 ? ' ' : cp);
	return taken;
}

/* Where each byte stands next with which an escape may begin. */
enum { ESCAPE_STARTS = 3 };
struct escape_starts {
	size_t at[ESCAPE_STARTS];
};

/* The next of them at or behind at; the end without one. Each is looked for
 * by memchr(), which is much faster than a loop. */
static size_t
escape_next(struct span text, size_t at, struct escape_starts *starts)
{
	static const char marks[ESCAPE_STARTS] = { '\\', '%', '&' };
	size_t next = text.len_bytes;

	for (size_t i = 0; i < ESCAPE_STARTS && at < text.len_bytes; i++) {
		const uint8_t *found = NULL;

		if (starts->at[i] < at || at == 0) {
			found = memchr(text.ptr + at, marks[i],
				       text.len_bytes - at);
			starts->at[i] = found != NULL
						? (size_t)(found - text.ptr)
						: text.len_bytes;
		}
		if (starts->at[i] < next)
			next = starts->at[i];
	}
	return next;
}

bool
text_unescape(struct span text, struct sbuf *out)
{
	const size_t before = out->len_bytes;
	size_t from = 0;
	struct escape_starts starts = { { 0 } };
	size_t at = escape_next(text, 0, &starts);
	bool any = false;

	while (at < text.len_bytes && out->st == ST_OK) {
		struct span plain = { 0 };
		struct sbuf letters;
		size_t taken = 0;

		sbuf_init_secret(&letters, SIZE_MAX / 2);
		taken = escape_take(text, at, &letters);
		if (taken > 0) {
			(void)span_cut(text, from, at - from, &plain);
			sbuf_add_span(out, plain);
			sbuf_add_span(out, sbuf_span(&letters));
			from = at + taken;
			any = true;
		}
		sbuf_done(&letters);
		at = escape_next(text, taken > 0 ? at + taken : at + 1,
				 &starts);
	}
	if (!any) {
		sbuf_truncate(out, before);
		return false;
	}
	(void)span_cut(text, from, text.len_bytes - from, &text);
	sbuf_add_span(out, text);
	return true;
}
