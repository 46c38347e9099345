/*
 * connections.h - cut off those who are slow on purpose.
 *
 * Layer:    quarantine-ui/http; includes only lib/
 * Threads:  any thread
 *
 * libmicrohttpd's own timeout counts silence, so a byte now and then would
 * hold a connection for ever. Here each phase of a connection has a limit
 * that does not start again.
 */
#ifndef QUARANTINE_UI_HTTP_CONNECTIONS_H
#define QUARANTINE_UI_HTTP_CONNECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/status.h"

enum connection_phase {
	CONNECTION_NONE = 0,
	CONNECTION_HEADER,   /* waiting for a whole header */
	CONNECTION_BODY,     /* and for the body behind it */
	CONNECTION_WORK,     /* a page is being made; our own time */
	CONNECTION_SEND,     /* the answer is on its way */
	CONNECTION_TRANSFER, /* a step of a file (transfers.h) */
	CONNECTION_STREAM,   /* the answer stays open; streams.h ends it */
	CONNECTION_PHASE_COUNT
};

struct connections;
struct connection;

/* limits_ms: of each phase; 0: none. */
MUST_CHECK enum status
connections_new(const int64_t limits_ms[CONNECTION_PHASE_COUNT],
		struct connections **connections_out, struct err *err);
void connections_free(struct connections **connections);

/* A new connection on fd, in phase HEADER. NULL: no memory; it is then not
 * watched. The entry is the table's until connections_remove(). */
struct connection *
connections_add(struct connections *connections, int fd, int64_t now_mono_ms);
void connections_enter(struct connections *connections,
		       struct connection *connection,
		       enum connection_phase phase, int64_t now_mono_ms);
/* Must happen before fd is closed. */
void connections_remove(struct connections *connections,
			struct connection *connection);

/* Shut down what is over its limit; how many. */
size_t connections_cut(struct connections *connections, int64_t now_mono_ms);

#endif
