/* Tests of scanners/detect/evidence.h: terms, their sum, what they may be. */
#include "scanners/detect/evidence.h"

#include <string.h>

#include "lib/base/attr.h"
#include "tests/harness/check.h"

static struct words *words;

/* A valid number with a label, written without groups. */
static const struct evidence_set labelled = {
	.profile = REPORT_PROFILE_STANDARD,
	.check = EVIDENCE_CHECK_VALID,
	.label = EVIDENCE_LABEL_ADJACENT,
	.rival = EVIDENCE_RIVAL_ABSENT,
	.grouping = EVIDENCE_GROUPING_BARE,
	.shape = EVIDENCE_SHAPE_NONE,
};

static int64_t
weight_of(const struct evidence_set *set, const char *name)
{
	struct report_term terms[EVIDENCE_MAX_TERMS];
	const size_t count = evidence_terms(words, set, terms);

	for (size_t i = 0; i < count; i++)
		if (strcmp(terms[i].name, name) == 0)
			return terms[i].weight_db;
	return 0;
}

static void
check_sum(const struct evidence_set *set)
{
	struct report_term terms[EVIDENCE_MAX_TERMS];
	const size_t count = evidence_terms(words, set, terms);
	int64_t sum_db = 0;

	for (size_t i = 0; i < count; i++)
		sum_db += terms[i].weight_db;
	assert_int_equal(sum_db, evidence_score(words, set));
}

static void
words_of_a_record_count_fifteen_at_most(void **state)
{
	static const struct {
		unsigned person;
		int64_t gain_db;
		int64_t address_db;
	} cases[] = {
		{ EVIDENCE_HAS_BIRTH, 8, 0 },
		{ EVIDENCE_HAS_NAME | EVIDENCE_HAS_ADDRESS, 6, 3 },
		{ EVIDENCE_HAS_BIRTH | EVIDENCE_HAS_NAME, 11, 0 },
		{ EVIDENCE_HAS_BIRTH | EVIDENCE_HAS_NAME | EVIDENCE_HAS_ADDRESS,
		  14, 3 },
		{ EVIDENCE_HAS_BIRTH | EVIDENCE_HAS_FAMILY, 15, 0 },
		{ EVIDENCE_HAS_BIRTH | EVIDENCE_HAS_FAMILY | EVIDENCE_HAS_NAME |
			  EVIDENCE_HAS_ADDRESS,
		  15, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct evidence_set set = labelled;

		set.person = cases[i].person;
		assert_int_equal(evidence_score(words, &set),
				 evidence_score(words, &labelled) +
					 cases[i].gain_db);
		assert_int_equal(weight_of(&set, "person.address"),
				 cases[i].address_db);
		check_sum(&set);
	}
}

static void
the_last_word_of_a_record_is_cut(void **state)
{
	struct evidence_set set = labelled;

	(void)state;
	set.person = EVIDENCE_HAS_BIRTH | EVIDENCE_HAS_FAMILY;
	assert_int_equal(weight_of(&set, "person.birth"), 8);
	assert_int_equal(weight_of(&set, "person.family"), 7);
}

/* Whatever speaks for it, in the mail and in the profile. */
static void
a_wrong_check_digit_is_never_found(void **state)
{
	static const enum evidence labels[] = {
		EVIDENCE_NONE,         EVIDENCE_LABEL_ADJACENT,
		EVIDENCE_LABEL_HEADER, EVIDENCE_LABEL_PAGE,
		EVIDENCE_LABEL_ABSENT,
	};
	struct evidence_set set = labelled;

	(void)state;
	set.check = EVIDENCE_CHECK_INVALID;
	assert_int_equal(evidence_score(words, &set), -11);
	assert_int_equal(weight_of(&set, "check.invalid"), -23);
	set.profile = REPORT_PROFILE_STRICT;
	set.grouping = EVIDENCE_GROUPING_SINGLE;
	set.person = EVIDENCE_HAS_BIRTH | EVIDENCE_HAS_FAMILY;
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		set.label = labels[i];
		int64_t score_db = evidence_score(words, &set);

		if (set.label == EVIDENCE_NONE)
			score_db += evidence_label_db(words, set.profile,
						      EVIDENCE_LABEL_MESSAGE);
		assert_true(evidence_level(score_db) < REPORT_LEVEL_SUSPECT);
		check_sum(&set);
	}
	set.label = EVIDENCE_LABEL_ADJACENT;
	assert_int_equal(evidence_score(words, &set), -1);
}

static int
make_words(void **state)
{
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, words_new(&words, &err), &err);
	return 0;
}

static int
free_words(void **state)
{
	(void)state;
	words_free(&words);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_a_record_count_fifteen_at_most),
		cmocka_unit_test(the_last_word_of_a_record_is_cut),
		cmocka_unit_test(a_wrong_check_digit_is_never_found),
	};

	return cmocka_run_group_tests(tests, make_words, free_words);
}
