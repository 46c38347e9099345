/*
 * stream_source.h - at which line of its source a text is.
 *
 * Layer:    scanners/detect; includes only lib/base
 * Threads:  belongs to one stream
 *
 * A reader that leaves out lines of the source says so with the number of the
 * next call. The text of that call may wait to be looked at, so that calls are
 * kept until their text is counted. Of more calls than there is room for the
 * last one counts.
 */
#ifndef SCANNERS_DETECT_STREAM_SOURCE_H
#define SCANNERS_DETECT_STREAM_SOURCE_H

#include "lib/base/span.h"

enum { STREAM_SOURCE_CALLS = 512 };

struct stream_source {
	uint64_t number; /* of the source's line that is line base of the
			  * stream */
	uint64_t base;
	struct stream_call {
		size_t at; /* of the text */
		uint64_t number;
	} calls[STREAM_SOURCE_CALLS]; /* not counted yet: from first on */
	size_t first;
	size_t count;
};

/* The first call of a run of text. */
void stream_source_open(struct stream_source *source, uint64_t number,
			uint64_t line);

/* A further one, whose text begins at at. */
void
stream_source_add(struct stream_source *source, size_t at, uint64_t number);

/* Forget the calls that are not counted. */
void stream_source_clear(struct stream_source *source);

/* drop bytes, which are counted, were taken off the text's start. */
void stream_source_shift(struct stream_source *source, size_t drop);

/* Count the line ends of text from from up to to; line is the stream's line at
 * from. Returns the one at to. */
uint64_t stream_source_count(struct stream_source *source, struct span text,
			     size_t from, size_t to, uint64_t line);

/* The source's line that is line of the stream. */
static inline uint64_t
stream_source_line(const struct stream_source *source, uint64_t line)
{
	return source->number + line - source->base;
}

#endif
