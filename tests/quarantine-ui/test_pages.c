/* Tests of the pages, against the fake vault. */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/route.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

/* "/cases/<id of case i><behind>" */
static const char *
case_path(const struct visited *site, size_t i, const char *behind,
	  char path[100])
{
	char text[CASE_ID_TEXT_BYTES];

	(void)snprintf(path, 100, "/cases/%s%s",
		       fake_vault_case_text(site->vault, i, text), behind);
	return path;
}

/* "version=…" as the open page has it, and more. */
static const char *
with_version(const struct visitor *visitor, const char *more, char fields[400])
{
	static const char mark[] = "name=\"version\" value=\"";
	const char *at = strstr(visitor_text(visitor), mark);

	(void)snprintf(fields, 400, "version=%.64s%s",
		       at != NULL ? at + sizeof(mark) - 1 : "", more);
	return fields;
}

static void
a_link_from_another_site_keeps_the_session(void **state)
{
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, *state);
	visitor.sec_fetch_site = "cross-site";
	assert_int_equal(visitor_get(&visitor, case_path(*state, 0, "", path)),
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
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	(void)with_version(&visitor, "", fields);
	(void)case_path(site, 0, "/approve", path);
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
		visitor_get(&visitor, case_path(site, 0, "/approve", path)),
		405);
	assert_string_equal(visitor.response.allow, "POST");
	assert_int_equal(visitor_ask(&visitor, HTTP_METHOD_HEAD,
				     case_path(site, 0, "/approve", path), ""),
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
the_case_page_explains_itself(void **state)
{
	static const char *const wanted[] = {
		"********4467",
		"従業員名簿.zip</bdi>",
		"title=\"2/名簿.xlsx\">名簿.xlsx</bdi>",
		"class=\"node d2\"", /* the sheet in the book in the archive */
		"C7:C44",
		"38件",
		"zeirishi.example.com に酷似",
		"田中先生に電話で確認済みです。",
		"ほかに閲覧中：佐藤 次郎",
		"山田太郎のマイナンバーは ●●●● ●●●● ●●●● です。",
		"<td>山田 太郎</td>",
		"&lt;b&gt;太字ではない&lt;/b&gt;",
		"7行目",
		"検査用数字が合う",
		"+35",
		"パスワードで保護されています",
		"初めての宛先",
		"鈴木 花子, 佐藤 次郎",
		"複数の読み方",
		"外向きの個人番号は確認してから",
		"id=\"approve\"",
		"山田太郎 &lt;taro@example.co.jp&gt;",
	};
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(visitor_get(&visitor, case_path(*state, 1, "", path)),
			 200);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (!visitor_sees(&visitor, wanted[i]))
			fail_msg("the page lacks %s", wanted[i]);
	}
	visitor_done(&visitor);
}

static void
every_evidence_has_words(void **state)
{
	static const char *const evidence[] = {
#define EVIDENCE(symbol, name, weight) name,
#include "scanners/detect/evidence.def"
#undef EVIDENCE
	};
	static const char *const terms[] = {
#define TERM(name, english) name,
#include "quarantine-ui/pages/terms.def"
#undef TERM
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(evidence); i++) {
		bool found = false;

		for (size_t j = 0; j < ARRAY_LEN(terms); j++)
			found |= strcmp(evidence[i], terms[j]) == 0;
		if (!found)
			fail_msg("%s has no words", evidence[i]);
	}
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
	assert_int_equal(visitor_get(&visitor, case_path(site, 0, "", path)),
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
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	assert_false(visitor_sees(&visitor, "<script>"));
	assert_true(visitor_sees(&visitor, "&lt;script&gt;alert(1)"));
	visitor_done(&visitor);
}

static void
an_approval_is_bound_to_what_was_seen(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char fields[400];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	(void)with_version(&visitor, "&purpose=%E7%A8%8E", fields);
	(void)case_path(site, 0, "/approve", path);
	assert_int_equal(visitor_post(&visitor, path, "version=00"), 400);
	assert_int_equal(visitor_post(&visitor, path, fields), 303);
	assert_int_equal(fake_vault_case_state(site->vault, 0),
			 CASE_STATE_RELEASED);
	/* the same form once more */
	assert_int_equal(visitor_post(&visitor, path, fields), 409);
	assert_true(visitor_sees(&visitor, "案件を開き直す"));
	(void)case_path(site, 0, "", path);
	assert_int_equal(visitor_get(&visitor, path), 200);
	assert_true(visitor_sees(&visitor, "data-state=\"released\""));
	assert_false(visitor_sees(&visitor, "id=\"approve\""));
	visitor_done(&visitor);
}

static void
after_a_decision_the_next_case_is_offered(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char want[100];
	char fields[400];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, case_path(site, 1, "", path));
	(void)with_version(&visitor,
			   "&purpose=tax&purpose_text=of%20the%20year", fields);
	(void)case_path(site, 1, "/approve", path);
	assert_int_equal(visitor_post(&visitor, path, fields), 303);
	(void)snprintf(path, sizeof(path), "%s",
		       sbuf_text(&visitor.response.location));
	assert_int_equal(strncmp(path, "/?done=approve&case=", 20), 0);
	assert_int_equal(visitor_get(&visitor, path), 200);
	assert_true(visitor_sees(&visitor, "data-done=\"approve\""));
	(void)case_path(site, 0, "\">次の案件へ", want);
	assert_true(visitor_sees(&visitor, want));
	(void)case_path(site, 1, "", path);
	assert_int_equal(visitor_get(&visitor, path), 200);
	assert_true(visitor_sees(&visitor, "tax: of the year"));
	/* Whatever else stands in the address is no news. */
	assert_int_equal(visitor_get(&visitor, "/?done=won&case=%22"), 200);
	assert_false(visitor_sees(&visitor, "id=\"done\""));
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
a_preview_that_is_not_there_yet_is_announced(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, case_path(site, 2, "", path));
	assert_true(visitor_sees(&visitor, "data-waiting=\"yes\""));
	fake_vault_touch(site->vault);
	(void)visitor_get(&visitor, path);
	assert_false(visitor_sees(&visitor, "data-waiting=\"yes\""));
	assert_true(visitor_sees(&visitor, "●●●● ●●●● ●●●●"));
	visitor_done(&visitor);
}

static void
numbers_are_shown_to_handlers_once_and_with_a_reason(void **state)
{
	static const char number[] = "1234 5678 9018";
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char want[100];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, case_path(site, 1, "", path));
	assert_true(visitor_sees(&visitor, "id=\"reveal\""));
	assert_false(visitor_sees(&visitor, number));
	(void)case_path(site, 1, "/reveal", path);
	assert_int_equal(visitor_get(&visitor, path), 405);
	(void)visitor_get(&visitor, "/");
	assert_int_equal(visitor_post(&visitor, path, "reason="), 400);
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_REVEAL), 0);
	(void)visitor_get(&visitor, "/");
	assert_int_equal(visitor_post(&visitor, path, "reason=asked"), 200);
	assert_true(visitor_sees(&visitor, number));
	/* Gone by itself, kept by nobody. */
	assert_int_equal(visitor.response.leave_after_s, 60);
	assert_string_equal(sbuf_text(&visitor.response.location),
			    case_path(site, 1, "", want));
	assert_false(visitor.response.may_cache);
	assert_true(visitor.response.secret);
	(void)visitor_get(&visitor, case_path(site, 1, "", path));
	assert_false(visitor_sees(&visitor, number));
	assert_false(visitor.response.secret);
	visitor_done(&visitor);
	/* Who is no handler. */
	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	(void)visitor_get(&visitor, case_path(site, 1, "", path));
	assert_false(visitor_sees(&visitor, "id=\"reveal\""));
	(void)case_path(site, 1, "/reveal", path);
	assert_int_equal(visitor_post(&visitor, path, "reason=asked"), 403);
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_REVEAL), 1);
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
nobody_decides_on_their_own_mail(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, case_path(site, 4, "", path));
	assert_true(visitor_sees(&visitor, "id=\"why-not\""));
	assert_true(visitor_sees(
		&visitor, "あなたが送ったか、あなたに代わって送られたメール"));
	assert_false(visitor_sees(&visitor, "id=\"approve\""));
	assert_true(visitor_sees(&visitor, "id=\"cancel\""));
	(void)case_path(site, 4, "/approve", path);
	assert_int_equal(
		visitor_post(&visitor, path,
			     "version=05050505050505050505050505050505050505050"
			     "50505050505050505050505"),
		403);
	assert_int_equal(fake_vault_case_state(site->vault, 4),
			 CASE_STATE_HELD);
	visitor_done(&visitor);
}

static void
a_sender_may_cancel_and_no_more(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char fields[400];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	(void)with_version(&visitor, "", fields);
	assert_int_equal(visitor_post(&visitor,
				      case_path(site, 0, "/approve", path),
				      fields),
			 403);
	assert_int_equal(visitor_get(&visitor, "/audit"), 403);
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	assert_int_equal(visitor_post(&visitor,
				      case_path(site, 0, "/cancel", path),
				      fields),
			 303);
	assert_int_equal(fake_vault_case_state(site->vault, 0),
			 CASE_STATE_CANCELLED);
	visitor_done(&visitor);
}

static void
a_return_needs_a_reason(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];
	char fields[400];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	(void)with_version(&visitor, "&comment=", fields);
	(void)case_path(site, 0, "/return", path);
	assert_int_equal(visitor_post(&visitor, path, fields), 400);
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	(void)with_version(&visitor, "&comment=no", fields);
	(void)case_path(site, 0, "/return", path);
	assert_int_equal(visitor_post(&visitor, path, fields), 303);
	assert_int_equal(fake_vault_case_state(site->vault, 0),
			 CASE_STATE_RETURNED);
	visitor_done(&visitor);
}

static void
a_report_that_contradicts_itself_is_not_shown(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	fake_vault_spoil_reports(site->vault);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(visitor_get(&visitor, case_path(site, 0, "", path)),
			 200);
	assert_true(visitor_sees(&visitor, "検査結果を今は読めません"));
	assert_false(visitor_sees(&visitor, "********9018"));
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
		VISIT_TEST(the_case_page_explains_itself),
		VISIT_TEST(every_evidence_has_words),
		VISIT_TEST(who_takes_no_part_sees_no_content),
		VISIT_TEST(text_of_a_mail_stays_text),
		VISIT_TEST(an_approval_is_bound_to_what_was_seen),
		VISIT_TEST(after_a_decision_the_next_case_is_offered),
		VISIT_TEST(the_inbox_is_searched_and_ordered_by_the_vault),
		VISIT_TEST(a_preview_that_is_not_there_yet_is_announced),
		VISIT_TEST(
			numbers_are_shown_to_handlers_once_and_with_a_reason),
		VISIT_TEST(open_pages_are_told_until_the_session_ends),
		VISIT_TEST(nobody_decides_on_their_own_mail),
		VISIT_TEST(a_sender_may_cancel_and_no_more),
		VISIT_TEST(a_return_needs_a_reason),
		VISIT_TEST(a_report_that_contradicts_itself_is_not_shown),
		VISIT_TEST(an_outage_is_told_and_leaves_the_session),
		VISIT_TEST(health_and_metrics_tell_counts_only),
		VISIT_TEST(the_audit_page_lists_and_verifies),
		VISIT_TEST(what_is_not_there_says_what_to_do),
		VISIT_TEST(static_files_may_be_cached_and_pages_not),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
