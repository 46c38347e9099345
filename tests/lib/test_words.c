/* Words and weights: the shipped ones, and what an admin adds. */
#include "lib/words/known_files.h"
#include "lib/words/words.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "lib/words/words_match.h"
#include "tests/harness/check.h"

/* words_make() with one file of an own directory. */
static enum status
make_with(const char *path, const char *text, struct words **words_out,
	  struct err *err)
{
	const struct words_file file = { path, text };
	const struct words_added added = { .files = &file, .file_count = 1 };

	return words_make(&added, words_out, err);
}

/* The entry that counts: the last one written like this. */
static const struct words_entry *
find_entry(const struct words *words, const char *text)
{
	const struct words_entries entries = words_entries(words);
	const struct words_entry *items = entries.items;

	for (size_t i = entries.count; i > 0; i--)
		if (strcmp(items[i - 1].text, text) == 0)
			return &items[i - 1];
	return NULL;
}

static void
check_entry(const struct words *words, const char *text, enum label_kind kind,
	    enum label_place place)
{
	const struct words_entry *entry = find_entry(words, text);

	if (entry == NULL) {
		fail_msg("%s is no word", text);
		return;
	}
	assert_int_equal(kind, entry->kind);
	assert_int_equal(place, entry->place);
}

static void
shipped_words_have_the_kind_of_their_file(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, words_new(&words, &err), &err);
	check_entry(words, "個人番号", LABEL_DIRECT, LABEL_ANYWHERE);
	check_entry(words, "マイナンバー制度", LABEL_WEAK, LABEL_ANYWHERE);
	check_entry(words, "注文番号", LABEL_RIVAL, LABEL_ANYWHERE);
	check_entry(words, "円", LABEL_RIVAL, LABEL_TOUCHING);
	check_entry(words, "源泉徴収票", LABEL_FORM, LABEL_ANYWHERE);
	check_entry(words, "生年月日", LABEL_BIRTH, LABEL_ANYWHERE);
	check_entry(words, "続柄", LABEL_FAMILY, LABEL_ANYWHERE);
	check_entry(words, "氏名", LABEL_NAME, LABEL_ANYWHERE);
	check_entry(words, "住所", LABEL_ADDRESS, LABEL_ANYWHERE);
}

static void
no_shipped_word_stands_in_two_lists(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, words_new(&words, &err), &err);
	const struct words_entries entries = words_entries(words);

	for (size_t i = 0; i < entries.count; i++)
		if (find_entry(words, entries.items[i].text) !=
		    &entries.items[i])
			fail_msg("%s stands in two lists",
				 entries.items[i].text);
}

/* Where a number stands is where words are looked for: a word that began with
 * a digit would have each of its digits looked at. */
static void
no_shipped_word_begins_with_a_digit(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, words_new(&words, &err), &err);
	const struct words_entries entries = words_entries(words);

	for (size_t i = 0; i < entries.count; i++)
		if (strchr("0123456789", entries.items[i].text[0]) != NULL)
			fail_msg("%s", entries.items[i].text);
}

static void
every_evidence_has_a_weight_and_the_order_of_reason(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, words_new(&words, &err), &err);
	assert_int_equal(0, words_weight_db(words, EVIDENCE_NONE));
	assert_int_equal(-30, words_weight_db(words, EVIDENCE_PRIOR));
	assert_int_equal(10, words_weight_db(words, EVIDENCE_CHECK_VALID));
	assert_true(words_weight_db(words, EVIDENCE_OWN_ID) <= -32);
}

static void
lines_may_have_comments_blanks_and_foreign_ends(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK,
		     make_with("/x/direct.add.conf",
			       "\xEF\xBB\xBF# ours\r\n\r\n"
			       "  番号甲\t# a comment\r\n!番号甲一覧\n"
			       "=甲#乙",
			       &words, &err),
		     &err);
	check_entry(words, "番号甲", LABEL_DIRECT, LABEL_ANYWHERE);
	check_entry(words, "番号甲一覧", LABEL_WEAK, LABEL_ANYWHERE);
	check_entry(words, "甲#乙", LABEL_DIRECT, LABEL_TOUCHING);
	check_entry(words, "個人番号", LABEL_DIRECT, LABEL_ANYWHERE);
}

static void
a_file_of_a_list_takes_its_place(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, make_with("/x/form.conf", "年次届\n", &words, &err),
		     &err);
	check_entry(words, "年次届", LABEL_FORM, LABEL_ANYWHERE);
	assert_null(find_entry(words, "源泉徴収票"));
	check_entry(words, "個人番号", LABEL_DIRECT, LABEL_ANYWHERE);
}

static void
an_added_word_wins_over_a_shipped_one_of_any_list(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK,
		     make_with("/x/direct.add.conf", "整理番号\n!本人番号\n",
			       &words, &err),
		     &err);
	check_entry(words, "整理番号", LABEL_DIRECT, LABEL_ANYWHERE);
	check_entry(words, "本人番号", LABEL_WEAK, LABEL_ANYWHERE);
}

static void
what_is_no_word_is_refused_with_file_and_line(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{ "甲\n\n!\n", "/x/rival.add.conf:3: \"!\": no letter in it" },
		{ "---\n", "/x/rival.add.conf:1: \"---\": no letter" },
		{ "x\n", "\"x\": one letter stands in every text" },
		{ "!=甲\n", "only one mark" },
		{ "=!甲\n", "only one mark" },
		{ "甲番\n乙番\n!甲番\n", "/x/rival.add.conf:3: \"!甲番\": "
					 "stands in this file already" },
		{ "甲\x01\n", "/x/rival.add.conf:1: control character 1" },
		{ "甲\n乙\r丙\n", "/x/rival.add.conf:2: control character 13" },
		{ "\x93\xc1\n", "is not UTF-8; save it as UTF-8" },
		{ "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやま"
		  "けふこえてあさきゆめみし\n",
		  "is too long" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(words_free) struct words *words = NULL;
		struct err err = { .st = ST_OK };

		check_status(ST_FORMAT,
			     make_with("/x/rival.add.conf", cases[i].text,
				       &words, &err),
			     &err);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s, not %s", err.text, cases[i].says);
	}
}

static void
more_words_than_there_is_room_for_are_refused(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { .st = ST_OK };

	(void)state;
	sbuf_init(&text, 1024 * 1024);
	for (int i = 0; i < 5000; i++)
		sbuf_addf(&text, "番号%d\n", i);
	check_status(
		ST_LIMIT,
		make_with("/x/rival.add.conf", sbuf_text(&text), &words, &err),
		&err);
	assert_non_null(strstr(err.text, "more than 5000 of them"));
}

static void
a_long_path_does_not_push_the_reason_out(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };
	char path[600];

	(void)state;
	(void)snprintf(path, sizeof(path), "/%0500d/direct.conf", 0);
	check_status(ST_FORMAT, make_with(path, "!\n", &words, &err), &err);
	assert_non_null(strstr(err.text, "/direct.conf:1: \"!\": no letter"));
}

static void
own_weights_replace_single_ones_or_all(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK,
		     make_with("/x/weights.add.conf",
			       "label.page\t12 # less\ncheck.valid +11\n"
			       "prior -40\n",
			       &words, &err),
		     &err);
	assert_int_equal(12, words_weight_db(words, EVIDENCE_LABEL_PAGE));
	assert_int_equal(11, words_weight_db(words, EVIDENCE_CHECK_VALID));
	assert_int_equal(-40, words_weight_db(words, EVIDENCE_PRIOR));
	assert_int_equal(25, words_weight_db(words, EVIDENCE_LABEL_LINE));
}

static void
wrong_weights_are_refused_with_file_and_line(void **state)
{
	static const struct {
		const char *name;
		const char *text;
		const char *says;
	} cases[] = {
		{ "weights.conf", "prior -30\n", "is missing; add it" },
		{ "weights.add.conf", "\nlabel.nowhere 3\n",
		  "/x/weights.add.conf:2: \"label.nowhere 3\": no evidence" },
		{ "weights.add.conf", "prior -30\nprior -31\n",
		  "/x/weights.add.conf:2: \"prior -31\": stands in this file" },
		{ "weights.add.conf", "prior\n", "write a whole number" },
		{ "weights.add.conf", "prior -101\n", "from -100 to +100" },
		{ "weights.add.conf", "prior 1.5\n", "write a whole number" },
		{ "weights.add.conf", "prior +-1\n", "write a whole number" },
		{ "weights.add.conf", "prior 1 2\n", "write a whole number" },
		{ "weights.add.conf", "check.valid -30\n",
		  "check.valid must not weigh less than check.invalid" },
		{ "weights.add.conf", "label.page 26\n",
		  "label.line must not weigh less than label.page" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(words_free) struct words *words = NULL;
		struct err err = { .st = ST_OK };
		char path[64];

		(void)snprintf(path, sizeof(path), "/x/%s", cases[i].name);
		check_status(ST_FORMAT,
			     make_with(path, cases[i].text, &words, &err),
			     &err);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s, not %s", err.text, cases[i].says);
	}
}

/* --- ids and samples --------------------------------------------------- */

static enum status
make_ids(const char *own_id, const char *sample, struct words **words_out,
	 struct err *err)
{
	const struct words_id id = { own_id };
	const struct words_id number = { sample };
	const struct words_added added = {
		.own_ids = &id,
		.own_id_count = own_id != NULL ? 1 : 0,
		.samples = &number,
		.sample_count = sample != NULL ? 1 : 0,
	};

	return words_make(&added, words_out, err);
}

static void
an_own_id_is_known_by_its_fixed_digits(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, make_ids("2026-##1# ####", NULL, &words, &err),
		     &err);
	assert_int_equal(EVIDENCE_OWN_ID, words_own_row(words, 202600100000));
	assert_int_equal(EVIDENCE_OWN_ID, words_own_row(words, 202699199999));
	assert_int_equal(EVIDENCE_NONE, words_own_row(words, 202699299999));
	assert_int_equal(EVIDENCE_NONE, words_own_row(words, 202500100000));
}

static void
leading_zeros_of_an_own_id_count(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, make_ids("0001########", NULL, &words, &err), &err);
	assert_int_equal(EVIDENCE_OWN_ID, words_own_row(words, 123456789));
	assert_int_equal(EVIDENCE_NONE, words_own_row(words, 11234567890));
}

static void
ids_that_name_a_person_or_cover_all_are_refused_unread(void **state)
{
	static const struct {
		const char *id;
		const char *says;
	} cases[] = {
		{ "123456789018",
		  "no number of a person belongs into a configuration file" },
		{ "12345678901#", "write # for at least 4 digits" },
		{ "123456789###", "write # for at least 4 digits" },
		{ "12##########", "covers too many numbers" },
		{ "############", "covers too many numbers" },
		{ "2026#######", "write twelve characters" },
		{ "2026#########", "write twelve characters" },
		{ "2026???????", "write twelve characters" },
		{ "", "write twelve characters" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(words_free) struct words *words = NULL;
		struct err err = { .st = ST_OK };

		check_status(ST_FORMAT,
			     make_ids(cases[i].id, NULL, &words, &err), &err);
		if (strstr(err.text, cases[i].says) == NULL ||
		    strncmp(err.text, "own_ids: item 1: ", 17) != 0)
			fail_msg("%s, not %s", err.text, cases[i].says);
		assert_null(strstr(err.text, "123456789"));
	}
}

static void
only_published_samples_are_taken(void **state)
{
	AUTO(words_free) struct words *words = NULL;
	AUTO(words_free) struct words *none = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, make_ids(NULL, "1234 5678 9018", &words, &err),
		     &err);
	assert_int_equal(EVIDENCE_OWN_SAMPLE,
			 words_own_row(words, 123456789018));
	assert_int_equal(EVIDENCE_NONE, words_own_row(words, 987654321093));
	check_status(ST_FORMAT, make_ids(NULL, "202610160001", &none, &err),
		     &err);
	assert_non_null(strstr(err.text, "samples: item 1: is none of the "
					 "published sample numbers"));
	assert_null(strstr(err.text, "2026"));
	check_status(ST_FORMAT, make_ids(NULL, "1234########", &none, &err),
		     &err);
	assert_non_null(strstr(err.text, "write twelve digits"));
}

/* --- the own directory ------------------------------------------------- */

static void
write_file(const char *dir, const char *name, const char *text)
{
	char path[200];
	struct err err = { .st = ST_OK };

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	check_status(ST_OK, fd_replace_file(path, span_of(text), 0600, &err),
		     &err);
}

static void
remove_dir(const char *dir)
{
	DIR *handle = opendir(dir);
	const struct dirent *entry = NULL;

	assert_non_null(handle);
	while ((entry = readdir(handle)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			assert_int_equal(
				0, unlinkat(dirfd(handle), entry->d_name, 0));
	assert_int_equal(0, closedir(handle));
	assert_int_equal(0, rmdir(dir));
}

static void
an_own_directory_reaches_the_worker_whole(void **state)
{
	const struct words_id id = { "2026########" };
	const struct words_pattern pattern = { "code", "CD", false, -9 };
	const struct words_added added = { .own_ids = &id,
					   .own_id_count = 1,
					   .patterns = &pattern,
					   .pattern_count = 1 };
	AUTO(words_free) struct words *words = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	char dir[] = "/tmp/test_words.XXXXXX";
	struct err err = { .st = ST_OK };

	(void)state;
	assert_non_null(mkdtemp(dir));
	write_file(dir, "direct.add.conf", "職員番号甲\n");
	write_file(dir, "weights.add.conf", "own.id -50\n");
	write_file(dir, "README", "no words");
	write_file(dir, ".direct.conf", "\xff");
	check_status(ST_OK, words_pack(dir, &added, &fd, &err), &err);
	check_status(ST_OK, words_unpack(fd, &words, &err), &err);
	check_entry(words, "職員番号甲", LABEL_DIRECT, LABEL_ANYWHERE);
	assert_int_equal(-50, words_weight_db(words, EVIDENCE_OWN_ID));
	assert_int_equal(EVIDENCE_OWN_ID, words_own_row(words, 202600000000));
	assert_int_equal(1, words_patterns_count(words_patterns(words)));
	remove_dir(dir);
}

static void
a_wrong_directory_is_refused_with_the_file(void **state)
{
	static const struct {
		const char *name;
		const char *text;
		enum status st;
		const char *says;
	} cases[] = {
		{ "drect.add.conf", "甲番\n", ST_FORMAT,
		  "/drect.add.conf: is no list of words" },
		{ "samples.conf", "123456789018\n", ST_FORMAT,
		  "/samples.conf: is no list of words" },
		{ "form.add.conf", "甲番\n!\n", ST_FORMAT,
		  "/form.add.conf:2: \"!\": no letter" },
	};
	const struct words_added added = { .files = NULL };
	struct err err = { .st = ST_OK };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char dir[] = "/tmp/test_words.XXXXXX";

		assert_non_null(mkdtemp(dir));
		write_file(dir, cases[i].name, cases[i].text);
		check_status(cases[i].st, words_pack(dir, &added, NULL, &err),
			     &err);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s, not %s", err.text, cases[i].says);
		remove_dir(dir);
	}
	check_status(ST_IO, words_pack("/nonexistent", &added, NULL, &err),
		     &err);
	assert_non_null(strstr(err.text, "scanner.words: /nonexistent"));
}

static void
known_files_reach_the_worker_whole(void **state)
{
	static const char form[] =
		"a blank form of one hundred bytes at the very least, which "
		"everybody in the company sends in each week.";
	struct words_added added = { .passwords_path = "" };
	AUTO(words_free) struct words *words = NULL;
	AUTO(fd_close) int fd = FD_NONE;
	char dir[] = "/tmp/test_words.XXXXXX";
	struct span file = { NULL, 0 };
	struct err err = { .st = ST_OK };
	size_t at = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	added.known_path = dir;
	write_file(dir, "b.txt", form);
	write_file(dir, "a.txt", form + 1);
	write_file(dir, "short.txt", "too small");
	write_file(dir, ".hidden", form);
	check_status(ST_OK, words_pack("", &added, &fd, &err), &err);
	check_status(ST_OK, words_unpack(fd, &words, &err), &err);
	assert_true(known_files_next(words_known_files(words), &at, &file));
	assert_true(span_equal(file, span_of(form + 1)));
	assert_true(known_files_next(words_known_files(words), &at, &file));
	assert_true(span_equal(file, span_of(form)));
	assert_false(known_files_next(words_known_files(words), &at, &file));
	remove_dir(dir);
	check_status(ST_IO, words_pack("", &added, NULL, &err), &err);
	assert_non_null(strstr(err.text, "scanner.known_files: /tmp"));
}

static void
a_known_file_over_a_mebibyte_is_refused(void **state)
{
	struct words_added added = { .passwords_path = "" };
	char dir[] = "/tmp/test_words.XXXXXX";
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { .st = ST_OK };

	(void)state;
	assert_non_null(mkdtemp(dir));
	added.known_path = dir;
	sbuf_init(&text, KNOWN_FILES_MOST_BYTES + 1);
	while (text.len_bytes < KNOWN_FILES_MOST_BYTES)
		sbuf_add_byte(&text, 'x');
	write_file(dir, "logo.bin", sbuf_text(&text));
	check_status(ST_OK, words_pack("", &added, NULL, &err), &err);
	sbuf_add_byte(&text, 'x');
	write_file(dir, "logo.bin", sbuf_text(&text));
	check_status(ST_LIMIT, words_pack("", &added, NULL, &err), &err);
	assert_non_null(strstr(err.text, "logo.bin: more than 200 files"));
	remove_dir(dir);
}

static void
a_directory_over_a_mebibyte_is_refused(void **state)
{
	const struct words_added added = { .files = NULL };
	char dir[] = "/tmp/test_words.XXXXXX";
	AUTO(sbuf_done) struct sbuf text;
	struct err err = { .st = ST_OK };

	(void)state;
	assert_non_null(mkdtemp(dir));
	sbuf_init(&text, WORDS_MAX_BYTES);
	sbuf_add_byte(&text, '#');
	while (text.len_bytes < WORDS_MAX_BYTES - 20)
		sbuf_add_byte(&text, ' ');
	write_file(dir, "direct.add.conf", sbuf_text(&text));
	check_status(ST_OK, words_pack(dir, &added, NULL, &err), &err);
	write_file(dir, "form.add.conf", "甲番\n乙番\n丙番\n");
	check_status(ST_LIMIT, words_pack(dir, &added, NULL, &err), &err);
	assert_non_null(strstr(err.text, "form.add.conf: more than 1048576"));
	remove_dir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_words_have_the_kind_of_their_file),
		cmocka_unit_test(no_shipped_word_stands_in_two_lists),
		cmocka_unit_test(no_shipped_word_begins_with_a_digit),
		cmocka_unit_test(
			every_evidence_has_a_weight_and_the_order_of_reason),
		cmocka_unit_test(
			lines_may_have_comments_blanks_and_foreign_ends),
		cmocka_unit_test(a_file_of_a_list_takes_its_place),
		cmocka_unit_test(
			an_added_word_wins_over_a_shipped_one_of_any_list),
		cmocka_unit_test(what_is_no_word_is_refused_with_file_and_line),
		cmocka_unit_test(more_words_than_there_is_room_for_are_refused),
		cmocka_unit_test(a_long_path_does_not_push_the_reason_out),
		cmocka_unit_test(own_weights_replace_single_ones_or_all),
		cmocka_unit_test(wrong_weights_are_refused_with_file_and_line),
		cmocka_unit_test(an_own_id_is_known_by_its_fixed_digits),
		cmocka_unit_test(leading_zeros_of_an_own_id_count),
		cmocka_unit_test(
			ids_that_name_a_person_or_cover_all_are_refused_unread),
		cmocka_unit_test(only_published_samples_are_taken),
		cmocka_unit_test(an_own_directory_reaches_the_worker_whole),
		cmocka_unit_test(a_wrong_directory_is_refused_with_the_file),
		cmocka_unit_test(a_directory_over_a_mebibyte_is_refused),
		cmocka_unit_test(known_files_reach_the_worker_whole),
		cmocka_unit_test(a_known_file_over_a_mebibyte_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
