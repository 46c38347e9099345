/* Tests of lib/config/policy.h, in the order of its promises. */
#include "lib/config/policy.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/parse.h"
#include "lib/config/config_table.h"
#include "tests/harness/check.h"
#include "tests/lib/config_harness.h"

/* 2026-11-23 is a Monday. */
#define MONDAY_0930_UTC INT64_C(1795426200000)

static const struct scan_report clean = { .verdict = REPORT_VERDICT_CLEAN };

/* An ordinary mail that goes out. */
static struct policy_facts
outgoing_mail(void)
{
	return (struct policy_facts){
		.sender = "taro@example.co.jp",
		.recipient = "hanako@elsewhere.test",
		.login = "",
		.client_address = "192.0.2.7",
		.now_unix_ms = MONDAY_0930_UTC,
		.size_bytes = 5000,
		.reports = { [REPORT_PROFILE_STANDARD] = &clean },
	};
}

/* Does a rule with these conditions match facts? */
static bool
matches(const char *conditions, const struct policy_facts *facts)
{
	AUTO(config_free) struct config *config = NULL;
	AUTO(sbuf_done) struct sbuf text;
	struct policy_outcome outcome = { .rule = "" };
	struct err err = { 0 };

	sbuf_init(&text, 16 * 1024);
	sbuf_addf(&text,
		  "%s"
		  "list partners { items = { \"p@elsewhere.test\", "
		  "'*@partner.test' } }\n"
		  "list domains { items = { \"partner.test\" } }\n"
		  "policy { rule tried { %s action = reject }\n"
		  "rule last { action = deliver } }\n",
		  HEAD, conditions);
	check_status(ST_OK, load_text(sbuf_text(&text), &config, &err), &err);
	check_status(ST_OK,
		     policy_evaluate(config->policy, facts, &outcome, &err),
		     &err);
	return strcmp(outcome.rule, "tried") == 0;
}

static void
first_rule_that_matches_wins(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	const struct policy_facts facts = outgoing_mail();
	struct policy_outcome outcome = { .rule = "" };
	struct err err = { 0 };

	(void)state;
	check_status(
		ST_OK,
		load_text(HEAD
			  "policy { rule a { direction = incoming action = "
			  "reject }\n"
			  "rule b { direction = outgoing action = hold "
			  "approvers = hr expires = 2d remind = 1d tag = T }\n"
			  "rule c { direction = outgoing action = tag tag = x "
			  "}\n" LAST_RULE " }\n",
			  &config, &err),
		&err);
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_string_equal(outcome.rule, "b");
	assert_int_equal(outcome.action, POLICY_ACTION_HOLD);
	assert_string_equal(policy_action_name(outcome.action), "hold");
	assert_string_equal(outcome.approvers, "hr");
	assert_int_equal(outcome.expires_after_s, 2 * 86400);
	assert_int_equal(outcome.remind_after_s, 86400);
	assert_int_equal(outcome.approvals, 1);
	assert_string_equal(outcome.tag, "T");
}

static void
addresses_match_by_glob_case_and_list(void **state)
{
	struct policy_facts facts = outgoing_mail();

	(void)state;
	assert_true(matches("sender = \"taro@example.co.jp\"", &facts));
	assert_true(matches("sender = \"TARO@Example.co.jp\"", &facts));
	assert_true(matches("sender = \"*@example.co.jp\"", &facts));
	assert_true(matches("sender = \"t?ro@*\"", &facts));
	assert_false(matches("sender = \"aro@example.co.jp\"", &facts));
	assert_false(matches("sender = \"taro@example.co\"", &facts));
	assert_true(matches("sender = { \"x@y\", \"taro@*\" }", &facts));
	assert_false(matches("sender = \"<>\"", &facts));
	facts.sender = "<taro@example.co.jp>";
	assert_true(matches("sender = \"taro@example.co.jp\"", &facts));
	facts.sender = "";
	assert_true(matches("sender = \"<>\"", &facts));
	assert_false(matches("sender = \"*@*\"", &facts));
	facts.recipient = "x@partner.test";
	assert_true(matches("recipient = \"list:partners\"", &facts));
	facts.recipient = "x@elsewhere.test";
	assert_false(matches("recipient = \"list:partners\"", &facts));
	assert_true(
		matches("recipient = { \"list:partners\", \"x@*\" }", &facts));
}

static void
domains_match_what_is_behind_the_last_at(void **state)
{
	struct policy_facts facts = outgoing_mail();

	(void)state;
	assert_true(matches("recipient_domain = elsewhere.test", &facts));
	assert_true(matches("recipient_domain = \"*.test\"", &facts));
	assert_false(matches("recipient_domain = partner.test", &facts));
	assert_true(matches("sender_domain = example.co.jp", &facts));
	facts.recipient = "\"a@partner.test\"@elsewhere.test.";
	assert_true(matches("recipient_domain = elsewhere.test", &facts));
	assert_false(matches("recipient_domain = \"list:domains\"", &facts));
	facts.recipient = "x@PARTNER.test";
	assert_true(matches("recipient_domain = \"list:domains\"", &facts));
}

static void
direction_goes_by_local_domains(void **state)
{
	static const struct {
		const char *sender;
		const char *recipient;
		enum policy_direction want;
	} cases[] = {
		{ "a@example.co.jp", "b@x.test", POLICY_DIRECTION_OUTGOING },
		{ "a@x.test", "b@example.co.jp", POLICY_DIRECTION_INCOMING },
		{ "a@EXAMPLE.co.jp", "b@a.example.org",
		  POLICY_DIRECTION_INTERNAL },
		{ "a@x.test", "b@y.test", POLICY_DIRECTION_FOREIGN },
		{ "a@sub.example.co.jp", "b@y.test", POLICY_DIRECTION_FOREIGN },
		{ "a@sub.example.org", "b@y.test", POLICY_DIRECTION_OUTGOING },
		{ "a@example.org", "b@y.test", POLICY_DIRECTION_FOREIGN },
		{ "", "b@y.test", POLICY_DIRECTION_OUTGOING },
		{ "<>", "b@example.co.jp", POLICY_DIRECTION_INCOMING },
		{ "root", "b@y.test", POLICY_DIRECTION_OUTGOING },
		{ "root", "root", POLICY_DIRECTION_INTERNAL },
	};
	AUTO(config_free) struct config *config = NULL;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, load_text(HEAD POLICY, &config, &err), &err);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(policy_direction_of(config->policy,
						     cases[i].sender,
						     cases[i].recipient),
				 cases[i].want);
	assert_true(policy_is_local(config->policy, "x@example.co.jp"));
	assert_false(policy_is_local(config->policy, ""));
}

static void
who_signed_in_is_inside(void **state)
{
	struct policy_facts facts = outgoing_mail();

	(void)state;
	facts.sender = "taro@private.test";
	assert_false(matches("direction = outgoing", &facts));
	assert_true(matches("direction = foreign", &facts));
	facts.authenticated = true;
	facts.login = "taro";
	assert_true(matches("direction = outgoing", &facts));
	assert_true(matches("authenticated = yes", &facts));
	assert_false(matches("authenticated = no", &facts));
	assert_true(matches("login = \"ta*\"", &facts));
	assert_false(matches("login = jiro", &facts));
	facts.login = "";
	assert_false(matches("login = \"*\"", &facts));
}

static void
clients_match_by_network(void **state)
{
	static const struct {
		const char *network;
		const char *client;
		bool want;
	} cases[] = {
		{ "192.0.2.0/24", "192.0.2.7", true },
		{ "192.0.2.0/24", "192.0.3.7", false },
		{ "192.0.2.7", "192.0.2.7", true },
		{ "192.0.2.7", "192.0.2.6", false },
		{ "192.0.2.4/30", "192.0.2.7", true },
		{ "192.0.2.4/30", "192.0.2.8", false },
		{ "0.0.0.0/0", "203.0.113.1", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "2001:db8::/32", "2001:db8:1::1", true },
		{ "2001:db8::/32", "IPv6:2001:db8::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "192.0.2.0/24", "::ffff:192.0.2.7", true },
		{ "::/0", "192.0.2.7", true },
		{ "192.0.2.0/24", "", false },
		{ "192.0.2.0/24", "unknown", false },
	};
	struct policy_facts facts = outgoing_mail();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char rule[80];

		(void)snprintf(rule, sizeof(rule), "client = \"%s\"",
			       cases[i].network);
		facts.client_address = cases[i].client;
		if (matches(rule, &facts) != cases[i].want)
			fail_msg("%s and %s", cases[i].network,
				 cases[i].client);
	}
}

static void
findings_match_by_level_count_and_score(void **state)
{
	struct policy_facts facts = outgoing_mail();
	const struct scan_report found = {
		.verdict = REPORT_VERDICT_FOUND,
		.level = REPORT_LEVEL_SUSPECT,
		.score_db = 4,
		.number_count = 3,
	};

	(void)state;
	assert_true(matches("verdict = clean level = none", &facts));
	assert_false(matches("verdict = { found, unscannable }", &facts));
	assert_false(matches("min_score = -100", &facts));
	assert_true(matches("max_count = 0", &facts));
	facts.reports[REPORT_PROFILE_STANDARD] = &found;
	assert_true(matches("verdict = found", &facts));
	assert_true(matches("level = { sure, suspect }", &facts));
	assert_false(matches("level = sure", &facts));
	assert_true(matches("min_count = 3", &facts));
	assert_false(matches("min_count = 4", &facts));
	assert_true(matches("max_count = 3", &facts));
	assert_false(matches("max_count = 2", &facts));
	assert_true(matches("min_score = 4 max_score = 4", &facts));
	assert_false(matches("min_score = 5", &facts));
	assert_false(matches("max_score = -1", &facts));
	/* All conditions, not any. */
	assert_false(matches("verdict = found level = sure", &facts));
}

static void
parts_match_by_type_and_reason(void **state)
{
	const struct report_part parts[] = { { .path = "1", .type = "text" },
					     { .path = "2", .type = "xlsx" } };
	const struct report_opaque opaques[] = {
		{ "2", REPORT_REASON_IMAGE, "" },
		{ "3", REPORT_REASON_LOCKED, "" },
	};
	struct scan_report report = {
		.verdict = REPORT_VERDICT_UNSCANNABLE,
		.opaques = opaques,
		.opaque_count = 1,
		.parts = parts,
		.part_count = ARRAY_LEN(parts),
	};
	struct policy_facts facts = outgoing_mail();

	(void)state;
	assert_false(matches("only_reason = image", &facts));
	assert_false(matches("reason = image", &facts));
	assert_false(matches("part_type = xlsx", &facts));
	facts.reports[REPORT_PROFILE_STANDARD] = &report;
	assert_true(matches("part_type = { zip, \"xls?\" }", &facts));
	assert_false(matches("part_type = zip", &facts));
	assert_true(matches("only_reason = image", &facts));
	assert_true(matches("reason = { image, locked }", &facts));
	report.opaque_count = 2;
	assert_false(matches("only_reason = image", &facts));
	assert_true(matches("only_reason = { image, locked }", &facts));
	assert_true(matches("reason = locked", &facts));
	assert_false(matches("reason = damaged", &facts));
	report.opaque_count = 1;
	report.ambiguous = true;
	assert_false(matches("only_reason = image", &facts));
	assert_true(matches("reason = ambiguous", &facts));
}

/* A list that is full may have left out what matters. */
static void
a_full_list_of_reasons_is_never_only(void **state)
{
	struct report_opaque *opaques =
		calloc(REPORT_MAX_OPAQUES, sizeof(*opaques));
	struct scan_report report = { .verdict = REPORT_VERDICT_UNSCANNABLE,
				      .opaques = opaques };
	struct policy_facts facts = outgoing_mail();

	(void)state;
	assert_non_null(opaques);
	for (size_t i = 0; i < REPORT_MAX_OPAQUES; i++)
		opaques[i].reason = REPORT_REASON_IMAGE;
	facts.reports[REPORT_PROFILE_STANDARD] = &report;
	report.opaque_count = REPORT_MAX_OPAQUES - 1;
	assert_true(matches("only_reason = image", &facts));
	report.opaque_count = REPORT_MAX_OPAQUES;
	assert_false(matches("only_reason = image", &facts));
	free(opaques);
}

static void
sizes_have_bounds(void **state)
{
	const struct policy_facts facts = outgoing_mail();

	(void)state;
	assert_true(matches("min_size = 5000 max_size = 5000", &facts));
	assert_false(matches("min_size = 5001", &facts));
	assert_false(matches("max_size = 4K", &facts));
}

static void
office_hours_are_local_time(void **state)
{
	struct policy_facts facts = outgoing_mail();

	(void)state;
	assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
	tzset();
	/* 18:30 in Tokyo, still Monday. */
	assert_true(matches("days = mon", &facts));
	assert_false(matches("days = { sun, tue }", &facts));
	assert_true(matches("hours = \"18:30-19:00\"", &facts));
	assert_false(matches("hours = \"09:00-18:30\"", &facts));
	assert_true(matches("hours = \"18:00-09:00\"", &facts));
	assert_false(matches("hours = \"19:00-09:00\"", &facts));
	assert_true(matches("hours = { \"01:00-02:00\", \"18:00-24:00\" }",
			    &facts));
	assert_false(matches("days = mon hours = \"08:00-09:00\"", &facts));
	facts.now_unix_ms += INT64_C(6) * 3600 * 1000; /* 00:30, Tuesday */
	assert_true(matches("days = tue hours = \"18:00-09:00\"", &facts));
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
}

static void
header_patterns_match_any_field_of_the_name(void **state)
{
	const struct policy_header headers[] = {
		{ "Received", { NULL, 0 } },
		{ "SUBJECT", span_of("estimate") },
		{ "subject", span_of("年末調整 2026") },
	};
	struct policy_facts facts = outgoing_mail();

	(void)state;
	assert_false(matches("header = 'Subject: estimate'", &facts));
	facts.headers = headers;
	facts.header_count = ARRAY_LEN(headers);
	assert_true(matches("header = 'Subject: ^estimate$'", &facts));
	assert_true(matches("header = 'Subject: 年末調整 \\d{4}'", &facts));
	assert_true(matches("header = \"Subject:\\\\d{4}$\"", &facts));
	assert_false(matches("header = 'Subject: ESTIMATE'", &facts));
	assert_true(matches("header = 'Subject: (?i)ESTIMATE'", &facts));
	assert_true(matches("header = { 'X: y', 'Subject: mate' }", &facts));
	assert_false(matches("header = 'To: estimate'", &facts));
}

static void
bytes_that_are_not_utf8_match_nothing_and_harm_nothing(void **state)
{
	static const uint8_t broken[] = { 'a', 0xff, 0xfe, 'b', 0x80 };
	const struct policy_header header = { "Subject",
					      { broken, sizeof(broken) } };
	struct policy_facts facts = outgoing_mail();

	(void)state;
	facts.headers = &header;
	facts.header_count = 1;
	assert_true(matches("header = 'Subject: b'", &facts));
	assert_false(matches("header = 'Subject: a.b'", &facts));
	assert_false(matches("header = 'Subject: a..b'", &facts));
}

static void
a_pattern_that_runs_away_is_a_limit(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	const struct policy_header header = {
		"Subject",
		span_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")
	};
	struct policy_facts facts = outgoing_mail();
	struct policy_outcome outcome = { .rule = "untouched" };
	struct err err = { 0 };

	(void)state;
	facts.headers = &header;
	facts.header_count = 1;
	check_status(ST_OK,
		     load_text(HEAD "policy { rule evil { header = 'Subject: "
				    "^(a+)+$' action = deliver }\n" LAST_RULE
				    " }",
			       &config, &err),
		     &err);
	check_status(ST_LIMIT,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_non_null(strstr(err.text, "rule \"evil\""));
	assert_string_equal(outcome.rule, "untouched");
}

static void
an_empty_policy_decides_nothing(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	const struct policy_facts facts = outgoing_mail();
	struct policy_outcome outcome;
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK, config_defaults(&config, &err), &err);
	check_status(ST_DENIED,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
}

/* The words of the table and those of the report are the same. */
static void
reasons_and_actions_have_one_set_of_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < config_rule_section.row_count; i++) {
		const struct config_row *row = &config_rule_section.rows[i];

		if (strcmp(row->name, "reason") != 0 &&
		    strcmp(row->name, "only_reason") != 0)
			continue;
		for (int r = 1; r < REPORT_REASON_END; r++)
			assert_true(config_is_choice(
				row->choices,
				report_reason_name((enum report_reason)r)));
	}
	for (int a = 1; a < POLICY_ACTION_END; a++)
		assert_true(config_is_choice(
			config_rule_section.rows[config_rule_action_row()]
				.choices,
			policy_action_name((enum policy_action)a)));
}

static void
rules_can_be_listed(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	const struct policy_rule *rule = NULL;
	struct err err = { 0 };
	size_t at = 0;

	(void)state;
	check_status(ST_OK,
		     load_text(HEAD "policy { rule '日本' { verdict = found "
				    "action = hold approvers = hr } " LAST_RULE
				    " }",
			       &config, &err),
		     &err);
	rule = policy_rule_next(config->policy, &at);
	assert_string_equal(policy_rule_name(rule), "日本");
	assert_string_equal(policy_rule_outcome(rule)->approvers, "hr");
	rule = policy_rule_next(config->policy, &at);
	assert_string_equal(policy_rule_name(rule), "last");
	assert_null(policy_rule_next(config->policy, &at));
}

/* What the file does that is installed when nothing was changed. */
static void
the_sample_policy_holds_what_it_should(void **state)
{
	AUTO(config_free) struct config *config = NULL;
	AUTO(sbuf_done) struct sbuf sample;
	struct policy_facts facts = outgoing_mail();
	struct report_opaque opaque = { "2", REPORT_REASON_IMAGE, "" };
	struct scan_report report = { .verdict = REPORT_VERDICT_FOUND,
				      .level = REPORT_LEVEL_SUSPECT,
				      .number_count = 1 };
	struct policy_outcome outcome = { .rule = "" };
	struct err err = { 0 };

	(void)state;
	sbuf_init(&sample, 1024 * 1024);
	config_write_sample(&sample);
	check_status(ST_OK, load_text(sbuf_text(&sample), &config, &err), &err);
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_int_equal(outcome.action, POLICY_ACTION_DELIVER);
	facts.reports[REPORT_PROFILE_STANDARD] = &report;
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_int_equal(outcome.action, POLICY_ACTION_HOLD);
	facts.recipient = "hanako@example.co.jp";
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_int_equal(outcome.action, POLICY_ACTION_DELIVER);
	facts = outgoing_mail();
	facts.reports[REPORT_PROFILE_STANDARD] = &report;
	report = (struct scan_report){ .verdict = REPORT_VERDICT_UNSCANNABLE,
				       .opaques = &opaque,
				       .opaque_count = 1 };
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_int_equal(outcome.action, POLICY_ACTION_DELIVER);
	opaque.reason = REPORT_REASON_LOCKED;
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_int_equal(outcome.action, POLICY_ACTION_HOLD);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_rule_that_matches_wins),
		cmocka_unit_test(addresses_match_by_glob_case_and_list),
		cmocka_unit_test(domains_match_what_is_behind_the_last_at),
		cmocka_unit_test(direction_goes_by_local_domains),
		cmocka_unit_test(who_signed_in_is_inside),
		cmocka_unit_test(clients_match_by_network),
		cmocka_unit_test(findings_match_by_level_count_and_score),
		cmocka_unit_test(parts_match_by_type_and_reason),
		cmocka_unit_test(a_full_list_of_reasons_is_never_only),
		cmocka_unit_test(sizes_have_bounds),
		cmocka_unit_test(office_hours_are_local_time),
		cmocka_unit_test(header_patterns_match_any_field_of_the_name),
		cmocka_unit_test(
			bytes_that_are_not_utf8_match_nothing_and_harm_nothing),
		cmocka_unit_test(a_pattern_that_runs_away_is_a_limit),
		cmocka_unit_test(an_empty_policy_decides_nothing),
		cmocka_unit_test(reasons_and_actions_have_one_set_of_names),
		cmocka_unit_test(rules_can_be_listed),
		cmocka_unit_test(the_sample_policy_holds_what_it_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
