/*
 * preview.h - the text of a mail for a reviewer, part by part.
 *
 * Layer:    lib/report; includes only lib/base and lib/wire
 * Threads:  values
 * Input:    made by a worker, untrusted: it exists only after wire_decode()
 *           with preview_table has checked every member
 *
 * Masked, unless a handler asked to reveal: in every line, and across the
 * lines and cells of a part, each digit (of any script) is shown as U+25CF
 * that stands in an unbroken run of 5 or more, or among 9 or more digits with
 * nothing but separators, white space or cell borders between them. Where a
 * mask ends, nothing is left of the number.
 */
#ifndef LIB_REPORT_PREVIEW_H
#define LIB_REPORT_PREVIEW_H

#include "lib/wire/table.h"

enum {
	PREVIEW_TYPE = 0x0103, /* wire type */
	PREVIEW_FORMAT = 1,
	PREVIEW_MAX_PARTS = 500,
	PREVIEW_MAX_LINES = 5000, /* of one part */
	PREVIEW_MAX_LINE_BYTES = 4000,
	PREVIEW_MAX_BYTES = 1024 * 1024 /* of all texts together */
};

/* A line of text or a row of a table, whose cells a tab parts. */
struct preview_line {
	const char *place; /* "line 3", "Sheet1!7", "page 2"; may be "" */
	const char *text;
	bool found; /* a finding of level suspect or sure lies here */
};

struct preview_part {
	const char *path; /* as struct report_part */
	const char *name; /* file name, masked in the same way; may be "" */
	const char *type;
	bool table; /* lines are rows */
	bool cut;   /* there was more */
	const struct preview_line *lines;
	size_t line_count;
};

struct preview {
	bool revealed;
	bool cut; /* parts were left out */
	const struct preview_part *parts;
	size_t part_count;
};
extern const struct wire_table preview_table;

#endif
