/* Does the filter of numbers let every candidate through, on every path? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/attr.h"
#include "lib/base/parse.h"
#include "scanners/detect/candidate.h"
#include "scanners/detect/digit_filter.h"
#include "scanners/detect/fold.h"
#include "scanners/text/utf8.h"
#include "tests/harness/check.h"

enum {
	FILTER_CASES = 400000, /* for each path */
	FILTER_TEXT_BYTES = 900,
	FILTER_MAX_FOUND = 96
};

static const enum digit_filter_path paths[] = {
	DIGIT_FILTER_PORTABLE,
	DIGIT_FILTER_AVX2,
	DIGIT_FILTER_AVX512,
};

/* xorshift: the same cases in every run. */
static uint64_t random_state = 0x9E3779B97F4A7C15;

static uint32_t
random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 32) % limit);
}

/* A text under construction, at any alignment in a block of its size. */
struct text {
	uint8_t bytes[FILTER_TEXT_BYTES];
	size_t len_bytes;
};

static void
add(struct text *text, const char *bytes)
{
	const size_t len = strlen(bytes);

	if (len <= sizeof(text->bytes) - text->len_bytes) {
		memcpy(text->bytes + text->len_bytes, bytes, len);
		text->len_bytes += len;
	}
}

static void
add_cp(struct text *text, uint32_t cp)
{
	uint8_t room[UTF8_MAX_BYTES + 1] = { 0 };

	room[utf8_encode(cp, room)] = 0;
	add(text, (const char *)room);
}

static const uint32_t zeros[] = {
	'0', '0', '0', '0', 0xFF10, 0xFF10, 0x0660, 0x1D7CE, 0x2080, 0x0966,
};
static const uint32_t kanji[] = { 0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
				  0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D,
				  0x58F1, 0x96F6, 0x25CB };
static const char *const gaps[] = {
	"-",
	" ",
	" ",
	"－",
	"ー",
	"　",
	"\xE2\x80\x91",
	".",
	"/",
	"_",
	"|",
	"・",
	"\r\n",
	"\n",
	"\n> ",
	"\t",
	" - ",
	"(",
	")",
	"～",
	"\xC2\xA0",
	"｜",
	"\xE2\x94\x80",
	"",
	"\xE2\x80\x8B",
	"\xC2\xAD",
	"--",
};
static const char *const fillers[] = {
	"a",    ",",    "いろは", "番号", "ー",       "。",   "\r\n",     " ",
	"TEL ", "：",   "ｱｲｳ",    "ＡＢ", "\xEF\xBC", "\x80", "\xE3",     "😀",
	"1",    "2026", "─────",  "é",    "http://",  "=",    "\xF0\x9D", ";",
};

static void
add_digit(struct text *text, uint32_t zero)
{
	if (zero == 0x3007)
		add_cp(text, kanji[random_below(ARRAY_LEN(kanji))]);
	else
		add_cp(text, zero + random_below(10));
}

/* Up to sixteen digits in groups of some sizes, most often twelve. */
static void
add_number(struct text *text)
{
	static const uint8_t sizes[] = { 12, 12, 4, 4, 1, 3, 2, 6 };
	const uint32_t pick = random_below(ARRAY_LEN(zeros) + 2);
	const uint32_t zero = pick < ARRAY_LEN(zeros) ? zeros[pick] : 0x3007;
	const uint32_t count = random_below(4) > 0 ? 12 : 10 + random_below(7);
	const uint32_t size = sizes[random_below(ARRAY_LEN(sizes))];
	const char *gap = gaps[random_below(ARRAY_LEN(gaps))];

	for (uint32_t i = 0; i < count; i++) {
		if (i > 0 && i % size == 0)
			add(text, gap);
		else if (random_below(40) == 0)
			add(text, gaps[random_below(ARRAY_LEN(gaps))]);
		add_digit(text, random_below(30) > 0 ? zero : '0');
	}
}

static void
make_text(struct text *text)
{
	const size_t want = 1 + random_below(FILTER_TEXT_BYTES / 3);

	text->len_bytes = 0;
	for (uint32_t i = random_below(70); i > 0; i--)
		add(text, "x");
	while (text->len_bytes < want) {
		const uint32_t kind = random_below(4);

		if (kind == 0)
			add_number(text);
		else if (kind == 1)
			add(text, gaps[random_below(ARRAY_LEN(gaps))]);
		else
			add(text, fillers[random_below(ARRAY_LEN(fillers))]);
	}
	/* Now and then any byte. */
	for (uint32_t i = random_below(8); i > 6; i--)
		text->bytes[random_below((uint32_t)text->len_bytes)] =
			(uint8_t)random_below(256);
}

struct found {
	struct candidate candidates[FILTER_MAX_FOUND];
	size_t count;
};

static void
find(struct candidate_walk *walk, struct found *found)
{
	struct candidate candidate = { .kind = CANDIDATE_NONE };

	found->count = 0;
	while (candidate_next(walk, &candidate)) {
		if (candidate.kind != CANDIDATE_TWELVE)
			continue;
		assert_true(found->count < FILTER_MAX_FOUND);
		found->candidates[found->count++] = candidate;
	}
	candidate_walk_done(walk);
}

static void
check_same(const struct found *want, const struct found *got)
{
	assert_int_equal(want->count, got->count);
	for (size_t i = 0; i < want->count; i++) {
		const struct candidate *a = &want->candidates[i];
		const struct candidate *b = &got->candidates[i];

		assert_int_equal(a->start_at, b->start_at);
		assert_int_equal(a->end_at, b->end_at);
		assert_int_equal(a->grouping, b->grouping);
		assert_memory_equal(a->digits, b->digits, sizeof(a->digits));
	}
}

/* All paths on a copy of exactly its size; how many candidates there are. */
static size_t
check_text(struct span text)
{
	uint8_t *copy = malloc(text.len_bytes + 1);
	struct candidate_walk walk;
	struct found want = { .count = 0 };
	struct found got = { .count = 0 };

	assert_non_null(copy);
	memcpy(copy + 1, text.ptr, text.len_bytes);
	text.ptr = copy + 1;
	candidate_walk_init(&walk, text, 0);
	find(&walk, &want);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const struct digit_filter *filter = digit_filter_of(paths[i]);

		if (filter == NULL)
			continue;
		candidate_walk_init_filtered(&walk, text, filter);
		find(&walk, &got);
		check_same(&want, &got);
	}
	free(copy);
	return want.count;
}

static void
mixtures_give_the_same_candidates_on_every_path(void **state)
{
	struct text text;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < FILTER_CASES; i++) {
		make_text(&text);
		count +=
			check_text((struct span){ text.bytes, text.len_bytes });
	}
	/* A test without candidates would show nothing. */
	assert_in_range(count, FILTER_CASES / 4, UINT32_MAX);
}

static void
random_bytes_give_the_same_candidates_on_every_path(void **state)
{
	/* Few values, so that digits come together. */
	static const uint8_t few[] = "0123456789-\x20\xEF\xBC\x90\x91\xE3\x80"
				     "\xE4\xB8\x83\n>";
	struct text text;

	(void)state;
	for (size_t i = 0; i < FILTER_CASES / 4; i++) {
		text.len_bytes = random_below(FILTER_TEXT_BYTES / 4);
		for (size_t k = 0; k < text.len_bytes; k++)
			text.bytes[k] =
				i % 4 == 0 ? (uint8_t)random_below(256)
					   : few[random_below(sizeof(few) - 1)];
		(void)check_text((struct span){ text.bytes, text.len_bytes });
	}
}

/* In every place of two blocks, between every pair of neighbours. */
static void
a_number_is_found_at_every_place_of_a_block(void **state)
{
	static const char *const numbers[] = {
		"123456789018",
		"1234-5678-9018",
		"１２３４　５６７８　９０１８",
		"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n8",
		"一二三四五六七八九〇一八",
		"1234(5678)9018",
		("12\xE2\x80\x8B"
		 "3456789018"),
	};
	static const char *const fill[] = { "x", ",", "。", "号" };
	struct text text;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(numbers); n++) {
		for (size_t at = 0; at < 200 * ARRAY_LEN(fill); at++) {
			text.len_bytes = 0;
			for (size_t i = 0; i < at / ARRAY_LEN(fill); i++)
				add(&text, i % 2 == 0 ? "," : "、");
			add(&text, fill[at % ARRAY_LEN(fill)]);
			text.len_bytes -= at % ARRAY_LEN(fill) == 0;
			add(&text, numbers[n]);
			for (size_t i = at % 67; i > 0; i--)
				add(&text, "、");
			assert_int_equal(
				1, check_text((struct span){ text.bytes,
							     text.len_bytes }));
		}
	}
}

/* Is there a range when cp stands between, before or behind eleven digits, or
 * is a digit twelve times? */
static bool
lets_through(const struct digit_filter *filter, uint32_t cp, bool digit)
{
	struct text text = { .len_bytes = 0 };
	struct digit_range range = { 0, 0, 0, 0 };

	for (size_t i = 0; i < 12; i++) {
		if (digit)
			add_cp(&text, cp);
		else
			add(&text, "1");
		if (i == 5)
			add_cp(&text, cp);
	}
	text.len_bytes -= digit ? text.len_bytes / 13 : 0;
	return digit_filter_next(filter,
				 (struct span){ text.bytes, text.len_bytes }, 0,
				 &range) &&
	       range.start_at == 0 && range.end_at == text.len_bytes;
}

/* fold.c may grow: every character it knows must be known here. */
static void
every_digit_and_mark_of_fold_is_let_through(void **state)
{
	uint8_t value = 0;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		const bool digit = fold_digit(cp, &value) != FOLD_DIGIT_NONE;

		if (cp == 0 || (!digit && fold_mark(cp) == FOLD_MARK_NONE &&
				!fold_is_invisible(cp)))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
			const struct digit_filter *filter =
				digit_filter_of(paths[i]);

			if (filter != NULL && !lets_through(filter, cp, digit))
				fail_msg("%s stops U+%04X",
					 digit_filter_name(filter), cp);
		}
	}
}

static bool
has_range(enum digit_filter_path path, const char *text)
{
	const struct digit_filter *filter = digit_filter_of(path);
	struct digit_range range = { 0, 0, 0, 0 };

	return filter != NULL &&
	       digit_filter_next(filter, span_of(text), 0, &range);
}

/* Else it would be right, and of no use. */
static void
prose_and_short_numbers_cost_nothing(void **state)
{
	static const char *const texts[] = {
		"いつもお世話になっております。打合せは11月25日14時からです。\r\n"
		"TEL 03-1234-5678 / 請求書番号 20261122 金額 1,234,567円\r\n",
		"1,2026-11-22,\"name\",0312345678,1234567,350000\r\n"
		"2,2026-11-23,\"name\",0312345679,1234568,350001\r\n",
		"----------------------------------------------------------",
		"━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
		"　　　　　　　　　　　　　　　　　　　　　　　　　　　　",
		"東京都千代田区霞が関一丁目二番三号中央合同庁舎第四号館五階",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		for (size_t k = 0; k < ARRAY_LEN(paths); k++)
			if (has_range(paths[k], texts[i]))
				fail_msg("path %zu, text %zu", k, i);
}

/* Does a look at the block at from show each digit of fold.h where it starts,
 * and of ASCII nothing else? */
static void
check_look(const struct digit_filter *filter, struct span text, size_t from)
{
	const uint64_t seen = digit_filter_look(filter, text, from);
	size_t at = from;
	uint8_t value = 0;

	while (at < text.len_bytes && at - from < DIGIT_FILTER_LOOK_BYTES) {
		const size_t start = at;
		const uint32_t cp = utf8_next(text, &at);
		const bool digit = fold_digit(cp, &value) != FOLD_DIGIT_NONE;
		const bool shown = (seen >> (start - from) & 1) != 0;

		if (digit ? !shown : shown && cp < 0x80)
			fail_msg("%s, U+%04X", digit_filter_name(filter),
				 (unsigned)cp);
	}
}

static void
every_path_sees_all_digits(void **state)
{
	uint8_t bytes[FILTER_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < FILTER_CASES / 20; i++) {
		const size_t len = 1 + random_below(sizeof(bytes));
		const struct span text = { bytes, len };
		const size_t from = random_below((uint32_t)len);
		const struct digit_filter *filter =
			digit_filter_of(paths[i % ARRAY_LEN(paths)]);

		for (size_t k = 0; k < len; k++)
			bytes[k] = (uint8_t)random_below(256);
		for (size_t at = random_below(20); at + UTF8_MAX_BYTES < len;
		     at += UTF8_MAX_BYTES + random_below(20))
			(void)utf8_encode(i % 2 == 0 ? zeros[random_below(10)]
						     : kanji[random_below(10)],
					  bytes + at);
		if (filter != NULL)
			check_look(filter, text, from);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			mixtures_give_the_same_candidates_on_every_path),
		cmocka_unit_test(
			random_bytes_give_the_same_candidates_on_every_path),
		cmocka_unit_test(a_number_is_found_at_every_place_of_a_block),
		cmocka_unit_test(every_digit_and_mark_of_fold_is_let_through),
		cmocka_unit_test(prose_and_short_numbers_cost_nothing),
		cmocka_unit_test(every_path_sees_all_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
