/* Words in a text: which one, where, and what it costs to look. */
#include "scanners/detect/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/parse.h"
#include "tests/harness/check.h"

struct table {
	struct words *words;
	struct labels *labels;
};

static int
make_table(void **state)
{
	static struct table table;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, words_new(&table.words, &err), &err);
	check_status(ST_OK, labels_new(table.words, &table.labels, &err), &err);
	*state = &table;
	return 0;
}

static int
free_table(void **state)
{
	struct table *table = *state;

	labels_free(&table->labels);
	words_free(&table->words);
	return 0;
}

/* The first word of text is word, of kind. */
static void
check_first(void **state, const char *text, enum label_kind kind,
	    const char *word)
{
	const struct table *table = *state;
	const struct span span = span_of(text);
	struct label label = { .kind = LABEL_NONE };
	struct span found = { NULL, 0 };

	if (!labels_next(table->labels, span, 0, &label)) {
		fail_msg("nothing in %s", text);
		return;
	}
	assert_true(span_cut(span, label.start_at,
			     label.end_at - label.start_at, &found));
	if (!span_equal(found, span_of(word)))
		fail_msg("%.*s in %s", (int)found.len_bytes,
			 (const char *)found.ptr, text);
	assert_int_equal(kind, label.kind);
}

static void
check_nothing(void **state, const char *text)
{
	const struct table *table = *state;
	struct label label = { .kind = LABEL_NONE };

	if (labels_next(table->labels, span_of(text), 0, &label))
		fail_msg("a word at %zu of %s", label.start_at, text);
}

static void
the_longest_word_wins(void **state)
{
	check_first(state, "これはマイナンバー制度の話", LABEL_WEAK,
		    "マイナンバー制度");
	check_first(state, "マイナンバーは", LABEL_DIRECT, "マイナンバー");
	check_first(state, "扶養控除等申告書", LABEL_FORM, "扶養控除等申告書");
	check_first(state, "扶養の人", LABEL_FAMILY, "扶養");
}

static void
width_case_kana_blanks_and_marks_make_no_difference(void **state)
{
	check_first(state, "個 人\n番 号", LABEL_DIRECT, "個 人\n番 号");
	check_first(state, "ﾏｲﾅﾝﾊﾞｰ", LABEL_DIRECT, "ﾏｲﾅﾝﾊﾞｰ");
	check_first(state, "ﾏｲ･ﾅﾝﾊﾞｰ", LABEL_DIRECT, "ﾏｲ･ﾅﾝﾊﾞｰ");
	check_first(state, "ＭＹ　ＮＵＭＢＥＲ", LABEL_DIRECT,
		    "ＭＹ　ＮＵＭＢＥＲ");
	check_first(state, "my_number", LABEL_DIRECT, "my_number");
	check_first(state, "まいなんばー", LABEL_DIRECT, "まいなんばー");
}

static void
what_ends_in_bango_is_written_in_other_ways_too(void **state)
{
	check_first(state, "個人Ｎｏ．", LABEL_DIRECT, "個人Ｎｏ");
	check_first(state, "個人№", LABEL_DIRECT, "個人№");
	check_first(state, "会員ナンバー", LABEL_RIVAL, "会員ナンバー");
	check_first(state, "会員No.", LABEL_RIVAL, "会員No");
	check_nothing(state, "会員Notes");
}

static void
latin_words_stand_alone(void **state)
{
	check_nothing(state, "the border of orderly disorder");
	check_first(state, "order 1", LABEL_RIVAL, "order");
	check_first(state, "山田order1", LABEL_RIVAL, "order");
	/* Keys of JSON and of programs. */
	check_first(state, "trackingNumber", LABEL_RIVAL, "tracking");
	check_first(state, "employeeMyNumber", LABEL_DIRECT, "MyNumber");
	check_nothing(state, "reOrdered ORDERED BORDER");
}

static void
an_unfinished_longer_word_leaves_the_shorter(void **state)
{
	check_first(state, "個人番号カー", LABEL_DIRECT, "個人番号");
	check_nothing(state, "個人番");
}

static void
an_added_word_is_found_and_wins(void **state)
{
	const struct words_file file = { "direct.add.conf",
					 "整理番号\nマイID\n" };
	const struct words_added added = { .files = &file, .file_count = 1 };
	struct table own = { NULL, NULL };
	void *own_state = &own;
	struct err err = { .st = ST_OK };

	check_first(state, "整理番号", LABEL_RIVAL, "整理番号");
	check_nothing(state, "マイID");
	check_status(ST_OK, words_make(&added, &own.words, &err), &err);
	check_status(ST_OK, labels_new(own.words, &own.labels, &err), &err);
	check_first(&own_state, "整理番号", LABEL_DIRECT, "整理番号");
	check_first(&own_state, "マイＩＤ", LABEL_DIRECT, "マイＩＤ");
	(void)free_table(&own_state);
}

/* All words of text, in CPU milliseconds. */
static int64_t
walk(void **state, struct span text)
{
	const struct table *table = *state;
	const clock_t start = clock();
	struct label label = { .end_at = 0 };

	while (labels_next(table->labels, text, label.end_at, &label))
		;
	return (int64_t)(clock() - start) * 1000 / CLOCKS_PER_SEC;
}

/* Eight times the text may cost sixteen times as much, no more. */
static void
check_linear(void **state, const char *unit)
{
	const struct span once = span_of(unit);
	const size_t unit_bytes = once.len_bytes;
	const size_t count = 400000 / unit_bytes;
	uint8_t *text = malloc(8 * count * unit_bytes);

	if (text == NULL) {
		fail_msg("no memory");
		return;
	}
	for (size_t i = 0; i < 8 * count; i++)
		memcpy(text + i * unit_bytes, once.ptr, unit_bytes);
	const int64_t one_ms =
		walk(state, (struct span){ text, count * unit_bytes });
	const int64_t eight_ms =
		walk(state, (struct span){ text, 8 * count * unit_bytes });

	free(text);
	if (eight_ms > 16 * one_ms + 40)
		fail_msg("%s: %lld ms, then %lld ms", unit, (long long)one_ms,
			 (long long)eight_ms);
	/* 3.2 MB: a text that is hard to search is no way to hold us up. */
	assert_true(eight_ms < 4000);
}

static void
hostile_texts_take_linear_time(void **state)
{
	check_linear(state, "個");
	check_linear(state, "個 ー ・ _ : ");
	check_linear(state, "個人番");
	check_linear(state, "給与所得者の扶養控除等");
	check_linear(state, "ﾏ\xEF\xBE\x9F");
	check_linear(state, "p");
	check_linear(state, "p-");
	check_linear(state, "personal numbe ");
	check_linear(state, "\xE3\x83");
}

/* The look at the first two letters must let every word through, whatever
 * stands before and behind it. */
static void
every_shipped_word_is_found(void **state)
{
	static const char *const around[][2] = {
		{ "。", "。" },   { "", "" },     { "1", "1" },
		{ "山田", "は" }, { "ア", "ア" }, { " ", " x" }
	};
	const struct table *table = *state;
	const struct words_entries entries = words_entries(table->words);

	for (size_t i = 0; i < entries.count * ARRAY_LEN(around); i++) {
		const char *word = entries.items[i / ARRAY_LEN(around)].text;
		const char *const *sides = around[i % ARRAY_LEN(around)];
		struct label label = { .start_at = SIZE_MAX, .end_at = 0 };
		char text[400];
		const int len = snprintf(text, sizeof(text), "%s%s%s", sides[0],
					 word, sides[1]);
		size_t at = 0;

		/* One that starts earlier may hold it. */
		while (labels_next(table->labels,
				   (struct span){ (const uint8_t *)text,
						  (size_t)len },
				   at, &label) &&
		       label.end_at < strlen(sides[0]) + strlen(word))
			at = label.start_at + 1;
		if (label.end_at < strlen(sides[0]) + strlen(word))
			fail_msg("%s", text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_word_is_found),
		cmocka_unit_test(the_longest_word_wins),
		cmocka_unit_test(
			width_case_kana_blanks_and_marks_make_no_difference),
		cmocka_unit_test(
			what_ends_in_bango_is_written_in_other_ways_too),
		cmocka_unit_test(latin_words_stand_alone),
		cmocka_unit_test(an_unfinished_longer_word_leaves_the_shorter),
		cmocka_unit_test(an_added_word_is_found_and_wins),
		cmocka_unit_test(hostile_texts_take_linear_time),
	};

	return cmocka_run_group_tests(tests, make_table, free_table);
}
