/*
 * link_rate.h - how many links one sender gets in an hour without a person.
 *
 * Layer:    vault/case
 * Threads:  any; only what the writer asks holds until it has made the links
 */
#ifndef VAULT_CASE_LINK_RATE_H
#define VAULT_CASE_LINK_RATE_H

#include "vault/case/record.h"

/* May the mail of this case bring its sender so many more links now
 * (portal.sender_rate)? A person who decides need not ask. Senders are all the
 * addresses that the mail is from. ST_DENIED: no; the text is for people. */
MUST_CHECK enum status
link_rate_check(struct vault *vault, const struct record *record,
		struct err *err);

#endif
