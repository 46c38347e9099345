/* Tests of courier/notices/link_part.h and of what recipients outside read. */
#include "courier/notices/link_part.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/parse.h"
#include "tests/courier/world.h"
#include "tests/harness/check.h"

#define CODE                                                           \
	"k3f9-0123-4567-89ab-cdef-ghjk-mnpq-rstv-wxyz-0123-4567-89ab-" \
	"cdef"

static const uint8_t link_id[LINK_ID_BYTES] = { 1 };
static const struct vault_link_file files[] = {
	{ "一覧123456789018.xlsx", "一覧************.xlsx", "a/b", 860, 0 },
	{ "b.pdf", "b.pdf", "application/pdf", 1550000, 0 },
};

/* Notices of the tree with settings of our own. */
struct desk {
	struct config config;
	struct i18n *i18n;
	struct notices *notices;
	struct notices_text text;
};

static int
open_desk(void **state)
{
	static struct desk desk;
	char path[4096];
	struct err err = { 0 };

	assert_int_equal(setenv("TZ", "JST-9", 1), 0);
	desk.config.courier.notice_name = "関守";
	desk.config.general.language = "ja";
	desk.config.desk.url = "https://desk.corp.test";
	desk.config.portal.url = "https://files.corp.test";
	desk.config.portal.company = "株式会社例";
	desk.config.portal.language = "ja";
	desk.config.portal.code_life_s = 900;
	world_source_path(path, sizeof(path), "conf/notices");
	check_status(ST_OK, notices_load(path, "", &desk.notices, &err), &err);
	world_build_path(path, sizeof(path), "po");
	check_status(ST_OK, i18n_open(path, &desk.i18n, &err), &err);
	notices_text_init(&desk.text);
	*state = &desk;
	return 0;
}

static int
close_desk(void **state)
{
	struct desk *desk = *state;

	notices_text_done(&desk->text);
	notices_free(&desk->notices);
	i18n_free(&desk->i18n);
	return 0;
}

static struct vault_job
link_job(void)
{
	struct vault_job job = world_job(JOB_KIND_LINK);

	job.event = NOTICE_LINKED;
	job.audience = NOTICE_AUDIENCE_RECIPIENT;
	job.language = "";
	job.person = "";
	job.link = (struct vault_link_order){
		.link_id = { link_id, sizeof(link_id) },
		.code = CODE,
		.boundary = "",
		.expires_unix_ms = 1796526289000,
		.needs_code = true,
		.files = files,
		.file_count = ARRAY_LEN(files),
		.mailbox_code = "",
	};
	return job;
}

/* Both forms of the notice for job. */
static void
tell(struct desk *desk, const struct vault_job *job)
{
	const struct letter_office office = { &desk->config, desk->i18n,
					      desk->notices };
	struct err err = { 0 };

	notices_text_done(&desk->text);
	notices_text_init(&desk->text);
	check_status(ST_OK,
		     letter_words(&office, job, false, &desk->text, &err),
		     &err);
}

static bool
says(const struct desk *desk, const char *words)
{
	const bool plain = strstr(sbuf_text(&desk->text.plain), words) != NULL;

	assert_int_equal(plain,
			 strstr(sbuf_text(&desk->text.html), words) != NULL);
	return plain;
}

static void
a_recipient_reads_all_that_is_needed_in_both_languages(void **state)
{
	static const char *const words[] = {
		("https://files.corp.test/l/04000000000000000000000000#" CODE),
		"a@x.test",
		"株式会社例",
		"一覧************.xlsx (860 bytes)",
		"b.pdf (1.4 MB)",
		"2026年12月6日(日) 12:04 JSTまで",
		"Sun 6 Dec 2026, 12:04 JST",
		"ファイルを受け取る",
		"Fetch the files",
		"b@y.test に確認コードが届きます",
		"It is sent to b@y.test",
		"https://files.corp.test/ で始まります",
		"begins with https://files.corp.test/",
		"差出人のメールシステム",
	};
	struct desk *desk = *state;
	const struct vault_job job = link_job();

	tell(desk, &job);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!says(desk, words[i]))
			fail_msg("lacks \"%s\"", words[i]);
	assert_true(strstr(sbuf_text(&desk->text.plain), "受け取り方") <
		    strstr(sbuf_text(&desk->text.plain), "How to fetch"));
	/* Plain text has none. */
	assert_null(strstr(sbuf_text(&desk->text.plain), "ボタン"));
	assert_null(strstr(sbuf_text(&desk->text.plain), "button"));
}

static void
it_holds_no_number_no_desk_and_nothing_of_the_case(void **state)
{
	static const char *const words[] = { "123456789018", "desk.corp.test",
					     "給与の件",     "関守",
					     "numbers",      "承認者",
					     "0410600000" };
	struct desk *desk = *state;
	struct vault_job job = link_job();

	job.entry_id = "abc";
	job.entry_code = "ABCDEFGH";
	tell(desk, &job);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_false(says(desk, words[i]));
	assert_false(says(desk, "ABCDEFGH"));
}

static void
what_a_link_does_not_ask_for_is_not_told(void **state)
{
	struct desk *desk = *state;
	struct vault_job job = link_job();

	tell(desk, &job);
	assert_false(says(desk, "パスワードを入力します"));
	assert_false(says(desk, "一度だけです"));
	job.link.needs_code = false;
	job.link.needs_password = true;
	job.link.downloads = 1;
	tell(desk, &job);
	assert_true(says(desk, "a@x.test から、別の方法でお知らせする"));
	assert_true(says(desk, "a@x.test tells you by another way"));
	assert_true(says(desk, "一度だけです"));
	assert_true(says(desk, "one time only"));
	assert_false(says(desk, "に確認コードが届きます"));
	job.link.downloads = 5;
	tell(desk, &job);
	assert_true(says(desk, "5 回までです"));
	assert_true(says(desk, "fetched 5 times"));
}

static void
the_portals_language_comes_first(void **state)
{
	struct desk *desk = *state;
	const struct vault_job job = link_job();

	desk->config.portal.language = "en";
	tell(desk, &job);
	desk->config.portal.language = "ja";
	assert_true(strstr(sbuf_text(&desk->text.plain), "How to fetch") <
		    strstr(sbuf_text(&desk->text.plain), "受け取り方"));
	assert_non_null(
		strstr(sbuf_text(&desk->text.html), "<html lang=\"en\">"));
}

static void
of_many_files_the_first_are_named(void **state)
{
	static struct vault_link_file many[25];
	struct desk *desk = *state;
	struct vault_job job = link_job();

	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = files[1];
	many[19].shown = "last.pdf";
	many[20].shown = "behind.pdf";
	job.link.files = many;
	job.link.file_count = ARRAY_LEN(many);
	tell(desk, &job);
	assert_true(says(desk, "last.pdf"));
	assert_false(says(desk, "behind.pdf"));
	assert_true(says(desk, "ほか 5 件"));
	assert_true(says(desk, "and 5 more file(s)"));
}

static void
a_code_is_sent_with_the_words_that_nobody_asks_for_it(void **state)
{
	struct desk *desk = *state;
	struct vault_job job = link_job();

	job.kind = JOB_KIND_NOTICE;
	job.event = NOTICE_LINK_CODE;
	job.link = (struct vault_link_order){ .code = "",
					      .mailbox_code = "482913" };
	job.language = "en";
	tell(desk, &job);
	assert_true(says(desk, "482913"));
	assert_true(says(desk, "We never ask for"));
	assert_true(says(desk, "for 15 minutes"));
	assert_false(says(desk, "/l/"));
	assert_null(strstr(sbuf_text(&desk->text.subject), "482913"));
	job.language = "";
	tell(desk, &job);
	assert_true(says(desk, "お尋ねすることは、決してありません"));
	assert_string_equal(sbuf_text(&desk->text.subject),
			    "【確認コード】ファイルの受け取り / "
			    "[Confirmation code] Fetching files");
}

static void
a_reminder_names_the_mail_and_holds_no_secret(void **state)
{
	struct desk *desk = *state;
	struct vault_job job = link_job();

	job.kind = JOB_KIND_NOTICE;
	job.event = NOTICE_LINK_REMINDER;
	tell(desk, &job);
	assert_true(says(desk, "給与の件"));
	/* Both with year and zone: who reads it may be anywhere. */
	assert_true(says(desk, "2026年11月22日(日) 14:44 JST"));
	assert_true(says(desk, "Sun 22 Nov 2026, 14:44 JST"));
	assert_true(says(desk, "2026年12月6日(日) 12:04 JST"));
	assert_false(says(desk, CODE));
	assert_false(says(desk, "/l/"));
}

static void
the_sender_gets_a_link_of_his_own_beside_the_page(void **state)
{
	struct desk *desk = *state;
	struct vault_job job = link_job();

	job.kind = JOB_KIND_NOTICE;
	job.audience = NOTICE_AUDIENCE_SENDER;
	job.language = "ja";
	job.entry_id = "abc";
	job.entry_code = "ABCDEFGH";
	tell(desk, &job);
	assert_true(says(desk, "https://desk.corp.test/m/abc#ABCDEFGH"));
	assert_true(says(desk, "https://files.corp.test/l/"
			       "04000000000000000000000000#" CODE));
	assert_true(says(desk, "out@example.com"));
}

static void
why_a_mail_is_held_again_is_said_in_the_readers_language(void **state)
{
	struct desk *desk = *state;
	struct vault_job job = link_job();

	job.kind = JOB_KIND_NOTICE;
	job.event = NOTICE_HELD;
	job.audience = NOTICE_AUDIENCE_APPROVER;
	job.language = "ja";
	job.reason = "the mail is signed or encrypted as a whole (S/MIME, PGP)";
	tell(desk, &job);
	assert_true(says(desk, "メール全体が署名または暗号化されています"));
	job.reason = "numbers stand in the text of the mail or in its header "
		     "(part 1/2)";
	tell(desk, &job);
	assert_true(says(desk, "（パート 1/2）"));
	assert_false(says(desk, "numbers stand"));
	job.language = "en";
	tell(desk, &job);
	assert_true(says(desk, "in its header (part 1/2)"));
	job.reason = "";
	tell(desk, &job);
	assert_false(says(desk, "Why held"));
	job.language = "ja";
	tell(desk, &job);
	assert_false(says(desk, "保留理由"));
}

/* --- the part ------------------------------------------------------------ */

static enum status
write_part(struct desk *desk, const struct vault_job *job, struct sbuf *out,
	   struct err *err)
{
	const struct letter_office office = { &desk->config, desk->i18n,
					      desk->notices };

	sbuf_init_secret(out, 1024 * 1024);
	return link_part_write(&office, job, out, err);
}

static void
the_part_is_ascii_in_short_lines_and_ends_without_one(void **state)
{
	struct desk *desk = *state;
	struct vault_job job = link_job();
	size_t line = 0;

	for (int whole = 0; whole < 2; whole++) {
		AUTO(sbuf_done) struct sbuf part;
		struct err err = { 0 };

		job.link.whole_body = whole == 1;
		check_status(ST_OK, write_part(desk, &job, &part, &err), &err);
		for (size_t i = 0; i < part.len_bytes; i++) {
			line = part.bytes[i] == '\n' ? 0 : line + 1;
			assert_true(line <= 78);
			assert_true(part.bytes[i] < 0x7f);
		}
		assert_int_equal(strncmp(sbuf_text(&part),
					 "MIME-Version: 1.0\r\n", 19) == 0,
				 whole);
		assert_int_equal(part.bytes[part.len_bytes - 1] == '\n', whole);
	}
}

static void
its_boundary_never_begins_with_the_one_around_it(void **state)
{
	static const char *const around[] = { "=_sekimori_", "=", "l", "link_",
					      "" };
	struct desk *desk = *state;

	for (size_t i = 0; i < ARRAY_LEN(around); i++) {
		struct vault_job job = link_job();
		AUTO(sbuf_done) struct sbuf part;
		struct err err = { 0 };
		const char *inner = NULL;

		job.link.boundary = around[i];
		check_status(ST_OK, write_part(desk, &job, &part, &err), &err);
		inner = strstr(sbuf_text(&part), "boundary=\"");
		assert_non_null(inner);
		inner += strlen("boundary=\"");
		if (around[i][0] != '\0')
			assert_int_not_equal(
				strncmp(inner, around[i], strlen(around[i])),
				0);
	}
}

static void
without_a_portal_there_is_no_part(void **state)
{
	struct desk *desk = *state;
	const struct vault_job job = link_job();
	AUTO(sbuf_done) struct sbuf part;
	struct err err = { 0 };

	desk->config.portal.url = "";
	check_status(ST_FORMAT, write_part(desk, &job, &part, &err), &err);
	desk->config.portal.url = "https://files.corp.test";
	assert_int_equal(part.len_bytes, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_recipient_reads_all_that_is_needed_in_both_languages),
		cmocka_unit_test(
			it_holds_no_number_no_desk_and_nothing_of_the_case),
		cmocka_unit_test(what_a_link_does_not_ask_for_is_not_told),
		cmocka_unit_test(the_portals_language_comes_first),
		cmocka_unit_test(of_many_files_the_first_are_named),
		cmocka_unit_test(
			a_code_is_sent_with_the_words_that_nobody_asks_for_it),
		cmocka_unit_test(a_reminder_names_the_mail_and_holds_no_secret),
		cmocka_unit_test(
			the_sender_gets_a_link_of_his_own_beside_the_page),
		cmocka_unit_test(
			why_a_mail_is_held_again_is_said_in_the_readers_language),
		cmocka_unit_test(
			the_part_is_ascii_in_short_lines_and_ends_without_one),
		cmocka_unit_test(
			its_boundary_never_begins_with_the_one_around_it),
		cmocka_unit_test(without_a_portal_there_is_no_part),
	};

	return cmocka_run_group_tests(tests, open_desk, close_desk);
}
