#include "scanners/readers/xml_walk.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"

enum { XML_STEP_BYTES = 64 * 1024, XML_LOOK_BYTES = 4096 };

struct xml {
	XML_Parser parser;
	const struct xml_handler *handler;
	struct err *err;
	enum status st;
	size_t depth;
	struct sbuf hidden; /* comments and instructions */
};

/* Behind the name space of a name; no XML holds it. */
static const char xml_separator = '\x01';

const char *
xml_local(const char *name)
{
	const char *mark = strrchr(name, xml_separator);

	return mark != NULL ? mark + 1 : name;
}

bool
xml_is_qualified(const char *name)
{
	return strchr(name, xml_separator) != NULL;
}

const char *
xml_attribute(const char *const *attributes, const char *local)
{
	for (size_t i = 0; attributes[i] != NULL; i += 2)
		if (strcmp(xml_local(attributes[i]), local) == 0)
			return attributes[i + 1];
	return NULL;
}

#define XML_OPEN   "http://schemas.openxmlformats.org/"
#define XML_STRICT "http://purl.oclc.org/ooxml/"
#define XML_SPACE(text)                \
	{                              \
		text, sizeof(text) - 1 \
	}

bool
xml_is_office(const char *name)
{
	static const struct {
		const char *uri;
		size_t len;
	} spaces[] = {
		XML_SPACE(XML_OPEN "wordprocessingml/2006/main"),
		XML_SPACE(XML_OPEN "spreadsheetml/2006/main"),
		XML_SPACE(XML_OPEN "presentationml/2006/main"),
		XML_SPACE(XML_OPEN "drawingml/2006/main"),
		XML_SPACE(XML_OPEN "drawingml/2006/chart"),
		XML_SPACE(XML_OPEN "officeDocument/2006/math"),
		XML_SPACE(XML_OPEN "officeDocument/2006/custom-properties"),
		XML_SPACE(XML_OPEN "markup-compatibility/2006"),
		XML_SPACE(XML_STRICT "wordprocessingml/main"),
		XML_SPACE(XML_STRICT "spreadsheetml/main"),
		XML_SPACE(XML_STRICT "presentationml/main"),
		XML_SPACE(XML_STRICT "drawingml/main"),
		XML_SPACE(XML_STRICT "drawingml/chart"),
		XML_SPACE(XML_STRICT "officeDocument/math"),
		XML_SPACE(XML_STRICT "officeDocument/customProperties"),
	};
	const char *mark = strrchr(name, xml_separator);
	const size_t len = mark != NULL ? (size_t)(mark - name) : 0;

	for (size_t i = 0; mark != NULL && i < ARRAY_LEN(spaces); i++)
		if (spaces[i].len == len &&
		    memcmp(spaces[i].uri, name, len) == 0)
			return true;
	return mark == NULL;
}

static void
xml_end_with(struct xml *xml, enum status st)
{
	xml->st = st;
	if (st != ST_OK)
		(void)XML_StopParser(xml->parser, XML_FALSE);
}

static void XMLCALL
xml_on_open(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *xml = context;

	if (xml->st != ST_OK)
		return;
	if (++xml->depth > XML_WALK_DEPTH) {
		xml_end_with(xml, err_set(xml->err, ST_FORMAT,
					  "xml: deeper than %d elements",
					  XML_WALK_DEPTH));
		return;
	}
	xml_end_with(xml, xml->handler->open(xml->handler->context, name,
					     (const char *const *)attributes,
					     xml->err));
}

static void XMLCALL
xml_on_close(void *context, const XML_Char *name)
{
	struct xml *xml = context;

	if (xml->st != ST_OK)
		return;
	xml->depth--;
	xml_end_with(xml, xml->handler->close(xml->handler->context, name,
					      xml->err));
}

static void XMLCALL
xml_on_text(void *context, const XML_Char *text, int len_bytes)
{
	struct xml *xml = context;
	const struct span utf8 = { (const uint8_t *)text, (size_t)len_bytes };

	if (xml->st == ST_OK)
		xml_end_with(xml, xml->handler->text(xml->handler->context,
						     utf8, xml->err));
}

static void XMLCALL
xml_on_comment(void *context, const XML_Char *text)
{
	struct xml *xml = context;

	sbuf_add_text(&xml->hidden, text);
	sbuf_add_byte(&xml->hidden, '\n');
}

static void XMLCALL
xml_on_instruction(void *context, const XML_Char *target, const XML_Char *text)
{
	(void)target;
	xml_on_comment(context, text);
}

/* No document of an office needs one; entities are a way to hide and to
 * explode. */
static void XMLCALL
xml_on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
	       const XML_Char *public_id, int has_subset)
{
	struct xml *xml = context;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	xml_end_with(xml, err_set(xml->err, ST_FORMAT, "xml: doctype"));
}

static enum status
xml_parse(struct xml *xml, struct sink *sink, struct span document)
{
	size_t at = 0;

	do {
		struct span step = { 0 };
		const size_t left = document.len_bytes - at;
		const size_t len =
			left < XML_STEP_BYTES ? left : XML_STEP_BYTES;

		(void)span_cut(document, at, len, &step);
		at += len;
		const enum status st = sink_spend(sink, 0, 0, xml->err);

		if (st != ST_OK)
			return st;
		if (XML_Parse(xml->parser, (const char *)step.ptr,
			      (int)step.len_bytes,
			      at == document.len_bytes) != XML_STATUS_OK) {
			if (xml->st != ST_OK)
				return xml->st;
			if (XML_GetErrorCode(xml->parser) ==
			    XML_ERROR_NO_MEMORY)
				return err_set(xml->err, ST_NO_MEMORY,
					       "xml: no memory");
			return err_set(
				xml->err, ST_FORMAT, "xml: %s",
				XML_ErrorString(XML_GetErrorCode(xml->parser)));
		}
	} while (at < document.len_bytes);
	return xml->st;
}

/* They stand anywhere, in the middle of a number if need be: given when all
 * else is. */
static enum status
xml_give_hidden(struct sink *sink, const struct sbuf *hidden, struct err *err)
{
	const struct place place = { PLACE_ELEMENT, 0, "comment" };
	enum status st = sbuf_status(hidden, "xml: comment", err);

	if (st != ST_OK || hidden->len_bytes == 0)
		return st;
	st = sink_break(sink, err);
	return st == ST_OK ? sink_text(sink, &place, sbuf_span(hidden), err)
			   : st;
}

enum status
xml_walk(struct sink *sink, struct span document,
	 const struct xml_handler *handler, struct err *err)
{
	struct xml xml = { .handler = handler, .err = err };
	enum status st = ST_OK;

	xml.parser = XML_ParserCreateNS(NULL, xml_separator);
	if (xml.parser == NULL)
		return err_set(err, ST_NO_MEMORY, "xml: no memory");
	sbuf_init_secret(&xml.hidden, SIZE_MAX / 2);
	XML_SetUserData(xml.parser, &xml);
	XML_SetElementHandler(xml.parser, xml_on_open, xml_on_close);
	XML_SetCharacterDataHandler(xml.parser, xml_on_text);
	XML_SetCommentHandler(xml.parser, xml_on_comment);
	XML_SetProcessingInstructionHandler(xml.parser, xml_on_instruction);
	XML_SetStartDoctypeDeclHandler(xml.parser, xml_on_doctype);
	st = xml_parse(&xml, sink, document);
	XML_ParserFree(xml.parser);
	if (st == ST_OK)
		st = xml_give_hidden(sink, &xml.hidden, err);
	sbuf_done(&xml.hidden);
	return st;
}

struct xml_first {
	XML_Parser parser;
	char *room;
	size_t room_bytes;
};

static void XMLCALL
xml_on_first(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct xml_first *first = context;

	(void)attributes;
	(void)snprintf(first->room, first->room_bytes, "%s", xml_local(name));
	(void)XML_StopParser(first->parser, XML_FALSE);
}

/* What the walk will see first: comments and encodings are no way to make it
 * look like something else. */
enum status
xml_root(struct span document, char *room, size_t room_bytes, struct err *err)
{
	struct xml_first first = { XML_ParserCreateNS(NULL, xml_separator),
				   room, room_bytes };
	size_t at = 0;
	struct span step = { 0 };

	room[0] = '\0';
	if (first.parser == NULL)
		return err_set(err, ST_NO_MEMORY, "xml: no memory");
	XML_SetUserData(first.parser, &first);
	XML_SetStartElementHandler(first.parser, xml_on_first);
	while (at < document.len_bytes) {
		const size_t left = document.len_bytes - at;

		(void)span_cut(document, at,
			       left < XML_LOOK_BYTES ? left : XML_LOOK_BYTES,
			       &step);
		at += step.len_bytes;
		if (XML_Parse(first.parser, (const char *)step.ptr,
			      (int)step.len_bytes, 0) != XML_STATUS_OK)
			break;
	}
	const bool no_memory =
		XML_GetErrorCode(first.parser) == XML_ERROR_NO_MEMORY;

	XML_ParserFree(first.parser);
	return no_memory ? err_set(err, ST_NO_MEMORY, "xml: no memory") : ST_OK;
}
