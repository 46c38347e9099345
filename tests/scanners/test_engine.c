/* Tests of scanners/worker/engine.h with readers and a detector of our own:
 * bodies say which reader claims them and what it does. */
#include "scanners/worker/engine.h"

#include <stdio.h>
#include <string.h>

#include "tests/scanners/engine_fakes.h"

static void
a_clean_mail_is_clean(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=TXT hello|a.txt=TXT world");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	assert_int_equal(scan.report.opaque_count, 0);
	assert_int_equal(scan.taints.count, 0);
	scan_done(&scan);
}

static void
parts_have_paths_names_types_and_sizes_in_order(void **state)
{
	struct scan scan;

	(void)state;
	/* A '|' ends a child of the outer level, so zip has one child. */
	scan_mail(&scan, "MIME:=TXT1|a.zip=ZIP:l.csv=TXT22|m.eml=MIME:x=TXT3");
	assert_int_equal(scan.report.part_count, 6);
	assert_string_equal(scan.report.parts[0].path, "message");
	assert_string_equal(scan.report.parts[1].path, "1");
	assert_string_equal(scan.report.parts[1].type, "text");
	assert_int_equal(scan.report.parts[1].size_bytes, 4);
	assert_string_equal(scan.report.parts[2].path, "2/a.zip");
	assert_string_equal(scan.report.parts[2].name, "a.zip");
	assert_string_equal(scan.report.parts[2].type, "zip");
	assert_string_equal(scan.report.parts[3].path, "2/a.zip/l.csv");
	assert_string_equal(scan.report.parts[4].path, "3/m.eml");
	assert_string_equal(scan.report.parts[5].path, "3/m.eml/1/x");
	scan_done(&scan);
}

static void
a_bare_file_stands_under_its_name(void **state)
{
	struct scan scan = { .st = ST_OK };

	(void)state;
	scan_run(&scan, "ZIP:=TXT", SCAN_INPUT_ATTACHMENT, &roomy);
	check_status(ST_OK, scan.st, &scan.err);
	assert_string_equal(scan.report.parts[0].path, "bare.bin");
	assert_string_equal(scan.report.parts[1].path, "bare.bin/1");
	assert_true(scan.report.parts[0].attachment);
	scan_done(&scan);
}

static void
a_file_that_looks_like_a_mail_is_read_as_one(void **state)
{
	struct scan scan = { .st = ST_OK };

	(void)state;
	scan_run(&scan, "MIME:a=TXT", SCAN_INPUT_GUESS, &roomy);
	check_status(ST_OK, scan.st, &scan.err);
	assert_string_equal(scan.report.parts[0].path, "message");
	assert_string_equal(scan.report.parts[1].path, "1/a");
	scan_done(&scan);
	scan = (struct scan){ .st = ST_OK };
	scan_run(&scan, "ZIP:a=TXT", SCAN_INPUT_GUESS, &roomy);
	check_status(ST_OK, scan.st, &scan.err);
	assert_string_equal(scan.report.parts[1].path, "bare.bin/a");
	scan_done(&scan);
}

static void
names_are_scanned_and_masked(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:id123456789018.csv=TXT");
	assert_heard("[1/id************.csv]name:id123456789018.csv;");
	/* Also as words: an ending or "_" behind a number hides it else. */
	assert_heard("name:id123456789018;");
	assert_string_equal(scan.report.parts[1].name, "id************.csv");
	assert_string_equal(scan.report.parts[1].path, "1/id************.csv");
	scan_done(&scan);
}

static void
odd_names_still_make_a_valid_report(void **state)
{
	struct scan scan;
	struct sbuf payload;
	char body[900];
	struct err err;

	(void)state;
	(void)snprintf(body, sizeof(body), "MIME:%0500d\xff\x01=TXT|\n\x7f=TXT",
		       0);
	scan_mail(&scan, body);
	sbuf_init(&payload, 1 << 20);
	check_status(ST_OK,
		     wire_encode(&report_table, &scan.report, &payload, &err),
		     &err);
	assert_string_equal(scan.report.parts[2].name, "??");
	sbuf_done(&payload);
	scan_done(&scan);
}

static void
a_finding_makes_found_even_beside_unread_parts(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=TXT NUMBER|a.7z=7z...");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	assert_int_equal(scan.report.opaque_count, 1);
	scan_done(&scan);
}

static void
what_no_reader_claims_is_swept(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=xx NUMBER yy");
	assert_heard("[1]raw:0:xx NUMBER yy;");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	assert_string_equal(scan.report.parts[1].type, "unknown");
	scan_done(&scan);
}

static void
known_containers_without_reader_are_opaque_and_swept(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=7z NUM|=PNG");
	assert_opaque(&scan, 0, "1", REPORT_REASON_UNKNOWN_CONTAINER, "7z");
	assert_opaque(&scan, 1, "2", REPORT_REASON_IMAGE, "image/png");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_string_equal(scan.report.parts[1].type, "7z");
	assert_heard("raw:0:7z NUM;");
	scan_done(&scan);
}

static void
gaps_are_swept_at_their_offset(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "SAYS:junk");
	assert_heard("raw:5:junk;");
	scan_done(&scan);
}

static void
opaque_ambiguous_dsn_and_subject_reach_the_report(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "SAYS:junk");
	assert_opaque(&scan, 0, "message", REPORT_REASON_EXTERNAL, "elsewhere");
	assert_opaque(&scan, 1, "message", REPORT_REASON_AMBIGUOUS,
		      "two boundaries");
	assert_true(scan.report.ambiguous);
	assert_string_equal(scan.report.dsn.envid, "envid12345");
	assert_string_equal(scan.report.dsn.code, "5.1.1");
	assert_string_equal(scan.report.subject, "to *****");
	scan_done(&scan);
}

static void
locked_children_are_locked(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=ZIP:locked=");
	assert_opaque(&scan, 0, "1/locked", REPORT_REASON_LOCKED, "");
	assert_true(scan.report.parts[2].locked);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	scan_done(&scan);
}

static void
damage_is_recorded_masked_and_swept(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=DAMAGED NUMBER");
	assert_opaque(&scan, 0, "1", REPORT_REASON_DAMAGED,
		      "fake: cut off at ************");
	assert_heard("raw:0:DAMAGED NUMBER;");
	scan_done(&scan);
}

static void
a_failed_guess_counts_only_when_nobody_else_reads(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=GUESSTXT");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	assert_heard("body:GUESSTXT;");
	assert_heard("raw:0:GUESSTXT;");
	scan_done(&scan);
	scan_mail(&scan, "MIME:=GUESS");
	assert_opaque(&scan, 0, "1", REPORT_REASON_DAMAGED,
		      "fake: cut off at ************");
	scan_done(&scan);
}

static void
doubts_of_a_guess_beside_a_certain_reader_do_not_count(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=TARa");
	assert_heard("body:TARa;body:TARa;");
	assert_int_equal(scan.report.opaque_count, 1);
	assert_opaque(&scan, 0, "1", REPORT_REASON_LOCKED, "really");
	assert_false(scan.report.ambiguous);
	scan_done(&scan);
}

static void
what_looks_packed_counts_as_read_by_a_reader_of_such(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=DENSEPDF");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	scan_done(&scan);
	scan_mail(&scan, "MIME:=DENSETXT");
	assert_opaque(&scan, 0, "1", REPORT_REASON_UNKNOWN_CONTAINER,
		      "packed or encrypted");
	scan_done(&scan);
}

static void
no_memory_and_unsupported_have_their_reasons(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=NOMEM|=UNSUP");
	assert_opaque(&scan, 0, "1", REPORT_REASON_LIMIT, "zip: limit memory");
	assert_opaque(&scan, 1, "2", REPORT_REASON_UNKNOWN_CONTAINER,
		      "method 98");
	scan_done(&scan);
}

static void
text_is_left_out_beside_a_certain_reader(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "ZIP:=TXTa");
	assert_null(strstr(sbuf_text(&heard), "body:ZIP"));
	assert_heard("body:TXTa;");
	scan_done(&scan);
}

static void
foreign_readers_taint_once_and_first(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "ZIP:=ZIP:=TXTa");
	assert_int_equal(scan.taints.count, 1);
	scan_done(&scan);
	scan = (struct scan){ .taints = { 0, true } };
	scan_run(&scan, "ZIP:=TXTa", SCAN_INPUT_MAIL, &roomy);
	check_status(ST_IO, scan.st, &scan.err);
	assert_null(strstr(sbuf_text(&heard), "body:"));
	scan_done(&scan);
}

static void
depth_ends_at_the_limit_and_the_rest_is_swept(void **state)
{
	struct engine_limits limits = roomy;
	struct scan scan = { .st = ST_OK };

	(void)state;
	limits.max_depth = 3;
	scan_run(&scan, "QUINE", SCAN_INPUT_MAIL, &limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_opaque(&scan, 0, "1/1/1/1", REPORT_REASON_LIMIT,
		      "limit depth 3");
	assert_int_equal(scan.report.opaque_count, 1);
	assert_int_equal(scan.report.part_count, 5);
	assert_heard("[1/1/1/1]raw:0:QUINE;");
	scan_done(&scan);
}

/* One scan of body under limits: unscannable for reason, in these words. */
static void
check_limit(const char *body, const struct engine_limits *limits,
	    enum report_reason reason, const char *detail)
{
	struct scan scan = { .st = ST_OK };

	scan_run(&scan, body, SCAN_INPUT_MAIL, limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_opaque(&scan, 0, "message", reason, detail);
	scan_done(&scan);
}

static void
every_other_budget_ends_by_name(void **state)
{
	struct engine_limits limits = roomy;

	(void)state;
	check_limit("MANY", &roomy, REPORT_REASON_LIMIT, "limit objects 1000");
	check_limit("CELLS", &roomy, REPORT_REASON_LIMIT, "limit cells 1000");
	check_limit("RATIO", &roomy, REPORT_REASON_LIMIT, "limit ratio 1000");
	limits.max_expanded_bytes = 1 << 20;
	check_limit("BOMB", &limits, REPORT_REASON_LIMIT,
		    "limit expanded 1048576 bytes");
	limits = roomy;
	limits.wall_ms = 60;
	check_limit("SLOW", &limits, REPORT_REASON_TIMEOUT,
		    "zip: limit wall 60 ms");
	limits = roomy;
	limits.cpu_ms = 60;
	check_limit("SLOW", &limits, REPORT_REASON_TIMEOUT,
		    "zip: limit cpu 60 ms");
}

static void
small_things_may_be_packed_tightly(void **state)
{
	struct engine_limits limits = roomy;

	(void)state;
	/* Up to 16 MiB no ratio counts: the other limit is met first. */
	limits.max_expanded_bytes = 16 << 20;
	check_limit("RATIO", &limits, REPORT_REASON_LIMIT,
		    "limit expanded 16777216 bytes");
}

static void
other_parts_are_read_after_a_limit(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "MIME:=BOMB|=TXT NUMBER");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	scan_done(&scan);
}

static void
nothing_is_read_after_the_time_is_up(void **state)
{
	struct engine_limits limits = roomy;
	struct scan scan = { .st = ST_OK };

	(void)state;
	limits.wall_ms = 30;
	scan_run(&scan, "MIME:=SLOW|=TXT NUMBER", SCAN_INPUT_MAIL, &limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_UNSCANNABLE);
	assert_true(scan.report.elapsed_ms >= 30);
	assert_true(scan.report.elapsed_ms < 2000);
	scan_done(&scan);
}

static void
a_report_has_at_most_its_maximum_of_lines(void **state)
{
	struct engine_limits limits = roomy;
	struct scan scan = { .st = ST_OK };
	struct sbuf body;

	(void)state;
	limits.max_objects = 10000;
	sbuf_init(&body, 1 << 20);
	sbuf_add_text(&body, "MIME:=7z");
	for (int i = 0; i < 2500; i++)
		sbuf_add_text(&body, "|=7z");
	scan_run(&scan, sbuf_text(&body), SCAN_INPUT_MAIL, &limits);
	check_status(ST_OK, scan.st, &scan.err);
	assert_int_equal(scan.report.opaque_count, REPORT_MAX_OPAQUES);
	assert_int_equal(scan.report.part_count, REPORT_MAX_PARTS);
	scan_done(&scan);
	sbuf_done(&body);
}

static void
owned_bytes_are_taken_over(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "OWNED");
	assert_heard("body:TXThey;");
	scan_done(&scan);
}

static void
an_empty_mail_is_clean(void **state)
{
	struct scan scan;

	(void)state;
	scan_mail(&scan, "");
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_CLEAN);
	assert_int_equal(scan.report.part_count, 1);
	scan_done(&scan);
}

static void
a_detector_that_cannot_finish_is_an_error(void **state)
{
	struct scan scan = { .st = ST_OK };

	(void)state;
	finish_fails = true;
	scan_run(&scan, "MIME:=TXT", SCAN_INPUT_MAIL, &roomy);
	finish_fails = false;
	check_status(ST_NO_MEMORY, scan.st, &scan.err);
	scan_done(&scan);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_mail_is_clean),
		cmocka_unit_test(
			parts_have_paths_names_types_and_sizes_in_order),
		cmocka_unit_test(a_bare_file_stands_under_its_name),
		cmocka_unit_test(a_file_that_looks_like_a_mail_is_read_as_one),
		cmocka_unit_test(names_are_scanned_and_masked),
		cmocka_unit_test(odd_names_still_make_a_valid_report),
		cmocka_unit_test(
			a_finding_makes_found_even_beside_unread_parts),
		cmocka_unit_test(what_no_reader_claims_is_swept),
		cmocka_unit_test(
			known_containers_without_reader_are_opaque_and_swept),
		cmocka_unit_test(gaps_are_swept_at_their_offset),
		cmocka_unit_test(
			opaque_ambiguous_dsn_and_subject_reach_the_report),
		cmocka_unit_test(locked_children_are_locked),
		cmocka_unit_test(damage_is_recorded_masked_and_swept),
		cmocka_unit_test(
			a_failed_guess_counts_only_when_nobody_else_reads),
		cmocka_unit_test(
			doubts_of_a_guess_beside_a_certain_reader_do_not_count),
		cmocka_unit_test(
			what_looks_packed_counts_as_read_by_a_reader_of_such),
		cmocka_unit_test(no_memory_and_unsupported_have_their_reasons),
		cmocka_unit_test(text_is_left_out_beside_a_certain_reader),
		cmocka_unit_test(foreign_readers_taint_once_and_first),
		cmocka_unit_test(depth_ends_at_the_limit_and_the_rest_is_swept),
		cmocka_unit_test(every_other_budget_ends_by_name),
		cmocka_unit_test(small_things_may_be_packed_tightly),
		cmocka_unit_test(other_parts_are_read_after_a_limit),
		cmocka_unit_test(nothing_is_read_after_the_time_is_up),
		cmocka_unit_test(a_report_has_at_most_its_maximum_of_lines),
		cmocka_unit_test(owned_bytes_are_taken_over),
		cmocka_unit_test(an_empty_mail_is_clean),
		cmocka_unit_test(a_detector_that_cannot_finish_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
