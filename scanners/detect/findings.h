/*
 * findings.h - what was found, until the report is written.
 *
 * Layer:    scanners/detect; includes lib/report
 * Threads:  a store belongs to one scan
 *
 * One finding for each number and part; in tables one for each column and
 * kind of evidence, with a count. Bounded: what has no label of its own makes
 * room for what has, the rest is counted.
 */
#ifndef SCANNERS_DETECT_FINDINGS_H
#define SCANNERS_DETECT_FINDINGS_H

#include "scanners/detect/check_digit.h"
#include "scanners/detect/detect.h"
#include "scanners/detect/evidence.h"

struct findings;
struct found_lines;

/* What a number has in common with others, which are weighed together. */
enum sighting_table {
	SIGHTING_ALONE = 0,
	SIGHTING_CELL,    /* the column of a table */
	SIGHTING_RECORD,  /* bytes from column on of records of fixed length */
	SIGHTING_ELEMENT, /* a value of the element label */
	SIGHTING_LIST     /* a line of the list list, in text */
};

/* One number as it was seen. */
struct sighting {
	uint8_t digits[CHECK_DIGIT_COUNT];
	struct evidence_set evidence;
	uint32_t part; /* index by findings_part() */
	/* Where: a place in text, or (sheet not NULL) a cell. */
	enum place_kind place;
	uint64_t line;     /* line, page or byte */
	const char *label; /* of the place, or NULL; borrowed */
	const char *sheet; /* borrowed */
	uint32_t row;
	uint32_t column;
	uint32_t last_column; /* one digit or group in each cell; else 0 */
	enum sighting_table table;
	uint8_t header; /* of the column: below another one is another column */
	bool repaired;  /* zeros that may have been lost were put before it */
	bool edge;      /* of a record: digits are on one side of it at most */
	uint64_t list;
	const char *context; /* masked; borrowed, may be NULL */
	uint64_t line_id;    /* see stream.h */
};

/* Takes: options with words. */
MUST_CHECK enum status
findings_new(const struct detect_options *options,
	     struct findings **findings_out, struct err *err);
void findings_free(struct findings **findings);

/* Begin the part at path (copied); later sightings belong to *index_out. */
MUST_CHECK enum status
findings_part(struct findings *findings, const char *path, uint32_t *index_out,
	      struct err *err);

/* That of the scan, for the evidence of sightings. */
enum report_profile findings_profile(const struct findings *findings);

/* Is it worth the work to make a context for this one? Not for the millionth
 * of its kind. */
bool findings_want_context(const struct findings *findings,
			   const struct sighting *sighting);

/* Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
findings_add(struct findings *findings, const struct sighting *sighting,
	     struct err *err);

/* What the mail as a whole says, for numbers without a label of their own. */
MUST_CHECK enum status
findings_report(struct findings *findings, enum evidence mail_label,
		struct scan_report *report, struct err *err);

/* See detector_found_lines(); found_lines.h. */
struct found_lines *findings_lines(struct findings *findings);

#endif
