/* Tests of what a policy may not say (lib/config/policy.h, config.h). */
#include <stdio.h>

#include "lib/config/config_table.h"
#include "tests/harness/check.h"
#include "tests/lib/config_harness.h"

static void
rules_that_make_no_sense_are_refused(void **state)
{
	static const struct {
		const char *rules;
		const char *want;
	} cases[] = {
		{ "rule a { direction = outgoing action = deliver }",
		  "F:6: the last rule must be one without conditions" },
		{ "rule a { action = deliver }\n" LAST_RULE,
		  "F:6: this rule has no conditions: those behind it are "
		  "never reached" },
		{ "", "F:6: there is no policy; its last rule must be one "
		      "without conditions" },
		{ "rule a { verdict = found action = hold }\n" LAST_RULE,
		  "F:6: rule \"a\": hold needs approvers = \"group\"" },
		{ "rule a { verdict = found }\n" LAST_RULE,
		  "F:6: rule \"a\": it has no action" },
		{ "rule a { action = redact }",
		  "F:6: rule \"a\": action redact: not built in this version" },
		{ "rule a { action = send }",
		  "F:6: policy.rule[0].action: \"send\" is none of "
		  "deliver|tag|hold|reject|link|redact" },
		{ "rule a { action = hold approvers = x\n approvals = 2 }",
		  "F:7: policy.rule[0].approvals: 2: more than 1 is not built "
		  "in this version" },
		{ "rule a { action = deliver approvers = x }",
		  "F:6: rule \"a\": approvers does not go with action "
		  "deliver" },
		{ "rule a { action = deliver\n reply = x }",
		  "F:7: rule \"a\": reply does not go with action deliver" },
		{ "rule a { action = tag }",
		  "F:6: rule \"a\": action tag needs tag = \"text\"" },
		{ "rule a { action = tag tag = \"\xe3\x81\x82\" }",
		  "F:6: rule \"a\": tag: printable ASCII only" },
		{ "rule a { action = hold approvers = \"a,b\" }",
		  "F:6: rule \"a\": approvers: one group, without a comma" },
		{ "rule a { action = hold approvers = rejected }",
		  "F:6: rule \"a\": approvers: the group \"rejected\" is kept "
		  "for rejected mail and has no members" },
		{ "rule a { action = hold approvers = a expires = 31d }",
		  "F:6: policy.rule[0].expires: \"31d\" is out of range; "
		  "allowed: 1s to 30d" },
		{ "rule a { action = hold approvers = a expires = 1d remind = "
		  "1d }",
		  "F:6: rule \"a\": remind is not before expires" },
		{ "rule a { min_count = 5 max_count = 4 action = deliver }",
		  "F:6: rule \"a\": min_count is over max_count" },
		{ "rule a { client = \"10.0.0.1/8\" action = deliver }",
		  "F:6: rule \"a\": client: \"10.0.0.1/8\" is not a network "
		  "such as 192.0.2.0/24" },
		{ "rule a { hours = \"9-18\" action = deliver }",
		  "F:6: rule \"a\": hours: \"9-18\" is not like 09:00-18:00" },
		{ "rule a { hours = \"09:00-25:00\" action = deliver }",
		  "F:6: rule \"a\": hours: \"09:00-25:00\" is not like "
		  "09:00-18:00" },
		{ "rule a { header = 'Subject' action = deliver }",
		  "F:6: rule \"a\": header: write 'Name: PATTERN' instead of "
		  "\"Subject\"" },
		{ "rule a { header = 'Subject: (' action = deliver }",
		  "F:6: rule \"a\": header: missing closing parenthesis, at "
		  "character 1" },
		{ "rule a { sender = taro action = deliver }",
		  "F:6: rule \"a\": sender: \"taro\" is not an address (there "
		  "is no @)" },
		{ "rule a { recipient_domain = \"a@b\" action = deliver }",
		  "F:6: rule \"a\": recipient_domain: \"a@b\" is not a domain "
		  "(there is an @)" },
		{ "rule a { sender = \"list:none\" action = deliver }",
		  "F:6: rule \"a\": there is no list:none" },
		{ "rule a { verdict = lost action = deliver }",
		  "F:6: policy.rule[0].verdict: \"lost\" is none of "
		  "clean|found|unscannable" },
		{ "rule a { verdict = { } action = deliver }",
		  "F:6: rule \"a\": verdict names nothing; leave it out "
		  "instead" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[2048];

		(void)snprintf(text, sizeof(text), HEAD "policy { %s }\n",
			       cases[i].rules);
		check_refused(text, cases[i].want);
	}
}

static void
every_unbuilt_option_is_refused_by_name(void **state)
{
	(void)state;
	assert_non_null(config_unbuilt_options[0]);
	for (size_t i = 0; config_unbuilt_options[i] != NULL; i++) {
		char text[1024];
		char want[128];

		(void)snprintf(text, sizeof(text),
			       HEAD "policy { rule a { %s = x action = deliver "
				    "} }\n",
			       config_unbuilt_options[i]);
		(void)snprintf(want, sizeof(want),
			       "F:6: %s: not built in this version",
			       config_unbuilt_options[i]);
		check_refused(text, want);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_that_make_no_sense_are_refused),
		cmocka_unit_test(every_unbuilt_option_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
