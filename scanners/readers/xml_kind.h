/*
 * xml_kind.h - what kind of element a name says, in documents of any kind.
 *
 * Layer:    scanners/readers; private to reader_xml.c
 */
#ifndef SCANNERS_READERS_XML_KIND_H
#define SCANNERS_READERS_XML_KIND_H

#include "lib/base/attr.h"
#include "lib/base/span.h"

/* Always part of the text around it. local is name without its prefix. */
bool xml_is_inline(struct span name, struct span local);

/* Ends a line even in running text. */
bool xml_is_block(struct span local);

/* Of a table. */
bool xml_is_row(struct span local);
bool xml_is_cell(struct span local);

/* Says nothing about its value: an attribute may. */
bool xml_is_generic(struct span local);
/* Holds values, and says no more than that. */
bool xml_is_list(struct span local);

/* What an attribute of this tag names the others, or its element, by. */
struct span xml_key_of(struct span attributes);

/* Is text written like a number, perhaps with an exponent? */
bool xml_is_number(struct span text);

#endif
