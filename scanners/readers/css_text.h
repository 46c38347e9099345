/*
 * css_text.h - text in style sheets.
 *
 * Layer:    scanners/readers; includes lib/base and scanners/text
 * Threads:  values
 * Input:    untrusted; UTF-8, linear time
 *
 * Shape:    "\" and one to six digits of base 16, of which one blank may
 *           follow, is a character; "\" at a line end nothing; "\" and
 *           another character that one (CSS Syntax 4.3.7). The strings behind
 *           "content:" are shown one behind another.
 */
#ifndef SCANNERS_READERS_CSS_TEXT_H
#define SCANNERS_READERS_CSS_TEXT_H

#include "lib/base/sbuf.h"

/*
 * Append css with its escapes replaced, where it has any, and a line for each
 * "content:" of several strings.
 */
void css_add_text(struct span css, struct sbuf *out);

/* Append text with its escapes replaced; false, and nothing is appended, when
 * there is none. */
bool css_unescape(struct span text, struct sbuf *out);

#endif
