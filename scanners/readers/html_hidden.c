#include "scanners/readers/html_hidden.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/css_text.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/html_names.h"
#include "scanners/readers/reader.h"
#include "scanners/readers/text_escapes.h"

/* Text without its tags, as the page would join and part it. */
static void
html_strip(struct span bytes, struct sbuf *out)
{
	struct html_walk walk = { .text = bytes };
	struct html_piece piece;

	while (html_walk_next(&walk, &piece)) {
		if (piece.kind == HTML_PIECE_TEXT)
			html_unescape(piece.bytes, out);
		else if (piece.name.len_bytes == 0 ||
			 html_is_block(piece.name) ||
			 html_is_table_part(piece.name))
			sbuf_add_byte(out, '\n');
	}
}

/* The same text as it is meant, behind it. */
static void
html_add_meant(const struct html_piece *piece, struct sbuf *out)
{
	const struct span bytes = piece->bytes;
	const size_t before = out->len_bytes;

	if (piece->kind == HTML_PIECE_COMMENT) {
		if (memchr(bytes.ptr, '<', bytes.len_bytes) != NULL)
			html_strip(bytes, out);
	} else if (span_equal_nocase(piece->name, span_of("style"))) {
		css_add_text(bytes, out);
	} else {
		(void)text_unescape(bytes, out);
	}
	if (out->len_bytes > before)
		sbuf_add_byte(out, '\n');
}

enum status
html_give_hidden(struct sink *sink, const struct html_piece *piece,
		 uint64_t line, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, line,
				     piece->kind == HTML_PIECE_COMMENT
					     ? "comment"
					     : "script" };
	struct sbuf text;
	enum status st = ST_OK;

	if (field_is_blank(piece->bytes))
		return ST_OK;
	sbuf_init_secret(&text, SIZE_MAX / 2);
	sbuf_add_span(&text, piece->bytes);
	sbuf_add_byte(&text, '\n');
	html_add_meant(piece, &text);
	st = sbuf_status(&text, "html: comment", err);
	if (st == ST_OK)
		st = sink_text(sink, &place, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

bool
html_has_letters(struct span text)
{
	const struct glance_marks marks = glance_search(cpu_best(), text);

	return marks.file_at < text.len_bytes ||
	       marks.armor_at < text.len_bytes;
}

enum status
html_give_letters(struct sink *sink, struct span page, struct err *err)
{
	static const struct child hint = { .name = "",
					   .content_type = "text/plain",
					   .charset = "utf-8" };
	struct sbuf text;
	enum status st = sink_spend(sink, page.len_bytes, page.len_bytes, err);

	if (st != ST_OK)
		return st;
	sbuf_init_secret(&text, SIZE_MAX / 2);
	html_strip(page, &text);
	st = sbuf_status(&text, "html: text", err);
	if (st == ST_OK)
		st = reader_encoded.read(sink, sbuf_span(&text), &hint, err);
	if (st == ST_OK)
		st = reader_armor.read(sink, sbuf_span(&text), &hint, err);
	sbuf_done(&text);
	return st;
}
