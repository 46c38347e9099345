/*
 * evidence.h - what was observed about one number, and its score.
 *
 * Layer:    scanners/detect; includes lib/report and lib/words
 * Threads:  values
 *
 * An additive model: each observation has a weight in decibans, the score is
 * their sum, and the report names every one of them.
 */
#ifndef SCANNERS_DETECT_EVIDENCE_H
#define SCANNERS_DETECT_EVIDENCE_H

#include "lib/report/report.h"
#include "lib/words/words.h"
#include "lib/words/words_match.h"

/* Words of a person's record; bits of evidence_set.person. */
enum evidence_person {
	EVIDENCE_HAS_BIRTH = 1,
	EVIDENCE_HAS_FAMILY = 2,
	EVIDENCE_HAS_NAME = 4,
	EVIDENCE_HAS_ADDRESS = 8
};

/* The rows that apply to one number. NONE: there is no row of that group, or
 * (label only) the rest of the mail decides. */
struct evidence_set {
	enum report_profile profile; /* no row of it in standard */
	enum evidence check;
	int64_t column_db;    /* what EVIDENCE_CHECK_COLUMN weighs */
	enum evidence spread; /* of the column */
	enum evidence label;
	enum evidence rival;
	enum evidence grouping;
	enum evidence shape;
	enum evidence code;
	unsigned person;
	enum evidence own;
	struct words_matched patterns; /* of an admin */
};

enum { EVIDENCE_MAX_TERMS = 14 + WORDS_MAX_PATTERNS };

/*
 * Their sum and the prior; a label that is not decided counts 0. A number with
 * a wrong check digit stays below suspect: its row weighs what that takes.
 */
int64_t
evidence_score(const struct words *words, const struct evidence_set *set);

/* What the score gains when the rest of the mail decides on label. */
int64_t evidence_label_db(const struct words *words,
			  enum report_profile profile, enum evidence label);

/* What the rows CHECK, SPREAD and SHAPE add to the score. */
int64_t
evidence_column_db(const struct words *words, const struct evidence_set *set);

/* Write them down; returns how many there are. */
size_t evidence_terms(const struct words *words, const struct evidence_set *set,
		      struct report_term terms[EVIDENCE_MAX_TERMS]);

/* Does an admin's configuration say the same of both? */
bool evidence_is_own_same(const struct evidence_set *a,
			  const struct evidence_set *b);

enum report_level evidence_level(int64_t score_db);

#endif
