/* Tests of lib/config/policy.h: rules that judge in different profiles. */
#include <string.h>

#include "lib/base/parse.h"
#include "lib/config/config.h"
#include "lib/config/policy.h"
#include "tests/harness/check.h"
#include "tests/lib/config_harness.h"

/* The usual use: mailboxes of a personnel department are strict. */
#define HR_POLICY                                                            \
	"policy { rule hr { sender = \"hr@example.co.jp\" profile = strict " \
	"verdict = found action = hold approvers = hr }\n"                   \
	"rule found { direction = outgoing verdict = found action = hold "   \
	"approvers = boss }\n" LAST_RULE " }\n"

enum {
	STANDARD = 1 << REPORT_PROFILE_STANDARD,
	STRICT = 1 << REPORT_PROFILE_STRICT
};

static const struct scan_report clean = {
	.verdict = REPORT_VERDICT_CLEAN,
	.profile = REPORT_PROFILE_STANDARD,
};
static const struct scan_report suspect = {
	.verdict = REPORT_VERDICT_FOUND,
	.level = REPORT_LEVEL_SUSPECT,
	.score_db = 2,
	.number_count = 1,
	.profile = REPORT_PROFILE_STRICT,
};

static struct policy_facts
mail_from(const char *sender)
{
	return (struct policy_facts){
		.sender = sender,
		.recipient = "b@elsewhere.test",
		.login = "",
		.client_address = "192.0.2.7",
		.reports = { [REPORT_PROFILE_STANDARD] = &clean,
			     [REPORT_PROFILE_STRICT] = &suspect },
	};
}

static struct config *
config_of(const char *rules)
{
	AUTO(sbuf_done) struct sbuf text;
	struct config *config = NULL;
	struct err err = { 0 };

	sbuf_init(&text, 16 * 1024);
	sbuf_addf(&text, "%s%s", HEAD, rules);
	check_status(ST_OK, load_text(sbuf_text(&text), &config, &err), &err);
	return config;
}

static void
a_rule_looks_at_the_scan_in_its_own_profile(void **state)
{
	AUTO(config_free) struct config *config = config_of(HR_POLICY);
	struct policy_facts facts = mail_from("hr@example.co.jp");
	struct policy_outcome outcome = { .rule = "" };
	struct err err = { 0 };

	(void)state;
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_string_equal(outcome.rule, "hr");
	assert_int_equal(outcome.profile, REPORT_PROFILE_STRICT);
	facts = mail_from("taro@example.co.jp");
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_string_equal(outcome.rule, "last");
	assert_int_equal(outcome.profile, REPORT_PROFILE_STANDARD);
}

static void
a_report_that_a_rule_needs_must_be_there(void **state)
{
	AUTO(config_free) struct config *config = config_of(HR_POLICY);
	struct policy_facts facts = mail_from("hr@example.co.jp");
	struct policy_outcome outcome = { .rule = "" };
	struct err err = { 0 };

	(void)state;
	facts.reports[REPORT_PROFILE_STRICT] = NULL;
	check_status(ST_UNSUPPORTED,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_non_null(strstr(err.text, "\"hr\""));
	/* Of others nobody asks. */
	facts = mail_from("taro@example.co.jp");
	facts.reports[REPORT_PROFILE_STRICT] = NULL;
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
}

static void
only_the_profiles_of_rules_that_may_match_are_needed(void **state)
{
	static const struct {
		const char *rules;
		const char *sender;
		uint32_t want;
	} cases[] = {
		{ HR_POLICY, "hr@example.co.jp", STANDARD | STRICT },
		{ HR_POLICY, "taro@example.co.jp", STANDARD },
		/* From elsewhere, neither of the two can match. */
		{ HR_POLICY, "hr@elsewhere.test", 0 },
		/* Behind a rule that surely matches nothing counts. */
		{ "policy { rule hr { sender = \"hr@*\" profile = strict "
		  "action = hold approvers = hr }\n"
		  "rule found { verdict = found action = reject }\n" LAST_RULE
		  " }",
		  "hr@example.co.jp", STRICT },
		{ "policy { rule free { sender = \"hr@*\" action = deliver }\n"
		  "rule strict { verdict = found profile = strict "
		  "action = reject }\n" LAST_RULE " }",
		  "hr@example.co.jp", 0 },
		/* A header may match, or not. */
		{ "policy { rule a { header = 'Subject: x' profile = strict "
		  "verdict = found action = reject }\n" LAST_RULE " }",
		  "hr@example.co.jp", STRICT },
		{ "policy { rule a { header = 'Subject: y' profile = strict "
		  "verdict = found action = reject }\n" LAST_RULE " }",
		  "hr@example.co.jp", 0 },
		/* All the same: nothing to find out. */
		{ "policy { rule a { verdict = found action = reject }\n"
		  "" LAST_RULE " }",
		  "hr@example.co.jp", 0 },
	};
	static const struct policy_header subject = {
		"Subject", { (const uint8_t *)"x", 1 }
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(config_free)
		struct config *config = config_of(cases[i].rules);
		struct policy_facts facts = mail_from(cases[i].sender);
		uint32_t profiles = 0;
		struct err err = { 0 };

		facts.headers = &subject;
		facts.header_count = 1;
		memset(facts.reports, 0, sizeof(facts.reports));
		check_status(ST_OK,
			     policy_profiles(config->policy, &facts, &profiles,
					     &err),
			     &err);
		if (profiles != cases[i].want)
			fail_msg("case %zu: %u, want %u", i, profiles,
				 cases[i].want);
	}
}

static void
rules_without_a_profile_have_that_of_the_site(void **state)
{
	AUTO(config_free)
	struct config *config = config_of(
		"scanner { profile = strict }\n"
		"policy { rule a { sender = \"hr@*\" verdict = found "
		"action = reject }\n"
		"rule b { verdict = found profile = standard action = reject "
		"}\n" LAST_RULE " }\n");
	const struct policy_facts facts = mail_from("hr@example.co.jp");
	struct policy_outcome outcome = { .rule = "" };
	uint32_t profiles = 0;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(policy_profile(config->policy), REPORT_PROFILE_STRICT);
	check_status(ST_OK,
		     policy_evaluate(config->policy, &facts, &outcome, &err),
		     &err);
	assert_string_equal(outcome.rule, "a");
	assert_int_equal(outcome.profile, REPORT_PROFILE_STRICT);
	check_status(ST_OK,
		     policy_profiles(config->policy, &facts, &profiles, &err),
		     &err);
	assert_int_equal(profiles, STANDARD | STRICT);
}

static void
a_profile_that_is_none_or_changes_nothing_is_refused(void **state)
{
	static const struct {
		const char *rules;
		const char *want;
	} cases[] = {
		{ "rule a { verdict = found profile = severe action = reject }",
		  "policy.rule[0].profile: \"severe\" is none of "
		  "standard|strict" },
		{ "rule a { sender = \"a@*\" profile = strict action = deliver "
		  "}",
		  "rule \"a\": profile: this rule does not look at the scan" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(config_free) struct config *config = NULL;
		AUTO(sbuf_done) struct sbuf text;
		struct err err = { 0 };

		sbuf_init(&text, 4096);
		sbuf_addf(&text, "%spolicy { %s\n" LAST_RULE " }\n", HEAD,
			  cases[i].rules);
		check_status(ST_FORMAT,
			     load_text(sbuf_text(&text), &config, &err), &err);
		if (strstr(err.text, cases[i].want) == NULL)
			fail_msg("got: %s", err.text);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_looks_at_the_scan_in_its_own_profile),
		cmocka_unit_test(a_report_that_a_rule_needs_must_be_there),
		cmocka_unit_test(
			only_the_profiles_of_rules_that_may_match_are_needed),
		cmocka_unit_test(rules_without_a_profile_have_that_of_the_site),
		cmocka_unit_test(
			a_profile_that_is_none_or_changes_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
