#include "scanners/readers/html_walk.h"

#include <string.h>

#include "lib/base/find.h"
#include "lib/base/parse.h"

static bool
html_is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
html_is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static size_t
html_find(struct span text, size_t at, const char *what)
{
	return find_next(text, at, what, strlen(what));
}

/* Behind the ">" of a tag; quotes may hold one. A quote that is not closed
 * ends at the first ">" instead: hiding the rest of a mail is no option. */
static size_t
html_tag_end(struct span text, size_t at)
{
	const size_t first_end = html_find(text, at, ">");
	uint8_t quote = 0;

	for (; at < text.len_bytes; at++) {
		const uint8_t c = text.ptr[at];

		if (quote != 0) {
			if (c == quote)
				quote = 0;
			/* A tag inside of a value of this length is none. */
			else if (c == '<' && at > first_end + 4096)
				break;
		} else if (c == '>') {
			return at;
		} else if ((c == '"' || c == '\'') && at > 0 &&
			   (text.ptr[at - 1] == '=' ||
			    html_is_space(text.ptr[at - 1]))) {
			quote = c;
		}
	}
	return first_end;
}

static struct span
html_cut(struct span text, size_t from, size_t to)
{
	struct span part = { 0 };

	(void)span_cut(text, from, to - from, &part);
	return part;
}

static bool
html_is_raw_element(struct span name)
{
	return span_equal_nocase(name, span_of("script")) ||
	       span_equal_nocase(name, span_of("style"));
}

/* What a declaration "[CDATA[…]]" holds is text, to programs that read the
 * page as XML; a browser joins what stands around it. Words alone are left a
 * comment. */
static void
html_character_data(struct html_piece *piece)
{
	static const char start[] = "[CDATA[";
	const size_t head = sizeof(start) - 1;
	size_t end = piece->bytes.len_bytes;
	bool says = false;

	if (end < head || memcmp(piece->bytes.ptr, start, head) != 0)
		return;
	for (size_t i = 0; i < 2 && end > head; i++)
		end -= piece->bytes.ptr[end - 1] == ']';
	for (size_t i = head; i < end; i++)
		says |= piece->bytes.ptr[i] >= 0x80 ||
			(piece->bytes.ptr[i] >= '0' &&
			 piece->bytes.ptr[i] <= '9');
	if (!says)
		return;
	piece->kind = HTML_PIECE_TEXT;
	piece->bytes = html_cut(piece->bytes, head, end);
}

/* "<!--…-->" or another declaration at walk->at. */
static void
html_comment(struct html_walk *walk, struct html_piece *piece)
{
	const struct span text = walk->text;
	const bool dashes = text.len_bytes - walk->at >= 4 &&
			    memcmp(text.ptr + walk->at, "<!--", 4) == 0;
	const size_t from = walk->at + (dashes ? 4 : 2);
	size_t to = text.len_bytes;

	if (dashes && !walk->no_comment_end)
		to = html_find(text, from, "-->");
	if (dashes && to == text.len_bytes)
		walk->no_comment_end = true;
	if (!dashes || to == text.len_bytes)
		to = html_find(text, from, ">");
	piece->kind = HTML_PIECE_COMMENT;
	piece->bytes = html_cut(text, from, to);
	if (!dashes)
		html_character_data(piece);
	to += to < text.len_bytes && text.ptr[to] == '-' ? 3 : 1;
	walk->at = to < text.len_bytes ? to : text.len_bytes;
}

static void
html_tag(struct html_walk *walk, struct html_piece *piece)
{
	const struct span text = walk->text;
	const bool closes = text.ptr[walk->at + 1] == '/';
	const size_t name_at = walk->at + (closes ? 2 : 1);
	const size_t end = html_tag_end(text, name_at);
	size_t name_end = name_at;

	while (name_end < end && !html_is_space(text.ptr[name_end]) &&
	       text.ptr[name_end] != '/')
		name_end++;
	piece->kind = closes ? HTML_PIECE_CLOSE : HTML_PIECE_OPEN;
	piece->name = html_cut(text, name_at, name_end);
	piece->bytes = html_cut(text, name_end, end);
	walk->at = end < text.len_bytes ? end + 1 : end;
	if (!closes && html_is_raw_element(piece->name))
		walk->raw = piece->name;
}

/* Text of script or style up to its end tag. */
static void
html_raw(struct html_walk *walk, struct html_piece *piece)
{
	const struct span text = walk->text;
	size_t end = walk->no_raw_end ? text.len_bytes : walk->at;

	while (end < text.len_bytes) {
		end = html_find(text, end, "</");
		if (end < text.len_bytes &&
		    text.len_bytes - end - 2 >= walk->raw.len_bytes &&
		    span_equal_nocase(html_cut(text, end + 2,
					       end + 2 + walk->raw.len_bytes),
				      walk->raw))
			break;
		end += end < text.len_bytes ? 2 : 0;
	}
	walk->no_raw_end = end >= text.len_bytes;
	piece->kind = HTML_PIECE_RAW;
	piece->name = walk->raw;
	piece->bytes = html_cut(text, walk->at, end);
	walk->at = end;
	walk->raw = (struct span){ 0 };
}

static bool
html_is_markup(struct span text, size_t at)
{
	const uint8_t next = at + 1 < text.len_bytes ? text.ptr[at + 1] : 0;

	if (text.ptr[at] != '<')
		return false;
	return html_is_letter(next) || next == '!' || next == '?' ||
	       (next == '/' && at + 2 < text.len_bytes &&
		html_is_letter(text.ptr[at + 2]));
}

bool
html_walk_next(struct html_walk *walk, struct html_piece *piece_out)
{
	const struct span text = walk->text;
	struct html_piece piece = { 0 };
	size_t end = walk->at;

	if (walk->at >= text.len_bytes)
		return false;
	if (walk->raw.len_bytes > 0) {
		html_raw(walk, &piece);
	} else if (html_is_markup(text, walk->at)) {
		if (html_is_letter(text.ptr[walk->at + 1]) ||
		    text.ptr[walk->at + 1] == '/')
			html_tag(walk, &piece);
		else
			html_comment(walk, &piece);
	} else {
		do
			end = html_find(text, end + 1, "<");
		while (end < text.len_bytes && !html_is_markup(text, end));
		piece.kind = HTML_PIECE_TEXT;
		piece.bytes = html_cut(text, walk->at, end);
		walk->at = end;
	}
	*piece_out = piece;
	return true;
}

static size_t
html_skip_space(struct span text, size_t at)
{
	while (at < text.len_bytes && html_is_space(text.ptr[at]))
		at++;
	return at;
}

/* The value that starts at at, with or without quotes; returns its end. */
static size_t
html_attribute_value(struct span text, size_t at, struct span *value_out)
{
	const uint8_t quote = at < text.len_bytes ? text.ptr[at] : 0;
	const bool quoted = quote == '"' || quote == '\'';
	const size_t start = at + (quoted ? 1 : 0);
	size_t end = start;

	while (end < text.len_bytes && (quoted ? text.ptr[end] != quote
					       : !html_is_space(text.ptr[end])))
		end++;
	*value_out = html_cut(text, start, end);
	return end + (quoted && end < text.len_bytes ? 1 : 0);
}

bool
html_attribute_next(struct span attributes, size_t *at,
		    struct html_attribute *attribute_out)
{
	struct html_attribute attribute = { 0 };
	size_t i = *at;

	while (i < attributes.len_bytes &&
	       (html_is_space(attributes.ptr[i]) || attributes.ptr[i] == '/'))
		i++;
	const size_t name_at = i;

	while (i < attributes.len_bytes && attributes.ptr[i] != '=' &&
	       !html_is_space(attributes.ptr[i]))
		i++;
	attribute.name = html_cut(attributes, name_at, i);
	i = html_skip_space(attributes, i);
	if (i < attributes.len_bytes && attributes.ptr[i] == '=')
		i = html_attribute_value(attributes,
					 html_skip_space(attributes, i + 1),
					 &attribute.value);
	*at = i;
	*attribute_out = attribute;
	return attribute.name.len_bytes > 0 || attribute.value.len_bytes > 0;
}
