/*
 * archive_kinds.h - archives and packed files that libarchive opens.
 *
 * Layer:    scanners/readers; includes lib/base
 * Threads:  values
 * Input:    untrusted
 *
 * Known by their signatures, one by one: libarchive's own guessing takes text
 * for an archive and a block of zeros for an empty one.
 */
#ifndef SCANNERS_READERS_ARCHIVE_KINDS_H
#define SCANNERS_READERS_ARCHIVE_KINDS_H

#include "lib/base/span.h"

struct archive;

struct archive_kind {
	const char *name;                /* "7z" */
	int (*format)(struct archive *); /* what libarchive is to expect */
	int (*filter)(struct archive *); /* NULL: nothing around it */
	bool (*is_whole)(struct span);   /* NULL: libarchive sees to it */
	bool packed;                     /* one file without a list */
};

/*
 * What body is; *at_out where it starts, which is not 0 in a self-extracting
 * archive. NULL when it is none.
 */
const struct archive_kind *archive_kind_of(struct span body, size_t *at_out);

/* The kinds one after another, from 0; NULL behind the last. */
const struct archive_kind *archive_kind_at(size_t index);

#endif
