/*
 * policy_lint.h - rules that are well written and make no sense.
 *
 * Layer:    lib/config, private
 * Threads:  no shared state
 */
#ifndef LIB_CONFIG_POLICY_LINT_H
#define LIB_CONFIG_POLICY_LINT_H

#include "lib/config/policy_build.h"

enum { RULE_KEY_BYTES = 64 };

/* One rule while it is built. */
struct rule_build {
	const struct config_reading *reading;
	const struct config_file *file;
	struct policy_rule *rule;
	enum report_profile profile; /* when it names none */
	char key[RULE_KEY_BYTES];    /* "policy.rule[2]" */
};

/* Refuse at the line of an option ("" for the rule itself). */
enum status
rule_refuse(const struct rule_build *build, const char *option, struct err *err,
	    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* True when the file has this option in the rule. */
bool policy_rule_has(const struct policy_rule *rule, const char *option);

/* True when the rule has at least one condition. */
bool policy_rule_is_conditional(const struct policy_rule *rule);

/* Check the options of a rule against its action, and set its outcome.
 * Returns: ST_OK, ST_FORMAT "FILE:LINE: reason" */
MUST_CHECK enum status
policy_lint_rule(const struct rule_build *build, struct err *err);

/* The last rule, and only it, is one without conditions.
 * Returns: ST_OK, ST_FORMAT "FILE:LINE: reason" */
MUST_CHECK enum status
policy_lint_order(const struct config_reading *reading,
		  const struct policy *policy, struct err *err);

#endif
