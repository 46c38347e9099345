#include "scanners/detect/evidence.h"

enum {
	EVIDENCE_SURE_DB = 10,
	EVIDENCE_SUSPECT_DB = 0,
	EVIDENCE_NOTED_DB = -10
};

/* All rows, in the order of the report. */
static void
evidence_rows(const struct evidence_set *set,
	      enum evidence rows[EVIDENCE_MAX_TERMS])
{
	rows[0] = EVIDENCE_PRIOR;
	rows[1] = set->check;
	rows[2] = set->label;
	rows[3] = set->rival;
	rows[4] = set->grouping;
	rows[5] = set->shape;
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
