/* engine_hide.h: no password stands in what people see of a report. */
#include "scanners/worker/engine_hide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine_path.h"
#include "tests/harness/check.h"
#include "tests/scanners/locked_mail.h"
#include "tests/scanners/locked_zip.h"

enum { MAIL_BYTES = 1 << 20, TEXT_BYTES = 4000 };

/* ---- texts ---- */

static void
hide(const char *const *words, const char *text, struct sbuf *out)
{
	struct words_list *list = NULL;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, words_list_new(&list, &err), &err);
	for (; *words != NULL; words++)
		check_status(ST_OK,
			     words_list_add(list, span_of(*words),
					    REPORT_WORD_SOURCE_BODY, &err),
			     &err);
	sbuf_clear(out);
	(void)engine_hide_text(list, span_of(text), out);
	words_list_free(&list);
}

static void
a_word_is_hidden_in_every_form(void **state)
{
	static const struct {
		const char *word;
		const char *text;
		const char *shown;
	} all[] = {
		{ "Abc#23xy", "資料 Abc#23xy です", "資料 ******** です" },
		{ "Abc#23xy", "Abc#23xyAbc#23xy", "****************" },
		{ "Abc#23xy", "ａｂｃ＃２３ｘｙ", "********" },
		{ "Abc#23xy", "ABC#23XY", "********" },
		{ "Abc#23xy", "a/Abc#23xy.zip/b", "a/********.zip/b" },
		{ "Abc#23xy", "Abc#23x", "Abc#23x" },
		/* Digits were masked before. */
		{ "sakura2026", "sakura****", "********" },
		{ "sakura2026", "list_sakura****.zip", "list_********.zip" },
		{ "Abc#23xy", "Abc#**xy", "********" },
		/* Nothing is left of it to be hidden. */
		{ "20261122", "a ******** b", "a ******** b" },
		{ "パスワード", "ﾊﾟｽﾜｰﾄﾞ", "********" },
		/* A short one, as a word by itself. */
		{ "ab1", "ab1 cab1 ab1_x.zip", "******** cab1 ********_x.zip" },
		{ "a1", "a1", "a1" },
	};
	struct sbuf out;

	(void)state;
	sbuf_init(&out, TEXT_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const char *const words[] = { all[i].word, NULL };

		hide(words, all[i].text, &out);
		assert_string_equal(sbuf_text(&out), all[i].shown);
	}
	sbuf_done(&out);
}

static void
the_longest_word_is_hidden_whole(void **state)
{
	static const char *const words[] = { "Abc1", "Abc1xyz", "yz!9", NULL };
	struct sbuf out;

	(void)state;
	sbuf_init(&out, TEXT_BYTES);
	hide(words, "Abc1xyz!9 Abc1x", &out);
	assert_string_equal(sbuf_text(&out), "********!9 ********x");
	sbuf_done(&out);
}

/* A name is cut at 240 bytes, and a word with it. */
static void
half_a_word_at_the_end_of_a_cut_name_is_hidden(void **state)
{
	static const char *const words[] = { "Abcdefgh12", NULL };
	char text[ENGINE_NAME_BYTES + 20];
	struct sbuf out;

	(void)state;
	sbuf_init(&out, TEXT_BYTES);
	memset(text, '-', sizeof(text));
	memcpy(text + ENGINE_NAME_BYTES - 6, "Abcdef", 7);
	hide(words, text, &out);
	assert_null(strstr(sbuf_text(&out), "Abcd"));
	assert_string_equal(sbuf_text(&out) + ENGINE_NAME_BYTES - 6,
			    ENGINE_HIDE_STARS);
	hide(words, "short-Abcdef", &out);
	assert_string_equal(sbuf_text(&out), "short-Abcdef");
	sbuf_done(&out);
}

/* A worker that is lost has said no more than the path. */
static void
a_path_says_no_password_from_the_start(void **state)
{
	static const struct {
		const char *name;
		const char *path;
	} all[] = {
		{ "list_PW-Abc#23xy.zip", "2/3/list_PW-********.zip" },
		{ "見積【パスワード：Abc#23xy】.zip",
		  "2/3/見積【パスワード：********】.zip" },
		{ "password_20261122.zip", "2/3/password_********.zip" },
		/* With marks that stand apart, as macOS writes them. */
		{ "ハ\xE3\x82\x9Aスワート\xE3\x82\x99：Abc#23xy.zip",
		  "2/3/ハ\xE3\x82\x9Aスワート\xE3\x82\x99：********.zip" },
		{ "list.zip", "2/3/list.zip" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		char *path = engine_path_child("2", ENGINE_PATH_OF_MAIL, 3,
					       all[i].name);

		assert_string_equal(path, all[i].path);
		free(path);
	}
}

/* ---- reports ---- */

struct told {
	const char *subject;
	const char *body;
	const char *name;
	const char *member;
	const char *part; /* what is shown of the path of what was found */
};

static void
scan_told(struct locked_scan *scan, const struct told *told, const char *word,
	  bool preview)
{
	static const char text[] = "氏名,個人番号\r\n山田太郎,123456789018\r\n";
	struct locked_zip zip;
	struct sbuf mail;

	locked_zip_begin(&zip);
	locked_zip_add(&zip, told->member, word, span_of(text));
	locked_zip_end(&zip);
	sbuf_init(&mail, MAIL_BYTES);
	locked_mail_begin(&mail, told->subject, told->body);
	locked_mail_attach(&mail, told->name, sbuf_span(&zip.archive));
	locked_mail_end(&mail);
	scan->preview = preview;
	locked_scan_run(scan, &mail);
	sbuf_done(&mail);
	locked_zip_done(&zip);
}

static const struct told all_told[] = {
	{ "PW:Kx9#q7TT for you", "hello", "a.zip", "list.csv",
	  "2/a.zip/list.csv" },
	{ "Kx9#q7TT", "hello", "a.zip", "list.csv", "2/a.zip/list.csv" },
	{ "papers", "hello", "list_pw-Kx9#q7TT.zip", "list.csv",
	  "2/list_pw-********.zip/list.csv" },
	{ "papers", "hello", "Kx9#q7TT.zip", "list.csv",
	  "2/********.zip/list.csv" },
	{ "papers", "Kx9#q7TT\r\nkx9#q7tt", "x-kx9#q7tt.zip", "Kx9#q7TT/l.csv",
	  "2/x-********.zip/********/l.csv" },
	{ "papers",
	  "Password: Kx9#q7TT, My Number 123456789018 Kx9#q7TT end\r\n",
	  "a.zip", "list.csv", "2/a.zip/list.csv" },
	/* It opens by what came from elsewhere. */
	{ "Re: Kx9#q7TT", "hello", "a_Kx9#q7TT.zip", "list.csv",
	  "2/a_********.zip/list.csv" },
};

static void
a_report_shows_no_password_wherever_it_was_told(void **state)
{
	static const char word[] = "Kx9#q7TT";
	const struct scan_word given = { word, REPORT_WORD_SOURCE_RELATED };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all_told); i++) {
		struct locked_scan scan = {
			.secrets = &given,
			.secret_count = i + 1 == ARRAY_LEN(all_told)
		};
		struct sbuf payload;
		struct err err = { .st = ST_OK };

		scan_told(&scan, &all_told[i], word, false);
		assert_int_equal(locked_scan_word(&scan, word), 1);
		if (!locked_scan_found(&scan, all_told[i].part))
			fail_msg("row %zu: %s", i,
				 scan.report.findings[0].part);
		report_forget_words(&scan.report);
		sbuf_init(&payload, MAIL_BYTES);
		check_status(ST_OK,
			     wire_encode(&report_table, &scan.report, &payload,
					 &err),
			     &err);
		for (size_t at = 0; at + 8 <= payload.len_bytes; at++)
			assert_false(span_equal_nocase(
				(struct span){ payload.bytes + at, 8 },
				span_of(word)));
		assert_null(memmem(payload.bytes, payload.len_bytes, "#q", 2));
		sbuf_done(&payload);
		locked_scan_done(&scan);
	}
}

/* Pages put parts of both together. */
static void
the_paths_of_a_preview_are_those_of_its_report(void **state)
{
	(void)state;
	for (size_t i = 0; i + 1 < ARRAY_LEN(all_told); i++) {
		struct locked_scan scan = { .none = false };
		struct preview preview = { .parts = NULL };
		struct err err = { .st = ST_OK };
		size_t same = 0;

		scan_told(&scan, &all_told[i], "Kx9#q7TT", true);
		check_status(ST_OK, engine_preview(scan.engine, &preview, &err),
			     &err);
		for (size_t j = 0; j < preview.part_count; j++) {
			const struct preview_part *part = &preview.parts[j];

			same += strcmp(part->path, all_told[i].part) == 0;
			assert_null(strstr(part->name, "#q"));
			for (size_t k = 0; k < part->line_count; k++)
				assert_null(strstr(part->lines[k].text, "#q"));
		}
		assert_int_equal(same, 1);
		locked_scan_done(&scan);
	}
}

/* ---- what nobody says to be a password ---- */

/* Is text in the preview of a mail with this body, and an archive that opens
 * with word? */
static bool
is_shown(const char *body, const char *word, const char *text)
{
	const struct told told = { "papers", body, "a.zip", "list.csv", "" };
	struct locked_scan scan = { .search_ms = 30 };
	struct preview preview = { .parts = NULL };
	struct err err = { .st = ST_OK };
	bool shown = false;

	scan_told(&scan, &told, word, true);
	check_status(ST_OK, engine_preview(scan.engine, &preview, &err), &err);
	for (size_t i = 0; i < preview.part_count; i++)
		for (size_t j = 0; j < preview.parts[i].line_count; j++)
			shown |= strstr(preview.parts[i].lines[j].text, text) !=
				 NULL;
	locked_scan_done(&scan);
	return shown;
}

static void
list_hidden(const char *body, struct words_list *list)
{
	AUTO(words_free) struct words *words = NULL;
	struct words_mail mail;
	struct err err = { .st = ST_OK };

	check_status(ST_OK, words_new(&words, &err), &err);
	words_mail_init(&mail);
	words_mail_add(&mail, WORDS_PLACE_BODY, span_of(body));
	check_status(ST_OK, engine_hide_tokens(&mail, words, list, &err), &err);
	words_mail_done(&mail);
}

static void
a_word_that_may_be_a_password_is_hidden_while_something_is_locked(void **state)
{
	static const char body[] =
		"展開の際は Xk29fjQpLm77 をお使いください。\r\n"
		"個人番号 123456789018 を確認\r\n";

	(void)state;
	assert_false(is_shown(body, "another-long-word-of-all", "Xk"));
	assert_true(is_shown(body, "another-long-word-of-all", "確認"));
	/* It opens, and is known then. */
	assert_false(is_shown(body, "Xk29fjQpLm77", "Xk"));
	/* By another word: this one is none. */
	assert_true(is_shown("パスワード：Another#Word7\r\n"
			     "型番 Xk29fjQpLm77 個人番号 123456789018\r\n",
			     "Another#Word7", "Xk"));
	/* Nothing is locked. */
	assert_true(is_shown(body, NULL, "Xk"));
}

static void
random_words_are_hidden(void **state)
{
	static const char *const all[] = {
		"Xk29fjQpLm77", "k4vz93tq",     "7KX2PQ9M",     "taro20261122",
		"Taro2026",     "Abc#2026x",    "xkfjQpLmRtZa", "QpLmXk29",
		"pass!2026",    "Zx9-Kq72fLp3", "r8Tn_2mVx9",   "sekimori4711",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct words_list *list = NULL;
		struct err err = { .st = ST_OK };
		char body[100];

		check_status(ST_OK, words_list_new(&list, &err), &err);
		(void)snprintf(body, sizeof(body),
			       "展開の際は%sをお使いください\n", all[i]);
		list_hidden(body, list);
		if (words_list_count(list) == 0)
			fail_msg("%s", all[i]);
		words_list_free(&list);
	}
}

static void
ordinary_words_are_shown(void **state)
{
	static const char body[] =
		"Excel2016 と Office365、Windows11 の JavaScript (UTF-8, "
		"SHA256, AES-256) について、10:30-11:00 に 03-1234-5678 まで。"
		"\n"
		"2026/11/22 list_v2_final.xlsx https://a.example/Xk29fjQpLm77 "
		"taro.yamada@example.co.jp 1,234,567円 R8.11.22 ISO9001\n"
		"INV20261122 PO-2026-0012 No.12345 FY2026 Q3FY2026 iPhone15 "
		"COVID-19 H264 McDonalds PowerPoint 第3回 A4 B5 99.5% PDF\n"
		"注文番号：B07XYZ123Q 請求書番号 Xk29fjQpLm78\n"
		"「さくら」 Password secret sakura 20261122\n"
		"山田太郎\nsakura\n20261122\n0312345678\n";
	struct words_list *list = NULL;
	struct err err = { .st = ST_OK };

	(void)state;
	check_status(ST_OK, words_list_new(&list, &err), &err);
	list_hidden(body, list);
	for (size_t i = 0; i < words_list_count(list); i++)
		print_message("%.*s\n", (int)words_list_word(list, i).len_bytes,
			      (const char *)words_list_word(list, i).ptr);
	assert_int_equal(words_list_count(list), 0);
	words_list_free(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_is_hidden_in_every_form),
		cmocka_unit_test(the_longest_word_is_hidden_whole),
		cmocka_unit_test(
			half_a_word_at_the_end_of_a_cut_name_is_hidden),
		cmocka_unit_test(a_path_says_no_password_from_the_start),
		cmocka_unit_test(
			a_word_that_may_be_a_password_is_hidden_while_something_is_locked),
		cmocka_unit_test(random_words_are_hidden),
		cmocka_unit_test(ordinary_words_are_shown),
		cmocka_unit_test(
			a_report_shows_no_password_wherever_it_was_told),
		cmocka_unit_test(
			the_paths_of_a_preview_are_those_of_its_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
