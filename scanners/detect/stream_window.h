/*
 * stream_window.h - where in a text labels and numbers are looked for.
 *
 * Layer:    scanners/detect
 *
 * A window reaches STREAM_NEAR_BYTES to both sides of what digit_filter.h lets
 * through, and over all that follow each other so closely. That is more than
 * a page's distance of judge.h, unless it is mostly blanks and digits.
 */
#ifndef SCANNERS_DETECT_STREAM_WINDOW_H
#define SCANNERS_DETECT_STREAM_WINDOW_H

#include "scanners/detect/stream.h"

enum { STREAM_NEAR_BYTES = 2048 };

/* What is left out before it has no number near; both are limit when there is
 * no window. */
struct stream_window {
	size_t start_at;
	size_t end_at;
};

/*
 * The next window at or after stream->done_at, cut off at limit; text goes on
 * behind limit by STREAM_TAIL_BYTES, or ends there. The end of a text is one,
 * since numbers may follow in another text of the same part.
 */
struct stream_window
stream_window_next(struct stream *stream, struct span text, size_t limit);

#endif
