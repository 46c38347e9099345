/* Tests of milter/policy/plan.h and milter/actions/action.h. */
#include "milter/policy/plan.h"

#include <string.h>

#include "milter/actions/action.h"
#include "tests/harness/check.h"
#include "tests/milter/fixture.h"

static const char policy_text[] =
	"rule \"no\" {\nrecipient = {\"no*@*\"}\naction = reject\n"
	"reply = \"not to there\"\n}\n"
	"rule \"never\" {\nrecipient = {\"never*@*\"}\naction = reject\n}\n"
	"rule \"hr first\" {\nrecipient = {\"hr*@*\"}\naction = hold\n"
	"approvers = hr\nexpires = 3d\nremind = 1d\n}\n"
	"rule \"legal first\" {\nrecipient = {\"legal*@*\"}\naction = hold\n"
	"approvers = legal\ntag = \"seen\"\n}\n"
	"rule \"by link\" {\nrecipient = {\"link*@*\"}\naction = link\n"
	"approvers = hr\nlink_once = yes\n}\n"
	"rule \"red\" {\nrecipient = {\"red*@*\"}\naction = tag\n"
	"tag = \"red\"\n}\n"
	"rule \"also red\" {\nrecipient = {\"alsored*@*\"}\naction = tag\n"
	"tag = \"red\"\n}\n"
	"rule \"blue\" {\nrecipient = {\"blue*@*\"}\naction = tag\n"
	"tag = \"blue\"\n}\n"
	"rule \"rest\" {\naction = deliver\n}\n";

static char dir[FIXTURE_DIR_BYTES];
static struct config *config;

static int
load(void **state)
{
	(void)state;
	fixture_make_dir(dir);
	config = fixture_config(dir, "", "", policy_text);
	return 0;
}

static int
unload(void **state)
{
	(void)state;
	config_free(&config);
	fixture_remove_dir(dir);
	return 0;
}

static void
plan_for(struct plan *plan, const char *const *recipients)
{
	const struct scan_report report = { .verdict = REPORT_VERDICT_CLEAN };
	const struct policy_facts facts = {
		.sender = "a@example.co.jp",
		.login = "",
		.client_address = "",
		.reports = { [REPORT_PROFILE_STANDARD] = &report }
	};
	size_t count = 0;
	struct err err;

	while (recipients[count] != NULL)
		count++;
	check_status(ST_OK,
		     plan_make(config->policy, &facts, recipients, count, plan,
			       &err),
		     &err);
}

#define PLAN(...)                                                 \
	AUTO(plan_done) struct plan plan = { .kind = PLAN_NONE }; \
	const char *const recipients[] = { __VA_ARGS__, NULL };   \
	plan_for(&plan, recipients)

static void
every_built_action_has_a_row_and_no_other(void **state)
{
	static const struct {
		enum policy_action action;
		bool built;
	} actions[] = {
#define ACTION(symbol, name, built) { POLICY_ACTION_##symbol, built },
#include "lib/config/actions.def"
#undef ACTION
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		const struct action *action = action_find(actions[i].action);

		assert_int_equal(action != NULL, actions[i].built);
		if (action != NULL)
			assert_string_equal(
				action->name,
				policy_action_name(actions[i].action));
	}
	assert_null(action_find(POLICY_ACTION_NONE));
	assert_null(action_find(POLICY_ACTION_END));
}

static void
a_mail_that_nobody_holds_passes(void **state)
{
	(void)state;
	PLAN("a@x.test", "b@x.test");
	assert_int_equal(plan.kind, PLAN_PASS);
	assert_int_equal(plan.tag_count, 0);
	assert_string_equal(plan_name(&plan), "deliver");
	assert_string_equal(plan_rule(&plan), "rest");
}

static void
tags_are_added_once_each(void **state)
{
	(void)state;
	PLAN("red@x.test", "alsored@x.test", "a@x.test", "blue@x.test");
	assert_int_equal(plan.kind, PLAN_PASS);
	assert_int_equal(plan.tag_count, 2);
	assert_string_equal(plan.tags[0], "red");
	assert_string_equal(plan.tags[1], "blue");
	assert_string_equal(plan_name(&plan), "tag");
}

static void
everybody_held_by_one_rule_is_one_case_and_the_mail_is_taken(void **state)
{
	(void)state;
	PLAN("hr1@x.test", "hr2@x.test");
	assert_int_equal(plan.kind, PLAN_TAKE);
	assert_int_equal(plan.hold_count, 1);
	assert_string_equal(plan.holds[0].rule, "hr first");
	assert_string_equal(plan.holds[0].approvers, "hr");
	assert_int_equal(plan.holds[0].expires_after_s, 3 * 86400);
	assert_int_equal(plan.holds[0].remind_after_s, 86400);
	assert_string_equal(plan_name(&plan), "hold");
	assert_string_equal(plan_rule(&plan), "hr first");
}

static void
recipients_of_different_rules_never_share_a_case(void **state)
{
	(void)state;
	PLAN("hr@x.test", "legal@x.test", "hr2@x.test", "a@x.test");
	assert_int_equal(plan.kind, PLAN_SPLIT);
	assert_int_equal(plan.hold_count, 2);
	assert_int_equal(plan.recipients[0].hold, 0);
	assert_int_equal(plan.recipients[1].hold, 1);
	assert_int_equal(plan.recipients[2].hold, 0);
	assert_string_equal(plan.holds[1].approvers, "legal");
	assert_string_equal(plan.holds[1].tag, "seen");
	assert_int_equal(plan.recipients[3].fate, PLAN_FATE_STAYS);
	assert_string_equal(plan_name(&plan), "split");
	assert_string_equal(plan_rule(&plan), "hr first");
}

static void
only_a_mail_that_all_rules_reject_is_rejected(void **state)
{
	(void)state;
	PLAN("no@x.test", "never@x.test");
	assert_int_equal(plan.kind, PLAN_REJECT);
	assert_int_equal(plan.hold_count, 0);
	assert_string_equal(plan.rejected->outcome.reply, "not to there");
	assert_string_equal(plan_name(&plan), "reject");
}

static void
the_rejected_among_others_go_back_to_the_sender_by_a_case(void **state)
{
	(void)state;
	PLAN("a@x.test", "no@x.test");
	assert_int_equal(plan.kind, PLAN_SPLIT);
	assert_int_equal(plan.hold_count, 1);
	assert_string_equal(plan.holds[0].rule, "no");
	assert_string_equal(plan.holds[0].approvers, POLICY_GROUP_OF_NOBODY);
	assert_int_equal(plan.holds[0].expires_after_s, PLAN_REJECTED_AFTER_S);
	assert_int_equal(plan.holds[0].approvals, 1);
	assert_int_equal(plan.recipients[0].fate, PLAN_FATE_STAYS);
	assert_int_equal(plan.recipients[1].fate, PLAN_FATE_HELD);
}

static void
held_and_rejected_together_take_the_mail_in_two_cases(void **state)
{
	(void)state;
	PLAN("hr@x.test", "never@x.test");
	assert_int_equal(plan.kind, PLAN_TAKE);
	assert_int_equal(plan.hold_count, 2);
	assert_string_equal(plan.holds[0].approvers, "hr");
	assert_string_equal(plan.holds[1].approvers, POLICY_GROUP_OF_NOBODY);
}

static void
links_are_held_as_a_case_of_their_own_and_told_apart(void **state)
{
	(void)state;
	{
		PLAN("link1@x.test", "link2@x.test");
		assert_int_equal(plan.kind, PLAN_TAKE);
		assert_int_equal(plan.hold_count, 1);
		assert_int_equal(plan.holds[0].action, POLICY_ACTION_LINK);
		assert_int_equal(plan.holds[0].link.downloads, 1);
		assert_string_equal(plan_name(&plan), "link");
	}
	{
		PLAN("link1@x.test", "hr@x.test");
		assert_int_equal(plan.hold_count, 2);
		assert_string_equal(plan_name(&plan), "hold");
	}
	{
		PLAN("link1@x.test", "a@x.test");
		assert_int_equal(plan.kind, PLAN_SPLIT);
		assert_string_equal(plan_name(&plan), "split");
	}
}

static void
a_mail_without_recipients_has_no_plan(void **state)
{
	const struct scan_report report = { .verdict = REPORT_VERDICT_CLEAN };
	const struct policy_facts facts = {
		.sender = "", .reports = { [REPORT_PROFILE_STANDARD] = &report }
	};
	struct plan plan = { .kind = PLAN_NONE };
	struct err err;

	(void)state;
	check_status(ST_FORMAT,
		     plan_make(config->policy, &facts, NULL, 0, &plan, &err),
		     &err);
	assert_int_equal(plan.kind, PLAN_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_built_action_has_a_row_and_no_other),
		cmocka_unit_test(a_mail_that_nobody_holds_passes),
		cmocka_unit_test(tags_are_added_once_each),
		cmocka_unit_test(
			everybody_held_by_one_rule_is_one_case_and_the_mail_is_taken),
		cmocka_unit_test(
			recipients_of_different_rules_never_share_a_case),
		cmocka_unit_test(only_a_mail_that_all_rules_reject_is_rejected),
		cmocka_unit_test(
			the_rejected_among_others_go_back_to_the_sender_by_a_case),
		cmocka_unit_test(
			held_and_rejected_together_take_the_mail_in_two_cases),
		cmocka_unit_test(
			links_are_held_as_a_case_of_their_own_and_told_apart),
		cmocka_unit_test(a_mail_without_recipients_has_no_plan),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
