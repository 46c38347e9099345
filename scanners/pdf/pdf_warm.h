/*
 * pdf_warm.h - what poppler makes once for all documents, made in advance.
 *
 * Layer:    scanners/pdf
 * Threads:  one
 *
 * With the first document poppler lists its character maps, builds tables of
 * names and reads the maps that a font asks for, which takes as long as reading
 * a short letter. A template reads a letter of its own, so that its copies find
 * all that. poppler forgets it with the last document: one stays open.
 */
#ifndef SCANNERS_PDF_PDF_WARM_H
#define SCANNERS_PDF_PDF_WARM_H

#include "lib/base/status.h"

/* Before the sandbox. Returns: ST_OK, ST_IO, ST_NO_MEMORY */
MUST_CHECK enum status pdf_warm_up(struct err *err);

#endif
