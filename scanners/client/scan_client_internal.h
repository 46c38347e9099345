/*
 * scan_client_internal.h - what scan_client.c, scan_rewrite.c and
 * scan_spawn.c share.
 *
 * Layer:    scanners/client; nobody else includes it
 * Threads:  as scan_client.h
 */
#ifndef SCANNERS_CLIENT_SCAN_CLIENT_INTERNAL_H
#define SCANNERS_CLIENT_SCAN_CLIENT_INTERNAL_H

#include "scanners/client/scan_client.h"

/* How a client comes to its connection and gets rid of it. */
struct scan_link {
	enum status (*open)(struct scan_client *client, struct err *err);
	void (*close)(struct scan_client *client);
};

struct scan_client {
	const struct scan_link *link;
	const char *socket_path; /* borrowed; NULL for a scanner of our own */
	char *scanner_path;      /* ours, or NULL */
	char *config_path;       /* ours, or NULL */
	pid_t scanner_pid;       /* 0 when none runs */
	struct channel channel;  /* fd FD_NONE while not connected */
};

MUST_CHECK enum status
scan_client_alloc(const struct scan_link *link, struct scan_client **client_out,
		  struct err *err);

/* A request and the frame that came back. */
struct scan_exchange {
	const struct scan_request *request;
	int fds[SCAN_REWRITE_FDS];
	size_t fd_count;
	const struct scan_wait *wait;
	/* Set by scan_ask(): */
	int64_t deadline_mono_ms;
	struct frame answer; /* to be done with whatever it returns */
};

/* Send the request and get the one answer to it. */
MUST_CHECK enum status
scan_ask(struct scan_client *client, struct scan_exchange *exchange,
	 struct err *err);

/* Whatever is wrong with the answer, the caller hears ST_FORMAT. */
MUST_CHECK enum status
scan_answer_odd(const struct err *cause, struct err *err);

/* The report that came in place of what was wanted: why there is none. */
MUST_CHECK enum status
scan_take_reason(const struct scan_request *request, const struct frame *frame,
		 const char *wanted, struct err *err);

#endif
