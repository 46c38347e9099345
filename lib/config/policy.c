#include "lib/config/policy.h"

#include <time.h>

#include "lib/base/parse.h"
#include "lib/config/policy_build.h"

enum { POLICY_MS_PER_S = 1000, POLICY_MINUTES_PER_HOUR = 60 };

const char *
policy_action_name(enum policy_action action)
{
	static const char *const names[] = {
		"none",
#define ACTION(symbol, name, built) name,
#include "lib/config/actions.def"
#undef ACTION
	};

	return (size_t)action < ARRAY_LEN(names) ? names[action] : "none";
}

bool
policy_is_local(const struct policy *policy, const char *address)
{
	const struct span bare = match_bare_address(address);
	const struct span domain = match_domain_of(address);

	/* Without a domain it is an account of this host. */
	if (domain.len_bytes == 0)
		return bare.len_bytes > 0;
	return match_any_glob(&policy->local_domains, domain);
}

static enum policy_direction
direction_of(bool from_inside, bool to_inside)
{
	if (from_inside)
		return to_inside ? POLICY_DIRECTION_INTERNAL
				 : POLICY_DIRECTION_OUTGOING;
	return to_inside ? POLICY_DIRECTION_INCOMING : POLICY_DIRECTION_FOREIGN;
}

enum policy_direction
policy_direction_of(const struct policy *policy, const char *sender,
		    const char *recipient)
{
	const bool to_inside = policy_is_local(policy, recipient);

	/* A bounce has no sender: what goes out comes from our own MTA. */
	if (match_bare_address(sender).len_bytes == 0)
		return direction_of(!to_inside, to_inside);
	return direction_of(policy_is_local(policy, sender), to_inside);
}

/* --- conditions -------------------------------------------------------- */

static bool
bits_allow(uint32_t bits, unsigned value)
{
	return bits == 0 || (bits >> value & 1) != 0;
}

static bool
rule_fits_address(const struct config_list *patterns, struct span bare)
{
	if (patterns->count == 0)
		return true;
	if (bare.len_bytes == 0)
		bare = span_of("<>");
	return match_any_glob(patterns, bare);
}

static bool
rule_fits_envelope(const struct policy *policy, const struct policy_rule *rule,
		   const struct policy_facts *facts)
{
	const struct config_rule *is = &rule->is;
	enum policy_direction direction =
		policy_direction_of(policy, facts->sender, facts->recipient);

	/* Who signed in is one of us, whatever the envelope says. */
	if (facts->authenticated)
		direction = direction_of(
			true, policy_is_local(policy, facts->recipient));
	if (!bits_allow(rule->directions, (unsigned)direction) ||
	    !rule_fits_address(&is->sender,
			       match_bare_address(facts->sender)) ||
	    !rule_fits_address(&is->recipient,
			       match_bare_address(facts->recipient)))
		return false;
	if (is->sender_domain.count > 0 &&
	    !match_any_glob(&is->sender_domain, match_domain_of(facts->sender)))
		return false;
	return is->recipient_domain.count == 0 ||
	       match_any_glob(&is->recipient_domain,
			      match_domain_of(facts->recipient));
}

static bool
rule_fits_client(const struct policy_rule *rule,
		 const struct policy_facts *facts)
{
	struct match_network client;

	if (rule->needs_authenticated &&
	    rule->is.authenticated != facts->authenticated)
		return false;
	if (rule->is.login.count > 0 &&
	    (facts->login[0] == '\0' ||
	     !match_any_glob(&rule->is.login, span_of(facts->login))))
		return false;
	if (rule->client_count == 0)
		return true;
	if (!match_parse_network(facts->client_address, &client))
		return false;
	for (size_t i = 0; i < rule->client_count; i++) {
		if (match_network(&rule->clients[i], &client))
			return true;
	}
	return false;
}

/* Reasons of the parts that were not read, as bits. */
static uint32_t
report_reason_bits(const struct scan_report *report)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < report->opaque_count; i++)
		bits |= UINT32_C(1) << report->opaques[i].reason;
	if (report->ambiguous)
		bits |= UINT32_C(1) << REPORT_REASON_AMBIGUOUS;
	return bits;
}

static bool
rule_fits_reasons(const struct policy_rule *rule,
		  const struct scan_report *report)
{
	const uint32_t bits = report_reason_bits(report);

	if (rule->reasons != 0 && (rule->reasons & bits) == 0)
		return false;
	if (rule->only_reasons == 0)
		return true;
	/* A full list may have left others out. */
	return bits != 0 && (bits & ~rule->only_reasons) == 0 &&
	       report->opaque_count < REPORT_MAX_OPAQUES;
}

static bool
rule_fits_parts(const struct policy_rule *rule,
		const struct scan_report *report)
{
	if (rule->is.part_type.count == 0)
		return true;
	for (size_t i = 0; i < report->part_count; i++) {
		if (match_any_glob(&rule->is.part_type,
				   span_of(report->parts[i].type)))
			return true;
	}
	return false;
}

static bool
rule_fits_report(const struct policy_rule *rule,
		 const struct scan_report *report)
{
	const struct config_rule *is = &rule->is;

	if (!bits_allow(rule->verdicts, (unsigned)report->verdict) ||
	    !bits_allow(rule->levels, (unsigned)report->level))
		return false;
	if (report->number_count < (uint64_t)is->min_count ||
	    report->number_count > (uint64_t)is->max_count)
		return false;
	if (rule->needs_finding && (report->level == REPORT_LEVEL_NONE ||
				    report->score_db < is->min_score ||
				    report->score_db > is->max_score))
		return false;
	return rule_fits_reasons(rule, report) && rule_fits_parts(rule, report);
}

static bool
rule_fits_size(const struct policy_rule *rule, const struct policy_facts *facts)
{
	return facts->size_bytes >= (uint64_t)rule->is.min_size_bytes &&
	       facts->size_bytes <= (uint64_t)rule->is.max_size_bytes;
}

static bool
rule_fits_time(const struct policy_rule *rule, const struct policy_facts *facts)
{
	const time_t now = (time_t)(facts->now_unix_ms / POLICY_MS_PER_S);
	struct tm local = { 0 };

	if (rule->days == 0 && rule->hours_count == 0)
		return true;
	if (localtime_r(&now, &local) == NULL ||
	    !bits_allow(rule->days, (unsigned)local.tm_wday))
		return false;
	const unsigned minute =
		(unsigned)local.tm_hour * POLICY_MINUTES_PER_HOUR +
		(unsigned)local.tm_min;

	for (size_t i = 0; i < rule->hours_count; i++) {
		const struct policy_hours *hours = &rule->hours[i];
		const bool from = minute >= hours->from;
		const bool to = minute < hours->to;

		if (hours->from < hours->to ? from && to : from || to)
			return true;
	}
	return rule->hours_count == 0;
}

/* Does any field of that name match? */
static enum status
header_rule_fits(const struct policy_header_rule *header,
		 const struct policy_facts *facts, bool *fits_out,
		 struct err *err)
{
	bool fits = false;

	for (size_t i = 0; !fits && i < facts->header_count; i++) {
		const struct policy_header *field = &facts->headers[i];
		enum status st = ST_OK;

		if (!span_equal_nocase(span_of(field->name),
				       span_of(header->name)))
			continue;
		st = policy_pattern_match(header->pattern, field->value, &fits,
					  err);
		if (st != ST_OK)
			return st;
	}
	*fits_out = fits;
	return ST_OK;
}

static enum status
rule_fits_headers(const struct policy_rule *rule,
		  const struct policy_facts *facts, bool *fits_out,
		  struct err *err)
{
	bool fits = rule->header_count == 0;

	if (!fits && facts->headers_unknown)
		return err_set(err, ST_UNSUPPORTED,
			       "policy: rule \"%.80s\": the header fields are "
			       "not known",
			       rule->name);
	for (size_t i = 0; !fits && i < rule->header_count; i++) {
		struct err why = { 0 };
		const enum status st =
			header_rule_fits(&rule->headers[i], facts, &fits, &why);

		if (st != ST_OK)
			return err_set(err, st, "policy: rule \"%.80s\": %s",
				       rule->name, why.text);
	}
	*fits_out = fits;
	return ST_OK;
}

/* Whatever a scan may say: can the rule match? */
static enum status
rule_may_fit(const struct policy *policy, const struct policy_rule *rule,
	     const struct policy_facts *facts, bool *fits_out, struct err *err)
{
	if (!rule_fits_envelope(policy, rule, facts) ||
	    !rule_fits_client(rule, facts) || !rule_fits_size(rule, facts) ||
	    !rule_fits_time(rule, facts)) {
		*fits_out = false;
		return ST_OK;
	}
	return rule_fits_headers(rule, facts, fits_out, err);
}

static enum status
rule_fits(const struct policy *policy, const struct policy_rule *rule,
	  const struct policy_facts *facts, bool *fits_out, struct err *err)
{
	const struct scan_report *report =
		facts->reports[rule->outcome.profile];
	enum status st = ST_OK;

	/* First, because a pattern takes longer. */
	if (rule->judges_report && report != NULL &&
	    !rule_fits_report(rule, report)) {
		*fits_out = false;
		return ST_OK;
	}
	st = rule_may_fit(policy, rule, facts, fits_out, err);
	if (st == ST_OK && *fits_out && rule->judges_report && report == NULL)
		return err_set(err, ST_UNSUPPORTED,
			       "policy: rule \"%.80s\": not scanned in the "
			       "profile %s",
			       rule->name,
			       report_profile_name(rule->outcome.profile));
	return st;
}

enum status
policy_profiles(const struct policy *policy, const struct policy_facts *facts,
		uint32_t *profiles, struct err *err)
{
	/* No pattern is tried twice where all is the same. */
	if (!policy->has_profiles)
		return ST_OK;
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		bool fits = false;
		const enum status st =
			rule_may_fit(policy, rule, facts, &fits, err);

		if (st != ST_OK)
			return st;
		if (fits && (rule->judges_report || rule->takes_report))
			*profiles |= UINT32_C(1) << rule->outcome.profile;
		if (fits && !rule->judges_report)
			return ST_OK;
	}
	/* As policy_evaluate(). */
	return err_set(err, ST_DENIED, "policy: there are no rules");
}

enum report_profile
policy_profile(const struct policy *policy)
{
	return policy->profile;
}

enum status
policy_evaluate(const struct policy *policy, const struct policy_facts *facts,
		struct policy_outcome *outcome_out, struct err *err)
{
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		bool fits = false;
		const enum status st =
			rule_fits(policy, rule, facts, &fits, err);

		if (st != ST_OK)
			return st;
		if (fits) {
			*outcome_out = rule->outcome;
			return ST_OK;
		}
	}
	/* Only a policy without rules (config_defaults) gets here. */
	return err_set(err, ST_DENIED, "policy: there are no rules");
}

const struct policy_rule *
policy_rule_next(const struct policy *policy, size_t *index)
{
	if (*index >= policy->rule_count)
		return NULL;
	return &policy->rules[(*index)++];
}

const char *
policy_rule_name(const struct policy_rule *rule)
{
	return rule->name;
}

const struct policy_outcome *
policy_rule_outcome(const struct policy_rule *rule)
{
	return &rule->outcome;
}
