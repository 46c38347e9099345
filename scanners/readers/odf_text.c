/* Finished texts of an OpenDocument: on their way to the sink. */
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/field_value.h"
#include "scanners/readers/html_entity.h"
#include "scanners/readers/mime_decode.h"
#include "scanners/readers/odf_parts.h"
#include "scanners/readers/text_views.h"

enum {
	ODF_FLUSH_BYTES = 64 * 1024,
	ODF_HOLD_BYTES = 1024 * 1024,
	ODF_BOX_DIGITS = 4,   /* of a box of a form, at most */
	ODF_LEAST_DIGITS = 12 /* of what might be a number */
};

static bool
odf_is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
odf_add_running(struct sbuf *text, size_t start, struct span raw)
{
	const size_t from = text->len_bytes;
	size_t to = from;

	html_unescape(raw, text);
	if (text->st != ST_OK)
		return;
	for (size_t i = from; i < text->len_bytes; i++) {
		const uint8_t c = text->bytes[i];

		if (!odf_is_space(c))
			text->bytes[to++] = c;
		else if (to > start && !odf_is_space(text->bytes[to - 1]))
			text->bytes[to++] = ' ';
	}
	sbuf_truncate(text, to);
}

enum status
odf_flush(struct odf_text *odf, struct err *err)
{
	const struct place place = { odf->batch_label == NULL ? PLACE_BODY
							      : PLACE_ELEMENT,
				     odf->batch_line, odf->batch_label };
	enum status st = sbuf_status(&odf->batch, "odf: text", err);

	if (st == ST_OK && odf->batch.len_bytes > 0)
		st = sink_text(odf->sink, &place, sbuf_span(&odf->batch), err);
	sbuf_clear(&odf->batch);
	return st;
}

/* A whole line under label; lines of one label go together. */
static enum status
odf_add_line(struct odf_text *odf, const char *label, struct span utf8,
	     struct err *err)
{
	enum status st = ST_OK;

	if (odf->batch.len_bytes >= ODF_FLUSH_BYTES ||
	    (odf->batch.len_bytes > 0 && label != odf->batch_label))
		st = odf_flush(odf, err);
	if (st != ST_OK)
		return st;
	if (odf->batch.len_bytes == 0) {
		odf->batch_label = label;
		odf->batch_line = odf->line;
	}
	sbuf_add_span(&odf->batch, utf8);
	sbuf_add_byte(&odf->batch, '\n');
	odf->line += text_count_lines(utf8, 0, utf8.len_bytes) + 1;
	return sbuf_status(&odf->batch, "odf: text", err);
}

enum status
odf_give_paragraph(struct odf_text *odf, const struct odf_level *level,
		   struct span utf8, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, odf->line,
				     "beside the table" };
	enum status st = ST_OK;

	if (level->flow == ODF_FLOW_CELL && odf_add_to_cell(odf, utf8))
		return ST_OK;
	if (odf->tables.depth == 0)
		return odf_add_line(odf, level->aside, utf8, err);
	/* Between two rows it would tear the table apart. */
	sbuf_add_span(&odf->aside, utf8);
	sbuf_add_byte(&odf->aside, '\n');
	st = sbuf_status(&odf->aside, "odf: text", err);
	if (st == ST_OK && odf->aside.len_bytes >= ODF_HOLD_BYTES) {
		st = sink_text(odf->sink, &place, sbuf_span(&odf->aside), err);
		sbuf_clear(&odf->aside);
	}
	return st;
}

/* A file within a flat document. */
static enum status
odf_give_file(struct odf_text *odf, struct span base64, struct err *err)
{
	static const struct child child = { .name = "",
					    .content_type = "",
					    .charset = "",
					    .attachment = true };
	struct sbuf bytes;
	enum status st = ST_OK;

	sbuf_init_secret(&bytes, SIZE_MAX / 2);
	const struct mime_decoded decoded = mime_decode_base64(base64, &bytes);

	st = sbuf_status(&bytes, "odf: base64", err);
	if (st == ST_OK)
		st = sink_spend(odf->sink, bytes.len_bytes, base64.len_bytes,
				err);
	if (st == ST_OK && (decoded.junk > 0 || decoded.is_cut))
		st = sink_gap(odf->sink, base64, err);
	if (st == ST_OK && bytes.len_bytes > 0)
		st = sink_child(odf->sink, &child, sbuf_span(&bytes), NULL,
				err);
	sbuf_done(&bytes);
	return st;
}

/* Can value hold a number? Digits, references to characters, and characters
 * that are not ASCII. */
static bool
odf_may_matter(struct span value)
{
	size_t count = 0;

	if (value.len_bytes < ODF_LEAST_DIGITS)
		return false;
	for (size_t i = 0; i < value.len_bytes; i++) {
		const uint8_t c = value.ptr[i];

		count += (c >= '0' && c <= '9') || c >= 0xC0 || c == '&';
	}
	return count >= ODF_LEAST_DIGITS;
}

/* Settings of the program and the like: nobody's text. */
static bool
odf_is_noise(const struct odf_level *level, struct span utf8)
{
	static const char *const names[] = { "config-item", "instruction" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_equal(level->name, span_of(names[i])))
			return !odf_may_matter(utf8);
	return false;
}

enum status
odf_give_value(struct odf_text *odf, const struct odf_level *level,
	       struct span utf8, struct err *err)
{
	const struct field field = { level->label, odf->line };
	enum status st = ST_OK;

	if (span_equal(level->name, span_of("binary-data")))
		return odf_give_file(odf, utf8, err);
	if (odf_is_noise(level, utf8))
		return ST_OK;
	if (odf->tables.depth > 0)
		return odf_give_paragraph(
			odf, &(struct odf_level){ .flow = ODF_FLOW_ASIDE },
			utf8, err);
	st = odf_flush(odf, err);
	return st == ST_OK ? field_give(odf->sink, &field, utf8, err) : st;
}

/* Boxes of a form that are filled with one digit, or four, each. */
static enum status
odf_flush_boxes(struct odf_text *odf, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, odf->line, "form" };
	enum status st = sbuf_status(&odf->boxes, "odf: form", err);

	sbuf_add_byte(&odf->boxes, '\n');
	if (st == ST_OK && odf->boxes.len_bytes > 1)
		st = sink_text(odf->sink, &place, sbuf_span(&odf->boxes), err);
	sbuf_clear(&odf->boxes);
	odf->box_names = (struct span){ 0 };
	return st;
}

enum status
odf_flush_attributes(struct odf_text *odf, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, odf->line, "attribute" };
	enum status st = sbuf_status(&odf->attributes, "odf: attributes", err);

	if (st == ST_OK && odf->attributes.len_bytes > 0)
		st = sink_text(odf->sink, &place, sbuf_span(&odf->attributes),
			       err);
	sbuf_clear(&odf->attributes);
	return st == ST_OK ? odf_flush_boxes(odf, err) : st;
}

/* What the attributes "name" and "value" of a tag say, as far as it is one
 * that names its value: fields of forms, variables. */
struct odf_named {
	struct span name;
	struct span value;
	struct span box; /* a value of a few digits */
};

static bool
odf_is_value_name(struct span local)
{
	static const char *const names[] = { "value", "current-value",
					     "string-value", "label" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_equal(local, span_of(names[i])))
			return true;
	return false;
}

static bool
odf_is_box(struct span local, struct span value)
{
	if (value.len_bytes == 0 || value.len_bytes > ODF_BOX_DIGITS ||
	    !(span_equal(local, span_of("value")) ||
	      span_equal(local, span_of("current-value"))))
		return false;
	for (size_t i = 0; i < value.len_bytes; i++)
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return false;
	return true;
}

/* The name of a box without its number: "Text 1", "no[3]". */
static struct span
odf_box_names(struct span name)
{
	static const char behind[] = "0123456789 []()_-.";

	while (name.len_bytes > 0 &&
	       strchr(behind, (int)name.ptr[name.len_bytes - 1]) != NULL)
		name.len_bytes--;
	return name;
}

static void
odf_keep_box(struct odf_text *odf, const struct odf_named *named)
{
	const struct span names = odf_box_names(named->name);

	if (named->box.len_bytes == 0 || named->name.len_bytes == 0)
		return;
	if (!span_equal(names, odf->box_names)) {
		sbuf_add_byte(&odf->boxes, '\n');
		html_unescape(names, &odf->boxes);
		sbuf_add_byte(&odf->boxes, ':');
		odf->box_names = names;
	}
	sbuf_add_byte(&odf->boxes, ' ');
	sbuf_add_span(&odf->boxes, named->box);
}

static void
odf_note_named(struct odf_named *named, const struct html_attribute *attribute)
{
	const uint8_t *colon = attribute->name.len_bytes > 0
				       ? memrchr(attribute->name.ptr, ':',
						 attribute->name.len_bytes)
				       : NULL;
	struct span local = attribute->name;
	const size_t at = colon != NULL ? (size_t)(colon - local.ptr) + 1 : 0;

	(void)span_cut(local, at, local.len_bytes - at, &local);
	if (span_equal(local, span_of("name")))
		named->name = attribute->value;
	else if (named->value.len_bytes == 0 && odf_is_value_name(local) &&
		 odf_may_matter(attribute->value))
		named->value = attribute->value;
	else if (odf_is_box(local, attribute->value))
		named->box = attribute->value;
}

/* <form:text form:name="個人番号" form:current-value="…"> */
static void
odf_keep_named(struct odf_text *odf, const struct odf_named *named)
{
	if (named->name.len_bytes == 0 || named->value.len_bytes == 0 ||
	    named->name.len_bytes > FIELD_TITLE_BYTES)
		return;
	html_unescape(named->name, &odf->attributes);
	sbuf_add_text(&odf->attributes, ": ");
	html_unescape(named->value, &odf->attributes);
	sbuf_add_byte(&odf->attributes, '\n');
}

enum status
odf_keep_attributes(struct odf_text *odf, struct span attributes,
		    const uint8_t *used, struct err *err)
{
	struct odf_named named = { 0 };
	struct html_attribute attribute;
	size_t at = 0;

	while (html_attribute_next(attributes, &at, &attribute)) {
		if (used != NULL && attribute.value.ptr == used)
			continue;
		odf_note_named(&named, &attribute);
		if (!odf_may_matter(attribute.value) ||
		    attribute.value.ptr == named.value.ptr)
			continue;
		html_unescape(attribute.value, &odf->attributes);
		sbuf_add_byte(&odf->attributes, '\n');
	}
	if (named.name.len_bytes > 0 &&
	    named.name.len_bytes <= FIELD_TITLE_BYTES) {
		odf_keep_named(odf, &named);
	} else if (named.value.len_bytes > 0) {
		html_unescape(named.value, &odf->attributes);
		sbuf_add_byte(&odf->attributes, '\n');
	}
	odf_keep_box(odf, &named);
	/* Between two rows they would tear the table apart. */
	if (odf->attributes.len_bytes >= ODF_HOLD_BYTES ||
	    (odf->attributes.len_bytes >= ODF_FLUSH_BYTES &&
	     odf->tables.depth == 0))
		return odf_flush_attributes(odf, err);
	return sbuf_status(&odf->attributes, "odf: attributes", err);
}
