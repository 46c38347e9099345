/*
 * transfers.h - files on their way to browsers.
 *
 * Layer:    quarantine-ui/http
 * Threads:  any thread; a transfer is read by the thread that sends it
 *
 * A transfer holds no worker and no thread: its source is read whenever the
 * connection can take more, HTTP_FILE_BLOCK_BYTES at most at a time. A client
 * that takes less than TRANSFER_STEP_BYTES within the limit of
 * CONNECTION_TRANSFER is cut off; it can go on where it was.
 */
#ifndef QUARANTINE_UI_HTTP_TRANSFERS_H
#define QUARANTINE_UI_HTTP_TRANSFERS_H

#include <microhttpd.h>

#include "quarantine-ui/http/connections.h"
#include "quarantine-ui/http/message.h"

enum { TRANSFER_STEP_BYTES = 64 * 1024 };

struct transfers;
struct transfer;

struct transfers_options {
	size_t max_count;
	size_t max_of_owner; /* one more is refused */
	struct connections *connections;
};

/* Gives: *transfers_out, release with transfers_free(). ST_OK, ST_NO_MEMORY */
MUST_CHECK enum status
transfers_new(const struct transfers_options *options,
	      struct transfers **transfers_out, struct err *err);
/* Only after the daemon has ended: it gives back its transfers. */
void transfers_free(struct transfers **transfers);

/*
 * An answer for the body of *file, whose source is the transfer's from then
 * on. NULL: there are too many transfers (of this owner), or there is no
 * memory; the source stays the file's.
 */
struct MHD_Response *
transfers_open(struct transfers *transfers, struct http_file *file,
	       struct connection *connection, struct transfer **transfer_out);

/* The connection is done with it. complete: all of it went out. */
void transfer_end(struct transfer *transfer, bool complete);

size_t transfers_count(struct transfers *transfers);

#endif
