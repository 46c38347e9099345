/*
 * mbox_line.h - the lines between the mails of a mailbox file.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values; no shared state
 * Input:    untrusted; linear time
 *
 * Shape: "From ADDRESS DATE" with a time of day in the date, at the start of a
 * line, and a header field in the next line. No empty line is asked for: some
 * programs leave it out, and those who do not write ">From " in a body.
 */
#ifndef SCANNERS_READERS_MBOX_LINE_H
#define SCANNERS_READERS_MBOX_LINE_H

#include "lib/base/span.h"

/* Does such a line start at at? *next_out: behind it. */
bool mbox_is_line(struct span text, size_t at, size_t *next_out);

/* Where the next such line starts, at or behind at, which is the start of a
 * line; the text's end when there is none. */
size_t mbox_find_line(struct span text, size_t at);

#endif
