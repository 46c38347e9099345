/* Tests of courier/jobs/job_rewrite.c against a scanner with one answer. */
#include <signal.h>

#include "tests/courier/fake_scanner.h"
#include "tests/harness/check.h"

#define TEXT_PART "From: a@x.test\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
#define END       "\r\n--b--\r\n"
static const char mail[] = TEXT_PART "A: b\r\n\r\nUEtQSw==" END;

/* Everything but the attachment stays. */
static const struct rewrite_piece pieces[] = {
	{ REWRITE_PIECE_KEEP, 0, sizeof(TEXT_PART) - 1 },
	{ REWRITE_PIECE_HOLE, 0, 0 },
	{ REWRITE_PIECE_KEEP, sizeof(mail) - sizeof(END), sizeof(END) - 1 },
};
static const struct rewrite_cut cuts[] = {
	{ "一覧123456789018.xlsx", "一覧************.xlsx", "application/x",
	  "2", 0, 3 },
	{ "b.txt", "b.txt", "text/plain", "3", 3, 9 },
};

static struct rewrite_plan
plan(void)
{
	return (struct rewrite_plan){
		.refused_part = "",
		.place = REWRITE_PLACE_PART,
		.boundary = "b",
		.pieces = pieces,
		.piece_count = ARRAY_LEN(pieces),
		.cuts = cuts,
		.cut_count = ARRAY_LEN(cuts),
		.files_bytes = 12,
	};
}

static void
files_and_link_mail_are_sealed_in_one(void **state)
{
	static const struct vault_word words[] = {
		{ .text = "secret", .source = REPORT_WORD_SOURCE_SENDER },
	};
	const struct rewrite_plan answer = plan();
	struct fake_scanner scanner = { .table = &rewrite_table,
					.message = &answer,
					.files = "abc123456789" };
	AUTO(world_free) struct world *world = world_start(NULL);
	struct vault_job job = world_job(JOB_KIND_REWRITE);
	const struct fake_seal *seal = NULL;

	(void)state;
	job.words = words;
	job.word_count = ARRAY_LEN(words);
	fake_scanner_answer(world, &scanner, &job, mail);
	seal = fake_vault_seal(world->vault, 0);
	assert_int_equal(scanner.rewrite, REWRITE_ALL);
	assert_int_equal(scanner.priority, SCAN_PRIORITY_BACKGROUND);
	assert_int_equal(scanner.profile, REPORT_PROFILE_STRICT);
	assert_string_equal(scanner.words, "secret");
	assert_int_equal(seal->job_id, 7);
	assert_memory_equal(seal->lease, job.lease, sizeof(seal->lease));
	assert_string_equal(seal->refusal, "");
	assert_int_equal(seal->hole_offset, sizeof(TEXT_PART) - 1);
	assert_int_equal(seal->mail_bytes, sizeof(TEXT_PART END) - 1);
	assert_false(seal->whole_body);
	assert_string_equal(seal->boundary, "b");
	assert_string_equal(
		seal->files,
		"一覧123456789018.xlsx|一覧************.xlsx|application/x|3|"
		"352441c2\nb.txt|b.txt|text/plain|9|cbf43926\n");
	assert_string_equal(sbuf_text(&seal->bytes),
			    TEXT_PART END "abc123456789");
	/* That was the report; no other follows. */
	world_stop(world);
	assert_int_equal(fake_vault_dones(world->vault), 0);
}

static void
only_what_has_findings_is_cut_when_the_rule_says_so(void **state)
{
	struct rewrite_plan answer = plan();
	struct fake_scanner scanner = { .table = &rewrite_table,
					.message = &answer,
					.files = "abc123456789" };
	AUTO(world_free) struct world *world = world_start(NULL);
	struct vault_job job = world_job(JOB_KIND_REWRITE);

	(void)state;
	answer.place = REWRITE_PLACE_BODY;
	job.findings_only = true;
	fake_scanner_answer(world, &scanner, &job, mail);
	assert_true(fake_vault_seal(world->vault, 0)->whole_body);
	assert_int_equal(scanner.rewrite, REWRITE_FINDINGS);
	assert_int_equal(scanner.pictures, REWRITE_PICTURES_STAY);
}

static void
pictures_of_the_text_are_cut_when_the_rule_says_so(void **state)
{
	struct rewrite_plan answer = plan();
	struct fake_scanner scanner = { .table = &rewrite_table,
					.message = &answer,
					.files = "abc123456789" };
	AUTO(world_free) struct world *world = world_start(NULL);
	struct vault_job job = world_job(JOB_KIND_REWRITE);

	(void)state;
	answer.inline_pictures = 2;
	job.cut_pictures = true;
	job.logo_bytes = 5000;
	fake_scanner_answer(world, &scanner, &job, mail);
	assert_int_equal(scanner.pictures, REWRITE_PICTURES_CUT);
	assert_int_equal(scanner.logo_bytes, 5000);
	/* The vault hears how many stay all the same. */
	assert_int_equal(fake_vault_seal(world->vault, 0)->pictures, 2);
}

static void
a_refusal_is_told_in_words(void **state)
{
	static const struct {
		struct rewrite_plan plan;
		const char *want;
	} cases[] = {
		{ { .refusal = REWRITE_REFUSAL_BODY,
		    .refused_part = "1",
		    .boundary = "" },
		  "numbers stand in the text of the mail or in its header "
		  "(part 1)" },
		{ { .refusal = REWRITE_REFUSAL_NOTHING,
		    .refused_part = "",
		    .boundary = "" },
		  "the mail has no attachment to replace" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fake_scanner scanner = { .table = &rewrite_table,
						.message = &cases[i].plan };
		AUTO(world_free) struct world *world = world_start(NULL);
		const struct vault_job job = world_job(JOB_KIND_REWRITE);
		const struct fake_seal *seal = NULL;

		fake_scanner_answer(world, &scanner, &job, mail);
		seal = fake_vault_seal(world->vault, 0);
		assert_string_equal(seal->refusal, cases[i].want);
		assert_int_equal(seal->bytes.len_bytes, 0);
		world_stop(world);
		assert_int_equal(fake_vault_dones(world->vault), 0);
	}
}

static void
a_mail_that_cannot_be_cut_is_refused(void **state)
{
	/* Crashed; and a plan that does not fit its mail. */
	struct scan_report crashed = { .verdict = REPORT_VERDICT_NONE };
	struct report_opaque room = { .part = "" };
	struct rewrite_plan odd = plan();
	struct fake_scanner scanners[] = {
		{ .table = &report_table, .message = &crashed },
		{ .table = &rewrite_table, .message = &odd },
	};

	(void)state;
	report_set_unscannable(&crashed, &room, REPORT_PROFILE_STRICT,
			       REPORT_REASON_CRASHED, "crashed");
	odd.files_bytes = 13;
	for (size_t i = 0; i < ARRAY_LEN(scanners); i++) {
		AUTO(world_free) struct world *world = world_start(NULL);
		const struct vault_job job = world_job(JOB_KIND_REWRITE);

		fake_scanner_answer(world, &scanners[i], &job, mail);
		assert_string_equal(
			fake_vault_seal(world->vault, 0)->refusal,
			"the mail has too many attachments, or takes too long");
	}
}

static void
what_the_vault_cannot_take_is_refused_and_not_tried_for_ever(void **state)
{
	const struct rewrite_plan answer = plan();
	struct fake_scanner scanner = { .table = &rewrite_table,
					.message = &answer,
					.files = "abc123456789" };
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct vault_job job = world_job(JOB_KIND_REWRITE);

	(void)state;
	fake_vault_fail_seal(world->vault, VAULT_FAILURE_INVALID);
	fake_scanner_answer(world, &scanner, &job, mail);
	assert_string_equal(fake_vault_seal(world->vault, 1)->refusal,
			    "the link mail cannot be kept");
}

static void
a_job_that_is_not_ours_any_more_is_let_go(void **state)
{
	const struct rewrite_plan answer = plan();
	struct fake_scanner scanner = { .table = &rewrite_table,
					.message = &answer,
					.files = "abc123456789" };
	AUTO(world_free) struct world *world = world_start(NULL);
	const struct vault_job job = world_job(JOB_KIND_REWRITE);

	(void)state;
	fake_vault_fail_seal(world->vault, VAULT_FAILURE_CONFLICT);
	fake_scanner_answer(world, &scanner, &job, mail);
	(void)fake_vault_seal(world->vault, 0);
	world_stop(world);
	assert_int_equal(fake_vault_dones(world->vault), 0);
}

static void
without_scanner_or_store_the_job_is_tried_again(void **state)
{
	static const struct scan_failure busy = { "too much to do" };
	const struct rewrite_plan answer = plan();
	struct fake_scanner refusing = { .table = &scan_failure_table,
					 .message = &busy };
	struct fake_scanner good = { .table = &rewrite_table,
				     .message = &answer,
				     .files = "abc123456789" };
	struct fake_scanner *scanners[] = { &refusing, &good };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(scanners); i++) {
		AUTO(world_free) struct world *world = world_start(NULL);
		const struct vault_job job = world_job(JOB_KIND_REWRITE);
		const struct fake_done *done = NULL;

		fake_vault_fail_seal(world->vault, VAULT_FAILURE_STORE);
		fake_scanner_answer(world, scanners[i], &job, mail);
		done = fake_vault_done(world->vault, 0);
		assert_int_equal(done->result, JOB_RESULT_RETRY);
		assert_true(done->reason[0] != '\0');
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_and_link_mail_are_sealed_in_one),
		cmocka_unit_test(
			only_what_has_findings_is_cut_when_the_rule_says_so),
		cmocka_unit_test(
			pictures_of_the_text_are_cut_when_the_rule_says_so),
		cmocka_unit_test(a_refusal_is_told_in_words),
		cmocka_unit_test(a_mail_that_cannot_be_cut_is_refused),
		cmocka_unit_test(
			what_the_vault_cannot_take_is_refused_and_not_tried_for_ever),
		cmocka_unit_test(a_job_that_is_not_ours_any_more_is_let_go),
		cmocka_unit_test(
			without_scanner_or_store_the_job_is_tried_again),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
