/* words_rank.h: words that no anchor names, out of the places of a mail. */
#include "scanners/locks/words_rank.h"

#include <string.h>

#include "lib/base/parse.h"
#include "scanners/locks/words_table.h"
#include "tests/harness/check.h"

static bool
list_has(const struct words_mail *mail, const char *word)
{
	struct words_list *list = NULL;
	struct err err = { .st = ST_OK };
	bool found = false;

	check_status(ST_OK, words_list_new(&list, &err), &err);
	check_status(ST_OK,
		     words_rank(mail, (struct span){ NULL, 0 }, list, &err),
		     &err);
	for (size_t i = 0; i < words_list_count(list); i++)
		found = found ||
			span_equal(words_list_word(list, i), span_of(word));
	words_list_free(&list);
	return found;
}

static const struct {
	enum words_place place;
	const char *text;
} said[] = {
	{ WORDS_PLACE_BODY, "鍵：fRjXVuFkXdfP" },
	{ WORDS_PLACE_BODY, "コード:fRjXVuFkXdfP です" },
	{ WORDS_PLACE_BODY, "code=fRjXVuFkXdfP" },
	{ WORDS_PLACE_BODY, "密码：fRjXVuFkXdfP" },
	{ WORDS_PLACE_BODY, "パスワード......fRjXVuFkXdfP" },
	{ WORDS_PLACE_BODY, "例の「fRjXVuFkXdfP」で" },
	{ WORDS_PLACE_SUBJECT, "fRjXVuFkXdfP" },
	{ WORDS_PLACE_NAME, "資料_pwfRjXVuFkXdfP.zip" },
	{ WORDS_PLACE_NAME, "PassfRjXVuFkXdfP.zip" },
};

static void
words_are_found_behind_any_label(void **state)
{
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct words_mail mail;

		words_mail_init(&mail);
		words_mail_add(&mail, said[i].place, span_of(said[i].text));
		if (!list_has(&mail, "fRjXVuFkXdfP")) {
			print_error("%s\n", said[i].text);
			failed++;
		}
		words_mail_done(&mail);
	}
	assert_int_equal(failed, 0);
}

static void
addresses_are_no_words(void **state)
{
	struct words_mail mail;

	(void)state;
	words_mail_init(&mail);
	words_mail_add(
		&mail, WORDS_PLACE_BODY,
		span_of("参照:https://www.example.co.jp/a=fRjXVuFkXdfP"));
	assert_false(list_has(&mail, "fRjXVuFkXdfP"));
	words_mail_done(&mail);
}

/* A notice says one part, the rest is agreed. */
static void
words_of_several_parts_are_made(void **state)
{
	static const char *const made[] = { "sample20261122Kx7#q",
					    "Sample_20261122_Kx7#q",
					    "SAMPLE-Kx7#q-20261122",
					    "sample5678",
					    "Kx7#q5678",
					    "Sample-0312345678" };
	struct words_mail mail;

	(void)state;
	words_mail_init(&mail);
	words_mail_add(&mail, WORDS_PLACE_FIELD,
		       span_of("From: yamada@sample.example\n"
			       "Date: Sun, 22 Nov 2026 10:00:00 +0900\n"));
	words_mail_add(&mail, WORDS_PLACE_BODY,
		       span_of("パスワードは Kx7#q です。\n"
			       "TEL 03-1234-5678 請求書 1234-5678-9012\n"));
	for (size_t i = 0; i < ARRAY_LEN(made); i++)
		if (!list_has(&mail, made[i]))
			fail_msg("%s", made[i]);
	assert_false(list_has(&mail, "sample9012"));
	words_mail_done(&mail);
}

static size_t
count_said(const char *subject, const char *body)
{
	struct words_mail mail;
	struct words_list *list = NULL;
	struct err err = { .st = ST_OK };
	size_t count = 0;

	words_mail_init(&mail);
	words_mail_add(&mail, WORDS_PLACE_SUBJECT, span_of(subject));
	words_mail_add(&mail, WORDS_PLACE_BODY, span_of(body));
	check_status(ST_OK, words_list_new(&list, &err), &err);
	check_status(ST_OK, words_rank_said(&mail, 64, list, &err), &err);
	count = words_list_count(list);
	words_list_free(&list);
	words_mail_done(&mail);
	return count;
}

/* The subject says what the line is. */
static void
a_line_below_a_subject_about_a_password_is_said(void **state)
{
	static const char body[] = "お世話になっております。\n\nfRj#VuFk\n\n"
				   "以上、よろしくお願いします。\n山田\n";

	(void)state;
	assert_int_equal(count_said("パスワードのお知らせ", body), 1);
	assert_int_equal(count_said("Re: 【PW】資料", body), 1);
	assert_int_equal(count_said("Password for the file", body), 1);
	assert_int_equal(count_said("Password Report2026", body), 2);
	assert_int_equal(count_said("資料のご連絡", body), 0);
	assert_int_equal(count_said("パスポートの件", body), 0);
	assert_int_equal(count_said("パスワードのお知らせ",
				    "会議は10時です。\nregards\n"),
			 0);
}

/* The same, in a sentence: what looks like a password only. */
static void
a_sentence_below_a_subject_about_a_password_says_it(void **state)
{
	static const char *const subject = "パスワードの件";

	(void)state;
	assert_int_equal(count_said(subject, "fRj#VuFk でお願いいたします。\n"),
			 1);
	assert_int_equal(count_said(subject, "件の情報です：fRj#VuFk\n"), 1);
	assert_int_equal(
		count_said(subject, "対象：資料.zip\n文字列：fRj#VuFk"), 1);
	assert_int_equal(count_said(subject, "会議は 15:30 に LibreOffice で\n"
					     "Excel2019 の 2026-11-25 版\n"),
			 0);
	assert_int_equal(
		count_said("資料の件", "fRj#VuFk でお願いいたします。\n"), 0);
}

/* A note with a password, attached to a mail of its own. */
static void
an_attached_note_says_it_behind_an_anchor_at_its_start(void **state)
{
	static const char *const texts[] = { "パスワード：fRj#VuFk\n",
					     "fRj#VuFk\n" };
	static const size_t said_words[] = { 1, 0 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct words_mail mail;
		struct words_list *list = NULL;
		struct err err = { .st = ST_OK };

		words_mail_init(&mail);
		for (size_t k = 0; i >= 2 && k < 5000; k++)
			words_mail_add(&mail, WORDS_PLACE_INSIDE,
				       span_of("x\n"));
		words_mail_add(&mail, WORDS_PLACE_INSIDE,
			       span_of(texts[i % 2]));
		check_status(ST_OK, words_list_new(&list, &err), &err);
		check_status(ST_OK, words_rank_said(&mail, 64, list, &err),
			     &err);
		assert_int_equal(words_list_count(list),
				 i < 2 ? said_words[i] : 0);
		words_list_free(&list);
		words_mail_done(&mail);
	}
}

/* Of a table given cell by cell what stands below the heading is said. */
static void
the_column_below_a_heading_is_said(void **state)
{
	static const struct {
		uint32_t row;
		uint32_t column;
		const char *text;
	} cells[] = {
		{ 1, 1, "ファイル名" },
		{ 1, 2, "パスワード" },
		{ 1, 3, "備考" },
		{ 2, 1, "a.zip" },
		{ 2, 2, "fRj#VuFk" },
		{ 2, 3, "Memo12" },
		{ 3, 1, "b.zip" },
		{ 3, 2, "gSk#WvGl" },
		{ 3, 3, "Memo34" },
		/* another table */
		{ 1, 1, "Item1234" },
		{ 2, 2, "Item5678" },
	};
	struct words_heading heading = { 0, 0 };
	struct words_mail mail;
	struct words_list *list = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	words_mail_init(&mail);
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		words_table_cell(&mail, &heading, cells[i].row, cells[i].column,
				 span_of(cells[i].text));
	check_status(ST_OK, words_list_new(&list, &err), &err);
	check_status(ST_OK, words_rank_said(&mail, 64, list, &err), &err);
	assert_int_equal(words_list_count(list), 2);
	assert_true(span_equal(words_list_word(list, 0), span_of("fRj#VuFk")));
	assert_true(span_equal(words_list_word(list, 1), span_of("gSk#WvGl")));
	words_list_free(&list);
	words_mail_done(&mail);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_behind_any_label),
		cmocka_unit_test(addresses_are_no_words),
		cmocka_unit_test(words_of_several_parts_are_made),
		cmocka_unit_test(
			a_line_below_a_subject_about_a_password_is_said),
		cmocka_unit_test(
			a_sentence_below_a_subject_about_a_password_says_it),
		cmocka_unit_test(
			an_attached_note_says_it_behind_an_anchor_at_its_start),
		cmocka_unit_test(the_column_below_a_heading_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
