/* words_rank.h: words that no anchor names, out of the places of a mail. */
#include "scanners/locks/words_rank.h"

#include <string.h>

#include "lib/base/parse.h"
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_behind_any_label),
		cmocka_unit_test(addresses_are_no_words),
		cmocka_unit_test(
			a_line_below_a_subject_about_a_password_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
