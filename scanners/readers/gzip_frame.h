/*
 * gzip_frame.h - give deflated data on as a file that the reader of archives
 * unpacks, with all its limits.
 *
 * Layer:    scanners/readers
 * Threads:  values; no shared state
 * Input:    untrusted
 */
#ifndef SCANNERS_READERS_GZIP_FRAME_H
#define SCANNERS_READERS_GZIP_FRAME_H

#include "scanners/readers/sink.h"

enum gzip_frame {
	GZIP_FRAME_NONE = 0,
	GZIP_FRAME_ZLIB, /* RFC 1950: two bytes in front */
	GZIP_FRAME_RAW   /* RFC 1951 */
};

/*
 * Put data into a frame of gzip (RFC 1952) and give it as a child. The check
 * sum of the frame is not that of the data, and its reader asks for none.
 * Returns: ST_OK; ST_NO_MEMORY; what the sink returned
 */
MUST_CHECK enum status gzip_frame_give(struct sink *sink, enum gzip_frame frame,
				       struct span data, struct err *err);

#endif
