/* Archives in pieces, as parts of one mail (tests/data/make_volumes.py), read
 * by the engine with the real readers. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/volume.h"
#include "tests/harness/check.h"
#include "tests/scanners/real_scan.h"
#include "tests/scanners/sample.h"

static void
scan_sample(struct real_scan *scan, const char *name,
	    const struct engine_limits *limits)
{
	AUTO(sbuf_done) struct sbuf mail;
	char path[80];

	(void)snprintf(path, sizeof(path), "volumes/%s.eml", name);
	sbuf_init(&mail, 1 << 20);
	sample_read(path, &mail);
	real_scan_within(scan, NULL, sbuf_span(&mail), limits);
}

static bool
misses(const struct real_scan *scan)
{
	return real_scan_opaque(scan, REPORT_REASON_DAMAGED, "volume missing");
}

static size_t
count_of_type(const struct real_scan *scan, const char *type)
{
	size_t count = 0;

	for (size_t i = 0; i < scan->report.part_count; i++)
		count += strcmp(scan->report.parts[i].type, type) == 0;
	return count;
}

struct set {
	const char *name;
	const char *type;
	size_t pieces;
};

static const struct set sets[] = {
	{ "numbered_7z", "7z", 3 },   { "numbered_zip", "zip", 3 },
	{ "numbered_tar", "tar", 3 }, { "split_zip", "zip", 2 },
	{ "rar4", "rar", 2 },         { "rar5", "rar", 3 },
};

static void
pieces_in_one_mail_are_read_as_a_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct real_scan scan;

		scan_sample(&scan, sets[i].name, &real_scan_limits);
		if (scan.report.verdict != REPORT_VERDICT_FOUND ||
		    scan.report.number_count != 1 ||
		    scan.report.opaque_count != 0 ||
		    count_of_type(&scan, sets[i].type) != 1 ||
		    count_of_type(&scan, "volume") != sets[i].pieces) {
			real_scan_print(&scan);
			fail_msg("%s", sets[i].name);
		}
		real_scan_done(&scan);
	}
}

static void
a_missing_piece_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct real_scan scan;
		char name[40];

		(void)snprintf(name, sizeof(name), "%s_missing", sets[i].name);
		scan_sample(&scan, name, &real_scan_limits);
		if (!misses(&scan)) {
			real_scan_print(&scan);
			fail_msg("%s", name);
		}
		real_scan_done(&scan);
	}
}

static void
names_alone_keep_nothing_from_being_read(void **state)
{
	struct real_scan scan;

	(void)state;
	scan_sample(&scan, "not_pieces", &real_scan_limits);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	real_scan_done(&scan);
	scan_sample(&scan, "not_pieces_either", &real_scan_limits);
	/* The second one is a compound file, and not a good one. */
	assert_true(scan.report.opaque_count > 0);
	assert_string_equal(scan.report.opaques[0].part, "3/list.002");
	real_scan_done(&scan);
}

static void
a_whole_over_the_budget_is_said(void **state)
{
	struct engine_limits limits = real_scan_limits;
	struct real_scan scan;

	(void)state;
	limits.max_expanded_bytes = 3000;
	scan_sample(&scan, "rar5", &limits);
	assert_true(real_scan_opaque(&scan, REPORT_REASON_LIMIT,
				     "limit expanded 3000 bytes"));
	assert_int_equal(count_of_type(&scan, "volume"), 0);
	real_scan_done(&scan);
}

static void
names_of_pieces_are_known(void **state)
{
	static const struct {
		const char *name;
		enum volume_kind kind;
		size_t stem_bytes;
		uint32_t number;
		bool only_piece;
	} cases[] = {
		{ "x.7z.001", VOLUME_NUMBERED, 4, 1, false },
		{ "x.7z.012", VOLUME_NUMBERED, 4, 12, true },
		{ "data.002", VOLUME_NUMBERED, 4, 2, false },
		{ "X.ZIP", VOLUME_ZIP, 1, VOLUME_LAST, false },
		{ "x.z01", VOLUME_ZIP, 1, 1, true },
		{ "x.part02.rar", VOLUME_RAR_PART, 1, 2, true },
		{ "x.part1.rar", VOLUME_RAR_PART, 1, 1, false },
		{ "x.rar", VOLUME_RAR, 1, 0, false },
		{ "x1.rar", VOLUME_RAR, 2, 0, false },
		{ "x.r00", VOLUME_RAR, 1, 1, true },
		{ "x.S01", VOLUME_RAR, 1, 102, true },
		{ "001", VOLUME_NONE, 0, 0, false },
		{ ".001", VOLUME_NONE, 0, 0, false },
		{ "x.01", VOLUME_NONE, 0, 0, false },
		{ "x.z00", VOLUME_NONE, 0, 0, false },
		{ "", VOLUME_NONE, 0, 0, false },
		{ ".zip", VOLUME_NONE, 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct volume volume;
		const bool is = volume_of_name(cases[i].name, &volume);

		if (is != (cases[i].kind != VOLUME_NONE) ||
		    volume.kind != cases[i].kind)
			fail_msg("%s: kind", cases[i].name);
		if (is && (volume.stem_bytes != cases[i].stem_bytes ||
			   volume.number != cases[i].number ||
			   volume_is_only_piece(cases[i].name, &volume) !=
				   cases[i].only_piece))
			fail_msg("%s: %zu %u", cases[i].name, volume.stem_bytes,
				 (unsigned)volume.number);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_in_one_mail_are_read_as_a_whole),
		cmocka_unit_test(a_missing_piece_is_said),
		cmocka_unit_test(names_alone_keep_nothing_from_being_read),
		cmocka_unit_test(a_whole_over_the_budget_is_said),
		cmocka_unit_test(names_of_pieces_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
