/*
 * channel_parts.h - what channel.c lends to step.c.
 *
 * Layer:    lib/wire; nobody else includes it
 */
#ifndef LIB_WIRE_CHANNEL_PARTS_H
#define LIB_WIRE_CHANNEL_PARTS_H

#include <sys/uio.h>

#include "lib/wire/channel.h"

/*
 * Receive what is there, up to part's length, without waiting; descriptors go
 * to frame. Gives: *got_out, 0 at the end of the stream.
 * Returns: ST_OK; ST_NOT_FOUND nothing there now; ST_LIMIT; ST_IO
 */
MUST_CHECK enum status
channel_read_some(struct channel *channel, struct iovec part,
		  struct frame *frame, size_t *got_out, struct err *err);

#endif
