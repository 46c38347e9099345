/* Tests of courier/notices: template.h, compose.h, notices.h. */
#include "courier/notices/notices.h"

#include <sys/stat.h>
#include <unistd.h>

#include "courier/notices/compose.h"
#include "courier/notices/template.h"
#include "lib/base/fd.h"
#include "lib/base/parse.h"
#include "tests/harness/check.h"

static const char *const names[] = { "name", "lines" };

static void
render(const char *text, const char *name, const char *lines, struct sbuf *out)
{
	const struct template_value values[] = { { "name", name, false },
						 { "lines", lines, true } };

	sbuf_clear(out);
	template_render(text, values, ARRAY_LEN(values), out);
}

static void
values_take_their_places(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		const char *lines;
		const char *want;
	} cases[] = {
		{ "a {name} b", "x", "", "a x b" },
		{ "{name}{name}", "x", "", "xx" },
		{ "{{name} }", "x", "", "{name} }" },
		{ "{name}", "{lines}", "evil", "{lines}" },
		{ "{name}", "a\r\nb\x7f", "", "a  b " },
		{ "{lines}", "", "a\nb\r", "a\nb " },
		{ "{name}",
		  "\xe2\x80\xae"
		  "abc\xe2\x80\xac",
		  "", "abc" },
		{ "{name}",
		  "\xe2\x81\xa6"
		  "d\xe2\x81\xa9",
		  "", "d" },
		{ "{name}", "\xe2\x80\x90", "", "\xe2\x80\x90" },
		{ "{name}", "bad \xff", "", "bad ?" },
		{ "", "x", "", "" },
	};
	AUTO(sbuf_done) struct sbuf out;

	(void)state;
	sbuf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		render(cases[i].text, cases[i].name, cases[i].lines, &out);
		assert_string_equal(sbuf_text(&out), cases[i].want);
	}
}

static void
bad_templates_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
		{ "a\n{nam}", "t:2: unknown name {nam}" },
		{ "a\n\n{name", "t:3: \"{\" without \"}\"" },
		{ "{}", "t:1: unknown name {}" },
		{ "\xff", "t: not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };

		check_status(ST_FORMAT,
			     template_check("t", cases[i].text, names,
					    ARRAY_LEN(names), &err),
			     &err);
		assert_string_equal(err.text, cases[i].want);
	}
	struct err err = { 0 };

	check_status(ST_OK,
		     template_check("t", "{name}{{{lines}", names,
				    ARRAY_LEN(names), &err),
		     &err);
}

/* Undo "=?UTF-8?B?…?=" words and the folds between them. */
static void
decode_words(const char *text, struct sbuf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";

	while ((text = strstr(text, "=?UTF-8?B?")) != NULL) {
		uint32_t bits = 0;
		size_t count = 0;

		for (text += 10; *text != '?'; text++) {
			const char *digit = strchr(digits, *text);

			if (digit == NULL)
				continue;
			bits = bits << 6 | (uint32_t)(digit - digits);
			count += 6;
			if (count >= 8) {
				count -= 8;
				sbuf_add_byte(out, (uint8_t)(bits >> count));
			}
		}
	}
}

static void
words_are_encoded_and_folded(void **state)
{
	static const char long_text[] =
		"【送信保留のお知らせ】社会保険の手続きに必要な書類一式をお送り"
		"しますのでご確認ください（山田太郎、令和八年十一月分）😀😀😀";

	(void)state;
	for (size_t used = 0; used < 90; used++) {
		AUTO(sbuf_done) struct sbuf out;
		AUTO(sbuf_done) struct sbuf back;
		size_t line = used;

		sbuf_init(&out, 10000);
		sbuf_init(&back, 10000);
		compose_words(long_text, used, &out);
		for (size_t i = 0; i < out.len_bytes; i++) {
			assert_in_range(out.bytes[i], '\n', 0x7e);
			line = out.bytes[i] == '\n' ? 0 : line + 1;
			assert_true(line <= 77 || line <= used + 1);
		}
		/* Each word by itself is whole characters. */
		for (const char *p = sbuf_text(&out);
		     (p = strstr(p, "=?")) != NULL; p += 2) {
			AUTO(sbuf_done) struct sbuf one;
			AUTO(sbuf_done) struct sbuf word;

			sbuf_init(&one, 1000);
			sbuf_init(&word, 1000);
			sbuf_add(&one, p, strcspn(p, "\r"));
			assert_true(one.len_bytes <= 75);
			decode_words(sbuf_text(&one), &word);
			assert_true(parse_is_utf8(sbuf_span(&word)));
		}
		decode_words(sbuf_text(&out), &back);
		assert_string_equal(sbuf_text(&back), long_text);
	}
}

static void
plain_text_stays_plain(void **state)
{
	AUTO(sbuf_done) struct sbuf out;

	(void)state;
	sbuf_init(&out, 1000);
	compose_words("Hello, world", 9, &out);
	assert_string_equal(sbuf_text(&out), "Hello, world");
	sbuf_clear(&out);
	compose_words("=?x", 0, &out);
	assert_string_equal(sbuf_text(&out), "=?UTF-8?B?PT94?=");
}

static struct compose
sample(void)
{
	return (struct compose){
		.from_name = "関守",
		.from = "sekimori@corp.test",
		.to_name = "Taro, \"the\r\nBcc: evil@x.test",
		.to = "taro@corp.test",
		.subject = "held\r\nBcc: evil@x.test",
		.language = "ja",
		.host = "gate.corp.test",
		.id = "abc.1",
		.now_unix_ms = 1795326289000,
	};
}

static void
a_mail_of_our_own_is_well_formed(void **state)
{
	const struct compose compose = sample();
	AUTO(sbuf_done) struct sbuf out;
	struct err err = { 0 };

	(void)state;
	sbuf_init(&out, 10000);
	check_status(ST_OK, compose_text(&compose, "one\ntwo\n", &out, &err),
		     &err);
	assert_string_equal(
		sbuf_text(&out),
		"From: =?UTF-8?B?6Zai5a6I?=\r\n <sekimori@corp.test>\r\n"
		"To: =?UTF-8?B?VGFybywgInRoZQ0KQmNjOiBldmlsQHgudGVzdA==?=\r\n"
		" <taro@corp.test>\r\n"
		"Subject: held  Bcc: evil@x.test\r\n"
		"Date: Sun, 22 Nov 2026 05:44:49 +0000\r\n"
		"Message-Id: <abc.1@gate.corp.test>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"X-Auto-Response-Suppress: All\r\n"
		"Content-Language: ja\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=UTF-8\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"\r\n"
		"b25lDQp0d28NCg==\r\n");
}

static void
odd_addresses_do_not_get_into_fields(void **state)
{
	static const char *const odd[] = {
		"a@b\r\nBcc: c@d.test",
		"\"a b\"@c.test",
		"a@b, c@d",
		"<a@b>",
		"a",
		"@b",
		"a@",
		"\xff@b",
		"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		struct compose compose = sample();
		AUTO(sbuf_done) struct sbuf out;
		struct err err = { 0 };

		sbuf_init(&out, 10000);
		compose.to = odd[i];
		check_status(ST_OK, compose_text(&compose, "", &out, &err),
			     &err);
		assert_non_null(strstr(sbuf_text(&out),
				       "\r\nTo: undisclosed-recipients:;\r\n"));
		compose.from = odd[i];
		check_status(ST_FORMAT, compose_text(&compose, "", &out, &err),
			     &err);
	}
}

static void
source_path(char path[4096], const char *variable, const char *name)
{
	const char *top = getenv(variable);

	(void)snprintf(path, 4096, "%s/%s", top != NULL ? top : ".", name);
}

static struct vault_job
sample_job(void)
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
		.received_unix_ms = 1795326289000,
		.deadline_unix_ms = 1795926289000,
		.number_count = 5,
		.parts = parts,
		.part_count = ARRAY_LEN(parts),
	};
}

struct shelf {
	struct notices *notices;
	struct i18n *i18n;
};

static struct shelf
open_shelf(void)
{
	struct shelf shelf = { NULL, NULL };
	char path[4096];
	struct err err = { 0 };

	source_path(path, "top_srcdir", "conf/notices");
	check_status(ST_OK, notices_load(path, &shelf.notices, &err), &err);
	source_path(path, "top_builddir", "po");
	check_status(ST_OK, i18n_open(path, &shelf.i18n, &err), &err);
	return shelf;
}

static void
close_shelf(struct shelf *shelf)
{
	notices_free(&shelf->notices);
	i18n_free(&shelf->i18n);
}

static enum status
write_notice(const struct shelf *shelf, const struct vault_job *job,
	     bool with_mail, struct sbuf *subject, struct sbuf *text)
{
	const struct notice_request request = {
		.job = job,
		.i18n = shelf->i18n,
		.language = I18N_LANGUAGE_JA,
		.desk_url = "https://desk.corp.test",
		.with_mail = with_mail,
	};
	struct err err = { 0 };

	sbuf_clear(subject);
	sbuf_clear(text);
	return notices_write(shelf->notices, &request, subject, text, &err);
}

static void
every_notice_is_there_in_both_languages(void **state)
{
	static const struct {
		enum notice_event event;
		enum notice_audience audience;
	} kinds[] = {
#define NOTICE(event_, audience_, name_) \
	{ NOTICE_##event_, NOTICE_AUDIENCE_##audience_ },
#include "courier/notices/notices.def"
#undef NOTICE
	};
	struct shelf shelf = open_shelf();
	AUTO(sbuf_done) struct sbuf subject;
	AUTO(sbuf_done) struct sbuf text;

	(void)state;
	sbuf_init(&subject, 10000);
	sbuf_init(&text, 100000);
	for (size_t i = 0; i < ARRAY_LEN(kinds) * 2; i++) {
		struct vault_job job = sample_job();

		job.event = kinds[i / 2].event;
		job.audience = kinds[i / 2].audience;
		job.language = i % 2 == 0 ? "ja" : "en";
		check_status(ST_OK,
			     write_notice(&shelf, &job, false, &subject, &text),
			     &(struct err){ 0 });
		assert_null(strchr(sbuf_text(&subject), '\n'));
		assert_null(strchr(sbuf_text(&text), '{'));
		assert_non_null(strstr(sbuf_text(&text),
				       "https://desk.corp.test/cases/04"));
		assert_non_null(strstr(sbuf_text(&text), "山田太郎"));
		assert_int_equal(text.bytes[text.len_bytes - 1], '\n');
	}
	close_shelf(&shelf);
}

static void
the_senders_notice_says_what_happened_and_what_to_do(void **state)
{
	static const char *const words[] = {
		"パート 2（xlsx）: 3 件",
		"パート 3/1（zip）: 内容を確認できませんでした（パスワードで",
		"パート 4（pdf）: 2 件。一部の内容を",
		"番号の数: 5 件",
		"numbers",
		"承認者一",
		"2026-",
		"給与の件",
		"out@example.com",
		"送り直していただく必要はございません",
	};
	struct shelf shelf = open_shelf();
	const struct vault_job job = sample_job();
	AUTO(sbuf_done) struct sbuf subject;
	AUTO(sbuf_done) struct sbuf text;

	(void)state;
	sbuf_init(&subject, 10000);
	sbuf_init(&text, 100000);
	check_status(ST_OK, write_notice(&shelf, &job, false, &subject, &text),
		     &(struct err){ 0 });
	assert_string_equal(sbuf_text(&subject),
			    "【送信保留のお知らせ】給与の件");
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_non_null(strstr(sbuf_text(&text), words[i]));
	close_shelf(&shelf);
}

static void
what_is_missing_is_said_in_words(void **state)
{
	struct shelf shelf = open_shelf();
	struct vault_job job = sample_job();
	AUTO(sbuf_done) struct sbuf subject;
	AUTO(sbuf_done) struct sbuf text;

	(void)state;
	sbuf_init(&subject, 10000);
	sbuf_init(&text, 100000);
	job.subject = job.approvers = job.sender = job.reason = job.person = "";
	job.part_count = 0;
	job.deadline_unix_ms = 0;
	job.language = "";
	check_status(ST_OK, write_notice(&shelf, &job, false, &subject, &text),
		     &(struct err){ 0 });
	assert_non_null(strstr(sbuf_text(&text), "（件名なし）"));
	assert_non_null(strstr(sbuf_text(&text), "担当の承認者"));
	assert_non_null(strstr(sbuf_text(&text), "（期限なし）"));
	assert_non_null(strstr(sbuf_text(&text), "・メール全体"));
	job.event = NOTICE_RETURNED;
	check_status(ST_OK, write_notice(&shelf, &job, false, &subject, &text),
		     &(struct err){ 0 });
	assert_non_null(strstr(sbuf_text(&text), "> （コメントはありません）"));
	assert_non_null(strstr(sbuf_text(&text), "別のメールに添付"));
	check_status(ST_OK, write_notice(&shelf, &job, true, &subject, &text),
		     &(struct err){ 0 });
	assert_non_null(strstr(sbuf_text(&text), "このお知らせに添付"));
	close_shelf(&shelf);
}

static void
comments_are_quoted_line_by_line(void **state)
{
	struct shelf shelf = open_shelf();
	struct vault_job job = sample_job();
	AUTO(sbuf_done) struct sbuf subject;
	AUTO(sbuf_done) struct sbuf text;

	(void)state;
	sbuf_init(&subject, 10000);
	sbuf_init(&text, 100000);
	job.event = NOTICE_RETURNED;
	check_status(ST_OK, write_notice(&shelf, &job, true, &subject, &text),
		     &(struct err){ 0 });
	assert_non_null(strstr(sbuf_text(&text), "\n> 一行目\n> 二行目\n"));
	close_shelf(&shelf);
}

static void
many_parts_are_counted(void **state)
{
	enum { COUNT = 30 };
	static struct vault_part_line parts[COUNT];
	struct shelf shelf = open_shelf();
	struct vault_job job = sample_job();
	AUTO(sbuf_done) struct sbuf subject;
	AUTO(sbuf_done) struct sbuf text;

	(void)state;
	sbuf_init(&subject, 10000);
	sbuf_init(&text, 100000);
	for (size_t i = 0; i < COUNT; i++)
		parts[i] = (struct vault_part_line){ "1", "text", 1,
						     REPORT_REASON_NONE };
	job.parts = parts;
	job.part_count = COUNT;
	job.language = "en";
	check_status(ST_OK, write_notice(&shelf, &job, false, &subject, &text),
		     &(struct err){ 0 });
	assert_non_null(strstr(sbuf_text(&text), "- and 10 more part(s)\n"));
	close_shelf(&shelf);
}

static void
missing_and_bad_template_files_are_refused(void **state)
{
	char dir[] = "/tmp/test_notices.XXXXXX";
	char path[100];
	struct notices *notices = NULL;
	struct err err = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	check_status(ST_NOT_FOUND, notices_load(dir, &notices, &err), &err);
	(void)snprintf(path, sizeof(path), "%s/ja", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/ja/held-sender.txt", dir);
	check_status(
		ST_OK,
		fd_replace_file(path, span_of("s\n\n{number}\n"), 0600, &err),
		&err);
	check_status(ST_FORMAT, notices_load(dir, &notices, &err), &err);
	assert_non_null(strstr(err.text, "held-sender.txt:3: unknown name"));
	check_status(ST_OK,
		     fd_replace_file(path, span_of("no end"), 0600, &err),
		     &err);
	check_status(ST_FORMAT, notices_load(dir, &notices, &err), &err);
	assert_null(notices);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof(path), "%s/ja", dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_take_their_places),
		cmocka_unit_test(bad_templates_are_refused_with_their_line),
		cmocka_unit_test(words_are_encoded_and_folded),
		cmocka_unit_test(plain_text_stays_plain),
		cmocka_unit_test(a_mail_of_our_own_is_well_formed),
		cmocka_unit_test(odd_addresses_do_not_get_into_fields),
		cmocka_unit_test(every_notice_is_there_in_both_languages),
		cmocka_unit_test(
			the_senders_notice_says_what_happened_and_what_to_do),
		cmocka_unit_test(what_is_missing_is_said_in_words),
		cmocka_unit_test(comments_are_quoted_line_by_line),
		cmocka_unit_test(many_parts_are_counted),
		cmocka_unit_test(missing_and_bad_template_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
