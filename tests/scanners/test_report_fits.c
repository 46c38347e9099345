/* Whatever pieces stand together, the report of it is one that others accept:
 * a report that contradicts itself is refused, and the mail is held unread. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/detect/detect.h"
#include "scanners/detect/labels.h"
#include "scanners/worker/engine.h"
#include "tests/harness/check.h"

enum { FITS_TEXTS = 20000, FITS_MOST_PIECES = 40 };

static const char *const pieces[] = {
	"個人番号",
	"マイナンバー",
	"氏名",
	"山田太郎",
	"生年月日",
	"注文番号",
	"電話",
	"です。",
	"\n",
	"\n\n",
	" ",
	"　",
	":",
	"：",
	"|",
	",",
	"\t",
	"(",
	")",
	"「",
	"」",
	"123456789018",
	"621498320257",
	"1234 5678 9018",
	"１２３４５６７８９０１８",
	"12345678",
	"2026",
	"1985/1/2",
	"1",
	"2",
	"3",
	"a",
	"/",
	"-",
	"> ",
	"id=",
	"3-1",
	"0312345678",
	"876543210989",
	"372967742338",
};

static uint32_t
next_random(uint32_t *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

/* Cells or text, as the first number says. */
static void
give(struct detector *detector, uint32_t *state, struct sbuf *text)
{
	static const struct place place = { PLACE_BODY, 1, NULL };
	const bool cells = next_random(state) % 4 == 0;
	const unsigned count = 2 + next_random(state) % FITS_MOST_PIECES;
	struct err err = { .st = ST_OK };

	sbuf_clear(text);
	for (unsigned i = 0; i < count; i++) {
		const char *piece =
			pieces[next_random(state) % ARRAY_LEN(pieces)];
		const struct cell cell = { "", 1 + i / 3, 1 + i % 3,
					   CELL_TEXT };

		if (cells)
			check_status(ST_OK,
				     detector_cell(detector, &cell,
						   span_of(piece), &err),
				     &err);
		else
			sbuf_add_text(text, piece);
	}
	if (!cells)
		check_status(
			ST_OK,
			detector_text(detector, &place, sbuf_span(text), &err),
			&err);
}

static void
every_report_fits_itself(void **state)
{
	struct words *words = NULL;
	struct labels *labels = NULL;
	struct err err = { .st = ST_OK };
	struct sbuf text;

	(void)state;
	sbuf_init(&text, 1 << 16);
	check_status(ST_OK, words_new(&words, &err), &err);
	check_status(ST_OK, labels_new(words, &labels, &err), &err);
	for (uint32_t seed = 0; seed < FITS_TEXTS; seed++) {
		const struct detect_options options = {
			.words = words,
			.labels = labels,
			.profile = seed % 2 == 0 ? REPORT_PROFILE_STANDARD
						 : REPORT_PROFILE_STRICT,
			.max_findings = 10,
		};
		AUTO(detector_free) struct detector *detector = NULL;
		struct scan_report report = {
			.profile = options.profile,
			.dsn = { "", "", "", "" },
		};
		uint32_t random = seed;

		check_status(ST_OK, detector_new(&options, &detector, &err),
			     &err);
		check_status(ST_OK, detector_part(detector, "1", &err), &err);
		give(detector, &random, &text);
		check_status(ST_OK, detector_finish(detector, &report, &err),
			     &err);
		report.verdict = report.level >= REPORT_LEVEL_SUSPECT
					 ? REPORT_VERDICT_FOUND
					 : REPORT_VERDICT_CLEAN;
		if (report_check(&report, &err) != ST_OK)
			fail_msg("seed %u: %s\n%s", seed, err.text,
				 sbuf_text(&text));
	}
	labels_free(&labels);
	words_free(&words);
	sbuf_done(&text);
}

/* Two readers read them, and lists in them are judged as a whole. */
static void
numbers_count_only_as_findings_do(void **state)
{
	static const char *const texts[] = {
		"です。)」621498320257</r>：:　氏名-です。<v> 」　231234 5678 9018 </r></v>2026マイナンバー注文番号です。\t１２３４５６７８９０１８<br>\n\n{",
		"氏名山田太郎621498320257-注文番号1985/1/2注文番号> 1234 5678 9018「 \n123456789018> 876543210989山田太郎621498320257注文番号a1[id=}</v>3１２３４５６７８９０１８マイナンバー<v>0312345678<v>　　/注文番号/「",
		" 3|,氏名生年月日1234 5678 9018生年月日「621498320257１２３４５６７８９０１８0312345678123456780312345678(3-13\n\n「621498320257「,0312345678です。 「です。生年月日です。0312345678/2026",
	};
	static const struct engine_readers readers = {
		.next = reader_next,
		.unread_format = reader_unread_format,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct engine_request request = {
			.input = SCAN_INPUT_ATTACHMENT,
			.name = "a.html",
			.profile = REPORT_PROFILE_STANDARD,
			.body = span_of(texts[i]),
			.limits = { 8, 1000, 64 << 20, 100, 1000000, 1000,
				    60000, 60000 },
		};
		AUTO(engine_free) struct engine *engine = NULL;
		struct scan_report report;
		struct err err = { .st = ST_OK };

		check_status(ST_OK,
			     engine_new(&request, &readers, &engine, &err),
			     &err);
		check_status(ST_OK, engine_run(engine, &report, &err), &err);
		check_status(ST_OK, report_check(&report, &err), &err);
		assert_int_equal(report.opaque_count, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_report_fits_itself),
		cmocka_unit_test(numbers_count_only_as_findings_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
