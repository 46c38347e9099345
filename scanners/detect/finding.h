/*
 * finding.h - one number or column that was found: where, why, how often.
 *
 * Layer:    scanners/detect; private to findings*.c
 * Threads:  values
 */
#ifndef SCANNERS_DETECT_FINDING_H
#define SCANNERS_DETECT_FINDING_H

#include "scanners/detect/findings.h"

struct finding {
	uint64_t kind;  /* the number, or column and evidence */
	uint64_t order; /* in which they were found */
	uint8_t digits[CHECK_DIGIT_COUNT];
	struct evidence_set evidence;
	/* Of another sighting, which has no label of its own: the mail's may
	 * make more of it. */
	struct evidence_set distant;
	uint32_t distant_ref; /* its column_ref */
	bool has_distant;
	int64_t score_db;    /* set by the report */
	uint32_t part;       /* index by findings_part() */
	uint32_t column_ref; /* of findings_columns.h; 0: none */
	enum sighting_table table;
	enum place_kind place;
	uint64_t line;
	char *label;
	char *sheet; /* NULL: not a cell */
	uint32_t first_row;
	uint32_t last_row;
	uint32_t column;
	uint32_t last_column; /* 0: only one */
	char *context;
	uint64_t count;
};

/* Set everything that says where and why.
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
finding_fill(struct finding *finding, const struct sighting *sighting,
	     struct err *err);

/* Note the evidence of a sighting without a label of its own. */
void finding_note_distant(struct finding *finding,
			  const struct evidence_set *set, uint32_t column_ref);

/* Free a name or words of the mail, which may hold a number. NULL is fine. */
void finding_free_text(char *text);

/* Wipe it and release what it holds. */
void finding_done(struct finding *finding);

/* One more row. */
void finding_add_row(struct finding *finding, uint32_t row);

uint64_t finding_value(const uint8_t digits[CHECK_DIGIT_COUNT]);

#endif
