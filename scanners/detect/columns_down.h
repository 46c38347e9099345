/*
 * columns_down.h - one digit in each cell, downwards below a label.
 *
 * Layer:    scanners/detect; private to columns.c
 *
 * Twelve cells of one digit below each other, right below a word for My
 * Number, are one number; thirteen are a list of marks.
 */
#ifndef SCANNERS_DETECT_COLUMNS_DOWN_H
#define SCANNERS_DETECT_COLUMNS_DOWN_H

#include "scanners/detect/stream.h"

enum { COLUMNS_DOWNS = 16 }; /* columns that are followed at a time */

struct columns_down {
	uint32_t column; /* 0: free */
	uint32_t first_row;
	uint32_t last_row;
	uint8_t digits[CHECK_DIGIT_COUNT];
	size_t count; /* of all, which may be more */
};

/* A cell with one digit below a direct label. Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
columns_down_add(struct columns_down downs[COLUMNS_DOWNS],
		 struct stream *stream, const struct cell *cell, uint8_t digit,
		 struct err *err);

/* Another cell of that column: its number ends. */
MUST_CHECK enum status
columns_down_other(struct columns_down downs[COLUMNS_DOWNS],
		   struct stream *stream, const struct cell *cell,
		   struct err *err);

/* The table ends. */
MUST_CHECK enum status
columns_down_end(struct columns_down downs[COLUMNS_DOWNS],
		 struct stream *stream, const char *sheet, struct err *err);

#endif
