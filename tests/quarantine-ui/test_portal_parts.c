/* Tests of the portal's parts: ranges, names of files, what has gone out. */
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "quarantine-ui/http/range.h"
#include "quarantine-ui/portal/coverage.h"
#include "quarantine-ui/portal/file_name.h"
#include "quarantine-ui/portal/watch.h"
#include "tests/harness/check.h"

static void
a_range_is_what_the_rfc_says(void **state)
{
	static const struct {
		const char *range;
		uint64_t total;
		struct range want;
	} cases[] = {
		{ "", 100, { 200, 0, 100 } },
		{ "bytes=0-0", 100, { 206, 0, 1 } },
		{ "bytes=0-99", 100, { 206, 0, 100 } },
		{ "bytes=99-", 100, { 206, 99, 1 } },
		{ "bytes=10-18446744073709551615", 100, { 206, 10, 90 } },
		{ "bytes=-1", 100, { 206, 99, 1 } },
		{ "bytes=-1000", 100, { 206, 0, 100 } },
		{ "BYTES=1-2", 100, { 206, 1, 2 } },
		{ "bytes=100-", 100, { 416, 0, 0 } },
		{ "bytes=-0", 100, { 416, 0, 0 } },
		{ "bytes=0-", 0, { 416, 0, 0 } },
		{ "bytes=-5", 0, { 416, 0, 0 } },
		{ "bytes=2-1", 100, { 200, 0, 100 } },
		{ "bytes=", 100, { 200, 0, 100 } },
		{ "bytes=-", 100, { 200, 0, 100 } },
		{ "bytes", 100, { 200, 0, 100 } },
		{ "bytes=1", 100, { 200, 0, 100 } },
		{ "bytes=1-2,4-5", 100, { 200, 0, 100 } },
		{ "bytes= 1-2", 100, { 200, 0, 100 } },
		{ "bytes=+1-2", 100, { 200, 0, 100 } },
		{ "bytes=1-2-3", 100, { 200, 0, 100 } },
		{ "bytes=18446744073709551616-", 100, { 200, 0, 100 } },
		{ "items=0-1", 100, { 200, 0, 100 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct range got = range_choose(cases[i].range, "",
						      "\"a\"", cases[i].total);

		if (got.status != cases[i].want.status ||
		    got.first != cases[i].want.first ||
		    got.len_bytes != cases[i].want.len_bytes)
			fail_msg("%s of %lu: %u %lu+%lu", cases[i].range,
				 (unsigned long)cases[i].total, got.status,
				 (unsigned long)got.first,
				 (unsigned long)got.len_bytes);
	}
}

static void
a_range_of_something_else_gets_the_whole(void **state)
{
	static const char *const others[] = { "\"b\"", "W/\"a\"", "a", "\"a",
					      "Sun, 22 Nov 2026 00:00:00 GMT" };

	(void)state;
	assert_int_equal(
		range_choose("bytes=1-2", "\"a\"", "\"a\"", 100).status, 206);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(
			range_choose("bytes=1-2", others[i], "\"a\"", 100)
				.status,
			200);
}

static void
a_file_name_harms_nobody(void **state)
{
	static const struct {
		const char *name;
		const char *want;
	} cases[] = {
		{ "名簿 2026.xlsx", "名簿 2026.xlsx" },
		{ "../../etc/passwd", "_.._etc_passwd" },
		{ "C:\\a\\b.txt", "C__a_b.txt" },
		{ "a\r\nSet-Cookie: b.txt", "a__Set-Cookie_ b.txt" },
		{ "a\"; x=\"b.txt", "a_; x=_b.txt" },
		{ "\u202egpj.exe", "_gpj.exe" },
		{ "a\xc2\x85"
		  "b",
		  "a_b" },
		{ "...", "file-7" },
		{ "", "file-7" },
		{ "  . ", "file-7" },
		{ ".htaccess", "htaccess" },
		{ "name. ", "name" },
		{ "CON.txt", "_CON.txt" },
		{ "com7", "_com7" },
		{ "console.txt", "console.txt" },
		{ "100%.txt", "100_.txt" },
		{ "\xff\xfe.txt", "__.txt" },
		{ "\xe3\x81", "__" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char clean[FILE_NAME_BYTES];

		file_name_clean(cases[i].name, 7, clean);
		assert_string_equal(clean, cases[i].want);
	}
}

static void
a_long_name_keeps_its_ending_and_whole_characters(void **state)
{
	char clean[FILE_NAME_BYTES];
	AUTO(sbuf_done) struct sbuf name;

	(void)state;
	sbuf_init(&name, 4000);
	for (size_t i = 0; i < 300; i++)
		sbuf_add_text(&name, "表");
	sbuf_add_text(&name, ".xlsx");
	file_name_clean(sbuf_text(&name), 1, clean);
	assert_int_equal(strlen(clean), 195 + 5);
	assert_string_equal(clean + strlen(clean) - 8, "表.xlsx");
	file_name_number(clean, 12, clean);
	assert_string_equal(clean + strlen(clean) - 10, " (12).xlsx");
}

static void
both_names_are_in_the_field(void **state)
{
	AUTO(sbuf_done) struct sbuf field;

	(void)state;
	sbuf_init(&field, 1000);
	file_name_disposition("表 (2);.xlsx", &field);
	assert_string_equal(sbuf_text(&field),
			    "attachment; filename=\"_ (2);.xlsx\"; "
			    "filename*=UTF-8''%E8%A1%A8%20%282%29%3B.xlsx");
}

static void
pieces_make_a_whole_once(void **state)
{
	static const uint8_t key[COVERAGE_KEY_BYTES] = { 1 };
	static const uint8_t other[COVERAGE_KEY_BYTES] = { 2 };
	AUTO(coverage_free) struct coverage *coverage = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, coverage_new(&coverage, &err), &err);
	assert_false(coverage_add(coverage, key, 90, 10, 100));
	assert_false(coverage_add(coverage, key, 0, 50, 100));
	assert_false(coverage_add(coverage, other, 50, 40, 100));
	assert_false(coverage_add(coverage, key, 60, 30, 100));
	assert_true(coverage_add(coverage, key, 45, 20, 100));
	assert_false(coverage_add(coverage, key, 0, 100, 100));
	assert_true(coverage_add(coverage, other, 0, 100, 100));
}

/* The last byte alone is no download. */
static void
the_end_is_not_the_whole(void **state)
{
	AUTO(coverage_free) struct coverage *coverage = NULL;
	struct err err = { .st = ST_OK };
	uint8_t key[COVERAGE_KEY_BYTES] = { 0 };

	(void)state;
	check_status(ST_OK, coverage_new(&coverage, &err), &err);
	assert_false(coverage_add(coverage, key, 99, 1, 100));
	/* More pieces than are kept apart: none is made up. */
	for (uint64_t at = 0; at < 98; at += 2)
		assert_false(coverage_add(coverage, key, at, 1, 100));
	assert_true(coverage_add(coverage, key, 0, 100, 100));
	/* Others push it out: it counts as new. */
	for (unsigned i = 1; i <= 2000; i++) {
		memcpy(key, &i, sizeof(i));
		assert_true(coverage_add(coverage, key, 0, 5, 5));
	}
	memset(key, 0, sizeof(key));
	assert_false(coverage_add(coverage, key, 50, 50, 100));
}

/* --- watch ---------------------------------------------------------------- */

static void
count_stop(void *context)
{
	(void)__atomic_add_fetch((int *)context, 1, __ATOMIC_SEQ_CST);
}

static void
nothing_is_sent_for_ever_without_the_vault(void **state)
{
	static const struct sent nobody = { .address = "" };
	const int64_t now_unix_ms = clock_unix_ms();
	const int64_t now_mono_ms = clock_mono_ms();
	int stops[3] = { 0 };
	struct watched all[3] = { { .watch = NULL } };
	struct watch *watch = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, watch_start("/nonexistent/vault", &watch, &err),
		     &err);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		all[i].sent = &nobody;
		all[i].until_unix_ms = now_unix_ms + 3600000;
		all[i].heard_mono_ms = now_mono_ms;
		all[i].stop = count_stop;
		all[i].context = &stops[i];
	}
	/* Its link has expired; nobody spoke for it; as it should be. */
	all[0].until_unix_ms = now_unix_ms;
	all[1].heard_mono_ms -= WATCH_DEAF_S * INT64_C(1000);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		watch_add(watch, &all[i]);
	(void)sleep(WATCH_PAUSE_S + 1);
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		watch_remove(&all[i]);
	watch_stop(&watch);
	assert_int_equal(stops[0], 1);
	assert_int_equal(stops[1], 1);
	assert_int_equal(stops[2], 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_is_what_the_rfc_says),
		cmocka_unit_test(a_range_of_something_else_gets_the_whole),
		cmocka_unit_test(a_file_name_harms_nobody),
		cmocka_unit_test(
			a_long_name_keeps_its_ending_and_whole_characters),
		cmocka_unit_test(both_names_are_in_the_field),
		cmocka_unit_test(pieces_make_a_whole_once),
		cmocka_unit_test(the_end_is_not_the_whole),
		cmocka_unit_test(nothing_is_sent_for_ever_without_the_vault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
