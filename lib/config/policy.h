/*
 * policy.h - rules in order, first match wins.
 *
 * Layer:    lib/config
 * Threads:  immutable after loading; evaluation uses the caller's stack and a
 *           PCRE2 match context of its own
 *
 * In sekimori.conf:
 *
 *	policy {
 *		rule "numbers leave only after a second look" {
 *			direction = outgoing
 *			verdict = {found}
 *			action = hold
 *			approvers = "hr"
 *			expires = 7d
 *		}
 *		rule "the rest" { action = deliver }
 *	}
 *
 * A rule matches when each of its conditions does; a rule without conditions
 * always matches. The last rule must be one without conditions. Rules are
 * evaluated for each recipient. Every condition and option is one row in
 * rule_settings.def.
 *
 * What a rule says of the scan is judged on a scan in the rule's own profile:
 * policy_profiles() tells which are needed, policy_evaluate() gets them.
 */
#ifndef LIB_CONFIG_POLICY_H
#define LIB_CONFIG_POLICY_H

#include "lib/report/report.h"
#include "lib/report/rewrite.h"

struct policy;
struct policy_rule;

/* Actions that a rule may name; built or refused by name: actions.def. */
enum policy_action {
	POLICY_ACTION_NONE = 0,
#define ACTION(symbol, name, built) POLICY_ACTION_##symbol,
#include "lib/config/actions.def"
#undef ACTION
	POLICY_ACTION_END
};
const char *policy_action_name(enum policy_action action);

enum policy_direction {
	POLICY_DIRECTION_NONE = 0,
	POLICY_DIRECTION_OUTGOING, /* local sender, recipient elsewhere */
	POLICY_DIRECTION_INCOMING, /* sender elsewhere, local recipient */
	POLICY_DIRECTION_INTERNAL, /* both local */
	POLICY_DIRECTION_FOREIGN   /* neither */
};

struct policy_header {
	const char *name;
	struct span value;
};

/* What a rule can look at, for one recipient. Everything is borrowed. */
struct policy_facts {
	const char *sender; /* envelope, "" for the null sender */
	const char *recipient;
	const char *login;          /* SASL, "" when none */
	const char *client_address; /* IP of the SMTP client, "" unknown */
	bool authenticated;
	int64_t now_unix_ms;
	uint64_t size_bytes;
	/* One for each profile it was scanned in, else NULL. */
	const struct scan_report *reports[REPORT_PROFILE_END];
	const struct policy_header *headers;
	size_t header_count;
	bool headers_unknown; /* a held mail's: see policy_evaluate() */
};

/* The group of mail that a rule rejected for some of its recipients. Nobody can
 * be in it: neither a rule nor an account may name it. */
#define POLICY_GROUP_OF_NOBODY "rejected"

/* How files become secure links. */
struct policy_link {
	uint64_t expires_after_s;
	bool findings_only; /* only files with findings, or unread */
	enum rewrite_pictures pictures; /* in the text, unread */
	uint64_t logo_bytes;            /* a smaller one is none of them */
	bool inside;                    /* for recipients inside as well */
	bool unknown_held;  /* LINK: held for a recipient never written to */
	uint32_t downloads; /* of each file; 0: no limit, 1: once */
	bool code;          /* one-time code to the mailbox */
	bool certificate;
	const char *networks; /* comma separated, or "" */
};

/* Options of a rule; texts live as long as the policy. */
struct policy_outcome {
	const char *rule;
	enum policy_action action;
	enum report_profile profile; /* of the scan that the rule looked at */
	const char *approvers;
	uint64_t expires_after_s;
	uint64_t remind_after_s;
	uint32_t approvals;
	const char *tag;         /* TAG: text of the field X-Sekimori-Tag */
	const char *reply;       /* REJECT: text behind 550 5.7.1 */
	struct policy_link link; /* HOLD, LINK */
};

/*
 * The outcome for one recipient.
 * A client that signed in counts as inside, whatever its envelope sender.
 * Returns: ST_OK; ST_LIMIT a pattern hit its match or heap limit (the rule's
 *          name is in err; nothing was decided); ST_DENIED there are no rules
 *          (config_defaults); ST_UNSUPPORTED a rule needs a report that is
 *          not there, or header fields that are unknown; ST_NO_MEMORY. On all
 *          of these the caller tempfails.
 */
MUST_CHECK enum status
policy_evaluate(const struct policy *policy, const struct policy_facts *facts,
		struct policy_outcome *outcome_out, struct err *err);

/*
 * Add to *profiles, as bits of enum report_profile, those in which the mail
 * must be scanned before this recipient's outcome can be told: of each rule
 * that may match, up to the first that surely does. None when it does not
 * matter: policy_profile() will do.
 * Returns: as policy_evaluate(); facts->reports is not looked at
 */
MUST_CHECK enum status
policy_profiles(const struct policy *policy, const struct policy_facts *facts,
		uint32_t *profiles, struct err *err);

/* That of rules that name none. */
enum report_profile policy_profile(const struct policy *policy);

enum policy_direction
policy_direction_of(const struct policy *policy, const char *sender,
		    const char *recipient);
bool policy_is_local(const struct policy *policy, const char *address);

/* Step through the rules, for listing. NULL at the end. */
const struct policy_rule *
policy_rule_next(const struct policy *policy, size_t *index);
const char *policy_rule_name(const struct policy_rule *rule);
/* What the rule asks for when it matches; lives as long as the policy. */
const struct policy_outcome *
policy_rule_outcome(const struct policy_rule *rule);

#endif
