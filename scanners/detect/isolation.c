#include "scanners/detect/isolation.h"

#include <string.h>

#include "scanners/detect/fold.h"
#include "scanners/detect/isolation_token.h"
#include "scanners/text/utf8.h"

enum {
	ISOLATION_TOKEN_BYTES = 300,
	ISOLATION_HEX_LETTERS = 4,
	ISOLATION_PREFIX_LETTERS = 4,
	ISOLATION_HOST_DOTS = 3 /* more than a file name has */
};

/* The visible character before at, folded in width; 0 at the start. *at
 * moves to it. */
static uint32_t
isolation_before(struct span text, size_t *at)
{
	while (*at > 0) {
		size_t next = 0;

		*at = utf8_back(text, *at);
		next = *at;
		const uint32_t cp = utf8_next(text, &next);

		if (!fold_is_invisible(cp))
			return fold_width(cp);
	}
	return 0;
}

/* The visible character at *at, which moves behind it; 0 at the end. */
static uint32_t
isolation_behind(struct span text, size_t *at)
{
	while (*at < text.len_bytes) {
		const uint32_t cp = utf8_next(text, at);

		if (!fold_is_invisible(cp))
			return fold_width(cp);
	}
	return 0;
}

static bool
isolation_is_letter(uint32_t cp)
{
	return (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

static bool
isolation_is_word(uint32_t cp)
{
	return isolation_is_letter(cp) || (cp >= '0' && cp <= '9');
}

/* "No" before a number belongs to its label, unless it ends a word; that of
 * "MyNo" is a word of its own. */
static bool
isolation_is_no(struct span text, size_t at)
{
	const uint32_t o = isolation_before(text, &at);
	const uint32_t n = isolation_before(text, &at);

	const uint32_t before = isolation_before(text, &at);

	return (o | 0x20) == 'o' && (n | 0x20) == 'n' &&
	       (!isolation_is_word(before) ||
		(n == 'N' && before >= 'a' && before <= 'z'));
}

/*
 * ":" or "=" at at: does a field name stand before it, back to a blank, a
 * bracket or a quote? "tel:", "my_number=" do, "arn:aws:iam::" does not.
 */
static bool
isolation_is_field(struct span text, size_t at)
{
	uint32_t cp = isolation_before(text, &at);
	uint32_t before = 0;

	if (!isolation_is_word(cp))
		return cp != ':' && cp != '=' && cp != '/';
	for (size_t i = 0; i < ISOLATION_TOKEN_BYTES; i++) {
		if (!isolation_is_word(cp) && cp != '_' && cp != '-' &&
		    cp != '.')
			break;
		cp = isolation_before(text, &at);
	}
	if (cp != '/')
		return cp != ':' && cp != '=' && cp != '%' && cp != '@';
	/* A list, "所属／my_no:", or two names, "個人番号/my_no="; else a path.
	 */
	before = isolation_before(text, &at);
	return before > 0x7E || before == ' ';
}

static bool
isolation_holds_before(struct span text, size_t start)
{
	size_t at = start;
	const uint32_t mark = isolation_before(text, &at);
	size_t mark_at = at;

	if (isolation_is_letter(mark))
		return isolation_is_no(text, start);
	if (mark >= '0' && mark <= '9')
		return false; /* the end of a run that began elsewhere */
	switch (mark) {
	case '+':
	case '%':
	case '@':
		return false;
	case ':':
	case '=':
		return isolation_is_field(text, mark_at);
	case '.':
		return !isolation_is_word(isolation_before(text, &at)) ||
		       isolation_is_no(text, mark_at);
	case '_':
	case '/':
	case '-':
		return !isolation_is_word(isolation_before(text, &at));
	case ',':
		/* "1,234,567,890,123" has groups of three: no candidate. */
	default:
		return true;
	}
}

/*
 * What is glued to the end at at, up to a blank or another script: a word of
 * letters, or "_", "/" or "." and more. Not so an address, the name of a
 * host, a hex string or a word with digits.
 */
static bool
isolation_is_tail(struct span text, size_t at)
{
	const size_t limit = at + ISOLATION_TOKEN_BYTES;
	bool mark = false;
	bool digit = false;
	size_t hex = 0;
	size_t letters = 0;
	size_t dots = 0;

	while (at < limit) {
		const uint32_t cp = isolation_behind(text, &at);

		if (cp == '@' || cp == '%')
			return false;
		if (cp <= ' ' || cp >= 0x7F)
			break;
		dots += cp == '.' ? 1 : 0;
		mark |= !isolation_is_word(cp);
		if (mark)
			continue;
		digit |= !isolation_is_letter(cp);
		letters++;
		hex += (cp | 0x20) >= 'a' && (cp | 0x20) <= 'f';
	}
	return !digit && dots < ISOLATION_HOST_DOTS &&
	       (letters < ISOLATION_HEX_LETTERS || hex < letters);
}

static enum isolation
isolation_behind_of(struct span text, size_t end)
{
	size_t at = end;
	const uint32_t mark = isolation_behind(text, &at);

	if (isolation_is_letter(mark))
		return isolation_is_tail(text, end) ? ISOLATION_GLUED
						    : ISOLATION_NONE;
	switch (mark) {
	case '%':
	case '@':
		return ISOLATION_NONE;
	case '.':
	case '_':
	case '/':
		if (!isolation_is_word(isolation_behind(text, &at)))
			return ISOLATION_ALONE;
		return isolation_is_tail(text, end) ? ISOLATION_GLUED
						    : ISOLATION_NONE;
	case '-':
	case ':':
	case '=':
	case '+':
		return isolation_is_word(isolation_behind(text, &at))
			       ? ISOLATION_NONE
			       : ISOLATION_ALONE;
	default:
		return ISOLATION_ALONE;
	}
}

static bool
isolation_has(struct span text, const char *part)
{
	return text.len_bytes > 0 &&
	       memmem(text.ptr, text.len_bytes, part, strlen(part)) != NULL;
}

/* Is the run of visible ASCII that ends at start the head of a URL? */
static bool
isolation_is_url(struct span text, size_t start)
{
	static const char *const heads[] = { "://", "www.",
					     "mailto:", "cid:", "urn:" };
	struct span token = { 0 };
	bool head = false;
	const size_t at = isolation_token_start(text, start,
						ISOLATION_TOKEN_BYTES, &head);

	if (!head)
		return false;
	(void)span_cut(text, at, start - at, &token);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (isolation_has(token, heads[i]))
			return true;
	/* example.jp/order?id=... */
	return isolation_has(token, "?") && isolation_has(token, "=") &&
	       isolation_has(token, ".");
}

/* "scan-", "my_number_" before at, back to a blank or another script: words,
 * and no number, path or address. */
static bool
isolation_is_prefix(struct span text, size_t at)
{
	size_t letters = 0;

	for (size_t i = 0; i < ISOLATION_TOKEN_BYTES; i++) {
		const uint32_t cp = isolation_before(text, &at);

		if (isolation_is_letter(cp))
			letters++;
		else if (cp != '_' && cp != '-')
			return letters >= ISOLATION_PREFIX_LETTERS &&
			       (cp <= ' ' || cp >= 0x7F);
	}
	return false;
}

enum isolation
isolation_of(struct span text, size_t start, size_t end)
{
	const enum isolation behind = isolation_behind_of(text, end);
	size_t at = start;

	if (isolation_is_url(text, start))
		return ISOLATION_NONE;
	if (isolation_holds_before(text, start))
		return behind;
	const uint32_t mark = isolation_before(text, &at);

	return behind != ISOLATION_NONE && (mark == '-' || mark == '_') &&
			       isolation_is_prefix(text, start)
		       ? ISOLATION_GLUED
		       : ISOLATION_NONE;
}

bool
isolation_is_repeated(const uint8_t digits[CHECK_DIGIT_COUNT])
{
	for (unsigned i = 1; i < CHECK_DIGIT_COUNT; i++)
		if (digits[i] != digits[0])
			return false;
	return true;
}
