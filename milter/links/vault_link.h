/*
 * vault_link.h - the milter's requests to the vault: connections that are
 * shared by all sessions, and the public key for sealing.
 *
 * Layer:    milter/links; includes only lib/ and vault/client/
 * Threads:  any
 *
 * Every failure means the same to a mail that needs the vault: 4xx. Nothing
 * is repeated after a request was sent, but for a hold whose key the vault no
 * longer knows.
 */
#ifndef MILTER_LINKS_VAULT_LINK_H
#define MILTER_LINKS_VAULT_LINK_H

#include "lib/crypto/seal.h"
#include "vault/client/vault_client.h"

struct vault_link;

/* Gives: *link_out, vault_link_free(); socket_path is copied.
 * Returns: ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
vault_link_new(const char *socket_path, struct vault_link **link_out,
	       struct err *err);
void vault_link_free(struct vault_link **link);

/* One request on a connection of the pool; see vault_client_call(). */
MUST_CHECK enum status
vault_link_call(struct vault_link *link, const struct vault_call *call,
		struct wire_arena **arena_out, struct err *err);

/* What is to be held: the mail and the detail in clear. */
struct vault_link_hold {
	const uint8_t *content_digest; /* CASE_DIGEST_BYTES */
	bool unconfirmed;
	int mail_fd; /* sealed memory file; borrowed */
	const struct case_detail *detail;
	struct span self_test;    /* the ticket of a self-test mail, or empty */
	struct span companion_of; /* the case that it waits with, or empty */
	int64_t deadline_mono_ms;
};

/*
 * Seal the mail and its detail with the vault's public key and hand both to
 * the vault. When the vault does not know the key any more, the key is asked
 * for again and everything is sealed once more.
 *
 * Returns:  ST_OK      the case is durable: the mail may be taken
 *           otherwise  nothing is known to be held
 */
MUST_CHECK enum status
vault_link_hold(struct vault_link *link, const struct vault_link_hold *hold,
		struct vault_hold_answer *answer_out, struct err *err);

#endif
