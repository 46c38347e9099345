/*
 * xlsx_parts.h - sheets of workbooks, and the strings that they share.
 *
 * Layer:    scanners/readers; private to xlsx_*.c and reader_ooxml.c
 */
#ifndef SCANNERS_READERS_XLSX_PARTS_H
#define SCANNERS_READERS_XLSX_PARTS_H

#include "scanners/readers/xlsx_format.h"
#include "scanners/readers/xml_walk.h"

/* Elements that a program passes over: of a name space that it does not know,
 * or meant for older ones. */
bool xlsx_is_passed_over(const char *name);

/* Shared strings, by index, and whether a cell uses them. */
struct xlsx_strings {
	struct sbuf text; /* one after another */
	size_t *ends;     /* offsets in text */
	bool *used;
	size_t count;
	size_t room;
};

void xlsx_strings_init(struct xlsx_strings *strings);
void xlsx_strings_done(struct xlsx_strings *strings);

/* Read sharedStrings.xml; several add up. */
MUST_CHECK enum status
xlsx_strings_read(struct sink *sink, struct span document,
		  struct xlsx_strings *strings, struct err *err);

/* The string number index; false when there is none. Marks it as used. */
bool xlsx_strings_get(struct xlsx_strings *strings, uint64_t index,
		      struct span *text_out);

/* Give those that no cell uses to sink. */
MUST_CHECK enum status
xlsx_strings_give_rest(struct sink *sink, struct xlsx_strings *strings,
		       struct err *err);

/* Read a worksheet; its cells to sink under the sheet name. */
MUST_CHECK enum status
xlsx_sheet_read(struct sink *sink, struct span document, const char *name,
		struct xlsx_strings *strings,
		const struct xlsx_formats *formats, struct err *err);

#endif
