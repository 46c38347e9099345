/* Tests of courier/notices: notices.h, words.h, layout.h, plain.h, html.h. */
#include "courier/notices/notices.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "courier/notices/sample.h"
#include "lib/base/fd.h"
#include "tests/harness/check.h"

static void
source_path(char path[4096], const char *variable, const char *name)
{
	const char *top = getenv(variable);

	(void)snprintf(path, 4096, "%s/%s", top != NULL ? top : ".", name);
}

static struct vault_job
held_job(void)
{
	static const struct vault_part_line parts[] = {
		{ "2", "xlsx", 3, REPORT_REASON_NONE },
		{ "3/1", "zip", 0, REPORT_REASON_LOCKED },
		{ "4", "pdf", 2, REPORT_REASON_DAMAGED },
	};

	return (struct vault_job){
		.kind = JOB_KIND_NOTICE,
		.event = NOTICE_HELD,
		.audience = NOTICE_AUDIENCE_SENDER,
		.case_id = { 1 },
		.language = "ja",
		.person = "山田太郎",
		.subject = "給与の件",
		.sender = "taro@corp.test",
		.approvers = "承認者一",
		.rule = "numbers",
		.reason = "一行目\n二行目",
		.recipients_text = "out@example.com",
		.received_unix_ms = INT64_C(1795326289000),
		.deadline_unix_ms = INT64_C(1795507200000),
		.number_count = 5,
		.parts = parts,
		.part_count = ARRAY_LEN(parts),
		.entry_id = "",
		.entry_code = "",
	};
}

/* Notices and catalogue of the tree, and the notice that was written last. */
struct shelf {
	struct notices *notices;
	struct i18n *i18n;
	struct notices_text text;
};

static int
open_shelf(void **state)
{
	static struct shelf shelf;
	char path[4096];
	struct err err = { 0 };

	/* Deadlines are told in the zone of the host. */
	assert_int_equal(setenv("TZ", "JST-9", 1), 0);
	source_path(path, "top_srcdir", "conf/notices");
	check_status(ST_OK, notices_load(path, "", &shelf.notices, &err), &err);
	source_path(path, "top_builddir", "po");
	check_status(ST_OK, i18n_open(path, &shelf.i18n, &err), &err);
	notices_text_init(&shelf.text);
	*state = &shelf;
	return 0;
}

static int
close_shelf(void **state)
{
	struct shelf *shelf = *state;

	notices_text_done(&shelf->text);
	notices_free(&shelf->notices);
	i18n_free(&shelf->i18n);
	return 0;
}

static const struct config_portal portal = {
	.url = "https://files.corp.test",
	.company = "株式会社例",
	.code_life_s = 900,
};

static void
write_with(struct shelf *shelf, const struct notices *notices,
	   const struct vault_job *job, bool with_mail)
{
	const struct notices_request request = {
		.job = job,
		.i18n = shelf->i18n,
		.language = I18N_LANGUAGE_JA,
		.outside = I18N_LANGUAGE_JA,
		.portal = &portal,
		.desk_url = "https://desk.corp.test",
		.name = "関守",
		.with_mail = with_mail,
	};
	struct err err = { 0 };

	notices_text_done(&shelf->text);
	notices_text_init(&shelf->text);
	check_status(ST_OK,
		     notices_write(notices, &request, &shelf->text, &err),
		     &err);
}

static void
write_notice(struct shelf *shelf, const struct vault_job *job)
{
	write_with(shelf, shelf->notices, job, false);
}

/* Both forms say it. */
static void
assert_says(const struct shelf *shelf, const char *words)
{
	if (strstr(sbuf_text(&shelf->text.plain), words) == NULL)
		fail_msg("text lacks \"%s\"", words);
	if (strstr(sbuf_text(&shelf->text.html), words) == NULL)
		fail_msg("html lacks \"%s\"", words);
}

/* Neither form says it. */
static void
assert_silent(const struct shelf *shelf, const char *words)
{
	assert_null(strstr(sbuf_text(&shelf->text.plain), words));
	assert_null(strstr(sbuf_text(&shelf->text.html), words));
}

static void
every_notice_is_there_in_both_languages(void **state)
{
	static const char *const languages[] = { "ja", "en" };
	struct shelf *shelf = *state;

	for (size_t i = 0; i < notices_kind_count * 2; i++) {
		const struct vault_job job =
			sample_job(&notices_kinds[i / 2], languages[i % 2]);
		const bool to_sender = job.audience == NOTICE_AUDIENCE_SENDER;
		const bool outside = job.audience == NOTICE_AUDIENCE_RECIPIENT;

		write_notice(shelf, &job);
		assert_null(strchr(sbuf_text(&shelf->text.subject), '\n'));
		assert_null(strchr(sbuf_text(&shelf->text.subject), '{'));
		assert_null(strchr(sbuf_text(&shelf->text.plain), '{'));
		if (outside)
			assert_silent(shelf, "desk.corp.test");
		else
			assert_says(shelf,
				    to_sender ? "https://desk.corp.test/m/"
						"sampleonly#SAMP-LECO-DEXX-XXYZ"
					      : "https://desk.corp.test/cases/"
						"b8");
		if (job.event == NOTICE_LINKED)
			assert_says(shelf, "https://files.corp.test/l/");
		if (to_sender)
			assert_says(shelf, "SAMP-LECO-DEXX-XXYZ");
		else
			assert_silent(shelf, "SAMP");
		assert_says(shelf, job.person);
		assert_int_equal(
			shelf->text.plain
				.bytes[shelf->text.plain.len_bytes - 1],
			'\n');
	}
}

static void
every_event_of_the_vault_has_a_notice(void **state)
{
	(void)state;
	for (int event = NOTICE_NONE + 1; event < NOTICE_END; event++) {
		bool found = false;

		for (size_t i = 0; i < notices_kind_count; i++)
			found = found || notices_kinds[i].event ==
						 (enum notice_event)event;
		assert_true(found);
	}
}

static void
the_senders_notice_says_what_happened_and_what_to_do(void **state)
{
	static const char *const words[] = {
		"パート 2（xlsx）: 番号 3 件",
		"パート 3/1（zip）: 内容を確認できませんでした（パスワードで",
		"パート 4（pdf）: 番号 2 件。一部の内容を",
		"5 件",
		"numbers",
		"承認者一",
		"11月24日(火) 17:00まで",
		"11月22日(日) 14:44",
		"給与の件",
		"out@example.com",
		"送り直す必要はありません",
		"失われることは",
	};
	struct shelf *shelf = *state;
	const struct vault_job job = held_job();

	write_notice(shelf, &job);
	assert_string_equal(sbuf_text(&shelf->text.subject),
			    "【送信保留のお知らせ】給与の件");
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_says(shelf, words[i]);
	assert_non_null(
		strstr(sbuf_text(&shelf->text.plain), "番号の数: 5 件"));
}

static void
an_approver_reads_in_the_subject_why_it_is_held(void **state)
{
	static const struct {
		uint64_t count;
		const char *language;
		const char *want;
	} cases[] = {
		{ 12, "ja",
		  "【承認のお願い】taro@corp.test のメール（番号 12 件）" },
		{ 0, "ja",
		  "【承認のお願い】taro@corp.test のメール（検査できない部分あり）" },
		{ 1, "en",
		  "[Approval needed] Mail from taro@corp.test "
		  "(1 number found)" },
		{ 2, "en",
		  "[Approval needed] Mail from taro@corp.test "
		  "(2 numbers found)" },
	};
	struct shelf *shelf = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vault_job job = held_job();

		job.audience = NOTICE_AUDIENCE_APPROVER;
		job.number_count = cases[i].count;
		job.language = cases[i].language;
		write_notice(shelf, &job);
		assert_string_equal(sbuf_text(&shelf->text.subject),
				    cases[i].want);
	}
}

static void
english_times_name_their_zone(void **state)
{
	struct shelf *shelf = *state;
	struct vault_job job = held_job();

	job.language = "en";
	write_notice(shelf, &job);
	assert_says(shelf, "Tue 24 Nov, 17:00 JST");
}

static void
what_is_missing_is_left_out_or_said_in_words(void **state)
{
	struct shelf *shelf = *state;
	struct vault_job job = held_job();

	job.subject = job.approvers = job.sender = job.reason = job.person = "";
	job.rule = "";
	job.part_count = 0;
	job.deadline_unix_ms = 0;
	job.language = "";
	write_notice(shelf, &job);
	assert_says(shelf, "（件名なし）");
	assert_says(shelf, "担当の承認者");
	assert_says(shelf, "メール全体");
	assert_silent(shelf, "期限");
	assert_silent(shelf, "までに");
	assert_silent(shelf, "ルール");
	job.event = NOTICE_RETURNED;
	write_notice(shelf, &job);
	/* The heading goes with what stood below it. */
	assert_silent(shelf, "承認者からのコメント");
	assert_says(shelf, "別のメールに添付");
	write_with(shelf, shelf->notices, &job, true);
	assert_says(shelf, "このお知らせに添付");
}

static void
a_sender_without_a_code_gets_the_page_of_the_case(void **state)
{
	static const struct {
		const char *id;
		const char *code;
		const char *want;
		bool code_shown;
	} cases[] = {
		{ "", "", "https://desk.corp.test/cases/04", false },
		{ "", "ABCDEFGH", "https://desk.corp.test/cases/04", false },
		{ "a\"b", "ABCDEFGH", "https://desk.corp.test/cases/04",
		  false },
		{ "abc", "", "https://desk.corp.test/m/abc", false },
		{ "abc", "A B", "https://desk.corp.test/m/abc", false },
		{ "abc", "ABCDEFGHIJ",
		  "https://desk.corp.test/m/abc#ABCDEFGHIJ", true },
		{ "abc", "ABC-DEF", "https://desk.corp.test/m/abc#ABC-DEF",
		  true },
	};
	struct shelf *shelf = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vault_job job = held_job();

		job.entry_id = cases[i].id;
		job.entry_code = cases[i].code;
		write_notice(shelf, &job);
		assert_says(shelf, cases[i].want);
		if (cases[i].code_shown)
			assert_says(shelf, "コードを求められたとき");
		else
			assert_silent(shelf, "コードを求められたとき");
	}
	assert_says(shelf, "ABC-DEF");
}

static void
approvers_never_get_the_senders_code(void **state)
{
	struct shelf *shelf = *state;
	struct vault_job job = held_job();

	job.audience = NOTICE_AUDIENCE_APPROVER;
	job.entry_id = "abc";
	job.entry_code = "ABCDEFGH";
	write_notice(shelf, &job);
	assert_says(shelf, "https://desk.corp.test/cases/04");
	assert_silent(shelf, "/m/");
	assert_silent(shelf, "EFGH");
}

static void
comments_are_quoted_line_by_line(void **state)
{
	struct shelf *shelf = *state;
	struct vault_job job = held_job();

	job.event = NOTICE_RETURNED;
	write_notice(shelf, &job);
	assert_non_null(strstr(sbuf_text(&shelf->text.plain),
			       "\n> 一行目\n> 二行目\n"));
	assert_non_null(
		strstr(sbuf_text(&shelf->text.html), "一行目<br/>二行目"));
}

static void
nothing_of_a_value_becomes_html(void **state)
{
	static const char evil[] = "<script>alert('x')</script> & \"q\"";
	struct shelf *shelf = *state;
	struct vault_job job = held_job();

	job.event = NOTICE_RETURNED;
	job.person = job.subject = job.rule = job.reason = evil;
	job.sender = job.approvers = job.recipients_text = evil;
	write_notice(shelf, &job);
	assert_null(strstr(sbuf_text(&shelf->text.html), "<script"));
	assert_null(strstr(sbuf_text(&shelf->text.html), "'x'"));
	assert_non_null(
		strstr(sbuf_text(&shelf->text.html),
		       "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; "
		       "&amp; &quot;q&quot;"));
	assert_non_null(strstr(sbuf_text(&shelf->text.plain), evil));
}

static void
what_is_long_is_cut_and_counted(void **state)
{
	enum { COUNT = 30 };
	static struct vault_part_line parts[COUNT];
	struct shelf *shelf = *state;
	struct vault_job job = held_job();
	AUTO(sbuf_done) struct sbuf people;
	AUTO(sbuf_done) struct sbuf subject;

	sbuf_init(&people, 10000);
	sbuf_init(&subject, 10000);
	for (size_t i = 0; i < COUNT; i++) {
		parts[i] = (struct vault_part_line){ "1", "text", 1,
						     REPORT_REASON_NONE };
		sbuf_addf(&people, "%sp%zu@example.com", i > 0 ? ", " : "", i);
	}
	for (size_t i = 0; i < 200; i++)
		sbuf_add_text(&subject, "件");
	job.parts = parts;
	job.part_count = COUNT;
	job.recipients_text = sbuf_text(&people);
	job.subject = sbuf_text(&subject);
	job.language = "en";
	write_notice(shelf, &job);
	assert_says(shelf, "and 10 more part(s)");
	assert_says(shelf, "p7@example.com and 22 more");
	assert_silent(shelf, "p8@");
	assert_in_range(shelf->text.subject.len_bytes, 200, 300);
	assert_non_null(strstr(sbuf_text(&shelf->text.subject), "件…"));
}

/* --- files --------------------------------------------------------------- */

struct own {
	char dir[64];
	char file[128];
};

static void
own_open(struct own *own)
{
	char path[128];

	(void)snprintf(own->dir, sizeof(own->dir), "/tmp/test_notices.XXXXXX");
	assert_non_null(mkdtemp(own->dir));
	(void)snprintf(path, sizeof(path), "%s/ja", own->dir);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
own_close(struct own *own)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/ja", own->dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(own->dir), 0);
}

/* Load with a file of our own of this text. */
static enum status
own_load(struct own *own, const char *name, const char *text,
	 struct notices **notices, struct err *err)
{
	char dir[4096];
	enum status st = ST_OK;

	source_path(dir, "top_srcdir", "conf/notices");
	(void)snprintf(own->file, sizeof(own->file), "%s/ja/%s", own->dir,
		       name);
	check_status(ST_OK,
		     fd_replace_file(own->file,
				     (struct span){ (const uint8_t *)text,
						    strlen(text) },
				     0600, err),
		     err);
	st = notices_load(dir, own->dir, notices, err);
	assert_int_equal(unlink(own->file), 0);
	return st;
}

static void
a_company_says_it_in_its_own_words(void **state)
{
	/* With a byte order mark and CR LF, as other systems write it. */
	static const char text[] =
		"\xef\xbb\xbf【株式会社】{subject}\r\n# 題\r\n\r\n"
		"一行目\r\n二行目 abc\r\ndef\r\n"
		"- 項目\r\n  続き\r\n- 別\r\n"
		"| 件名 | {subject}\r\n[開く] {url}\r\n";
	struct shelf *shelf = *state;
	struct notices *notices = NULL;
	struct vault_job job = held_job();
	struct own own = { .dir = "" };
	struct err err = { 0 };

	own_open(&own);
	check_status(ST_OK,
		     own_load(&own, "held-sender.txt", text, &notices, &err),
		     &err);
	write_with(shelf, notices, &job, false);
	assert_string_equal(sbuf_text(&shelf->text.subject),
			    "【株式会社】給与の件");
	assert_ptr_equal(
		strstr(sbuf_text(&shelf->text.plain),
		       "題\n\n一行目\n二行目 abc\ndef\n\n  ・項目\n"
		       "    続き\n  ・別\n\n  件名: 給与の件\n\n開く:\n"
		       "  https://desk.corp.test/cases/04"),
		sbuf_text(&shelf->text.plain));
	assert_non_null(strstr(sbuf_text(&shelf->text.html),
			       ">一行目二行目 abc def</p>"));
	assert_non_null(strstr(sbuf_text(&shelf->text.html), ">項目続き</li>"));
	/* What the company did not touch is as it was. */
	job.event = NOTICE_CANCELLED;
	write_with(shelf, notices, &job, false);
	assert_says(shelf, "送信を取りやめました");
	notices_free(&notices);
	own_close(&own);
}

static void
bad_files_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *name;
		const char *text;
		const char *want;
	} cases[] = {
		{ "held-sender.txt", "s\n\n{number}\n",
		  "held-sender.txt:3: unknown name {number}" },
		{ "held-sender.txt", "s\n| {sub\n",
		  "held-sender.txt:2: \"{\" without \"}\"" },
		{ "held-sender.txt", "no end", "held-sender.txt:1: the first" },
		{ "held-sender.txt", "", "held-sender.txt: is empty" },
		{ "held-sender.txt", "s\n\n", "there is no text" },
		{ "held-sender.txt", "s\n\n[a] https://evil.test/\n",
		  "held-sender.txt:3: a button links to {url} or {link_url}" },
		{ "held-sender.txt", "s\na\n[a {url}\n",
		  "held-sender.txt:3: write [label] {url}" },
		{ "held-sender.txt", "s\n| a\n",
		  "held-sender.txt:2: write | label | words" },
		{ "held-sender.txt", "s\na\x01\n",
		  "held-sender.txt:2: a control character" },
		{ "held-sender.txt", "\x8c\x8f\x96\xbc\n",
		  "held-sender.txt: not UTF-8; save it as UTF-8" },
		{ "link-recipient.txt", "s\n{link_code}\n",
		  "link-recipient.txt: {link_url} must stand in it" },
		{ "footer.txt", "{nobody}", "footer.txt:1: unknown name" },
		{ "held_sender.txt", "s\nt\n",
		  "held_sender.txt: there is no such notice" },
	};
	struct notices *notices = NULL;
	struct own own = { .dir = "" };

	(void)state;
	own_open(&own);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		check_status(ST_FORMAT,
			     own_load(&own, cases[i].name, cases[i].text,
				      &notices, &err),
			     &err);
		if (strstr(err.text, cases[i].want) == NULL)
			fail_msg("\"%s\" is not \"%s\"", err.text,
				 cases[i].want);
		assert_null(notices);
	}
	own_close(&own);
}

static void
missing_files_and_directories_are_refused(void **state)
{
	struct notices *notices = NULL;
	struct own own = { .dir = "" };
	struct err err = { 0 };
	char dir[4096];

	(void)state;
	own_open(&own);
	check_status(ST_NOT_FOUND, notices_load(own.dir, "", &notices, &err),
		     &err);
	own_close(&own);
	source_path(dir, "top_srcdir", "conf/notices");
	check_status(ST_IO, notices_load(dir, own.dir, &notices, &err), &err);
	assert_non_null(strstr(err.text, "courier.notices"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_notice_is_there_in_both_languages),
		cmocka_unit_test(every_event_of_the_vault_has_a_notice),
		cmocka_unit_test(
			the_senders_notice_says_what_happened_and_what_to_do),
		cmocka_unit_test(
			an_approver_reads_in_the_subject_why_it_is_held),
		cmocka_unit_test(english_times_name_their_zone),
		cmocka_unit_test(what_is_missing_is_left_out_or_said_in_words),
		cmocka_unit_test(
			a_sender_without_a_code_gets_the_page_of_the_case),
		cmocka_unit_test(approvers_never_get_the_senders_code),
		cmocka_unit_test(comments_are_quoted_line_by_line),
		cmocka_unit_test(nothing_of_a_value_becomes_html),
		cmocka_unit_test(what_is_long_is_cut_and_counted),
		cmocka_unit_test(a_company_says_it_in_its_own_words),
		cmocka_unit_test(bad_files_are_refused_with_their_line),
		cmocka_unit_test(missing_files_and_directories_are_refused),
	};

	return cmocka_run_group_tests(tests, open_shelf, close_shelf);
}
