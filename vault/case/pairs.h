/*
 * pairs.h - who has written to whom, as HMACs.
 *
 * Layer:    vault/case
 * Threads:  pairs_take(): the writer's; pairs_known(): any
 */
#ifndef VAULT_CASE_PAIRS_H
#define VAULT_CASE_PAIRS_H

#include "vault/case/record.h"

MUST_CHECK enum status
pairs_take(struct vault *vault, const struct vault_pairs *request,
	   struct err *err);

/* Had this sender written to this address before that day? */
MUST_CHECK enum status
pairs_known(struct vault *vault, const char *sender, const char *recipient,
	    int64_t before_ms, bool *known_out, struct err *err);

#endif
