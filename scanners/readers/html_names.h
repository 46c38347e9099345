/*
 * html_names.h - what kind of element a name is.
 *
 * Layer:    scanners/readers; private to reader_html.c and html_*.c
 */
#ifndef SCANNERS_READERS_HTML_NAMES_H
#define SCANNERS_READERS_HTML_NAMES_H

#include "lib/base/span.h"

/* Begins and ends a line. Every other element stands in the line, also those
 * that nobody knows. */
bool html_is_block(struct span name);

/* Line ends in it count. */
bool html_is_preformatted(struct span name);

bool html_is_table_part(struct span name);

#endif
