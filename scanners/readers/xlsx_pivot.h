/*
 * xlsx_pivot.h - the copies of their source that pivot tables keep.
 *
 * Layer:    scanners/readers; private to xlsx_*.c and reader_ooxml.c
 * Threads:  values; no shared state
 *
 * A definition names the fields and may list their values; records hold the
 * values in the order of the fields, or the numbers of listed ones. Which
 * records belong to which definition, the numbers in their names say.
 */
#ifndef SCANNERS_READERS_XLSX_PIVOT_H
#define SCANNERS_READERS_XLSX_PIVOT_H

#include "scanners/readers/sink.h"

struct xlsx_pivots {
	struct sbuf fields; /* "12\0name\0…", by the number of the part */
};

void xlsx_pivots_init(struct xlsx_pivots *pivots);
void xlsx_pivots_done(struct xlsx_pivots *pivots);

/* Remember the fields of a definition; part is its name. */
MUST_CHECK enum status
xlsx_pivots_learn(struct sink *sink, struct span document, const char *part,
		  struct xlsx_pivots *pivots, struct err *err);

/* Give the records in document as the table part, with the names of the fields
 * as its first row. */
MUST_CHECK enum status
xlsx_pivots_read(struct sink *sink, struct span document, const char *part,
		 const struct xlsx_pivots *pivots, struct err *err);

#endif
