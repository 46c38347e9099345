/* Tests of the page of a case and of what is decided on it. */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/desk.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

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
	assert_int_equal(
		visitor_get(&visitor, visitor_case_path(*state, 1, "", path)),
		200);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (!visitor_sees(&visitor, wanted[i]))
			fail_msg("the page lacks %s", wanted[i]);
	}
	visitor_done(&visitor);
}

static void
a_case_of_the_strict_profile_says_so(void **state)
{
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(
		visitor_get(&visitor, visitor_case_path(*state, 2, "", path)),
		200);
	assert_true(visitor_sees(&visitor, "id=\"strict\""));
	assert_true(visitor_sees(&visitor, "厳格プロファイル: "));
	assert_true(visitor_sees(&visitor, "+27"));
	/* What the sum means. */
	assert_true(visitor_sees(&visitor, "合計"));
	assert_true(visitor_sees(&visitor, "疑いあり（0〜+9）"));
	assert_int_equal(
		visitor_get(&visitor, visitor_case_path(*state, 1, "", path)),
		200);
	assert_false(visitor_sees(&visitor, "厳格プロファイル"));
	visitor_done(&visitor);
}

static void
every_evidence_has_words(void **state)
{
	static const char *const evidence[] = {
#define EVIDENCE(symbol, group, name) name,
#include "lib/report/evidence.def"
#undef EVIDENCE
	};
	static const char *const terms[] = {
#define TERM(name, english) name,
#include "lib/report/terms.def"
#undef TERM
	};
	static const char *const groups[] = {
#define GROUP(name, english) name,
#include "lib/report/term_groups.def"
#undef GROUP
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(evidence); i++) {
		bool found = false;

		for (size_t j = 0; j < ARRAY_LEN(terms); j++)
			found |= strcmp(evidence[i], terms[j]) == 0;
		if (!found)
			fail_msg("%s has no words", evidence[i]);
		found = false;
		for (size_t j = 0; j < ARRAY_LEN(groups); j++)
			found |= strlen(groups[j]) ==
					 strcspn(evidence[i], ".") &&
				 strncmp(groups[j], evidence[i],
					 strlen(groups[j])) == 0;
		if (!found)
			fail_msg("%s is of no group of term_groups.def",
				 evidence[i]);
	}
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
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	(void)visitor_with_version(&visitor, "&purpose=%E7%A8%8E", fields);
	(void)visitor_case_path(site, 0, "/approve", path);
	assert_int_equal(visitor_post(&visitor, path, "version=00"), 400);
	assert_int_equal(visitor_post(&visitor, path, fields), 303);
	assert_int_equal(fake_vault_case_state(site->vault, 0),
			 CASE_STATE_RELEASED);
	/* the same form once more */
	assert_int_equal(visitor_post(&visitor, path, fields), 409);
	assert_true(visitor_sees(&visitor, "案件を開き直す"));
	(void)visitor_case_path(site, 0, "", path);
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
	(void)visitor_get(&visitor, visitor_case_path(site, 1, "", path));
	(void)visitor_with_version(
		&visitor, "&purpose=tax&purpose_text=of%20the%20year", fields);
	(void)visitor_case_path(site, 1, "/approve", path);
	assert_int_equal(visitor_post(&visitor, path, fields), 303);
	(void)snprintf(path, sizeof(path), "%s",
		       sbuf_text(&visitor.response.location));
	assert_int_equal(strncmp(path, "/?done=approve&case=", 20), 0);
	assert_int_equal(visitor_get(&visitor, path), 200);
	assert_true(visitor_sees(&visitor, "data-done=\"approve\""));
	(void)visitor_case_path(site, 0, "\">次の案件へ", want);
	assert_true(visitor_sees(&visitor, want));
	(void)visitor_case_path(site, 1, "", path);
	assert_int_equal(visitor_get(&visitor, path), 200);
	assert_true(visitor_sees(&visitor, "tax: of the year"));
	/* The log's own words stay in the log. */
	assert_false(visitor_sees(&visitor, "bytes=804"));
	assert_false(visitor_sees(&visitor, "通行証"));
	/* Whatever else stands in the address is no news. */
	assert_int_equal(visitor_get(&visitor, "/?done=won&case=%22"), 200);
	assert_false(visitor_sees(&visitor, "id=\"done\""));
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
	(void)visitor_get(&visitor, visitor_case_path(site, 2, "", path));
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
	(void)visitor_get(&visitor, visitor_case_path(site, 1, "", path));
	assert_true(visitor_sees(&visitor, "id=\"reveal\""));
	assert_false(visitor_sees(&visitor, number));
	(void)visitor_case_path(site, 1, "/reveal", path);
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
			    visitor_case_path(site, 1, "", want));
	assert_false(visitor.response.may_cache);
	assert_true(visitor.response.secret);
	(void)visitor_get(&visitor, visitor_case_path(site, 1, "", path));
	assert_false(visitor_sees(&visitor, number));
	assert_false(visitor.response.secret);
	visitor_done(&visitor);
	/* Who is no handler. */
	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	(void)visitor_get(&visitor, visitor_case_path(site, 1, "", path));
	assert_false(visitor_sees(&visitor, "id=\"reveal\""));
	(void)visitor_case_path(site, 1, "/reveal", path);
	assert_int_equal(visitor_post(&visitor, path, "reason=asked"), 403);
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_REVEAL), 1);
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
	(void)visitor_get(&visitor, visitor_case_path(site, 4, "", path));
	assert_true(visitor_sees(&visitor, "id=\"why-not\""));
	assert_true(visitor_sees(
		&visitor, "あなたが送ったか、あなたに代わって送られたメール"));
	assert_false(visitor_sees(&visitor, "id=\"approve\""));
	assert_true(visitor_sees(&visitor, "id=\"cancel\""));
	(void)visitor_case_path(site, 4, "/approve", path);
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
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	(void)visitor_with_version(&visitor, "", fields);
	assert_int_equal(
		visitor_post(&visitor,
			     visitor_case_path(site, 0, "/approve", path),
			     fields),
		403);
	assert_int_equal(visitor_get(&visitor, "/audit"), 403);
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	assert_int_equal(
		visitor_post(&visitor,
			     visitor_case_path(site, 0, "/cancel", path),
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
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	(void)visitor_with_version(&visitor, "&comment=", fields);
	(void)visitor_case_path(site, 0, "/return", path);
	assert_int_equal(visitor_post(&visitor, path, fields), 400);
	(void)visitor_get(&visitor, visitor_case_path(site, 0, "", path));
	(void)visitor_with_version(&visitor, "&comment=no", fields);
	(void)visitor_case_path(site, 0, "/return", path);
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
	assert_int_equal(
		visitor_get(&visitor, visitor_case_path(site, 0, "", path)),
		200);
	assert_true(visitor_sees(&visitor, "検査結果を今は読めません"));
	assert_false(visitor_sees(&visitor, "********9018"));
	visitor_done(&visitor);
}

/* --- files with a password ----------------------------------------------- */

static void
what_is_locked_is_told_with_how_it_was_opened(void **state)
{
	static const char *const wanted[] = {
		"図面データ_20261122.zip",
		"zip: ZipCrypto",
		"開けていません",
		"お見積書.7z",
		"本文にあったパスワードで開きました",
		"図面データ_20261122.zip のパスワード",
		"type=\"password\"",
		"value=\"26\"", /* of its time */
		"9.7億",
	};
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, visitor_case_path(*state, 3, "", path));
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (!visitor_sees(&visitor, wanted[i]))
			fail_msg("the page lacks %s", wanted[i]);
	assert_true(visitor_sees(&visitor, "id=\"pause\""));
	/* Consent for other mails is the sender's. */
	assert_false(visitor_sees(&visitor, "name=\"keep\""));
	(void)visitor_get(&visitor, visitor_case_path(*state, 1, "", path));
	assert_false(visitor_sees(&visitor, "id=\"locks\""));
	visitor_done(&visitor);
}

static void
a_password_goes_to_the_vault_and_nowhere_else(void **state)
{
	static const char secret[] = "s3cret-9+%26=?";
	struct visited *site = *state;
	struct visitor visitor;
	char page[100];
	char path[100];
	char text[200];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "taro");
	(void)visitor_get(&visitor, visitor_case_path(site, 3, "", page));
	assert_true(visitor_sees(&visitor, "name=\"keep\""));
	assert_false(visitor_sees(&visitor, "id=\"pause\""));
	(void)visitor_case_path(site, 3, "/unlock", path);
	assert_int_equal(visitor_post(&visitor, path, "file_password="), 400);
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_UNLOCK), 0);
	assert_int_equal(visitor_post(&visitor, path,
				      "file_password=s3cret-9%2B%2526%3D%3F&"
				      "keep=yes"),
			 303);
	fake_vault_password(site->vault, text);
	assert_string_equal(text, "s3cret-9+%26=? keep");
	assert_null(strstr(sbuf_text(&visitor.response.location), "s3cret"));
	/* The page says that it is being tried, and what came of it. */
	(void)visitor_get(&visitor, visitor_case_path(site, 3, "", page));
	assert_true(visitor_sees(&visitor, "data-trying=\"yes\""));
	assert_true(visitor_sees(&visitor, "パスワードを試しています"));
	assert_false(visitor_sees(&visitor, secret));
	fake_vault_unlocked(site->vault, UNLOCK_STATE_CLOSED);
	(void)visitor_get(&visitor, page);
	assert_true(visitor_sees(&visitor, "合いませんでした"));
	fake_vault_unlocked(site->vault, UNLOCK_STATE_OPENED);
	(void)visitor_get(&visitor, page);
	assert_true(visitor_sees(&visitor,
				 "差出人が入力したパスワードで開きました"));
	assert_false(visitor_sees(&visitor, "id=\"file-password\""));
	visitor_done(&visitor);
}

static void
a_search_is_paused_and_resumed(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char page[100];
	char path[100];

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, visitor_case_path(site, 3, "", page));
	(void)visitor_case_path(site, 3, "/search", path);
	assert_int_equal(visitor_post(&visitor, path, "step=stop"), 400);
	assert_int_equal(visitor_post(&visitor, path, "step=pause"), 303);
	(void)visitor_get(&visitor, page);
	assert_true(visitor_sees(&visitor, "一時停止しています"));
	assert_int_equal(visitor_post(&visitor, path, "step=resume"), 303);
	(void)visitor_get(&visitor, page);
	assert_true(visitor_sees(&visitor, "id=\"pause\""));
	/* The list tells it, too, so that a page need not be opened again. */
	(void)visitor_get(&visitor, "/?filter=all");
	assert_true(visitor_sees(&visitor, "data-percent=\"26\""));
	visitor_done(&visitor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(the_case_page_explains_itself),
		VISIT_TEST(a_case_of_the_strict_profile_says_so),
		VISIT_TEST(every_evidence_has_words),
		VISIT_TEST(an_approval_is_bound_to_what_was_seen),
		VISIT_TEST(after_a_decision_the_next_case_is_offered),
		VISIT_TEST(a_preview_that_is_not_there_yet_is_announced),
		VISIT_TEST(
			numbers_are_shown_to_handlers_once_and_with_a_reason),
		VISIT_TEST(nobody_decides_on_their_own_mail),
		VISIT_TEST(a_sender_may_cancel_and_no_more),
		VISIT_TEST(a_return_needs_a_reason),
		VISIT_TEST(a_report_that_contradicts_itself_is_not_shown),
		VISIT_TEST(what_is_locked_is_told_with_how_it_was_opened),
		VISIT_TEST(a_password_goes_to_the_vault_and_nowhere_else),
		VISIT_TEST(a_search_is_paused_and_resumed),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
