/*
 * Any bytes as a table: lines are rows, tabs part cells, and the first byte
 * says what kind of cells they are, or that they are fields of a record. The
 * report fits together, and no line is marked in a mail without a number.
 */
#include <stdlib.h>
#include <string.h>

#include "scanners/detect/detect.h"
#include "scanners/detect/labels.h"
#include "scanners/text/charset.h"
#include "tests/fuzz/fuzz.h"

enum { TABLES_KINDS = 4 };

static const enum cell_kind kinds[TABLES_KINDS] = { CELL_NONE, CELL_TEXT,
						    CELL_NUMBER, CELL_DIGITS };

/* Records of fixed length are digits: readers promise it. */
static bool
is_digits(struct span text)
{
	for (size_t i = 0; i < text.len_bytes; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return true;
}

static void
give_cell(struct detector *detector, const struct cell *cell, struct span text)
{
	struct place place = { PLACE_ELEMENT, cell->row, "field" };
	struct err err = { 0 };

	if (text.len_bytes == 0)
		return;
	if (cell->kind == CELL_NONE)
		FUZZ_PROMISE(detector_text(detector, &place, text, &err) ==
			     ST_OK);
	else if (cell->kind != CELL_DIGITS || is_digits(text))
		FUZZ_PROMISE(detector_cell(detector, cell, text, &err) ==
			     ST_OK);
}

static void
give_table(struct detector *detector, const char *sheet, enum cell_kind kind,
	   struct span utf8)
{
	struct cell cell = { sheet, 1, 1, kind };
	struct span part = { 0 };
	size_t from = 0;

	for (size_t at = 0; at <= utf8.len_bytes; at++) {
		const uint8_t c = at < utf8.len_bytes ? utf8.ptr[at] : '\n';

		if (c != '\t' && c != '\n')
			continue;
		(void)span_cut(utf8, from, at - from, &part);
		give_cell(detector, &cell, part);
		from = at + 1;
		cell.column = c == '\t' ? cell.column + 1 : 1;
		cell.row += c == '\n';
	}
}

static void
check_report(struct scan_report *report, size_t cells)
{
	struct err err = { 0 };

	report->verdict = report->level >= REPORT_LEVEL_SUSPECT
				  ? REPORT_VERDICT_FOUND
				  : REPORT_VERDICT_CLEAN;
	FUZZ_PROMISE(report_check(report, &err) == ST_OK);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct report_finding *finding = &report->findings[i];
		int64_t sum_db = 0;

		FUZZ_PROMISE(finding->count > 0 && finding->count <= cells);
		for (size_t k = 0; k < finding->term_count; k++)
			sum_db += finding->terms[k].weight_db;
		FUZZ_PROMISE(sum_db == finding->score_db);
	}
}

static void
scan_all(enum cell_kind kind, struct span utf8)
{
	/* Made once: that takes longer than a scan. */
	static struct words *words;
	static struct labels *labels;
	struct detector *detector = NULL;
	struct detect_lines lines = { NULL, 0 };
	struct scan_report report = { 0 };
	struct err err = { 0 };
	uint64_t undone = 0;

	if (words == NULL) {
		FUZZ_PROMISE(words_new(&words, &err) == ST_OK);
		FUZZ_PROMISE(labels_new(words, &labels, &err) == ST_OK);
	}
	const struct detect_options options = {
		.words = words,
		.labels = labels,
		.profile = REPORT_PROFILE_STANDARD,
		.max_findings = 100,
		.lines = true,
	};

	FUZZ_PROMISE(detector_new(&options, &detector, &err) == ST_OK);
	FUZZ_PROMISE(detector_part(detector, "1", &err) == ST_OK);
	give_table(detector, "a", kind, utf8);
	FUZZ_PROMISE(detector_possible_lines(detector, &lines, &undone, &err) ==
		     ST_OK);
	FUZZ_PROMISE(detector_part(detector, "2", &err) == ST_OK);
	give_table(detector, "", kind, utf8);
	FUZZ_PROMISE(detector_finish(detector, &report, &err) == ST_OK);
	check_report(&report, utf8.len_bytes + 1);
	detector_found_lines(detector, &lines);
	FUZZ_PROMISE(lines.count == 0 || report.level >= REPORT_LEVEL_SUSPECT);
	detector_free(&detector);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { data, size };
	struct sbuf utf8;

	if (size == 0)
		return 0;
	sbuf_init(&utf8, SIZE_MAX / 2);
	(void)span_cut(rest, 1, size - 1, &rest);
	charset_decode(CHARSET_UTF8, rest, &utf8);
	scan_all(kinds[data[0] % TABLES_KINDS], sbuf_span(&utf8));
	sbuf_done(&utf8);
	return 0;
}
