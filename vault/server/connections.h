/*
 * connections.h - one thread for each connection, and not too many.
 *
 * Layer:    vault/server
 * Threads:  the main thread's, but for the threads it starts
 */
#ifndef VAULT_SERVER_CONNECTIONS_H
#define VAULT_SERVER_CONNECTIONS_H

#include "vault/server/dispatch.h"

struct connections;
MUST_CHECK enum status
connections_new(const struct service *service, struct connections **out,
		struct err *err);

/* Serve fd, which is taken over; refused and closed when its peer is nobody
 * or there are too many. */
void connections_accept(struct connections *all, int fd);

/* Let each finish its request and answer, then end; waits for all. */
void connections_drain(struct connections *all);

/* After connections_drain(). Fits AUTO(). */
void connections_free(struct connections **connections);

#endif
