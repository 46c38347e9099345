/*
 * stream_pending.h - numbers that wait for what follows them.
 *
 * Layer:    scanners/detect; private to stream*.c
 */
#ifndef SCANNERS_DETECT_STREAM_PENDING_H
#define SCANNERS_DETECT_STREAM_PENDING_H

#include "scanners/detect/stream.h"

void stream_pending_init(struct stream_pending *pending);
void stream_pending_done(struct stream_pending *pending);

/* A number at the stream's position. */
MUST_CHECK enum status
stream_pending_add(struct stream *stream, struct span text,
		   const struct candidate *candidate, struct err *err);

/* A label of text starts at the stream's position. */
void stream_pending_on_label(struct stream *stream, struct span text,
			     const struct label *label);

/* Hand on all that wait. */
MUST_CHECK enum status
stream_pending_settle_all(struct stream *stream, struct err *err);

#endif
