/*
 * policy_build.h - the rules of a file, checked and compiled.
 *
 * Layer:    lib/config, private
 * Threads:  as config_read.h; a policy is immutable afterwards
 */
#ifndef LIB_CONFIG_POLICY_BUILD_H
#define LIB_CONFIG_POLICY_BUILD_H

#include "lib/config/config_file.h"
#include "lib/config/config_read.h"
#include "lib/config/policy.h"
#include "lib/config/policy_match.h"
#include "lib/config/policy_pattern.h"

/* Minutes of the day; from > to passes midnight. */
struct policy_hours {
	unsigned from, to;
};

struct policy_header_rule {
	const char *name;
	struct policy_pattern *pattern;
};

struct policy_rule {
	const char *name;
	struct config_rule is; /* as written; "list:NAME" resolved */
	uint64_t set;          /* bit n: row n of the table is in the file */
	uint32_t directions;   /* bits of the enums; 0: any */
	uint32_t verdicts;
	uint32_t levels;
	uint32_t reasons;
	uint32_t only_reasons;
	uint32_t days; /* bit 0: Sunday, as in struct tm */
	bool needs_finding;
	bool needs_authenticated; /* authenticated is a condition */
	bool judges_report;       /* some condition is about the scan */
	bool takes_report;        /* its case has one */
	const struct match_network *clients;
	size_t client_count;
	const struct policy_hours *hours;
	size_t hours_count;
	struct policy_header_rule *headers;
	size_t header_count;
	struct policy_outcome outcome;
};

struct policy {
	struct config_list local_domains;
	enum report_profile profile; /* of rules that name none */
	bool has_profiles;           /* some rule has another one */
	struct policy_rule *rules;
	size_t rule_count;
};

/*
 * Build the policy of file; NULL: one without rules. Rules that name no
 * profile get this one.
 *
 * Gives:    *policy_out, release with policy_free(); its texts live in
 *           reading->memory
 * Returns:  ST_OK; ST_FORMAT "FILE:LINE: reason"; ST_NO_MEMORY
 */
MUST_CHECK enum status
policy_build(const struct config_reading *reading,
	     const struct config_file *file, struct config_list local_domains,
	     enum report_profile profile, struct policy **policy_out,
	     struct err *err);
void policy_free(struct policy **policy);

#endif
