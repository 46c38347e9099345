/*
 * text_views.h - decode a text in every plausible character set.
 *
 * Layer:    scanners/readers; includes scanners/text
 */
#ifndef SCANNERS_READERS_TEXT_VIEWS_H
#define SCANNERS_READERS_TEXT_VIEWS_H

#include "scanners/readers/sink.h"

/* Reads one decoded text; called once for each reading. */
typedef enum status
text_view_fn(struct sink *sink, struct span utf8, struct err *err);

/*
 * Decode body, call read for each reading with a break in between, report a
 * charset that is not known. charset is what was declared, or "".
 */
MUST_CHECK enum status
text_views(struct sink *sink, struct span body, const char *charset,
	   text_view_fn *read, struct err *err);

/* Give utf8 to sink as the body, with the line number of line_at_start. */
MUST_CHECK enum status text_give_body(struct sink *sink, struct span utf8,
				      uint64_t first_line, struct err *err);

/* Line ends in [from, to) of text. */
uint64_t text_count_lines(struct span text, size_t from, size_t to);

#endif
