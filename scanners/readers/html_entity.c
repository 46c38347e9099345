#include "scanners/readers/html_entity.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/text/utf8.h"

enum { HTML_NAME_MAX_BYTES = 16, HTML_NUMBER_MAX_DIGITS = 8 };

/* Those that stand in or beside numbers and labels. */
static const struct {
	const char *name;
	uint32_t cp;
} html_names[] = {
	{ "amp", '&' },        { "lt", '<' },
	{ "gt", '>' },         { "quot", '"' },
	{ "apos", '\'' },      { "nbsp", 0xA0 },
	{ "shy", 0xAD },       { "ensp", 0x2002 },
	{ "emsp", 0x2003 },    { "thinsp", 0x2009 },
	{ "hairsp", 0x200A },  { "numsp", 0x2007 },
	{ "puncsp", 0x2008 },  { "zwnj", 0x200C },
	{ "zwj", 0x200D },     { "ZeroWidthSpace", 0x200B },
	{ "NoBreak", 0x2060 }, { "ndash", 0x2013 },
	{ "mdash", 0x2014 },   { "hyphen", 0x2010 },
	{ "dash", 0x2010 },    { "minus", 0x2212 },
	{ "horbar", 0x2015 },  { "middot", 0xB7 },
	{ "sol", '/' },        { "lowbar", '_' },
	{ "period", '.' },     { "comma", ',' },
	{ "colon", ':' },      { "num", '#' },
	{ "Tab", '\t' },       { "NewLine", '\n' },
	{ "yen", 0xA5 },       { "copy", 0xA9 },
	{ "lpar", '(' },       { "rpar", ')' },
	{ "equals", '=' },     { "plus", '+' },
	{ "vert", '|' },       { "bull", 0x2022 },
};

static bool
html_digit(uint8_t c, uint32_t base, uint32_t *value_out)
{
	uint32_t value = 99;

	if (c >= '0' && c <= '9')
		value = (uint32_t)c - '0';
	else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		value = (c | 0x20U) - 'a' + 10;
	if (value >= base)
		return false;
	*value_out = value;
	return true;
}

/* "#49" or "#x31" behind the "&"; the ";" may be missing. */
static size_t
html_number(struct span text, size_t at, uint32_t *cp_out)
{
	const size_t start = at;
	uint32_t base = 10;
	uint32_t cp = 0;
	uint32_t digit = 0;
	size_t digits = 0;

	at += 2;
	if (at < text.len_bytes && (text.ptr[at] | 0x20) == 'x') {
		base = 16;
		at++;
	}
	/* Leading zeros may be many. */
	while (at < text.len_bytes && text.ptr[at] == '0') {
		at++;
		digits = 1;
	}
	const size_t digits_at = at;

	while (at < text.len_bytes && at - digits_at < HTML_NUMBER_MAX_DIGITS &&
	       html_digit(text.ptr[at], base, &digit)) {
		cp = cp * base + digit;
		at++;
	}
	if (at == digits_at && digits == 0)
		return 0;
	*cp_out = cp > 0x10FFFF ? UTF8_REPLACEMENT : cp;
	return at + (at < text.len_bytes && text.ptr[at] == ';') - start;
}

size_t
html_entity(struct span text, size_t at, uint32_t *cp_out)
{
	struct span name = { 0 };
	size_t end = at + 1;

	if (end < text.len_bytes && text.ptr[end] == '#')
		return html_number(text, at, cp_out);
	while (end < text.len_bytes && end - at <= HTML_NAME_MAX_BYTES &&
	       ((text.ptr[end] | 0x20) >= 'a' && (text.ptr[end] | 0x20) <= 'z'))
		end++;
	(void)span_cut(text, at + 1, end - at - 1, &name);
	for (size_t i = 0; i < ARRAY_LEN(html_names); i++) {
		if (!span_equal(name, span_of(html_names[i].name)))
			continue;
		*cp_out = html_names[i].cp;
		return end + (end < text.len_bytes && text.ptr[end] == ';') -
		       at;
	}
	return 0;
}

void
html_unescape(struct span text, struct sbuf *out)
{
	size_t at = 0;

	while (at < text.len_bytes) {
		const uint8_t *mark =
			memchr(text.ptr + at, '&', text.len_bytes - at);
		const size_t end = mark != NULL ? (size_t)(mark - text.ptr)
						: text.len_bytes;
		uint32_t cp = 0;

		sbuf_add(out, text.ptr + at, end - at);
		at = end;
		if (at == text.len_bytes)
			break;
		const size_t len = html_entity(text, at, &cp);

		if (len > 0)
			utf8_put(out, cp);
		else
			sbuf_add_byte(out, '&');
		at += len > 0 ? len : 1;
	}
}
