/* What holds of scanners/detect for every text: folding twice is folding once,
 * marks between the groups lose no number, no cut changes what is found, and
 * width and order of parts make no difference. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "lib/base/sbuf.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"
#include "tests/harness/check.h"
#include "tests/scanners/detector_scan.h"

enum { LAST_CODE_POINT = 0x10FFFF, TEXT_BYTES = 100000 };

static const char number[] = "123456789018";

/* The same numbers each time. */
static unsigned
next_random(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245U + 12345U;
	return (*seed >> 16) % below;
}

/* Append the letters that labels compare, and how many there are. */
static size_t
add_letters(struct span text, struct sbuf *out)
{
	size_t at = 0;
	size_t start = 0;
	size_t count = 0;
	uint32_t letter = 0;

	while ((letter = fold_letter_next(text, &at, &start)) != 0) {
		utf8_put(out, letter);
		count++;
	}
	return count;
}

static void
check_folds_once(const char *text)
{
	AUTO(sbuf_done) struct sbuf once;
	AUTO(sbuf_done) struct sbuf twice;

	sbuf_init(&once, TEXT_BYTES);
	sbuf_init(&twice, TEXT_BYTES);
	const size_t letters = add_letters(span_of(text), &once);
	const size_t again = add_letters(sbuf_span(&once), &twice);

	if (letters != again ||
	    strcmp(sbuf_text(&once), sbuf_text(&twice)) != 0)
		fail_msg("%s: %s, then %s", text, sbuf_text(&once),
			 sbuf_text(&twice));
}

static void
folding_a_character_twice_changes_nothing_more(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp <= LAST_CODE_POINT; cp++) {
		AUTO(sbuf_done) struct sbuf text;
		uint8_t value = 0;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		assert_int_equal(fold_width(fold_width(cp)), fold_width(cp));
		if (fold_digit(cp, &value) != FOLD_DIGIT_NONE) {
			uint8_t again = 99;

			assert_int_equal(
				fold_digit('0' + (uint32_t)value, &again),
				FOLD_DIGIT_ASCII);
			assert_int_equal(again, value);
			assert_int_equal(fold_mark(cp), FOLD_MARK_NONE);
			assert_false(fold_is_invisible(cp));
		}
		sbuf_init(&text, 16);
		utf8_put(&text, cp);
		check_folds_once(sbuf_text(&text));
	}
}

static void
folding_a_text_twice_changes_nothing_more(void **state)
{
	static const char *const pieces[] = {
		"ﾏ",  "ｲ",  "ﾅ",  "ﾝ",  "ﾊ",  "ﾞ",  "ﾟ",
		"ｰ",  "マ", "イ", "ー", "番", "号", "個",
		"人", "Ｍ", "ｙ", "N",  "o",  "．", " ",
		"　", "\n", "-",  "＿", "：", "・", "\xe2\x80\x8b",
		"ハ", "゛", "゜", "ß",  "İ",  "ǅ",  "は",
		"ば", "が", "ヴ", "ｳ",  "ﬁ",
	};
	unsigned seed = 7;

	(void)state;
	for (unsigned n = 0; n < 20000; n++) {
		AUTO(sbuf_done) struct sbuf text;

		sbuf_init(&text, TEXT_BYTES);
		for (unsigned k = 1 + next_random(&seed, 8); k > 0; k--)
			sbuf_add_text(
				&text,
				pieces[next_random(&seed, ARRAY_LEN(pieces))]);
		check_folds_once(sbuf_text(&text));
	}
}

static void
masking_twice_changes_nothing_more(void **state)
{
	static const char *const pieces[] = {
		"1",  "２", "三",   "④",  "-", " ", "\n", "a",
		"番", "12", "3456", "円", "*", "/", ".",  "　",
	};
	unsigned seed = 11;

	(void)state;
	for (unsigned n = 0; n < 20000; n++) {
		AUTO(sbuf_done) struct sbuf text;
		AUTO(sbuf_done) struct sbuf once;
		AUTO(sbuf_done) struct sbuf twice;

		sbuf_init(&text, TEXT_BYTES);
		sbuf_init(&once, TEXT_BYTES);
		sbuf_init(&twice, TEXT_BYTES);
		for (unsigned k = 1 + next_random(&seed, 14); k > 0; k--)
			sbuf_add_text(
				&text,
				pieces[next_random(&seed, ARRAY_LEN(pieces))]);
		detect_mask(sbuf_span(&text), &once);
		detect_mask(sbuf_span(&once), &twice);
		assert_string_equal(sbuf_text(&once), sbuf_text(&twice));
	}
}

/* Exactly the one number stands in text. */
static bool
is_found(const char *text)
{
	struct scan scan;

	scan_one(&scan, text);
	const bool found = scan.report.level >= REPORT_LEVEL_SUSPECT &&
			   scan.report.number_count == 1 &&
			   strcmp(scan.report.findings[0].number, number) == 0;

	scan_end(&scan);
	return found;
}

/* Section 3.4 of the facts: between groups of four, and nowhere to be seen. */
static const uint32_t marks[] = {
	'-',    0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFF0D,
	0xFE63, 0xFE58, 0x2043, 0x30FC, 0xFF70, 0x2500, 0x2501, 0x30FB, 0xFF65,
	0xB7,   '.',    0xFF0E, '_',    '/',    '|',    0xFF5C, 0x2502, ' ',
	0xA0,   0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007,
	0x2008, 0x2009, 0x200A, 0x202F, 0x205F, 0x3000, '\t',
};
static const uint32_t unseen[] = {
	0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD
};
static const char *const heads[] = { "個人番号：", "マイナンバーは",
				     "My Number ",
				     "ﾏｲﾅﾝﾊﾞｰ=", "個 人 番 号\n" };

/* head and the number: base is '0' or another zero, mark (or 0) stands at both
 * places, unseen ones at any. */
static void
add_written(struct sbuf *text, const char *head, uint32_t zero, uint32_t mark,
	    unsigned unseen_count, unsigned *seed)
{
	sbuf_add_text(text, head);
	for (size_t i = 0; i < sizeof(number) - 1; i++) {
		if (mark != 0 && (i == 4 || i == 8))
			utf8_put(text, mark);
		utf8_put(text, zero + (uint32_t)(number[i] - '0'));
		for (unsigned k = 0; k < unseen_count && i < 11; k++)
			if (next_random(seed, 3) == 0)
				utf8_put(text,
					 unseen[next_random(
						 seed, ARRAY_LEN(unseen))]);
	}
}

static void
marks_between_the_groups_lose_no_number(void **state)
{
	static const uint32_t zeros[] = { '0', 0xFF10, 0x1D7CE, 0x1D7F6 };
	static const char *const tails[] = { "", "です。", "\n氏名 山田太郎",
					     "（本人）" };
	unsigned seed = 3;

	(void)state;
	for (size_t i = 0; i <= ARRAY_LEN(marks); i++) {
		const uint32_t mark = i < ARRAY_LEN(marks) ? marks[i] : 0;

		for (size_t k = 0; k < ARRAY_LEN(zeros) * 4; k++) {
			AUTO(sbuf_done) struct sbuf text;
			const char *head = heads[(i + k) % ARRAY_LEN(heads)];

			sbuf_init(&text, TEXT_BYTES);
			add_written(&text, head, zeros[k % ARRAY_LEN(zeros)],
				    mark, (unsigned)(k / ARRAY_LEN(zeros)),
				    &seed);
			sbuf_add_text(&text, tails[k / ARRAY_LEN(zeros)]);
			if (!is_found(sbuf_text(&text)))
				fail_msg("U+%04X: %s", (unsigned)mark,
					 sbuf_text(&text));
		}
	}
}

/* A space of any kind and a line end also stand beside a mark. */
static void
marks_with_space_around_lose_no_number(void **state)
{
	static const uint32_t spaces[] = { ' ', 0xA0, 0x2009, 0x3000, '\t' };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		for (size_t k = 0; k < ARRAY_LEN(spaces); k++) {
			AUTO(sbuf_done) struct sbuf text;

			sbuf_init(&text, TEXT_BYTES);
			sbuf_add_text(&text, "個人番号：1234");
			for (size_t group = 1; group < 3; group++) {
				utf8_put(&text, spaces[k]);
				utf8_put(&text, marks[i]);
				utf8_put(&text, spaces[k]);
				sbuf_add_text(&text,
					      group == 1 ? "5678" : "9018");
			}
			if (!is_found(sbuf_text(&text)))
				fail_msg("U+%04X U+%04X: %s",
					 (unsigned)marks[i],
					 (unsigned)spaces[k], sbuf_text(&text));
		}
	}
}

/* Everything of a report that a reader sees. */
static void
describe(const struct scan_report *report, struct sbuf *out)
{
	sbuf_addf(out, "%d %lld %llu\n", (int)report->level,
		  (long long)report->score_db,
		  (unsigned long long)report->number_count);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct report_finding *one = &report->findings[i];

		sbuf_addf(out, "%s %s %s %d %lld [%s]", one->part,
			  one->location, one->number, (int)one->level,
			  (long long)one->score_db, one->context);
		for (size_t k = 0; k < one->term_count; k++)
			sbuf_addf(out, " %s%+lld", one->terms[k].name,
				  (long long)one->terms[k].weight_db);
		sbuf_add_text(out, "\n");
	}
}

/* Give text in pieces: cuts[] are where they end. */
static void
describe_pieces(const char *text, const size_t *cuts, size_t cut_count,
		struct sbuf *out)
{
	const struct span whole = span_of(text);
	struct scan scan;
	size_t from = 0;

	scan_start(&scan);
	for (size_t i = 0; i <= cut_count; i++) {
		const size_t to = i < cut_count ? cuts[i] : whole.len_bytes;
		struct span piece = { 0 };

		assert_true(span_cut(whole, from, to - from, &piece));
		check_status(ST_OK,
			     detector_text(scan.detector, &scan_body, piece,
					   &scan.err),
			     &scan.err);
		from = to;
	}
	scan_finish(&scan);
	describe(&scan.report, out);
	scan_end(&scan);
}

static const char *const mails[] = {
	("山田様\n個人番号： １２３４－５６７８－９０１８ です。\n"
	 "送り状番号 319721648466\nTEL 03-1234-5678\n"),
	"> マイナンバーを教えてください。\n\n1234 5678 9018\n\n山田",
	"個人番号\n123456\n789018\n、372967742338（妻） 生年月日 H1.2.3\n",
	"氏名,個人番号\r\n山田,123456789018\r\n鈴木,621498320257\r\n",
	"個 人 番 号 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 0 | 1 | 8 |\n",
	"ﾏｲﾅﾝﾊﾞｰ ①②③④⑤⑥⑦⑧⑨⓪①⑧ https://a.example/123456789018\n",
};

static void
no_cut_changes_what_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		AUTO(sbuf_done) struct sbuf want;
		const size_t len = strlen(mails[i]);

		sbuf_init(&want, TEXT_BYTES);
		describe_pieces(mails[i], &len, 0, &want);
		for (size_t cut = 0; cut <= len; cut++) {
			AUTO(sbuf_done) struct sbuf got;

			sbuf_init(&got, TEXT_BYTES);
			describe_pieces(mails[i], &cut, 1, &got);
			if (strcmp(sbuf_text(&want), sbuf_text(&got)) != 0)
				fail_msg("cut at %zu: %s, not %s", cut,
					 sbuf_text(&got), sbuf_text(&want));
		}
	}
}

static void
many_cuts_change_nothing(void **state)
{
	unsigned seed = 5;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		AUTO(sbuf_done) struct sbuf want;
		const size_t len = strlen(mails[i]);

		sbuf_init(&want, TEXT_BYTES);
		describe_pieces(mails[i], &len, 0, &want);
		for (unsigned n = 0; n < 40; n++) {
			AUTO(sbuf_done) struct sbuf got;
			size_t cuts[400];
			size_t count = 0;
			/* Byte by byte first, then in longer steps. */
			size_t at = 1 + next_random(&seed, 1 + n);

			sbuf_init(&got, TEXT_BYTES);
			while (at < len && count < ARRAY_LEN(cuts)) {
				cuts[count++] = at;
				at += 1 + next_random(&seed, 1 + n);
			}
			describe_pieces(mails[i], cuts, count, &got);
			if (strcmp(sbuf_text(&want), sbuf_text(&got)) != 0)
				fail_msg("%s, not %s", sbuf_text(&got),
					 sbuf_text(&want));
		}
	}
}

/* text with its ASCII digits and letters as full-width ones. */
static void
add_wide(const char *text, struct sbuf *out)
{
	for (; *text != '\0'; text++) {
		const uint8_t c = (uint8_t)*text;

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || c == ':' || c == '-' || c == '/')
			utf8_put(out, (uint32_t)c + 0xFEE0);
		else
			sbuf_add_byte(out, c);
	}
}

static void
full_width_text_is_judged_as_half_width_text(void **state)
{
	static const char *const texts[] = {
		"個人番号:123456789018",
		"My Number: 1234-5678-9018",
		"マイナンバー 123456789018 TEL 03-1234-5678",
		"送り状番号:319721648466",
		"個人番号 1123456789018",
		"個人番号 1234-5678-9018-3456",
		"個人番号 T123456789018",
		"個人番号:123456789012",
		"メモ 123456789018",
		"2020/2021/2022",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		AUTO(sbuf_done) struct sbuf wide;
		struct scan narrow_scan;
		struct scan wide_scan;

		sbuf_init(&wide, TEXT_BYTES);
		add_wide(texts[i], &wide);
		scan_one(&narrow_scan, texts[i]);
		scan_one(&wide_scan, sbuf_text(&wide));
		if ((narrow_scan.report.level >= REPORT_LEVEL_SUSPECT) !=
			    (wide_scan.report.level >= REPORT_LEVEL_SUSPECT) ||
		    narrow_scan.report.number_count !=
			    wide_scan.report.number_count)
			fail_msg("%s: %lld and %lld dB", texts[i],
				 (long long)narrow_scan.report.score_db,
				 (long long)wide_scan.report.score_db);
		scan_end(&narrow_scan);
		scan_end(&wide_scan);
	}
}

/* The parts of a mail in an order: score and count. */
static void
scan_parts(const char *const *parts, const size_t *order, size_t count,
	   struct sbuf *out)
{
	struct scan scan;

	scan_start(&scan);
	for (size_t i = 0; i < count; i++) {
		const char path[] = { (char)('1' + order[i]), '\0' };

		check_status(ST_OK,
			     detector_part(scan.detector, path, &scan.err),
			     &scan.err);
		scan_text(&scan, parts[order[i]]);
	}
	scan_finish(&scan);
	sbuf_addf(out, "%d %lld %llu", (int)scan.report.level,
		  (long long)scan.report.score_db,
		  (unsigned long long)scan.report.number_count);
	scan_end(&scan);
}

static void
the_order_of_parts_changes_nothing(void **state)
{
	static const char *const parts[] = {
		"マイナンバーの件です。お願いします。\n",
		"1234 5678 9018\n",
		"送り状番号 319721648466\n",
	};
	static const size_t orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 },
					    { 1, 0, 2 }, { 1, 2, 0 },
					    { 2, 0, 1 }, { 2, 1, 0 } };
	AUTO(sbuf_done) struct sbuf want;

	(void)state;
	sbuf_init(&want, TEXT_BYTES);
	scan_parts(parts, orders[0], 3, &want);
	for (size_t i = 1; i < ARRAY_LEN(orders); i++) {
		AUTO(sbuf_done) struct sbuf got;

		sbuf_init(&got, TEXT_BYTES);
		scan_parts(parts, orders[i], 3, &got);
		assert_string_equal(sbuf_text(&got), sbuf_text(&want));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			folding_a_character_twice_changes_nothing_more),
		cmocka_unit_test(folding_a_text_twice_changes_nothing_more),
		cmocka_unit_test(masking_twice_changes_nothing_more),
		cmocka_unit_test(marks_between_the_groups_lose_no_number),
		cmocka_unit_test(marks_with_space_around_lose_no_number),
		cmocka_unit_test(no_cut_changes_what_is_found),
		cmocka_unit_test(many_cuts_change_nothing),
		cmocka_unit_test(full_width_text_is_judged_as_half_width_text),
		cmocka_unit_test(the_order_of_parts_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
