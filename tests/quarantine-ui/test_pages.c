/* Tests of the pages, against the fake vault. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/route.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

static int
setup(void **state)
{
	struct visited *site = calloc(1, sizeof(*site));

	if (site == NULL)
		return 1;
	visited_start(site);
	*state = site;
	return 0;
}

static int
teardown(void **state)
{
	struct visited *site = *state;

	visited_stop(site);
	free(site);
	return 0;
}

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
nobody_sees_a_page_without_signing_in(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	for (size_t i = 0; i < route_count; i++) {
		const char *id = strstr(routes[i].path, "{id}");
		AUTO(sbuf_done) struct sbuf path;
		unsigned status = 0;

		if (routes[i].roles == 0)
			continue;
		sbuf_init(&path, 200);
		sbuf_add_text(&path, routes[i].path);
		if (id != NULL) {
			sbuf_truncate(&path, (size_t)(id - routes[i].path));
			sbuf_addf(&path, "040g2081040g2081040g208104%s",
				  id + 4);
		}
		status = visitor_ask(&visitor, routes[i].method,
				     sbuf_text(&path), "");
		assert_int_equal(status,
				 routes[i].kind == ROUTE_API ? 401 : 303);
		if (routes[i].kind == ROUTE_PAGE)
			assert_int_equal(
				strncmp(sbuf_text(&visitor.response.location),
					"/sign-in?next=/", 15),
				0);
	}
	visitor_done(&visitor);
}

static void
signing_in_gives_a_session_and_signing_out_ends_it(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor.secure = true;
	visitor_sign_in(&visitor, "approver1");
	assert_non_null(strstr(sbuf_text(&visitor.cookies), "__Host-sid="));
	assert_true(visitor_sees(&visitor, "鈴木 花子"));
	assert_int_equal(visitor_post(&visitor, "/sign-out", ""), 303);
	assert_int_equal(visitor_get(&visitor, "/"), 303);
	visitor_done(&visitor);
}

static void
every_bad_sign_in_is_told_the_same(void **state)
{
	static const char *const fields[] = {
		"login=approver1&password=wrong",
		"login=nobody&password=wrong",
		"login=&password=",
		"login=approver1&password=",
	};
	struct visitor visitor;
	char first[4000] = "";

	visitor_init(&visitor, *state);
	(void)visitor_get(&visitor, "/sign-in");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		assert_int_equal(visitor_post(&visitor, "/sign-in", fields[i]),
				 403);
		if (i == 0)
			(void)snprintf(first, sizeof(first), "%s",
				       visitor_text(&visitor));
		assert_string_equal(visitor_text(&visitor), first);
	}
	visitor_done(&visitor);
}

static void
sign_in_tries_are_limited_by_address(void **state)
{
	struct visitor visitor;
	struct visitor other;

	visitor_init(&visitor, *state);
	(void)visitor_get(&visitor, "/sign-in");
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(visitor_post(&visitor, "/sign-in",
					      "login=a&password=b"),
				 403);
	assert_int_equal(
		visitor_post(&visitor, "/sign-in", "login=a&password=b"), 429);
	assert_int_equal(visitor.response.retry_after_s, 60);
	assert_int_equal(visitor_ask(&visitor, HTTP_METHOD_POST,
				     "/api/v1/session",
				     "{\"login\":\"a\",\"password\":\"b\"}"),
			 429);
	visitor_init(&other, *state);
	other.far = true;
	(void)visitor_get(&other, "/sign-in");
	assert_int_equal(visitor_post(&other, "/sign-in", "login=a&password=b"),
			 403);
	visitor_done(&other);
	visitor_done(&visitor);
}

static void
after_signing_in_only_own_pages_are_gone_to(void **state)
{
	static const struct {
		const char *next, *want;
	} cases[] = {
		{ "/cases/040g2081040g2081040g208104",
		  "/cases/040g2081040g2081040g208104" },
		{ "/?filter=all", "/?filter=all" },
		{ "https%3A%2F%2Felsewhere.test/", "/" },
		{ "%2F%2Felsewhere.test/", "/" },
		{ "/nothing", "/" },
		{ "/%5C/elsewhere.test", "/" },
		{ "/api/v1/cases", "/" },
		{ "", "/" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct visitor visitor;
		char fields[300];

		visitor_init(&visitor, *state);
		visitor.far = i >= 4; /* keep below the rate */
		(void)visitor_get(&visitor, "/sign-in");
		(void)snprintf(fields, sizeof(fields),
			       "login=approver1&password=correct+horse+"
			       "battery+staple&next=%s",
			       cases[i].next);
		assert_int_equal(visitor_post(&visitor, "/sign-in", fields),
				 303);
		assert_string_equal(sbuf_text(&visitor.response.location),
				    cases[i].want);
		visitor_done(&visitor);
	}
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
		"2/従業員名簿.zip/名簿.xlsx",
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
	assert_false(visitor_sees(&visitor, "<script"));
	(void)visitor_get(&visitor, case_path(site, 0, "", path));
	assert_false(visitor_sees(&visitor, "<script"));
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
	(void)case_path(site, 0, "?done=approve", path);
	assert_int_equal(visitor_get(&visitor, path), 200);
	assert_true(visitor_sees(&visitor, "data-state=\"released\""));
	assert_true(visitor_sees(&visitor, "id=\"done\""));
	assert_false(visitor_sees(&visitor, "id=\"approve\""));
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
a_password_changes_only_with_the_old_one(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(visitor_get(&visitor, "/password"), 200);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=wrong&new=a+new+good+password&"
				      "again=a+new+good+password"),
			 403);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=correct+horse+battery+staple&"
				      "new=short&again=short"),
			 400);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=correct+horse+battery+staple&"
				      "new=a+new+good+password&again=another"),
			 400);
	assert_int_equal(visitor_post(&visitor, "/password",
				      "old=correct+horse+battery+staple&"
				      "new=a+new+good+password&"
				      "again=a+new+good+password"),
			 303);
	assert_int_equal(visitor_get(&visitor, "/"), 200);
	visitor_done(&visitor);
}

static void
the_language_is_kept(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	(void)visitor_get(&visitor, "/sign-in");
	assert_true(visitor_sees(&visitor, "<html lang=\"ja\">"));
	assert_true(visitor_sees(&visitor, "サインイン"));
	assert_int_equal(visitor_post(&visitor, "/language",
				      "language=en&next=/sign-in"),
			 303);
	assert_string_equal(sbuf_text(&visitor.response.location), "/sign-in");
	(void)visitor_get(&visitor, "/sign-in");
	assert_true(visitor_sees(&visitor, "<html lang=\"en\">"));
	assert_false(visitor_sees(&visitor, "サインイン"));
	assert_int_equal(visitor_post(&visitor, "/language", "language=xx"),
			 400);
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
	struct visitor visitor;

	visitor_init(&visitor, *state);
	assert_int_equal(visitor_get(&visitor, "/static/desk.css"), 200);
	assert_true(visitor.response.may_cache);
	assert_int_equal(visitor.response.cookie_count, 0);
	assert_int_equal(visitor_get(&visitor, "/sign-in"), 200);
	assert_false(visitor.response.may_cache);
	visitor_done(&visitor);
}

#define PAGE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PAGE_TEST(nobody_sees_a_page_without_signing_in),
		PAGE_TEST(signing_in_gives_a_session_and_signing_out_ends_it),
		PAGE_TEST(every_bad_sign_in_is_told_the_same),
		PAGE_TEST(sign_in_tries_are_limited_by_address),
		PAGE_TEST(after_signing_in_only_own_pages_are_gone_to),
		PAGE_TEST(a_link_from_another_site_keeps_the_session),
		PAGE_TEST(a_form_without_the_token_does_nothing),
		PAGE_TEST(a_get_never_changes_anything),
		PAGE_TEST(the_inbox_shows_what_waits),
		PAGE_TEST(the_case_page_explains_itself),
		PAGE_TEST(every_evidence_has_words),
		PAGE_TEST(who_takes_no_part_sees_no_content),
		PAGE_TEST(text_of_a_mail_stays_text),
		PAGE_TEST(an_approval_is_bound_to_what_was_seen),
		PAGE_TEST(nobody_decides_on_their_own_mail),
		PAGE_TEST(a_sender_may_cancel_and_no_more),
		PAGE_TEST(a_return_needs_a_reason),
		PAGE_TEST(a_report_that_contradicts_itself_is_not_shown),
		PAGE_TEST(an_outage_is_told_and_leaves_the_session),
		PAGE_TEST(health_and_metrics_tell_counts_only),
		PAGE_TEST(the_audit_page_lists_and_verifies),
		PAGE_TEST(a_password_changes_only_with_the_old_one),
		PAGE_TEST(the_language_is_kept),
		PAGE_TEST(what_is_not_there_says_what_to_do),
		PAGE_TEST(static_files_may_be_cached_and_pages_not),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
