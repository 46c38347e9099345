/* Tests of the pages, against the fake vault. */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/route.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

static void
a_link_from_another_site_keeps_the_session(void **state)
{
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, *state);
	visitor.sec_fetch_site = "cross-site";
	assert_int_equal(
		visitor_get(&visitor, visitor_case_path(*state, 0, "", path)),
		200);
	assert_true(visitor_sees(&visitor, "http-equiv=\"refresh\""));
	assert_false(visitor_sees(&visitor, "年末調整"));
	visitor_done(&visitor);
}

static void
a_form_without_the_token_does_nothing(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char fields[400];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	(void)visitor_with_version(&visitor, "", fields);
	(void)visitor_case_path(site, 0, "/approve", path);
	assert_int_equal(visitor_ask(&visitor, HTTP_METHOD_POST, path, fields),
			 403);
	visitor.form_token.bytes[0] ^= 1;
	assert_int_equal(visitor_post(&visitor, path, fields), 403);
	/* The right token, sent from elsewhere. */
	(void)visitor_get(&visitor, "/");
	visitor.sec_fetch_site = "cross-site";
	assert_int_equal(visitor_post(&visitor, path, fields), 403);
	visitor.sec_fetch_site = "same-origin";
	visitor.content_type = "text/plain";
	(void)visitor_get(&visitor, "/");
	assert_int_equal(visitor_post(&visitor, path, fields), 415);
	assert_int_equal(fake_vault_case_state(site->vault, 0),
			 CASE_STATE_HELD);
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_DECIDE), 0);
	visitor_done(&visitor);
}

static void
a_get_never_changes_anything(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	for (size_t i = 0; i < route_count; i++) {
		if (routes[i].method == HTTP_METHOD_POST &&
		    routes[i].kind == ROUTE_PAGE)
			assert_true(routes[i].form == ROUTE_FORM);
	}
	assert_int_equal(
		visitor_get(&visitor,
			    visitor_case_path(site, 0, "/approve", path)),
		405);
	assert_string_equal(visitor.response.allow, "POST");
	assert_int_equal(
		visitor_ask(&visitor, HTTP_METHOD_HEAD,
			    visitor_case_path(site, 0, "/approve", path), ""),
		405);
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_DECIDE), 0);
	visitor_done(&visitor);
}

static void
the_inbox_shows_what_waits(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	assert_true(visitor_sees(&visitor, "年末調整の書類をお送りします"));
	assert_true(visitor_sees(&visitor, "taro@example.co.jp"));
	assert_true(visitor_sees(&visitor, "個人番号 38件"));
	/* own mail does not wait for oneself */
	assert_false(visitor_sees(&visitor, "社労士の先生へ"));
	assert_int_equal(visitor_get(&visitor, "/?filter=mine"), 200);
	assert_true(visitor_sees(&visitor, "社労士の先生へ"));
	assert_false(visitor_sees(&visitor, "年末調整"));
	assert_int_equal(visitor_get(&visitor, "/?filter=all&page=2"), 200);
	assert_int_equal(visitor_get(&visitor, "/?page=0"), 400);
	assert_int_equal(visitor_get(&visitor, "/?page=x"), 400);
	assert_int_equal(visitor_get(&visitor, "/?filter=all&filter=todo"),
			 400);
	visitor_done(&visitor);
}

static void
who_takes_no_part_sees_no_content(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	fake_vault_hide(site->vault);
	visitor_sign_in(&visitor, "auditor1");
	assert_true(visitor_sees(&visitor, "（非表示）"));
	assert_int_equal(
		visitor_get(&visitor, visitor_case_path(site, 0, "", path)),
		200);
	assert_true(visitor_sees(&visitor, "id=\"hidden\""));
	assert_false(visitor_sees(&visitor, "検査結果を今は読めません"));
	assert_false(visitor_sees(&visitor, "番号は見つかりませんでした"));
	visitor_done(&visitor);
}

static void
text_of_a_mail_stays_text(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	fake_vault_set_subject(site->vault,
			       "</title><script>alert(1)</script>\"'&");
	visitor_sign_in(&visitor, "approver1");
	assert_false(visitor_sees(&visitor, "<script>"));
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	assert_false(visitor_sees(&visitor, "<script>"));
	assert_true(visitor_sees(&visitor, "&lt;script&gt;alert(1)"));
	visitor_done(&visitor);
}

static void
the_inbox_is_searched_and_ordered_by_the_vault(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(
		visitor_get(&visitor, "/?filter=all&sort=sender&q=invoice"),
		200);
	assert_true(visitor_sees(&visitor, "invoice ****2231"));
	assert_false(visitor_sees(&visitor, "年末調整"));
	assert_true(visitor_sees(&visitor, "value=\"sender\" selected"));
	assert_true(visitor_sees(&visitor, "value=\"invoice\""));
	assert_int_equal(visitor_get(&visitor, "/?q=%22%3E%3Cscript%3E"), 200);
	assert_true(visitor_sees(&visitor, "id=\"empty\""));
	assert_true(visitor_sees(&visitor, "&quot;&gt;&lt;script&gt;"));
	visitor_done(&visitor);
}

static void
open_pages_are_told_until_the_session_ends(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	visitor_init(&visitor, site);
	assert_int_equal(visitor_get(&visitor, "/events"), 303);
	assert_false(visitor.response.stream);
	visitor_sign_in(&visitor, "approver1");
	desk_set_revision(site->desk, 4711);
	assert_int_equal(visitor_get(&visitor, "/"), 200);
	assert_true(visitor_sees(&visitor, "data-revision=\"4711\""));
	assert_int_equal(visitor_get(&visitor, "/events"), 200);
	assert_true(visitor.response.stream);
	assert_int_equal(visitor.response.stream_owner, 1);
	assert_int_equal(visitor_ask(&visitor, HTTP_METHOD_HEAD, "/events", ""),
			 200);
	assert_false(visitor.response.stream);
	(void)visitor_get(&visitor, "/");
	assert_int_equal(visitor_post(&visitor, "/sign-out", ""), 303);
	assert_true(visitor.response.end_streams);
	assert_int_equal(visitor.response.stream_owner, 1);
	visitor_done(&visitor);
}

static void
an_outage_is_told_and_leaves_the_session(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	fake_vault_fail(site->vault, VAULT_FAILURE_STORE, "disk full");
	assert_int_equal(visitor_get(&visitor, "/"), 503);
	fake_vault_fail(site->vault, VAULT_FAILURE_NONE, "");
	assert_int_equal(visitor_get(&visitor, "/"), 200);
	visitor_done(&visitor);
}

static void
health_and_metrics_tell_counts_only(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	visitor_init(&visitor, site);
	assert_int_equal(visitor_get(&visitor, "/healthz"), 200);
	assert_string_equal(visitor_text(&visitor), "ok\n");
	assert_int_equal(visitor_get(&visitor, "/metrics"), 200);
	assert_true(visitor_sees(&visitor, "\nsekimori_cases_open 5\n"));
	assert_true(visitor_sees(&visitor, "\nsekimori_vault_up 1\n"));
	fake_vault_lock(site->vault, true);
	assert_int_equal(visitor_get(&visitor, "/healthz"), 503);
	fake_vault_fail(site->vault, VAULT_FAILURE_STORE, "disk full");
	assert_int_equal(visitor_get(&visitor, "/healthz"), 503);
	assert_false(visitor_sees(&visitor, "disk"));
	assert_int_equal(visitor_get(&visitor, "/metrics"), 200);
	assert_true(visitor_sees(&visitor, "\nsekimori_vault_up 0\n"));
	visitor.far = true;
	assert_int_equal(visitor_get(&visitor, "/metrics"), 404);
	visitor_done(&visitor);
}

static void
the_audit_page_lists_and_verifies(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "auditor1");
	assert_int_equal(visitor_get(&visitor, "/audit"), 200);
	assert_true(visitor_sees(&visitor, "<span class=\"seq\">137</span>"));
	assert_true(visitor_sees(&visitor, "/audit?from=38"));
	assert_int_equal(visitor_get(&visitor, "/audit?from=38"), 200);
	assert_true(visitor_sees(&visitor, "<span class=\"seq\">1</span>"));
	assert_int_equal(visitor_post(&visitor, "/audit/verify", ""), 200);
	assert_true(visitor_sees(&visitor, "id=\"intact\""));
	fake_vault_spoil_reports(site->vault);
	assert_int_equal(visitor_post(&visitor, "/audit/verify", ""), 200);
	assert_true(visitor_sees(&visitor, "id=\"broken\""));
	assert_true(visitor_sees(&visitor, "17行目"));
	visitor_done(&visitor);
}

static void
what_is_not_there_says_what_to_do(void **state)
{
	static const char *const paths[] = {
		"/nothing",
		"/cases/",
		"/cases/x",
		"//",
		"/static/../desk.css",
		"/cases/040g2081040g2081040g20810l",
		"/Sign-In",
		"/sign-in/"
	};
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		assert_int_equal(visitor_get(&visitor, paths[i]), 404);
		assert_true(visitor_sees(&visitor, "一覧へ"));
	}
	assert_int_equal(
		visitor_get(&visitor, "/cases/zzzzzzzzzzzzzzzzzzzzzzzzzw"),
		404);
	visitor_done(&visitor);
}

static void
static_files_may_be_cached_and_pages_not(void **state)
{
	struct visited *site = *state;
	const struct view *view = NULL;
	struct visitor visitor;
	char want[100];

	visitor_init(&visitor, site);
	assert_int_equal(visitor_get(&visitor, "/static/desk.css"), 200);
	assert_true(visitor.response.may_cache);
	assert_int_equal(visitor_get(&visitor, "/static/desk.js"), 200);
	assert_string_equal(visitor.response.content_type,
			    "text/javascript; charset=utf-8");
	assert_int_equal(visitor.response.cookie_count, 0);
	assert_int_equal(visitor_get(&visitor, "/sign-in"), 200);
	assert_false(visitor.response.may_cache);
	view = desk_take_view(site->desk);
	(void)snprintf(want, sizeof(want), "/static/desk.css?v=%s\"",
		       view->stamp);
	desk_release_view(site->desk, view);
	assert_true(visitor_sees(&visitor, want));
	visitor_done(&visitor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(a_link_from_another_site_keeps_the_session),
		VISIT_TEST(a_form_without_the_token_does_nothing),
		VISIT_TEST(a_get_never_changes_anything),
		VISIT_TEST(the_inbox_shows_what_waits),
		VISIT_TEST(who_takes_no_part_sees_no_content),
		VISIT_TEST(text_of_a_mail_stays_text),
		VISIT_TEST(the_inbox_is_searched_and_ordered_by_the_vault),
		VISIT_TEST(open_pages_are_told_until_the_session_ends),
		VISIT_TEST(an_outage_is_told_and_leaves_the_session),
		VISIT_TEST(health_and_metrics_tell_counts_only),
		VISIT_TEST(the_audit_page_lists_and_verifies),
		VISIT_TEST(what_is_not_there_says_what_to_do),
		VISIT_TEST(static_files_may_be_cached_and_pages_not),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
