/*
 * column_cells.h - which distinct numbers the columns of a mail hold.
 *
 * Layer:    scanners/detect; includes numbers.h
 * Threads:  a table belongs to one scan
 *
 * A hash table under the key of numbers.h. The numbers are wiped when it is
 * freed.
 */
#ifndef SCANNERS_DETECT_COLUMN_CELLS_H
#define SCANNERS_DETECT_COLUMN_CELLS_H

#include "scanners/detect/numbers.h"

enum {
	COLUMN_CELLS_MAX = 1 << 19, /* beyond: not told apart any more */
	COLUMN_CELLS_COLUMNS = 1 << 20
};

struct column_cell {
	uint64_t key;       /* 0: free */
	int16_t local_db;   /* as in struct number, without what the column */
	int16_t distant_db; /* says */
};

struct column_cells {
	const struct numbers *numbers; /* borrowed: its key */
	struct column_cell *entries;
	size_t room; /* a power of two */
	size_t count;
};

void column_cells_done(struct column_cells *cells);

enum column_cell_kind {
	COLUMN_CELL_NONE = 0,
	COLUMN_CELL_WHOLE,
	COLUMN_CELL_REPAIRED /* lost zeros were put back */
};

/* What the table tells apart. */
struct column_number {
	uint32_t column;
	enum column_cell_kind kind;
	uint64_t value;
};

/*
 * Gives:    *cell_out, the entry of value in column, made when there is none:
 *           then *is_new_out; good until the next call. NULL: the table is full
 * Returns:  ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
column_cells_get(struct column_cells *cells, const struct column_number *number,
		 struct column_cell **cell_out, bool *is_new_out,
		 struct err *err);

/* Is value one of column? */
bool column_cells_has(const struct column_cells *cells,
		      const struct column_number *number);

/* Step through all entries; *index starts at 0. */
const struct column_cell *
column_cells_next(const struct column_cells *cells, size_t *index);

/* What its key holds. */
uint32_t column_cell_column(const struct column_cell *cell);
uint64_t column_cell_value(const struct column_cell *cell);
enum column_cell_kind column_cell_kind(const struct column_cell *cell);

#endif
