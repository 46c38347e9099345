/*
 * detect.h - find My Numbers in text and cells, and say why.
 *
 * Layer:    scanners/detect; includes only lib/ and scanners/text
 * Threads:  one detector belongs to one scan
 * Input:    untrusted text; linear time, bounded memory
 *
 * The engine feeds everything that readers give, part by part; findings come
 * out at the end, when labels elsewhere in the mail are known.
 */
#ifndef SCANNERS_DETECT_DETECT_H
#define SCANNERS_DETECT_DETECT_H

#include "lib/words/words.h"
#include "scanners/readers/sink.h"

struct detector;
struct labels;

struct detect_options {
	const struct words *words; /* borrowed; NULL: the shipped ones */
	/* Of words, borrowed; NULL: made for this detector, which takes its
	 * time. */
	const struct labels *labels;
	enum report_profile profile;
	bool reveal;         /* fill report_finding.number */
	size_t max_findings; /* beyond: only counted */
	bool lines;          /* for detector_found_lines() */
};

MUST_CHECK enum status
detector_new(const struct detect_options *options,
	     struct detector **detector_out, struct err *err);
/* Wipes everything that held digits. */
void detector_free(struct detector **detector);

/* From here on text and cells belong to the part at path (copied). */
MUST_CHECK enum status
detector_part(struct detector *detector, const char *path, struct err *err);

/* As sink_text(), sink_break() and sink_cell(). */
MUST_CHECK enum status
detector_text(struct detector *detector, const struct place *place,
	      struct span utf8, struct err *err);
MUST_CHECK enum status
detector_break(struct detector *detector, struct err *err);
MUST_CHECK enum status
detector_cell(struct detector *detector, const struct cell *cell,
	      struct span utf8, struct err *err);

/*
 * True: nothing that matters can be in record, one row of a table without a
 * sheet's name whose cells are parted by delimiter; it need not be cut. What
 * was given before is then done with. Never true with options.lines.
 * Returns in *skip_out; ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
detector_may_skip(struct detector *detector, struct span record,
		  uint8_t delimiter, bool *skip_out, struct err *err);

/*
 * For a preview: the first line of the run of text that is open, or the row of
 * the last cell, as a number that no other line of this scan has. Lines of a
 * run count upwards; a row may have several numbers, the last one is given.
 */
uint64_t detector_line(const struct detector *detector);

/* A number stands in a line. */
struct detect_line {
	uint64_t line;
	uint64_t tag; /* equal numbers of a part have equal ones; random */
};
/* Upwards; the detector's memory, until it is asked again. */
struct detect_lines {
	const struct detect_line *lines;
	size_t count;
};

/*
 * With options.lines, while the scan goes on: where something may turn out to
 * be a number, which everything from *undone_out on may do.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
detector_possible_lines(struct detector *detector, struct detect_lines *lines,
			uint64_t *undone_out, struct err *err);

/*
 * Score all candidates and fill findings, finding_count, findings_left_out,
 * level, score_db and number_count of report. The memory behind them stays
 * the detector's.
 */
MUST_CHECK enum status
detector_finish(struct detector *detector, struct scan_report *report,
		struct err *err);

/* With options.lines, after detector_finish(): where numbers of level suspect
 * and sure stand. */
void detector_found_lines(const struct detector *detector,
			  struct detect_lines *lines);

/* Replace each digit of a run of four and more (after folding; a few
 * separators do not end a run) by '*', as names, subjects and contexts need.
 * Appends to out. */
void detect_mask(struct span utf8, struct sbuf *out);

#endif
