/*
 * archive_more.h - what archives hold besides their members.
 *
 * Layer:    scanners/readers; for reader_archive.c
 * Threads:  no shared state
 * Input:    untrusted
 *
 * libarchive gives members only: comments of rar, the name in a gzip header,
 * and a second file system on a disk image are looked for here.
 */
#ifndef SCANNERS_READERS_ARCHIVE_MORE_H
#define SCANNERS_READERS_ARCHIVE_MORE_H

#include "lib/base/sbuf.h"
#include "scanners/readers/sink.h"

/* Comments of a rar archive as they are; packed ones are reported. */
MUST_CHECK enum status
archive_rar_more(struct sink *sink, struct span archive, struct err *err);

/* The files of a rar archive one after another, as libarchive gives them. */
struct archive_rar_files {
	size_t at; /* start with zeros */
	unsigned version;
};

/* Is the next file encrypted? Yes, where the walk is at its end. */
bool
archive_rar_is_locked(struct span archive, struct archive_rar_files *files);

/* How files of a rar archive are encrypted ("rar: AES-256"), or NULL. */
const char *archive_rar_lock(struct span archive);

/* The fields of a gzip header, swept; the name of the file is appended to
 * name. */
MUST_CHECK enum status archive_gzip_more(struct sink *sink, struct span archive,
					 struct sbuf *name, struct err *err);

/* A packed file of kind ("xz") whose first header asks for a dictionary that is
 * larger than a worker may be. libarchive says no more than that it failed. */
bool archive_wants_much(const char *kind, struct span packed);

/* A disk image that has UDF as well can show other files there. */
bool archive_iso_has_udf(struct span archive);

/* It has the tree of directories of Joliet beside the other one. */
bool archive_iso_has_joliet(struct span archive);

#endif
