/*
 * zip_twins.h - entries that are one file to some programs, two to others.
 *
 * Layer:    scanners/readers
 * Threads:  no shared state
 * Input:    untrusted; n log n
 */
#ifndef SCANNERS_READERS_ZIP_TWINS_H
#define SCANNERS_READERS_ZIP_TWINS_H

#include "lib/base/status.h"
#include "scanners/readers/zip_walk.h"

/*
 * *twins_out: two entries with different content have the same name, as far as
 * letter case, kind of slash, ".", ".." and dots at the end do not count.
 * Returns: ST_OK, ST_NO_MEMORY
 */
MUST_CHECK enum status
zip_find_twins(const struct zip_entry *entries, size_t count, bool *twins_out,
	       struct err *err);

/* A control character in a name: some programs end it there. */
bool zip_has_control(struct span name);

#endif
