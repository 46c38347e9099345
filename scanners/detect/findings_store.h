/*
 * findings_store.h - the inside of findings.h.
 *
 * Layer:    scanners/detect; private to findings.c and findings_report.c
 */
#ifndef SCANNERS_DETECT_FINDINGS_STORE_H
#define SCANNERS_DETECT_FINDINGS_STORE_H

#include "scanners/detect/findings.h"
#include "scanners/detect/found_lines.h"
#include "scanners/detect/numbers.h"

enum {
	FINDINGS_MAX = 4096,
	FINDINGS_SLOTS = 16384 /* a power of two, at most half used */
};

struct finding {
	uint64_t kind; /* the number, or column and evidence */
	uint8_t digits[CHECK_DIGIT_COUNT];
	struct evidence_set evidence;
	int64_t score_db; /* set by the report */
	uint32_t part;
	enum place_kind place;
	uint64_t line;
	char *label;
	char *sheet; /* NULL: not a cell */
	uint32_t first_row;
	uint32_t last_row;
	uint32_t column;
	char *context;
	uint64_t count;
};

/* Texts and terms of one finding in the report. */
struct finding_texts {
	char masked[CHECK_DIGIT_COUNT + 1];
	char number[CHECK_DIGIT_COUNT + 1];
	struct report_term terms[EVIDENCE_MAX_TERMS];
	struct sbuf location;
};

struct findings {
	struct detect_options options; /* words: never NULL here */
	struct finding *entries;
	size_t count;
	size_t room;
	size_t give_up_at;
	uint16_t slots[FINDINGS_SLOTS]; /* index + 1 */
	size_t slots_used;
	char **parts;
	size_t part_count;
	size_t part_room;
	struct numbers *numbers;
	struct found_lines lines;
	uint64_t left_out;         /* with a label of their own */
	uint64_t distant_left_out; /* without */
	int64_t best_left_db;      /* their best scores */
	int64_t best_distant_db;
	/* The report's own memory. */
	struct report_finding *reported;
	struct finding_texts *texts;
	size_t reported_count;
};

/* Release what findings_report() made. */
void findings_free_report(struct findings *findings);

#endif
