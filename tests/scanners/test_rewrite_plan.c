/* A plan comes from a worker, which may say anything. */
#include "lib/report/rewrite.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { MAIL_BYTES = 100 };

static struct rewrite_piece pieces[] = {
	{ REWRITE_PIECE_KEEP, 0, 40 },
	{ REWRITE_PIECE_HOLE, 0, 0 },
	{ REWRITE_PIECE_KEEP, 60, 40 },
};
static struct rewrite_cut cuts[] = {
	{ "a.csv", "a.csv", "text/csv", "2", 0, 12 },
	{ "b.csv", "b.csv", "text/csv", "3", 12, 8 },
};
static const struct rewrite_plan good = {
	.refused_part = "",
	.place = REWRITE_PLACE_PART,
	.boundary = "b",
	.pieces = pieces,
	.piece_count = ARRAY_LEN(pieces),
	.cuts = cuts,
	.cut_count = ARRAY_LEN(cuts),
	.files_bytes = 20,
};

static void
must_be(enum status want, const struct rewrite_plan *plan)
{
	struct err err = { 0 };

	check_status(want, rewrite_check(plan, MAIL_BYTES, &err), &err);
}

static void
a_plan_that_fits_is_taken(void **state)
{
	(void)state;
	must_be(ST_OK, &good);
}

static void
ranges_lie_in_the_mail_and_in_order(void **state)
{
	static const struct rewrite_piece odd[] = {
		{ REWRITE_PIECE_KEEP, 0, 101 },
		{ REWRITE_PIECE_KEEP, 101, 0 },
		{ REWRITE_PIECE_KEEP, UINT64_MAX, 2 },
		{ REWRITE_PIECE_KEEP, 2, UINT64_MAX },
		{ REWRITE_PIECE_KEEP, 30, 20 },
	};
	struct rewrite_piece mine[ARRAY_LEN(pieces)];
	struct rewrite_plan plan = good;

	(void)state;
	plan.pieces = mine;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		memcpy(mine, pieces, sizeof(mine));
		mine[2] = odd[i];
		must_be(ST_FORMAT, &plan);
	}
}

/* Around a mail a multipart may be put: its fields come first, once. */
static void
no_byte_comes_twice(void **state)
{
	struct rewrite_piece mine[] = {
		{ REWRITE_PIECE_KEEP, 20, 20 }, { REWRITE_PIECE_TYPE, 0, 0 },
		{ REWRITE_PIECE_FIRST, 0, 0 },  { REWRITE_PIECE_KEEP, 0, 20 },
		{ REWRITE_PIECE_KEEP, 40, 60 }, { REWRITE_PIECE_NEXT, 0, 0 },
		{ REWRITE_PIECE_HOLE, 0, 0 },   { REWRITE_PIECE_LAST, 0, 0 },
	};
	struct rewrite_plan plan = good;

	(void)state;
	plan.pieces = mine;
	plan.piece_count = ARRAY_LEN(mine);
	must_be(ST_OK, &plan);
	mine[3].len_bytes = 21;
	must_be(ST_FORMAT, &plan);
	mine[3].len_bytes = 20;
	mine[4].at = 19;
	must_be(ST_FORMAT, &plan);
	mine[4].at = 40;
	mine[5].kind = REWRITE_PIECE_FIRST;
	mine[6] = (struct rewrite_piece){ REWRITE_PIECE_KEEP, 0, 20 };
	must_be(ST_FORMAT, &plan);
	plan.boundary = "";
	must_be(ST_FORMAT, &plan);
}

static void
there_is_one_hole(void **state)
{
	struct rewrite_piece mine[ARRAY_LEN(pieces)];
	struct rewrite_plan plan = good;

	(void)state;
	plan.pieces = mine;
	memcpy(mine, pieces, sizeof(mine));
	mine[2] = mine[1];
	must_be(ST_FORMAT, &plan);
	mine[1] = mine[2] = mine[0];
	plan.piece_count = 1;
	must_be(ST_FORMAT, &plan);
}

static void
files_stand_one_behind_another(void **state)
{
	struct rewrite_cut mine[ARRAY_LEN(cuts)];
	struct rewrite_plan plan = good;

	(void)state;
	plan.cuts = mine;
	memcpy(mine, cuts, sizeof(mine));
	mine[1].at = 11;
	must_be(ST_FORMAT, &plan);
	mine[1].at = 12;
	mine[1].size_bytes = UINT64_MAX;
	must_be(ST_FORMAT, &plan);
	mine[1].size_bytes = 7;
	must_be(ST_FORMAT, &plan);
	mine[1].size_bytes = 8;
	mine[0].name = "../a";
	must_be(ST_FORMAT, &plan);
	mine[0].name = "a";
	plan.files_bytes = MAIL_BYTES + 1;
	must_be(ST_FORMAT, &plan);
	plan.files_bytes = 20;
	must_be(ST_OK, &plan);
	plan.cut_count = 0;
	must_be(ST_FORMAT, &plan);
}

static void
a_boundary_breaks_no_header(void **state)
{
	static const char *const odd[] = { "a\"b", "a\r\nX: y", "a ", "a\\",
					   "\xe3\x81\x82" };
	struct rewrite_plan plan = good;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		plan.boundary = odd[i];
		must_be(ST_FORMAT, &plan);
	}
}

static void
a_refusal_is_nothing_else(void **state)
{
	struct rewrite_plan plan = good;

	(void)state;
	plan.refusal = REWRITE_REFUSAL_BODY;
	must_be(ST_FORMAT, &plan);
	plan.piece_count = 0;
	plan.cut_count = 0;
	must_be(ST_OK, &plan);
}

static void
names_are_found_again(void **state)
{
	(void)state;
	assert_int_equal(rewrite_what_find("all"), REWRITE_ALL);
	assert_int_equal(rewrite_what_find("findings"), REWRITE_FINDINGS);
	assert_int_equal(rewrite_what_find("none"), REWRITE_NONE);
	assert_int_equal(rewrite_what_find(""), REWRITE_NONE);
	assert_string_equal(rewrite_what_name(REWRITE_FINDINGS), "findings");
	assert_string_equal(rewrite_refusal_name(REWRITE_REFUSAL_BODY), "body");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_that_fits_is_taken),
		cmocka_unit_test(ranges_lie_in_the_mail_and_in_order),
		cmocka_unit_test(no_byte_comes_twice),
		cmocka_unit_test(there_is_one_hole),
		cmocka_unit_test(files_stand_one_behind_another),
		cmocka_unit_test(a_boundary_breaks_no_header),
		cmocka_unit_test(a_refusal_is_nothing_else),
		cmocka_unit_test(names_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
