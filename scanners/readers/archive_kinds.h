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
	int filter;                      /* of libarchive around it */
	/* Where it ends, 0 when its end is not there; NULL: it has no mark
	 * that libarchive would not see to. */
	size_t (*end)(struct span);
	bool packed; /* one file without a list */
};

/*
 * What body is; *at_out where it starts, which is not 0 in a self-extracting
 * archive, or behind a picture. NULL when it is none.
 */
const struct archive_kind *archive_kind_of(struct span body, size_t *at_out);

/* What may be in front of a self-extracting archive. */
bool archive_is_program(struct span body);

/* The kinds one after another, from 0; NULL behind the last. */
const struct archive_kind *archive_kind_at(size_t index);

#endif
