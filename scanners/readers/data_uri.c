#include "scanners/readers/data_uri.h"

#include <string.h>

#include "lib/base/parse.h"

enum {
	URI_HEAD_BYTES = 200, /* a longer head is none */
	URI_TYPE_BYTES = 60
};

static const char uri_scheme[] = "data:";

static int
uri_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
uri_add_unquoted(struct span text, struct sbuf *out)
{
	for (size_t at = 0; at < text.len_bytes; at++) {
		const bool quoted = text.ptr[at] == '%' &&
				    at + 2 < text.len_bytes &&
				    uri_hex(text.ptr[at + 1]) >= 0 &&
				    uri_hex(text.ptr[at + 2]) >= 0;

		sbuf_add_byte(
			out, quoted ? (uint8_t)(uri_hex(text.ptr[at + 1]) * 16 +
						uri_hex(text.ptr[at + 2]))
				    : text.ptr[at]);
		at += quoted ? 2 : 0;
	}
}

/* The head of uri, from behind the scheme to the comma, and what is behind.
 * False when it is no text, or in base64. */
static bool
uri_cut(struct span uri, struct span *head_out, struct span *data_out)
{
	const size_t scheme = sizeof(uri_scheme) - 1;
	struct span look = uri;
	struct span part = { 0 };
	const uint8_t *comma = NULL;

	if (look.len_bytes > URI_HEAD_BYTES)
		look.len_bytes = URI_HEAD_BYTES;
	if (!span_cut(look, 0, scheme, &part) ||
	    !span_equal_nocase(part, span_of(uri_scheme)))
		return false;
	comma = memchr(look.ptr, ',', look.len_bytes);
	if (comma == NULL)
		return false;
	const size_t at = (size_t)(comma - look.ptr);

	return span_cut(uri, scheme, at - scheme, head_out) &&
	       span_cut(uri, at + 1, uri.len_bytes - at - 1, data_out) &&
	       span_cut(*head_out, 0, 5, &part) &&
	       span_equal_nocase(part, span_of("text/")) &&
	       memmem(head_out->ptr, head_out->len_bytes, ";base64", 7) == NULL;
}

/* "text/html" of "text/html;charset=utf-8", in small letters. */
static void
uri_type(struct span head, char type[URI_TYPE_BYTES])
{
	size_t len = 0;

	for (; len < head.len_bytes && len + 1 < URI_TYPE_BYTES; len++) {
		const uint8_t c = head.ptr[len];

		if (c <= ' ' || c >= 0x7F || c == ';')
			break;
		type[len] = (char)(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
	}
	type[len] = '\0';
}

enum status
data_uri_give_text(struct sink *sink, struct span uri, struct err *err)
{
	char type[URI_TYPE_BYTES];
	const struct child child = { .name = "",
				     .content_type = type,
				     .charset = "utf-8" };
	struct span head = { NULL, 0 };
	struct span data = { NULL, 0 };
	struct sbuf text;
	enum status st = ST_OK;

	if (!uri_cut(uri, &head, &data) || data.len_bytes == 0)
		return ST_OK;
	uri_type(head, type);
	sbuf_init_secret(&text, SIZE_MAX / 2);
	uri_add_unquoted(data, &text);
	st = sbuf_status(&text, "uri: text", err);
	if (st == ST_OK)
		st = sink_spend(sink, text.len_bytes, uri.len_bytes, err);
	if (st == ST_OK)
		st = sink_child(sink, &child, sbuf_span(&text), NULL, err);
	sbuf_done(&text);
	return st;
}
