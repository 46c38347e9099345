/*
 * pdf_read.h - give everything a PDF document holds.
 *
 * Layer:    scanners/pdf; the files pdf_*.c of this folder are the only ones
 *           with poppler
 * Threads:  one
 * Input:    untrusted; poppler reads it, in this process alone
 *
 * Texts of pages in reading order and by position, form fields, annotations,
 * attached files, bookmarks, links, metadata, hidden layers. A page that shows
 * marks but has no usable text is opaque: an image.
 */
#ifndef SCANNERS_PDF_PDF_READ_H
#define SCANNERS_PDF_PDF_READ_H

#include <poppler.h>

#include "scanners/pdf/pdf_sink.h"

/* Read bytes and end the sink. */
void pdf_read(struct pdf_sink *sink, const uint8_t *bytes, size_t len_bytes);

/* pdf_page.c: everything on one page. */
void pdf_page_read(struct pdf_sink *sink, PopplerPage *page, unsigned number);

/* pdf_layout.c: the glyphs of a page by where they stand: lines from top to
 * bottom, each from left to right. */
void pdf_layout_read(struct pdf_sink *sink, PopplerPage *page, unsigned number);

/* What stands in a field, NULL when it is no text; g_free(). */
char *pdf_field_text(PopplerFormField *field);

/* An attached file as a child. */
void pdf_attachment_read(struct pdf_sink *sink, PopplerAttachment *attachment);

/* Text in an element of the document that has a name. */
void pdf_element(struct pdf_sink *sink, const char *name, unsigned number,
		 const char *utf8);

#endif
