#include "scanners/readers/xml_walk.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum {
	XML_STEP_BYTES = 64 * 1024,
	XML_MAX_DEPTH = 4096,
	XML_LOOK_BYTES = 4096
};

struct xml {
	XML_Parser parser;
	const struct xml_handler *handler;
	struct err *err;
	enum status st;
	size_t depth;
};

const char *
xml_local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

const char *
xml_attribute(const char *const *attributes, const char *name)
{
	for (size_t i = 0; attributes[i] != NULL; i += 2)
		if (strcmp(xml_local(attributes[i]), name) == 0)
			return attributes[i + 1];
	return NULL;
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
	if (++xml->depth > XML_MAX_DEPTH) {
		xml_end_with(xml, err_set(xml->err, ST_FORMAT,
					  "xml: deeper than %d elements",
					  XML_MAX_DEPTH));
		return;
	}
	xml_end_with(xml, xml->handler->open(
				  xml->handler->context, xml_local(name),
				  (const char *const *)attributes, xml->err));
}

static void XMLCALL
xml_on_close(void *context, const XML_Char *name)
{
	struct xml *xml = context;

	if (xml->st != ST_OK)
		return;
	xml->depth--;
	xml_end_with(xml, xml->handler->close(xml->handler->context,
					      xml_local(name), xml->err));
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
			return err_set(
				xml->err, ST_FORMAT, "xml: %s",
				XML_ErrorString(XML_GetErrorCode(xml->parser)));
		}
	} while (at < document.len_bytes);
	return xml->st;
}

enum status
xml_walk(struct sink *sink, struct span document,
	 const struct xml_handler *handler, struct err *err)
{
	struct xml xml = { .handler = handler, .err = err };
	enum status st = ST_OK;

	xml.parser = XML_ParserCreate(NULL);
	if (xml.parser == NULL)
		return err_set(err, ST_NO_MEMORY, "xml: no memory");
	XML_SetUserData(xml.parser, &xml);
	XML_SetElementHandler(xml.parser, xml_on_open, xml_on_close);
	XML_SetCharacterDataHandler(xml.parser, xml_on_text);
	XML_SetStartDoctypeDeclHandler(xml.parser, xml_on_doctype);
	st = xml_parse(&xml, sink, document);
	XML_ParserFree(xml.parser);
	return st;
}

/* Where the next element opens at or after at; past declarations and
 * comments. */
static size_t
xml_find_element(struct span head)
{
	for (size_t at = 0; at + 1 < head.len_bytes; at++) {
		const uint8_t next = head.ptr[at + 1];

		if (head.ptr[at] == '<' && next != '?' && next != '!')
			return at + 1;
	}
	return head.len_bytes;
}

void
xml_root(struct span document, char *room, size_t room_bytes)
{
	struct span head = document;
	size_t used = 0;

	if (document.len_bytes > XML_LOOK_BYTES)
		(void)span_cut(document, 0, XML_LOOK_BYTES, &head);
	for (size_t at = xml_find_element(head); at < head.len_bytes; at++) {
		const uint8_t c = head.ptr[at];

		if (c == ':') {
			used = 0;
			continue;
		}
		if (c <= ' ' || c == '>' || c == '/' || used + 1 >= room_bytes)
			break;
		room[used++] = (char)c;
	}
	room[used] = '\0';
}
