/*
 * archive_ends.h - where archives of several formats end.
 *
 * Layer:    scanners/readers; includes only lib/base
 * Threads:  values
 * Input:    untrusted; linear time in the number of members
 *
 * libarchive takes some archives that were cut off for whole, and does not say
 * where others end. Each returns the offset behind the end of the archive that
 * starts at the first byte, 0 when that is not among the bytes.
 */
#ifndef SCANNERS_READERS_ARCHIVE_ENDS_H
#define SCANNERS_READERS_ARCHIVE_ENDS_H

#include "lib/base/span.h"

size_t archive_end_of_7z(struct span archive);
size_t archive_end_of_ar(struct span archive);
size_t archive_end_of_cab(struct span archive);
/* newc, with sums or without, odc, and the old binary form of both byte
 * orders. libarchive takes what it does not understand for junk. */
size_t archive_end_of_cpio(struct span archive);
size_t archive_end_of_iso(struct span archive);
size_t archive_end_of_lzh(struct span archive);
/* Of the last volume, when several follow each other. */
size_t archive_end_of_rar(struct span archive);

#endif
