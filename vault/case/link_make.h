/*
 * link_make.h - the rows of a mail that goes as links, with their secrets.
 *
 * Layer:    vault/case
 * Threads:  the writer's
 */
#ifndef VAULT_CASE_LINK_MAKE_H
#define VAULT_CASE_LINK_MAKE_H

#include "lib/crypto/link_key.h"
#include "vault/case/link_choice.h"
#include "vault/case/link_seal.h"

struct link_making {
	const struct vault_link_seal *request;
	const struct link_sealing *sealing;
	size_t made; /* links */
};

/* The batch, a link and a job for each recipient that gets one, and a link
 * and a notice for the sender. The sender's password is forgotten. */
MUST_CHECK enum status
link_make_all(struct vault *vault, const struct record *record,
	      struct link_making *making, struct err *err);

#endif
