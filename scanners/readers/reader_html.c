/*
 * The reader of HTML. Inline tags join text; blocks end a line; the cells of
 * a table of data are cells, those of a table that lays a page out are text.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/html_attributes.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/html_hidden.h"
#include "scanners/readers/html_lines.h"
#include "scanners/readers/html_names.h"
#include "scanners/readers/html_walk.h"
#include "scanners/readers/text_views.h"

enum {
	HTML_MAX_TABLES = 32,      /* deeper ones count as text */
	HTML_CELL_MAX_BYTES = 400, /* a longer one, or one of lines, is text */
	HTML_FLUSH_BYTES = 64 * 1024,
	HTML_FLUSH_MOST_BYTES = 1024 * 1024, /* without any line end */
	HTML_SNIFF_BYTES = 1024,
	HTML_MAX_SPAN = 1000,
	HTML_HEADING_MAX_BYTES = 90,
	HTML_HEADING_DIGITS = 4,
	HTML_MAX_HELD = 64, /* columns in which a cell may cover rows below */
	HTML_SHEET_BYTES = 32
};

struct html_table {
	uint32_t number;
	uint32_t row;
	uint32_t column;
	/* In how many rows, this one included, a cell from above stands. */
	uint16_t held[HTML_MAX_HELD];
};

struct html {
	struct sink *sink;
	struct html_lines page;
	size_t flush_at; /* look for a line end in so much text */
	uint64_t line;   /* of the source, at the walk */
	struct sbuf cell;
	bool in_cell;
	uint64_t cell_line; /* where it begins */
	struct html_table tables[HTML_MAX_TABLES];
	size_t depth; /* may be over HTML_MAX_TABLES */
	uint32_t table_count;
	size_t preformatted; /* elements open whose line ends count */
	bool letters;        /* a file in letters may begin in the text */
	bool enriched;       /* it is text/enriched or text/richtext */
	bool in_parameter;   /* of a command in it */
	size_t parameter_at; /* it starts here in what is written to */
};

/* The first len_bytes of the page. */
static enum status
html_give_page(struct html *html, size_t len_bytes, struct err *err)
{
	struct span text = { 0 };

	(void)span_cut(sbuf_span(&html->page.text), 0, len_bytes, &text);
	html->letters = html->letters || html_has_letters(text);
	html->in_parameter = false;
	html->flush_at = HTML_FLUSH_BYTES;
	return html_lines_give(&html->page, html->sink, len_bytes, err);
}

static enum status
html_flush(struct html *html, struct err *err)
{
	return html_give_page(html, html->page.text.len_bytes, err);
}

/* What is complete of a long page: up to the last line end, so that no place
 * that is given in between parts a number. */
static enum status
html_flush_lines(struct html *html, struct err *err)
{
	const struct span text = sbuf_span(&html->page.text);
	const uint8_t *end = NULL;

	if (text.len_bytes < html->flush_at)
		return ST_OK;
	end = memrchr(text.ptr, '\n', text.len_bytes);
	html->flush_at += HTML_FLUSH_BYTES;
	if (end == NULL && text.len_bytes < HTML_FLUSH_MOST_BYTES)
		return ST_OK;
	if (end == NULL)
		return html_flush(html, err);
	return html_give_page(html, (size_t)(end - text.ptr) + 1, err);
}

/* Text goes to the open cell, else to the page. */
static struct sbuf *
html_out(struct html *html)
{
	return html->in_cell ? &html->cell : &html->page.text;
}

static void
html_newline(struct html *html)
{
	struct sbuf *out = html_out(html);

	if (out->len_bytes > 0 && out->bytes[out->len_bytes - 1] != '\n')
		sbuf_add_byte(out, '\n');
}

static bool
html_is_blank(struct span text)
{
	for (size_t i = 0; i < text.len_bytes; i++)
		if (text.ptr[i] > ' ')
			return false;
	return true;
}

/* A heading may take two lines: few words, and no number. */
static bool
html_is_heading(struct span text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len_bytes; i++)
		digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
	return text.len_bytes <= HTML_HEADING_MAX_BYTES &&
	       digits < HTML_HEADING_DIGITS;
}

/* A cell that holds text of several lines lays out. */
static bool
html_is_data(struct span text)
{
	struct span whole = text;

	if (html_is_heading(text))
		return true;

	while (whole.len_bytes > 0 && whole.ptr[whole.len_bytes - 1] == '\n')
		whole.len_bytes--;
	return whole.len_bytes <= HTML_CELL_MAX_BYTES &&
	       (whole.len_bytes == 0 ||
		memchr(whole.ptr, '\n', whole.len_bytes) == NULL);
}

/* The cell was none, or ends: its text to where it belongs. */
static enum status
html_end_cell(struct html *html, struct err *err)
{
	const struct span text = sbuf_span(&html->cell);
	char sheet[HTML_SHEET_BYTES];
	enum status st = sbuf_status(&html->cell, "html: cell", err);

	if (!html->in_cell || st != ST_OK)
		return st;
	html->in_cell = false;
	if (html_is_blank(text)) {
		sbuf_clear(&html->cell);
		return ST_OK;
	}
	if (html->depth == 0 || html->depth > HTML_MAX_TABLES ||
	    !html_is_data(text)) {
		html_lines_mark(&html->page, html->cell_line);
		sbuf_add_span(&html->page.text, text);
		html_newline(html);
		sbuf_clear(&html->cell);
		return ST_OK;
	}
	const struct html_table *table = &html->tables[html->depth - 1];

	(void)snprintf(sheet, sizeof(sheet), "table %u", table->number);
	const struct cell cell = { sheet, table->row, table->column,
				   CELL_TEXT };

	st = html_flush(html, err);
	if (st == ST_OK)
		st = sink_cell(html->sink, &cell, text, err);
	sbuf_clear(&html->cell);
	return st;
}

/* Another row: the cells from above end one by one. */
static void
html_open_row(struct html_table *table)
{
	table->row++;
	table->column = 0;
	for (size_t i = 0; i < HTML_MAX_HELD; i++)
		if (table->held[i] > 0)
			table->held[i]--;
}

/*
 * The column of a cell, its last one when it has several: what counts for a
 * header is the column behind it. Those that a cell from above covers are left
 * out.
 */
static void
html_open_cell(struct html_table *table, struct span attributes)
{
	const uint32_t columns =
		html_attribute_count(attributes, "colspan", HTML_MAX_SPAN);
	const uint32_t rows =
		html_attribute_count(attributes, "rowspan", HTML_MAX_SPAN);

	if (table->row == 0)
		table->row = 1;
	while (table->column < HTML_MAX_HELD && table->held[table->column] > 0)
		table->column++;
	for (uint32_t i = 0; i < columns; i++)
		if (table->column + i < HTML_MAX_HELD)
			table->held[table->column + i] = (uint16_t)rows;
	table->column += columns;
}

static enum status
html_table_open(struct html *html, struct err *err)
{
	/* A table in a cell: that cell was layout. */
	if (html->in_cell) {
		html_lines_mark(&html->page, html->cell_line);
		sbuf_add_span(&html->page.text, sbuf_span(&html->cell));
		sbuf_clear(&html->cell);
		html->in_cell = false;
		html_newline(html);
	}
	if (html->depth < HTML_MAX_TABLES)
		html->tables[html->depth] =
			(struct html_table){ .number = ++html->table_count };
	html->depth++;
	return sbuf_status(&html->page.text, "html: text", err);
}

static enum status
html_table_tag(struct html *html, const struct html_piece *piece,
	       struct err *err)
{
	const bool opens = piece->kind == HTML_PIECE_OPEN;
	struct html_table none = { 0 };
	struct html_table *table =
		html->depth > 0 && html->depth <= HTML_MAX_TABLES
			? &html->tables[html->depth - 1]
			: &none;
	enum status st = ST_OK;

	html->in_parameter = false;
	if (span_equal_nocase(piece->name, span_of("table"))) {
		if (opens)
			return html_table_open(html, err);
		st = html_end_cell(html, err);
		html->depth -= html->depth > 0;
		return st;
	}
	st = html_end_cell(html, err);
	html_newline(html);
	if (!opens)
		return st;
	if (span_equal_nocase(piece->name, span_of("tr"))) {
		html_open_row(table);
		return st;
	}
	html_open_cell(table, piece->bytes);
	html->in_cell = html->depth > 0;
	html->cell_line = html->line;
	return st;
}

static void
html_note_preformatted(struct html *html, const struct html_piece *piece)
{
	if (!html_is_preformatted(piece->name))
		return;
	if (piece->kind == HTML_PIECE_OPEN)
		html->preformatted++;
	else
		html->preformatted -= html->preformatted > 0;
}

static bool
html_is_white(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Text of the source follows, whose blanks at the start are nothing to see. */
static void
html_mark(struct html *html, struct span text)
{
	uint64_t line = html->line;
	size_t at = 0;

	if (html->in_cell)
		return;
	for (; at < text.len_bytes && html_is_white(text.ptr[at]); at++)
		line += text.ptr[at] == '\n';
	if (at < text.len_bytes || text.len_bytes == 0)
		html_lines_mark(&html->page, line);
}

/*
 * <color><param>red</param>: what stands there is not shown, and would part
 * a number. In HTML the element is empty.
 */
static enum status
html_parameter_tag(struct html *html, bool opens, struct err *err)
{
	struct sbuf *out = html_out(html);
	const struct place place = { PLACE_ELEMENT, html->line, "param" };
	struct span text = { 0 };
	enum status st = ST_OK;

	if (!opens && html->in_parameter &&
	    span_cut(sbuf_span(out), html->parameter_at,
		     out->len_bytes - html->parameter_at, &text)) {
		if (!html_is_blank(text))
			st = sink_text(html->sink, &place, text, err);
		sbuf_truncate(out, html->parameter_at);
	}
	html->in_parameter = opens;
	html->parameter_at = out->len_bytes;
	return st;
}

static enum status
html_read_tag(struct html *html, const struct html_piece *piece,
	      struct err *err)
{
	const bool opens = piece->kind == HTML_PIECE_OPEN;
	enum status st = ST_OK;

	if (piece->bytes.len_bytes > 1 && opens)
		st = html_give_attributes(html->sink, piece->bytes, html->line,
					  err);
	if (st != ST_OK)
		return st;
	if (html_is_table_part(piece->name))
		return html_table_tag(html, piece, err);
	if (html->enriched && span_equal_nocase(piece->name, span_of("param")))
		return html_parameter_tag(html, opens, err);
	if (!html_is_block(piece->name))
		return ST_OK;
	/* A field shows its value behind its label. */
	if (opens && span_equal_nocase(piece->name, span_of("input"))) {
		html_mark(html, (struct span){ 0 });
		html_shown_value(piece->bytes, html_out(html));
	} else {
		html_newline(html);
	}
	html_note_preformatted(html, piece);
	return ST_OK;
}

/* White space of the source is one blank on the page. */
static void
html_collapse(struct sbuf *out, size_t start)
{
	size_t used = start;
	bool white = start > 0 && html_is_white(out->bytes[start - 1]);

	for (size_t i = start; i < out->len_bytes; i++) {
		const uint8_t c = out->bytes[i];

		if (!html_is_white(c))
			out->bytes[used++] = c;
		else if (!white)
			out->bytes[used++] = ' ';
		white = html_is_white(c);
	}
	sbuf_truncate(out, used);
}

static void
html_read_text(struct html *html, struct span bytes)
{
	struct sbuf *out = html_out(html);
	const size_t start = out->len_bytes;

	html_mark(html, bytes);
	html_unescape(bytes, out);
	if (html->preformatted == 0)
		html_collapse(out, start);
}

static enum status
html_read_piece(struct html *html, const struct html_piece *piece,
		struct err *err)
{
	switch (piece->kind) {
	case HTML_PIECE_TEXT:
		html_read_text(html, piece->bytes);
		return html_flush_lines(html, err);
	case HTML_PIECE_OPEN:
	case HTML_PIECE_CLOSE:
		return html_read_tag(html, piece, err);
	case HTML_PIECE_COMMENT:
	case HTML_PIECE_RAW:
		return html_give_hidden(html->sink, piece, html->line, err);
	case HTML_PIECE_NONE:
	default:
		return ST_OK;
	}
}

static enum status
html_read_as(struct sink *sink, struct span utf8, bool enriched,
	     struct err *err)
{
	struct html html = { .sink = sink,
			     .enriched = enriched,
			     .flush_at = HTML_FLUSH_BYTES,
			     .line = 1 };
	struct html_walk walk = { .text = utf8 };
	struct html_piece piece;
	enum status st = ST_OK;

	html_lines_init(&html.page);
	sbuf_init_secret(&html.cell, SIZE_MAX / 2);
	while (st == ST_OK) {
		const size_t from = walk.at;

		if (!html_walk_next(&walk, &piece))
			break;
		st = html_read_piece(&html, &piece, err);
		html.line += text_count_lines(utf8, from, walk.at);
		if (st == ST_OK)
			st = sink_spend(sink, 0, 0, err);
	}
	if (st == ST_OK)
		st = html_end_cell(&html, err);
	if (st == ST_OK)
		st = html_flush(&html, err);
	if (st == ST_OK && html.letters)
		st = html_give_letters(sink, utf8, err);
	html_lines_done(&html.page);
	sbuf_done(&html.cell);
	return st;
}

static enum status
html_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	return html_read_as(sink, utf8, false, err);
}

static enum status
html_read_enriched(struct sink *sink, struct span utf8, struct err *err)
{
	return html_read_as(sink, utf8, true, err);
}

/* RFC 1896 and RFC 1341: commands look like tags. */
static bool
html_is_enriched(const struct child *hint)
{
	return strcmp(hint->content_type, "text/enriched") == 0 ||
	       strcmp(hint->content_type, "text/richtext") == 0;
}

/* <meta charset=…> when the mail names none. */
static bool
html_meta_charset(struct span body, char *room, size_t room_bytes)
{
	static const char key[] = "charset=";
	struct span head = body;
	size_t used = 0;
	const uint8_t *found = NULL;

	if (body.len_bytes > HTML_SNIFF_BYTES)
		(void)span_cut(body, 0, HTML_SNIFF_BYTES, &head);
	if (head.len_bytes > 0)
		found = memmem(head.ptr, head.len_bytes, key, sizeof(key) - 1);
	if (found == NULL)
		return false;
	for (size_t at = (size_t)(found - head.ptr) + sizeof(key) - 1;
	     at < head.len_bytes && used + 1 < room_bytes; at++) {
		const uint8_t c = head.ptr[at];

		if ((c == '"' || c == '\'') && used == 0)
			continue;
		if (c <= ' ' || c == '"' || c == '\'' || c == '>' || c == ';' ||
		    c == '/')
			break;
		room[used++] = (char)c;
	}
	room[used] = '\0';
	return used > 0;
}

static enum status
html_read(struct sink *sink, struct span body, const struct child *hint,
	  struct err *err)
{
	char charset[64];
	const char *declared = hint->charset;

	if (declared[0] == '\0' &&
	    html_meta_charset(body, charset, sizeof(charset)))
		declared = charset;
	return text_views(sink, body, declared,
			  html_is_enriched(hint) ? html_read_enriched
						 : html_read_view,
			  err);
}

static bool
html_is_named(const char *name)
{
	static const char *const ends[] = { ".html", ".htm", ".xhtml" };
	const struct span text = span_of(name);
	struct span end = { NULL, 0 };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		const size_t len = strlen(ends[i]);

		if (text.len_bytes > len &&
		    span_cut(text, text.len_bytes - len, len, &end) &&
		    span_equal_nocase(end, span_of(ends[i])))
			return true;
	}
	return false;
}

/* Does it begin with elements? NULs are left out: UTF-16 is read, too. */
static bool
html_has_marks(struct span body)
{
	static const char *const marks[] = {
		"<!doctype html", "<html", "<body", "<table", "<div", "<head"
	};
	char head[HTML_SNIFF_BYTES + 1];
	size_t used = 0;

	for (size_t i = 0; i < body.len_bytes && i < HTML_SNIFF_BYTES; i++) {
		const uint8_t c = body.ptr[i];

		if (c != 0)
			head[used++] =
				(char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	head[used] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (strstr(head, marks[i]) != NULL)
			return true;
	return false;
}

static enum sniff
html_sniff(struct span body, const struct child *hint)
{
	if (strcmp(hint->content_type, "text/html") == 0 ||
	    strcmp(hint->content_type, "application/xhtml+xml") == 0)
		return SNIFF_CERTAIN;
	/* Not all programs know it: the reader of text reads it, too. */
	if (html_is_enriched(hint))
		return SNIFF_LIKELY;
	if (!hint->attachment)
		return SNIFF_NO;
	if ((html_is_named(hint->name) && glance_is_text(body, hint)) ||
	    html_has_marks(body))
		return SNIFF_LIKELY;
	return SNIFF_NO;
}

const struct reader reader_html = {
	.name = "html",
	.foreign = false,
	.sniff = html_sniff,
	.read = html_read,
};
