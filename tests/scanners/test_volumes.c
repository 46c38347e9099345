/* Archives in pieces, as parts of one mail (tests/data/make_volumes.py), read
 * by the engine with the real readers. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/readers/volume.h"
#include "scanners/worker/engine.h"
#include "tests/harness/check.h"
#include "tests/scanners/sample.h"

static const struct engine_limits roomy = {
	.max_depth = 8,
	.max_objects = 1000,
	.max_expanded_bytes = 64 << 20,
	.max_ratio = 200,
	.max_cells = 100000,
	.wall_ms = 60000,
	.cpu_ms = 60000,
};

static enum status
taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

static const struct engine_readers readers = { .next = reader_next,
					       .unread_format =
						       reader_unread_format,
					       .taint = taint };

struct scan {
	struct sbuf mail;
	struct engine_request request;
	struct engine *engine;
	struct scan_report report;
};

static void
scan_sample(struct scan *scan, const char *name,
	    const struct engine_limits *limits)
{
	char path[80];
	struct err err = { 0 };

	*scan = (struct scan){ .engine = NULL };
	(void)snprintf(path, sizeof(path), "volumes/%s.eml", name);
	sbuf_init(&scan->mail, 1 << 20);
	sample_read(path, &scan->mail);
	scan->request = (struct engine_request){
		.input = SCAN_INPUT_MAIL,
		.name = "",
		.profile = REPORT_PROFILE_STANDARD,
		.body = sbuf_span(&scan->mail),
		.limits = *limits,
	};
	check_status(ST_OK,
		     engine_new(&scan->request, &readers, &scan->engine, &err),
		     &err);
	check_status(ST_OK, engine_run(scan->engine, &scan->report, &err),
		     &err);
}

static void
scan_done(struct scan *scan)
{
	engine_free(&scan->engine);
	sbuf_done(&scan->mail);
}

static void
say(const struct scan *scan)
{
	for (size_t i = 0; i < scan->report.part_count; i++)
		print_error("%s: %s\n", scan->report.parts[i].path,
			    scan->report.parts[i].type);
	for (size_t i = 0; i < scan->report.opaque_count; i++)
		print_error("%s: opaque %s\n", scan->report.opaques[i].part,
			    scan->report.opaques[i].detail);
}

static bool
has_detail(const struct scan *scan, const char *detail)
{
	for (size_t i = 0; i < scan->report.opaque_count; i++)
		if (strcmp(scan->report.opaques[i].detail, detail) == 0)
			return true;
	return false;
}

static size_t
count_of_type(const struct scan *scan, const char *type)
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
		struct scan scan;

		scan_sample(&scan, sets[i].name, &roomy);
		if (scan.report.verdict != REPORT_VERDICT_FOUND ||
		    scan.report.number_count != 1 ||
		    scan.report.opaque_count != 0 ||
		    count_of_type(&scan, sets[i].type) != 1 ||
		    count_of_type(&scan, "volume") != sets[i].pieces) {
			say(&scan);
			fail_msg("%s", sets[i].name);
		}
		scan_done(&scan);
	}
}

static void
a_missing_piece_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct scan scan;
		char name[40];

		(void)snprintf(name, sizeof(name), "%s_missing", sets[i].name);
		scan_sample(&scan, name, &roomy);
		if (scan.report.opaque_count == 0 ||
		    (!has_detail(&scan, "volume missing") &&
		     !has_detail(&scan, "zip: volume missing"))) {
			say(&scan);
			fail_msg("%s", name);
		}
		scan_done(&scan);
	}
}

static void
names_alone_keep_nothing_from_being_read(void **state)
{
	struct scan scan;

	(void)state;
	scan_sample(&scan, "not_pieces", &roomy);
	assert_int_equal(scan.report.verdict, REPORT_VERDICT_FOUND);
	scan_done(&scan);
	scan_sample(&scan, "not_pieces_either", &roomy);
	assert_true(has_detail(&scan, "ole"));
	scan_done(&scan);
}

static void
a_whole_over_the_budget_is_said(void **state)
{
	struct engine_limits limits = roomy;
	struct scan scan;

	(void)state;
	limits.max_expanded_bytes = 3000;
	scan_sample(&scan, "rar5", &limits);
	assert_true(has_detail(&scan, "limit expanded 3000 bytes"));
	assert_int_equal(count_of_type(&scan, "volume"), 0);
	scan_done(&scan);
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

static int
prepare(void **state)
{
	struct err err = { 0 };

	(void)state;
	return reader_prepare(&err) == ST_OK ? 0 : -1;
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

	return cmocka_run_group_tests(tests, prepare, NULL);
}
