/*
 * evidence.h - what was observed about a number, and what it weighs.
 *
 * Layer:    scanners/detect; includes lib/report
 * Threads:  values
 *
 * An additive model: each observation has a weight in decibans, the score is
 * their sum, and the report names every one of them.
 */
#ifndef SCANNERS_DETECT_EVIDENCE_H
#define SCANNERS_DETECT_EVIDENCE_H

#include "lib/report/report.h"

enum evidence {
	EVIDENCE_NONE = 0,
#define EVIDENCE(symbol, name, weight) EVIDENCE_##symbol,
#include "scanners/detect/evidence.def"
#undef EVIDENCE
	EVIDENCE_END
};

/* The rows that apply to one number. */
struct evidence_set {
	enum evidence check;
	enum evidence label; /* NONE: to be decided by the rest of the mail */
	enum evidence rival;
	enum evidence grouping;
};

enum { EVIDENCE_MAX_TERMS = 6 };

/* Their sum; a label that is not decided counts 0. */
int64_t evidence_score(const struct evidence_set *set);

/* Write them down; returns how many there are. */
size_t evidence_terms(const struct evidence_set *set,
		      struct report_term terms[EVIDENCE_MAX_TERMS]);

int64_t evidence_weight(enum evidence evidence);

enum report_level evidence_level(int64_t score_db);

#endif
