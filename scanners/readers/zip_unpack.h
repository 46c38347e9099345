/*
 * zip_unpack.h - unpack the data of one member of a zip archive.
 *
 * Layer:    scanners/readers; knows libarchive, for rare methods
 * Threads:  no shared state
 * Input:    untrusted; every byte that comes out is spent
 */
#ifndef SCANNERS_READERS_ZIP_UNPACK_H
#define SCANNERS_READERS_ZIP_UNPACK_H

#include "lib/base/sbuf.h"
#include "scanners/readers/sink.h"

struct zip_packed {
	uint32_t method;
	uint32_t flags;    /* of a header: some methods have options there */
	struct span bytes; /* from the first one up to where data may go */
	uint64_t packed_bytes; /* as a header says, like the rest */
	uint64_t size_bytes;
	uint32_t crc;
	bool unchecked; /* no header says how long it is */
};

enum zip_outcome {
	ZIP_OUTCOME_NONE = 0,
	ZIP_OUTCOME_WHOLE,     /* length and checksum are right */
	ZIP_OUTCOME_DAMAGED,   /* out has what came */
	ZIP_OUTCOME_UNKNOWN,   /* a method that nobody here reads */
	ZIP_OUTCOME_TOO_LARGE, /* wants more memory than it may have */
	ZIP_OUTCOME_ODD /* whole, but longer or shorter than a header says */
};

/*
 * Append what packed holds to out.
 * Returns:  ST_OK with *outcome; ST_NO_MEMORY; what the sink says
 */
MUST_CHECK enum status
zip_unpack(struct sink *sink, const struct zip_packed *packed, struct sbuf *out,
	   enum zip_outcome *outcome, struct err *err);

#endif
