/*
 * policy_link.h - how a rule turns files into secure links.
 *
 * Layer:    lib/config, private
 * Threads:  no shared state
 */
#ifndef LIB_CONFIG_POLICY_LINK_H
#define LIB_CONFIG_POLICY_LINK_H

#include "lib/config/config.h"
#include "lib/config/policy_lint.h"

/* Check the link_* options of a rule and set them in its outcome.
 * Returns: ST_OK; ST_FORMAT "FILE:LINE: reason"; ST_NO_MEMORY */
MUST_CHECK enum status
policy_link_build(const struct rule_build *build, struct err *err);

/* Rules that send links need a portal that can keep what they promise.
 * Returns: ST_OK; ST_FORMAT "FILE:LINE: reason" */
MUST_CHECK enum status
policy_link_check(const struct policy *policy,
		  const struct config_portal *portal,
		  const struct config_lines *lines, struct err *err);

#endif
