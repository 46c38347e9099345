#include "lib/config/policy_link.h"

#include <stdio.h>
#include <string.h>

enum { LINK_MAX_NETWORKS_BYTES = 2000 };

/* "192.0.2.0/24,2001:db8::/32", each of them checked. */
static enum status
link_networks(const struct rule_build *build, const char **text_out,
	      struct err *err)
{
	const struct config_list *list = &build->rule->is.link_from;
	AUTO(sbuf_done) struct sbuf text;
	enum status st = ST_OK;

	sbuf_init(&text, LINK_MAX_NETWORKS_BYTES);
	for (size_t i = 0; i < list->count; i++) {
		struct match_network network;

		if (!match_parse_network(list->items[i], &network))
			return rule_refuse(build, "link_from", err,
					   "link_from: \"%.60s\" is not a "
					   "network such as 192.0.2.0/24",
					   list->items[i]);
		sbuf_addf(&text, "%s%s", i > 0 ? "," : "", list->items[i]);
	}
	st = sbuf_status(&text, "config: networks", err);
	if (st == ST_LIMIT)
		return rule_refuse(build, "link_from", err,
				   "link_from: over %d bytes in all",
				   LINK_MAX_NETWORKS_BYTES);
	if (st != ST_OK)
		return st;
	*text_out =
		config_memory_text(build->reading->memory, sbuf_text(&text));
	return *text_out != NULL
		       ? ST_OK
		       : err_set(err, ST_NO_MEMORY, "config: no memory");
}

enum status
policy_link_build(const struct rule_build *build, struct err *err)
{
	const struct config_rule *is = &build->rule->is;
	const char *networks = "";
	const enum status st = link_networks(build, &networks, err);

	if (st != ST_OK)
		return st;
	if (is->link_once && is->link_downloads > 1)
		return rule_refuse(build, "link_downloads", err,
				   "link_downloads: link_once allows one");
	build->rule->outcome.link = (struct policy_link){
		.expires_after_s = (uint64_t)is->link_expires_s,
		.findings_only = strcmp(is->link_files, "findings") == 0,
		.pictures = rewrite_pictures_find(is->link_pictures),
		.logo_bytes = (uint64_t)is->link_logo_bytes,
		.inside = strcmp(is->link_inside, "link") == 0,
		.unknown_held = strcmp(is->link_unknown, "hold") == 0,
		.downloads = is->link_once ? 1 : (uint32_t)is->link_downloads,
		.code = is->link_code,
		.certificate = is->link_certificate,
		.networks = networks,
	};
	return ST_OK;
}

/* --- rules and the portal ---------------------------------------------- */

struct link_fault {
	const char *option;
	const char *reason;
};

/* What the portal cannot do for this rule; option NULL: nothing. */
static struct link_fault
link_find_fault(const struct policy_rule *rule,
		const struct config_portal *portal)
{
	const struct policy_outcome *outcome = &rule->outcome;

	if (outcome->action == POLICY_ACTION_LINK && portal->listen[0] == '\0')
		return (struct link_fault){
			"action", "action link needs portal.listen and "
				  "portal.url"
		};
	/* A mail that is held may go as a link when there is a portal. */
	if (portal->listen[0] == '\0')
		return (struct link_fault){ NULL, NULL };
	if (outcome->link.certificate && portal->client_ca[0] == '\0')
		return (struct link_fault){
			"link_certificate",
			"link_certificate needs portal.client_ca"
		};
	if (outcome->link.expires_after_s > (uint64_t)portal->max_expiry_s)
		return (struct link_fault){
			"link_expires", "link_expires is over portal.max_expiry"
		};
	return (struct link_fault){ NULL, NULL };
}

static bool
link_may_send(const struct policy_rule *rule)
{
	return rule->outcome.action == POLICY_ACTION_LINK ||
	       rule->outcome.action == POLICY_ACTION_HOLD;
}

enum status
policy_link_check(const struct policy *policy,
		  const struct config_portal *portal,
		  const struct config_lines *lines, struct err *err)
{
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		char key[RULE_KEY_BYTES * 2];
		struct link_fault fault = { NULL, NULL };

		if (link_may_send(rule))
			fault = link_find_fault(rule, portal);
		if (fault.option == NULL)
			continue;
		(void)snprintf(key, sizeof(key), "policy.rule[%zu].%s", i,
			       fault.option);
		return config_lines_refuse(lines, key, err,
					   "rule \"%.40s\": %s", rule->name,
					   fault.reason);
	}
	return ST_OK;
}
