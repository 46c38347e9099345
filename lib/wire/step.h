/*
 * step.h - frames for an event loop: as much as goes without waiting.
 *
 * Layer:    lib/wire
 * Threads:  a channel belongs to one thread at a time
 * Input:    untrusted; memory grows only with bytes that have really come
 *
 * channel_receive() waits for the rest of a frame, and a peer that sends half
 * of one would hold up everybody else. Here the half stays in *frame until
 * the socket is readable again.
 */
#ifndef LIB_WIRE_STEP_H
#define LIB_WIRE_STEP_H

#include "lib/wire/channel.h"

/* How far a frame has got; all zero at its start. */
struct step {
	uint8_t head[WIRE_HEADER_BYTES];
	size_t at; /* bytes of head and payload done */
};

/*
 * Receive what is there. *whole_out says whether *frame is complete; *step is
 * then ready for the next frame, and frame is the caller's to use and
 * frame_done() before the next call.
 *
 * Takes:    max_bytes, the largest payload
 * Returns:  ST_OK; ST_END the peer closed between frames; ST_LIMIT too large
 *           or too many descriptors; ST_FORMAT closed inside a frame;
 *           ST_NO_MEMORY; ST_IO. All but ST_OK are final for the channel.
 */
MUST_CHECK enum status
step_receive(struct channel *channel, struct step *step, struct frame *frame,
	     size_t max_bytes, bool *whole_out, struct err *err);

/*
 * Send what fits of a frame without descriptors. *whole_out: all of it.
 * Returns: ST_OK; ST_IO, final for the channel
 */
MUST_CHECK enum status
step_send(struct channel *channel, struct step *step, const struct frame *frame,
	  bool *whole_out, struct err *err);

#endif
