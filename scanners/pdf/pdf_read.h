/*
 * pdf_read.h - give everything a PDF document holds.
 *
 * Layer:    scanners/pdf; the files pdf_*.c of this folder are the only ones
 *           with poppler
 * Threads:  one
 * Input:    untrusted; poppler reads it, in this process alone
 *
 * Texts of pages in reading order and by position, form fields, annotations,
 * attached files, bookmarks, links, metadata, hidden layers; strings and XML of
 * the file itself. A page that shows marks but has no usable text, or glyphs
 * without characters, is opaque: an image. So is the document, once, when
 * there are pictures beside the text.
 */
#ifndef SCANNERS_PDF_PDF_READ_H
#define SCANNERS_PDF_PDF_READ_H

#include <poppler.h>

#include "scanners/pdf/pdf_file.h"

/* Read bytes and end the sink. */
void pdf_read(struct pdf_sink *sink, const uint8_t *bytes, size_t len_bytes);

/* pdf_page.c: everything on one page; names of fonts that had a character are
 * added to fonts, as far as file lacks some. */
void pdf_page_read(struct pdf_file *file, PopplerPage *page, unsigned number,
		   GHashTable *fonts);

/* pdf_layout.c: the glyphs of a page by where they stand: lines from top to
 * bottom, each from left to right; nothing when text, which is that of the
 * page in reading order, says just that. */
void pdf_layout_read(struct pdf_sink *sink, PopplerPage *page, const char *text,
		     unsigned number);

/* pdf_errors.c: what poppler complains about becomes opaque parts. */
void pdf_errors_listen(struct pdf_sink *sink);

/* pdf_fonts.c: add the fonts of text, that of page, to seen. */
void pdf_fonts_note(PopplerPage *page, const char *text, GHashTable *seen);

/* What stands in a field, NULL when it is no text; g_free(). */
char *pdf_field_text(PopplerFormField *field);

/* An attached file as a child. */
void pdf_attachment_read(struct pdf_sink *sink, PopplerAttachment *attachment);

/* Text in an element of the document that has a name. */
void pdf_element(struct pdf_sink *sink, const char *name, unsigned number,
		 const char *utf8);

#endif
