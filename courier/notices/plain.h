/*
 * plain.h - a notice as plain text.
 *
 * Layer:    courier/notices; includes only lib/
 * Threads:  no shared state
 */
#ifndef COURIER_NOTICES_PLAIN_H
#define COURIER_NOTICES_PLAIN_H

#include "courier/notices/layout.h"
#include "lib/i18n/i18n.h"

/* Append layout and, behind "-- ", the footer. Lines end in LF.
 * Returns: ST_OK, ST_LIMIT, ST_NO_MEMORY */
MUST_CHECK enum status
plain_write(const struct layout *layout, const char *footer,
	    const struct layout_values *values, enum i18n_language language,
	    struct sbuf *out, struct err *err);

#endif
