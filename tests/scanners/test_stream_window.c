/* Numbers in long texts: what is looked at around them is enough. */
#include "scanners/detect/stream_window.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

static const char prose[] =
	"いつもお世話になっております。資料をご確認ください。\n";
static const char labelled[] = "個人番号：123456789018\n";

enum { PROSE_BYTES = sizeof(prose) - 1 };

/* Append prose of at least len_bytes; returns its lines. */
static uint64_t
add_prose(struct sbuf *text, size_t len_bytes)
{
	uint64_t lines = 0;

	for (size_t len = 0; len < len_bytes; len += PROSE_BYTES, lines++)
		sbuf_add_text(text, prose);
	return lines;
}

/* In pieces of some size, so that they end anywhere. */
static void
scan_pieces(struct scan *scan, struct span text, size_t piece_bytes)
{
	scan_start(scan);
	for (size_t at = 0; at < text.len_bytes; at += piece_bytes) {
		const size_t left = text.len_bytes - at;
		struct span piece = { 0 };

		(void)span_cut(text, at,
			       left < piece_bytes ? left : piece_bytes, &piece);
		check_status(ST_OK,
			     detector_text(scan->detector, &scan_body, piece,
					   &scan->err),
			     &scan->err);
	}
	scan_finish(scan);
}

static bool
has_term(const struct report_finding *finding, const char *name)
{
	for (size_t i = 0; i < finding->term_count; i++)
		if (strcmp(finding->terms[i].name, name) == 0)
			return true;
	return false;
}

static void
a_number_deep_in_a_text_has_its_label_and_its_line(void **state)
{
	struct sbuf text;
	struct scan scan;
	char line[32];

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	const uint64_t lines = add_prose(&text, 3 * STREAM_ROOM_BYTES / 2);

	sbuf_add_text(&text, labelled);
	(void)add_prose(&text, STREAM_ROOM_BYTES);
	scan_pieces(&scan, sbuf_span(&text), 1000);
	assert_int_equal(1, scan.report.finding_count);
	assert_int_equal(22, scan.report.findings[0].score_db);
	(void)snprintf(line, sizeof(line), "line %" PRIu64, lines + 1);
	assert_string_equal(line, scan.report.findings[0].location);
	scan_end(&scan);
	sbuf_done(&text);
}

/* Lines of ten bytes, each of which is said to be twice as far in its source
 * as in the text. */
static void
scan_calls(struct scan *scan, uint64_t lines, const char *last)
{
	scan_start(scan);
	for (uint64_t i = 0; i < lines; i++) {
		const struct place place = { PLACE_BODY, 2 * i + 1, NULL };

		check_status(ST_OK,
			     detector_text(scan->detector, &place,
					   span_of(i + 1 < lines ? "resume 10\n"
								 : last),
					   &scan->err),
			     &scan->err);
	}
	scan_finish(scan);
}

static void
the_line_is_the_one_that_the_reader_says(void **state)
{
	enum { FEW = 100, MANY = 3 * STREAM_ROOM_BYTES / 10 };
	struct scan scan;
	char line[32];

	(void)state;
	scan_calls(&scan, FEW, labelled);
	(void)snprintf(line, sizeof(line), "line %d", 2 * FEW - 1);
	assert_string_equal(line, scan.report.findings[0].location);
	scan_end(&scan);
	/* The label is in the line before, and so is the number's start. */
	scan_calls(&scan, FEW, "a\nb\n個人番号：1234\n56789018\n");
	(void)snprintf(line, sizeof(line), "line %d", 2 * FEW + 1);
	assert_string_equal(line, scan.report.findings[0].location);
	scan_end(&scan);
	/* More calls wait than are kept. */
	scan_calls(&scan, MANY, labelled);
	(void)snprintf(line, sizeof(line), "line %d", 2 * MANY - 1);
	assert_string_equal(line, scan.report.findings[0].location);
	scan_end(&scan);
}

static void
words_far_away_count_for_the_message(void **state)
{
	static const struct {
		const char *word;
		const char *term;
	} cases[] = {
		{ "マイナンバーの件です。\n", "label.message" },
		{ "源泉徴収票の件です。\n", "label.form-word" },
		{ "マイナンバー制度の件です。\n", "label.none" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		const char *word = cases[i / 2].word;
		struct sbuf text;
		struct scan scan;

		sbuf_init(&text, SIZE_MAX / 2);
		(void)add_prose(&text, 10 * STREAM_NEAR_BYTES);
		sbuf_add_text(&text, i % 2 == 0 ? word : "");
		(void)add_prose(&text, 10 * STREAM_NEAR_BYTES);
		/* Full width and in fours: enough to be noted at least. */
		sbuf_add_text(&text, "氏名 1234 5678 9018 生年月日 続柄\n");
		(void)add_prose(&text, 10 * STREAM_NEAR_BYTES);
		sbuf_add_text(&text, i % 2 == 0 ? "" : word);
		(void)add_prose(&text, 10 * STREAM_NEAR_BYTES);
		scan_pieces(&scan, sbuf_span(&text), 5000);
		assert_int_equal(1, scan.report.finding_count);
		if (!has_term(&scan.report.findings[0], cases[i / 2].term))
			fail_msg("case %zu", i);
		scan_end(&scan);
		sbuf_done(&text);
	}
}

/* Where the room of the stream ends, and where a window does. */
static void
a_border_in_the_text_changes_nothing(void **state)
{
	static const size_t borders[] = { STREAM_ROOM_BYTES - STREAM_TAIL_BYTES,
					  STREAM_ROOM_BYTES };

	struct scan alone;

	(void)state;
	scan_one(&alone, "x\n請求書番号 1234567890\n個人番号：123456789018\n");
	assert_int_equal(1, alone.report.finding_count);
	const int64_t want = alone.report.findings[0].score_db;

	scan_end(&alone);
	for (size_t i = 0; i < ARRAY_LEN(borders); i++) {
		for (size_t off = 0; off < 2 * STREAM_NEAR_BYTES + 600;
		     off += off % 3 == 0 ? 31 : 61) {
			struct sbuf text;
			struct scan scan;

			sbuf_init(&text, SIZE_MAX / 2);
			(void)add_prose(&text,
					borders[i] - STREAM_NEAR_BYTES - 600);
			for (size_t k = 0; k < off; k++)
				sbuf_add_byte(&text, k % 70 == 69 ? '\n' : 'x');
			sbuf_add_text(&text, "\n請求書番号 1234567890\n");
			sbuf_add_text(&text, labelled);
			(void)add_prose(&text, 8000);
			scan_pieces(&scan, sbuf_span(&text), STREAM_ROOM_BYTES);
			assert_int_equal(1, scan.report.finding_count);
			assert_int_equal(want,
					 scan.report.findings[0].score_db);
			scan_end(&scan);
			sbuf_done(&text);
		}
	}
}

/* Ranges one after another make one window, however long. */
static void
a_long_list_of_numbers_keeps_its_label(void **state)
{
	struct sbuf text;
	struct scan scan;

	(void)state;
	sbuf_init(&text, SIZE_MAX / 2);
	(void)add_prose(&text, 5000);
	sbuf_add_text(&text, "個人番号一覧\n");
	for (unsigned i = 0; i < 500; i++)
		sbuf_add_text(&text, "123456789018\n");
	(void)add_prose(&text, 5000);
	scan_pieces(&scan, sbuf_span(&text), 999);
	assert_true(scan.report.finding_count > 0);
	assert_int_equal(REPORT_LEVEL_SURE, scan.report.findings[0].level);
	scan_end(&scan);
	sbuf_done(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_number_deep_in_a_text_has_its_label_and_its_line),
		cmocka_unit_test(the_line_is_the_one_that_the_reader_says),
		cmocka_unit_test(words_far_away_count_for_the_message),
		cmocka_unit_test(a_border_in_the_text_changes_nothing),
		cmocka_unit_test(a_long_list_of_numbers_keeps_its_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
