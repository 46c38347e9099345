/* Tests of the preview that the engine makes, with the real readers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "scanners/worker/engine.h"
#include "scanners/worker/preview_build.h"
#include "tests/harness/check.h"

#define DOTS4  "●●●●"
#define NUMBER "123456789018"

struct shot {
	struct engine_request request;
	struct engine_readers readers;
	struct engine *engine;
	struct preview preview;
};

static enum status
no_taint(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return ST_OK;
}

static void
shoot_bytes(struct shot *shot, struct span mail, bool reveal)
{
	struct scan_report report;
	struct err err;

	*shot = (struct shot){
		.request = { .input = SCAN_INPUT_MAIL,
			     .reveal = reveal,
			     .preview = true,
			     .name = "",
			     .profile = REPORT_PROFILE_STANDARD,
			     .body = mail,
			     .limits = { 8, 1000, 64 << 20, 100, 1000000, 1000,
					 60000, 60000 } },
		.readers = { .next = reader_next,
			     .unread_format = reader_unread_format,
			     .taint = no_taint },
	};
	check_status(
		ST_OK,
		engine_new(&shot->request, &shot->readers, &shot->engine, &err),
		&err);
	check_status(ST_OK, engine_run(shot->engine, &report, &err), &err);
	check_status(ST_OK, engine_preview(shot->engine, &shot->preview, &err),
		     &err);
	/* The other end can read it. */
	AUTO(sbuf_done) struct sbuf payload;

	sbuf_init(&payload, 8 << 20);
	check_status(
		ST_OK,
		wire_encode(&preview_table, &shot->preview, &payload, &err),
		&err);
	assert_int_equal(shot->preview.revealed, reveal);
}

static void
shoot(struct shot *shot, const char *mail)
{
	shoot_bytes(shot, span_of(mail), false);
}

static void
shot_done(struct shot *shot)
{
	engine_free(&shot->engine);
}

static const struct preview_part *
find_part(const struct shot *shot, const char *path)
{
	for (size_t i = 0; i < shot->preview.part_count; i++)
		if (strcmp(shot->preview.parts[i].path, path) == 0)
			return &shot->preview.parts[i];
	fail_msg("no part %s", path);
	return NULL;
}

static void
assert_line(const struct preview_part *part, size_t i, const char *place,
	    const char *text, bool found)
{
	assert_true(i < part->line_count);
	assert_string_equal(part->lines[i].place, place);
	assert_string_equal(part->lines[i].text, text);
	assert_int_equal(part->lines[i].found, found);
}

#define HEAD                                                           \
	"From: a@example.co.jp\r\nTo: b@example.com\r\nSubject: x\r\n" \
	"Received: from hidden.test\r\nMIME-Version: 1.0\r\n"
#define PLAIN "Content-Type: text/plain; charset=UTF-8\r\n\r\n"

static void
lines_stand_with_their_place_and_numbers_are_hidden(void **state)
{
	struct shot shot;

	(void)state;
	shoot(&shot,
	      HEAD PLAIN "お世話になります。\r\n"
			 "個人番号：1234-5678-9018 です\r\n\r\n以上\r\n");
	const struct preview_part *part = find_part(&shot, "1");

	assert_string_equal(part->type, "text");
	assert_false(part->table);
	assert_false(part->cut);
	assert_int_equal(part->line_count, 4);
	assert_line(part, 0, "line 1", "お世話になります。", false);
	assert_line(part, 1, "line 2",
		    "個人番号：" DOTS4 "-" DOTS4 "-" DOTS4 " です", true);
	assert_line(part, 2, "line 3", "", false);
	assert_line(part, 3, "line 4", "以上", false);
	shot_done(&shot);
}

static void
only_the_fields_that_people_see_are_shown(void **state)
{
	struct shot shot;

	(void)state;
	shoot(&shot, HEAD PLAIN "x\r\n");
	const struct preview_part *part = find_part(&shot, "message");

	assert_int_equal(part->line_count, 3);
	assert_line(part, 0, "header From", "a@example.co.jp", false);
	assert_line(part, 2, "header Subject", "x", false);
	shot_done(&shot);
}

static void
a_number_in_a_hidden_place_is_shown_masked(void **state)
{
	struct shot shot;

	(void)state;
	shoot(&shot, HEAD "X-Note: my number " NUMBER "\r\n"
			  "Content-Type: text/html; charset=UTF-8\r\n\r\n"
			  "<p title=\"style\">hello</p>\r\n"
			  "<!-- マイナンバー " NUMBER " -->\r\n");
	const struct preview_part *head = find_part(&shot, "message");
	const struct preview_part *body = find_part(&shot, "1");

	assert_line(head, head->line_count - 1, "header X-Note",
		    "my number " DOTS4 DOTS4 DOTS4, true);
	assert_string_equal(body->lines[0].text, "hello");
	assert_line(body, body->line_count - 1, "line 2, comment",
		    " マイナンバー " DOTS4 DOTS4 DOTS4 " ", true);
	shot_done(&shot);
}

static void
both_alternatives_are_shown_plain_first(void **state)
{
	struct shot shot;

	(void)state;
	shoot(&shot,
	      HEAD "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
		   "--b\r\n" PLAIN "番号 " NUMBER "\r\n--b\r\n"
		   "Content-Type: text/html; charset=UTF-8\r\n\r\n"
		   "<b>番号</b> " NUMBER "\r\n--b--\r\n");
	assert_string_equal(find_part(&shot, "1")->type, "text");
	assert_string_equal(find_part(&shot, "2")->type, "html");
	assert_line(find_part(&shot, "2"), 0, "line 1",
		    "番号 " DOTS4 DOTS4 DOTS4, false);
	shot_done(&shot);
}

/* A mail with one attachment. */
static char *
with_attachment(const char *type, const char *name, const char *content)
{
	char *mail = NULL;

	assert_true(asprintf(&mail,
			     HEAD "Content-Type: multipart/mixed; "
				  "boundary=b\r\n\r\n--b\r\n" PLAIN
				  "送ります\r\n--b\r\nContent-Type: %s\r\n"
				  "Content-Disposition: attachment; "
				  "filename=\"%s\"\r\n\r\n%s\r\n--b--\r\n",
			     type, name, content) > 0);
	return mail;
}

static void
rows_join_their_cells_by_tabs(void **state)
{
	struct shot shot;
	char *mail =
		with_attachment("text/csv; charset=utf-8", "list-123456.csv",
				"氏名,個人番号,部署\r\n"
				"山田太郎," NUMBER ",総務\r\n"
				"鈴木,,営業\r\n");

	(void)state;
	shoot(&shot, mail);
	const struct preview_part *part = find_part(&shot, "2/list-******.csv");

	assert_true(part->table);
	assert_string_equal(part->name, "list-●●●●●●.csv");
	assert_line(part, 0, "row 1", "氏名\t個人番号\t部署", false);
	assert_line(part, 1, "row 2", "山田太郎\t" DOTS4 DOTS4 DOTS4 "\t総務",
		    true);
	assert_line(part, 2, "row 3", "鈴木\t\t営業", false);
	shot_done(&shot);
	free(mail);
}

static void
the_cells_of_a_row_are_one_line_whatever_stands_in_their_tags(void **state)
{
	struct shot shot;

	(void)state;
	shoot(&shot,
	      HEAD "Content-Type: text/html; charset=UTF-8\r\n\r\n"
		   "<table><tr><td class=\"a-9\">個人番号</td></tr>\r\n<tr>"
		   "<td class=c>1</td><td class=c>2</td><td class=c>3</td>"
		   "<td class=c>4</td><td class=c>5</td><td class=c>6</td>"
		   "<td class=c>7</td><td class=c>8</td><td class=c>9</td>"
		   "<td class=c>0</td><td class=c>1</td><td class=c>8</td>"
		   "</tr></table>\r\n");
	const struct preview_part *part = find_part(&shot, "1");

	assert_int_equal(part->line_count, 2);
	assert_line(part, 0, "table 1!1", "個人番号", false);
	assert_line(part, 1, "table 1!2", "●\t●\t●\t●\t●\t●\t●\t●\t●\t●\t●\t●",
		    false);
	shot_done(&shot);
}

static void
a_text_without_a_charset_is_shown_once(void **state)
{
	struct shot shot;
	/* 個人番号 in CP932, and what else that may be. */
	const char *mail = HEAD "Content-Type: text/plain\r\n\r\n"
				"\x8c\xc2\x90\x6c\x94\xd4\x8d\x86 " NUMBER
				"\r\n\x8e\xa9\x96\xbc\r\n";

	(void)state;
	shoot(&shot, mail);
	const struct preview_part *part = find_part(&shot, "1");

	assert_int_equal(part->line_count, 2);
	assert_line(part, 0, "line 1", "個人番号 " DOTS4 DOTS4 DOTS4, true);
	shot_done(&shot);
}

/* As HTML and as text, which is what a file without a type may be. */
static void
what_two_readers_see_is_shown_once(void **state)
{
	struct shot shot;
	char *mail = with_attachment("application/octet-stream", "x",
				     "<html><body>\r\n<p>個人番号 " NUMBER
				     "</p></body></html>");

	(void)state;
	shoot(&shot, mail);
	const struct preview_part *part = find_part(&shot, "2/x");

	assert_int_equal(part->line_count, 1);
	assert_string_equal(part->lines[0].text, "個人番号 " DOTS4 DOTS4 DOTS4);
	assert_true(part->lines[0].found);
	shot_done(&shot);
	free(mail);
}

static void
revealing_shows_the_number_where_it_is(void **state)
{
	struct shot shot;

	(void)state;
	shoot_bytes(&shot, span_of(HEAD PLAIN "個人番号 " NUMBER "\r\n"), true);
	assert_line(find_part(&shot, "1"), 0, "line 1", "個人番号 " NUMBER,
		    true);
	shot_done(&shot);
}

/* count lines of filler, the number behind at_line of them. */
static char *
long_mail(size_t count, size_t at_line)
{
	struct sbuf mail;
	char *text = NULL;

	sbuf_init(&mail, 64 << 20);
	sbuf_add_text(&mail, HEAD PLAIN);
	for (size_t i = 1; i <= count; i++) {
		if (i == at_line)
			sbuf_add_text(&mail, "個人番号：" NUMBER "\r\n");
		else
			sbuf_addf(&mail, "%c%c 行の文です。\r\n",
				  (int)('a' + i % 26), (int)('a' + i % 7));
	}
	text = strdup(sbuf_text(&mail));
	sbuf_done(&mail);
	assert_non_null(text);
	return text;
}

static size_t
count_found(const struct preview_part *part, size_t *at_out)
{
	size_t count = 0;

	for (size_t i = 0; i < part->line_count; i++) {
		if (part->lines[i].found)
			*at_out = i;
		count += part->lines[i].found;
	}
	return count;
}

static void
lines_of_a_page_are_those_of_its_source(void **state)
{
	struct shot shot;

	(void)state;
	shoot(&shot, HEAD "Content-Type: text/html; charset=UTF-8\r\n\r\n"
			  "<style>\r\np{}\r\n</style>\r\n<p>一\r\n二</p>\r\n"
			  "\r\n<p>個人番号 123456789018<br>以上\r\n<p>終\r\n");
	const struct preview_part *part = find_part(&shot, "1");

	assert_line(part, 0, "line 4", "一 二", false);
	assert_line(part, 1, "line 7", "個人番号 " DOTS4 DOTS4 DOTS4, true);
	assert_line(part, 2, "line 8", "以上 ", false);
	assert_line(part, 3, "line 8", "終 ", false);
	shot_done(&shot);
}

static void
of_a_long_part_the_head_and_what_is_around_numbers_stay(void **state)
{
	enum { LINES = 15000, AT = 14000 };
	char *mail = long_mail(LINES, AT);
	struct shot shot;
	size_t at = 0;

	(void)state;
	shoot(&shot, mail);
	const struct preview_part *part = find_part(&shot, "1");

	assert_true(part->cut);
	assert_int_equal(part->line_count, PREVIEW_MAX_LINES);
	assert_string_equal(part->lines[0].place, "line 1");
	assert_int_equal(count_found(part, &at), 1);
	assert_string_equal(part->lines[at].place, "line 14000");
	assert_string_equal(part->lines[at - 3].place, "line 13997");
	assert_string_equal(part->lines[at + 3].place, "line 14003");
	shot_done(&shot);
	free(mail);
}

static void
a_number_behind_all_that_is_kept_is_still_shown(void **state)
{
	enum { LINES = 400000, AT = 399000 };
	char *mail = long_mail(LINES, AT);
	struct shot shot;
	size_t at = 0;

	(void)state;
	shoot(&shot, mail);
	const struct preview_part *part = find_part(&shot, "1");

	assert_true(part->cut);
	assert_int_equal(count_found(part, &at), 1);
	assert_string_equal(part->lines[at].place, "line 399000");
	assert_string_equal(part->lines[at - 3].place, "line 398997");
	shot_done(&shot);
	free(mail);
}

static void
a_long_line_becomes_pieces_and_only_those_with_a_number_are_marked(void **state)
{
	struct shot shot;
	struct sbuf mail;
	size_t at = 0;

	(void)state;
	sbuf_init(&mail, 1 << 20);
	sbuf_add_text(&mail, HEAD PLAIN);
	for (size_t i = 0; i < 1000; i++)
		sbuf_add_text(&mail, "とても長い行");
	sbuf_add_text(&mail, "個人番号は" NUMBER "です");
	for (size_t i = 0; i < 1000; i++)
		sbuf_add_text(&mail, "とても長い行");
	sbuf_add_text(&mail, "\r\n");
	shoot(&shot, sbuf_text(&mail));
	const struct preview_part *part = find_part(&shot, "1");

	assert_true(part->line_count > 20);
	assert_int_equal(count_found(part, &at), 1);
	assert_non_null(strstr(part->lines[at].text, DOTS4));
	assert_string_equal(part->lines[at].place, "line 1");
	shot_done(&shot);
	sbuf_done(&mail);
}

static void
controls_and_marks_that_turn_text_around_are_gone(void **state)
{
	struct shot shot;

	(void)state;
	shoot(&shot, HEAD PLAIN "a\033[1mb\xe2\x80\xae"
				"c\td\r\n");
	assert_line(find_part(&shot, "1"), 0, "line 1", "a?[1mbc\td", false);
	shot_done(&shot);
}

static void
a_full_preview_keeps_to_its_size(void **state)
{
	struct shot shot;
	struct sbuf mail;
	size_t bytes = 0;
	size_t at = 0;

	(void)state;
	sbuf_init(&mail, 64 << 20);
	sbuf_add_text(&mail, HEAD "Content-Type: multipart/mixed; "
				  "boundary=b\r\n\r\n");
	for (size_t part = 0; part < 600; part++) {
		sbuf_add_text(&mail, "--b\r\n" PLAIN);
		for (size_t i = 0; i < 40; i++)
			sbuf_addf(&mail,
				  "ここに長い文があります。ここに長い文が"
				  "あります。%s\r\n",
				  part % 100 == 50 && i == 20
					  ? "個人番号 " NUMBER
					  : "");
	}
	sbuf_add_text(&mail, "--b--\r\n");
	shoot(&shot, sbuf_text(&mail));
	assert_true(shot.preview.cut);
	assert_true(shot.preview.part_count <= PREVIEW_MAX_PARTS);
	for (size_t i = 0; i < shot.preview.part_count; i++) {
		const struct preview_part *part = &shot.preview.parts[i];

		for (size_t k = 0; k < part->line_count; k++)
			bytes += strlen(part->lines[k].text) +
				 strlen(part->lines[k].place);
	}
	assert_true(bytes <= PREVIEW_MAX_BYTES);
	assert_true(bytes > PREVIEW_MAX_BYTES / 4);
	/* Numbers first, wherever they are. */
	assert_int_equal(count_found(find_part(&shot, "551"), &at), 1);
	shot_done(&shot);
	sbuf_done(&mail);
}

static int
prepare(void **state)
{
	struct err err;

	(void)state;
	check_status(ST_OK, reader_prepare(&err), &err);
	return 0;
}

/* What opened an archive, or will open one. */
static void
passwords_are_hidden_wherever_they_stand(void **state)
{
	static const char mail[] =
		HEAD PLAIN "パスワードは Abc123xy です。\r\n再送：Abc123xy\r\n";
	struct shot shot;
	const struct preview_part *part = NULL;

	(void)state;
	shoot(&shot, mail);
	part = find_part(&shot, "1");
	assert_line(part, 0, "line 1", "パスワードは ******** です。", false);
	assert_line(part, 1, "line 2", "再送：********", false);
	shot_done(&shot);
	shoot_bytes(&shot, span_of(mail), true);
	assert_line(find_part(&shot, "1"), 1, "line 2", "再送：Abc123xy",
		    false);
	shot_done(&shot);
	/* Numbers stay hidden, and found, whatever stands before them. */
	shoot(&shot, HEAD PLAIN "パスワード：ab123456\r\n"
				"パスワード：1234\r\n"
				"個人番号 1234 5678 9018\r\n");
	part = find_part(&shot, "1");
	assert_line(part, 0, "line 1", "パスワード：**●●●●●●", false);
	assert_line(part, 1, "line 2", "パスワード：****", false);
	assert_line(part, 2, "line 3", "個人番号 " DOTS4 " " DOTS4 " " DOTS4,
		    true);
	shot_done(&shot);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_are_hidden_wherever_they_stand),
		cmocka_unit_test(
			lines_stand_with_their_place_and_numbers_are_hidden),
		cmocka_unit_test(only_the_fields_that_people_see_are_shown),
		cmocka_unit_test(a_number_in_a_hidden_place_is_shown_masked),
		cmocka_unit_test(both_alternatives_are_shown_plain_first),
		cmocka_unit_test(rows_join_their_cells_by_tabs),
		cmocka_unit_test(
			the_cells_of_a_row_are_one_line_whatever_stands_in_their_tags),
		cmocka_unit_test(a_text_without_a_charset_is_shown_once),
		cmocka_unit_test(what_two_readers_see_is_shown_once),
		cmocka_unit_test(revealing_shows_the_number_where_it_is),
		cmocka_unit_test(lines_of_a_page_are_those_of_its_source),
		cmocka_unit_test(
			of_a_long_part_the_head_and_what_is_around_numbers_stay),
		cmocka_unit_test(
			a_number_behind_all_that_is_kept_is_still_shown),
		cmocka_unit_test(
			a_long_line_becomes_pieces_and_only_those_with_a_number_are_marked),
		cmocka_unit_test(
			controls_and_marks_that_turn_text_around_are_gone),
		cmocka_unit_test(a_full_preview_keeps_to_its_size),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
