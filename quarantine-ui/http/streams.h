/*
 * streams.h - answers that stay open: server-sent events.
 *
 * Layer:    quarantine-ui/http
 * Threads:  any thread
 *
 * A stream tells its browser one thing: the number of the present revision,
 * each time there is a new one (WHATWG HTML section 9.2). It holds no worker
 * thread: between two events its connection is suspended.
 */
#ifndef QUARANTINE_UI_HTTP_STREAMS_H
#define QUARANTINE_UI_HTTP_STREAMS_H

#include <microhttpd.h>

#include "lib/base/status.h"

struct streams;

struct streams_options {
	size_t max_count;
	size_t max_of_owner; /* one more ends the owner's oldest */
	int64_t ping_ms;     /* a comment after so long a silence */
	int64_t life_ms; /* then the browser must come (and sign in) again */
};

/* Gives: *streams_out, release with streams_free(). ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
streams_new(const struct streams_options *options, struct streams **streams_out,
	    struct err *err);
/* Only after the daemon has ended: it gives back its streams. */
void streams_free(struct streams **streams);

/* An answer to be queued on connection. NULL: there are too many streams, all
 * of them are ending, or there is no memory. */
struct MHD_Response *
streams_open(struct streams *streams, struct MHD_Connection *connection,
	     uint64_t owner, int64_t now_mono_ms);

/* Tell all of them, once each. */
void streams_publish(struct streams *streams, uint64_t revision);
/* End those of one person. */
void streams_end(struct streams *streams, uint64_t owner);
/* End all; from then on none opens. */
void streams_end_all(struct streams *streams);
/* Once a second or so: pings, and the end of those that are old. */
void streams_tick(struct streams *streams, int64_t now_mono_ms);

size_t streams_count(struct streams *streams);

#endif
