/*
 * client.h - one connection of a milter, courier or command.
 *
 * Layer:    scanners/supervisor
 * Threads:  one
 * Input:    peers are our own programs; what they send is checked all the
 *           same, and a peer that breaks the protocol is closed
 */
#ifndef SCANNERS_SUPERVISOR_CLIENT_H
#define SCANNERS_SUPERVISOR_CLIENT_H

#include "lib/wire/step.h"
#include "scanners/supervisor/pool.h"

struct client;

/* Where clients belong. */
struct client_host {
	struct loop *loop;
	/* The pool for a priority. */
	struct pool *(*pool)(struct client_host *host,
			     enum scan_priority priority);
	/* Why no new mail is taken, NULL when it is. */
	const char *(*refusal)(struct client_host *host);
	/* Its connection is over; the client frees itself. */
	void (*left)(struct client_host *host);
	uint64_t max_input_bytes;
	int64_t longest_ms; /* deadline of who names none */
	struct client *clients;
	size_t client_count;
};

/* Serve fd, a connected socket. Returns: ST_OK; ST_IO, ST_NO_MEMORY: fd is
 * still the caller's */
MUST_CHECK enum status
client_open(struct client_host *host, int fd, struct err *err);

/* Mails that are waiting or being scanned, and answers on their way. */
size_t client_count_busy(const struct client_host *host);

/* Close those that want nothing now; or all. */
void client_close_idle(struct client_host *host);
void client_close_all(struct client_host *host);

#endif
