/*
 * archive_unlock.h - an encrypted 7z archive in clear, with passwords.
 *
 * Layer:    scanners/readers; knows scanners/ciphers; for reader_archive.c
 * Threads:  no shared state
 * Input:    untrusted; passwords are secrets
 */
#ifndef SCANNERS_READERS_ARCHIVE_UNLOCK_H
#define SCANNERS_READERS_ARCHIVE_UNLOCK_H

#include "lib/base/sbuf.h"
#include "scanners/readers/sink.h"

/*
 * Append the archive without its encryption to out, which wipes, by the last
 * of hint's passwords that may fit; empty when none does.
 * Returns: ST_OK; ST_NO_MEMORY; what the sink said
 */
MUST_CHECK enum status
archive_unlock(struct sink *sink, struct span archive, const struct child *hint,
	       struct sbuf *out, struct err *err);

/* Is it a 7z archive with something encrypted in it? libarchive takes some of
 * them for damaged. */
bool archive_is_sealed(struct span archive);

#endif
