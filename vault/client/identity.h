/*
 * identity.h - is this address that person?
 *
 * Layer:    vault/client; pure functions over text
 * Threads:  no shared state
 *
 * Two addresses are the same person for the four-eyes rule when their
 * canonical forms are equal: ASCII lower case, white space, quotes and RFC
 * 5322 comments of the local part removed, plus-address and everything behind
 * it removed, dots kept, a domain replaced by the domain it is an alias of,
 * a trailing dot of the domain removed. This errs on the side of "the same".
 */
#ifndef VAULT_CLIENT_IDENTITY_H
#define VAULT_CLIENT_IDENTITY_H

#include "lib/base/sbuf.h"
#include "lib/config/config.h"

/*
 * Append the canonical form of address (with or without <>) to buf.
 * A bare login without '@' stays as it is, in lower case.
 * aliases: the setting general.domain_aliases, items "alias=real"; NULL: none.
 */
void identity_canonical(const struct config_list *aliases, const char *address,
			struct sbuf *buf);

/* The part of a canonical form before its '@'; all of a bare login. */
struct span identity_local_part(struct span canonical);

/* True when both have a canonical form and it is equal; a bare login also
 * equals the local part of an address. False for empty ones. */
bool
identity_same(const struct config_list *aliases, const char *a, const char *b);

#endif
