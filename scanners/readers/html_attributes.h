/*
 * html_attributes.h - what the attributes of a tag say.
 *
 * Layer:    scanners/readers; private to reader_html.c
 */
#ifndef SCANNERS_READERS_HTML_ATTRIBUTES_H
#define SCANNERS_READERS_HTML_ATTRIBUTES_H

#include "scanners/readers/html_walk.h"
#include "scanners/readers/sink.h"

/*
 * Give the values of all attributes: that of a field ("value", "content")
 * under the name that the tag gives it, the others line by line as
 * "attribute". Files in "data:" URIs are children.
 */
MUST_CHECK enum status
html_give_attributes(struct sink *sink, struct span attributes, uint64_t line,
		     struct err *err);

/* The attribute name as a number from 1 to max, else 1. */
uint32_t
html_attribute_count(struct span attributes, const char *name, uint32_t max);

/* Append the value that the page shows of a form's field, between blanks. */
void html_shown_value(struct span attributes, struct sbuf *out);

#endif
