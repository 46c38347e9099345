/*
 * stream_table.h - which numbers stand below each other.
 *
 * Layer:    scanners/detect; private to stream*.c
 *
 * Cells that are little else than a number belong to their column, lines of a
 * field to the element, and such lines of a text, one below the other, to a
 * list: they are weighed together (findings_columns.h).
 */
#ifndef SCANNERS_DETECT_STREAM_TABLE_H
#define SCANNERS_DETECT_STREAM_TABLE_H

#include "scanners/detect/stream.h"

/* When the number is met: what it may be a part of. */
void stream_table_enter(const struct stream *stream, struct span text,
			const struct candidate *candidate,
			struct stream_pending *pending);

/* When all around it is known: is it a part of a table, of which list? */
void stream_table_settle(struct stream *stream, struct stream_pending *pending);

#endif
