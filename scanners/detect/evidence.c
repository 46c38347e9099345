#include "scanners/detect/evidence.h"

enum {
	EVIDENCE_SURE_DB = 10,
	EVIDENCE_SUSPECT_DB = 0,
	EVIDENCE_NOTED_DB = -10
};

static const struct report_term evidence_rows[EVIDENCE_END] = {
	[EVIDENCE_NONE] = { "", 0 },
#define EVIDENCE(symbol, name, weight) [EVIDENCE_##symbol] = { name, weight },
#include "scanners/detect/evidence.def"
#undef EVIDENCE
};

int64_t
evidence_weight(enum evidence evidence)
{
	return evidence_rows[evidence].weight_db;
}

int64_t
evidence_score(const struct evidence_set *set)
{
	return evidence_weight(EVIDENCE_PRIOR) + evidence_weight(set->check) +
	       evidence_weight(set->label) + evidence_weight(set->rival) +
	       evidence_weight(set->grouping) +
	       evidence_weight(EVIDENCE_SHAPE_NONE);
}

size_t
evidence_terms(const struct evidence_set *set,
	       struct report_term terms[EVIDENCE_MAX_TERMS])
{
	const enum evidence rows[EVIDENCE_MAX_TERMS] = {
		EVIDENCE_PRIOR, set->check,    set->label,
		set->rival,     set->grouping, EVIDENCE_SHAPE_NONE
	};
	size_t count = 0;

	for (size_t i = 0; i < EVIDENCE_MAX_TERMS; i++)
		if (rows[i] != EVIDENCE_NONE)
			terms[count++] = evidence_rows[rows[i]];
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
