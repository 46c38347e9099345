/* Tests of lib/report/report.h. */
#include "lib/report/report.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/fd.h"
#include "tests/harness/check.h"

static const struct report_term terms[] = { { "check.valid", 10 },
					    { "label.adjacent", 35 } };

static struct report_finding
finding_of(int64_t score_db, enum report_level level)
{
	return (struct report_finding){
		.part = "1",
		.location = "line 1",
		.masked = "********9018",
		.number = "",
		.context = "",
		.subject = 1,
		.count = 1,
		.level = level,
		.score_db = score_db,
		.terms = terms,
		.term_count = 2,
	};
}

static struct scan_report
report_of(const struct report_finding *finding, enum report_verdict verdict)
{
	return (struct scan_report){
		.verdict = verdict,
		.level = finding->level,
		.score_db = finding->score_db,
		.number_count = finding->level >= REPORT_LEVEL_SUSPECT,
		.findings = finding,
		.finding_count = 1,
		.profile = REPORT_PROFILE_STANDARD,
	};
}

static void
a_report_survives_the_wire(void **state)
{
	const struct report_finding finding = finding_of(22, REPORT_LEVEL_SURE);
	const struct scan_report report =
		report_of(&finding, REPORT_VERDICT_FOUND);
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	struct scan_report back;
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&buf, 10000);
	check_status(ST_OK, wire_encode(&report_table, &report, &buf, &err),
		     &err);
	check_status(ST_OK,
		     wire_decode(&report_table, sbuf_span(&buf), &back, &arena,
				 &err),
		     &err);
	check_status(ST_OK, report_check(&back, &err), &err);
	assert_string_equal(back.findings[0].terms[1].name, "label.adjacent");
	assert_string_equal(back.dsn.envid, "");
	sbuf_done(&buf);
}

/* Bytes that a report without locks and words got with a version. */
enum { BYTES_OF_LOCKS = 4 + 4 + 3 * 8 + 4, BYTES_OF_PROFILE = 4 };

/* ... and one from before locks has none. */
static void
a_report_from_before_profiles_is_standard(void **state)
{
	const struct report_finding finding = finding_of(22, REPORT_LEVEL_SURE);
	struct scan_report report = report_of(&finding, REPORT_VERDICT_FOUND);
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	report.profile = REPORT_PROFILE_STRICT;
	report.search.tried = 7;
	sbuf_init(&buf, 10000);
	check_status(ST_OK, wire_encode(&report_table, &report, &buf, &err),
		     &err);
	/* None of the members that came later may be half there. */
	for (size_t cut = 0; cut <= BYTES_OF_LOCKS + BYTES_OF_PROFILE + 1;
	     cut++) {
		AUTO(wire_arena_free) struct wire_arena *arena = NULL;
		const bool whole = cut == 0 || cut == BYTES_OF_LOCKS ||
				   cut == BYTES_OF_LOCKS + BYTES_OF_PROFILE;
		const struct span payload = { buf.bytes, buf.len_bytes - cut };
		struct scan_report back;

		check_status(whole ? ST_OK : ST_FORMAT,
			     report_decode(payload, &back, &arena, &err), &err);
		if (!whole)
			continue;
		assert_int_equal(back.profile,
				 cut <= BYTES_OF_LOCKS
					 ? REPORT_PROFILE_STRICT
					 : REPORT_PROFILE_STANDARD);
		assert_int_equal(back.search.tried, cut == 0 ? 7 : 0);
		assert_int_equal(back.lock_count, 0);
		assert_string_equal(back.findings[0].terms[1].name,
				    "label.adjacent");
	}
	sbuf_done(&buf);
}

/* As a version before profiles wrote it: 301 bytes that never change. */
static void
a_report_that_an_old_version_stored_is_read(void **state)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const char *top = getenv("top_srcdir");
	struct scan_report report;
	struct sbuf payload;
	struct err err = { 0 };
	char path[PATH_MAX];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/tests/data/report/version1.bin",
		       top != NULL ? top : ".");
	sbuf_init(&payload, 10000);
	check_status(ST_OK, fd_slurp_file(path, &payload, &err), &err);
	check_status(ST_OK,
		     report_decode(sbuf_span(&payload), &report, &arena, &err),
		     &err);
	sbuf_done(&payload);
	check_status(ST_OK, report_check(&report, &err), &err);
	assert_int_equal(report.profile, REPORT_PROFILE_STANDARD);
	assert_int_equal(report.number_count, 38);
	assert_string_equal(report.findings[0].location, "Sheet1!C7:C44");
	assert_string_equal(report.findings[0].terms[2].name, "label.adjacent");
	assert_string_equal(report.opaques[0].part, "3");
	assert_string_equal(report.parts[0].type, "xlsx");
	assert_string_equal(report.subject, "list ****");
}

static void
profiles_are_known_by_their_names(void **state)
{
	(void)state;
	assert_int_equal(report_profile_find("standard"),
			 REPORT_PROFILE_STANDARD);
	assert_int_equal(report_profile_find("strict"), REPORT_PROFILE_STRICT);
	assert_int_equal(report_profile_find("Strict"), REPORT_PROFILE_NONE);
	assert_int_equal(report_profile_find("none"), REPORT_PROFILE_NONE);
	assert_int_equal(report_profile_find(""), REPORT_PROFILE_NONE);
	assert_string_equal(report_profile_name(REPORT_PROFILE_STRICT),
			    "strict");
	assert_string_equal(report_profile_name((enum report_profile)9),
			    "none");
}

static void
a_report_must_agree_with_itself(void **state)
{
	static const struct report_opaque opaque = { "2", REPORT_REASON_LOCKED,
						     "" };
	static const struct {
		int64_t score_db;
		enum report_level level;
		enum report_verdict verdict;
		bool opaque;
		enum status want;
	} cases[] = {
		{ 10, REPORT_LEVEL_SURE, REPORT_VERDICT_FOUND, true, ST_OK },
		{ 9, REPORT_LEVEL_SUSPECT, REPORT_VERDICT_FOUND, false, ST_OK },
		{ -1, REPORT_LEVEL_NOTED, REPORT_VERDICT_CLEAN, false, ST_OK },
		{ -1, REPORT_LEVEL_NOTED, REPORT_VERDICT_UNSCANNABLE, true,
		  ST_OK },
		{ 10, REPORT_LEVEL_SURE, REPORT_VERDICT_CLEAN, false,
		  ST_FORMAT },
		{ 10, REPORT_LEVEL_SUSPECT, REPORT_VERDICT_FOUND, false,
		  ST_FORMAT },
		{ -1, REPORT_LEVEL_NOTED, REPORT_VERDICT_CLEAN, true,
		  ST_FORMAT },
		{ -1, REPORT_LEVEL_NOTED, REPORT_VERDICT_FOUND, false,
		  ST_FORMAT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct report_finding finding =
			finding_of(cases[i].score_db, cases[i].level);
		struct scan_report report =
			report_of(&finding, cases[i].verdict);
		struct err err = { 0 };

		report.opaques = &opaque;
		report.opaque_count = cases[i].opaque;
		check_status(cases[i].want, report_check(&report, &err), &err);
	}
}

static void
an_unscannable_report_is_consistent(void **state)
{
	struct report_opaque room;
	struct scan_report report;
	struct err err = { 0 };

	(void)state;
	report_set_unscannable(&report, &room, REPORT_PROFILE_STRICT,
			       REPORT_REASON_CRASHED, "");
	check_status(ST_OK, report_check(&report, &err), &err);
	assert_string_equal(report_reason_name(report.opaques[0].reason),
			    "crashed");
}

static void
locks_and_words_survive_the_wire(void **state)
{
	AUTO(wire_arena_free) struct wire_arena *arena = NULL;
	const struct report_lock locks[] = {
		{ "2", "zip: ZipCrypto", true, REPORT_WORD_SOURCE_BODY },
		{ "3/a.7z", "7z: AES-256", false, REPORT_WORD_SOURCE_NONE },
	};
	const struct report_word words[] = { { "abc123", true } };
	struct report_opaque room;
	struct scan_report report;
	struct scan_report back;
	struct sbuf buf;
	struct err err = { 0 };

	(void)state;
	report_set_unscannable(&report, &room, REPORT_PROFILE_STANDARD,
			       REPORT_REASON_LOCKED, "7z: AES-256");
	report.locks = locks;
	report.lock_count = ARRAY_LEN(locks);
	report.words = words;
	report.word_count = 1;
	sbuf_init(&buf, 10000);
	check_status(ST_OK, wire_encode(&report_table, &report, &buf, &err),
		     &err);
	check_status(ST_OK, report_decode(sbuf_span(&buf), &back, &arena, &err),
		     &err);
	check_status(ST_OK, report_check(&back, &err), &err);
	assert_string_equal(back.locks[1].kind, "7z: AES-256");
	assert_int_equal(back.locks[0].source, REPORT_WORD_SOURCE_BODY);
	assert_string_equal(back.words[0].text, "abc123");
	assert_true(back.words[0].worked);

	char *text = (char *)(uintptr_t)back.words[0].text;

	report_forget_words(&back);
	assert_int_equal(back.word_count, 0);
	assert_memory_equal(text, "\0\0\0\0\0\0", 6);
	sbuf_done(&buf);
}

static void
a_lock_must_agree_with_the_rest(void **state)
{
	struct report_lock lock = { "2", "zip: ZipCrypto", false,
				    REPORT_WORD_SOURCE_NONE };
	struct scan_report report = { .verdict = REPORT_VERDICT_CLEAN,
				      .subject = "",
				      .profile = REPORT_PROFILE_STANDARD,
				      .locks = &lock,
				      .lock_count = 1 };
	struct err err = { 0 };

	(void)state;
	/* Locked, and nothing unread. */
	check_status(ST_FORMAT, report_check(&report, &err), &err);
	/* Opened with nothing. */
	lock.opened = true;
	check_status(ST_FORMAT, report_check(&report, &err), &err);
	lock.source = REPORT_WORD_SOURCE_LIST;
	check_status(ST_OK, report_check(&report, &err), &err);
	assert_string_equal(report_word_source_name(lock.source), "list");
}

static void
forgotten_numbers_are_wiped(void **state)
{
	char number[] = "123456789018";
	struct report_finding finding = finding_of(22, REPORT_LEVEL_SURE);
	struct scan_report report;

	(void)state;
	finding.number = number;
	report = report_of(&finding, REPORT_VERDICT_FOUND);
	report_forget_numbers(&report);
	assert_string_equal(finding.number, "");
	assert_memory_equal(number, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
}

static void
confidence_follows_decibans(void **state)
{
	(void)state;
	assert_true(report_confidence(0) > 0.499 &&
		    report_confidence(0) < 0.501);
	assert_true(report_confidence(10) > 0.909 &&
		    report_confidence(10) < 0.910);
	assert_true(report_confidence(-10) > 0.090 &&
		    report_confidence(-10) < 0.091);
	assert_true(report_confidence(INT64_MAX) >= 1.0);
}

static void
more_is_open_locks_then_parts_then_numbers(void **state)
{
	static const struct report_lock closed[] = { { "2/a.zip", "zip", false,
						       0 } };
	static const struct report_lock open[] = { { "2/a.zip", "zip", true,
						     0 } };
	static const struct report_part one[] = {
		{ .path = "2/a.zip" },
		{ .path = "2/a.zip/1" },
		{ .path = "2/a.zip/2", .locked = true },
	};
	static const struct report_part other[] = {
		{ .path = "2/a.zip" },
		{ .path = "2/a.zip/1", .locked = true },
		{ .path = "2/a.zip/2" },
	};
	const struct scan_report before = {
		.locks = closed, .lock_count = 1, .parts = one, .part_count = 1
	};
	struct scan_report partly = before;
	struct scan_report all = {
		.locks = open, .lock_count = 1, .parts = one, .part_count = 1
	};
	struct scan_report another = before;

	(void)state;
	partly.part_count = another.part_count = 3;
	another.parts = other;
	assert_false(report_reads_more(&before, &before));
	assert_true(report_reads_more(&before, &partly));
	assert_false(report_reads_more(&partly, &before));
	/* Whatever was read: a lock is more. */
	assert_true(report_reads_more(&partly, &all));
	assert_false(report_reads_more(&all, &partly));
	assert_false(report_reads_more(&partly, &another));
	another.number_count = 1;
	assert_true(report_reads_more(&partly, &another));
	assert_true(report_reads_other(&partly, &another));
	assert_true(report_reads_other(&before, &partly));
	assert_false(report_reads_other(&partly, &before));
	assert_false(report_reads_other(&partly, &partly));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_survives_the_wire),
		cmocka_unit_test(a_report_from_before_profiles_is_standard),
		cmocka_unit_test(a_report_that_an_old_version_stored_is_read),
		cmocka_unit_test(profiles_are_known_by_their_names),
		cmocka_unit_test(a_report_must_agree_with_itself),
		cmocka_unit_test(an_unscannable_report_is_consistent),
		cmocka_unit_test(locks_and_words_survive_the_wire),
		cmocka_unit_test(a_lock_must_agree_with_the_rest),
		cmocka_unit_test(forgotten_numbers_are_wiped),
		cmocka_unit_test(confidence_follows_decibans),
		cmocka_unit_test(more_is_open_locks_then_parts_then_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
