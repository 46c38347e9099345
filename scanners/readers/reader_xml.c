/*
 * The reader of XML: what each element and attribute holds, by its name. Own
 * pieces and no parser, so that no fault ends the reading; entities that the
 * document itself defines are not expanded, their definitions are read.
 */
#include "scanners/readers/reader.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/glance.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/html_walk.h"
#include "scanners/readers/text_views.h"
#include "scanners/readers/xml_charset.h"
#include "scanners/readers/xml_kind.h"
#include "scanners/readers/xml_piece.h"

enum {
	XML_MAX_LEVELS = 256, /* deeper ones have the name of the last */
	XML_MAX_COLUMNS = 100000,
	XML_SHEET_BYTES = 32,
	XML_NUMBER_DIGITS = 12
};

struct xml_level {
	struct span name;  /* local */
	struct span label; /* what a value in it is called */
	bool joins;        /* its text is part of the text around it */
};

struct xml {
	struct sink *sink;
	struct xml_level levels[XML_MAX_LEVELS];
	size_t depth;       /* may be over XML_MAX_LEVELS */
	struct sbuf value;  /* the text that is collected */
	size_t value_depth; /* of the element it belongs to */
	uint64_t value_line;
	uint64_t line;
	struct sbuf title;  /* the text that names the values behind it */
	size_t title_depth; /* of the element both are in */
	/* Values of one digit, side by side: <mynumber><d>1</d><d>2</d>…; */
	char digits[XML_NUMBER_DIGITS];
	size_t digit_count; /* more than there is room for: no number */
	size_t digit_depth;
	bool in_row;
	size_t row_depth;
	uint32_t table;
	uint32_t row;
	uint32_t column;
	bool has_entities; /* the document defines some */
	bool unexpanded;   /* and uses some */
};

static const struct xml_level *
xml_level(const struct xml *xml, size_t depth)
{
	static const struct xml_level none = { .joins = false };

	if (depth == 0)
		return &none;
	return &xml->levels[(depth < XML_MAX_LEVELS ? depth : XML_MAX_LEVELS) -
			    1];
}

/* The text that names what is in the element at depth; empty when its own
 * name does. */
static struct span
xml_title_of(const struct xml *xml, size_t depth)
{
	const struct span none = { 0 };

	if (xml->title.len_bytes == 0 || depth <= xml->title_depth ||
	    !field_is_value(xml_level(xml, depth)->name))
		return none;
	return sbuf_span(&xml->title);
}

/* Does the element at depth say more than what its place says? */
static bool
xml_has_own_name(const struct xml *xml, size_t depth)
{
	const struct span name = xml_level(xml, depth)->name;

	return !xml_is_generic(name) && !xml_is_list(name);
}

/* What names the value at depth. When an element with a name of its own is
 * between the title and the value, both do: the title may be a person's name,
 * <name>…</name><mynumber><value>…. */
static struct span
xml_label_of(const struct xml *xml, size_t depth,
	     char both[2 * FIELD_LABEL_BYTES])
{
	const struct span title = xml_title_of(xml, depth);
	const struct span label = xml_level(xml, depth)->label;

	if (title.len_bytes == 0)
		return label;
	if (depth <= xml->title_depth + 1 ||
	    !xml_has_own_name(xml, depth - 1) ||
	    label.len_bytes + 1 + title.len_bytes > 2 * FIELD_LABEL_BYTES)
		return title;
	memcpy(both, label.ptr, label.len_bytes);
	both[label.len_bytes] = ' ';
	memcpy(both + label.len_bytes + 1, title.ptr, title.len_bytes);
	return (struct span){ (const uint8_t *)both,
			      label.len_bytes + 1 + title.len_bytes };
}

static enum status
xml_give_value(struct xml *xml, struct span value, struct err *err)
{
	char both[2 * FIELD_LABEL_BYTES];
	const struct field field = { xml_label_of(xml, xml->value_depth, both),
				     xml->value_line };
	char sheet[XML_SHEET_BYTES];
	const struct cell cell = { sheet, xml->row, xml->column,
				   xml_is_number(value) ? CELL_NUMBER
							: CELL_TEXT };

	(void)snprintf(sheet, sizeof(sheet), "table %u", xml->table + 1);
	if (xml->in_row && xml->column > 0)
		return field_give_cell(xml->sink, &cell, value, err);
	return field_give(xml->sink, &field, value, err);
}

/* One more value: a digit of a number that is one digit for each element, or
 * what ends such a number. */
static void
xml_note_digit(struct xml *xml, struct span value)
{
	const bool digit = value.len_bytes == 1 && value.ptr[0] >= '0' &&
			   value.ptr[0] <= '9' && xml->value_depth > 1;

	if (!digit || xml->digit_depth != xml->value_depth)
		xml->digit_count = 0;
	if (!digit)
		return;
	xml->digit_depth = xml->value_depth;
	if (xml->digit_count < XML_NUMBER_DIGITS)
		xml->digits[xml->digit_count] = (char)value.ptr[0];
	xml->digit_count++;
}

/* The element around the digits ends: together they are a value of it. */
static enum status
xml_give_digits(struct xml *xml, struct err *err)
{
	const struct span number = { (const uint8_t *)xml->digits,
				     XML_NUMBER_DIGITS };
	const struct field field = { xml_level(xml, xml->depth)->label,
				     xml->line };
	const bool whole = xml->digit_count == XML_NUMBER_DIGITS;

	if (xml->digit_count == 0 || xml->depth >= xml->digit_depth)
		return ST_OK;
	xml->digit_count = 0;
	return whole ? field_give(xml->sink, &field, number, err) : ST_OK;
}

/* A title names the values right behind it. */
static void
xml_note_title(struct xml *xml, struct span value)
{
	const size_t depth = xml->value_depth;
	const struct span name = xml_level(xml, depth)->name;

	if (field_is_title(name) && value.len_bytes <= FIELD_TITLE_BYTES) {
		sbuf_clear(&xml->title);
		sbuf_add_span(&xml->title, value);
		xml->title_depth = depth - (depth > 0);
	} else if (depth <= xml->title_depth + 1 && !field_is_value(name)) {
		sbuf_clear(&xml->title);
	}
}

/* The text that was collected is whole. */
static enum status
xml_flush(struct xml *xml, struct err *err)
{
	struct span value = sbuf_span(&xml->value);
	enum status st = sbuf_status(&xml->value, "xml: text", err);

	while (value.len_bytes > 0 && value.ptr[value.len_bytes - 1] <= ' ')
		value.len_bytes--;
	while (value.len_bytes > 0 && value.ptr[0] <= ' ')
		(void)span_cut(value, 1, value.len_bytes - 1, &value);
	if (st != ST_OK || value.len_bytes == 0) {
		sbuf_clear(&xml->value);
		return st;
	}
	st = xml_give_value(xml, value, err);
	xml_note_title(xml, value);
	xml_note_digit(xml, value);
	sbuf_clear(&xml->value);
	return st == ST_OK ? sbuf_status(&xml->title, "xml: title", err) : st;
}

/* "&name;" that nobody replaced. */
static bool
xml_has_reference(struct span text)
{
	for (size_t i = 0; i + 1 < text.len_bytes; i++) {
		uint32_t cp = 0;

		if (text.ptr[i] == '&' && text.ptr[i + 1] >= 'A' &&
		    html_entity(text, i, &cp) == 0)
			return true;
	}
	return false;
}

static enum status
xml_text(struct xml *xml, const struct xml_piece *piece, struct err *err)
{
	size_t owner = xml->depth;

	if (xml->value.len_bytes == 0) {
		if (field_is_blank(piece->bytes))
			return ST_OK;
		while (owner > 1 && xml_level(xml, owner)->joins)
			owner--;
		xml->value_depth = owner;
		xml->value_line = xml->line;
	}
	if (piece->kind == XML_PIECE_CDATA) {
		sbuf_add_span(&xml->value, piece->bytes);
	} else {
		xml->unexpanded |=
			xml->has_entities && xml_has_reference(piece->bytes);
		html_unescape(piece->bytes, &xml->value);
	}
	return sbuf_status(&xml->value, "xml: text", err);
}

static enum status
xml_attribute(struct xml *xml, const struct html_attribute *attribute,
	      struct span key, struct err *err)
{
	const struct span local = xml_piece_local(attribute->name);
	const bool named = key.len_bytes > 0 && field_is_value(local);
	const struct field field = { named ? key : local, xml->line };
	struct sbuf value;
	enum status st = ST_OK;

	if (attribute->value.len_bytes == 0 ||
	    (attribute->name.len_bytes >= 5 &&
	     memcmp(attribute->name.ptr, "xmlns", 5) == 0))
		return ST_OK;
	xml->unexpanded |=
		xml->has_entities && xml_has_reference(attribute->value);
	sbuf_init_secret(&value, SIZE_MAX / 2);
	html_unescape(attribute->value, &value);
	st = sbuf_status(&value, "xml: attribute", err);
	if (st == ST_OK)
		st = field_give(xml->sink, &field, sbuf_span(&value), err);
	sbuf_done(&value);
	return st;
}

static enum status
xml_attributes(struct xml *xml, struct span attributes, struct span key,
	       struct err *err)
{
	struct html_attribute attribute;
	size_t at = 0;
	enum status st = ST_OK;

	while (st == ST_OK && html_attribute_next(attributes, &at, &attribute))
		st = xml_attribute(xml, &attribute, key, err);
	return st;
}

/* The column that a cell says it has (ss:Index), else the next one; those
 * that a cell covers or repeats count, too. */
static void
xml_open_cell(struct xml *xml, struct span attributes)
{
	struct html_attribute attribute;
	size_t at = 0;
	uint64_t number = 0;

	xml->column += xml->column < XML_MAX_COLUMNS;
	while (html_attribute_next(attributes, &at, &attribute))
		if (span_equal_nocase(xml_piece_local(attribute.name),
				      span_of("Index")) &&
		    parse_u64(attribute.value, XML_MAX_COLUMNS, &number) &&
		    number > xml->column)
			xml->column = (uint32_t)number;
}

static void
xml_open_table_part(struct xml *xml, struct span local, struct span attributes)
{
	if (!xml->in_row && xml_is_row(local)) {
		xml->in_row = true;
		xml->row_depth = xml->depth;
		xml->row++;
		xml->column = 0;
	} else if (xml->in_row && xml->depth == xml->row_depth + 1 &&
		   xml_is_cell(local)) {
		xml_open_cell(xml, attributes);
	} else if (xml->in_row && xml->depth == xml->row_depth + 1) {
		xml->column = 0; /* a record whose fields have names */
	}
}

static void
xml_push(struct xml *xml, const struct xml_piece *piece, struct span local,
	 struct span key, bool joins)
{
	struct xml_level *level = NULL;

	if (xml->depth++ >= XML_MAX_LEVELS)
		return;
	level = &xml->levels[xml->depth - 1];
	*level = (struct xml_level){ .name = local, .label = local };
	/* <mynumber><value> */
	if (xml->depth > 2 && field_is_value(local))
		level->label = level[-1].label;
	level->joins = joins || xml_is_inline(piece->name, local);
	/* <field name="mynumber"> */
	if (key.len_bytes > 0 && xml_is_generic(local))
		level->label = key;
}

static enum status
xml_open(struct xml *xml, const struct xml_piece *piece, struct err *err)
{
	const struct span local = xml_piece_local(piece->name);
	const struct span key = xml_key_of(piece->bytes);
	const bool in_text = xml->value.len_bytes > 0;
	const bool block = xml_is_block(local) || xml_is_cell(local);
	enum status st = ST_OK;

	if (in_text && block)
		st = xml_flush(xml, err);
	/* Another value than those that the title names. */
	if (xml->title.len_bytes > 0 && xml->depth < xml->title_depth)
		sbuf_clear(&xml->title);
	if (st == ST_OK)
		st = xml_attributes(xml, piece->bytes, key, err);
	xml_push(xml, piece, local, key, in_text && !block);
	xml_open_table_part(xml, local, piece->bytes);
	return st;
}

static void
xml_pop(struct xml *xml)
{
	if (xml->in_row && xml->depth == xml->row_depth)
		xml->in_row = false;
	if (xml->row > 0 && xml->depth + 1 == xml->row_depth) {
		xml->row = 0; /* the element around the rows */
		xml->table++;
	}
	xml->depth -= xml->depth > 0;
}

static enum status
xml_close_level(struct xml *xml, struct err *err)
{
	enum status st = ST_OK;

	if (xml->value.len_bytes > 0 && xml->depth <= xml->value_depth)
		st = xml_flush(xml, err);
	if (st == ST_OK)
		st = xml_give_digits(xml, err);
	xml_pop(xml);
	return st;
}

/* A tag that closes an outer element closes those inside; one that was never
 * opened closes nothing. */
static enum status
xml_close(struct xml *xml, const struct xml_piece *piece, struct err *err)
{
	const struct span local = xml_piece_local(piece->name);
	size_t open = xml->depth;
	enum status st = ST_OK;

	if (open > XML_MAX_LEVELS)
		return xml_close_level(xml, err);
	while (open > 0 && !span_equal(xml_level(xml, open)->name, local))
		open--;
	if (open == 0)
		return ST_OK;
	while (st == ST_OK && xml->depth >= open)
		st = xml_close_level(xml, err);
	return st;
}

/* Comments, instructions, declarations: under the name of their kind. */
static enum status
xml_other(struct xml *xml, const struct xml_piece *piece, struct err *err)
{
	struct sbuf text;
	enum status st = ST_OK;
	struct field field = { span_of("comment"), xml->line };

	if (piece->kind == XML_PIECE_INSTRUCTION)
		field.label = span_of("instruction");
	if (piece->kind == XML_PIECE_DOCTYPE) {
		field.label = span_of("doctype");
		xml->has_entities =
			memmem(piece->bytes.ptr, piece->bytes.len_bytes,
			       "<!ENTITY", 8) != NULL;
	}
	if (field_is_blank(piece->bytes))
		return ST_OK;
	sbuf_init_secret(&text, SIZE_MAX / 2);
	if (piece->kind == XML_PIECE_DOCTYPE)
		html_unescape(piece->bytes, &text);
	else
		sbuf_add_span(&text, piece->bytes);
	st = sbuf_status(&text, "xml: declaration", err);
	if (st == ST_OK)
		st = field_give(xml->sink, &field, sbuf_span(&text), err);
	sbuf_done(&text);
	return st;
}

static enum status
xml_piece(struct xml *xml, const struct xml_piece *piece, struct err *err)
{
	enum status st = ST_OK;

	switch (piece->kind) {
	case XML_PIECE_TEXT:
	case XML_PIECE_CDATA:
		return xml_text(xml, piece, err);
	case XML_PIECE_OPEN:
		return xml_open(xml, piece, err);
	case XML_PIECE_EMPTY:
		st = xml_open(xml, piece, err);
		return st == ST_OK ? xml_close_level(xml, err) : st;
	case XML_PIECE_CLOSE:
		return xml_close(xml, piece, err);
	case XML_PIECE_COMMENT:
	case XML_PIECE_INSTRUCTION:
	case XML_PIECE_DOCTYPE:
		return xml_other(xml, piece, err);
	case XML_PIECE_NONE:
	default:
		return ST_OK;
	}
}

static enum status
xml_read_pieces(struct xml *xml, struct span utf8, struct err *err)
{
	struct xml_pieces pieces = { .text = utf8 };
	struct xml_piece piece;
	size_t from = 0;
	enum status st = ST_OK;

	while (st == ST_OK && xml_piece_next(&pieces, &piece)) {
		st = xml_piece(xml, &piece, err);
		xml->line += text_count_lines(utf8, from, pieces.at);
		from = pieces.at;
		if (st == ST_OK)
			st = sink_spend(xml->sink, 0, 0, err);
	}
	if (st == ST_OK)
		st = xml_flush(xml, err);
	if (st == ST_OK && xml->unexpanded)
		st = sink_opaque(xml->sink, REPORT_REASON_UNKNOWN_CONTAINER,
				 "xml: entities of the document's own", err);
	return st;
}

static enum status
xml_read_view(struct sink *sink, struct span utf8, struct err *err)
{
	struct xml xml = { .sink = sink, .line = 1 };
	enum status st = ST_OK;

	sbuf_init_secret(&xml.value, SIZE_MAX / 2);
	sbuf_init_secret(&xml.title, FIELD_TITLE_BYTES + 1);
	st = xml_read_pieces(&xml, utf8, err);
	sbuf_done(&xml.value);
	sbuf_done(&xml.title);
	explicit_bzero(xml.digits, sizeof(xml.digits));
	return st;
}

static bool
xml_has(struct span head, const char *part)
{
	return head.len_bytes > 0 &&
	       memmem(head.ptr, head.len_bytes, part, strlen(part)) != NULL;
}

static enum status
xml_read(struct sink *sink, struct span body, const struct child *hint,
	 struct err *err)
{
	char charset[XML_CHARSET_BYTES] = "";

	if (hint->charset[0] == '\0')
		xml_charset_declared(body, charset);
	return text_views(sink, body,
			  charset[0] != '\0' ? charset : hint->charset,
			  xml_read_view, err);
}

static bool
xml_is_declared(const struct child *hint)
{
	const size_t len = strlen(hint->content_type);

	return strcmp(hint->content_type, "text/xml") == 0 ||
	       strcmp(hint->content_type, "application/xml") == 0 ||
	       (len > 4 && strcmp(hint->content_type + len - 4, "+xml") == 0);
}

/* Pages are read as HTML; text that only starts with a tag is text. */
static enum sniff
xml_sniff(struct span body, const struct child *hint)
{
	uint8_t room[XML_CHARSET_HEAD_BYTES];
	const struct span head = xml_charset_head(body, room);
	struct span root = { 0 };

	const bool declared =
		head.len_bytes > 5 && memcmp(head.ptr, "<?xml", 5) == 0;

	if (head.len_bytes < 3 || head.ptr[0] != '<' ||
	    (!declared && !glance_is_text(body, hint)))
		return SNIFF_NO;
	root = xml_charset_root(head);
	if (span_equal_nocase(root, span_of("html")) || xml_is_flat_odf(head))
		return SNIFF_NO;
	if (declared || span_equal(root, span_of("svg")) ||
	    xml_is_declared(hint))
		return SNIFF_CERTAIN;
	if (!hint->attachment)
		return SNIFF_NO;
	/* A long document type or comment hides what comes behind it. */
	if (root.len_bytes == 0)
		return head.ptr[1] == '!' ? SNIFF_LIKELY : SNIFF_NO;
	return xml_has(head, "xmlns") || xml_has(head, "</") ? SNIFF_LIKELY
							     : SNIFF_NO;
}

const struct reader reader_xml = {
	.name = "xml",
	.foreign = false,
	.sniff = xml_sniff,
	.read = xml_read,
};
