#include "scanners/detect/evidence.h"

#include "lib/base/attr.h"

enum {
	EVIDENCE_SURE_DB = 10,
	EVIDENCE_SUSPECT_DB = 0,
	EVIDENCE_NOTED_DB = -10,
	/* Where there is a name there is an address, too: words of a record
	 * come together, and must not count as if they did not. */
	EVIDENCE_PERSON_MAX_DB = 15,
	/* Right beside a label hardly any date stands that has twelve digits
	 * and a check digit that fits: there it is a number. */
	EVIDENCE_LABELLED_DATE_DB = -18
};

_Static_assert((int)EVIDENCE_MAX_TERMS <= (int)REPORT_MAX_TERMS,
	       "a report has room for every row and pattern");

/* The rows that apply, with their weights, in the order of the report. */
struct evidence_rows {
	const char *names[EVIDENCE_MAX_TERMS];
	int64_t weights_db[EVIDENCE_MAX_TERMS];
	size_t count;
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

int64_t
evidence_label_db(const struct words *words, enum report_profile profile,
		  enum evidence label)
{
	return words_weight_db(words, label) +
	       words_weight_db(words, evidence_profile_row(profile, label)) -
	       words_weight_db(words,
			       evidence_profile_row(profile, EVIDENCE_NONE));
}

/* Does the label say that this very number is one? */
static bool
evidence_is_named(const struct evidence_set *set)
{
	return (set->label == EVIDENCE_LABEL_ADJACENT ||
		set->label == EVIDENCE_LABEL_HEADER ||
		set->label == EVIDENCE_LABEL_FIELD) &&
	       set->rival != EVIDENCE_RIVAL_GOVERNS;
}

static int64_t
evidence_weight_db(const struct words *words, const struct evidence_set *set,
		   enum evidence row)
{
	const int64_t weight_db = row == EVIDENCE_CHECK_COLUMN
					  ? set->column_db
					  : words_weight_db(words, row);

	return (row == EVIDENCE_SHAPE_DATE_SERIAL ||
		row == EVIDENCE_SHAPE_DATE_TIME) &&
			       weight_db < EVIDENCE_LABELLED_DATE_DB &&
			       evidence_is_named(set)
		       ? EVIDENCE_LABELLED_DATE_DB
		       : weight_db;
}

/* One My Number in ten fits a parcel's check digit, and no parcel's number
 * comes without a word for it. A column has its own shape. */
static enum evidence
evidence_shape_row(const struct evidence_set *set)
{
	return set->shape == EVIDENCE_SHAPE_PARCEL &&
			       set->rival == EVIDENCE_RIVAL_ABSENT &&
			       set->check != EVIDENCE_CHECK_COLUMN
		       ? EVIDENCE_SHAPE_NONE
		       : set->shape;
}

int64_t
evidence_column_db(const struct words *words, const struct evidence_set *set)
{
	return evidence_weight_db(words, set, set->check) +
	       words_weight_db(words, set->spread) +
	       words_weight_db(words, set->shape);
}

static void
evidence_add(struct evidence_rows *rows, enum evidence row, int64_t weight_db)
{
	if (row == EVIDENCE_NONE)
		return;
	rows->names[rows->count] = evidence_name(row);
	rows->weights_db[rows->count++] = weight_db;
}

static void
evidence_add_person(const struct words *words, const struct evidence_set *set,
		    struct evidence_rows *rows)
{
	static const struct {
		enum evidence_person bit;
		enum evidence row;
	} kinds[] = {
		{ EVIDENCE_HAS_BIRTH, EVIDENCE_PERSON_BIRTH },
		{ EVIDENCE_HAS_FAMILY, EVIDENCE_PERSON_FAMILY },
		{ EVIDENCE_HAS_NAME, EVIDENCE_PERSON_NAME },
		{ EVIDENCE_HAS_ADDRESS, EVIDENCE_PERSON_ADDRESS },
	};
	int64_t left_db = EVIDENCE_PERSON_MAX_DB;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && left_db > 0; i++) {
		const int64_t weight_db = words_weight_db(words, kinds[i].row);

		if ((set->person & kinds[i].bit) == 0)
			continue;
		evidence_add(rows, kinds[i].row,
			     weight_db < left_db ? weight_db : left_db);
		left_db -= weight_db;
	}
}

/* What an admin's patterns say; each of them has a row of its own. */
static void
evidence_add_patterns(const struct words *words, const struct evidence_set *set,
		      struct evidence_rows *rows)
{
	const struct words_patterns *patterns = words_patterns(words);

	for (size_t i = 0; i < words_patterns_count(patterns); i++)
		if (words_patterns_row(patterns, &set->patterns, i,
				       &rows->names[rows->count],
				       &rows->weights_db[rows->count]))
			rows->count++;
}

/* What an invalid number may score: below suspect, whatever the mail says. */
static int64_t
evidence_invalid_max_db(const struct words *words,
			const struct evidence_set *set)
{
	const int64_t gain_db =
		set->label == EVIDENCE_NONE
			? evidence_label_db(words, set->profile,
					    EVIDENCE_LABEL_ANSWER)
			: 0;

	return EVIDENCE_SUSPECT_DB - 1 - gain_db;
}

/* Fill rows; returns the score. */
static int64_t
evidence_weigh(const struct words *words, const struct evidence_set *set,
	       struct evidence_rows *rows)
{
	const enum evidence single[] = {
		EVIDENCE_PRIOR, evidence_profile_row(set->profile, set->label),
		set->check,     set->spread,
		set->label,     set->rival,
		set->grouping,  evidence_shape_row(set),
		set->code,      set->own,
	};
	int64_t score_db = 0;
	size_t check_at = 0;

	rows->count = 0;
	for (size_t i = 0; i < ARRAY_LEN(single); i++) {
		if (single[i] == EVIDENCE_CHECK_INVALID)
			check_at = rows->count;
		evidence_add(rows, single[i],
			     evidence_weight_db(words, set, single[i]));
	}
	evidence_add_person(words, set, rows);
	evidence_add_patterns(words, set, rows);
	for (size_t i = 0; i < rows->count; i++)
		score_db += rows->weights_db[i];
	if (set->check == EVIDENCE_CHECK_INVALID) {
		const int64_t max_db = evidence_invalid_max_db(words, set);

		if (score_db > max_db) {
			rows->weights_db[check_at] -= score_db - max_db;
			score_db = max_db;
		}
	}
	return score_db;
}

int64_t
evidence_score(const struct words *words, const struct evidence_set *set)
{
	struct evidence_rows rows;

	return evidence_weigh(words, set, &rows);
}

size_t
evidence_terms(const struct words *words, const struct evidence_set *set,
	       struct report_term terms[EVIDENCE_MAX_TERMS])
{
	struct evidence_rows rows;

	(void)evidence_weigh(words, set, &rows);
	for (size_t i = 0; i < rows.count; i++)
		terms[i] = (struct report_term){ rows.names[i],
						 rows.weights_db[i] };
	return rows.count;
}

bool
evidence_is_own_same(const struct evidence_set *a, const struct evidence_set *b)
{
	return a->own == b->own && a->patterns.matched == b->patterns.matched &&
	       a->patterns.limited == b->patterns.limited;
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
