/*
 * found_lines.h - in which lines of a mail numbers stand.
 *
 * Layer:    scanners/detect; private to the detector
 * Threads:  values
 *
 * Findings are one for each number; a preview marks each line. A line is
 * known by the count of stream.h, which no two lines share.
 */
#ifndef SCANNERS_DETECT_FOUND_LINES_H
#define SCANNERS_DETECT_FOUND_LINES_H

#include "scanners/detect/column_cells.h"
#include "scanners/detect/findings.h"

/* More are not marked; what they hold is masked nevertheless. */
enum { FOUND_LINES_MAX = 100000 };

struct found_line {
	uint64_t line;
	uint64_t tag;
	int64_t score_db;
	bool distant;        /* the mail's label is still to be added */
	uint32_t column_ref; /* so is what the column says; 0: nothing */
	enum column_cell_kind kind;
};

struct findings_columns;

struct found_lines {
	bool wanted;
	const struct words *words;              /* borrowed */
	const struct findings_columns *columns; /* borrowed */
	enum report_profile profile;
	struct found_line *entries;
	size_t count;
	size_t room;
	struct detect_line *lines; /* made by found_lines_settle() */
	size_t line_count;
};

void found_lines_done(struct found_lines *found);

/*
 * column_ref: the column that weighs the number, or 0; tag as struct
 * detect_line has it.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
found_lines_add(struct found_lines *found, const struct sighting *sighting,
		uint32_t column_ref, uint64_t tag, struct err *err);

/* Fill lines with those of level suspect and sure if the mail has mail_label,
 * upwards. */
MUST_CHECK enum status
found_lines_settle(struct found_lines *found, enum evidence mail_label,
		   struct err *err);

#endif
