/* Walk one XML document of an OpenDocument by own pieces. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/odf_parts.h"
#include "scanners/readers/text_views.h"
#include "scanners/readers/xml_charset.h"
#include "scanners/readers/xml_piece.h"

enum {
	ODF_MAX_BLANKS = 64, /* of one text:s */
	ODF_PIECES_A_SPEND = 64
};

/* What an element does; the others are part of a paragraph inside of one, and
 * a value of their name outside. */
enum odf_role {
	ODF_ROLE_NONE = 0,
	ODF_ROLE_PARAGRAPH,
	ODF_ROLE_VALUE, /* also inside of a paragraph */
	ODF_ROLE_ASIDE,
	ODF_ROLE_TABLE,
	ODF_ROLE_ROW,
	ODF_ROLE_CELL,
	ODF_ROLE_BLANK,
	ODF_ROLE_TAB,
	ODF_ROLE_LINE
};

struct odf_element {
	const char *name;
	enum odf_role role;
	const char *aside;
};

/* By their local names: prefixes are anybody's choice. */
static const struct odf_element odf_elements[] = {
	{ "p", ODF_ROLE_PARAGRAPH, NULL },
	{ "h", ODF_ROLE_PARAGRAPH, NULL },
	{ "s", ODF_ROLE_BLANK, NULL },
	{ "tab", ODF_ROLE_TAB, NULL },
	{ "tab-stop", ODF_ROLE_TAB, NULL },
	{ "line-break", ODF_ROLE_LINE, NULL },
	{ "table", ODF_ROLE_TABLE, NULL },
	{ "sub-table", ODF_ROLE_TABLE, NULL },
	{ "table-row", ODF_ROLE_ROW, NULL },
	{ "table-cell", ODF_ROLE_CELL, NULL },
	{ "covered-table-cell", ODF_ROLE_CELL, NULL },
	{ "note", ODF_ROLE_ASIDE, "note" },
	{ "footnote", ODF_ROLE_ASIDE, "note" },
	{ "endnote", ODF_ROLE_ASIDE, "note" },
	{ "annotation", ODF_ROLE_ASIDE, "annotation" },
	{ "tracked-changes", ODF_ROLE_ASIDE, "tracked changes" },
	{ "notes", ODF_ROLE_ASIDE, "notes" },
	{ "header", ODF_ROLE_ASIDE, "header" },
	{ "header-left", ODF_ROLE_ASIDE, "header" },
	{ "header-first", ODF_ROLE_ASIDE, "header" },
	{ "footer", ODF_ROLE_ASIDE, "footer" },
	{ "footer-left", ODF_ROLE_ASIDE, "footer" },
	{ "footer-first", ODF_ROLE_ASIDE, "footer" },
	{ "header-decl", ODF_ROLE_VALUE, NULL },
	{ "footer-decl", ODF_ROLE_VALUE, NULL },
	{ "frame", ODF_ROLE_VALUE, "frame" },
	{ "text-box", ODF_ROLE_ASIDE, "text box" },
	{ "shapes", ODF_ROLE_ASIDE, "shape" },
	{ "custom-shape", ODF_ROLE_ASIDE, "shape" },
	{ "rect", ODF_ROLE_ASIDE, "shape" },
	{ "ellipse", ODF_ROLE_ASIDE, "shape" },
	{ "circle", ODF_ROLE_ASIDE, "shape" },
	{ "line", ODF_ROLE_ASIDE, "shape" },
	{ "connector", ODF_ROLE_ASIDE, "shape" },
	{ "polygon", ODF_ROLE_ASIDE, "shape" },
	{ "polyline", ODF_ROLE_ASIDE, "shape" },
	{ "path", ODF_ROLE_ASIDE, "shape" },
	{ "regular-polygon", ODF_ROLE_ASIDE, "shape" },
	{ "caption", ODF_ROLE_ASIDE, "shape" },
	{ "measure", ODF_ROLE_ASIDE, "shape" },
	{ "g", ODF_ROLE_VALUE, NULL },
	{ "control", ODF_ROLE_VALUE, NULL },
	{ "image", ODF_ROLE_VALUE, NULL },
	{ "object", ODF_ROLE_VALUE, NULL },
	{ "object-ole", ODF_ROLE_VALUE, NULL },
	{ "binary-data", ODF_ROLE_VALUE, NULL },
	{ "note-citation", ODF_ROLE_VALUE, NULL },
	{ "ruby-text", ODF_ROLE_VALUE, NULL },
	{ "desc", ODF_ROLE_VALUE, NULL },
	{ "event-listeners", ODF_ROLE_VALUE, NULL },
	{ "script", ODF_ROLE_VALUE, NULL },
};

static const struct odf_element *
odf_find_element(struct span local)
{
	static const struct odf_element none = { "", ODF_ROLE_NONE, NULL };

	for (size_t i = 0; i < ARRAY_LEN(odf_elements); i++) {
		const char *name = odf_elements[i].name;

		if (local.len_bytes > 0 && local.ptr[0] == (uint8_t)name[0] &&
		    span_equal(local, span_of(name)))
			return &odf_elements[i];
	}
	return &none;
}

static const struct odf_level *
odf_top(const struct odf_text *odf)
{
	static const struct odf_level root = { .flow = ODF_FLOW_BODY };

	if (odf->depth == 0)
		return &root;
	return &odf->levels[(odf->depth < ODF_MAX_LEVELS ? odf->depth
							 : ODF_MAX_LEVELS) -
			    1];
}

/* Text is pending in a paragraph, or in the innermost element that is none. */
static bool
odf_in_paragraph(const struct odf_text *odf)
{
	const struct odf_level *top = odf_top(odf);

	return top->paragraph;
}

/* An element inside: a paragraph, part of one, or a value of its own. */
static void
odf_push(struct odf_text *odf, const struct xml_piece *piece,
	 const struct odf_element *element)
{
	const struct odf_level *around = odf_top(odf);
	const struct odf_level parent = *around;
	struct odf_level *level = NULL;

	if (odf->depth++ >= ODF_MAX_LEVELS)
		return;
	level = &odf->levels[odf->depth - 1];
	*level = (struct odf_level){ .name = xml_piece_local(piece->name),
				     .flow = parent.flow,
				     .aside = parent.aside,
				     .text_at = odf->text.len_bytes,
				     .paragraph_at = odf->text.len_bytes,
				     .first_mark = odf->changes.mark_count };
	level->label = level->name;
	level->joins = parent.paragraph && (element->role == ODF_ROLE_NONE ||
					    element->role >= ODF_ROLE_BLANK);
	if (level->joins)
		level->paragraph_at = parent.paragraph_at;
	level->paragraph = level->joins || element->role == ODF_ROLE_PARAGRAPH;
	if (element->role == ODF_ROLE_ASIDE) {
		level->flow = ODF_FLOW_ASIDE;
		level->aside = element->aside;
	}
	if (element->role == ODF_ROLE_CELL)
		level->flow = ODF_FLOW_CELL;
}

/* <meta:user-defined meta:name="個人番号">: the name says what it is. */
static void
odf_name_value(struct odf_text *odf, struct span attributes)
{
	struct odf_level *level = NULL;
	struct span name = { 0 };

	if (odf->depth == 0 || odf->depth > ODF_MAX_LEVELS)
		return;
	level = &odf->levels[odf->depth - 1];
	if (level->paragraph)
		return;
	name = odf_attribute(attributes, "name");
	if (name.len_bytes > 0)
		level->label = name;
}

static void
odf_add_blanks(struct odf_text *odf, struct span attributes)
{
	uint64_t count = 1;

	(void)parse_u64(odf_attribute(attributes, "c"), ODF_MAX_BLANKS, &count);
	for (uint64_t i = 0; i < count; i++)
		sbuf_add_byte(&odf->text, ' ');
}

/* What stands for a character in a paragraph; else its name may matter. */
static void
odf_open_inline(struct odf_text *odf, enum odf_role role,
		struct span attributes)
{
	if (!odf_in_paragraph(odf) || role < ODF_ROLE_BLANK)
		odf_name_value(odf, attributes);
	else if (role == ODF_ROLE_BLANK)
		odf_add_blanks(odf, attributes);
	else
		sbuf_add_byte(&odf->text, role == ODF_ROLE_TAB ? '\t' : '\n');
}

static enum status
odf_open(struct odf_text *odf, const struct xml_piece *piece, struct err *err)
{
	const struct odf_element *element =
		odf_find_element(xml_piece_local(piece->name));
	const bool known = odf->depth < ODF_MAX_LEVELS;
	enum status st = ST_OK;

	odf_push(odf, piece, element);
	if (known)
		st = odf_changes_open(odf, &odf->levels[odf->depth - 1],
				      piece->bytes, err);
	if (st != ST_OK)
		return st;
	if (known && element->role == ODF_ROLE_CELL)
		return odf_open_cell(odf, piece->bytes, err);
	if (known && element->role == ODF_ROLE_ROW)
		odf_open_row(odf, piece->bytes);
	else if (known && element->role == ODF_ROLE_TABLE)
		st = odf_open_table(odf, piece->bytes, err);
	else
		odf_open_inline(odf, element->role, piece->bytes);
	if (st == ST_OK)
		st = sbuf_status(&odf->text, "odf: text", err);
	if (st != ST_OK || piece->bytes.len_bytes == 0)
		return st;
	return odf_keep_attributes(odf, piece->bytes, NULL, err);
}

/* The text of the element that ends, when it is one of its own. */
static enum status
odf_end_text(struct odf_text *odf, const struct odf_level *level,
	     struct err *err)
{
	struct span text = { 0 };
	enum status st = sbuf_status(&odf->text, "odf: text", err);
	size_t from = level->text_at;
	size_t to = odf->text.len_bytes;

	if (st != ST_OK || level->joins)
		return st;
	while (to > from && odf->text.bytes[to - 1] <= ' ')
		to--;
	while (from < to && odf->text.bytes[from] <= ' ')
		from++;
	if (to > from &&
	    span_cut(sbuf_span(&odf->text), from, to - from, &text))
		st = level->paragraph
			     ? odf_give_paragraph(odf, level, text, err)
			     : odf_give_value(odf, level, text, err);
	if (st == ST_OK && level->paragraph)
		st = odf_changes_give(odf, level, err);
	sbuf_truncate(&odf->text, level->text_at);
	return st;
}

static enum status
odf_close_level(struct odf_text *odf, struct err *err)
{
	const struct odf_level *level = odf_top(odf);
	enum odf_role role = ODF_ROLE_NONE;
	enum status st = ST_OK;

	if (odf->depth == 0)
		return ST_OK;
	if (odf->depth > ODF_MAX_LEVELS) {
		odf->depth--;
		return ST_OK;
	}
	role = odf_find_element(level->name)->role;
	st = odf_changes_close(odf, level, err);
	if (st == ST_OK)
		st = odf_end_text(odf, level, err);
	if (st == ST_OK && role == ODF_ROLE_CELL)
		odf_close_cell(odf);
	if (st == ST_OK && role == ODF_ROLE_ROW)
		st = odf_close_row(odf, err);
	if (st == ST_OK && role == ODF_ROLE_TABLE)
		st = odf_close_table(odf, err);
	odf->depth--;
	return st;
}

/* As in any XML of ours: a tag closes those inside, or nothing. */
static enum status
odf_close(struct odf_text *odf, const struct xml_piece *piece, struct err *err)
{
	const struct span local = xml_piece_local(piece->name);
	size_t open = odf->depth;
	enum status st = ST_OK;

	if (open > ODF_MAX_LEVELS)
		return odf_close_level(odf, err);
	while (open > 0 && !span_equal(odf->levels[open - 1].name, local))
		open--;
	odf->faulty |= open != odf->depth || open == 0;
	if (open == 0)
		return ST_OK;
	while (st == ST_OK && odf->depth >= open)
		st = odf_close_level(odf, err);
	return st;
}

static enum status
odf_add_text(struct odf_text *odf, const struct xml_piece *piece,
	     struct err *err)
{
	const struct odf_level *level = odf_top(odf);

	if (piece->kind == XML_PIECE_CDATA)
		sbuf_add_span(&odf->text, piece->bytes);
	else if (level->paragraph)
		odf_add_running(&odf->text, level->paragraph_at, piece->bytes);
	else
		html_unescape(piece->bytes, &odf->text);
	return sbuf_status(&odf->text, "odf: text", err);
}

/* Comments, instructions, declarations. */
static enum status
odf_other(struct odf_text *odf, const struct xml_piece *piece, struct err *err)
{
	static const char *const names[] = { "comment", "instruction",
					     "doctype" };
	const size_t kind = piece->kind == XML_PIECE_COMMENT       ? 0
			    : piece->kind == XML_PIECE_INSTRUCTION ? 1
								   : 2;
	const struct odf_level level = { .name = span_of(names[kind]),
					 .label = span_of(names[kind]),
					 .flow = ODF_FLOW_ASIDE };

	/* Files of older programs have one, without a subset. */
	if (piece->kind == XML_PIECE_DOCTYPE && piece->bytes.len_bytes > 0)
		odf->subset |= memchr(piece->bytes.ptr, '[',
				      piece->bytes.len_bytes) != NULL;
	if (piece->bytes.len_bytes == 0)
		return ST_OK;
	return odf_give_value(odf, &level, piece->bytes, err);
}

static enum status
odf_piece(struct odf_text *odf, const struct xml_piece *piece, struct err *err)
{
	enum status st = ST_OK;

	switch (piece->kind) {
	case XML_PIECE_TEXT:
	case XML_PIECE_CDATA:
		return odf_add_text(odf, piece, err);
	case XML_PIECE_OPEN:
		return odf_open(odf, piece, err);
	case XML_PIECE_EMPTY:
		st = odf_open(odf, piece, err);
		return st == ST_OK ? odf_close_level(odf, err) : st;
	case XML_PIECE_CLOSE:
		return odf_close(odf, piece, err);
	case XML_PIECE_COMMENT:
	case XML_PIECE_INSTRUCTION:
	case XML_PIECE_DOCTYPE:
		return odf_other(odf, piece, err);
	case XML_PIECE_NONE:
	default:
		return ST_OK;
	}
}

static enum status
odf_finish(struct odf_text *odf, struct err *err)
{
	enum status st = ST_OK;

	odf->faulty |= odf->depth > 0;
	while (st == ST_OK && odf->depth > 0)
		st = odf_close_level(odf, err);
	if (st == ST_OK)
		st = odf_flush(odf, err);
	if (st == ST_OK)
		st = sink_break(odf->sink, err);
	if (st == ST_OK)
		st = odf_flush_attributes(odf, err);
	if (st == ST_OK && odf->faulty)
		st = sink_opaque(odf->sink, REPORT_REASON_DAMAGED,
				 "odf: elements that do not fit", err);
	if (st == ST_OK && odf->changes.over)
		st = sink_opaque(odf->sink, REPORT_REASON_LIMIT,
				 "limit odf changes", err);
	if (st == ST_OK && odf->subset)
		st = sink_opaque(odf->sink, REPORT_REASON_DAMAGED,
				 "odf: doctype with a subset", err);
	return st == ST_OK ? sink_break(odf->sink, err) : st;
}

static enum status
odf_read_pieces(struct odf_text *odf, struct span utf8, struct err *err)
{
	struct xml_pieces pieces = { .text = utf8 };
	struct xml_piece piece;
	size_t count = 0;
	enum status st = ST_OK;

	while (st == ST_OK && xml_piece_next(&pieces, &piece)) {
		st = odf_piece(odf, &piece, err);
		if (st == ST_OK && ++count % ODF_PIECES_A_SPEND == 0)
			st = sink_spend(odf->sink, 0, 0, err);
	}
	return st == ST_OK ? odf_finish(odf, err) : st;
}

static enum status
odf_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	struct odf_text odf = { .sink = sink, .line = 1 };
	enum status st = ST_OK;

	sbuf_init_secret(&odf.text, SIZE_MAX / 2);
	sbuf_init_secret(&odf.attributes, SIZE_MAX / 2);
	sbuf_init_secret(&odf.boxes, SIZE_MAX / 2);
	sbuf_init_secret(&odf.batch, SIZE_MAX / 2);
	sbuf_init_secret(&odf.aside, SIZE_MAX / 2);
	odf_tables_init(&odf.tables);
	odf_changes_init(&odf.changes);
	st = odf_read_pieces(&odf, utf8, err);
	sbuf_done(&odf.text);
	sbuf_done(&odf.attributes);
	sbuf_done(&odf.boxes);
	sbuf_done(&odf.batch);
	sbuf_done(&odf.aside);
	odf_tables_done(&odf.tables);
	odf_changes_done(&odf.changes);
	return st;
}

enum status
odf_read_document(struct sink *sink, struct span document, struct err *err)
{
	char charset[XML_CHARSET_BYTES] = "";

	xml_charset_declared(document, charset);
	return text_views(sink, document,
			  charset[0] != '\0' ? charset : "utf-8", odf_read_view,
			  err);
}
