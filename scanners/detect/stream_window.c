#include "scanners/detect/stream_window.h"

/* A window behind at starts here, at a whole character. */
static size_t
window_start(const struct stream *stream, struct span text, size_t at)
{
	if (at - stream->done_at <= STREAM_NEAR_BYTES)
		return stream->done_at;
	at -= STREAM_NEAR_BYTES;
	while (at > stream->done_at && (text.ptr[at] & 0xC0) == 0x80)
		at--;
	return at;
}

/* Let *window reach all ranges from at on that are near it. */
static void
window_extend(const struct stream *stream, struct span text, size_t at,
	      struct stream_window *window)
{
	struct digit_range range = { 0, 0, 0, 0 };

	while (window->end_at < text.len_bytes &&
	       digit_filter_next(stream->filter, text, at, &range) &&
	       range.start_at <= window->end_at + STREAM_NEAR_BYTES) {
		at = range.end_at;
		window->end_at = at + STREAM_NEAR_BYTES;
	}
}

struct stream_window
stream_window_next(struct stream *stream, struct span text, size_t limit)
{
	struct stream_window window = { limit, limit };
	struct digit_range range = { 0, 0, 0, 0 };

	if (stream->near_at > stream->done_at) {
		window.start_at = stream->done_at;
		window.end_at = stream->near_at;
		window_extend(stream, text, stream->done_at, &window);
	} else if (digit_filter_next(stream->filter, text, stream->done_at,
				     &range)) {
		window.start_at = window_start(stream, text, range.start_at);
		window.end_at = range.end_at + STREAM_NEAR_BYTES;
		window_extend(stream, text, range.end_at, &window);
	} else if (limit == text.len_bytes) {
		window.start_at = window_start(stream, text, limit);
	}
	if (window.start_at >= limit)
		return (struct stream_window){ limit, limit };
	stream->near_at = window.end_at;
	if (window.end_at > limit)
		window.end_at = limit;
	return window;
}
