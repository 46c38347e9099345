/*
 * columns.h - the cells of a table: headers, columns, digits in cells.
 *
 * Layer:    scanners/detect
 * Threads:  values of one scan
 *
 * The header of a column holds for all its cells, at any distance; a label in
 * a row holds for the number that follows it, and one at the start of a row
 * for all numbers that follow it there. Twelve cells with one digit, or three
 * with four below a label, are one number.
 */
#ifndef SCANNERS_DETECT_COLUMNS_H
#define SCANNERS_DETECT_COLUMNS_H

#include "scanners/detect/columns_down.h"
#include "scanners/detect/columns_header.h"
#include "scanners/detect/stream.h"

enum {
	COLUMNS_SHEET_BYTES = 256,
	COLUMNS_WORDS_BYTES = 64,
	COLUMNS_TITLES = 64 /* remembered; columns beyond share them */
};

/* What a header says, for those who decide about a number below it. */
struct columns_title {
	uint32_t column;
	char words[COLUMNS_WORDS_BYTES];
};

/* Neighbouring cells of a row with so many digits each. */
struct columns_run {
	uint8_t digits[CHECK_DIGIT_COUNT];
	size_t count; /* of all, which may be more */
	size_t size;  /* in each cell: 1 or 4 */
	bool figures; /* one of more digits follows at once */
	uint32_t first;
	uint32_t last;
	uint32_t
		step; /* from cell to cell: more than 1 where they are merged */
};

struct columns {
	bool open;
	char sheet[COLUMNS_SHEET_BYTES];
	uint32_t row;
	struct columns_headers headers;
	struct columns_run run;
	struct columns_down downs[COLUMNS_DOWNS];
	struct columns_title titles[COLUMNS_TITLES];
	char row_words[COLUMNS_WORDS_BYTES]; /* the first text of the row */
	enum judge_header row_label;
	bool captioned; /* a direct label stands right above the table */
	bool row_leads; /* it stands at the start of the row */
	bool row_used;  /* a number followed */
};

void columns_done(struct columns *columns);

/* Another part or a break: what is open ends, the table is forgotten. */
MUST_CHECK enum status
columns_break(struct columns *columns, struct stream *stream, struct err *err);

/* One cell, through stream. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
columns_cell(struct columns *columns, struct stream *stream,
	     const struct cell *cell, struct span utf8, struct err *err);

#endif
