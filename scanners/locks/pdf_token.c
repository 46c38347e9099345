#include "scanners/locks/pdf_token.h"

#include <string.h>

#include "lib/base/parse.h"

enum { PDF_MAX_TOKENS = 1 << 14 /* of one dictionary */ };

static bool
pdf_is_blank(uint8_t c)
{
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' ||
	       c == ' ';
}

static bool
pdf_is_regular(uint8_t c)
{
	return !pdf_is_blank(c) && memchr("()<>[]{}/%", c, 10) == NULL;
}

static size_t
pdf_skip(struct span bytes, size_t at)
{
	while (at < bytes.len_bytes) {
		if (bytes.ptr[at] == '%')
			while (at < bytes.len_bytes && bytes.ptr[at] != '\n' &&
			       bytes.ptr[at] != '\r')
				at++;
		else if (pdf_is_blank(bytes.ptr[at]))
			at++;
		else
			break;
	}
	return at;
}

/* Behind the end of the string that starts behind at. */
static size_t
pdf_string_end(struct span bytes, size_t at)
{
	size_t depth = 1;

	while (at < bytes.len_bytes && depth > 0) {
		const uint8_t c = bytes.ptr[at++];

		if (c == '\\')
			at++;
		else if (c == '(')
			depth++;
		else if (c == ')')
			depth--;
	}
	return at < bytes.len_bytes ? at : bytes.len_bytes;
}

static void
pdf_token_set(struct span bytes, enum pdf_token_kind kind, size_t start,
	      size_t end, struct pdf_token *token)
{
	token->kind = kind;
	(void)span_cut(bytes, start, end - start, &token->text);
}

static size_t
pdf_token_bracket(struct span bytes, size_t at, struct pdf_token *token)
{
	const uint8_t c = bytes.ptr[at];
	const bool twice = at + 1 < bytes.len_bytes && bytes.ptr[at + 1] == c;
	size_t end = at + 1;

	if (c == '(') {
		end = pdf_string_end(bytes, at + 1);
		pdf_token_set(bytes, PDF_TOKEN_STRING, at + 1,
			      end > at + 1 ? end - 1 : end, token);
		return end;
	}
	if (c == '<' && !twice) {
		while (end < bytes.len_bytes && bytes.ptr[end] != '>')
			end++;
		pdf_token_set(bytes, PDF_TOKEN_HEX, at + 1, end, token);
		return end < bytes.len_bytes ? end + 1 : end;
	}
	end += twice && (c == '<' || c == '>') ? 1 : 0;
	pdf_token_set(bytes,
		      c == '<' || c == '[' || c == '{' ? PDF_TOKEN_OPEN
						       : PDF_TOKEN_CLOSE,
		      at, end, token);
	return end;
}

bool
pdf_token_next(struct span bytes, size_t *at, struct pdf_token *token_out)
{
	const size_t start = pdf_skip(bytes, *at);
	size_t end = start + 1;

	if (start >= bytes.len_bytes)
		return false;
	const bool name = bytes.ptr[start] == '/';

	if (!name && !pdf_is_regular(bytes.ptr[start])) {
		*at = pdf_token_bracket(bytes, start, token_out);
		return true;
	}
	while (end < bytes.len_bytes && pdf_is_regular(bytes.ptr[end]))
		end++;
	pdf_token_set(bytes, name ? PDF_TOKEN_NAME : PDF_TOKEN_WORD,
		      start + (name ? 1 : 0), end, token_out);
	*at = end;
	return true;
}

bool
pdf_dictionary_find(struct span bytes, size_t at, const char *key,
		    size_t *value_at_out, struct pdf_token *token_out)
{
	struct pdf_token token;
	size_t depth = 1;
	bool is_key = true;

	for (size_t i = 0; i < PDF_MAX_TOKENS && depth > 0 &&
			   pdf_token_next(bytes, &at, &token);
	     i++) {
		depth += token.kind == PDF_TOKEN_OPEN ? 1 : 0;
		depth -= token.kind == PDF_TOKEN_CLOSE ? 1 : 0;
		if (depth != 1)
			continue;
		/* A name is a key unless it stands behind one. */
		if (token.kind != PDF_TOKEN_NAME) {
			is_key = true;
			continue;
		}
		if (is_key && span_equal(token.text, span_of(key))) {
			*value_at_out = at;
			return pdf_token_next(bytes, &at, token_out);
		}
		is_key = !is_key;
	}
	return false;
}

static bool
pdf_hex_bytes(struct span text, uint8_t *out, size_t room_bytes,
	      size_t *len_out)
{
	size_t digits = 0;

	memset(out, 0, room_bytes);
	for (size_t i = 0; i < text.len_bytes; i++) {
		const uint8_t c = text.ptr[i];
		unsigned value = 0;

		if (pdf_is_blank(c))
			continue;
		if (c >= '0' && c <= '9')
			value = c - (unsigned)'0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = (c | 0x20U) - (unsigned)'a' + 10;
		else
			return false;
		if (digits / 2 >= room_bytes)
			return false;
		out[digits / 2] |=
			(uint8_t)(digits % 2 == 0 ? value << 4 : value);
		digits++;
	}
	*len_out = (digits + 1) / 2;
	return true;
}

/* The byte of an escape whose backslash stands before *at; -1: none. */
static int
pdf_escape(struct span text, size_t *at)
{
	static const char from[] = "nrtbf";
	static const char to[] = "\n\r\t\b\f";
	const uint8_t c = text.ptr[(*at)++];
	const char *known = c == 0 ? NULL : strchr(from, c);
	unsigned value = 0;

	if (known != NULL)
		return to[known - from];
	if (c == '\r' && *at < text.len_bytes && text.ptr[*at] == '\n')
		(*at)++;
	if (c == '\r' || c == '\n')
		return -1;
	if (c < '0' || c > '7')
		return c;
	value = c - (unsigned)'0';
	for (size_t i = 0; i < 2 && *at < text.len_bytes &&
			   text.ptr[*at] >= '0' && text.ptr[*at] <= '7';
	     i++)
		value = value << 3 | (text.ptr[(*at)++] - (unsigned)'0');
	return (int)(value & 0xFF);
}

bool
pdf_string_bytes(const struct pdf_token *token, uint8_t *out, size_t room_bytes,
		 size_t *len_out)
{
	const struct span text = token->text;
	size_t len = 0;

	if (token->kind == PDF_TOKEN_HEX)
		return pdf_hex_bytes(text, out, room_bytes, len_out);
	if (token->kind != PDF_TOKEN_STRING)
		return false;
	for (size_t at = 0; at < text.len_bytes;) {
		int c = text.ptr[at++];

		if (c == '\\' && at < text.len_bytes) {
			c = pdf_escape(text, &at);
		} else if (c == '\r') {
			/* Any line end is one line feed. */
			at += at < text.len_bytes && text.ptr[at] == '\n' ? 1
									  : 0;
			c = '\n';
		}
		if (c < 0)
			continue;
		if (len == room_bytes)
			return false;
		out[len++] = (uint8_t)c;
	}
	*len_out = len;
	return true;
}
