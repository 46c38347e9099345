/*
 * findings_store.h - the inside of findings.h.
 *
 * Layer:    scanners/detect; private to findings.c and findings_report.c
 */
#ifndef SCANNERS_DETECT_FINDINGS_STORE_H
#define SCANNERS_DETECT_FINDINGS_STORE_H

#include "scanners/detect/findings_columns.h"
#include "scanners/detect/found_lines.h"
#include "scanners/detect/numbers.h"

enum {
	FINDINGS_MAX = 4096,
	FINDINGS_SLOTS = 16384 /* a power of two, at most half used */
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
	uint64_t next_order;
	uint16_t slots[FINDINGS_SLOTS]; /* index + 1 */
	size_t slots_used;
	char **parts;
	size_t part_count;
	size_t part_room;
	struct numbers *numbers;
	struct findings_columns columns;
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

/* The score when the mail holds a direct label, as it does when one of its
 * numbers has a label of its own. */
int64_t findings_promise_db(const struct findings *findings,
			    const struct evidence_set *set);

/* Release what findings_report() made. */
void findings_free_report(struct findings *findings);

#endif
