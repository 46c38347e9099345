/* Archives in rare forms, and files that are two things at once
 * (tests/data/make_odd_archives.py): the one number in each is found. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/sample.h"

struct odd {
	const char *file;
	const char *unread; /* what is said as well, or NULL: nothing */
	enum report_reason reason;
};

static void
check_odd(const struct odd *odd, bool found)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct real_scan scan;
	char path[80];

	(void)snprintf(path, sizeof(path), "odd/%s", odd->file);
	sbuf_init(&bytes, 1 << 20);
	sample_read(path, &bytes);
	real_scan_file(&scan, "file", sbuf_span(&bytes));
	const bool said =
		odd->unread != NULL
			? real_scan_opaque(&scan, odd->reason, odd->unread)
			: scan.report.opaque_count == 0;

	if (scan.report.number_count != (found ? 1 : 0) || !said) {
		real_scan_print(&scan);
		fail_msg("%s", odd->file);
	}
	real_scan_done(&scan);
}

static void
check_all(const struct odd *odds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_odd(&odds[i], true);
}

static void
archives_that_follow_each_other_are_all_read(void **state)
{
	static const struct odd odds[] = {
		{ "twice.gz", NULL, REPORT_REASON_NONE },
		{ "twice.bz2", NULL, REPORT_REASON_NONE },
		{ "twice.xz", NULL, REPORT_REASON_NONE },
		{ "twice.zst", NULL, REPORT_REASON_NONE },
		{ "twice.lz", NULL, REPORT_REASON_NONE },
		{ "twice.lz4", NULL, REPORT_REASON_NONE },
		{ "twice.tar", NULL, REPORT_REASON_NONE },
		{ "behind.gz", NULL, REPORT_REASON_NONE },
		{ "behind.tar", NULL, REPORT_REASON_NONE },
		{ "behind.7z", NULL, REPORT_REASON_NONE },
		{ "behind.zip", NULL, REPORT_REASON_NONE },
		{ "behind.rar", NULL, REPORT_REASON_NONE },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
}

/* libarchive would take off all of them at once. */
static void
layers_of_packing_are_parts_each(void **state)
{
	AUTO(sbuf_done) struct sbuf bytes;
	struct engine_limits limits = real_scan_limits;
	struct real_scan scan;

	(void)state;
	sbuf_init(&bytes, 1 << 20);
	sample_read("odd/layers.gz", &bytes);
	real_scan_file(&scan, "file", sbuf_span(&bytes));
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	assert_int_equal(scan.report.part_count, 6);
	real_scan_done(&scan);
	limits.max_depth = 3;
	real_scan_within(&scan, "file", sbuf_span(&bytes), &limits);
	assert_true(
		real_scan_opaque(&scan, REPORT_REASON_LIMIT, "limit depth 3"));
	real_scan_done(&scan);
}

static void
dictionaries_that_are_too_large_are_a_limit(void **state)
{
	/* Headers only: nothing is read of what would follow. */
	static const struct {
		const char *bytes;
		size_t len_bytes;
	} cases[] = {
		/* 4 GiB and less one byte, 4 GiB, 2 GiB, 512 MiB */
		{ "\x5d\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		  "\0abcdefgh",
		  22 },
		{ "\xfd"
		  "7zXZ\0\0\x04\xe6\xd6\xb4\x46\x02\0\x21\x01\x28\0"
		  "\0\0\xa2\x06\x8e\x20",
		  24 },
		{ "\x28\xb5\x2f\xfd\0\xa8\x03\x35\x0c"
		  "aaaaaaaaa",
		  18 },
		{ "LZIP\x01\x1d"
		  "abcdefghijklmnop",
		  22 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct span bytes = { (const uint8_t *)cases[i].bytes,
					    cases[i].len_bytes };
		struct real_scan scan;

		real_scan_file(&scan, "file", bytes);
		if (!real_scan_opaque(&scan, REPORT_REASON_LIMIT,
				      "limit memory of a dictionary"))
			fail_msg("case %zu", i);
		real_scan_done(&scan);
	}
}

static void
all_places_in_a_tar_are_read(void **state)
{
	static const struct odd odds[] = {
		{ "gnu_long_name.tar", NULL, REPORT_REASON_NONE },
		{ "euc_name.tar", NULL, REPORT_REASON_NONE },
		{ "cp932_name.tar", NULL, REPORT_REASON_NONE },
		{ "pax_comment.tar", NULL, REPORT_REASON_NONE },
		{ "slack.tar", NULL, REPORT_REASON_NONE },
		{ "last_slack.tar", NULL, REPORT_REASON_NONE },
		{ "old_header.tar", NULL, REPORT_REASON_NONE },
		{ "symlink.tar", NULL, REPORT_REASON_NONE },
		{ "hardlink.tar", NULL, REPORT_REASON_NONE },
		{ "sparse_gnu.tar", NULL, REPORT_REASON_NONE },
		{ "sparse_pax.tar", NULL, REPORT_REASON_NONE },
		{ "sparse_end.tar", NULL, REPORT_REASON_NONE },
		{ "links_newc.cpio", NULL, REPORT_REASON_NONE },
		{ "links_odc.cpio", NULL, REPORT_REASON_NONE },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
}

/* What lies in an archive as it is comes in pieces, and is read in one. */
static void
a_number_across_two_pieces_of_a_stored_member_is_found(void **state)
{
	static const struct odd odds[] = {
		{ "steps.rar.gz", NULL, REPORT_REASON_NONE },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
}

static void
disk_images_are_read_by_all_their_lists(void **state)
{
	static const struct odd odds[] = {
		{ "joliet_only.iso.gz", "iso: two lists of files",
		  REPORT_REASON_AMBIGUOUS },
		{ "first_only.iso.gz", "iso: two lists of files",
		  REPORT_REASON_AMBIGUOUS },
		{ "rock_ridge.iso.gz", NULL, REPORT_REASON_NONE },
		{ "bare.iso.gz", NULL, REPORT_REASON_NONE },
		{ "udf.iso.gz", "iso: UDF as well", REPORT_REASON_AMBIGUOUS },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
}

static void
old_formats_are_read_in_their_versions(void **state)
{
	static const struct odd odds[] = {
		{ "level0.lzh", NULL, REPORT_REASON_NONE },
		{ "level1.lzh", NULL, REPORT_REASON_NONE },
		{ "level2.lzh", NULL, REPORT_REASON_NONE },
		{ "level3.lzh", NULL, REPORT_REASON_NONE },
		{ "method5.lzh", NULL, REPORT_REASON_NONE },
		{ "method6.lzh", NULL, REPORT_REASON_NONE },
		{ "method7.lzh", NULL, REPORT_REASON_NONE },
		{ "two_folders.cab", NULL, REPORT_REASON_NONE },
		{ "letter.Z", NULL, REPORT_REASON_NONE },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
}

static void
comments_of_rar_are_read_or_said(void **state)
{
	static const struct odd odds[] = {
		{ "comment4.rar", NULL, REPORT_REASON_NONE },
		{ "comment5.rar", NULL, REPORT_REASON_NONE },
		{ "recovery5.rar", NULL, REPORT_REASON_NONE },
	};
	static const struct odd packed[] = {
		{ "packed_comment4.rar", "rar: packed comment",
		  REPORT_REASON_UNKNOWN_CONTAINER },
		{ "packed_comment5.rar", "rar: packed comment",
		  REPORT_REASON_UNKNOWN_CONTAINER },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
	for (size_t i = 0; i < ARRAY_LEN(packed); i++)
		check_odd(&packed[i], false);
}

static void
locked_files_of_rar_are_told_from_open_ones(void **state)
{
	static const struct odd odds[] = {
		{ "locked_file4.rar", "rar: AES-128", REPORT_REASON_LOCKED },
		{ "locked_file5.rar", "rar: AES-256", REPORT_REASON_LOCKED },
	};
	static const struct odd all = { "locked_all4.rar", "rar: encrypted",
					REPORT_REASON_LOCKED };

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
	check_odd(&all, false);
}

static void
files_that_are_two_things_are_read_as_both(void **state)
{
	static const struct odd odds[] = {
		{ "picture.jpg", "image/jpeg", REPORT_REASON_IMAGE },
		{ "picture_rar.jpg", "image/jpeg", REPORT_REASON_IMAGE },
		{ "picture_7z.jpg", "image/jpeg", REPORT_REASON_IMAGE },
		{ "page.html", NULL, REPORT_REASON_NONE },
		{ "program_rar4.exe", NULL, REPORT_REASON_NONE },
		{ "program_rar5.exe", NULL, REPORT_REASON_NONE },
		{ "program_7z.exe", NULL, REPORT_REASON_NONE },
		{ "program_zip.exe", NULL, REPORT_REASON_NONE },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
}

static void
names_in_any_charset_are_read(void **state)
{
	static const struct odd odds[] = {
		{ "name_euc-jp.zip", NULL, REPORT_REASON_NONE },
		{ "name_iso2022_jp.zip", NULL, REPORT_REASON_NONE },
		{ "name_utf-8.zip", NULL, REPORT_REASON_NONE },
		{ "name_second.zip", NULL, REPORT_REASON_NONE },
		{ "name.gz", NULL, REPORT_REASON_NONE },
		{ "comment.gz", NULL, REPORT_REASON_NONE },
	};

	(void)state;
	check_all(odds, ARRAY_LEN(odds));
}

/* Whoever gets it puts the byte right, and has the file. */
static void
a_mark_with_one_wrong_byte_hides_nothing(void **state)
{
	static const struct {
		const char *file;
		size_t at;
		size_t len;
	} marks[] = {
		{ "archive/locked.7z", 0, 6 },
		{ "archive/locked_header.7z", 0, 6 },
		{ "locks/single.7z", 0, 6 },
		{ "archive/locked5.rar", 0, 6 },
		{ "archive/stored4.rar", 0, 6 },
		{ "archive/mszip.cab", 0, 8 },
		{ "archive/list.csv.xz", 0, 6 },
		{ "archive/list.csv.zst", 0, 4 },
		{ "archive/list.csv.lz4", 0, 4 },
		{ "archive/list.csv.lz", 0, 5 },
		{ "archive/list.csv.gz", 0, 3 },
		{ "archive/list.csv.bz2", 4, 6 },
		{ "locks/agile.xlsx", 0, 8 },
		{ "locks/aes256.zip", 0, 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		for (size_t k = 0; k < marks[i].len; k++) {
			AUTO(sbuf_done) struct sbuf bytes;
			struct real_scan scan;

			sbuf_init(&bytes, 1 << 20);
			sample_read(marks[i].file, &bytes);
			bytes.bytes[marks[i].at + k] ^= 0x41;
			real_scan_file(&scan, "file", sbuf_span(&bytes));
			if (scan.report.number_count == 0 &&
			    scan.report.opaque_count == 0)
				fail_msg("%s: byte %zu", marks[i].file, k);
			real_scan_done(&scan);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(archives_that_follow_each_other_are_all_read),
		cmocka_unit_test(layers_of_packing_are_parts_each),
		cmocka_unit_test(dictionaries_that_are_too_large_are_a_limit),
		cmocka_unit_test(all_places_in_a_tar_are_read),
		cmocka_unit_test(
			a_number_across_two_pieces_of_a_stored_member_is_found),
		cmocka_unit_test(disk_images_are_read_by_all_their_lists),
		cmocka_unit_test(old_formats_are_read_in_their_versions),
		cmocka_unit_test(comments_of_rar_are_read_or_said),
		cmocka_unit_test(locked_files_of_rar_are_told_from_open_ones),
		cmocka_unit_test(files_that_are_two_things_are_read_as_both),
		cmocka_unit_test(names_in_any_charset_are_read),
		cmocka_unit_test(a_mark_with_one_wrong_byte_hides_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
