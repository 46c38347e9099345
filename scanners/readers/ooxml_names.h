/*
 * ooxml_names.h - which part of a package is which sheet or slide.
 *
 * Layer:    scanners/readers; private to reader_ooxml.c
 * Threads:  values; no shared state
 */
#ifndef SCANNERS_READERS_OOXML_NAMES_H
#define SCANNERS_READERS_OOXML_NAMES_H

#include "scanners/readers/sink.h"

struct ooxml_names {
	struct sbuf ids;     /* "rId1\0Sheet1\0…" */
	struct sbuf targets; /* "rId1\0worksheets/sheet1.xml\0…" */
	struct sbuf comments; /* "xl/worksheets/sheet1.xml\0comments1.xml\0…" */
	uint32_t slides;
};

void ooxml_names_init(struct ooxml_names *names);
void ooxml_names_done(struct ooxml_names *names);

/* Read workbook.xml or presentation.xml; its relations. */
MUST_CHECK enum status
ooxml_names_read(struct sink *sink, struct span document,
		 struct ooxml_names *names, struct err *err);
MUST_CHECK enum status
ooxml_names_read_relations(struct sink *sink, struct span document,
			   struct ooxml_names *names, struct err *err);

/* Read the relations of a sheet, which stand in the part relations: what has
 * its comments. */
MUST_CHECK enum status
ooxml_names_read_comments(struct sink *sink, struct span document,
			  const char *relations, struct ooxml_names *names,
			  struct err *err);

/* The sheet that part holds; the part's own name when it is not known. */
const char *
ooxml_names_sheet(const struct ooxml_names *names, const char *part);

/* The sheet whose comments part holds; NULL when that is not known. */
const char *
ooxml_names_commented(const struct ooxml_names *names, const char *part);

/* The number of the slide, from 1; when it is not known, that in the name. */
uint32_t ooxml_names_page(const struct ooxml_names *names, const char *part);

#endif
