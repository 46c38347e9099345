/*
 * plain.h - text from a mail as a report can carry it.
 *
 * Layer:    scanners/text; includes only lib/base
 * Threads:  no shared state
 * Input:    untrusted; what comes out passes WIRE_UTF8 (lib/wire/table.h)
 */
#ifndef SCANNERS_TEXT_PLAIN_H
#define SCANNERS_TEXT_PLAIN_H

#include "lib/base/sbuf.h"

/*
 * Append text on one line: controls (C0, DEL and C1) become '?', and so does
 * every byte over 0x7f of what is not UTF-8 as a whole. At most max_bytes, cut
 * between characters.
 */
void text_add_plain(struct sbuf *out, struct span text, size_t max_bytes);

#endif
