/*
 * xlsx_parts.h - the pieces of the reader of office packages.
 *
 * Layer:    scanners/readers; private to xlsx_*.c and reader_xlsx.c
 */
#ifndef SCANNERS_READERS_XLSX_PARTS_H
#define SCANNERS_READERS_XLSX_PARTS_H

#include "scanners/readers/xml_walk.h"

/* Shared strings, by index, and whether a cell uses them. */
struct xlsx_strings {
	struct sbuf text; /* one after another */
	size_t *ends;     /* offsets in text */
	bool *used;
	size_t count;
	size_t room;
};

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
		struct xlsx_strings *strings, struct err *err);

/* Names of sheets by their relation, from workbook.xml, and the members that
 * the relations name. */
struct xlsx_names {
	struct sbuf ids;     /* "rId1\0Sheet1\0…" */
	struct sbuf targets; /* "rId1\0worksheets/sheet1.xml\0…" */
};
void xlsx_names_init(struct xlsx_names *names);
void xlsx_names_done(struct xlsx_names *names);
MUST_CHECK enum status
xlsx_names_read_workbook(struct sink *sink, struct span document,
			 struct xlsx_names *names, struct err *err);
MUST_CHECK enum status
xlsx_names_read_relations(struct sink *sink, struct span document,
			  struct xlsx_names *names, struct err *err);
/* The sheet that member holds; the member's own name when it is not known. */
const char *xlsx_names_find(const struct xlsx_names *names, const char *member);

/* Give all text of an XML member to sink: paragraphs as lines. */
MUST_CHECK enum status xml_sweep(struct sink *sink, struct span document,
				 const char *label, struct err *err);

#endif
