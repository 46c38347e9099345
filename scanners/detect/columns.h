/*
 * columns.h - headers of the columns and rows of a table.
 *
 * Layer:    scanners/detect
 * Threads:  values of one scan
 *
 * The header of a column holds for all its cells, at any distance; a label in
 * a row holds for the number that follows it.
 */
#ifndef SCANNERS_DETECT_COLUMNS_H
#define SCANNERS_DETECT_COLUMNS_H

#include "scanners/detect/stream.h"

enum { COLUMNS_MAX = 16384, COLUMNS_SHEET_BYTES = 256 };

struct columns {
	bool open;
	char sheet[COLUMNS_SHEET_BYTES];
	uint32_t row;
	uint8_t *headers; /* enum judge_header by column, from 1 */
	size_t room;
	enum judge_header row_label;
	uint64_t row_label_numbers; /* seen by the stream when it came */
};

void columns_done(struct columns *columns);

/* Another part or a break: forget the table. */
void columns_reset(struct columns *columns);

/* One cell, through stream. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
columns_cell(struct columns *columns, struct stream *stream,
	     const struct cell *cell, struct span utf8, struct err *err);

#endif
