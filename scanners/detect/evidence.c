#include "scanners/detect/evidence.h"

enum {
	EVIDENCE_SURE_DB = 10,
	EVIDENCE_SUSPECT_DB = 0,
	EVIDENCE_NOTED_DB = -10
};

/* Strict moves the prior, and what the want of a label says against it. */
static enum evidence
evidence_profile_row(enum report_profile profile, enum evidence label)
{
	if (profile != REPORT_PROFILE_STRICT)
		return EVIDENCE_NONE;
	return label == EVIDENCE_LABEL_ABSENT ? EVIDENCE_PROFILE_UNLABELLED
					      : EVIDENCE_PROFILE_STRICT;
}

/* All rows, in the order of the report. */
static void
evidence_rows(const struct evidence_set *set,
	      enum evidence rows[EVIDENCE_MAX_TERMS])
{
	rows[0] = EVIDENCE_PRIOR;
	rows[1] = evidence_profile_row(set->profile, set->label);
	rows[2] = set->check;
	rows[3] = set->label;
	rows[4] = set->rival;
	rows[5] = set->grouping;
	rows[6] = set->shape;
}

int64_t
evidence_label_db(const struct words *words, enum report_profile profile,
		  enum evidence label)
{
	return words_weight_db(words, label) +
	       words_weight_db(words, evidence_profile_row(profile, label)) -
	       words_weight_db(words,
			       evidence_profile_row(profile, EVIDENCE_NONE));
}

int64_t
evidence_score(const struct words *words, const struct evidence_set *set)
{
	enum evidence rows[EVIDENCE_MAX_TERMS];
	int64_t score_db = 0;

	evidence_rows(set, rows);
	for (size_t i = 0; i < EVIDENCE_MAX_TERMS; i++)
		score_db += words_weight_db(words, rows[i]);
	return score_db;
}

size_t
evidence_terms(const struct words *words, const struct evidence_set *set,
	       struct report_term terms[EVIDENCE_MAX_TERMS])
{
	enum evidence rows[EVIDENCE_MAX_TERMS];
	size_t count = 0;

	evidence_rows(set, rows);
	for (size_t i = 0; i < EVIDENCE_MAX_TERMS; i++) {
		if (rows[i] == EVIDENCE_NONE)
			continue;
		terms[count++] = (struct report_term){
			evidence_name(rows[i]),
			words_weight_db(words, rows[i]),
		};
	}
	return count;
}

enum report_level
evidence_level(int64_t score_db)
{
	if (score_db >= EVIDENCE_SURE_DB)
		return REPORT_LEVEL_SURE;
	if (score_db >= EVIDENCE_SUSPECT_DB)
		return REPORT_LEVEL_SUSPECT;
	return score_db >= EVIDENCE_NOTED_DB ? REPORT_LEVEL_NOTED
					     : REPORT_LEVEL_NONE;
}
