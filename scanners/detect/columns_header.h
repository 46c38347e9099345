/*
 * columns_header.h - what the headers of a table say about its columns.
 *
 * Layer:    scanners/detect; private to columns.c
 * Threads:  values of one scan
 *
 * A header is a cell with a label and no number. It holds for all cells below
 * it, at any distance, once the first one is within COLUMNS_HEADER_ROWS. A
 * label that is all of a merged cell holds for the columns to its right, too,
 * where there is a second header below it or one digit in each cell. A title
 * above the headers is none.
 */
#ifndef SCANNERS_DETECT_COLUMNS_HEADER_H
#define SCANNERS_DETECT_COLUMNS_HEADER_H

#include "scanners/detect/judge.h"

enum {
	COLUMNS_MAX = 16384,
	COLUMNS_HEADER_ROWS = 15, /* from a header to its first data */
	COLUMNS_ROW_TEXTS = 64
};

struct columns_header {
	uint32_t row;
	uint8_t kind;   /* enum judge_header */
	bool merged;    /* of a cell to the left, as it seems */
	bool underlaid; /* merged, and a header of its own below */
	bool data;      /* numbers are below */
};

struct columns_headers {
	struct columns_header *entries; /* by column, from 1 */
	size_t room;
	size_t used;
	bool sparse; /* rows that do not come are empty; else only skipped */
	uint32_t title_column; /* of a label alone in its row; or 0 */
	/* The row that is read. */
	uint32_t row;
	uint32_t cells;
	bool whole; /* one is all label: a row of headers */
	bool numbers;
	uint32_t label_column; /* the last cell with a label */
	bool label_whole;
	bool label_direct;
	uint32_t texts[COLUMNS_ROW_TEXTS]; /* columns of other text */
	size_t text_count;
	/* Columns of the last row in which so many had a text each. */
	uint32_t heads[COLUMNS_ROW_TEXTS];
	size_t head_count;
	/* Cells of a row that count up: 1, 2, 3 … */
	uint32_t count_column;
	uint32_t count_value;
	uint32_t count_first;
};

void columns_headers_done(struct columns_headers *headers);
void columns_headers_reset(struct columns_headers *headers);

/* Another row begins. */
MUST_CHECK enum status columns_headers_row(struct columns_headers *headers,
					   uint32_t row, struct err *err);

enum columns_cell_is {
	COLUMNS_CELL_NONE = 0,
	COLUMNS_CELL_TEXT,   /* neither label nor number */
	COLUMNS_CELL_NUMBER, /* of six digits and more */
	COLUMNS_CELL_DIRECT, /* a label, no number */
	COLUMNS_CELL_RIVAL
};

/* A cell of the row; whole: the label is all there is. */
MUST_CHECK enum status
columns_headers_cell(struct columns_headers *headers, uint32_t column,
		     enum columns_cell_is is, bool whole, struct err *err);

/* What governs a number in column. */
enum judge_header
columns_headers_get(const struct columns_headers *headers, uint32_t column);

/* What governs a number with one digit in each column from first to last. */
enum judge_header columns_headers_over(const struct columns_headers *headers,
				       uint32_t first, uint32_t last);

/* A cell of a few digits: cells may count up, as headings of months do. */
void columns_headers_count(struct columns_headers *headers, uint32_t column,
			   uint32_t value);

/* Has nearly each of these columns a heading of its own? They hold answers or
 * figures then, and not the digits of one number. */
bool columns_headers_are_many(const struct columns_headers *headers,
			      uint32_t first, uint32_t last);

#endif
