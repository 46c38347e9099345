/*
 * glue_libmilter.h - libmilter's callbacks as session events, and back.
 *
 * Layer:    milter; the only file that knows libmilter
 * Threads:  libmilter is a pool of workers: callbacks of one session may run
 *           on different threads, one at a time
 *
 * Negotiated: no reply to anything but the end of a mail (SMFIP_NR_*), the
 * white space behind the colon of fields (SMFIP_HDR_LEADSPC), and just the
 * three kinds of changes that are used. libmilter would end on SIGTERM, SIGINT
 * and SIGHUP: run it in a thread of its own and wait for these signals on the
 * first thread, which the kernel prefers.
 */
#ifndef MILTER_GLUE_LIBMILTER_H
#define MILTER_GLUE_LIBMILTER_H

#include "milter/session/session.h"

struct glue_owner {
	uid_t uid;
	gid_t gid;
};

/*
 * Open the listening socket, "unix:/path" or "inet:port@host". A UNIX socket
 * that was left behind is replaced; owner and the owner's group may then
 * connect to it (ids of -1: those of this process).
 * Takes:   services, borrowed for good
 * Returns: ST_OK, ST_FORMAT, ST_IO
 */
MUST_CHECK enum status
glue_libmilter_open(const char *socket, const struct glue_owner *owner,
		    const struct session_services *services, struct err *err);

/* Serve until glue_libmilter_stop(). Callbacks may then still be running.
 * Returns: ST_OK, ST_IO */
MUST_CHECK enum status glue_libmilter_run(struct err *err);

/*
 * Take no more sessions; from another thread. libmilter looks up every five
 * seconds only, so it is woken by a connection of our own.
 */
void glue_libmilter_stop(const char *socket);

/* Wait until no callback is running, at most until the instant.
 * Returns: ST_OK, ST_LIMIT some still are */
MUST_CHECK enum status
glue_libmilter_drain(int64_t deadline_mono_ms, struct err *err);

#endif
