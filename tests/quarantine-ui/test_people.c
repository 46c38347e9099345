/* Tests of the pages about people: second factor, entry, accounts, figures. */
#include <string.h>

#include "lib/base/log.h"
#include "quarantine-ui/desk/route.h"
#include "quarantine-ui/pages/report_sum.h"
#include "tests/harness/check.h"
#include "tests/quarantine-ui/visitor.h"

/* The value of Location of the last answer, until the next one. */
static const char *
location(const struct visitor *visitor)
{
	static char path[400];

	(void)snprintf(path, sizeof(path), "%s",
		       sbuf_text(&visitor->response.location));
	return path;
}

static void
type_password(struct visitor *visitor, const char *login)
{
	char fields[200];

	(void)visitor_get(visitor, "/sign-in");
	(void)snprintf(fields, sizeof(fields),
		       "login=%s&password=correct+horse+battery+staple&next="
		       "/report",
		       login);
	assert_int_equal(visitor_post(visitor, "/sign-in", fields), 303);
}

/* --- second factor ------------------------------------------------------ */

static void
a_password_alone_opens_nothing_when_a_code_is_needed(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	fake_vault_stage(site->vault, SESSION_STAGE_CODE);
	visitor_init(&visitor, site);
	type_password(&visitor, "approver1");
	assert_string_equal(location(&visitor), "/second-factor?next=/report");
	for (size_t i = 0; i < route_count; i++) {
		if (routes[i].kind != ROUTE_PAGE || routes[i].roles == 0 ||
		    (routes[i].roles & ROUTE_HALF) != 0 ||
		    routes[i].method != HTTP_METHOD_GET ||
		    strchr(routes[i].path, '{') != NULL)
			continue;
		assert_int_equal(visitor_get(&visitor, routes[i].path), 303);
		assert_memory_equal(location(&visitor), "/sign-in", 8);
	}
	assert_int_equal(visitor_get(&visitor, "/second-factor/set-up"), 303);
	assert_int_equal(visitor_get(&visitor, "/second-factor?next=/report"),
			 200);
	assert_int_equal(visitor_post(&visitor, "/second-factor",
				      "code=000000&next=/report"),
			 403);
	assert_int_equal(visitor_get(&visitor, "/report"), 303);
	(void)visitor_get(&visitor, "/second-factor");
	assert_int_equal(visitor_post(&visitor, "/second-factor",
				      "code=123+456&next=/report"),
			 303);
	assert_string_equal(location(&visitor), "/report");
	assert_int_equal(visitor_get(&visitor, "/report"), 200);
	visitor_done(&visitor);
}

static void
somebody_who_needs_a_factor_sets_it_up_first(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	fake_vault_stage(site->vault, SESSION_STAGE_ENROL);
	visitor_init(&visitor, site);
	type_password(&visitor, "admin1");
	assert_string_equal(location(&visitor),
			    "/second-factor/set-up?next=/report");
	assert_int_equal(visitor_get(&visitor, location(&visitor)), 200);
	assert_int_equal(visitor_post(&visitor, "/second-factor/set-up",
				      "step=begin&next=/report"),
			 200);
	assert_true(visitor_sees(&visitor, "JBSW Y3DP EHPK 3PXP"));
	assert_true(visitor.response.secret);
	assert_true(visitor_sees(&visitor, "<path d=\"M4 4h7v1h-7z"));
	assert_int_equal(visitor_post(&visitor, "/second-factor/set-up",
				      "step=confirm&code=1&next=/report"),
			 403);
	assert_int_equal(visitor_get(&visitor, "/report"), 303);
	(void)visitor_get(&visitor, "/second-factor/set-up");
	assert_int_equal(visitor_post(&visitor, "/second-factor/set-up",
				      "step=confirm&code=123456&next=/report"),
			 200);
	assert_true(visitor_sees(&visitor, "<li>abcd-efgh-jkmn</li>"));
	assert_true(visitor.response.secret);
	assert_true(visitor_sees(&visitor, "<li>qrst-vwxy-z234</li>"));
	assert_true(visitor_sees(&visitor, "href=\"/report\""));
	assert_int_equal(visitor_get(&visitor, "/report"), 200);
	visitor_done(&visitor);
}

static void
half_a_session_can_sign_out(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	fake_vault_stage(site->vault, SESSION_STAGE_CODE);
	visitor_init(&visitor, site);
	type_password(&visitor, "approver1");
	(void)visitor_get(&visitor, "/second-factor");
	assert_int_equal(visitor_post(&visitor, "/sign-out", ""), 303);
	assert_int_equal(visitor_get(&visitor, "/second-factor"), 303);
	assert_memory_equal(location(&visitor), "/sign-in", 8);
	visitor_done(&visitor);
}

static void
the_factor_is_renewed_and_removed_with_a_code(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(visitor_get(&visitor, "/second-factor/change"), 200);
	assert_int_equal(visitor_post(&visitor, "/second-factor/change",
				      "step=remove&code=999999"),
			 403);
	assert_int_equal(visitor_post(&visitor, "/second-factor/change",
				      "step=remove&code=123456"),
			 303);
	assert_string_equal(location(&visitor), "/account?done=removed");
	visitor_done(&visitor);
}

static void
another_phone_needs_a_code_of_the_present_one(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(visitor_get(&visitor, "/second-factor/set-up"), 200);
	assert_false(visitor_sees(&visitor, "name=\"code\""));
	assert_int_equal(
		visitor_post(&visitor, "/second-factor/set-up", "step=begin"),
		200);
	assert_int_equal(visitor_post(&visitor, "/second-factor/set-up",
				      "step=confirm&code=123456"),
			 200);
	assert_int_equal(visitor_get(&visitor, "/second-factor/set-up"), 200);
	assert_true(visitor_sees(&visitor, "name=\"code\""));
	assert_int_equal(visitor_post(&visitor, "/second-factor/set-up",
				      "step=begin&code=999999"),
			 403);
	assert_true(visitor_sees(&visitor, "id=\"begin\""));
	assert_int_equal(visitor_post(&visitor, "/second-factor/set-up",
				      "step=begin&code=123456"),
			 200);
	assert_true(visitor_sees(&visitor, "id=\"secret\""));
	visitor_done(&visitor);
}

/* --- account ------------------------------------------------------------ */

static void
the_account_page_lists_sessions_and_ends_them(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "approver1");
	assert_int_equal(visitor_get(&visitor, "/account"), 200);
	assert_true(visitor_sees(&visitor, "Safari, iPhone"));
	assert_true(visitor_sees(&visitor,
				 "value=\"02000000000000000000000000000000\""));
	/* not the one in use */
	assert_false(visitor_sees(
		&visitor, "value=\"01000000000000000000000000000000\""));
	assert_int_equal(visitor_post(&visitor, "/account/sessions",
				      "session=0200000000000000000000000000"
				      "0000"),
			 303);
	(void)visitor_get(&visitor, "/account");
	assert_int_equal(
		visitor_post(&visitor, "/account/sessions", "session=xyz"),
		400);
	(void)visitor_get(&visitor, "/account");
	assert_int_equal(
		visitor_post(&visitor, "/account/sessions", "session=all"),
		303);
	assert_int_equal(visitor_get(&visitor, "/account"), 303);
	visitor_done(&visitor);
}

/* --- the sender of one mail --------------------------------------------- */

static const char *
entry_path(const char *behind, char path[100])
{
	(void)snprintf(path, 100, "/m/29a5crjk4cx9t89p%s", behind);
	return path;
}

static void
a_link_alone_opens_and_uses_up_nothing(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	visitor.sec_fetch_site = "cross-site";
	assert_int_equal(visitor_get(&visitor, entry_path("", path)), 200);
	assert_int_equal(visitor_ask(&visitor, HTTP_METHOD_HEAD, path, ""),
			 200);
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_ENTER), 0);
	assert_false(visitor_sees(&visitor, "taro@example.co.jp"));
	visitor_done(&visitor);
}

static void
the_code_opens_the_senders_own_mail_once(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	struct visitor second;
	char path[100];
	char text[200];

	visitor_init(&visitor, site);
	visitor_init(&second, site);
	(void)visitor_get(&visitor, entry_path("", path));
	assert_int_equal(visitor_post(&visitor, path, "code=WRONG-CODE"), 403);
	assert_int_equal(
		visitor_post(&visitor, path, "code=ABCD-EFGH-JKMN-PQRS"), 303);
	assert_memory_equal(location(&visitor), "/cases/", 7);
	assert_int_equal(visitor_get(&visitor, location(&visitor)), 200);
	/* words for the approver */
	(void)snprintf(path, sizeof(path), "/cases/%s/comment",
		       fake_vault_case_text(site->vault, 0, text));
	assert_int_equal(visitor_post(&visitor, path, "comment=+"), 400);
	assert_int_equal(visitor_post(&visitor, path, "comment=urgent"), 303);
	fake_vault_comment(site->vault, text);
	assert_string_equal(text, "urgent");
	/* a guest has no account and no inbox */
	assert_int_equal(visitor_get(&visitor, "/account"), 403);
	assert_int_equal(visitor_get(&visitor, "/password"), 403);
	assert_int_equal(visitor_get(&visitor, "/report"), 403);
	assert_int_equal(visitor_get(&visitor, "/"), 303);
	assert_memory_equal(location(&visitor), "/cases/", 7);
	/* but may have an account, and is not kept from it */
	assert_true(visitor_get(&visitor, "/account") == 403 &&
		    visitor_sees(&visitor, "href=\"/sign-in\""));
	assert_int_equal(visitor_get(&visitor, "/sign-in"), 200);
	assert_true(visitor_sees(&visitor, "id=\"sign-in\""));
	(void)visitor_get(&second, entry_path("", path));
	assert_int_equal(
		visitor_post(&second, path, "code=ABCD-EFGH-JKMN-PQRS"), 403);
	visitor_done(&second);
	visitor_done(&visitor);
}

static void
a_new_code_is_asked_for_in_the_same_words(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	char path[100];

	visitor_init(&visitor, site);
	(void)visitor_get(&visitor, entry_path("", path));
	assert_int_equal(visitor_post(&visitor, entry_path("/again", path), ""),
			 303);
	assert_int_equal(visitor_get(&visitor, location(&visitor)), 200);
	assert_true(visitor_sees(&visitor, "id=\"sent\""));
	fake_vault_fail(site->vault, VAULT_FAILURE_NOT_FOUND, "no such entry");
	assert_int_equal(visitor_post(&visitor, entry_path("/again", path), ""),
			 303);
	visitor_done(&visitor);
}

/* --- accounts of others ------------------------------------------------- */

static void
an_auditor_reads_accounts_and_an_admin_changes_them(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "auditor1");
	assert_int_equal(visitor_get(&visitor, "/people"), 200);
	assert_true(visitor_sees(&visitor, "hanako@example.co.jp"));
	assert_false(visitor_sees(&visitor, "id=\"new\""));
	assert_int_equal(visitor_get(&visitor, "/people/account"), 403);
	visitor_done(&visitor);

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "admin1");
	assert_int_equal(visitor_get(&visitor, "/people/account?login=taro"),
			 200);
	assert_true(visitor_sees(&visitor, "taro@example.co.jp"));
	assert_int_equal(visitor_get(&visitor, "/people/account?login=nobody"),
			 404);
	(void)visitor_get(&visitor, "/people/account");
	assert_int_equal(visitor_post(&visitor, "/people/account",
				      "change=create&fresh=1&login=new1&name=N&"
				      "sender=1&password=tiny77"),
			 400);
	assert_true(visitor_sees(&visitor, "value=\"new1\""));
	assert_false(visitor_sees(&visitor, "tiny77"));
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_USER_CHANGE),
			 0);
	assert_int_equal(
		visitor_post(&visitor, "/people/account",
			     "change=create&fresh=1&login=new1&name=N&sender=1&"
			     "password=a+long+enough+one&uid=1234"),
		303);
	assert_string_equal(location(&visitor), "/people?done=create");
	assert_int_equal(fake_vault_count(site->vault, VAULT_TYPE_USER_CHANGE),
			 1);
	(void)visitor_get(&visitor, "/people/account?login=taro");
	assert_int_equal(visitor_post(&visitor, "/people/account",
				      "change=factor&login=taro"),
			 303);
	assert_int_equal(visitor_post(&visitor, "/people/account",
				      "change=everything&login=taro"),
			 400);
	visitor_done(&visitor);
}

/* --- alarms --------------------------------------------------------------- */

static void
who_runs_the_gateway_hears_of_an_alarm_on_every_page(void **state)
{
	struct visited *site = *state;
	struct visitor visitor;
	static const char words[] = "self-test mail was not held";

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "admin1");
	(void)visitor_get(&visitor, "/account");
	assert_false(visitor_sees(&visitor, words));
	fake_vault_self_test_late(site->vault);
	assert_int_equal(visitor_get(&visitor, "/account"), 200);
	assert_true(visitor_sees(&visitor, words));
	assert_int_equal(visitor_get(&visitor, "/metrics"), 200);
	assert_true(visitor_sees(&visitor, "sekimori_self_test_late 1\n"));
	assert_true(
		visitor_sees(&visitor, "sekimori_self_test_held_seconds 90"));
	visitor_done(&visitor);

	visitor_init(&visitor, site);
	visitor_sign_in(&visitor, "approver1");
	(void)visitor_get(&visitor, "/account");
	assert_false(visitor_sees(&visitor, "自己診断"));
	visitor_done(&visitor);
}

/* --- figures ------------------------------------------------------------- */

static void
months_are_those_of_japan(void **state)
{
	uint32_t year = 0;
	uint32_t month = 0;
	struct report_sum sum;

	(void)state;
	/* 2026-10-31 15:00 UTC is midnight there. */
	report_month_of(1793458800000, &year, &month);
	assert_int_equal(year, 2026);
	assert_int_equal(month, 11);
	report_month_of(1793458799999, &year, &month);
	assert_int_equal(month, 10);
	report_sum_init(&sum, 2026, 11);
	assert_int_equal(sum.from_day, 20758);
	assert_int_equal(sum.day_count, 30);
	report_sum_init(&sum, 2028, 2);
	assert_int_equal(sum.day_count, 29);
	assert_true(report_month_parse("2026-01", &year, &month));
	assert_false(report_month_parse("2026-13", &year, &month));
	assert_false(report_month_parse("2026-00", &year, &month));
	assert_false(report_month_parse("1999-01", &year, &month));
	assert_false(report_month_parse("2026-1", &year, &month));
}

static void
lines_are_summed_by_day_and_rule(void **state)
{
	struct report_sum sum;
	struct vault_stats_line line = { .day = 20758,
					 .rule = "a",
					 .held = 3,
					 .approved = 2,
					 .waited = { 1, 0, 1 } };

	(void)state;
	report_sum_init(&sum, 2026, 11);
	report_sum_add(&sum, &line);
	line.rule = "b";
	report_sum_add(&sum, &line);
	line.day = 20788; /* the first of December */
	report_sum_add(&sum, &line);
	line.day = 20757;
	report_sum_add(&sum, &line);
	assert_int_equal(sum.total.held, 6);
	assert_int_equal(sum.days[0].held, 6);
	assert_int_equal(sum.rule_count, 2);
	assert_int_equal(sum.rules[1].approved, 2);
	assert_int_equal(report_decided(&sum.total), 4);
	assert_int_equal(report_median_bucket(&sum.total), 0);
	sum.total.waited[2]++;
	assert_int_equal(report_median_bucket(&sum.total), 2);
	memset(sum.total.waited, 0, sizeof(sum.total.waited));
	assert_int_equal(report_median_bucket(&sum.total), VAULT_WAIT_BUCKETS);
}

static void
more_rules_than_there_is_room_for_are_one(void **state)
{
	struct report_sum sum;
	char names[REPORT_MAX_RULES + 5][8];
	uint64_t held = 0;

	(void)state;
	report_sum_init(&sum, 2026, 11);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct vault_stats_line line = { .day = 20758,
						       .rule = names[i],
						       .held = 1 };

		(void)snprintf(names[i], sizeof(names[i]), "r%zu", i);
		report_sum_add(&sum, &line);
	}
	assert_true(sum.rules_cut);
	assert_int_equal(sum.rule_count, REPORT_MAX_RULES);
	for (size_t i = 0; i < sum.rule_count; i++)
		held += sum.rules[i].held;
	assert_int_equal(held, ARRAY_LEN(names));
}

static void
the_report_draws_and_the_csv_holds_no_formula(void **state)
{
	struct visitor visitor;

	visitor_init(&visitor, *state);
	visitor_sign_in(&visitor, "auditor1");
	assert_int_equal(visitor_get(&visitor, "/report?month=2026-10"), 200);
	assert_true(visitor_sees(&visitor, "<rect class=\"bar-fill\""));
	assert_true(visitor_sees(&visitor, "numbers wait"));
	assert_int_equal(visitor_get(&visitor, "/report?month=2026-99"), 400);
	assert_int_equal(visitor_get(&visitor, "/report.csv?month=2026-10"),
			 200);
	assert_string_equal(visitor.response.content_type,
			    "text/csv; charset=utf-8");
	assert_memory_equal(visitor_text(&visitor), "\xef\xbb\xbf", 3);
	assert_true(visitor_sees(&visitor, "\"2026-10-02\",\"numbers wait\","));
	assert_true(visitor_sees(&visitor, ",\"'=unread mail\","));
	assert_false(visitor_sees(&visitor, ",\"=unread"));
	visitor_done(&visitor);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VISIT_TEST(
			a_password_alone_opens_nothing_when_a_code_is_needed),
		VISIT_TEST(somebody_who_needs_a_factor_sets_it_up_first),
		VISIT_TEST(half_a_session_can_sign_out),
		VISIT_TEST(the_factor_is_renewed_and_removed_with_a_code),
		VISIT_TEST(another_phone_needs_a_code_of_the_present_one),
		VISIT_TEST(the_account_page_lists_sessions_and_ends_them),
		VISIT_TEST(a_link_alone_opens_and_uses_up_nothing),
		VISIT_TEST(the_code_opens_the_senders_own_mail_once),
		VISIT_TEST(a_new_code_is_asked_for_in_the_same_words),
		VISIT_TEST(an_auditor_reads_accounts_and_an_admin_changes_them),
		VISIT_TEST(
			who_runs_the_gateway_hears_of_an_alarm_on_every_page),
		cmocka_unit_test(months_are_those_of_japan),
		cmocka_unit_test(lines_are_summed_by_day_and_rule),
		cmocka_unit_test(more_rules_than_there_is_room_for_are_one),
		VISIT_TEST(the_report_draws_and_the_csv_holds_no_formula),
	};

	log_open("test", LOG_TARGET_STDERR, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
