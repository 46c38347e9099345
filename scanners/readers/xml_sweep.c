/* All text of an XML member, as a reader of the document would see it. */
#include <string.h>

#include "scanners/readers/xlsx_parts.h"

enum { XML_FLUSH_BYTES = 64 * 1024, XML_ATTRIBUTE_LEAST_BYTES = 4 };

struct xml_swept {
	struct sink *sink;
	const char *label;
	struct sbuf text;
	struct sbuf attributes;
};

static bool
xml_is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Elements whose text joins that of their neighbours: runs and their like. */
static bool
xml_is_run(const char *name)
{
	static const char *const runs[] = {
		"t",
		"r",
		"rPr",
		"span",
		"s",
		"a",
		"b",
		"i",
		"u",
		"sz",
		"color",
		"rFont",
		"lang",
		"rFonts",
		"szCs",
		"proofErr",
		"fldChar",
		"delText",
		"bCs",
		"noProof",
		"latin",
		"ea",
		"cs",
		"solidFill",
		"srgbClr",
		"schemeClr",
		"lastRenderedPageBreak",
		"bookmarkStart",
		"bookmarkEnd",
		"family",
		"charset",
		"scheme",
	};

	return xml_is_one_of(name, runs, ARRAY_LEN(runs));
}

static void
xml_keep_attributes(struct xml_swept *swept, const char *const *attributes)
{
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strlen(attributes[i + 1]) < XML_ATTRIBUTE_LEAST_BYTES ||
		    strncmp(attributes[i], "xmlns", 5) == 0)
			continue;
		sbuf_add_text(&swept->attributes, attributes[i + 1]);
		sbuf_add_byte(&swept->attributes, '\n');
	}
}

static enum status
xml_flush(struct xml_swept *swept, struct sbuf *text, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, 0, swept->label };
	enum status st = sbuf_status(text, "xml: text", err);

	if (st == ST_OK && text->len_bytes > 0)
		st = sink_text(swept->sink, &place, sbuf_span(text), err);
	sbuf_clear(text);
	return st;
}

static enum status
xml_sweep_open(void *context, const char *name, const char *const *attributes,
	       struct err *err)
{
	struct xml_swept *swept = context;

	if (strcmp(name, "tab") == 0)
		sbuf_add_byte(&swept->text, '\t');
	xml_keep_attributes(swept, attributes);
	return sbuf_status(&swept->attributes, "xml: attributes", err);
}

static enum status
xml_sweep_close(void *context, const char *name, struct err *err)
{
	struct xml_swept *swept = context;
	struct sbuf *text = &swept->text;

	(void)err;
	if (strcmp(name, "tab") != 0 && !xml_is_run(name) &&
	    text->len_bytes > 0 && text->bytes[text->len_bytes - 1] != '\n')
		sbuf_add_byte(text, '\n');
	return ST_OK;
}

static enum status
xml_sweep_text(void *context, struct span utf8, struct err *err)
{
	struct xml_swept *swept = context;

	sbuf_add_span(&swept->text, utf8);
	if (swept->text.len_bytes >= XML_FLUSH_BYTES)
		return xml_flush(swept, &swept->text, err);
	return ST_OK;
}

enum status
xml_sweep(struct sink *sink, struct span document, const char *label,
	  struct err *err)
{
	struct xml_swept swept = { .sink = sink, .label = label };
	const struct xml_handler handler = { xml_sweep_open, xml_sweep_close,
					     xml_sweep_text, &swept };
	enum status st = ST_OK;

	sbuf_init_secret(&swept.text, SIZE_MAX / 2);
	sbuf_init_secret(&swept.attributes, SIZE_MAX / 2);
	st = xml_walk(sink, document, &handler, err);
	if (st == ST_OK)
		st = xml_flush(&swept, &swept.text, err);
	/* Attributes are no neighbours of the text. */
	if (st == ST_OK)
		st = sink_break(sink, err);
	if (st == ST_OK)
		st = xml_flush(&swept, &swept.attributes, err);
	sbuf_done(&swept.text);
	sbuf_done(&swept.attributes);
	return st;
}
