/*
 * text_flow.h - join the lines of a text that its writer broke.
 *
 * Layer:    scanners/readers; includes lib/base
 * Input:    untrusted; linear time
 *
 * A line that goes on is joined with the next one; the line ends left out
 * follow behind what was joined, so that later lines keep their number.
 */
#ifndef SCANNERS_READERS_TEXT_FLOW_H
#define SCANNERS_READERS_TEXT_FLOW_H

#include "scanners/readers/sink.h"

/* Did a line end cut twelve digits in two: do those at the end of before and
 * at the start of behind make a number? A blank would make two of it. */
bool text_cuts_number(struct span before, struct span behind);

/* format=flowed (RFC 3676): paragraphs with their quote marks before. What
 * joins two lines is a blank, and a line end where it cuts a number. */
void text_unflow(struct span text, enum text_flow flow, struct sbuf *out);

/* iCalendar and vCard (RFC 5545, 3.1; RFC 6350, 3.2): a line that starts with
 * a blank goes on with the one before. */
void text_unfold(struct span text, struct sbuf *out);

#endif
