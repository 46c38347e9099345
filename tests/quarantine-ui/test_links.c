/* Tests of the pages about secure links. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/log.h"
#include "lib/base/parse.h"
#include "lib/crypto/signed_text.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

/* The link that fake_links.c calls { 1 }, as text. */
static const char *
link_text(char text[CASE_ID_TEXT_BYTES])
{
	static const uint8_t id[CASE_ID_BYTES] = { 1 };

	case_id_format(id, text);
	return text;
}

static void
an_approver_may_send_the_files_as_a_link(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char fields[400];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, visitor_case_path(site, 1, "", path));
	assert_true(visitor_sees(&visitor, "送信者は安全なリンクでの送信を"
					   "希望しています"));
	assert_true(visitor_sees(&visitor, "パスワードを設定しています"));
	/* One picture in the text; the other is a logo. */
	assert_true(visitor_sees(&visitor, "id=\"link-pictures\""));
	assert_true(visitor_sees(&visitor, "確認できないもの: 1 件"));
	assert_int_equal(
		visitor_post(&visitor,
			     visitor_case_path(site, 1, "/approve", path),
			     visitor_with_version(
				     &visitor, "&purpose=tax&as=link", fields)),
		303);
	assert_non_null(
		strstr(sbuf_text(&visitor.response.location), "done=link"));
	(void)snprintf(path, sizeof(path), "%s",
		       sbuf_text(&visitor.response.location));
	(void)visitor_get(&visitor, path);
	assert_true(visitor_sees(&visitor, "安全なリンクを送ります"));
	visitor_done(&visitor);
}

static void
a_sender_asks_for_a_link_with_a_password_told_otherwise(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char password[200];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	assert_true(visitor_sees(&visitor, "id=\"ask-link\""));
	/* This one has no picture. */
	assert_false(visitor_sees(&visitor, "id=\"ask-link-pictures\""));
	assert_false(visitor_sees(&visitor, "id=\"link\" name"));
	assert_int_equal(
		visitor_post(&visitor,
			     visitor_case_path(site, 0, "/link/ask", path),
			     "link_password=short"),
		400);
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	assert_int_equal(
		visitor_post(&visitor,
			     visitor_case_path(site, 0, "/link/ask", path),
			     "link_password=told+by+phone"),
		303);
	fake_vault_password(site->vault, password);
	assert_string_equal(password, "told by phone");
	(void)visitor_get(&visitor,
			  visitor_case_path(site, 0, "?done=link-ask", path));
	assert_true(visitor_sees(&visitor, "承認者に知らせました"));
	assert_false(visitor_sees(&visitor, "told by phone"));
	visitor_done(&visitor);
}

static void
the_page_of_links_says_who_fetched_what(void **state)
{
	static const char *const wanted[] = {
		"名簿 ****.xlsx",
		"tanaka@sharoushi.example.com",
		"受け取り可能",
		"ダウンロード完了：1 回",
		"198.51.100.7",
		"Firefox, Windows",
		"停止中",
		"まだ誰も開いていません",
		"取り消し済み",
		"送信者用のリンク",
		"value=\"wrong\"",
		"value=\"thaw\"",
		"value=\"extend\"",
		"パスワードあり",
		"使用済み、消去済み",
		"完了は確認されていません",
	};
	struct visited *site = *state;
	struct visitor visitor;
	const time_t now = time(NULL);
	struct tm parts;
	char zone[50];
	char path[100];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	assert_int_equal(
		visitor_get(&visitor,
			    visitor_case_path(site, 0, "/links", path)),
		200);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (!visitor_sees(&visitor, wanted[i]))
			fail_msg("the page lacks %s", wanted[i]);
	/* Its end with the zone: it is told to people elsewhere. */
	assert_int_not_equal(strftime(zone, sizeof(zone), " %Z</time> <span",
				      localtime_r(&now, &parts)),
			     0);
	assert_true(visitor_sees(&visitor, zone));
	visitor_done(&visitor);
}

static void
a_link_is_revoked_extended_and_thawed(void **state)
{
	static const struct {
		const char *fields, *step;
	} steps[] = { { "&step=revoke", "revoke" },
		      { "&step=extend&days=7", "extend 7" },
		      { "&step=thaw", "thaw" } };
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char link[CASE_ID_TEXT_BYTES];
	char fields[200];
	char step[40];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		(void)visitor_get(&visitor,
				  visitor_case_path(site, 0, "/links", path));
		(void)snprintf(fields, sizeof(fields), "link=%s%s",
			       link_text(link), steps[i].fields);
		assert_int_equal(visitor_post(&visitor, path, fields), 303);
		fake_vault_link_step(site->vault, step);
		assert_string_equal(step, steps[i].step);
	}
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "/links", path));
	assert_int_equal(visitor_post(&visitor, path, "link=x&step=revoke"),
			 400);
	(void)snprintf(fields, sizeof(fields), "link=%s&step=extend&days=0",
		       link_text(link));
	(void)visitor_get(&visitor, path);
	assert_int_equal(visitor_post(&visitor, path, fields), 400);
	visitor_done(&visitor);
}

static void
a_wrong_recipient_is_one_click_to_a_record(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[200];
	char link[CASE_ID_TEXT_BYTES];
	char fields[200];
	char step[40];
	struct span text;
	uint8_t signature[SIGNATURE_BYTES];
	struct err err = { .st = ST_OK };

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "/links", path));
	(void)snprintf(fields, sizeof(fields), "link=%s&step=wrong",
		       link_text(link));
	assert_int_equal(visitor_post(&visitor, path, fields), 303);
	fake_vault_link_step(site->vault, step);
	assert_string_equal(step, "wrong");
	(void)snprintf(path, sizeof(path), "%s",
		       sbuf_text(&visitor.response.location));
	assert_int_equal(visitor_get(&visitor, path), 200);
	assert_true(visitor_sees(&visitor, "fetched: nobody"));
	assert_true(visitor_sees(&visitor, "取り消しました"));
	(void)snprintf(fields, sizeof(fields), "/links/record.txt?link=%s",
		       link);
	assert_int_equal(
		visitor_get(&visitor, visitor_case_path(site, 0, fields, path)),
		200);
	assert_int_equal(signed_text_read(sbuf_span(&visitor.response.body),
					  &text, signature, &err),
			 ST_OK);
	assert_true(span_equal(text, span_of("link: 0400000000000000000000000\n"
					     "fetched: nobody\n")));
	visitor_done(&visitor);
}

static unsigned
api_change(struct visitor *visitor, const char *path, const char *change)
{
	char link[CASE_ID_TEXT_BYTES];
	char body[200];

	(void)snprintf(body, sizeof(body), "{\"link\":\"%s\",%s}",
		       link_text(link), change);
	return visitor_ask(visitor, HTTP_METHOD_POST, path, body);
}

static void
the_api_takes_days_as_number_or_text(void **state)
{
	static const char *const good[] = {
		"\"step\":\"extend\",\"days\":30",
		"\"step\":\"extend\",\"days\":\"30\"",
	};
	static const char *const bad[] = {
		"\"step\":\"extend\",\"days\":0",
		"\"step\":\"extend\",\"days\":-3",
		"\"step\":\"extend\",\"days\":1.5",
		"\"step\":\"extend\",\"days\":366",
		"\"step\":\"extend\",\"days\":[30]",
		"\"step\":\"extend\"",
	};
	struct visited *site = *state;
	AUTO(sbuf_done) struct sbuf token;
	struct visitor visitor;
	char case_path[100];
	char path[120];
	char step[40];

	sbuf_init(&token, 100);
	visitor_init(&visitor, site);
	visitor_get_token(&visitor, "taro", &token);
	(void)snprintf(path, sizeof(path), "/api/v1%s",
		       visitor_case_path(site, 0, "/links", case_path));
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(
			api_change(&visitor, path, "\"step\":\"revoke\""), 200);
		assert_int_equal(api_change(&visitor, path, good[i]), 200);
		fake_vault_link_step(site->vault, step);
		assert_string_equal(step, "extend 30");
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(api_change(&visitor, path, bad[i]), 400);
	visitor_done(&visitor);
}

/* The vault hears which mail it is asked of, and says 404. */
static void
a_link_of_another_mail_is_not_found(void **state)
{
	struct visited *site = *state;
	AUTO(sbuf_done) struct sbuf token;
	struct visitor visitor;
	char case_path[100];
	char link[CASE_ID_TEXT_BYTES];
	char path[200];

	sbuf_init(&token, 100);
	visitor_init(&visitor, site);
	visitor_get_token(&visitor, "taro", &token);
	(void)snprintf(path, sizeof(path), "/api/v1%s",
		       visitor_case_path(site, 1, "/links", case_path));
	assert_int_equal(api_change(&visitor, path, "\"step\":\"revoke\""),
			 404);
	(void)snprintf(path, sizeof(path), "/api/v1%s?link=%s",
		       visitor_case_path(site, 1, "/links/record", case_path),
		       link_text(link));
	assert_int_equal(visitor_ask(&visitor, HTTP_METHOD_GET, path, ""), 404);
	visitor_done(&visitor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(an_approver_may_send_the_files_as_a_link),
		VISIT_TEST(
			a_sender_asks_for_a_link_with_a_password_told_otherwise),
		VISIT_TEST(the_page_of_links_says_who_fetched_what),
		VISIT_TEST(a_link_is_revoked_extended_and_thawed),
		VISIT_TEST(the_api_takes_days_as_number_or_text),
		VISIT_TEST(a_link_of_another_mail_is_not_found),
		VISIT_TEST(a_wrong_recipient_is_one_click_to_a_record),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
