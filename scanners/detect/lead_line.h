/*
 * lead_line.h - does a line before a number lead up to another kind of number?
 *
 * Layer:    scanners/detect
 * Threads:  values
 * Input:    untrusted text; linear time in a line, of which a little is read
 *
 * Words between a label and a number mostly name something else. Not so a
 * person's name, a word for whose the number is, what stands before an answer
 * ("A.", "回答："), and who wrote a line of a chat at what time.
 */
#ifndef SCANNERS_DETECT_LEAD_LINE_H
#define SCANNERS_DETECT_LEAD_LINE_H

#include "lib/base/span.h"

/* What a list or a quoted mail puts before its lines. */
bool lead_is_bullet(uint32_t cp);

/* Between a word and its number: marks, brackets, は and が. */
bool lead_is_mark(uint32_t cp);

/* Are there words in line, a line or a part of one, that lead up? */
bool lead_line_leads(struct span line);

/* Are there words in it, and none that lead up? */
bool lead_line_is_whose(struct span line);

/* Does line, what stands between a number and a label in a line below it, point
 * back: 上記, 以上, これ, an arrow? Nothing at all does, too. */
bool lead_line_points_back(struct span line);

#endif
