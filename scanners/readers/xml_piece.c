#include "scanners/readers/xml_piece.h"

#include <string.h>

#include "lib/base/find.h"

static bool
xml_is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The first byte of a name, in any script. */
static bool
xml_is_name_start(uint8_t c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
	       c == ':' || c >= 0x80;
}

static struct span
xml_cut(struct span text, size_t from, size_t to)
{
	struct span part = { 0 };

	(void)span_cut(text, from, to - from, &part);
	return part;
}

/* Where what stands at or after at; the end of text when it does not. */
static size_t
xml_find(struct span text, size_t at, const char *what)
{
	return find_next(text, at, what, strlen(what));
}

static bool
xml_starts(struct span text, size_t at, const char *what)
{
	struct span head = { 0 };

	return span_cut(text, at, strlen(what), &head) &&
	       memcmp(head.ptr, what, head.len_bytes) == 0;
}

/* What quote is open behind c. */
static uint8_t
xml_quote(uint8_t quote, uint8_t c)
{
	if (quote != 0)
		return c == quote ? 0 : quote;
	return c == '"' || c == '\'' ? c : 0;
}

/*
 * The ">" that ends the tag at at. One in quotes does not; but no value holds
 * a "<", so that a quote that is not closed ends there, and the tag at its
 * first ">".
 */
static size_t
xml_tag_end(struct span text, size_t at)
{
	size_t first_end = text.len_bytes;
	uint8_t quote = 0;

	for (; at < text.len_bytes && text.ptr[at] != '<'; at++) {
		const uint8_t c = text.ptr[at];

		if (c == '>' && quote == 0)
			return at;
		if (c == '>' && first_end > at)
			first_end = at;
		quote = xml_quote(quote, c);
	}
	return first_end < at ? first_end : at;
}

static void
xml_tag(struct xml_pieces *pieces, struct xml_piece *piece)
{
	const struct span text = pieces->text;
	const bool closes = text.ptr[pieces->at + 1] == '/';
	const size_t name_at = pieces->at + (closes ? 2 : 1);
	size_t end = xml_tag_end(text, name_at);
	size_t name_end = name_at;

	while (name_end < end && !xml_is_space(text.ptr[name_end]) &&
	       text.ptr[name_end] != '/')
		name_end++;
	piece->kind = closes ? XML_PIECE_CLOSE : XML_PIECE_OPEN;
	piece->name = xml_cut(text, name_at, name_end);
	pieces->at =
		end < text.len_bytes && text.ptr[end] == '>' ? end + 1 : end;
	if (!closes && end > name_end && text.ptr[end - 1] == '/') {
		piece->kind = XML_PIECE_EMPTY;
		end--;
	}
	piece->bytes = xml_cut(text, name_end, end);
}

/* What starts with head_bytes bytes at pieces->at and ends with end; without
 * that, with the next ">". */
static void
xml_until(struct xml_pieces *pieces, size_t head_bytes, const char *end,
	  bool *no_end, struct xml_piece *piece)
{
	const struct span text = pieces->text;
	const size_t from = pieces->at + head_bytes;
	size_t behind = strlen(end);
	size_t to = *no_end ? text.len_bytes : xml_find(text, from, end);

	if (to == text.len_bytes) {
		*no_end = true;
		to = xml_find(text, from, ">");
		behind = 1;
	}
	piece->bytes = xml_cut(text, from, to);
	pieces->at = to < text.len_bytes ? to + behind : to;
}

/* "<!DOCTYPE name [ … ]>": the subset ends with a "]" and a ">". */
static void
xml_doctype(struct xml_pieces *pieces, struct xml_piece *piece)
{
	const struct span text = pieces->text;
	const size_t from = pieces->at + 2;
	size_t to = xml_find(text, from, ">");
	const size_t subset = xml_find(xml_cut(text, 0, to), from, "[");
	size_t at = subset;

	while (subset < to && !pieces->no_subset_end) {
		size_t behind = 0;

		at = xml_find(text, at + 1, "]");
		behind = at + 1;
		while (behind < text.len_bytes &&
		       xml_is_space(text.ptr[behind]))
			behind++;
		if (at == text.len_bytes) {
			pieces->no_subset_end = true;
		} else if (behind < text.len_bytes && text.ptr[behind] == '>') {
			to = behind;
			break;
		}
	}
	piece->kind = XML_PIECE_DOCTYPE;
	piece->bytes = xml_cut(text, from, to);
	pieces->at = to < text.len_bytes ? to + 1 : to;
}

/* What starts with "<!" or "<?". */
static void
xml_declaration(struct xml_pieces *pieces, struct xml_piece *piece)
{
	const struct span text = pieces->text;
	const size_t at = pieces->at;

	if (xml_starts(text, at, "<!--")) {
		piece->kind = XML_PIECE_COMMENT;
		xml_until(pieces, 4, "-->", &pieces->no_comment_end, piece);
	} else if (xml_starts(text, at, "<![CDATA[")) {
		piece->kind = XML_PIECE_CDATA;
		xml_until(pieces, 9, "]]>", &pieces->no_cdata_end, piece);
	} else if (xml_starts(text, at, "<?")) {
		piece->kind = XML_PIECE_INSTRUCTION;
		xml_until(pieces, 2, "?>", &pieces->no_instruction_end, piece);
	} else if (xml_starts(text, at, "<!DOCTYPE") ||
		   xml_starts(text, at, "<!doctype")) {
		xml_doctype(pieces, piece);
	} else {
		bool no_end = true;

		piece->kind = XML_PIECE_COMMENT;
		xml_until(pieces, 2, ">", &no_end, piece);
	}
}

static bool
xml_is_markup(struct span text, size_t at)
{
	const uint8_t next = at + 1 < text.len_bytes ? text.ptr[at + 1] : 0;

	return text.ptr[at] == '<' && (xml_is_name_start(next) || next == '!' ||
				       next == '?' || next == '/');
}

bool
xml_piece_next(struct xml_pieces *pieces, struct xml_piece *piece_out)
{
	const struct span text = pieces->text;
	struct xml_piece piece = { 0 };
	size_t end = pieces->at;

	if (pieces->at >= text.len_bytes)
		return false;
	if (!xml_is_markup(text, pieces->at)) {
		do
			end = xml_find(text, end + 1, "<");
		while (end < text.len_bytes && !xml_is_markup(text, end));
		piece.kind = XML_PIECE_TEXT;
		piece.bytes = xml_cut(text, pieces->at, end);
		pieces->at = end;
	} else if (text.ptr[pieces->at + 1] == '!' ||
		   text.ptr[pieces->at + 1] == '?') {
		xml_declaration(pieces, &piece);
	} else {
		xml_tag(pieces, &piece);
	}
	*piece_out = piece;
	return true;
}

struct span
xml_piece_local(struct span name)
{
	const uint8_t *colon = name.len_bytes > 0
				       ? memrchr(name.ptr, ':', name.len_bytes)
				       : NULL;
	const size_t at = colon != NULL ? (size_t)(colon - name.ptr) + 1 : 0;

	return xml_cut(name, at, name.len_bytes);
}
