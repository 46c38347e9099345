/*
 * domains.h - the domains that we write to, and who looks like one of them.
 *
 * Layer:    vault/case
 * Threads:  any; it has a lock of its own
 *
 * Known are our own domains and those with DOMAINS_MIN_PAIRS correspondences,
 * or one that has lasted for DOMAINS_MIN_DAYS: a domain to which somebody
 * wrote by mistake does not become known by that. They are read from the
 * store again when they are DOMAINS_LAST_MS old.
 */
#ifndef VAULT_CASE_DOMAINS_H
#define VAULT_CASE_DOMAINS_H

#include "vault/case/lookalike.h"
#include "vault/case/vault.h"

enum {
	DOMAINS_MAX = 5000,
	DOMAINS_MIN_PAIRS = 3,
	DOMAINS_MIN_DAYS = 14,
	DOMAINS_LAST_MS = 10 * 60 * 1000
};

struct domains;
MUST_CHECK enum status
domains_new(struct domains **domains_out, struct err *err);
void domains_free(struct domains **domains);

/*
 * The known domain that the domain of address looks like, into text_out; ""
 * when there is none, or when it is known itself.
 */
MUST_CHECK enum status
domains_resembling(struct domains *domains, struct vault *vault,
		   const char *address, char text_out[LOOKALIKE_DOMAIN_BYTES],
		   struct err *err);

#endif
