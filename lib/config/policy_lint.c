#include "lib/config/policy_lint.h"

#include <stdio.h>
#include <string.h>

#include "lib/config/policy_link.h"

static const char default_reply[] = "This mail may not leave as it is";

bool
policy_rule_has(const struct policy_rule *rule, const char *option)
{
	for (size_t i = 0; i < config_rule_section.row_count; i++) {
		if (strcmp(config_rule_section.rows[i].name, option) == 0)
			return (rule->set >> i & 1) != 0;
	}
	return false;
}

bool
policy_rule_is_conditional(const struct policy_rule *rule)
{
	return (rule->set & ((UINT64_C(1) << config_rule_action_row()) - 1)) !=
	       0;
}

/* A link may have to be held, and a held mail may go out as a link. */
#define LINT_HELD (1U << POLICY_ACTION_HOLD | 1U << POLICY_ACTION_LINK)

/* Which actions an option goes with, as bits of enum policy_action. */
static const struct {
	const char *option;
	uint32_t actions;
} lint_options[] = {
	{ "approvers", LINT_HELD },
	{ "expires", LINT_HELD },
	{ "remind", LINT_HELD },
	{ "approvals", LINT_HELD },
	{ "link_expires", LINT_HELD },
	{ "link_files", LINT_HELD },
	{ "link_pictures", LINT_HELD },
	{ "link_logo", LINT_HELD },
	{ "link_inside", LINT_HELD },
	{ "link_unknown", 1U << POLICY_ACTION_LINK },
	{ "link_once", LINT_HELD },
	{ "link_downloads", LINT_HELD },
	{ "link_code", LINT_HELD },
	{ "link_from", LINT_HELD },
	{ "link_certificate", LINT_HELD },
	{ "tag", LINT_HELD | 1U << POLICY_ACTION_TAG },
	{ "reply", 1U << POLICY_ACTION_REJECT },
};

/* The action by its name, when it is built. */
static enum status
lint_action(const struct rule_build *build, enum policy_action *action_out,
	    struct err *err)
{
	static const struct {
		const char *name;
		enum policy_action action;
		bool built;
	} actions[] = {
#define ACTION(symbol, name, built) { name, POLICY_ACTION_##symbol, built },
#include "lib/config/actions.def"
#undef ACTION
	};
	const char *name = build->rule->is.action;

	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (strcmp(actions[i].name, name) != 0)
			continue;
		if (!actions[i].built)
			return rule_refuse(build, "action", err,
					   "action %s: not built in this "
					   "version",
					   name);
		*action_out = actions[i].action;
		return ST_OK;
	}
	return rule_refuse(build, "action", err, "it has no action");
}

/* Texts that end up in a header field or an SMTP reply. */
static bool
lint_is_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text > '~')
			return false;
	}
	return true;
}

static enum status
lint_texts(const struct rule_build *build, enum policy_action action,
	   struct err *err)
{
	const struct config_rule *is = &build->rule->is;

	if ((LINT_HELD >> action & 1) != 0 && is->approvers[0] == '\0')
		return rule_refuse(build, "action", err,
				   "%s needs approvers = \"group\"",
				   is->action);
	if (action == POLICY_ACTION_TAG && is->tag[0] == '\0')
		return rule_refuse(build, "action", err,
				   "action tag needs tag = \"text\"");
	if (!lint_is_printable(is->tag))
		return rule_refuse(build, "tag", err,
				   "tag: printable ASCII only");
	if (!lint_is_printable(is->reply))
		return rule_refuse(build, "reply", err,
				   "reply: printable ASCII only");
	if (strchr(is->approvers, ',') != NULL)
		return rule_refuse(build, "approvers", err,
				   "approvers: one group, without a comma");
	if (strcmp(is->approvers, POLICY_GROUP_OF_NOBODY) == 0)
		return rule_refuse(build, "approvers", err,
				   "approvers: the group \"%s\" is kept for "
				   "rejected mail and has no members",
				   POLICY_GROUP_OF_NOBODY);
	return ST_OK;
}

/* A rule asks for a scan by a condition about it, or to keep its report. */
static void
lint_note_report(struct policy_rule *rule, enum policy_action action)
{
	static const char *const conditions[] = {
		"verdict",   "level",     "min_count",
		"max_count", "min_score", "max_score",
		"part_type", "reason",    "only_reason",
	};

	for (size_t i = 0; i < ARRAY_LEN(conditions); i++)
		rule->judges_report |= policy_rule_has(rule, conditions[i]);
	/* A rejected recipient among others gets a case, too. */
	rule->takes_report = (LINT_HELD >> action & 1) != 0 ||
			     action == POLICY_ACTION_REJECT;
}

static enum status
lint_profile(const struct rule_build *build, enum report_profile *profile_out,
	     struct err *err)
{
	const struct policy_rule *rule = build->rule;

	if (!policy_rule_has(rule, "profile")) {
		*profile_out = build->profile;
		return ST_OK;
	}
	if (!rule->judges_report && !rule->takes_report)
		return rule_refuse(build, "profile", err,
				   "profile: this rule does not look at the "
				   "scan; add a condition such as verdict, or "
				   "leave profile out");
	*profile_out = report_profile_find(rule->is.profile);
	return ST_OK;
}

static enum status
lint_ranges(const struct rule_build *build, struct err *err)
{
	const struct config_rule *is = &build->rule->is;

	if (is->min_count > is->max_count)
		return rule_refuse(build, "max_count", err,
				   "min_count is over max_count");
	if (is->min_score > is->max_score)
		return rule_refuse(build, "max_score", err,
				   "min_score is over max_score");
	if (is->min_size_bytes > is->max_size_bytes)
		return rule_refuse(build, "max_size", err,
				   "min_size is over max_size");
	if (is->remind_s >= is->expires_s)
		return rule_refuse(build, "remind", err,
				   "remind is not before expires");
	return ST_OK;
}

enum status
policy_lint_rule(const struct rule_build *build, struct err *err)
{
	struct policy_rule *rule = build->rule;
	enum policy_action action = POLICY_ACTION_NONE;
	enum report_profile profile = REPORT_PROFILE_NONE;
	enum status st = lint_action(build, &action, err);

	for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(lint_options); i++) {
		if ((lint_options[i].actions & 1U << action) == 0 &&
		    policy_rule_has(rule, lint_options[i].option))
			st = rule_refuse(build, lint_options[i].option, err,
					 "%s does not go with action %s",
					 lint_options[i].option,
					 rule->is.action);
	}
	if (st == ST_OK)
		st = lint_texts(build, action, err);
	if (st == ST_OK)
		st = lint_ranges(build, err);
	if (st != ST_OK)
		return st;
	lint_note_report(rule, action);
	st = lint_profile(build, &profile, err);
	if (st != ST_OK)
		return st;
	rule->outcome = (struct policy_outcome){
		.rule = rule->name,
		.action = action,
		.profile = profile,
		.approvers = rule->is.approvers,
		.expires_after_s = (uint64_t)rule->is.expires_s,
		.remind_after_s = (uint64_t)rule->is.remind_s,
		.approvals = (uint32_t)rule->is.approvals,
		.tag = rule->is.tag,
		.reply = rule->is.reply[0] != '\0' ? rule->is.reply
						   : default_reply,
	};
	return policy_link_build(build, err);
}

enum status
policy_lint_order(const struct config_reading *reading,
		  const struct policy *policy, struct err *err)
{
	for (size_t i = 0; i < policy->rule_count; i++) {
		const bool last = i + 1 == policy->rule_count;
		char key[RULE_KEY_BYTES];

		if (policy_rule_is_conditional(&policy->rules[i]) == !last)
			continue;
		(void)snprintf(key, sizeof(key), "policy.rule[%zu]", i);
		return config_lines_refuse(
			reading->lines, key, err,
			last ? "the last rule must be one without conditions"
			     : "this rule has no conditions: those behind it "
			       "are never reached");
	}
	if (policy->rule_count == 0)
		return config_lines_refuse(reading->lines, "policy", err,
					   "there is no policy; its last rule "
					   "must be one without conditions");
	return ST_OK;
}
