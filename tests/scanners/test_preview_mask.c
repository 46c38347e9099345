/* Tests of scanners/detect/preview_mask.h. */
#include "scanners/detect/preview_mask.h"

#include <string.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

enum { MASK_MAX_LINES = 20, MASK_ROOM_BYTES = 4096 };

#define DOT   "●"
#define DOTS4 DOT DOT DOT DOT

/* The lines of text, '\n' between them, after masking; a '^' at the start of
 * a line joins it to the one before. */
static void
mask_lines(const char *text, bool reveal, struct sbuf *out, bool *hidden)
{
	uint8_t rooms[MASK_MAX_LINES][256];
	struct preview_mask mask = { .reveal = reveal };
	size_t sizes[MASK_MAX_LINES] = { 0 };
	size_t count = 0;

	sbuf_clear(out);
	while (text != NULL && count < MASK_MAX_LINES) {
		const char *end = strchr(text, '\n');
		const bool joined = text[0] == '^';
		const char *from = text + joined;

		sizes[count] =
			end != NULL ? (size_t)(end - from) : strlen(from);
		assert_true(sizes[count] <= sizeof(rooms[0]));
		memcpy(rooms[count], from, sizes[count]);
		hidden[count] = false;
		preview_mask_line(&mask, rooms[count], sizes[count], joined,
				  &hidden[count]);
		count++;
		text = end != NULL ? end + 1 : NULL;
	}
	for (size_t i = 0; i < count; i++) {
		const struct span line = { rooms[i], sizes[i] };
		const size_t before = out->len_bytes;

		preview_mask_write(line, out);
		assert_int_equal(out->len_bytes - before,
				 preview_mask_bytes(line));
		if (i + 1 < count)
			sbuf_add_byte(out, '\n');
	}
}

static void
assert_masked(const char *text, const char *want)
{
	AUTO(sbuf_done) struct sbuf out;
	bool hidden[MASK_MAX_LINES];

	sbuf_init(&out, MASK_ROOM_BYTES);
	mask_lines(text, false, &out, hidden);
	assert_string_equal(sbuf_text(&out), want);
}

static void
assert_kept(const char *text)
{
	assert_masked(text, text);
}

static void
a_run_of_five_digits_is_hidden_and_four_are_not(void **state)
{
	(void)state;
	assert_masked("a12345b", "a" DOTS4 DOT "b");
	assert_kept("a1234b");
	assert_kept("2026-01-05");
	assert_masked("123456789018", DOTS4 DOTS4 DOTS4);
}

static void
nine_digits_with_separators_between_are_hidden(void **state)
{
	(void)state;
	assert_masked("1234-5678-9018", DOTS4 "-" DOTS4 "-" DOTS4);
	assert_masked("1234 / 5678 , 9", DOTS4 " / " DOTS4 " , " DOT);
	assert_masked("1 2 3 4 5 6 7 8 9", DOT " " DOT " " DOT " " DOT " " DOT
					       " " DOT " " DOT " " DOT " " DOT);
	assert_kept("1 2 3 4 5 6 7 8");
	assert_kept("1234-5678 (山田) 9018");
}

static void
every_script_counts_as_digits(void **state)
{
	(void)state;
	assert_masked("１２３４５", DOTS4 DOT);
	assert_masked("番号は一二三四五六七八九〇一八です",
		      "番号は" DOTS4 DOTS4 DOTS4 "です");
	assert_masked("①②③④⑤", DOTS4 DOT);
	assert_masked("٠١٢٣٤", DOTS4 DOT);
	assert_masked("¹²³⁴⁵", DOTS4 DOT);
	assert_masked("1２三④5", DOTS4 DOT);
	assert_kept("第三回、五月一日");
}

static void
a_number_written_out_with_powers_of_ten_is_hidden(void **state)
{
	(void)state;
	assert_masked("千二百三十四億五千六百七十八万九千一八",
		      "千" DOT "百" DOT "十" DOT "億" DOT "千" DOT "百" DOT
		      "十" DOT "万" DOT "千" DOT DOT);
}

static void
lines_and_cells_are_separators(void **state)
{
	(void)state;
	assert_masked("1234-\n5678-\n9018", DOTS4 "-\n" DOTS4 "-\n" DOTS4);
	assert_masked("> 1234\n> 5678\n> 9",
		      "> " DOTS4 "\n> " DOTS4 "\n> " DOT);
	assert_masked("1\t2\t3\t4\t5\t6\t7\t8\t9",
		      DOT "\t" DOT "\t" DOT "\t" DOT "\t" DOT "\t" DOT "\t" DOT
			  "\t" DOT "\t" DOT);
	/* Digits of two lines are no run. */
	assert_kept("123\n456");
}

static void
the_pieces_of_one_line_are_one_line(void **state)
{
	(void)state;
	assert_masked("123\n^456", DOT DOT DOT "\n" DOT DOT DOT);
}

static void
what_cannot_be_seen_ends_nothing(void **state)
{
	(void)state;
	assert_masked("12\xe2\x80\x8b"
		      "345",
		      DOT DOT "\xe2\x80\x8b" DOT DOT DOT);
	/* Key caps: a digit, a variation selector, a frame around it. */
	assert_masked("1\xe2\x83\xa3"
		      "2345",
		      DOT "\xe2\x83\xa3" DOTS4);
}

static void
bytes_that_are_no_text_separate(void **state)
{
	(void)state;
	assert_masked("1234\xff"
		      "5678\xc3"
		      "9",
		      DOTS4 "\xff" DOTS4 "\xc3" DOT);
}

static void
revealing_leaves_all_and_says_where(void **state)
{
	AUTO(sbuf_done) struct sbuf out;
	bool hidden[MASK_MAX_LINES];

	(void)state;
	sbuf_init(&out, MASK_ROOM_BYTES);
	mask_lines("山田\n1234 5678\n9018\nabc", true, &out, hidden);
	assert_string_equal(sbuf_text(&out), "山田\n1234 5678\n9018\nabc");
	assert_false(hidden[0]);
	assert_true(hidden[1]);
	assert_true(hidden[2]);
	assert_false(hidden[3]);
}

static void
digits_beside_lines_that_were_left_out_are_hidden(void **state)
{
	uint8_t before[] = "a 12 b 34";
	uint8_t behind[] = "56-7 c 89";
	struct preview_mask mask = { .reveal = false };
	AUTO(sbuf_done) struct sbuf out;
	bool hidden = false;

	(void)state;
	sbuf_init(&out, MASK_ROOM_BYTES);
	preview_mask_line(&mask, before, 9, false, &hidden);
	preview_mask_gap(&mask);
	preview_mask_line(&mask, behind, 9, false, &hidden);
	preview_mask_write((struct span){ before, 9 }, &out);
	preview_mask_write((struct span){ behind, 9 }, &out);
	assert_string_equal(sbuf_text(&out),
			    "a 12 b " DOT DOT DOT DOT "-" DOT " c 89");
}

/* All ways to set up to two separators between groups: what stays visible
 * between two hidden or visible digits never makes nine. */
static void
no_grouping_leaves_nine_digits(void **state)
{
	static const char *const marks[] = {
		" ",  "-",  ".", "　", "\t", "\n",
		"・", "ー", "_", "→",  ")(", ", "
	};
	AUTO(sbuf_done) struct sbuf out;
	AUTO(sbuf_done) struct sbuf text;
	bool hidden[MASK_MAX_LINES];

	(void)state;
	sbuf_init(&out, MASK_ROOM_BYTES);
	sbuf_init(&text, MASK_ROOM_BYTES);
	for (unsigned cuts = 0; cuts < 1U << 11; cuts++) {
		sbuf_clear(&text);
		for (unsigned i = 0; i < 12; i++) {
			sbuf_add_byte(&text, (uint8_t) "123456789018"[i]);
			if ((cuts >> i & 1) != 0 && i < 11)
				sbuf_add_text(
					&text,
					marks[(cuts + i) % ARRAY_LEN(marks)]);
		}
		mask_lines(sbuf_text(&text), false, &out, hidden);
		assert_null(strpbrk(sbuf_text(&out), "0123456789"));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_run_of_five_digits_is_hidden_and_four_are_not),
		cmocka_unit_test(
			nine_digits_with_separators_between_are_hidden),
		cmocka_unit_test(every_script_counts_as_digits),
		cmocka_unit_test(
			a_number_written_out_with_powers_of_ten_is_hidden),
		cmocka_unit_test(lines_and_cells_are_separators),
		cmocka_unit_test(the_pieces_of_one_line_are_one_line),
		cmocka_unit_test(what_cannot_be_seen_ends_nothing),
		cmocka_unit_test(bytes_that_are_no_text_separate),
		cmocka_unit_test(revealing_leaves_all_and_says_where),
		cmocka_unit_test(
			digits_beside_lines_that_were_left_out_are_hidden),
		cmocka_unit_test(no_grouping_leaves_nine_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
