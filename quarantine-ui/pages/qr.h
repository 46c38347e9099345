/*
 * qr.h - a QR code (ISO/IEC 18004) as the path of an inline SVG.
 *
 * Layer:    quarantine-ui/pages
 * Threads:  no shared state
 */
#ifndef QUARANTINE_UI_PAGES_QR_H
#define QUARANTINE_UI_PAGES_QR_H

#include "lib/base/sbuf.h"

/*
 * Append the dark modules of text's code to path (of <path d="…">), with the
 * quiet zone of 4 modules around.
 * Gives:   *size_out, the width of the picture in modules
 * Returns: ST_OK; ST_LIMIT text is too long; ST_NO_MEMORY
 */
MUST_CHECK enum status qr_draw(const char *text, struct sbuf *path,
			       uint64_t *size_out, struct err *err);

#endif
