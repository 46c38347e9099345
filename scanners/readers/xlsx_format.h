/*
 * xlsx_format.h - number formats that show more digits than a cell has.
 *
 * Layer:    scanners/readers; private to xlsx_*.c and reader_ooxml.c
 * Threads:  values; no shared state
 * Input:    untrusted
 *
 * A number cell has no zeros in front: 0023 4567 8908 is 23, 4567 and 8908 in
 * the format "0000". Formats of zeros and marks are kept; all others show
 * what the number says, or something that is none.
 */
#ifndef SCANNERS_READERS_XLSX_FORMAT_H
#define SCANNERS_READERS_XLSX_FORMAT_H

#include "scanners/readers/sink.h"

struct xlsx_formats {
	struct sbuf codes; /* id in four bytes, its format, NUL … */
	size_t count;      /* of these */
	struct sbuf cells; /* of each style of cells: where in codes its format
			    * starts, in four bytes; all ones: none */
};

void xlsx_formats_init(struct xlsx_formats *formats);
void xlsx_formats_done(struct xlsx_formats *formats);

/* Read styles.xml. */
MUST_CHECK enum status
xlsx_formats_read(struct sink *sink, struct span document,
		  struct xlsx_formats *formats, struct err *err);

/*
 * Append what a cell of this style shows of the number in value, when that is
 * more digits than value has. False: it is not, and out is as it was.
 */
bool xlsx_formats_show(const struct xlsx_formats *formats, uint64_t style,
		       const char *value, struct sbuf *out);

#endif
