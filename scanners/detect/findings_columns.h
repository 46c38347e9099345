/*
 * findings_columns.h - the columns of a mail and what their numbers say
 * together.
 *
 * Layer:    scanners/detect; private to findings*.c and found_lines.c
 * Threads:  a store belongs to one scan
 *
 * A column is all cells below a header (or without one), all values of an
 * element, all lines of a list in text, or the same twelve bytes of all
 * records of fixed length. What a single check digit weighs gives way to what
 * the column weighs when the report is made.
 *
 * Bounded: numbers beyond FINDINGS_COLUMNS_MAX columns or COLUMN_CELLS_MAX
 * distinct cells are judged one by one.
 */
#ifndef SCANNERS_DETECT_FINDINGS_COLUMNS_H
#define SCANNERS_DETECT_FINDINGS_COLUMNS_H

#include "scanners/detect/column_cells.h"
#include "scanners/detect/column_stats.h"
#include "scanners/detect/finding.h"

enum {
	FINDINGS_COLUMNS_MAX = 16384,
	FINDINGS_COLUMNS_LISTS = 4096, /* of these: lists in text */
	/* The most that a column can add to its numbers: check, spread,
	 * shape. */
	FINDINGS_COLUMNS_BEST_DB = COLUMN_STATS_MOST_DB + 10 + 5
};

struct findings_column {
	struct finding finding; /* count: distinct valid numbers */
	enum sighting_table table;
	uint8_t header;
	uint64_t list;
	bool edge; /* all of its numbers are */
	struct column_stats stats;
	/* Cells that are valid if zeros were lost, and all that may be. */
	struct column_stats repaired;
	uint32_t repaired_first_row;
	uint32_t repaired_last_row;
	bool noted;          /* finding is of a valid number, */
	bool noted_repaired; /* and that with zeros put back */
	enum evidence shape; /* the best one: by chance some look like more */
	uint64_t hash;
	/* Lines of a list that found no room as findings of their own, and
	 * their best scores without what the column says. */
	uint64_t left_out;
	int64_t left_db;
	int64_t left_distant_db;
	/* Set by the report. */
	bool counts_repaired;
	struct evidence_set set; /* rows CHECK, SPREAD and SHAPE */
	int64_t delta_db;        /* theirs together */
};

struct findings_columns {
	struct findings_column **entries; /* each a block of its own */
	size_t count;
	size_t lists;
	uint32_t *slots; /* index + 1 */
	size_t room;     /* of slots: a power of two */
	struct column_cells cells;
	bool decided;
};

void findings_columns_done(struct findings_columns *columns);

/*
 * Count a sighting with a table. *ref_out is its column, or 0 when it has none
 * because there are too many.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
findings_columns_add(struct findings *findings, const struct sighting *sighting,
		     uint32_t *ref_out, struct err *err);

/* A line of the list ref found no room: count times. */
void findings_columns_leave_out(struct findings *findings, uint32_t ref,
				const struct evidence_set *set, uint64_t count);

/* For the report: decide on all columns, and complete their findings. */
void findings_columns_decide(struct findings *findings);

/* Let column ref decide on the rows CHECK, SPREAD and SHAPE of set. */
void findings_columns_apply(const struct findings_columns *columns,
			    uint32_t ref, struct evidence_set *set);

/* What a number in column ref scores without those rows. */
int64_t findings_columns_rest_db(const struct words *words,
				 const struct evidence_set *set);

/* What they add: decided, or before that the most that it may be. */
int64_t findings_columns_delta_db(const struct findings_columns *columns,
				  uint32_t ref, enum column_cell_kind kind);

#endif
