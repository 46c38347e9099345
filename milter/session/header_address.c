/* The address list of header.h: one pass over tokens, no recursion. */
#include "milter/session/header.h"

#include <string.h>

enum token_kind {
	TOKEN_NONE = 0,
	TOKEN_END,
	TOKEN_WORD,    /* atom, quoted string or domain literal */
	TOKEN_SPECIAL, /* one of <>:;,@. */
	TOKEN_BAD /* unterminated, or a character that cannot stand there */
};

struct token {
	enum token_kind kind;
	struct span text;
	uint8_t first; /* its first byte */
	size_t at;     /* where that is */
};

struct address_parser {
	struct span text;
	size_t at;
	struct sbuf *addresses;
	struct sbuf entry; /* words of the entry so far, joined */
	size_t entry_at;   /* offset where the entry began */
	bool joined;       /* the next word continues the last one */
	bool phrase;       /* two words stood side by side */
	bool has_at;
	bool in_angle;
	bool had_angle;
	bool in_group;
	bool odd; /* something was not understood */
};

/* Skip white space and comments. False when a comment never ends. */
static bool
parser_skip(struct address_parser *p)
{
	size_t depth = 0;

	for (; p->at < p->text.len_bytes; p->at++) {
		const uint8_t byte = p->text.ptr[p->at];

		if (byte == '(')
			depth++;
		else if (byte == ')' && depth > 0)
			depth--;
		else if (byte == '\\' && depth > 0)
			p->at++;
		else if (depth == 0 && !header_is_one_of(byte, " \t\r\n"))
			return true;
		if (depth > HEADER_MAX_COMMENT_DEPTH)
			return false;
	}
	p->at = p->text.len_bytes;
	return depth == 0;
}

static bool
is_atom(uint8_t byte)
{
	return byte > ' ' && byte != 0x7f &&
	       !header_is_one_of(byte, "()<>[]:;@\\,.\"");
}

/* Offset behind the byte that closes what starts at p->at; 0 if none does. */
static size_t
parser_find_close(const struct address_parser *p, uint8_t close)
{
	for (size_t i = p->at + 1; i < p->text.len_bytes; i++) {
		if (p->text.ptr[i] == '\\')
			i++;
		else if (p->text.ptr[i] == close)
			return i + 1;
	}
	return 0;
}

static struct token
parser_next(struct address_parser *p)
{
	struct token token = { .kind = TOKEN_BAD };
	size_t end = 0;

	if (!parser_skip(p))
		return token;
	token.at = p->at;
	if (p->at == p->text.len_bytes) {
		token.kind = TOKEN_END;
		return token;
	}
	const uint8_t first = p->text.ptr[p->at];

	token.first = first;
	if (first == '"' || first == '[') {
		end = parser_find_close(p, first == '"' ? '"' : ']');
		token.kind = TOKEN_WORD;
	} else if (header_is_one_of(first, "<>:;,@.")) {
		end = p->at + 1;
		token.kind = TOKEN_SPECIAL;
	} else {
		end = p->at;
		while (end < p->text.len_bytes && is_atom(p->text.ptr[end]))
			end++;
		token.kind = TOKEN_WORD;
	}
	if (end <= p->at || !span_cut(p->text, p->at, end - p->at, &token.text))
		token.kind = TOKEN_BAD;
	else
		p->at = end;
	return token;
}

static void
parser_clear_entry(struct address_parser *p)
{
	sbuf_clear(&p->entry);
	p->joined = true;
	p->phrase = false;
	p->has_at = false;
}

static void
parser_take_word(struct address_parser *p, struct span word)
{
	if (!p->joined)
		p->phrase = true;
	if (p->had_angle)
		p->odd = true;
	sbuf_add_span(&p->entry, word);
	p->joined = false;
}

/* The entry is an address now, or nothing. */
static void
parser_emit(struct address_parser *p)
{
	const struct span entry = sbuf_span(&p->entry);

	if (entry.len_bytes == 0)
		return;
	if (p->phrase || p->entry.st != ST_OK ||
	    entry.ptr[entry.len_bytes - 1] == '@') {
		p->odd = true;
	} else {
		sbuf_add_span(p->addresses, entry);
		sbuf_add_byte(p->addresses, '\0');
	}
}

static void
parser_end_entry(struct address_parser *p)
{
	if (p->in_angle)
		p->odd = true;
	if (!p->had_angle)
		parser_emit(p);
	parser_clear_entry(p);
	p->in_angle = false;
	p->had_angle = false;
	p->entry_at = p->at;
}

/* A display name ends at '<'; addresses in it name somebody, too. */
static void
parser_open_angle(struct address_parser *p, size_t at)
{
	struct span name;

	if (p->in_angle || p->had_angle || p->has_at)
		p->odd = true;
	if (span_cut(p->text, p->entry_at, at - p->entry_at, &name))
		header_add_runs(name, p->addresses);
	p->in_angle = true;
	parser_clear_entry(p);
}

static void
parser_close_angle(struct address_parser *p)
{
	if (!p->in_angle)
		p->odd = true;
	parser_emit(p);
	parser_clear_entry(p);
	p->in_angle = false;
	p->had_angle = true;
}

/* ':' ends a route (RFC 5322 4.4) or the name of a group. */
static void
parser_take_colon(struct address_parser *p)
{
	const struct span entry = sbuf_span(&p->entry);

	if (p->in_angle) {
		if (entry.len_bytes == 0 || entry.ptr[0] != '@')
			p->odd = true;
	} else if (p->in_group || p->has_at || p->had_angle) {
		p->odd = true;
	} else {
		p->in_group = true;
		p->entry_at = p->at;
	}
	parser_clear_entry(p);
}

static void
parser_take_comma(struct address_parser *p)
{
	const struct span entry = sbuf_span(&p->entry);

	if (!p->in_angle) {
		parser_end_entry(p);
		return;
	}
	/* Between the hosts of a route. */
	if (entry.len_bytes == 0 || entry.ptr[0] != '@')
		p->odd = true;
	parser_clear_entry(p);
}

static void
parser_take_at(struct address_parser *p)
{
	const bool route = p->in_angle && p->entry.len_bytes == 0;

	if (p->phrase || p->has_at || (p->entry.len_bytes == 0 && !route))
		p->odd = true;
	sbuf_add_byte(&p->entry, '@');
	p->has_at = true;
	p->joined = true;
}

static void
parser_take_special(struct address_parser *p, const struct token *token)
{
	switch (token->first) {
	case '<':
		parser_open_angle(p, token->at);
		break;
	case '>':
		parser_close_angle(p);
		break;
	case ':':
		parser_take_colon(p);
		break;
	case ';':
		if (!p->in_group)
			p->odd = true;
		parser_end_entry(p);
		p->in_group = false;
		break;
	case ',':
		parser_take_comma(p);
		break;
	case '@':
		parser_take_at(p);
		break;
	default: /* '.': dots in a row are common in old mobile addresses */
		sbuf_add_byte(&p->entry, '.');
		p->joined = true;
		break;
	}
}

enum status
header_add_addresses(struct span value, struct sbuf *addresses, struct err *err)
{
	struct address_parser parser = { .text = value,
					 .addresses = addresses,
					 .joined = true };
	struct token token = parser_next(&parser);

	sbuf_init(&parser.entry, HEADER_MAX_ADDRESS_BYTES);
	while (token.kind == TOKEN_WORD || token.kind == TOKEN_SPECIAL) {
		if (token.kind == TOKEN_WORD)
			parser_take_word(&parser, token.text);
		else
			parser_take_special(&parser, &token);
		token = parser_next(&parser);
	}
	if (token.kind == TOKEN_BAD || parser.in_group)
		parser.odd = true;
	parser_end_entry(&parser);
	sbuf_done(&parser.entry);
	if (sbuf_status(addresses, "header: addresses", NULL) != ST_OK)
		return sbuf_status(addresses, "header: addresses", err);
	if (parser.odd)
		return err_set(err, ST_FORMAT,
			       "header: not a list of addresses");
	return ST_OK;
}
