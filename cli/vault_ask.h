/*
 * vault_ask.h - questions to the vault, and their refusals for people.
 *
 * Layer:    cli
 * Threads:  one
 *
 * The vault knows who asks by the peer uid of the socket; requests carry no
 * token. Root is nobody unless an account names uid 0.
 */
#ifndef CLI_VAULT_ASK_H
#define CLI_VAULT_ASK_H

#include "cli/command.h"
#include "lib/base/clock.h"
#include "vault/client/vault_client.h"

struct vault_ask {
	struct config *config;
	struct vault_client client;
};

/* Returns: 0, or an exit status (the reason was shown). Always close. */
int vault_ask_open(const struct cli *cli, struct vault_ask *ask);
void vault_ask_close(struct vault_ask *ask);

/* Ask; a refusal is shown with what to do next.
 * Returns: 0 and *arena_out is the caller's; an exit status */
MUST_CHECK int
vault_ask_call(struct vault_ask *ask, const struct vault_call *call,
	       struct wire_arena **arena_out);

/* Open, ask one question, close. Returns: as vault_ask_call() */
MUST_CHECK int
vault_ask_once(const struct cli *cli, const struct vault_call *call,
	       struct wire_arena **arena_out);

/* The same; the vault writes into a new file at path, which is there and
 * durable only on success. */
MUST_CHECK int
vault_ask_into(const struct cli *cli, const struct vault_call *call,
	       const char *path, struct wire_arena **arena_out);

/* "ID" as people type it. Returns: 0, EX_USAGE (the reason was shown) */
MUST_CHECK int vault_ask_case_id(const char *command, const char *text,
				 uint8_t id[CASE_ID_BYTES]);

#endif
