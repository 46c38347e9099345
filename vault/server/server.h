/*
 * server.h - the vault as a daemon, from its sockets to its end.
 *
 * Layer:    vault/server
 * Threads:  the main thread's
 */
#ifndef VAULT_SERVER_SERVER_H
#define VAULT_SERVER_SERVER_H

#include "vault/server/connections.h"

/* Sockets that are made before privileges are dropped. */
struct server_sockets {
	int vault_fd;
	int control_fd;
};

/* state_dir alone, as server_prepare() makes it. */
MUST_CHECK enum status
server_make_state(const struct config *config, struct err *err);

/* run_dir and state_dir (owned by user when root), and the two sockets. */
MUST_CHECK enum status
server_prepare(const struct config *config, struct server_sockets *sockets_out,
	       struct err *err);

/*
 * Serve until SIGTERM or SIGINT. The store is opened and recovered first;
 * without its keys the vault runs locked and looks for them again.
 * Returns: ST_OK drained and ended; anything else: it could not start
 */
MUST_CHECK enum status
server_run(struct core *core, const struct server_sockets *sockets,
	   struct err *err);

#endif
