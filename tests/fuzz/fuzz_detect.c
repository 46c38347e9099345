/*
 * Any bytes as text and as cells: the report fits together, and neither a
 * masked number nor a context shows more than it may.
 */
#include <stdlib.h>
#include <string.h>

#include "scanners/detect/detect.h"
#include "scanners/detect/labels.h"
#include "scanners/text/charset.h"
#include "tests/fuzz/fuzz.h"

static void
check_report(struct scan_report *report)
{
	struct err err = { 0 };

	report->verdict = report->level >= REPORT_LEVEL_SUSPECT
				  ? REPORT_VERDICT_FOUND
				  : REPORT_VERDICT_CLEAN;
	FUZZ_PROMISE(report_check(report, &err) == ST_OK);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct report_finding *finding = &report->findings[i];

		FUZZ_PROMISE(strlen(finding->masked) == 12);
		FUZZ_PROMISE(strncmp(finding->masked, "********", 8) == 0);
		FUZZ_PROMISE(finding->number[0] == '\0');
		FUZZ_PROMISE(strpbrk(finding->context, "0123456789") == NULL);
		FUZZ_PROMISE(finding->count > 0 && finding->subject > 0);
	}
}

static void
detect_all(struct detector *detector, struct span utf8)
{
	struct place place = { PLACE_BODY, 1, NULL };
	struct cell cell = { "s", 1, 1, CELL_NUMBER };
	struct span head = utf8;
	struct span tail = utf8;
	struct err err = { 0 };

	(void)span_cut(utf8, 0, utf8.len_bytes / 2, &head);
	(void)span_cut(utf8, head.len_bytes, utf8.len_bytes - head.len_bytes,
		       &tail);
	FUZZ_PROMISE(detector_part(detector, "1", &err) == ST_OK);
	FUZZ_PROMISE(detector_text(detector, &place, head, &err) == ST_OK);
	FUZZ_PROMISE(detector_text(detector, &place, tail, &err) == ST_OK);
	place.kind = PLACE_NAME;
	FUZZ_PROMISE(detector_text(detector, &place, utf8, &err) == ST_OK);
	FUZZ_PROMISE(detector_cell(detector, &cell, utf8, &err) == ST_OK);
	cell.row = 2;
	FUZZ_PROMISE(detector_cell(detector, &cell, tail, &err) == ST_OK);
}

/* Words with something of an admin's, made once. */
static void
take_words(struct detect_options *options)
{
	static const struct words_id id = { "1234 #### ####" };
	static const struct words_pattern patterns[] = {
		{ "heading", "^[^\\t]+\\t.*[0-9]{12}$", true, 5 },
		{ "slow", "(.+)+[0-9]{12}(.+)+$", false, -5 },
	};
	const struct words_added added = {
		.own_ids = &id,
		.own_id_count = 1,
		.patterns = patterns,
		.pattern_count = ARRAY_LEN(patterns),
	};
	static struct words *words;
	static struct labels *labels;
	struct err err = { 0 };

	if (words == NULL) {
		FUZZ_PROMISE(words_make(&added, &words, &err) == ST_OK);
		FUZZ_PROMISE(labels_new(words, &labels, &err) == ST_OK);
	}
	options->words = words;
	options->labels = labels;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct detect_options options = { .profile = REPORT_PROFILE_STANDARD,
					  .max_findings = 100 };
	struct detector *detector = NULL;
	struct scan_report report = { 0 };
	struct err err = { 0 };
	struct sbuf utf8;
	struct sbuf masked;

	take_words(&options);
	sbuf_init(&utf8, SIZE_MAX / 2);
	sbuf_init(&masked, SIZE_MAX / 2);
	charset_decode(CHARSET_UTF8, (struct span){ data, size }, &utf8);
	FUZZ_PROMISE(detector_new(&options, &detector, &err) == ST_OK);
	detect_all(detector, sbuf_span(&utf8));
	FUZZ_PROMISE(detector_finish(detector, &report, &err) == ST_OK);
	check_report(&report);
	detect_mask(sbuf_span(&utf8), &masked);
	detector_free(&detector);
	sbuf_done(&masked);
	sbuf_done(&utf8);
	return 0;
}
