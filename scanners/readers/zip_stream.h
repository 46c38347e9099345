/*
 * zip_stream.h - decompress members of a zip archive with libarchive.
 *
 * Layer:    scanners/readers; the file of libarchive
 * Threads:  no shared state
 * Input:    untrusted; every byte that comes out is spent
 */
#ifndef SCANNERS_READERS_ZIP_STREAM_H
#define SCANNERS_READERS_ZIP_STREAM_H

#include "scanners/readers/zip_read.h"
#include "scanners/readers/zip_walk.h"

/* All members that the central directory lists. What cannot be read is
 * reported. Returns: ST_OK, or what taker or sink returned */
MUST_CHECK enum status
zip_stream_central(struct sink *sink, struct span archive,
		   const struct zip_taker *taker, struct err *err);

/* The one member whose local header is local. */
MUST_CHECK enum status
zip_stream_local(struct sink *sink, struct span archive,
		 const struct zip_entry *local, const struct zip_taker *taker,
		 struct err *err);

#endif
