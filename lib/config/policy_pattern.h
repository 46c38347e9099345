/*
 * policy_pattern.h - regular expressions on header fields, with limits.
 *
 * Layer:    lib/config, private; policy_pattern.c is the only file here with
 *           PCRE2
 * Threads:  a pattern is immutable; each match has its own context
 * Input:    values come from mails: match and heap limits bound the time and
 *           memory that a value can cost
 */
#ifndef LIB_CONFIG_POLICY_PATTERN_H
#define LIB_CONFIG_POLICY_PATTERN_H

#include "lib/base/span.h"
#include "lib/base/status.h"

struct policy_pattern;

/* Compile text (UTF-8; invalid UTF-8 in values matches nothing).
 * Returns: ST_OK; ST_FORMAT err has PCRE2's words; ST_NO_MEMORY */
MUST_CHECK enum status
policy_pattern_new(const char *text, struct policy_pattern **pattern_out,
		   struct err *err);
void policy_pattern_free(struct policy_pattern **pattern);

/* Returns: ST_OK *matches_out is set; ST_LIMIT a limit was hit;
 *          ST_NO_MEMORY */
MUST_CHECK enum status
policy_pattern_match(const struct policy_pattern *pattern, struct span value,
		     bool *matches_out, struct err *err);

#endif
