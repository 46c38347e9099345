/*
 * xml_charset.h - what the first bytes of an XML document say of it.
 *
 * Layer:    scanners/readers; includes lib/base
 * Threads:  no shared state
 * Input:    untrusted; linear time, nothing is allocated
 */
#ifndef SCANNERS_READERS_XML_CHARSET_H
#define SCANNERS_READERS_XML_CHARSET_H

#include "lib/base/span.h"

enum { XML_CHARSET_HEAD_BYTES = 1024, XML_CHARSET_BYTES = 64 };

/* The start of body without a byte order mark and the NULs of UTF-16: enough
 * to know what it is. */
struct span
xml_charset_head(struct span body, uint8_t room[XML_CHARSET_HEAD_BYTES]);

/* The name of the first element, without its prefix; empty: none is there. */
struct span xml_charset_root(struct span head);

/* An OpenDocument in one file (fodt, fods, …). */
bool xml_is_flat_odf(struct span head);

/* encoding="…" of the declaration; "" when there is none. */
void xml_charset_declared(struct span body, char room[XML_CHARSET_BYTES]);

#endif
