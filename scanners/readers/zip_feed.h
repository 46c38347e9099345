/*
 * zip_feed.h - one member of a zip archive, as libarchive reads it.
 *
 * Layer:    scanners/readers; includes lib/base and libarchive
 * Threads:  a feed belongs to one thread
 * Input:    untrusted data
 */
#ifndef SCANNERS_READERS_ZIP_FEED_H
#define SCANNERS_READERS_ZIP_FEED_H

#include <archive.h>

#include "lib/base/span.h"

enum { ZIP_FEED_HEAD_BYTES = 31 /* a local header, name "a" */ };

/* Methods that are left to libarchive. */
enum {
	ZIP_METHOD_BZIP2 = 12,
	ZIP_METHOD_LZMA = 14,
	ZIP_METHOD_ZSTD = 93,
	ZIP_METHOD_XZ = 95,
	ZIP_METHOD_PPMD = 98
};

/* What the headers say of it. */
struct zip_fed {
	uint32_t method;
	uint32_t flags;
	uint64_t size_bytes;
	uint32_t crc;
	struct span bytes; /* packed, in clear */
};

/* A header of our own and the data. */
struct zip_feed {
	uint8_t head[ZIP_FEED_HEAD_BYTES];
	struct span bytes;
	unsigned step;
};

/* Is it one of those? */
bool zip_feed_is_method(uint32_t method);

/* Does it ask for no more memory than a mail may have? */
bool zip_feed_is_modest(const struct zip_fed *fed);

/* Open archive, which is new, at the data of what feed has from now on; no
 * checksum is compared. False: libarchive does not read that. feed lives as
 * long as archive. */
bool zip_feed_open(struct zip_feed *feed, const struct zip_fed *fed,
		   struct archive *archive);

#endif
