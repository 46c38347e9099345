#include "scanners/pdf/pdf_tokens.h"

#include <string.h>

enum { TOKEN_MAX_DIGITS = 9, TOKEN_MAX_ENDLESS = 8 };

void
tokens_init(struct tokens *tokens, struct span bytes)
{
	*tokens = (struct tokens){ .bytes = bytes };
	sbuf_init_secret(&tokens->text, SIZE_MAX / 2);
}

void
tokens_done(struct tokens *tokens)
{
	sbuf_done(&tokens->text);
}

static int
token_hex(uint8_t c)
{
	const uint8_t letter = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - '0';
	return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

static bool
token_is_regular(uint8_t c)
{
	switch (c) {
	case '(':
	case ')':
	case '<':
	case '>':
	case '[':
	case ']':
	case '{':
	case '}':
	case '/':
	case '%':
		return false;
	default:
		return c > ' ' && c < 0x7f;
	}
}

/* "#4a" in a name stands for one byte. */
static uint8_t
token_name_byte(const struct tokens *tokens, size_t *at)
{
	const struct span bytes = tokens->bytes;
	const uint8_t c = bytes.ptr[*at];
	const int high = c == '#' && *at + 2 < bytes.len_bytes
				 ? token_hex(bytes.ptr[*at + 1])
				 : -1;
	const int low = high >= 0 ? token_hex(bytes.ptr[*at + 2]) : -1;

	*at += low >= 0 ? 3 : 1;
	return low >= 0 ? (uint8_t)(high << 4 | low) : c;
}

static void
token_take_name(struct tokens *tokens)
{
	size_t len = 0;
	size_t at = tokens->at + 1;

	while (at < tokens->bytes.len_bytes &&
	       (token_is_regular(tokens->bytes.ptr[at]) ||
		tokens->bytes.ptr[at] >= 0x80)) {
		const uint8_t c = token_name_byte(tokens, &at);

		if (len + 1 < sizeof(tokens->name) && c != '\0')
			tokens->name[len++] = (char)c;
	}
	tokens->name[len] = '\0';
	tokens->at = at;
}

/* A run of letters and digits: a number, or a word. */
static enum token
token_take_word(struct tokens *tokens)
{
	size_t len = 0;
	size_t digits = 0;

	tokens->number = 0;
	for (; tokens->at < tokens->bytes.len_bytes &&
	       token_is_regular(tokens->bytes.ptr[tokens->at]);
	     tokens->at++) {
		const uint8_t c = tokens->bytes.ptr[tokens->at];

		if (len + 1 < sizeof(tokens->word))
			tokens->word[len++] = (char)c;
		if (c >= '0' && c <= '9' && ++digits <= TOKEN_MAX_DIGITS)
			tokens->number =
				tokens->number * 10 + (uint32_t)(c - '0');
	}
	tokens->word[len] = '\0';
	return digits == len && digits <= TOKEN_MAX_DIGITS ? TOKEN_NUMBER
							   : TOKEN_WORD;
}

/* What stands behind a backslash; tokens->at is behind it afterwards. */
static void
token_take_escape(struct tokens *tokens)
{
	static const char from[] = "nrtbf";
	static const char to[] = "\n\r\t\b\f";
	const struct span bytes = tokens->bytes;
	const uint8_t c = bytes.ptr[tokens->at];
	const char *found = c != '\0' ? strchr(from, c) : NULL;
	unsigned value = 0;
	size_t digits = 0;

	while (digits < 3 && tokens->at < bytes.len_bytes &&
	       bytes.ptr[tokens->at] >= '0' && bytes.ptr[tokens->at] <= '7') {
		value = value * 8 + (unsigned)(bytes.ptr[tokens->at] - '0');
		tokens->at++;
		digits++;
	}
	if (digits > 0) {
		sbuf_add_byte(&tokens->text, (uint8_t)value);
		return;
	}
	tokens->at++;
	/* A line end behind it is no part of the text. */
	if (c == '\r' && tokens->at < bytes.len_bytes &&
	    bytes.ptr[tokens->at] == '\n')
		tokens->at++;
	else if (c != '\r' && c != '\n')
		sbuf_add_byte(&tokens->text,
			      found != NULL ? (uint8_t)to[found - from] : c);
}

/* One without an end may be no string, but a byte of something else in between:
 * what follows is looked at as well, a few times. */
static void
token_take_literal(struct tokens *tokens)
{
	const struct span bytes = tokens->bytes;
	const size_t behind = tokens->at + 1;
	size_t depth = 1;

	for (tokens->at++; tokens->at < bytes.len_bytes && depth > 0;) {
		const uint8_t c = bytes.ptr[tokens->at++];

		if (c == '\\' && tokens->at < bytes.len_bytes) {
			token_take_escape(tokens);
			continue;
		}
		depth += c == '(';
		depth -= c == ')';
		if (depth > 0)
			sbuf_add_byte(&tokens->text, c);
	}
	if (depth > 0 && tokens->endless < TOKEN_MAX_ENDLESS) {
		tokens->endless++;
		tokens->at = behind;
	}
}

/* "<48656C>"; nothing when it is something else (a tag). */
static void
token_take_hex(struct tokens *tokens)
{
	const struct span bytes = tokens->bytes;
	unsigned value = 1; /* a bit in front counts the digits */

	for (tokens->at++; tokens->at < bytes.len_bytes; tokens->at++) {
		const uint8_t c = bytes.ptr[tokens->at];
		const int digit = token_hex(c);

		if (c == '>')
			break;
		if (digit < 0 && c > ' ') {
			sbuf_clear(&tokens->text);
			return;
		}
		if (digit >= 0)
			value = value << 4 | (unsigned)digit;
		if (value > 0xFF) {
			sbuf_add_byte(&tokens->text, (uint8_t)value);
			value = 1;
		}
	}
	tokens->at += tokens->at < bytes.len_bytes;
	if (value > 1) /* an odd last digit has a 0 behind it */
		sbuf_add_byte(&tokens->text, (uint8_t)(value << 4));
}

static bool
token_is_pair(const struct tokens *tokens, uint8_t c)
{
	return tokens->at + 1 < tokens->bytes.len_bytes &&
	       tokens->bytes.ptr[tokens->at + 1] == c;
}

static enum token
token_take_mark(struct tokens *tokens, uint8_t c)
{
	if ((c == '<' || c == '>') && token_is_pair(tokens, c)) {
		tokens->at += 2;
		return c == '<' ? TOKEN_OPEN : TOKEN_CLOSE;
	}
	switch (c) {
	case '/':
		token_take_name(tokens);
		return TOKEN_NAME;
	case '(':
		token_take_literal(tokens);
		return TOKEN_STRING;
	case '<':
		token_take_hex(tokens);
		return TOKEN_STRING;
	default:
		tokens->at++;
		return TOKEN_NONE;
	}
}

bool
tokens_next(struct tokens *tokens, enum token *token_out)
{
	const struct span bytes = tokens->bytes;

	if (tokens->text.len_bytes > 0)
		sbuf_clear(&tokens->text);
	while (tokens->at < bytes.len_bytes && bytes.ptr[tokens->at] <= ' ')
		tokens->at++;
	if (tokens->at >= bytes.len_bytes)
		return false;
	*token_out = token_is_regular(bytes.ptr[tokens->at])
			     ? token_take_word(tokens)
			     : token_take_mark(tokens, bytes.ptr[tokens->at]);
	return true;
}
