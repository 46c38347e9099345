/*
 * html_entity.h - character references of HTML.
 *
 * Layer:    scanners/readers; includes lib/base
 */
#ifndef SCANNERS_READERS_HTML_ENTITY_H
#define SCANNERS_READERS_HTML_ENTITY_H

#include "lib/base/sbuf.h"

/*
 * The reference that starts with the "&" at at: its code point to *cp_out.
 * Returns the bytes it takes, 0 when there is none that we know.
 */
size_t html_entity(struct span text, size_t at, uint32_t *cp_out);

/* Append text with its references replaced. */
void html_unescape(struct span text, struct sbuf *out);

#endif
