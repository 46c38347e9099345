/*
 * html_lines.h - the text of a page, and where in its source the lines are.
 *
 * Layer:    scanners/readers; private to reader_html.c
 * Threads:  values
 *
 * Lines of the page are others than those of its source. Each line begins with
 * a mark that says where; several lines of the page from one line of the
 * source are counted on.
 */
#ifndef SCANNERS_READERS_HTML_LINES_H
#define SCANNERS_READERS_HTML_LINES_H

#include "lib/base/sbuf.h"
#include "scanners/readers/sink.h"

struct html_lines {
	struct sbuf text;
	struct sbuf marks;   /* struct html_mark, in order */
	uint64_t first_line; /* of the source, at the start of text */
};

void html_lines_init(struct html_lines *lines);
void html_lines_done(struct html_lines *lines);

/* What is appended to the text next stands in this line of the source. */
void html_lines_mark(struct html_lines *lines, uint64_t line);

/* Give the first len_bytes of the text, and take them off. */
MUST_CHECK enum status
html_lines_give(struct html_lines *lines, struct sink *sink, size_t len_bytes,
		struct err *err);

#endif
