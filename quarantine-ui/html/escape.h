/*
 * escape.h - text of others made safe for our pages.
 *
 * Layer:    quarantine-ui/html; includes only lib/
 * Threads:  no shared state
 * Input:    untrusted
 */
#ifndef QUARANTINE_UI_HTML_ESCAPE_H
#define QUARANTINE_UI_HTML_ESCAPE_H

#include "lib/base/sbuf.h"

/*
 * Append text for element content or a double-quoted attribute value: & < > "
 * ' become references. What would lie to the reader becomes U+FFFD: bytes
 * that are not UTF-8, control characters other than tab and line feed, and
 * the characters that turn the direction of writing (a file name could read
 * backwards).
 */
void escape_html(struct span text, struct sbuf *out);

/* Append text as one piece of a path or query: all but A-Z a-z 0-9 - _ . ~
 * is percent-encoded. Safe in attributes as it is. */
void escape_url(struct span text, struct sbuf *out);

#endif
