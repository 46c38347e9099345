/*
 * policy_match.h - addresses, domains and networks against a rule's words.
 *
 * Layer:    lib/config, private
 * Threads:  no shared state
 * Input:    envelope addresses are untrusted text; nothing here can do more
 *           than match or not
 */
#ifndef LIB_CONFIG_POLICY_MATCH_H
#define LIB_CONFIG_POLICY_MATCH_H

#include "lib/base/span.h"
#include "lib/config/config.h"

/* An address without <> and blanks around it. */
struct span match_bare_address(const char *address);

/* What stands behind the last @, without a trailing dot; empty: no @. */
struct span match_domain_of(const char *address);

/* True when text fits pattern: * is any run, ? any byte, the rest is itself;
 * ASCII letters in either case. Time is bounded by the product of lengths. */
bool match_glob(const char *pattern, struct span text);
bool match_any_glob(const struct config_list *patterns, struct span text);

/* A network; an IPv4 one is kept as ::ffff:a.b.c.d with 96 bits more. */
struct match_network {
	uint8_t address[16];
	unsigned prefix_bits;
};

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32", also "IPv6:2001:db8::1".
 * False: not that, or bits behind the prefix are set. */
bool match_parse_network(const char *text, struct match_network *network_out);
bool match_network(const struct match_network *network,
		   const struct match_network *client);

#endif
