/*
 * html_hidden.h - what a page does not show as its text.
 *
 * Layer:    scanners/readers; private to reader_html.c
 * Threads:  values
 * Input:    untrusted; UTF-8, linear time
 */
#ifndef SCANNERS_READERS_HTML_HIDDEN_H
#define SCANNERS_READERS_HTML_HIDDEN_H

#include "scanners/readers/html_walk.h"
#include "scanners/readers/sink.h"

/*
 * Give a comment, a script or a style as it stands, and as it is meant: some
 * programs show the text in comments ("<!--[if mso]>"), scripts and styles may
 * have letters as escapes, and styles may show text ("content:").
 */
MUST_CHECK enum status
html_give_hidden(struct sink *sink, const struct html_piece *piece,
		 uint64_t line, struct err *err);

/* May a file in letters begin in text (glance.h)? */
bool html_has_letters(struct span text);

/*
 * Give the files in letters that stand in the text of a page (uuencode in
 * <pre>, armour in lines that <br> ends).
 */
MUST_CHECK enum status
html_give_letters(struct sink *sink, struct span page, struct err *err);

#endif
